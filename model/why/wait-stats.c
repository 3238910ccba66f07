/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/wait-stats.h"

#include <string.h>

#include "model/base/percentile.h"
#include "model/base/times.h"
#include "model/store/decode.h"

#define N_THREADS 2

/* What one thread works at: blocks `first`, first + N_THREADS, ... */
typedef struct {
  UnparkStore *store;
  const UnparkSpan *span;
  GCancellable *cancellable;
  guint first;
  GArray *durations; /* gint64 */
  UnparkPlaceStats stats;
  GError *error;
} Scan;

/* 1, 3.16 (as 3), 10, 31, 100 ... */
gint64 unpark_wait_bucket_from(guint bucket) {
  gint64 power = 1;
  if (bucket == 0)
    return 0;
  if (bucket >= UNPARK_WAIT_BUCKETS)
    return G_MAXINT64;
  for (guint i = 2; i <= bucket; i += 2)
    power *= 10;
  return bucket % 2 == 0 ? power : power * 316 / 100;
}

guint unpark_wait_bucket_of(gint64 duration_ns) {
  guint bucket = 0;
  while (bucket + 1 < UNPARK_WAIT_BUCKETS && unpark_wait_bucket_from(bucket + 1) <= duration_ns)
    bucket++;
  return bucket;
}

/* ---- scanning -------------------------------------------------------------------------- */

/* By start, then goroutine: one order of all waits. */
static gboolean earlier(gint64 start_a, gint64 goroutine_a, gint64 start_b, gint64 goroutine_b) {
  return start_a != start_b ? start_a < start_b : goroutine_a < goroutine_b;
}

static void take_neighbour(UnparkPlaceWait *previous, UnparkPlaceWait *next, const UnparkSpan *span,
                           const UnparkPlaceWait *wait) {
  if (earlier(wait->start_ns, wait->goroutine, span->start_ns, span->goroutine)) {
    if (previous->goroutine == UNPARK_NONE ||
        earlier(previous->start_ns, previous->goroutine, wait->start_ns, wait->goroutine))
      *previous = *wait;
  } else if (earlier(span->start_ns, span->goroutine, wait->start_ns, wait->goroutine)) {
    if (next->goroutine == UNPARK_NONE ||
        earlier(wait->start_ns, wait->goroutine, next->start_ns, next->goroutine))
      *next = *wait;
  }
}

static void take_longest(UnparkPlaceStats *stats, const UnparkPlaceWait *wait) {
  gint64 length = wait->end_ns - wait->start_ns;
  gint64 most = stats->longest.end_ns - stats->longest.start_ns;
  if (stats->longest.goroutine == UNPARK_NONE || length > most ||
      (length == most &&
       earlier(wait->start_ns, wait->goroutine, stats->longest.start_ns, stats->longest.goroutine)))
    stats->longest = *wait;
}

/* Who and when, of a wait that may be the longest or a neighbour. */
static void take_wait(Scan *scan, const UnparkPlaceWait *wait) {
  UnparkPlaceStats *stats = &scan->stats;
  take_longest(stats, wait);
  take_neighbour(&stats->previous, &stats->next, scan->span, wait);
  if (wait->goroutine == scan->span->goroutine)
    take_neighbour(&stats->own_previous, &stats->own_next, scan->span, wait);
}

/* Whether a block's time can hold a better neighbour than those known; it always can hold the
 * same goroutine's. */
static gboolean may_matter(const Scan *scan, const UnparkBlockInfo *info, gint64 most_ns) {
  const UnparkPlaceStats *s = &scan->stats;
  gint64 goroutine = scan->span->goroutine, start = scan->span->start_ns;
  if (info->lane_min <= goroutine && info->lane_max >= goroutine)
    return TRUE;
  if (s->longest.goroutine == UNPARK_NONE || most_ns >= s->longest.end_ns - s->longest.start_ns)
    return TRUE;
  gboolean before = info->time_min <= start && (s->previous.goroutine == UNPARK_NONE ||
                                                info->time_max >= s->previous.start_ns);
  gboolean after = info->time_max >= start &&
                   (s->next.goroutine == UNPARK_NONE || info->time_min <= s->next.start_ns);
  return before || after;
}

/* The durations of the block's waits here; the longest. -1: none. */
static gint64 scan_durations(Scan *scan, const UnparkDecoded *d) {
  const gint64 *kinds = d->columns[SPAN_KIND], *stacks = d->columns[SPAN_STACK];
  const gint64 *durations = d->columns[SPAN_DURATION];
  gint64 kind = scan->span->kind, stack = scan->span->stack, most = -1;
  for (guint i = 0; i < d->n; i++) {
    if (kinds[i] != kind || stacks[i] != stack)
      continue;
    gint64 duration = MAX(durations[i], 0);
    g_array_append_val(scan->durations, duration);
    most = MAX(most, duration);
  }
  return most;
}

static void scan_waits(Scan *scan, const UnparkDecoded *d) {
  gint64 kind = scan->span->kind, stack = scan->span->stack;
  for (guint i = 0; i < d->n; i++) {
    if (d->columns[SPAN_KIND][i] != kind || d->columns[SPAN_STACK][i] != stack)
      continue;
    gint64 start = d->columns[SPAN_START][i];
    const UnparkPlaceWait wait = {d->columns[SPAN_LANE][i], start,
                                  start + MAX(d->columns[SPAN_DURATION][i], 0)};
    take_wait(scan, &wait);
  }
}

