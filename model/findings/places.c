/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/findings/places.h"

#include "model/base/times.h"
#include "model/store/scan.h"

/* ---- a place ---------------------------------------------------------------------------- */

static void add_length(UnparkPlaceSum *place, gint64 ns) {
  unpark_histogram_add(&place->lengths, ns);
  place->count++;
}

static void clear_place(UnparkPlaceSum *place) {
  unpark_histogram_clear(&place->lengths);
}

/* By time and goroutine among equals, so that the answer does not depend on threads. */
static gboolean is_longer(const UnparkPlaceSum *a, const UnparkPlaceSum *b) {
  if (a->start_ns == UNPARK_NONE || b->start_ns == UNPARK_NONE)
    return a->start_ns != UNPARK_NONE;
  if (a->longest_ns != b->longest_ns)
    return a->longest_ns > b->longest_ns;
  return a->start_ns != b->start_ns ? a->start_ns < b->start_ns : a->goroutine < b->goroutine;
}

static void take_longest(UnparkPlaceSum *into, const UnparkPlaceSum *from) {
  if (!is_longer(from, into))
    return;
  into->longest_ns = from->longest_ns;
  into->start_ns = from->start_ns;
  into->goroutine = from->goroutine;
  into->kind = from->kind;
  into->stack = from->stack;
}

void unpark_place_merge(UnparkPlaceSum *into, const UnparkPlaceSum *from) {
  into->count += from->count;
  into->long_count += from->long_count;
  unpark_time_sum(&into->total_ns, from->total_ns);
  unpark_time_sum(&into->long_total_ns, from->long_total_ns);
  take_longest(into, from);
  unpark_histogram_merge(&into->lengths, &from->lengths);
  for (guint i = 0; i < UNPARK_PLACE_BUCKETS; i++)
    unpark_time_sum(&into->when_ns[i], from->when_ns[i]);
}

/* ---- scanning ----------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  const UnparkPlaceQuery *query;
  gint64 from_ns, to_ns, end_ns;
  UnparkPlaceSums sums;
} Scan;

/* The goroutine whose spans are being read. */
typedef struct {
  gint64 id;
  gboolean counts, system;
  gint64 running_ns;
  guint32 name_id;
  const GArray *assists; /* UnparkPlaceInterval; NULL: none */
} Lane;

static void free_place(gpointer data) {
  clear_place(data);
  g_free(data);
}

static UnparkPlaceSum *place_of(UnparkPlaceSums *sums, guint16 kind, guint32 stack) {
  gint64 key = (gint64)kind << 32 | stack;
  UnparkPlaceSum *place = g_hash_table_lookup(sums->places, &key);
  if (!place) {
    place = g_new(UnparkPlaceSum, 1);
    *place = (UnparkPlaceSum){.kind = kind, .stack = stack, .start_ns = UNPARK_NONE};
    g_hash_table_insert(sums->places, g_memdup2(&key, sizeof key), place);
  }
  return place;
}

guint unpark_place_bucket(gint64 from_ns, gint64 to_ns, gint64 time_ns) {
  double length = (double)MAX(to_ns - from_ns, 1);
  double at = ((double)time_ns - (double)from_ns) / length * UNPARK_PLACE_BUCKETS;
  return (guint)CLAMP(at, 0, UNPARK_PLACE_BUCKETS - 1);
}

static void take(Scan *scan, UnparkPlaceSum *place, const UnparkDecoded *d, guint i) {
  gint64 start = d->columns[SPAN_START][i], ns = d->columns[SPAN_DURATION][i], end = start + ns;
  gint64 part = MIN(end, scan->to_ns) - MAX(start, scan->from_ns);
  unpark_time_sum(&place->total_ns, part);
  unpark_time_sum(&place->when_ns[unpark_place_bucket(scan->from_ns, scan->to_ns, start)], part);
  if (ns >= UNPARK_PLACE_LONG_NS) {
    place->long_count++;
    unpark_time_sum(&place->long_total_ns, part);
  }
  if (start <= 0 || end >= scan->end_ns)
    return; /* its length is not known */
  if (ns >= place->longest_ns) {
    UnparkPlaceSum one = {.kind = (guint16)d->columns[SPAN_KIND][i],
                          .stack = (guint32)d->columns[SPAN_STACK][i],
                          .longest_ns = ns,
                          .start_ns = start,
                          .goroutine = d->columns[SPAN_LANE][i]};
    take_longest(place, &one);
  }
  add_length(place, ns);
}

static void note_last(Scan *scan, const UnparkDecoded *d, guint i) {
  UnparkLastWait last = {.goroutine = d->columns[SPAN_LANE][i],
                         .start_ns = d->columns[SPAN_START][i],
                         .kind = (guint16)d->columns[SPAN_KIND][i],
                         .stack = (guint32)d->columns[SPAN_STACK][i]};
  g_array_append_val(scan->sums.last, last);
}

static void add_running(GHashTable *running, guint32 name_id, gint64 ns) {
  gint64 *sum = g_hash_table_lookup(running, GUINT_TO_POINTER(name_id));
  if (!sum) {
    sum = g_new0(gint64, 1);
    g_hash_table_insert(running, GUINT_TO_POINTER(name_id), sum);
  }
  *sum += ns;
}

static void end_lane(Scan *scan, const Lane *lane) {
  if (lane->running_ns > 0)
    add_running(scan->sums.running, lane->name_id, lane->running_ns);
}

