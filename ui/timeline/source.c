/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/source.h"

#include "ui/kit/memory.h"
#include "ui/kit/settings.h"

typedef struct {
  UnparkStore *store;
  UnparkRowOptions options;
  UnparkFilterResult *result; /* NULL: nothing is filtered */
  UnparkSeries *series;
  gboolean need_series; /* it is read, too */
  GArray *task_counts;  /* of tasks that pass; NULL: all do */
} Build;

static GHashTable *new_set(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
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

static void build_free(gpointer data) {
  Build *build = data;
  unpark_store_unref(build->store);
  g_hash_table_unref(build->options.open);
  g_hash_table_unref(build->options.pinned);
  g_clear_pointer(&build->result, unpark_filter_result_unref);
  g_clear_pointer(&build->series, unpark_series_unref);
  g_clear_pointer(&build->task_counts, g_array_unref);
  g_free(build);
}

static void use_series(Build *build) {
  const UnparkSeries *series = build->series;
  build->options.has_gc = series->gc->len > 0;
  build->options.has_stw = series->stw->len > 0;
  build->options.has_heap = series->heap->len > 0;
  build->options.has_gomaxprocs = series->gomaxprocs->len > 0;
  build->options.track_index = series->tracks;
}

static gpointer run_build(gpointer data, GCancellable *cancellable, GError **error) {
  Build *build = data;
  if (build->need_series)
    build->series = unpark_series_read(build->store, cancellable, error);
  if (!build->series)
    return NULL;
  use_series(build);
  if (build->result) {
    build->options.passing = &build->result->goroutines;
    build->options.passing_tasks = build->result->has_tasks ? &build->result->tasks : NULL;
  }
  if (build->options.passing_tasks && !build->task_counts)
    build->task_counts = unpark_task_counts_new(build->series->tracks, &build->result->tasks);
  return unpark_rows_build(build->store, &build->options, cancellable, error);
}

/* ---- What came ------------------------------------------------------------------------ */

/* FALSE: it is the same as before. */
static gboolean take_filter(UnparkTimelineSource *self, const Build *build) {
  if (self->filtered == build->result)
    return FALSE;
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  self->filtered = build->result ? unpark_filter_result_ref(build->result) : NULL;
  return TRUE;
}

static gboolean take_series(UnparkTimelineSource *self, const Build *build) {
  if (!build->need_series)
    return FALSE;
  g_clear_pointer(&self->series, unpark_series_unref);
  self->series = unpark_series_ref(build->series);
  return TRUE;
}

static void take_task_counts(UnparkTimelineSource *self, const Build *build) {
  g_clear_pointer(&self->task_counts, g_array_unref);
  self->task_counts = build->task_counts ? g_array_ref(build->task_counts) : NULL;
}

static void on_built(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkTimelineSource *self = owner;
  g_autoptr(UnparkRows) before = NULL;
  UnparkTimelineChange change = {0};
  g_clear_pointer(&self->error, g_free);
  if (error) {
    self->error = g_strdup(error->message);
  } else {
    before = self->rows;
    self->rows = result;
    take_task_counts(self, data);
    change = (UnparkTimelineChange){before, take_series(self, data), take_filter(self, data)};
  }
  self->built(self->owner, &change);
  unpark_memory_trim_later();
}

static const UnparkWork building = {run_build, on_built, build_free,
                                    (GDestroyNotify)unpark_rows_unref};

/* ---- Asking ----------------------------------------------------------------------------- */

/* A reference. While a filter cannot be understood, what passed before goes on passing. */
static UnparkFilterResult *wanted_filter(const UnparkTimelineSource *self, UnparkStore *store) {
  UnparkFilterResult *result = unpark_session_get_filtered(self->session);
  if (unpark_session_get_filter_error(self->session) && self->rows && self->rows->store == store)
    result = self->filtered;
  return result ? unpark_filter_result_ref(result) : NULL;
}

void unpark_timeline_source_rebuild(UnparkTimelineSource *self) {
  UnparkStore *store = self->session ? unpark_session_get_store(self->session) : NULL;
  if (!store)
    return;
  unpark_worker_cancel(&self->worker);
  if (unpark_session_is_filtering(self->session))
    return;
  Build *build = g_new0(Build, 1);
  build->store = unpark_store_ref(store);
  build->result = wanted_filter(self, store);
  build->options = (UnparkRowOptions){.sort = self->sort,
                                      .open = unpark_opened_copy_names(&self->opened),
                                      .pinned = copy_set(self->pinned),
                                      .all_open = self->opened.all,
                                      .only_active = self->only_active,
                                      .lane_height = self->lane_height,
                                      .show_regions = self->regions,
                                      .show_stacks = self->stacks};
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  build->options.active_from_ns = (gint64)from;
  build->options.active_to_ns = (gint64)to;
  build->need_series = !self->series || !self->rows || self->rows->store != store;
  if (!build->need_series)
    build->series = unpark_series_ref(self->series);
  if (!build->need_series && build->result == self->filtered && self->task_counts)
    build->task_counts = g_array_ref(self->task_counts);
  unpark_worker_run(&self->worker, self, &building, build);
}

gboolean unpark_timeline_source_is_filtering(const UnparkTimelineSource *self) {
  return unpark_session_is_filtering(self->session) ||
         (unpark_worker_is_running(&self->worker) &&
          !unpark_session_get_filter_error(self->session) &&
          unpark_session_get_filtered(self->session) != self->filtered);
}

/* ---- From first to last --------------------------------------------------------------------- */

void unpark_timeline_source_init(UnparkTimelineSource *self, gpointer owner,
                                 void (*built)(gpointer owner,
                                               const UnparkTimelineChange *change)) {
  self->owner = owner;
  self->built = built;
  self->pinned = new_set();
  unpark_opened_recall(&self->opened);
  self->sort = (UnparkSort)CLAMP(unpark_settings_get_int("timeline.sort", UNPARK_SORT_WAITING), 0,
                                 UNPARK_N_SORTS - 1);
  self->lane_height = (UnparkLaneHeight)CLAMP(
      unpark_settings_get_int("timeline.lane-height", UNPARK_LANES_NORMAL), 0, UNPARK_LANES_HIGH);
  self->regions = unpark_settings_get_bool("timeline.regions", TRUE);
  self->stacks = unpark_settings_get_bool("timeline.stacks", FALSE);
  self->hide_waiting = unpark_settings_get_bool("timeline.hide-waiting", TRUE);
}

void unpark_timeline_source_stop(UnparkTimelineSource *self) {
  unpark_worker_cancel(&self->worker);
  self->session = NULL;
}

void unpark_timeline_source_clear(UnparkTimelineSource *self) {
  unpark_opened_clear(&self->opened);
  g_clear_pointer(&self->pinned, g_hash_table_unref);
  g_clear_pointer(&self->rows, unpark_rows_unref);
  g_clear_pointer(&self->series, unpark_series_unref);
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  g_clear_pointer(&self->task_counts, g_array_unref);
  g_clear_pointer(&self->error, g_free);
}
