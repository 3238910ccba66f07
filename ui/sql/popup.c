/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/popup.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/sql/completion.h"

#define MAX_HEIGHT 220

struct _UnparkSqlPopup {
  GtkTextView *view;
  GtkWidget *popover, *scrolled, *list;
  UnparkSourceKind kind;
  GPtrArray *found; /* UnparkSqlProposal, by row; NULL: nothing is shown */
  guint n_chars;    /* of the word that is replaced */
};

/* The text, and where the cursor is in it, in bytes; free with g_free(). */
static char *text_of(GtkTextBuffer *buffer, gsize *cursor) {
  GtkTextIter start, end, at;
  gtk_text_buffer_get_bounds(buffer, &start, &end);
  gtk_text_buffer_get_iter_at_mark(buffer, &at, gtk_text_buffer_get_insert(buffer));
  g_autofree char *before = gtk_text_buffer_get_text(buffer, &start, &at, FALSE);
  *cursor = strlen(before);
  return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

/* ---- Inserting ---------------------------------------------------------------------------- */

/* What follows what is inserted, unless it is there already, and how far back the cursor goes. */
static const char *tail(UnparkSqlProposalKind kind, gunichar next, int *back) {
  *back = 0;
  switch (kind) {
  case UNPARK_SQL_FUNCTION:
    *back = next != '(';
    return next == '(' ? "" : "()";
  case UNPARK_SQL_VALUE:
    return next == '\'' ? "" : "'";
  case UNPARK_SQL_KEYWORD:
    return next == 0 ? " " : "";
  default:
    return "";
  }
}

static void insert(UnparkSqlPopup *popup, guint row) {
  const UnparkSqlProposal *proposal = g_ptr_array_index(popup->found, row);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(popup->view);
  g_autofree char *text = g_strdup(proposal->text);
  GtkTextIter from, at;
  int back;
  gtk_text_buffer_get_iter_at_mark(buffer, &at, gtk_text_buffer_get_insert(buffer));
  const char *end = tail(proposal->kind, gtk_text_iter_get_char(&at), &back);
  from = at;
  gtk_text_iter_backward_chars(&from, (int)popup->n_chars);
  gtk_text_buffer_begin_user_action(buffer);
  gtk_text_buffer_delete(buffer, &from, &at);
  gtk_text_buffer_insert(buffer, &from, text, -1);
  gtk_text_buffer_insert(buffer, &from, end, -1);
  gtk_text_iter_backward_chars(&from, back);
  gtk_text_buffer_place_cursor(buffer, &from);
  gtk_text_buffer_end_user_action(buffer);
  unpark_sql_popup_hide(popup);
}

static void on_activated(GtkListBox *list, GtkListBoxRow *row, UnparkSqlPopup *popup) {
  if (popup->found)
    insert(popup, (guint)gtk_list_box_row_get_index(row));
}

/* ---- Rows --------------------------------------------------------------------------------- */

static const char *kind_text(const UnparkSqlProposal *proposal) {
  switch (proposal->kind) {
  case UNPARK_SQL_COLUMN:
    return proposal->detail;
  case UNPARK_SQL_TABLE:
    return _("table");
  case UNPARK_SQL_NAME:
    return _("of this query");
  case UNPARK_SQL_VALUE:
    return _("value");
  case UNPARK_SQL_FUNCTION:
    return _("function");
  default:
    return NULL;
  }
}

static GtkWidget *make_row(const UnparkSqlProposal *proposal) {
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *text = gtk_label_new(proposal->text), *kind = gtk_label_new(kind_text(proposal));
  gtk_widget_set_hexpand(text, TRUE);
  gtk_label_set_xalign(GTK_LABEL(text), 0);
  gtk_widget_add_css_class(text, "monospace");
  gtk_widget_add_css_class(kind, "dim-label");
  gtk_box_append(GTK_BOX(box), text);
  gtk_box_append(GTK_BOX(box), kind);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_widget_set_focusable(row, FALSE);
  unpark_accessible_name(row, proposal->text);
  return row;
}

static void fill(UnparkSqlPopup *popup) {
  unpark_compat_list_box_clear(GTK_LIST_BOX(popup->list));
  for (guint i = 0; i < popup->found->len; i++)
    gtk_list_box_append(GTK_LIST_BOX(popup->list), make_row(g_ptr_array_index(popup->found, i)));
  gtk_list_box_select_row(GTK_LIST_BOX(popup->list),
                          gtk_list_box_get_row_at_index(GTK_LIST_BOX(popup->list), 0));
  gtk_adjustment_set_value(
      gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(popup->scrolled)), 0);
}

/* Below the beginning of the word. */
static void place(UnparkSqlPopup *popup) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(popup->view);
  GdkRectangle area;
  GtkTextIter at;
  gtk_text_buffer_get_iter_at_mark(buffer, &at, gtk_text_buffer_get_insert(buffer));
  gtk_text_iter_backward_chars(&at, (int)popup->n_chars);
  gtk_text_view_get_iter_location(popup->view, &at, &area);
  gtk_text_view_buffer_to_window_coords(popup->view, GTK_TEXT_WINDOW_WIDGET, area.x, area.y,
                                        &area.x, &area.y);
  area.width = MAX(area.width, 1);
  gtk_popover_set_pointing_to(GTK_POPOVER(popup->popover), &area);
}

