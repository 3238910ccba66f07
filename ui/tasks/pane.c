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
#include "ui/page/table-menu.h"
#include "ui/kit/worker.h"
#include "ui/tasks/bar.h"
#include "ui/tasks/columns.h"
#include "ui/tasks/compare.h"
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
  UnparkWorker loading;

  GtkWidget *box, *title, *facts, *bar, *parts, *compare, *note, *lines;
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
      {"begin", N_("Start"), 84, unpark_profile_cell_number, bind_begin, NULL},
      {"length", N_("Duration"), 84, unpark_profile_cell_number, bind_length, NULL},
      {"bar", N_("Timeline"), 130, unpark_task_bar_new, bind_bar, NULL},
  };
  static const UnparkTableMenu menu = {N_("Show on the _Timeline"), NULL};
  unpark_profile_columns_add(view, "task-lines", columns, G_N_ELEMENTS(columns), "");
  unpark_table_menu_attach(view, &menu);
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

static gpointer trace(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkProfileItem *item = data;
  UnparkTaskTable *table = unpark_profile_item_get_data(item);
  /* Whose states they are is looked up by goroutine. */
  if (!unpark_store_goroutines(table->store, NULL, error))
    return NULL;
  return unpark_task_trace_new(table, unpark_profile_item_get_row(item), cancellable, error);
}

static void on_trace(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkTaskPane *self = owner;
  g_autoptr(UnparkTaskTrace) found = result;
  if (found) {
    show_trace(self, found);
  } else if (error) {
    gtk_label_set_text(GTK_LABEL(self->note), error->message);
    gtk_widget_set_visible(self->note, TRUE);
  }
}

static void load(UnparkTaskPane *self) {
  static const UnparkWork tracing = {trace, on_trace, g_object_unref,
                                     (GDestroyNotify)unpark_task_trace_unref};
  unpark_worker_run(&self->loading, self, &tracing,
                    unpark_profile_item_new(unpark_task_table_ref(self->table), self->row,
                                            (GDestroyNotify)unpark_task_table_unref));
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
  if (self->table)
    unpark_task_compare_fill(GTK_GRID(self->compare), self->table, self->row);
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
  unpark_worker_cancel(&self->loading);
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
  gint64 from =
      row->start_ns == UNPARK_NONE ? unpark_session_get_start(self->session) : row->start_ns;
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

static void unpark_task_pane_dispose(GObject *object) {
  UnparkTaskPane *self = UNPARK_TASK_PANE(object);
  unpark_worker_cancel(&self->loading);
  gtk_widget_dispose_template(GTK_WIDGET(self), UNPARK_TYPE_TASK_PANE);
  g_clear_object(&self->list);
  g_clear_object(&self->session);
  g_clear_pointer(&self->trace, unpark_task_trace_unref);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  G_OBJECT_CLASS(unpark_task_pane_parent_class)->dispose(object);
}

static void unpark_task_pane_class_init(UnparkTaskPaneClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_task_pane_dispose;
  g_type_ensure(UNPARK_TYPE_TALLY_BAR);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/tasks/pane.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, facts);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, bar);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, parts);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, compare);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, note);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskPane, lines);
  gtk_widget_class_bind_template_child_full(widget_class, "go", FALSE, 0);
  gtk_widget_class_bind_template_callback(widget_class, unpark_task_pane_go);
  gtk_widget_class_bind_template_callback(widget_class, on_line);
  gtk_widget_class_install_action(widget_class, "task-pane.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "task-pane.copy",
                                      NULL);
}

static void unpark_task_pane_init(UnparkTaskPane *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(
      GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(self), UNPARK_TYPE_TASK_PANE, "go")),
      _("Show the task on the timeline"));
  self->list = unpark_row_list_new();
  g_object_unref(unpark_data_table_fill(self->lines, line_columns,
                                        g_object_ref(G_LIST_MODEL(self->list)), FALSE));
}

void unpark_task_pane_set_session(UnparkTaskPane *self, UnparkSession *session) {
  g_set_object(&self->session, session);
}