static gboolean scan_block(Scan *scan, const UnparkBlockInfo *info) {
  const guint32 few = 1u << SPAN_KIND | 1u << SPAN_STACK | 1u << SPAN_DURATION;
  if (g_cancellable_set_error_if_cancelled(scan->cancellable, &scan->error))
    return FALSE;
  g_autoptr(UnparkDecoded) d =
      unpark_store_decode(scan->store, UNPARK_FACT_SPAN, info, few, &scan->error);
  if (!d)
    return FALSE;
  gint64 most = scan_durations(scan, d);
  if (most < 0 || !may_matter(scan, info, most))
    return TRUE;
  g_autoptr(UnparkDecoded) all = unpark_store_decode(
      scan->store, UNPARK_FACT_SPAN, info, few | 1u << SPAN_LANE | 1u << SPAN_START, &scan->error);
  if (all)
    scan_waits(scan, all);
  return all != NULL;
}

static gpointer scan_thread(gpointer data) {
  Scan *scan = data;
  const UnparkBlockList *list = unpark_store_blocks(scan->store, UNPARK_FACT_SPAN);
  for (guint b = scan->first; b < list->n; b += N_THREADS)
    if (!scan_block(scan, &list->blocks[b]))
      break;
  return NULL;
}

/* ---- putting together --------------------------------------------------------------------- */

static gint compare(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

/* Sorts by bytes, least significant first: durations of millions of waits. */
static void sort_durations(GArray *array) {
  gint64 *from = (gint64 *)(void *)array->data;
  gsize n = array->len;
  gint64 all = 0;
  if (n < 512) {
    g_array_sort(array, compare);
    return;
  }
  gint64 *spare = g_new(gint64, n), *to = spare;
  for (gsize i = 0; i < n; i++)
    all |= from[i];
  for (guint shift = 0; shift < 64 && all >> shift; shift += 8) {
    gsize at[257] = {0};
    for (gsize i = 0; i < n; i++)
      at[(from[i] >> shift & 0xff) + 1]++;
    for (guint i = 0; i < 256; i++)
      at[i + 1] += at[i];
    for (gsize i = 0; i < n; i++)
      to[at[from[i] >> shift & 0xff]++] = from[i];
    gint64 *swap = from;
    from = to;
    to = swap;
  }
  if (from == spare)
    memcpy(array->data, spare, n * sizeof *spare);
  g_free(spare);
}

/* How many of them are less than `value`. */
static gsize count_less(const gint64 *sorted, gsize n, gint64 value) {
  gsize low = 0, high = n;
  while (low < high) {
    gsize middle = (low + high) / 2;
    if (sorted[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void summarize(GArray *durations, gint64 given_ns, UnparkPlaceStats *stats) {
  gsize n = durations->len;
  sort_durations(durations);
  const gint64 *sorted = (const gint64 *)(const void *)durations->data;
  stats->count = n;
  if (n == 0)
    return;
  for (gsize i = 0; i < n; i++)
    unpark_time_sum(&stats->total_ns, sorted[i]);
  stats->least_ns = sorted[0];
  stats->p50_ns = unpark_percentile(sorted, n, 50);
  stats->p90_ns = unpark_percentile(sorted, n, 90);
  stats->p99_ns = unpark_percentile(sorted, n, 99);
  stats->most_ns = sorted[n - 1];
  stats->first_bucket = unpark_wait_bucket_of(sorted[0]);
  stats->last_bucket = unpark_wait_bucket_of(sorted[n - 1]);
  for (guint i = stats->first_bucket; i <= stats->last_bucket; i++) {
    gint64 end = unpark_wait_bucket_from(i + 1);
    gsize until = end == G_MAXINT64 ? n : count_less(sorted, n, end);
    stats->buckets[i] = until - count_less(sorted, n, unpark_wait_bucket_from(i));
  }
  stats->shorter = count_less(sorted, n, given_ns);
  stats->equal = count_less(sorted, n, given_ns + 1) - stats->shorter;
  stats->percentile = 100.0 * (double)(stats->shorter + stats->equal) / (double)n;
}

static void merge(Scan *into, const Scan *from) {
  const UnparkPlaceStats *s = &from->stats;
  const UnparkPlaceWait *waits[] = {&s->previous, &s->next, &s->longest, &s->own_previous,
                                    &s->own_next};
  g_array_append_vals(into->durations, from->durations->data, from->durations->len);
  for (guint i = 0; i < G_N_ELEMENTS(waits); i++)
    if (waits[i]->goroutine != UNPARK_NONE)
      take_wait(into, waits[i]);
}

gboolean unpark_place_stats(UnparkStore *store, const UnparkSpan *span, UnparkPlaceStats *stats,
                            GCancellable *cancellable, GError **error) {
  static const UnparkPlaceWait none = {UNPARK_NONE, 0, 0};
  GThread *threads[N_THREADS] = {NULL};
  Scan scans[N_THREADS];
  for (guint i = 0; i < N_THREADS; i++) {
    scans[i] = (Scan){.store = store, .span = span, .cancellable = cancellable, .first = i};
    scans[i].durations = g_array_new(FALSE, FALSE, sizeof(gint64));
    scans[i].stats = (UnparkPlaceStats){
        .previous = none, .next = none, .own_previous = none, .own_next = none, .longest = none};
    if (i > 0)
      threads[i] = g_thread_new("waits", scan_thread, &scans[i]);
  }
  scan_thread(&scans[0]);
  for (guint i = 1; i < N_THREADS; i++) {
    g_thread_join(threads[i]);
    merge(&scans[0], &scans[i]);
    if (!scans[0].error)
      scans[0].error = g_steal_pointer(&scans[i].error);
    g_clear_error(&scans[i].error);
    g_array_unref(scans[i].durations);
  }
  *stats = scans[0].stats;
  summarize(scans[0].durations, span->end_ns - span->start_ns, stats);
  g_array_unref(scans[0].durations);
  if (!scans[0].error)
    return TRUE;
  g_propagate_error(error, scans[0].error);
  return FALSE;
}
