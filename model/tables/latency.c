/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/latency.h"

#include <math.h>
#include <string.h>

#include "model/tables/latency-private.h"

UnparkFact unpark_latency_fact(UnparkLatencyMeasure measure) {
  switch (measure) {
  case UNPARK_LATENCY_RANGE:
    return (UnparkFact)UNPARK_TABLE_RANGE;
  case UNPARK_LATENCY_REGION:
    return (UnparkFact)UNPARK_TABLE_REGION;
  case UNPARK_LATENCY_TASK:
    return (UnparkFact)UNPARK_TABLE_TASK;
  default:
    return UNPARK_FACT_SPAN;
  }
}

gboolean unpark_latency_applies(UnparkStore *store, UnparkLatencyMeasure measure) {
  return unpark_store_blocks(store, unpark_latency_fact(measure))->rows > 0;
}

double unpark_latency_row_from(guint row) {
  return row == 0 ? 0 : exp2(5 + row / 3.0);
}

static guint row_of(gint64 ns) {
  if (ns <= 32)
    return 0;
  double row = floor((log2((double)ns) - 5) * 3 + 1e-9);
  return (guint)CLAMP(row, 0, UNPARK_LATENCY_ROWS - 1);
}

/* ---- series ---------------------------------------------------------------------------- */

/* A heap with the shortest of the longest at its root. */
static void keep_case(UnparkLatencySeries *series, const UnparkLatencyCase *one) {
  UnparkLatencyCase *heap = series->cases;
  gint64 length = one->end_ns - one->start_ns;
  guint i;
  if (!heap)
    heap = series->cases = g_new(UnparkLatencyCase, UNPARK_LATENCY_CASES);
#define LENGTH(k) (heap[k].end_ns - heap[k].start_ns)
  if (series->n_cases < UNPARK_LATENCY_CASES) {
    for (i = series->n_cases++; i > 0 && LENGTH((i - 1) / 2) > length; i = (i - 1) / 2)
      heap[i] = heap[(i - 1) / 2];
    heap[i] = *one;
    return;
  }
  if (length <= LENGTH(0))
    return;
  for (i = 0;;) {
    guint child = 2 * i + 1;
    if (child >= series->n_cases)
      break;
    if (child + 1 < series->n_cases && LENGTH(child + 1) < LENGTH(child))
      child++;
    if (LENGTH(child) >= length)
      break;
    heap[i] = heap[child];
    i = child;
  }
#undef LENGTH
  heap[i] = *one;
}

void unpark_latency_take(UnparkLatencyScan *scan, guint series, const UnparkLatencyCase *one) {
  UnparkLatencySeries *s = &g_array_index(scan->series, UnparkLatencySeries, series);
  gint64 ns = one->end_ns - one->start_ns;
  if (scan->list) {
    unpark_latency_list_take(scan, g_array_index(scan->keys, guint64, series), one);
    return;
  }
  double at = (double)(one->start_ns - scan->heat_from) * scan->columns_per_ns;
  guint column = (guint)CLAMP(at, 0, UNPARK_LATENCY_COLUMNS - 1);
  unpark_histogram_add(&s->histogram, ns);
  if (!s->heat)
    s->heat = g_new0(guint32, UNPARK_LATENCY_COLUMNS * UNPARK_LATENCY_ROWS);
  s->heat[column * UNPARK_LATENCY_ROWS + row_of(ns)]++;
  keep_case(s, one);
}

guint unpark_latency_series(UnparkLatencyScan *scan, guint64 key) {
  gpointer known;
  gint64 wide = (gint64)key;
  if (g_hash_table_lookup_extended(scan->by_key, &wide, NULL, &known))
    return GPOINTER_TO_UINT(known);
  /* The last series is everything that came when all others were taken. */
  guint last = scan->list ? G_MAXUINT : UNPARK_LATENCY_SERIES - 1;
  guint index = MIN(scan->series->len, last);
  if (index == scan->series->len) {
    UnparkLatencySeries series = {0};
    guint64 stored = index == last ? UNPARK_LATENCY_REST : key;
    g_array_append_val(scan->series, series);
    g_array_append_val(scan->keys, stored);
  }
  g_hash_table_insert(scan->by_key, g_memdup2(&wide, sizeof wide), GUINT_TO_POINTER(index));
  return index;
}

static void series_clear(UnparkLatencySeries *series) {
  unpark_histogram_clear(&series->histogram);
  g_free(series->name);
  g_free(series->heat);
  g_free(series->cases);
}

static void series_merge(UnparkLatencySeries *into, const UnparkLatencySeries *from) {
  unpark_histogram_merge(&into->histogram, &from->histogram);
  if (from->heat && !into->heat)
    into->heat = g_new0(guint32, UNPARK_LATENCY_COLUMNS * UNPARK_LATENCY_ROWS);
  for (guint i = 0; from->heat && i < UNPARK_LATENCY_COLUMNS * UNPARK_LATENCY_ROWS; i++)
    into->heat[i] += from->heat[i];
  for (guint i = 0; i < from->n_cases; i++)
    keep_case(into, &from->cases[i]);
}

static int longer_first(const void *a, const void *b) {
  const UnparkLatencyCase *x = a, *y = b;
  gint64 p = x->end_ns - x->start_ns, q = y->end_ns - y->start_ns;
  if (p != q)
    return p > q ? -1 : 1;
  if (x->start_ns != y->start_ns)
    return x->start_ns < y->start_ns ? -1 : 1;
  return x->goroutine < y->goroutine ? -1 : x->goroutine > y->goroutine;
}

