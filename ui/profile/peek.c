/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/profile/peek.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/worker.h"
#include "ui/text/profile-format.h"

/* More callers than a person reads. */
#define MAX_EDGES 200
#define NAME_CHARS 60

struct _UnparkProfilePeekPane {
  GtkWidget parent_instance;

  GtkWidget *box, *title, *callers, *callees, *stacks;
  UnparkProfileTable *table;
  guint32 row;
  char *unit;
  UnparkWorker asking;
};

G_DEFINE_FINAL_TYPE(UnparkProfilePeekPane, unpark_profile_peek, GTK_TYPE_WIDGET)

static guint activated_signal;

/* ---- Rows ---------------------------------------------------------------------------------- */

static void add_note(GtkWidget *list, const char *text) {
  GtkWidget *label = gtk_label_new(text), *row = gtk_list_box_row_new();
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), label);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_append(GTK_LIST_BOX(list), row);
}

/* Bar, share and value in front of a text. */
static GtkWidget *value_row(UnparkProfilePeekPane *self, gint64 value, const char *text) {
  char share[UNPARK_FORMAT_SIZE], number[UNPARK_FORMAT_SIZE];
  gint64 whole = self->table->rows[self->row].cumulative;
  double part = whole != 0 ? (double)value / (double)whole : 0;
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *cell = unpark_profile_cell_share(), *amount = unpark_profile_cell_number();
  GtkWidget *name = unpark_profile_cell_text();
  unpark_format_share(part, 1, share);
  unpark_profile_cell_set_share(cell, part, share);
  gtk_widget_set_hexpand(gtk_widget_get_first_child(cell), FALSE);
  gtk_widget_set_hexpand(cell, FALSE);
  gtk_label_set_text(GTK_LABEL(amount), unpark_profile_format_value(value, self->unit, number));
  gtk_label_set_width_chars(GTK_LABEL(amount), 8);
  gtk_label_set_text(GTK_LABEL(name), text);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_box_append(GTK_BOX(box), cell);
  gtk_box_append(GTK_BOX(box), amount);
  gtk_box_append(GTK_BOX(box), name);
  return box;
}

static void add_edges(UnparkProfilePeekPane *self, GtkWidget *list, const UnparkProfileEdge *edges,
                      guint n, const char *none) {
  for (guint i = 0; i < MIN(n, MAX_EDGES); i++) {
    const char *function = unpark_profile_function_name(self->table->rows[edges[i].row].function);
    GtkWidget *child =
        value_row(self, edges[i].value, unpark_format_function(function, NAME_CHARS));
    GtkWidget *row = gtk_list_box_row_new();
    gtk_widget_set_tooltip_text(child, function);
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), child);
    g_object_set_data(G_OBJECT(row), "row", GUINT_TO_POINTER(edges[i].row + 1));
    gtk_list_box_append(GTK_LIST_BOX(list), row);
  }
  if (n == 0)
    add_note(list, none);
  if (n > MAX_EDGES) {
    g_autofree char *more =
        g_strdup_printf(ngettext("and %u more", "and %u more", n - MAX_EDGES), n - MAX_EDGES);
    add_note(list, more);
  }
}

/* Whose code it is, and where it ended up: "main.(*shop).query → net.Dial". */
static char *stack_title(const UnparkProfileStack *stack, const char *function) {
  const char *innermost, *own;
  if (stack->n_functions == 0)
    return g_strdup("");
  innermost = stack->functions[0];
  own = stack->functions[stack->n_functions - 1];
  for (guint i = 0; i < stack->n_functions; i++)
    if (unpark_profile_is_own(stack->functions[i])) {
      own = stack->functions[i];
      break;
    }
  const char *from = unpark_format_function_short(unpark_profile_function_name(own));
  if (g_str_equal(innermost, own) || g_str_equal(innermost, function))
    return g_strdup(from);
  return g_strdup_printf("%s → %s", from,
                         unpark_format_function_short(unpark_profile_function_name(innermost)));
}

static void add_stack(UnparkProfilePeekPane *self, const UnparkProfileStack *stack) {
  const char *function = self->table->rows[self->row].function;
  g_autofree char *title = stack_title(stack, function);
  GString *full = g_string_new(NULL);
  GtkWidget *head = value_row(self, stack->value, title), *expander = gtk_expander_new(NULL);
  GtkWidget *row = gtk_list_box_row_new();
  for (guint i = 0; i < stack->n_functions; i++)
    g_string_append_printf(full, "%s%s", i > 0 ? "\n" : "",
                           unpark_profile_function_name(stack->functions[i]));
  if (stack->n_omitted > 0)
    g_string_append_printf(
        full, ngettext("\nand %u frame more", "\nand %u frames more", stack->n_omitted),
        stack->n_omitted);
  GtkWidget *frames = gtk_label_new(full->str);
  gtk_label_set_xalign(GTK_LABEL(frames), 0);
  gtk_label_set_selectable(GTK_LABEL(frames), TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(frames), PANGO_ELLIPSIZE_START);
  gtk_widget_set_margin_start(frames, 18);
  gtk_label_set_ellipsize(GTK_LABEL(gtk_widget_get_last_child(head)), PANGO_ELLIPSIZE_END);
  gtk_expander_set_label_widget(GTK_EXPANDER(expander), head);
  unpark_compat_expander_set_child(GTK_EXPANDER(expander), frames);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), expander);
  gtk_list_box_append(GTK_LIST_BOX(self->stacks), row);
  g_string_free(full, TRUE);
}

static void clear_all(UnparkProfilePeekPane *self) {
  unpark_compat_list_box_clear(GTK_LIST_BOX(self->callers));
  unpark_compat_list_box_clear(GTK_LIST_BOX(self->callees));
  unpark_compat_list_box_clear(GTK_LIST_BOX(self->stacks));
}

