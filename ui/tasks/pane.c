/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/pane.h"

#include <glib/gi18n.h>

#include "model/tables/task-trace.h"
#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/text/format.h"
#include "ui/kit/row-list.h"
#include "model/base/tables.h"
#include "ui/kit/tally-bar.h"
#include "ui/tasks/bar.h"
#include "ui/tasks/columns.h"
#include "ui/tasks/layout.h"

#define INDENT 16
#define MAX_INDENT 10
/* Parts of the breakdown that are told beside its bar. */
#define MAX_PARTS 3

struct _UnparkTaskPane {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkTaskTable *table; /* NULL: nothing is shown */
  guint32 row;
  UnparkTaskTrace *trace; /* NULL: not read yet */
  GCancellable *loading;

  GtkWidget *box, *title, *facts, *show, *copy, *bar, *parts, *note, *lines;
  UnparkRowList *list;
};

G_DEFINE_FINAL_TYPE(UnparkTaskPane, unpark_task_pane, GTK_TYPE_WIDGET)

/* ---- Lines ------------------------------------------------------------------------------ */

static const UnparkTraceLine *line_of(UnparkProfileItem *item) {
  const UnparkTaskTrace *trace = unpark_profile_item_get_data(item);
  return &trace->lines[unpark_profile_item_get_row(item)];
}

static char *name_of(const UnparkTraceLine *line) {
  switch (line->type) {
  case UNPARK_TRACE_TASK:
    return g_strdup(*line->name ? line->name : _("unnamed task"));
  case UNPARK_TRACE_REGION:
    return g_strdup(*line->name ? line->name : _("unnamed region"));
  default:
    return *line->category ? g_strdup_printf("%s: %s", line->category, line->name)
                           : g_strdup(line->name);
  }
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkTraceLine *line = line_of(item);
  g_autofree char *name = name_of(line);
  const char *tip = line->type == UNPARK_TRACE_TASK     ? _("Task")
                    : line->type == UNPARK_TRACE_REGION ? _("Region")
                                                        : _("Log");
  g_autofree char *tooltip = g_strdup_printf("%s: %s", tip, name);
  unpark_profile_cell_set_text(cell, name, tooltip);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start(cell, (int)MIN(line->depth, MAX_INDENT) * INDENT);
  g_autoptr(PangoAttrList) look = pango_attr_list_new();
  if (line->type == UNPARK_TRACE_TASK)
    pango_attr_list_insert(look, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes(GTK_LABEL(cell), look);
  if (line->type == UNPARK_TRACE_LOG)
    gtk_widget_add_css_class(cell, "dim-label");
  else
    gtk_widget_remove_css_class(cell, "dim-label");
}

static void bind_goroutine(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkTraceLine *line = line_of(item);
  g_autofree char *text = line->goroutine == UNPARK_NONE
                              ? g_strdup("–")
                              : g_strdup_printf("G %" G_GINT64_FORMAT, line->goroutine);
  unpark_profile_cell_set_text(cell, text, NULL);
}

static void bind_begin(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = unpark_task_offset(unpark_profile_item_get_data(item), line_of(item));
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static void bind_length(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkTraceLine *line = line_of(item);
  g_autofree char *text =
      line->type == UNPARK_TRACE_LOG
          ? NULL
          : unpark_task_length(line->to_ns - line->from_ns,
                               line->start_ns != UNPARK_NONE && line->end_ns != UNPARK_NONE);
  gtk_label_set_text(GTK_LABEL(cell), text ? text : "");
}

static void bind_bar(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_task_bar_set(UNPARK_TASK_BAR(cell), unpark_profile_item_get_data(item),
                      unpark_profile_item_get_row(item));
}

static void line_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("What"), 0, unpark_profile_cell_text, bind_name, NULL},
      {"goroutine", N_("Goroutine"), 84, unpark_profile_cell_text, bind_goroutine, NULL},
      {"begin", N_("Begin"), 84, unpark_profile_cell_number, bind_begin, NULL},
      {"length", N_("Duration"), 84, unpark_profile_cell_number, bind_length, NULL},
      {"bar", N_("Course"), 220, unpark_task_bar_new, bind_bar, NULL},
  };
  unpark_profile_columns_add(view, "task-lines", columns, G_N_ELEMENTS(columns), "");
  /* Names and bars share what is left. */
  GListModel *all = gtk_column_view_get_columns(view);
  g_autoptr(GtkColumnViewColumn) bar = g_list_model_get_item(all, G_N_ELEMENTS(columns) - 1);
  gtk_column_view_column_set_expand(bar, TRUE);
}

