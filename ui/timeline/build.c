/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows there are: built in a worker whenever the store, the filter, the order or what is
 * open changes. */
#include "model/filter/filter.h"
#include "ui/kit/memory.h"
#include "ui/kit/settings.h"
#include "ui/timeline/private.h"

typedef struct {
  UnparkStore *store;
  UnparkRowOptions options;
  UnparkFilterResult *result; /* NULL: nothing is filtered */
  gboolean all_open;
  UnparkSeries *series;
  gboolean need_series; /* it is read, too */
} Build;

static GHashTable *new_set(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static GHashTable *new_names(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static GHashTable *copy_set(GHashTable *set) {
  GHashTable *copy = new_set();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_hash_table_add(copy, g_memdup2(key, sizeof(gint64)));
  return copy;
}

static GHashTable *copy_names(GHashTable *names) {
  GHashTable *copy = new_names();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, names);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_hash_table_add(copy, g_strdup(key));
  return copy;
}

static void build_free(gpointer data) {
  Build *build = data;
  unpark_store_unref(build->store);
  g_hash_table_unref(build->options.open);
  g_hash_table_unref(build->options.pinned);
  g_clear_pointer(&build->result, unpark_filter_result_unref);
  g_clear_pointer(&build->series, unpark_series_unref);
  g_free(build);
}

static void build_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Build *build = data;
  GError *error = NULL;
  if (build->need_series) {
    build->series = unpark_series_read(build->store, cancellable, &error);
    if (!build->series) {
      g_task_return_error(task, error);
      return;
    }
  }
  const UnparkSeries *series = build->series;
  build->options.has_gc = series->gc->len > 0;
  build->options.has_stw = series->stw->len > 0;
  build->options.has_heap = series->heap->len > 0;
  build->options.has_gomaxprocs = series->gomaxprocs->len > 0;
  build->options.track_index = series->tracks;
  if (build->result) {
    build->options.passing = &build->result->goroutines;
    build->options.passing_tasks = build->result->has_tasks ? &build->result->tasks : NULL;
  }
  UnparkRows *rows = unpark_rows_build(build->store, &build->options, cancellable, &error);
  if (rows)
    g_task_return_pointer(task, rows, (GDestroyNotify)unpark_rows_unref);
  else
    g_task_return_error(task, error);
}

/* FALSE: it is the same as before. */
static gboolean take_filter(UnparkTimeline *self, const Build *build) {
  if (self->filtered == build->result)
    return FALSE;
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  self->filtered = build->result ? unpark_filter_result_ref(build->result) : NULL;
  unpark_tile_cache_clear(self->tiles); /* other spans are dimmed */
  return TRUE;
}

/* With dozens of processors, what passes would come below the window: it is brought into sight. */
static void show_passing(UnparkTimeline *self) {
  int first = unpark_rows_first_passing(self->rows);
  if (first < 0)
    return;
  UnparkPanes panes = unpark_timeline_panes(self);
  const UnparkPane *others = &panes.pane[UNPARK_PANE_OTHERS];
  double y = unpark_panes_row_y(&panes, (guint)first), above = self->rows->rows[first - 1].height;
  if (self->vadjustment &&
      (y < others->top ||
       y + self->rows->rows[first].height > others->top + (others->bottom - others->top) * 0.75))
    gtk_adjustment_set_value(self->vadjustment,
                             gtk_adjustment_get_value(self->vadjustment) + y - above - others->top);
}

/* The row that has the focus, among other rows; near where it was if it is gone, but what passes
 * the filter rather than what stands around it. */
static int follow_focus(UnparkTimeline *self, const UnparkRows *rows) {
  if (!self->rows || self->focus_row < 0 || self->focus_row >= (int)self->rows->n)
    return CLAMP(self->focus_row, -1, (int)rows->n - 1);
  const UnparkRow *row = &self->rows->rows[self->focus_row];
  int found = row->section == UNPARK_SECTION_PINNED && row->type == UNPARK_ROW_GOROUTINE
                  ? unpark_rows_find_pinned(rows, row->id)
                  : -1;
  if (found >= 0)
    return found;
  found =
      row->type == UNPARK_ROW_GROUP
          ? unpark_rows_find_group(rows, (guint32)row->id, row->section == UNPARK_SECTION_SYSTEM)
          : unpark_rows_find(rows, (UnparkRowType)row->type, row->id);
  if (found < 0 && row->section >= UNPARK_SECTION_TASKS)
    found = unpark_rows_first_passing(rows);
  return found >= 0 ? found : MIN(self->focus_row, (int)rows->n - 1);
}