static void show_peek(UnparkProfilePeekPane *self, const UnparkProfilePeek *peek) {
  clear_all(self);
  add_edges(self, self->callers, peek->callers, peek->n_callers,
            _("Nothing calls it: stacks start here."));
  add_edges(self, self->callees, peek->callees, peek->n_callees,
            _("It calls nothing that was sampled."));
  for (guint i = 0; i < peek->n_stacks; i++)
    add_stack(self, &peek->stacks[i]);
  if (peek->n_stacks == 0)
    add_note(self->stacks, _("No stack has a self value."));
}

/* ---- Worker ---------------------------------------------------------------------------------- */

typedef struct {
  UnparkProfileTable *table;
  guint32 row;
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_profile_table_unref(request->table);
  g_free(request);
}

static gpointer ask(gpointer data, GCancellable *cancellable, GError **error) {
  Request *request = data;
  return unpark_profile_table_peek(request->table, request->row, cancellable, error);
}

static void on_peek(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkProfilePeekPane *self = owner;
  g_autoptr(UnparkProfilePeek) peek = result;
  if (peek) {
    show_peek(self, peek);
  } else {
    clear_all(self);
    add_note(self->callers, error->message);
  }
}

static void show_title(UnparkProfilePeekPane *self) {
  char flat[UNPARK_FORMAT_SIZE], cumulative[UNPARK_FORMAT_SIZE];
  const UnparkProfileRow *row = &self->table->rows[self->row];
  g_autofree char *text =
      g_strdup_printf(_("%s: self %s, total %s"), unpark_profile_function_name(row->function),
                      unpark_profile_format_value(row->flat, self->unit, flat),
                      unpark_profile_format_value(row->cumulative, self->unit, cumulative));
  gtk_label_set_text(GTK_LABEL(self->title), text);
  gtk_widget_set_tooltip_text(self->title, text);
}

void unpark_profile_peek_show(UnparkProfilePeekPane *self, UnparkProfileTable *table, guint32 row,
                              const char *unit) {
  static const UnparkWork asking = {ask, on_peek, request_free,
                                    (GDestroyNotify)unpark_profile_peek_free};
  unpark_worker_cancel(&self->asking);
  g_clear_pointer(&self->table, unpark_profile_table_unref);
  g_clear_pointer(&self->unit, g_free);
  if (!table || row >= table->n_rows) {
    clear_all(self);
    gtk_label_set_text(GTK_LABEL(self->title),
                       _("Select a function to see its callers and callees."));
    return;
  }
  Request *request = g_new(Request, 1);
  *request = (Request){unpark_profile_table_ref(table), row};
  self->table = unpark_profile_table_ref(table);
  self->row = row;
  self->unit = g_strdup(unit);
  show_title(self);
  unpark_worker_run(&self->asking, self, &asking, request);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static void on_row(GtkListBox *list, GtkListBoxRow *row, UnparkProfilePeekPane *self) {
  guint target = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(row), "row"));
  GtkWidget *child = gtk_list_box_row_get_child(row);
  if (target > 0)
    g_signal_emit(self, activated_signal, 0, target - 1);
  else if (GTK_IS_EXPANDER(child))
    gtk_expander_set_expanded(GTK_EXPANDER(child), !gtk_expander_get_expanded(GTK_EXPANDER(child)));
}

static GtkWidget *add_list(UnparkProfilePeekPane *self, GtkWidget *columns, const char *title) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4), *list = gtk_list_box_new();
  GtkWidget *heading = gtk_label_new(title), *scrolled = gtk_scrolled_window_new();
  gtk_label_set_xalign(GTK_LABEL(heading), 0);
  gtk_widget_add_css_class(heading, "heading");
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  unpark_accessible_name(list, title);
  g_signal_connect(list, "row-activated", G_CALLBACK(on_row), self);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), list);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_has_frame(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_widget_set_vexpand(scrolled, TRUE);
  gtk_widget_set_hexpand(box, TRUE);
  gtk_box_append(GTK_BOX(box), heading);
  gtk_box_append(GTK_BOX(box), scrolled);
  gtk_box_append(GTK_BOX(columns), box);
  return list;
}

static void unpark_profile_peek_dispose(GObject *object) {
  UnparkProfilePeekPane *self = UNPARK_PROFILE_PEEK(object);
  unpark_worker_cancel(&self->asking);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->table, unpark_profile_table_unref);
  g_clear_pointer(&self->unit, g_free);
  G_OBJECT_CLASS(unpark_profile_peek_parent_class)->dispose(object);
}

static void unpark_profile_peek_class_init(UnparkProfilePeekPaneClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_profile_peek_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  activated_signal = g_signal_new("activated", UNPARK_TYPE_PROFILE_PEEK, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void unpark_profile_peek_init(UnparkProfilePeekPane *self) {
  GtkWidget *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  self->title = unpark_profile_cell_text();
  gtk_widget_add_css_class(self->title, "unpark-sentence");
  gtk_label_set_ellipsize(GTK_LABEL(self->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_margin_start(self->box, 12);
  gtk_widget_set_margin_end(self->box, 12);
  gtk_widget_set_margin_top(self->box, 8);
  gtk_widget_set_margin_bottom(self->box, 12);
  gtk_box_set_homogeneous(GTK_BOX(columns), TRUE);
  gtk_widget_set_vexpand(columns, TRUE);
  gtk_box_append(GTK_BOX(self->box), self->title);
  gtk_box_append(GTK_BOX(self->box), columns);
  self->callers = add_list(self, columns, _("Callers"));
  self->callees = add_list(self, columns, _("Callees"));
  self->stacks = add_list(self, columns, _("Heaviest stacks"));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