/* ---- What is shown ---------------------------------------------------------------------- */

static void set_lines(UnparkTaskPane *self, UnparkTaskTrace *trace) {
  if (trace)
    unpark_row_list_set(self->list, trace, 0, trace->n_lines,
                        (gpointer(*)(gpointer))unpark_task_trace_ref,
                        (GDestroyNotify)unpark_task_trace_unref);
  else if (self->trace)
    unpark_row_list_set(self->list, self->trace, 0, 0, (gpointer(*)(gpointer))unpark_task_trace_ref,
                        (GDestroyNotify)unpark_task_trace_unref);
  g_clear_pointer(&self->trace, unpark_task_trace_unref);
  self->trace = trace ? unpark_task_trace_ref(trace) : NULL;
}

static void show_trace(UnparkTaskPane *self, UnparkTaskTrace *trace) {
  set_lines(self, trace);
  gtk_widget_set_visible(self->note, trace->n_left_out > 0);
  if (trace->n_left_out > 0) {
    char count[UNPARK_FORMAT_SIZE];
    g_autofree char *text = g_strdup_printf(
        ngettext("%s more is not shown", "%s more are not shown", trace->n_left_out),
        unpark_format_count((gint64)trace->n_left_out, count));
    gtk_label_set_text(GTK_LABEL(self->note), text);
  }
}

static void trace_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkProfileItem *item = data;
  GError *error = NULL;
  UnparkTaskTrace *trace = NULL;
  /* Whose states they are is looked up by goroutine. */
  UnparkTaskTable *table = unpark_profile_item_get_data(item);
  if (unpark_store_goroutines(table->store, NULL, &error))
    trace = unpark_task_trace_new(table, unpark_profile_item_get_row(item), cancellable, &error);
  if (trace)
    g_task_return_pointer(task, trace, (GDestroyNotify)unpark_task_trace_unref);
  else if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, NULL, NULL);
}

static void on_trace(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkTaskPane *self = UNPARK_TASK_PANE(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTaskTrace) trace = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  if (trace) {
    show_trace(self, trace);
  } else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    gtk_label_set_text(GTK_LABEL(self->note), error->message);
    gtk_widget_set_visible(self->note, TRUE);
  }
}

static void load(UnparkTaskPane *self) {
  g_autoptr(UnparkProfileItem) item = unpark_profile_item_new(
      unpark_task_table_ref(self->table), self->row, (GDestroyNotify)unpark_task_table_unref);
  self->loading = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->loading, on_trace, NULL);
  g_task_set_task_data(task, g_steal_pointer(&item), g_object_unref);
  g_task_run_in_thread(task, trace_thread);
}

