/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/filter/filter.h"
#include "ui/text/format.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"
#include "ui/kit/tally-bar.h"

#define KIND_ITEM "unpark-task-kind"
#define TASK_ITEM "unpark-task"

const char *unpark_task_kind_title(const UnparkTaskKind *kind) {
  return *kind->name ? kind->name : _("unnamed task");
}

char *unpark_task_title(gint64 id) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, id);
  return g_strdup_printf(_("Task %s"), number);
}

char *unpark_task_length(gint64 ns, gboolean finished) {
  char text[UNPARK_FORMAT_SIZE];
  unpark_format_duration(ns, text);
  return finished ? g_strdup(text) : g_strdup_printf("≥ %s", text);
}

const char *unpark_task_states_words(void) {
  return _("A goroutine’s time counts toward a task while it is in one of the task’s regions. For "
           "the goroutine that started the task, all time from start to end counts, unless only "
           "other goroutines have regions of the task: then the task was handed over to them. "
           "Child tasks are counted separately. The sum over goroutines can be more or less than "
           "the duration of the task.");
}

static const UnparkTaskKind *kind_of(UnparkProfileItem *item) {
  const UnparkTaskTable *table = unpark_profile_item_get_data(item);
  return &table->kinds[unpark_profile_item_get_row(item)];
}

static const UnparkTaskRow *task_of(UnparkProfileItem *item) {
  const UnparkTaskTable *table = unpark_profile_item_get_data(item);
  return &table->rows[unpark_profile_item_get_row(item)];
}

static const UnparkTaskRegion *region_of(UnparkProfileItem *item) {
  const UnparkTaskTable *table = unpark_profile_item_get_data(item);
  return &table->regions[unpark_profile_item_get_row(item)];
}

static void set_duration(GtkWidget *cell, gint64 ns, guint64 of) {
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), of > 0 ? unpark_format_duration(ns, text) : "–");
}

/* Cells and orders of numbers: `of` gives the row, `value` the number, `n` how many it is of. */
#define NUMBER(name, of, value)                                                                    \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    unpark_profile_cell_set_count(cell, (gint64)of(item)->value);                                  \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers((gint64)of(a)->value, (gint64)of(b)->value);             \
  }
#define TIME(name, of, value, n)                                                                   \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    set_duration(cell, of(item)->value, n(of(item)));                                              \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers(of(a)->value, of(b)->value);                             \
  }

/* ---- Tips ------------------------------------------------------------------------------- */

/* GTK has no tooltips for columns; their titles are the children of the view's first. */
static void set_tips(GtkColumnView *view, const char *const *tips, guint n) {
  GtkWidget *header = gtk_widget_get_first_child(GTK_WIDGET(view));
  GtkWidget *title = header ? gtk_widget_get_first_child(header) : NULL;
  for (guint i = 0; title && i < n; i++, title = gtk_widget_get_next_sibling(title))
    if (tips[i])
      gtk_widget_set_tooltip_text(title, tips[i]);
}

/* ---- Bars ------------------------------------------------------------------------------- */

static void kind_tally(UnparkProfileItem *item, UnparkTally *tally) {
  const UnparkTaskStates *states = unpark_task_table_states(unpark_profile_item_get_data(item));
  *tally = states ? states->kinds[unpark_profile_item_get_row(item)] : (UnparkTally){0};
}

static void task_tally(UnparkProfileItem *item, UnparkTally *tally) {
  unpark_task_row_tally(unpark_profile_item_get_data(item), unpark_profile_item_get_row(item),
                        tally);
}

static void fill_bar(GtkWidget *cell) {
  UnparkProfileItem *kind = g_object_get_data(G_OBJECT(cell), KIND_ITEM);
  UnparkProfileItem *task = g_object_get_data(G_OBJECT(cell), TASK_ITEM);
  UnparkTally tally = {0};
  if (kind)
    kind_tally(kind, &tally);
  else if (task)
    task_tally(task, &tally);
  unpark_tally_bar_set(UNPARK_TALLY_BAR(cell), &tally);
}

static void bind_kind_bar(GtkWidget *cell, UnparkProfileItem *item) {
  g_object_set_data_full(G_OBJECT(cell), KIND_ITEM, g_object_ref(item), g_object_unref);
  fill_bar(cell);
}

static void bind_task_bar(GtkWidget *cell, UnparkProfileItem *item) {
  g_object_set_data_full(G_OBJECT(cell), TASK_ITEM, g_object_ref(item), g_object_unref);
  fill_bar(cell);
}