static Lane begin_lane(Scan *scan, gint64 id) {
  const UnparkPlaceQuery *query = scan->query;
  const UnparkGoroutine *goroutine = unpark_store_goroutine(scan->store, id);
  return (Lane){.id = id,
                .counts = unpark_ids_contain(query->ids, query->n_ids, id),
                .system = goroutine && goroutine->system,
                .name_id = goroutine ? goroutine->name_id : 0,
                .assists = query->assists ? g_hash_table_lookup(query->assists, &id) : NULL};
}

/* How much of [start, end] lies within the intervals. */
static gint64 overlap(const GArray *intervals, gint64 start, gint64 end) {
  guint low = 0, high = intervals->len;
  gint64 sum = 0;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(intervals, UnparkPlaceInterval, middle).end_ns <= start)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < intervals->len; low++) {
    const UnparkPlaceInterval *one = &g_array_index(intervals, UnparkPlaceInterval, low);
    if (one->start_ns >= end)
      break;
    sum += MIN(end, one->end_ns) - MAX(start, one->start_ns);
  }
  return sum;
}

static void take_running(Scan *scan, Lane *lane, gint64 start, gint64 end) {
  gint64 from = MAX(start, scan->from_ns), to = MIN(end, scan->to_ns);
  if (lane->system) {
    unpark_time_sum(&scan->sums.system_ns, to - from);
    return;
  }
  unpark_time_sum(&scan->sums.running_ns, to - from);
  unpark_time_sum(&lane->running_ns, to - from);
  if (lane->assists)
    unpark_time_sum(&scan->sums.assist_cpu_ns, overlap(lane->assists, from, to));
}

static void scan_block(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  gint64 known_key = -1;
  Lane lane = {.id = UNPARK_NONE};
  UnparkPlaceSum *known = NULL;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i], end = start + d->columns[SPAN_DURATION][i];
    guint16 kind_id = (guint16)d->columns[SPAN_KIND][i];
    const UnparkKind *kind = unpark_store_kind(scan->store, kind_id);
    if (d->columns[SPAN_LANE][i] != lane.id) {
      end_lane(scan, &lane);
      lane = begin_lane(scan, d->columns[SPAN_LANE][i]);
    }
    if (!kind || end < scan->from_ns || start > scan->to_ns)
      continue;
    if (kind->state == UNPARK_STATE_RUNNING && (lane.counts || lane.system)) {
      take_running(scan, &lane, start, end);
      continue;
    }
    if (!lane.counts || lane.system)
      continue;
    if (kind->state == UNPARK_STATE_RUNNABLE) {
      take(scan, &scan->sums.runnable, d, i);
      continue;
    }
    gint64 key = (gint64)kind_id << 32 | (guint32)d->columns[SPAN_STACK][i];
    if (key != known_key) {
      known_key = key;
      known = place_of(&scan->sums, kind_id, (guint32)d->columns[SPAN_STACK][i]);
    }
    take(scan, known, d, i);
    if (kind->state == UNPARK_STATE_WAITING && end >= scan->end_ns)
      note_last(scan, d, i);
  }
  end_lane(scan, &lane);
}

static void init_sums(UnparkPlaceSums *sums) {
  *sums = (UnparkPlaceSums){.runnable.start_ns = UNPARK_NONE};
  sums->places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_place);
  sums->running = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  sums->last = g_array_new(FALSE, FALSE, sizeof(UnparkLastWait));
}

void unpark_place_sums_clear(UnparkPlaceSums *sums) {
  g_clear_pointer(&sums->places, g_hash_table_unref);
  g_clear_pointer(&sums->running, g_hash_table_unref);
  g_clear_pointer(&sums->last, g_array_unref);
  clear_place(&sums->runnable);
}

static void merge_sums(UnparkPlaceSums *into, const UnparkPlaceSums *from) {
  GHashTableIter iter;
  gpointer key, place;
  g_hash_table_iter_init(&iter, from->places);
  while (g_hash_table_iter_next(&iter, &key, &place)) {
    gint64 id = *(const gint64 *)key;
    unpark_place_merge(place_of(into, (guint16)(id >> 32), (guint32)id), place);
  }
  unpark_place_merge(&into->runnable, &from->runnable);
  unpark_time_sum(&into->running_ns, from->running_ns);
  unpark_time_sum(&into->system_ns, from->system_ns);
  unpark_time_sum(&into->assist_cpu_ns, from->assist_cpu_ns);
  g_hash_table_iter_init(&iter, from->running);
  while (g_hash_table_iter_next(&iter, &key, &place))
    add_running(into->running, GPOINTER_TO_UINT(key), *(const gint64 *)place);
  g_array_append_vals(into->last, from->last->data, from->last->len);
}

gboolean unpark_place_sums(UnparkStore *store, const UnparkPlaceQuery *query, UnparkPlaceSums *sums,
                           GCancellable *cancellable, GError **error) {
  const guint32 columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND | 1u << SPAN_STACK;
  Scan scans[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    scans[i] = (Scan){.store = store,
                      .query = query,
                      .from_ns = query->from_ns,
                      .to_ns = query->to_ns,
                      .end_ns = unpark_store_source(store)->end_ns};
    init_sums(&scans[i].sums);
    data[i] = &scans[i];
  }
  gboolean ok = unpark_scan(store, UNPARK_FACT_SPAN, columns, query->from_ns, query->to_ns,
                            scan_block, data, cancellable, error);
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++) {
    merge_sums(&scans[0].sums, &scans[i].sums);
    unpark_place_sums_clear(&scans[i].sums);
  }
  *sums = scans[0].sums;
  if (!ok)
    unpark_place_sums_clear(sums);
  return ok;
}