/* "10.2 ms at 1.203 s · 3 goroutines · begun by G 41" */
static char *facts_of(const UnparkTaskRow *row) {
  char at[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  g_autofree char *length = unpark_task_length(row->length_ns, unpark_task_row_finished(row));
  g_autoptr(GString) text = g_string_new(NULL);
  unpark_format_time(row->start_ns, MAX(row->length_ns / 4, 1000), at);
  if (row->start_ns == UNPARK_NONE)
    g_string_append(text, length);
  else
    g_string_append_printf(text, _("%s at %s"), length, at);
  unpark_format_count(row->n_goroutines, count);
  g_string_append(text, " · ");
  g_string_append_printf(text, ngettext("%s goroutine", "%s goroutines", row->n_goroutines), count);
  if (row->start_ns == UNPARK_NONE)
    g_string_append_printf(text, " · %s", _("began before the trace"));
  if (row->end_ns == UNPARK_NONE)
    g_string_append_printf(text, " · %s", _("had not ended when the trace did"));
  return g_string_free(g_steal_pointer(&text), FALSE);
}

void unpark_task_pane_refresh(UnparkTaskPane *self) {
  UnparkTally tally = {0};
  if (self->table)
    unpark_task_row_tally(self->table, self->row, &tally);
  g_autofree char *words = unpark_tally_words(&tally);
  g_auto(GStrv) parts = g_strsplit(words, "\n", MAX_PARTS + 1);
  if (g_strv_length(parts) > MAX_PARTS)
    g_clear_pointer(&parts[MAX_PARTS], g_free);
  g_autofree char *text = g_strjoinv(" · ", parts);
  unpark_tally_bar_set(UNPARK_TALLY_BAR(self->bar), &tally);
  gtk_label_set_text(GTK_LABEL(self->parts), text);
  gtk_widget_set_tooltip_text(self->parts, words);
}

void unpark_task_pane_show(UnparkTaskPane *self, UnparkTaskTable *table, guint32 row) {
  UnparkTaskTable *before = self->table;
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  self->table = table ? unpark_task_table_ref(table) : NULL;
  g_clear_pointer(&before, unpark_task_table_unref);
  self->row = row;
  gtk_widget_set_visible(self->box, table != NULL);
  gtk_widget_set_visible(self->note, FALSE);
  set_lines(self, NULL);
  if (!table)
    return;
  const UnparkTaskRow *task = &table->rows[row];
  g_autofree char *number = unpark_task_title(task->id);
  g_autofree char *title =
      g_strdup_printf("%s  %s", number, unpark_task_kind_title(&table->kinds[task->kind]));
  g_autofree char *facts = facts_of(task);
  gtk_label_set_text(GTK_LABEL(self->title), title);
  gtk_widget_set_tooltip_text(self->title, title);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  unpark_task_pane_refresh(self);
  load(self);
}

/* ---- To the timeline -------------------------------------------------------------------- */

void unpark_task_pane_go(UnparkTaskPane *self) {
  if (!self->table)
    return;
  const UnparkTaskRow *row = &self->table->rows[self->row];
  gint64 from = row->start_ns == UNPARK_NONE ? 0 : row->start_ns;
  UnparkPick pick = {.type = UNPARK_PICK_ROW,
                     .table = UNPARK_TABLE_TASK,
                     .id = row->number,
                     .start_ns = from,
                     .end_ns = from + row->length_ns};
  unpark_session_go_to(self->session, &pick, "timeline");
}

static void on_line(GtkColumnView *view, guint position, UnparkTaskPane *self) {
  static const int tables[] = {UNPARK_TABLE_TASK, UNPARK_TABLE_REGION, UNPARK_TABLE_LOG};
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkTraceLine *line = line_of(item);
  UnparkPick pick = {.type = UNPARK_PICK_ROW,
                     .table = tables[line->type],
                     .id = line->number,
                     .start_ns = line->from_ns,
                     .end_ns = line->to_ns};
  if (line->type != UNPARK_TRACE_TASK && line->goroutine != UNPARK_NONE)
    pick.goroutine = line->goroutine;
  unpark_session_go_to(self->session, &pick, "timeline");
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTaskPane *self = UNPARK_TASK_PANE(widget);
  if (!self->trace)
    return;
  g_autofree char *lines = unpark_task_trace_text(self->trace);
  g_autofree char *text = g_strdup_printf("%s\n%s\n%s", gtk_label_get_text(GTK_LABEL(self->title)),
                                          gtk_label_get_text(GTK_LABEL(self->facts)), lines);
  gtk_widget_activate_action(widget, "win.copy", "s", text);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static GtkWidget *text_label(const char *css_class) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(label, css_class);
  return label;
}

static GtkWidget *make_head(UnparkTaskPane *self) {
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->title = text_label("heading");
  self->copy = gtk_button_new_from_icon_name("edit-copy-symbolic");
  self->show = gtk_button_new_with_label(_("Show on the Timeline"));
  gtk_widget_set_hexpand(self->title, TRUE);
  gtk_widget_set_margin_start(self->title, 6);
  gtk_widget_set_tooltip_text(self->copy, _("Copy the task as text"));
  unpark_accessible_name(self->copy, _("Copy the task as text"));
  unpark_accessible_name(self->show, _("Show the task on the timeline"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->copy), "task-pane.copy");
  gtk_widget_add_css_class(head, "toolbar");
  gtk_box_append(GTK_BOX(head), self->title);
  gtk_box_append(GTK_BOX(head), self->copy);
  gtk_box_append(GTK_BOX(head), self->show);
  g_signal_connect_swapped(self->show, "clicked", G_CALLBACK(unpark_task_pane_go), self);
  return head;
}

static GtkWidget *make_summary(UnparkTaskPane *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
  self->facts = text_label("dim-label");
  self->bar = unpark_tally_bar_new();
  self->parts = text_label("dim-label");
  gtk_widget_add_css_class(self->facts, "numeric");
  gtk_widget_add_css_class(self->parts, "numeric");
  gtk_widget_set_hexpand(self->parts, TRUE);
  gtk_box_append(GTK_BOX(row), self->bar);
  gtk_box_append(GTK_BOX(row), self->parts);
  gtk_box_append(GTK_BOX(box), self->facts);
  gtk_box_append(GTK_BOX(box), row);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_bottom(box, 6);
  return box;
}

static void build(UnparkTaskPane *self) {
  GtkSelectionModel *selection;
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->list = unpark_row_list_new();
  self->note = text_label("dim-label");
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_widget_set_margin_start(self->note, 12);
  gtk_widget_set_margin_end(self->note, 12);
  gtk_widget_set_margin_top(self->note, 6);
  gtk_widget_set_margin_bottom(self->note, 6);
  GtkWidget *lines = unpark_data_table_new(_("Regions, tasks and logs of the task"), line_columns,
                                           g_object_ref(G_LIST_MODEL(self->list)), FALSE,
                                           &self->lines, &selection);
  g_object_unref(selection);
  gtk_widget_set_vexpand(lines, TRUE);
  gtk_column_view_set_single_click_activate(GTK_COLUMN_VIEW(self->lines), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->lines), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 _("Enter shows it on the timeline"), -1);
  gtk_box_append(GTK_BOX(self->box), make_head(self));
  gtk_box_append(GTK_BOX(self->box), make_summary(self));
  gtk_box_append(GTK_BOX(self->box), lines);
  gtk_box_append(GTK_BOX(self->box), self->note);
  gtk_widget_set_visible(self->box, FALSE);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect(self->lines, "activate", G_CALLBACK(on_line), self);
}

static void unpark_task_pane_dispose(GObject *object) {
  UnparkTaskPane *self = UNPARK_TASK_PANE(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->list);
  g_clear_object(&self->session);
  g_clear_pointer(&self->trace, unpark_task_trace_unref);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  G_OBJECT_CLASS(unpark_task_pane_parent_class)->dispose(object);
}

static void unpark_task_pane_class_init(UnparkTaskPaneClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_task_pane_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "task-pane.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "task-pane.copy",
                                      NULL);
}

static void unpark_task_pane_init(UnparkTaskPane *self) {
}

GtkWidget *unpark_task_pane_new(UnparkSession *session) {
  UnparkTaskPane *self = g_object_new(UNPARK_TYPE_TASK_PANE, NULL);
  self->session = g_object_ref(session);
  build(self);
  return GTK_WIDGET(self);
}
