/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/series.h"

#include <string.h>

#include "model/base/tables.h"

static int compare_samples(gconstpointer a, gconstpointer b) {
  gint64 ta = ((const UnparkSample *)a)->time_ns, tb = ((const UnparkSample *)b)->time_ns;
  return (ta > tb) - (ta < tb);
}

static int compare_stretches(gconstpointer a, gconstpointer b) {
  gint64 ta = ((const UnparkStretch *)a)->start_ns, tb = ((const UnparkStretch *)b)->start_ns;
  return (ta > tb) - (ta < tb);
}

static gboolean read_metrics(UnparkSeries *series, UnparkStore *store, GCancellable *cancellable,
                             GError **error) {
  static const char *const names[] = {"/memory/classes/heap/objects:bytes", "/gc/heap/goal:bytes",
                                      "/sched/gomaxprocs:threads"};
  GArray *const lists[] = {series->heap, series->goal, series->gomaxprocs};
  guint n, columns;
  g_autoptr(GError) failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_TABLE_METRIC, G_MININT64 + 1,
                                              G_MAXINT64, &n, &columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    const char *name = unpark_store_string(store, (guint32)row[METRIC_NAME]);
    UnparkSample sample = {row[METRIC_TIME], (double)row[METRIC_VALUE]};
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      if (strcmp(name, names[k]) != 0)
        continue;
      /* "No goal" is the largest number there is. */
      if (sample.value > 1e17 || sample.value < 0)
        continue;
      g_array_append_val(lists[k], sample);
      double *top = k < 2 ? &series->top_bytes : &series->top_procs;
      *top = MAX(*top, sample.value);
      if (k == 2)
        series->least_procs = MIN(series->least_procs, sample.value);
    }
  }
  for (guint k = 0; k < G_N_ELEMENTS(names); k++)
    g_array_sort(lists[k], compare_samples);
  return TRUE;
}

static gboolean read_ranges(UnparkSeries *series, UnparkStore *store, GCancellable *cancellable,
                            GError **error) {
  guint n, columns;
  g_autoptr(GError) failure = NULL;
  gint64 first = unpark_store_source(store)->start_ns;
  gint64 end = unpark_store_source(store)->end_ns;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_TABLE_RANGE, G_MININT64 + 1, G_MAXINT64,
                                              &n, &columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    const char *name = unpark_store_string(store, (guint32)row[RANGE_NAME]);
    UnparkStretch stretch = {row[RANGE_START], row[RANGE_END], name, i};
    if (stretch.start_ns == UNPARK_NONE)
      stretch.start_ns = first;
    if (stretch.end_ns == UNPARK_NONE)
      stretch.end_ns = end;
    if (g_str_has_prefix(name, "GC concurrent mark phase"))
      g_array_append_val(series->gc, stretch);
    else if (g_str_has_prefix(name, "stop-the-world"))
      g_array_append_val(series->stw, stretch);
  }
  g_array_sort(series->gc, compare_stretches);
  g_array_sort(series->stw, compare_stretches);
  return TRUE;
}

/* ---- tasks ------------------------------------------------------------------------- */

static void task_count_clear(gpointer data) {
  g_array_unref(((UnparkTaskCount *)data)->samples);
}

static void add_change(GArray *samples, gint64 time_ns, double by) {
  const UnparkSample sample = {time_ns, by};
  g_array_append_val(samples, sample);
}

/* Changes become counts. */
static void sum_up(UnparkTaskCount *count) {
  double sum = 0;
  g_array_sort(count->samples, compare_samples);
  for (guint i = 0; i < count->samples->len; i++) {
    UnparkSample *sample = &g_array_index(count->samples, UnparkSample, i);
    sum += sample->value;
    sample->value = sum;
    count->top = MAX(count->top, sum);
  }
}

GArray *unpark_task_counts_new(const UnparkTrackIndex *tracks, const UnparkIdSet *passing) {
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL); /* name_id to 1 + place */
  GArray *counts = g_array_new(FALSE, FALSE, sizeof(UnparkTaskCount));
  g_array_set_clear_func(counts, task_count_clear);
  for (guint i = 0; i < tracks->n_tasks; i++) {
    const UnparkTask *task = &tracks->tasks[i];
    if (passing && !unpark_id_set_has(passing, task->id))
      continue;
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(places, GUINT_TO_POINTER(task->name_id)));
    if (at == 0) {
      const UnparkTaskCount fresh = {task->name_id, g_array_new(FALSE, FALSE, sizeof(UnparkSample)),
                                     1};
      g_array_append_val(counts, fresh);
      at = counts->len;
      g_hash_table_insert(places, GUINT_TO_POINTER(task->name_id), GUINT_TO_POINTER(at));
    }
    GArray *samples = g_array_index(counts, UnparkTaskCount, at - 1).samples;
    add_change(samples, task->start_ns, 1);
    add_change(samples, task->end_ns, -1);
  }
  for (guint i = 0; i < counts->len; i++)
    sum_up(&g_array_index(counts, UnparkTaskCount, i));
  return counts;
}

const UnparkTaskCount *unpark_task_counts_of(const GArray *counts, guint32 name_id) {
  for (guint i = 0; i < counts->len; i++) {
    const UnparkTaskCount *count = &g_array_index(counts, UnparkTaskCount, i);
    if (count->name_id == name_id)
      return count;
  }
  return NULL;
}

/* ---- reading and sharing ------------------------------------------------------------- */