/* The row that had the focus is still there: it is at `now` among other rows. */
static gboolean is_same_row(UnparkTimeline *self, const UnparkRows *rows, int now) {
  if (now < 0 || !self->rows || self->focus_row < 0 || self->focus_row >= (int)self->rows->n)
    return FALSE;
  const UnparkRow *was = &self->rows->rows[self->focus_row];
  return rows->rows[now].type == was->type && rows->rows[now].id == was->id;
}

gboolean unpark_timeline_is_filtering(UnparkTimeline *self) {
  return unpark_session_is_filtering(self->session) ||
         (self->rows_cancellable && !unpark_session_get_filter_error(self->session) &&
          unpark_session_get_filtered(self->session) != self->filtered);
}

static void on_built(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkTimeline *self = UNPARK_TIMELINE(source);
  Build *build = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkRows) rows = g_task_propagate_pointer(G_TASK(result), &error);
  gboolean current = g_task_get_cancellable(G_TASK(result)) == self->rows_cancellable;
  if (!current || !self->session || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object(&self->rows_cancellable);
  g_clear_pointer(&self->build_error, g_free);
  if (error) {
    self->build_error = g_strdup(error->message);
    self->focus_pending = FALSE;
    self->match_pending = 0;
  } else {
    int focus = follow_focus(self, rows);
    /* Enter asks for what passes, now or later, not for a place near the one before. */
    if ((self->focus_pending || !gtk_widget_has_focus(GTK_WIDGET(self))) &&
        self->filtered != build->result && !is_same_row(self, rows, focus))
      focus = -1;
    self->focus_row = focus;
    g_clear_pointer(&self->rows, unpark_rows_unref);
    self->rows = g_steal_pointer(&rows);
    if (build->need_series) {
      g_clear_pointer(&self->series, unpark_series_unref);
      self->series = unpark_series_ref(build->series);
      unpark_tile_cache_clear(self->tiles);
    }
    gboolean other = take_filter(self, build);
    unpark_timeline_sync_adjustments(self);
    if (other && self->filtered && !self->reveal_pending)
      show_passing(self);
    unpark_timeline_view_moved(self);
    if (self->reveal_pending)
      unpark_timeline_reveal_pick(self);
    else if (self->focus_pending && gtk_widget_has_focus(GTK_WIDGET(self)))
      unpark_timeline_focus(self);
    self->focus_pending = FALSE;
    if (self->match_pending)
      unpark_timeline_next_match(self, self->match_pending);
  }
  unpark_memory_trim_later();
  g_signal_emit_by_name(self, "rows-changed");
}

/* A reference. While a filter cannot be understood, what passed before goes on passing. */
static UnparkFilterResult *wanted_filter(UnparkTimeline *self, UnparkStore *store) {
  UnparkFilterResult *result = unpark_session_get_filtered(self->session);
  if (unpark_session_get_filter_error(self->session) && self->rows && self->rows->store == store)
    result = self->filtered;
  return result ? unpark_filter_result_ref(result) : NULL;
}

void unpark_timeline_rebuild(UnparkTimeline *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!store)
    return;
  if (self->rows_cancellable)
    g_cancellable_cancel(self->rows_cancellable);
  g_clear_object(&self->rows_cancellable);
  if (unpark_session_is_filtering(self->session))
    return; /* until "filter-ready" */
  self->rows_cancellable = g_cancellable_new();
  Build *build = g_new0(Build, 1);
  build->store = unpark_store_ref(store);
  build->result = wanted_filter(self, store);
  build->options.sort = self->sort;
  build->options.open = copy_names(self->open);
  build->options.pinned = copy_set(self->pinned);
  build->options.all_open = self->all_open;
  build->need_series = !self->series || !self->rows || self->rows->store != store;
  if (!build->need_series)
    build->series = unpark_series_ref(self->series);
  build->options.lane_height = self->lane_height;
  build->options.show_regions = self->show_regions;
  build->options.show_stacks = self->show_stacks;
  g_autoptr(GTask) task = g_task_new(self, self->rows_cancellable, on_built, NULL);
  g_task_set_task_data(task, build, build_free);
  g_task_run_in_thread(task, build_thread);
}