static int compare_kind_bar(UnparkProfileItem *a, UnparkProfileItem *b) {
  UnparkTally x, y;
  kind_tally(a, &x);
  kind_tally(b, &y);
  return unpark_tally_compare(&x, &y);
}

static int compare_task_bar(UnparkProfileItem *a, UnparkProfileItem *b) {
  UnparkTally x, y;
  task_tally(a, &x);
  task_tally(b, &y);
  return unpark_tally_compare(&x, &y);
}

static void refresh(GtkWidget *widget) {
  if (UNPARK_IS_TALLY_BAR(widget))
    fill_bar(widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    refresh(child);
}

void unpark_task_columns_refresh(GtkColumnView *view) {
  refresh(GTK_WIDGET(view));
  gtk_sorter_changed(gtk_column_view_get_sorter(view), GTK_SORTER_CHANGE_DIFFERENT);
}

/* ---- Kinds ------------------------------------------------------------------------------ */

static guint64 finished(const UnparkTaskKind *kind) {
  return kind->count - kind->n_unfinished;
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_text(cell, unpark_task_kind_title(kind_of(item)), kind_of(item)->name);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(kind_of(a)->name, kind_of(b)->name);
}

static gint64 mean(const UnparkTaskKind *kind) {
  return kind->total_ns / (gint64)MAX(finished(kind), 1);
}

static void bind_mean(GtkWidget *cell, UnparkProfileItem *item) {
  set_duration(cell, mean(kind_of(item)), finished(kind_of(item)));
}

static int compare_mean(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(mean(kind_of(a)), mean(kind_of(b)));
}

NUMBER(count, kind_of, count)
NUMBER(unfinished, kind_of, n_unfinished)
TIME(total, kind_of, total_ns, finished)
TIME(median, kind_of, p50_ns, finished)
TIME(p95, kind_of, p95_ns, finished)
TIME(p99, kind_of, p99_ns, finished)
TIME(longest, kind_of, longest_ns, finished)

static char *filter_kind(UnparkProfileItem *item) {
  return unpark_filter_of_word("task:", kind_of(item)->name);
}

void unpark_task_kind_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("Task"), 0, unpark_profile_cell_text, bind_name, compare_name},
      {"count", N_("Count"), 80, unpark_profile_cell_number, bind_count, compare_count},
      {"total", N_("Total"), 84, unpark_profile_cell_number, bind_total, compare_total},
      {"mean", N_("Mean"), 84, unpark_profile_cell_number, bind_mean, compare_mean},
      {"median", N_("Median"), 84, unpark_profile_cell_number, bind_median, compare_median},
      {"p95", N_("p95"), 84, unpark_profile_cell_number, bind_p95, compare_p95},
      {"p99", N_("p99"), 84, unpark_profile_cell_number, bind_p99, compare_p99},
      {"longest", N_("Longest"), 84, unpark_profile_cell_number, bind_longest, compare_longest},
      {"unfinished", N_("Unfinished"), 100, unpark_profile_cell_number, bind_unfinished,
       compare_unfinished},
      {"bar", N_("Breakdown"), 140, unpark_tally_bar_new, bind_kind_bar, compare_kind_bar},
  };
  const char *const lengths = _("From start to end, for tasks with both in the trace");
  const char *const tips[] = {
      NULL,
      _("Tasks that overlap this time, each with its whole duration"),
      lengths,
      lengths,
      lengths,
      lengths,
      lengths,
      lengths,
      _("Started before the trace or had not ended when it did: their duration is not known"),
      unpark_task_states_words()};
  static const UnparkTableMenu menu = {N_("Show Its _Tasks"), filter_kind};
  unpark_profile_columns_add(view, "tasks", columns, G_N_ELEMENTS(columns), "total");
  unpark_table_menu_attach(view, &menu);
  set_tips(view, tips, G_N_ELEMENTS(tips));
}

/* ---- Tasks ------------------------------------------------------------------------------ */

static void bind_id(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *title = unpark_task_title(task_of(item)->id);
  unpark_profile_cell_set_text(cell, title, NULL);
}

static int compare_id(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(task_of(a)->id, task_of(b)->id);
}

static void bind_start(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_FORMAT_SIZE];
  const UnparkTaskRow *row = task_of(item);
  gtk_label_set_text(GTK_LABEL(cell),
                     row->start_ns == UNPARK_NONE
                         ? "–"
                         : unpark_format_time(row->start_ns, MAX(row->length_ns / 4, 1000), text));
}

static int compare_start(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(task_of(a)->start_ns, task_of(b)->start_ns);
}

