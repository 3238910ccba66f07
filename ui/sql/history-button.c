/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/history-button.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/sql/history.h"

#define WIDTH 420
#define HEIGHT 420
#define MAX_TITLE 400

typedef struct {
  GtkWidget *popover, *search, *list, *clear;
  void (*chosen)(gpointer data, const char *sql);
  gpointer data;
} History;

/* One line: what white space there is between words says nothing here. */
static char *title_of(const char *sql) {
  GString *title = g_string_new(NULL);
  for (const char *c = sql; *c && title->len < MAX_TITLE; c = g_utf8_next_char(c)) {
    if (!g_ascii_isspace(*c))
      g_string_append_unichar(title, g_utf8_get_char(c));
    else if (title->len > 0 && title->str[title->len - 1] != ' ')
      g_string_append_c(title, ' ');
  }
  return g_string_free(title, FALSE);
}

static void on_delete(GtkButton *button, History *history) {
  GtkWidget *row = gtk_widget_get_ancestor(GTK_WIDGET(button), GTK_TYPE_LIST_BOX_ROW);
  GtkWidget *next = gtk_widget_get_next_sibling(row);
  unpark_sql_history_remove(g_object_get_data(G_OBJECT(row), "sql"));
  /* The keys stay in the list. */
  gtk_widget_grab_focus(GTK_IS_LIST_BOX_ROW(next) ? next : history->search);
  gtk_list_box_remove(GTK_LIST_BOX(history->list), row);
}

static GtkWidget *make_row(History *history, const char *sql) {
  GtkWidget *row = gtk_list_box_row_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *title = title_of(sql);
  GtkWidget *label = gtk_label_new(title);
  GtkWidget *delete = gtk_button_new_from_icon_name("user-trash-symbolic");
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines(GTK_LABEL(label), 2);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, "monospace");
  gtk_widget_add_css_class(delete, "flat");
  gtk_widget_set_valign(delete, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(delete, _("Delete from the history"));
  unpark_accessible_name(delete, _("Delete from the history"));
  g_signal_connect(delete, "clicked", G_CALLBACK(on_delete), history);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), delete);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_widget_set_tooltip_text(row, sql);
  unpark_accessible_name(row, title);
  g_object_set_data_full(G_OBJECT(row), "sql", g_strdup(sql), g_free);
  return row;
}

/* Those that hold what is searched for. */
static void fill(History *history) {
  g_auto(GStrv) queries = unpark_sql_history_list();
  g_autofree char *wanted =
      g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(history->search)), -1);
  unpark_compat_list_box_clear(GTK_LIST_BOX(history->list));
  for (guint i = 0; queries[i]; i++) {
    g_autofree char *folded = g_utf8_casefold(queries[i], -1);
    if (strstr(folded, wanted))
      gtk_list_box_append(GTK_LIST_BOX(history->list), make_row(history, queries[i]));
  }
  gtk_widget_set_sensitive(history->clear, queries[0] != NULL);
}

/* ---- What the user does ------------------------------------------------------------------- */

static void on_show(GtkWidget *popover, History *history) {
  gtk_editable_set_text(GTK_EDITABLE(history->search), "");
  fill(history);
  gtk_widget_grab_focus(history->search);
}

static void on_search(GtkSearchEntry *search, History *history) {
  fill(history);
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, History *history) {
  g_autofree char *sql = g_strdup(g_object_get_data(G_OBJECT(row), "sql"));
  gtk_popover_popdown(GTK_POPOVER(history->popover));
  history->chosen(history->data, sql);
}

/* Enter in the field takes the first. */
static void on_first(GtkSearchEntry *search, History *history) {
  fill(history);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(history->list), 0);
  if (row)
    on_row(GTK_LIST_BOX(history->list), row, history);
}

static void on_clear(GtkButton *button, History *history) {
  unpark_sql_history_clear();
  fill(history);
}

/* ---- Widgets ------------------------------------------------------------------------------ */

static GtkWidget *make_list(History *history) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkWidget *placeholder = gtk_label_new(_("Queries that you run are listed here."));
  history->list = gtk_list_box_new();
  gtk_widget_add_css_class(placeholder, "dim-label");
  gtk_widget_set_margin_top(placeholder, 24);
  gtk_widget_set_margin_bottom(placeholder, 24);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(history->list), placeholder);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(history->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(history->list, "navigation-sidebar");
  unpark_accessible_name(history->list, _("Earlier queries"));
  g_signal_connect(history->list, "row-activated", G_CALLBACK(on_row), history);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), history->list);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), HEIGHT);
  gtk_widget_set_size_request(scrolled, WIDTH, -1);
  return scrolled;
}

static void history_free(gpointer history, GClosure *closure) {
  g_free(history);
}

void unpark_sql_history_button_init(GtkMenuButton *button,
                                    void (*chosen)(gpointer data, const char *sql), gpointer data) {
  History *history = g_new0(History, 1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  history->chosen = chosen;
  history->data = data;
  history->popover = gtk_popover_new();
  history->search = gtk_search_entry_new();
  history->clear = gtk_button_new_with_label(_("Clear History"));
  unpark_accessible_name(history->search, _("Search the history"));
  gtk_widget_add_css_class(history->clear, "flat");
  gtk_box_append(GTK_BOX(box), history->search);
  gtk_box_append(GTK_BOX(box), make_list(history));
  gtk_box_append(GTK_BOX(box), history->clear);
  gtk_popover_set_child(GTK_POPOVER(history->popover), box);
  g_signal_connect(history->search, "search-changed", G_CALLBACK(on_search), history);
  g_signal_connect_swapped(history->search, "stop-search", G_CALLBACK(gtk_popover_popdown),
                           history->popover);
  g_signal_connect(history->search, "activate", G_CALLBACK(on_first), history);
  g_signal_connect(history->clear, "clicked", G_CALLBACK(on_clear), history);
  g_signal_connect_data(history->popover, "show", G_CALLBACK(on_show), history, history_free, 0);
  gtk_menu_button_set_popover(button, history->popover);
}