void unpark_timeline_store_changed(UnparkTimeline *self) {
  unpark_lane_cache_set_store(self->lanes, unpark_session_get_store(self->session));
  unpark_timeline_rebuild(self);
}

void unpark_timeline_filter_changed(UnparkTimeline *self) {
  if (!unpark_session_get_filter_error(self->session)) {
    unpark_timeline_rebuild(self);
    return;
  }
  self->focus_pending = FALSE;
  self->match_pending = 0;
  g_signal_emit_by_name(self, "rows-changed");
}

/* ---- What is open ------------------------------------------------------------------ */

/* So many names are kept from run to run. */
#define MAX_REMEMBERED 400

static gboolean is_remembered(const char *name) {
  return !g_str_has_prefix(name, "lane "); /* a number means nothing in another trace */
}

static void remember_open(UnparkTimeline *self) {
  g_autoptr(GString) text = g_string_new(NULL);
  GHashTableIter iter;
  gpointer name;
  guint n = 0;
  g_hash_table_iter_init(&iter, self->open);
  while (g_hash_table_iter_next(&iter, &name, NULL) && n < MAX_REMEMBERED)
    if (is_remembered(name)) {
      g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
      g_string_append_printf(text, "%s%s", n++ ? " " : "", escaped);
    }
  unpark_settings_set_string("timeline.open", text->str);
  unpark_settings_set_bool("timeline.all-open", self->all_open);
}

void unpark_timeline_recall_open(UnparkTimeline *self) {
  g_autofree char *text = unpark_settings_get_string("timeline.open", "");
  g_auto(GStrv) names = g_strsplit(text, " ", -1);
  self->open = new_names();
  self->pinned = new_set();
  self->all_open = unpark_settings_get_bool("timeline.all-open", FALSE);
  for (guint i = 0; names[i]; i++) {
    char *name = g_uri_unescape_string(names[i], NULL);
    if (name && *name)
      g_hash_table_add(self->open, name);
    else
      g_free(name);
  }
}

void unpark_timeline_flip_open(UnparkTimeline *self, UnparkRowType type, UnparkSection section,
                               gint64 id, const char *name) {
  char *key = unpark_open_name(type, section, id, name);
  if (g_hash_table_remove(self->open, key))
    g_free(key);
  else
    g_hash_table_add(self->open, key);
  remember_open(self);
}

void unpark_timeline_toggle_row(UnparkTimeline *self, guint n) {
  const UnparkRow *row = &self->rows->rows[n];
  if (!row->expandable)
    return;
  unpark_timeline_flip_open(self, (UnparkRowType)row->type, (UnparkSection)row->section, row->id,
                            row->name);
  unpark_timeline_rebuild(self);
}

void unpark_timeline_set_all_open(UnparkTimeline *self, gboolean open) {
  self->all_open = open;
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, self->open);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (!g_str_has_prefix(name, "section "))
      g_hash_table_iter_remove(&iter);
  remember_open(self);
  unpark_timeline_rebuild(self);
}

void unpark_timeline_set_looks(UnparkTimeline *self, UnparkLaneHeight height, gboolean regions,
                               gboolean stacks) {
  if (self->lane_height == height && self->show_regions == regions && self->show_stacks == stacks)
    return;
  self->lane_height = height;
  self->show_regions = regions;
  self->show_stacks = stacks;
  unpark_settings_set_int("timeline.lane-height", (int)height);
  unpark_settings_set_bool("timeline.regions", regions);
  unpark_settings_set_bool("timeline.stacks", stacks);
  unpark_timeline_rebuild(self);
}

void unpark_timeline_get_looks(UnparkTimeline *self, UnparkLaneHeight *height, gboolean *regions,
                               gboolean *stacks) {
  *height = self->lane_height;
  *regions = self->show_regions;
  *stacks = self->show_stacks;
}

void unpark_timeline_set_sort(UnparkTimeline *self, UnparkSort sort) {
  if (sort == self->sort)
    return;
  self->sort = sort;
  unpark_settings_set_int("timeline.sort", (int)sort);
  unpark_timeline_rebuild(self);
}

UnparkSort unpark_timeline_get_sort(UnparkTimeline *self) {
  return self->sort;
}

UnparkRows *unpark_timeline_get_rows(UnparkTimeline *self) {
  return self->rows;
}

const char *unpark_timeline_get_filter_error(UnparkTimeline *self) {
  const GError *error = unpark_session_get_filter_error(self->session);
  return error ? error->message : self->build_error;
}