static void bind_length(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkTaskRow *row = task_of(item);
  g_autofree char *text = unpark_task_length(row->length_ns, unpark_task_row_finished(row));
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static int compare_length(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(task_of(a)->length_ns, task_of(b)->length_ns);
}

static void bind_parent(GtkWidget *cell, UnparkProfileItem *item) {
  gint64 parent = task_of(item)->parent;
  g_autofree char *title = parent == UNPARK_NONE ? g_strdup("–") : unpark_task_title(parent);
  unpark_profile_cell_set_text(cell, title, NULL);
}

static int compare_parent(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(task_of(a)->parent, task_of(b)->parent);
}

NUMBER(goroutines, task_of, n_goroutines)

void unpark_task_row_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"id", N_("Task"), 0, unpark_profile_cell_text, bind_id, compare_id},
      {"start", N_("Start"), 94, unpark_profile_cell_number, bind_start, compare_start},
      {"length", N_("Duration"), 90, unpark_profile_cell_number, bind_length, compare_length},
      {"goroutines", N_("Goroutines"), 98, unpark_profile_cell_number, bind_goroutines,
       compare_goroutines},
      {"bar", N_("Breakdown"), 140, unpark_tally_bar_new, bind_task_bar, compare_task_bar},
      {"parent", N_("Parent"), 84, unpark_profile_cell_text, bind_parent, compare_parent},
  };
  const char *const tips[] = {NULL,
                              NULL,
                              _("From start to end; at least this long if unfinished"),
                              _("Goroutines that started it or have regions or logs of it"),
                              unpark_task_states_words(),
                              NULL};
  static const UnparkTableMenu menu = {N_("Show on the _Timeline"), NULL};
  unpark_profile_columns_add(view, "task-rows", columns, G_N_ELEMENTS(columns), "length");
  unpark_table_menu_attach(view, &menu);
  set_tips(view, tips, G_N_ELEMENTS(tips));
}

/* ---- Regions ---------------------------------------------------------------------------- */

static guint64 region_count(const UnparkTaskRegion *region) {
  return region->count;
}

static void bind_region(GtkWidget *cell, UnparkProfileItem *item) {
  const char *name = region_of(item)->name;
  unpark_profile_cell_set_text(cell, *name ? name : _("unnamed region"), name);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static int compare_region(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(region_of(a)->name, region_of(b)->name);
}

static void bind_share(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkTaskTable *table = unpark_profile_item_get_data(item);
  const UnparkTaskRegion *region = region_of(item);
  double whole = (double)table->kinds[region->kind].total_ns;
  char text[UNPARK_FORMAT_SIZE];
  unpark_format_share((double)region->total_ns, whole, text);
  unpark_profile_cell_set_share(cell, whole > 0 ? (double)region->total_ns / whole : 0, text);
}

static gint64 region_mean(const UnparkTaskRegion *region) {
  return region->total_ns / (gint64)MAX(region->count, 1);
}

static void bind_r_mean(GtkWidget *cell, UnparkProfileItem *item) {
  set_duration(cell, region_mean(region_of(item)), region_of(item)->count);
}

static int compare_r_mean(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(region_mean(region_of(a)), region_mean(region_of(b)));
}

NUMBER(r_count, region_of, count)
TIME(r_total, region_of, total_ns, region_count)
TIME(r_longest, region_of, longest_ns, region_count)

void unpark_task_region_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("Region"), 0, unpark_profile_cell_text, bind_region, compare_region},
      {"count", N_("Count"), 80, unpark_profile_cell_number, bind_r_count, compare_r_count},
      {"total", N_("Total"), 84, unpark_profile_cell_number, bind_r_total, compare_r_total},
      {"share", N_("Share"), 120, unpark_profile_cell_share, bind_share, compare_r_total},
      {"mean", N_("Mean"), 84, unpark_profile_cell_number, bind_r_mean, compare_r_mean},
      {"longest", N_("Longest"), 84, unpark_profile_cell_number, bind_r_longest, compare_r_longest},
  };
  const char *const tips[] = {
      NULL, _("Regions with both start and end in the trace"),
      NULL, _("Share of the time of all these tasks. Regions can overlap or be nested."),
      NULL, NULL};
  static const UnparkTableMenu menu = {N_("Show the Longest on the _Timeline"), NULL};
  unpark_profile_columns_add(view, "task-regions", columns, G_N_ELEMENTS(columns), "total");
  unpark_table_menu_attach(view, &menu);
  set_tips(view, tips, G_N_ELEMENTS(tips));
}
