/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything of a row that has some length: another scan, in which no distributions are made. */
#include <stdlib.h>
#include <string.h>

#include "model/tables/latency-private.h"

/* So many are gathered before the shortest of them are dropped. */
#define GATHERED (4u * UNPARK_LATENCY_LIST)

static int longer_first(const void *a, const void *b) {
  const UnparkLatencyCase *x = a, *y = b;
  gint64 p = x->end_ns - x->start_ns, q = y->end_ns - y->start_ns;
  return p > q ? -1 : p < q;
}

static void drop_short_ones(GArray *list) {
  if (list->len > 1)
    qsort(list->data, list->len, sizeof(UnparkLatencyCase), longer_first);
  g_array_set_size(list, MIN(list->len, UNPARK_LATENCY_LIST));
}

/* The last series may be all those that have none of their own. */
static gboolean is_of_row(const UnparkLatencyScan *scan, guint64 key) {
  const UnparkLatency *of = scan->of;
  if (scan->row == 0 || of->series[scan->row - 1].key == key)
    return TRUE;
  if (of->series[scan->row - 1].key != UNPARK_LATENCY_REST)
    return FALSE;
  for (guint i = 0; i < of->n_series; i++)
    if (of->series[i].key == key)
      return FALSE;
  return TRUE;
}

void unpark_latency_list_take(UnparkLatencyScan *scan, guint64 key, const UnparkLatencyCase *one) {
  gint64 ns = one->end_ns - one->start_ns;
  if (ns < scan->list_from_ns || ns >= scan->list_to_ns || !is_of_row(scan, key))
    return;
  scan->n_listed++;
  g_array_append_val(scan->list, *one);
  if (scan->list->len >= GATHERED)
    drop_short_ones(scan->list);
}

static void take_block(const UnparkDecoded *block, gpointer scan) {
  unpark_latency_scan_rows(scan, block);
}

static UnparkLatencyList *list_new(UnparkLatency *latency, UnparkLatencyScan *scans) {
  UnparkLatencyList *list = g_atomic_rc_box_new0(UnparkLatencyList);
  GArray *all = scans[0].list;
  list->latency = unpark_latency_ref(latency);
  list->from_ns = scans[0].list_from_ns;
  list->to_ns = scans[0].list_to_ns;
  list->n_all = scans[0].n_listed;
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++) {
    list->n_all += scans[i].n_listed;
    if (scans[i].list->len > 0)
      g_array_append_vals(all, scans[i].list->data, scans[i].list->len);
  }
  if (all->len > UNPARK_LATENCY_LIST)
    drop_short_ones(all);
  list->n = all->len;
  list->cases = g_memdup2(all->data, (gsize)all->len * sizeof(UnparkLatencyCase));
  unpark_latency_finish_cases(latency->store, list->cases, list->n);
  return list;
}

UnparkLatencyList *unpark_latency_list_new(UnparkLatency *latency, const UnparkLatencySpec *spec,
                                           guint32 row, gint64 from_ns, gint64 to_ns,
                                           GCancellable *cancellable, GError **error) {
  UnparkLatencyScan scans[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  UnparkLatencyList *list = NULL;
  g_return_val_if_fail(row <= latency->n_series, NULL);
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    unpark_latency_scan_init(&scans[i], latency->store, spec);
    scans[i].list = g_array_new(FALSE, FALSE, sizeof(UnparkLatencyCase));
    scans[i].of = latency;
    scans[i].row = row;
    scans[i].list_from_ns = from_ns;
    scans[i].list_to_ns = to_ns;
    data[i] = &scans[i];
  }
  if (unpark_scan(latency->store, unpark_latency_fact(spec->measure), unpark_latency_columns(spec),
                  spec->from_ns, spec->to_ns, take_block, data, cancellable, error))
    list = list_new(latency, scans);
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    g_array_unref(scans[i].list);
    unpark_latency_scan_clear(&scans[i]);
  }
  return list;
}

UnparkLatencyList *unpark_latency_list_ref(UnparkLatencyList *list) {
  return g_atomic_rc_box_acquire(list);
}

static void list_clear(gpointer box) {
  UnparkLatencyList *list = box;
  unpark_latency_unref(list->latency);
  g_free(list->cases);
}

void unpark_latency_list_unref(UnparkLatencyList *list) {
  if (list)
    g_atomic_rc_box_release_full(list, list_clear);
}