static void series_free(UnparkSeries *series) {
  g_array_unref(series->heap);
  g_array_unref(series->goal);
  g_array_unref(series->gomaxprocs);
  g_array_unref(series->gc);
  g_array_unref(series->stw);
  g_clear_pointer(&series->task_counts, g_array_unref);
  g_clear_pointer(&series->tracks, unpark_track_index_unref);
  unpark_store_unref(series->store);
  g_free(series);
}

static UnparkSeries *series_new(UnparkStore *store, GCancellable *cancellable, GError **error) {
  UnparkSeries *series = g_new0(UnparkSeries, 1);
  g_atomic_ref_count_init(&series->refs);
  series->store = unpark_store_ref(store);
  series->heap = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->goal = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->gomaxprocs = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->gc = g_array_new(FALSE, FALSE, sizeof(UnparkStretch));
  series->stw = g_array_new(FALSE, FALSE, sizeof(UnparkStretch));
  series->top_procs = 1;
  series->least_procs = G_MAXDOUBLE;
  series->top_bytes = 1;
  if (!read_metrics(series, store, cancellable, error) ||
      !read_ranges(series, store, cancellable, error) ||
      !(series->tracks = unpark_track_index_read(store, cancellable, error)))
    g_clear_pointer(&series, series_free);
  else
    series->task_counts = unpark_task_counts_new(series->tracks, NULL);
  return series;
}

static GMutex shared_lock;
static GCond shared_changed;
static GPtrArray *shared;  /* all series that somebody has; they leave with their last reference */
static GPtrArray *reading; /* stores that somebody reads them from now */

/* A reference, or NULL. */
static UnparkSeries *find_shared(const UnparkStore *store) {
  for (guint i = 0; i < shared->len; i++) {
    UnparkSeries *series = shared->pdata[i];
    if (series->store == store)
      return unpark_series_ref(series);
  }
  return NULL;
}

UnparkSeries *unpark_series_read(UnparkStore *store, GCancellable *cancellable, GError **error) {
  UnparkSeries *series;
  g_mutex_lock(&shared_lock);
  if (!shared) {
    shared = g_ptr_array_new();
    reading = g_ptr_array_new();
  }
  while (!(series = find_shared(store)) && g_ptr_array_find(reading, store, NULL))
    g_cond_wait(&shared_changed, &shared_lock);
  if (!series)
    g_ptr_array_add(reading, store);
  g_mutex_unlock(&shared_lock);
  if (series)
    return series;

  series = series_new(store, cancellable, error);
  g_mutex_lock(&shared_lock);
  if (series)
    g_ptr_array_add(shared, series);
  g_ptr_array_remove_fast(reading, store);
  g_cond_broadcast(&shared_changed);
  g_mutex_unlock(&shared_lock);
  return series;
}

UnparkSeries *unpark_series_ref(UnparkSeries *series) {
  g_atomic_ref_count_inc(&series->refs);
  return series;
}

void unpark_series_unref(UnparkSeries *series) {
  g_mutex_lock(&shared_lock);
  gboolean last = g_atomic_ref_count_dec(&series->refs);
  if (last)
    g_ptr_array_remove_fast(shared, series);
  g_mutex_unlock(&shared_lock);
  if (last)
    series_free(series);
}

guint unpark_series_after(const GArray *samples, gint64 ns) {
  const UnparkSample *s = (const UnparkSample *)(gconstpointer)samples->data;
  guint low = 0, high = samples->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (s[middle].time_ns <= ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean unpark_series_at(const GArray *samples, gint64 ns, double *value) {
  guint after = unpark_series_after(samples, ns);
  if (after == 0)
    return FALSE;
  *value = g_array_index(samples, UnparkSample, after - 1).value;
  return TRUE;
}

gboolean unpark_series_stats(const GArray *samples, gint64 from_ns, gint64 to_ns,
                             UnparkSeriesStats *stats) {
  guint i = unpark_series_after(samples, from_ns);
  double sum = 0, known = 0;
  *stats = (UnparkSeriesStats){.least = G_MAXDOUBLE, .most = -G_MAXDOUBLE};
  for (i = i > 0 ? i - 1 : 0; i < samples->len; i++) {
    const UnparkSample *s = &g_array_index(samples, UnparkSample, i);
    gint64 end = i + 1 < samples->len ? MIN(s[1].time_ns, to_ns) : to_ns;
    gint64 start = MAX(s->time_ns, from_ns);
    if (start > to_ns)
      break;
    stats->n += s->time_ns >= from_ns;
    if (s->value < stats->least) {
      stats->least = s->value;
      stats->least_ns = start;
    }
    if (s->value > stats->most) {
      stats->most = s->value;
      stats->most_ns = start;
    }
    sum += s->value * (double)(end - start);
    known += (double)(end - start);
  }
  /* Of an instant, or all of it at the very end: what it was then. */
  stats->mean = known > 0 ? sum / known : stats->most;
  return stats->most >= stats->least;
}

const UnparkStretch *unpark_series_last_gc(const UnparkSeries *series, gint64 ns) {
  const UnparkStretch *last = NULL;
  for (guint i = 0; i < series->gc->len; i++) {
    const UnparkStretch *gc = &g_array_index(series->gc, UnparkStretch, i);
    if (gc->start_ns > ns)
      break;
    if (gc->end_ns <= ns)
      last = gc;
  }
  return last;
}
