#include "ui/series.h"

#include <string.h>

#include "ui/tables.h"

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
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_ROWS_METRIC, G_MININT64 + 1, G_MAXINT64,
                                              &n, &columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    const char *name = unpark_store_string(store, (guint32)row[UNPARK_METRIC_NAME]);
    UnparkSample sample = {row[UNPARK_METRIC_TIME], (double)row[UNPARK_METRIC_VALUE]};
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      if (strcmp(name, names[k]) != 0)
        continue;
      /* "No goal" is the largest number there is. */
      if (sample.value > 1e17 || sample.value < 0)
        continue;
      g_array_append_val(lists[k], sample);
      double *top = k < 2 ? &series->top_bytes : &series->top_procs;
      *top = MAX(*top, sample.value);
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
  gint64 end = unpark_store_source(store)->duration_ns;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_ROWS_RANGE, G_MININT64 + 1, G_MAXINT64,
                                              &n, &columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    const char *name = unpark_store_string(store, (guint32)row[UNPARK_RANGE_NAME]);
    UnparkStretch stretch = {row[UNPARK_RANGE_START], row[UNPARK_RANGE_END]};
    if (stretch.start_ns == UNPARK_NONE)
      stretch.start_ns = 0;
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

UnparkSeries *unpark_series_read(UnparkStore *store, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSeries) series = g_new0(UnparkSeries, 1);
  series->heap = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->goal = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->gomaxprocs = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  series->gc = g_array_new(FALSE, FALSE, sizeof(UnparkStretch));
  series->stw = g_array_new(FALSE, FALSE, sizeof(UnparkStretch));
  series->top_procs = 1;
  series->top_bytes = 1;
  if (!read_metrics(series, store, cancellable, error) ||
      !read_ranges(series, store, cancellable, error))
    return NULL;
  return g_steal_pointer(&series);
}

void unpark_series_free(UnparkSeries *series) {
  if (!series)
    return;
  g_array_unref(series->heap);
  g_array_unref(series->goal);
  g_array_unref(series->gomaxprocs);
  g_array_unref(series->gc);
  g_array_unref(series->stw);
  g_free(series);
}

gboolean unpark_series_at(const GArray *samples, gint64 ns, double *value) {
  const UnparkSample *s = (const UnparkSample *)(gconstpointer)samples->data;
  guint low = 0, high = samples->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (s[middle].time_ns <= ns)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return FALSE;
  *value = s[low - 1].value;
  return TRUE;
}