void unpark_latency_finish_cases(UnparkStore *store, UnparkLatencyCase *cases, guint n) {
  if (n > 1)
    qsort(cases, n, sizeof *cases, longer_first);
  for (guint i = 0; i < n; i++) {
    const UnparkGoroutine *g = unpark_store_goroutine(store, cases[i].goroutine);
    cases[i].entry = g ? unpark_store_string(store, g->name_id) : "";
  }
}

static int greater_first(const void *a, const void *b) {
  const UnparkLatencySeries *x = a, *y = b;
  gint64 p = x->histogram.total_ns, q = y->histogram.total_ns;
  return p > q ? -1 : p < q ? 1 : strcmp(x->name, y->name);
}

/* ---- scanning ---------------------------------------------------------------------------- */

void unpark_latency_scan_init(UnparkLatencyScan *scan, UnparkStore *store,
                              const UnparkLatencySpec *spec) {
  *scan = (UnparkLatencyScan){.store = store, .spec = spec};
  scan->series = g_array_new(FALSE, FALSE, sizeof(UnparkLatencySeries));
  scan->keys = g_array_new(FALSE, FALSE, sizeof(guint64));
  scan->by_key = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  scan->names = g_hash_table_new(NULL, NULL);
  scan->heat_from = CLAMP(spec->from_ns, unpark_store_source(store)->start_ns,
                          unpark_store_source(store)->end_ns);
  scan->heat_to = CLAMP(spec->to_ns, scan->heat_from, unpark_store_source(store)->end_ns);
  scan->heat_to = MAX(scan->heat_to, scan->heat_from + 1);
  scan->columns_per_ns = UNPARK_LATENCY_COLUMNS / ((double)scan->heat_to - (double)scan->heat_from);
}

void unpark_latency_scan_clear(UnparkLatencyScan *scan) {
  for (guint i = 0; i < scan->series->len; i++)
    series_clear(&g_array_index(scan->series, UnparkLatencySeries, i));
  g_array_unref(scan->series);
  g_array_unref(scan->keys);
  g_hash_table_unref(scan->by_key);
  g_hash_table_unref(scan->names);
}

static void scan_block(const UnparkDecoded *block, gpointer scan) {
  unpark_latency_scan_rows(scan, block);
}

static void merge(UnparkLatencyScan *into, const UnparkLatencyScan *from) {
  for (guint i = 0; i < from->series->len; i++) {
    guint index = unpark_latency_series(into, g_array_index(from->keys, guint64, i));
    series_merge(&g_array_index(into->series, UnparkLatencySeries, index),
                 &g_array_index(from->series, UnparkLatencySeries, i));
  }
}

static UnparkLatency *make_result(UnparkLatencyScan *scan) {
  UnparkLatency *latency = g_atomic_rc_box_new0(UnparkLatency);
  latency->store = unpark_store_ref(scan->store);
  latency->measure = scan->spec->measure;
  latency->grouping = scan->spec->grouping;
  latency->heat_from_ns = scan->heat_from;
  latency->heat_to_ns = scan->heat_to;
  latency->all.name = g_strdup("");
  for (guint i = 0; i < scan->series->len; i++) {
    UnparkLatencySeries *series = &g_array_index(scan->series, UnparkLatencySeries, i);
    series->key = g_array_index(scan->keys, guint64, i);
    unpark_latency_name_series(scan, series->key, series);
    series_merge(&latency->all, series);
    unpark_latency_finish_cases(scan->store, series->cases, series->n_cases);
  }
  unpark_latency_finish_cases(scan->store, latency->all.cases, latency->all.n_cases);
  latency->n_series = scan->series->len;
  latency->series = g_memdup2(scan->series->data, sizeof(UnparkLatencySeries) * scan->series->len);
  g_array_set_size(scan->series, 0);
  if (latency->n_series > 1)
    qsort(latency->series, latency->n_series, sizeof *latency->series, greater_first);
  if (latency->n_series > 0) {
    latency->all.state = latency->series[0].state;
    latency->all.wait = UNPARK_WAIT_OTHER;
  }
  return latency;
}

UnparkLatency *unpark_latency_new(UnparkStore *store, const UnparkLatencySpec *spec,
                                  GCancellable *cancellable, GError **error) {
  UnparkLatencyScan scans[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  UnparkLatency *latency = NULL;
  /* The names of goroutines are looked up. A trace may have none. */
  g_autoptr(GError) failure = NULL;
  if (!unpark_store_goroutines(store, NULL, &failure) && failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    unpark_latency_scan_init(&scans[i], store, spec);
    data[i] = &scans[i];
  }
  if (unpark_scan(store, unpark_latency_fact(spec->measure), unpark_latency_columns(spec),
                  spec->from_ns, spec->to_ns, scan_block, data, cancellable, error)) {
    for (guint i = 1; i < UNPARK_SCAN_THREADS; i++)
      merge(&scans[0], &scans[i]);
    latency = make_result(&scans[0]);
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    unpark_latency_scan_clear(&scans[i]);
  return latency;
}

UnparkLatency *unpark_latency_ref(UnparkLatency *latency) {
  return g_atomic_rc_box_acquire(latency);
}

static void latency_clear(gpointer box) {
  UnparkLatency *latency = box;
  for (guint i = 0; i < latency->n_series; i++)
    series_clear(&latency->series[i]);
  g_free(latency->series);
  series_clear(&latency->all);
  unpark_store_unref(latency->store);
}

void unpark_latency_unref(UnparkLatency *latency) {
  g_atomic_rc_box_release_full(latency, latency_clear);
}