void unpark_sql_popup_update(UnparkSqlPopup *popup, gboolean asked) {
  gsize cursor, from;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(popup->view);
  g_autofree char *text = text_of(buffer, &cursor);
  g_autoptr(GPtrArray) found = unpark_sql_complete(text, cursor, popup->kind, asked, &from);
  if (found->len == 0 || gtk_text_buffer_get_has_selection(buffer) ||
      !gtk_widget_get_mapped(GTK_WIDGET(popup->view))) {
    unpark_sql_popup_hide(popup);
    return;
  }
  g_clear_pointer(&popup->found, g_ptr_array_unref);
  popup->found = g_steal_pointer(&found);
  popup->n_chars = (guint)g_utf8_strlen(text + from, (gssize)(cursor - from));
  fill(popup);
  place(popup);
  gtk_popover_popup(GTK_POPOVER(popup->popover));
}

void unpark_sql_popup_hide(UnparkSqlPopup *popup) {
  g_clear_pointer(&popup->found, g_ptr_array_unref);
  gtk_popover_popdown(GTK_POPOVER(popup->popover));
}

/* ---- Keys --------------------------------------------------------------------------------- */

static void step(UnparkSqlPopup *popup, int by) {
  GtkListBox *list = GTK_LIST_BOX(popup->list);
  GtkListBoxRow *row = gtk_list_box_get_selected_row(list);
  int n = (int)popup->found->len, i = row ? gtk_list_box_row_get_index(row) : 0;
  graphene_rect_t area;
  row = gtk_list_box_get_row_at_index(list, ((i + by) % n + n) % n);
  gtk_list_box_select_row(list, row);
  if (gtk_widget_compute_bounds(GTK_WIDGET(row), popup->list, &area))
    gtk_adjustment_clamp_page(
        gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(popup->scrolled)),
        (double)area.origin.y, (double)(area.origin.y + area.size.height));
}

gboolean unpark_sql_popup_key(UnparkSqlPopup *popup, guint keyval, GdkModifierType state) {
  if (keyval == GDK_KEY_space && (state & GDK_CONTROL_MASK)) {
    unpark_sql_popup_update(popup, TRUE);
    return TRUE;
  }
  if (!popup->found || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)))
    return FALSE;
  switch (keyval) {
  case GDK_KEY_Up:
    step(popup, -1);
    return TRUE;
  case GDK_KEY_Down:
    step(popup, 1);
    return TRUE;
  case GDK_KEY_Tab:
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter: {
    GtkListBoxRow *row = gtk_list_box_get_selected_row(GTK_LIST_BOX(popup->list));
    insert(popup, row ? (guint)gtk_list_box_row_get_index(row) : 0);
    return TRUE;
  }
  case GDK_KEY_Escape:
    unpark_sql_popup_hide(popup);
    return TRUE;
  case GDK_KEY_Left:
  case GDK_KEY_Right:
  case GDK_KEY_Home:
  case GDK_KEY_End:
  case GDK_KEY_Page_Up:
  case GDK_KEY_Page_Down:
    unpark_sql_popup_hide(popup);
    return FALSE;
  default:
    return FALSE;
  }
}

/* ---- Life --------------------------------------------------------------------------------- */

UnparkSqlPopup *unpark_sql_popup_new(GtkTextView *view) {
  UnparkSqlPopup *popup = g_new0(UnparkSqlPopup, 1);
  popup->view = view;
  popup->popover = gtk_popover_new();
  popup->scrolled = gtk_scrolled_window_new();
  popup->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(popup->list), GTK_SELECTION_BROWSE);
  unpark_accessible_name(popup->list, _("Completions"));
  g_signal_connect(popup->list, "row-activated", G_CALLBACK(on_activated), popup);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(popup->scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width(GTK_SCROLLED_WINDOW(popup->scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(popup->scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(popup->scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(popup->scrolled), popup->list);
  gtk_popover_set_child(GTK_POPOVER(popup->popover), popup->scrolled);
  /* The keys stay in the text. */
  gtk_popover_set_autohide(GTK_POPOVER(popup->popover), FALSE);
  gtk_widget_set_can_focus(popup->popover, FALSE);
  gtk_popover_set_has_arrow(GTK_POPOVER(popup->popover), FALSE);
  gtk_popover_set_position(GTK_POPOVER(popup->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign(popup->popover, GTK_ALIGN_START);
  gtk_widget_add_css_class(popup->popover, "unpark-completions");
  gtk_widget_set_parent(popup->popover, GTK_WIDGET(view));
  return popup;
}

void unpark_sql_popup_free(UnparkSqlPopup *popup) {
  if (!popup)
    return;
  gtk_widget_unparent(popup->popover);
  g_clear_pointer(&popup->found, g_ptr_array_unref);
  g_free(popup);
}

void unpark_sql_popup_present(UnparkSqlPopup *popup) {
  gtk_popover_present(GTK_POPOVER(popup->popover));
}

void unpark_sql_popup_set_kind(UnparkSqlPopup *popup, UnparkSourceKind kind) {
  popup->kind = kind;
}
