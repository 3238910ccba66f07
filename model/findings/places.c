/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/findings/places.h"

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
  into->total_ns += from->total_ns;
  into->long_total_ns += from->long_total_ns;
  take_longest(into, from);
  unpark_histogram_merge(&into->lengths, &from->lengths);
}

/* ---- scanning ----------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns, end_ns;
  const gint64 *ids;
  guint n_ids;
  UnparkPlaceSums sums;
} Scan;

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

static void take(Scan *scan, UnparkPlaceSum *place, const UnparkDecoded *d, guint i) {
  gint64 start = d->columns[SPAN_START][i], ns = d->columns[SPAN_DURATION][i], end = start + ns;
  gint64 part = MIN(end, scan->to_ns) - MAX(start, scan->from_ns);
  place->total_ns += part;
  if (ns >= UNPARK_PLACE_LONG_NS) {
    place->long_count++;
    place->long_total_ns += part;
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

static void scan_block(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  gint64 lane = UNPARK_NONE, known_key = -1;
  gboolean counts = FALSE;
  UnparkPlaceSum *known = NULL;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i], end = start + d->columns[SPAN_DURATION][i];
    guint16 kind_id = (guint16)d->columns[SPAN_KIND][i];
    const UnparkKind *kind = unpark_store_kind(scan->store, kind_id);
    if (d->columns[SPAN_LANE][i] != lane) {
      lane = d->columns[SPAN_LANE][i];
      counts = unpark_ids_contain(scan->ids, scan->n_ids, lane);
    }
    if (!counts || !kind || end < scan->from_ns || start > scan->to_ns)
      continue;
    if (kind->state == UNPARK_STATE_RUNNING) {
      scan->sums.running_ns += MIN(end, scan->to_ns) - MAX(start, scan->from_ns);
      continue;
    }
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
}

static void init_sums(UnparkPlaceSums *sums) {
  *sums = (UnparkPlaceSums){.runnable.start_ns = UNPARK_NONE};
  sums->places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_place);
  sums->last = g_array_new(FALSE, FALSE, sizeof(UnparkLastWait));
}

void unpark_place_sums_clear(UnparkPlaceSums *sums) {
  g_clear_pointer(&sums->places, g_hash_table_unref);
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
  into->running_ns += from->running_ns;
  g_array_append_vals(into->last, from->last->data, from->last->len);
}

gboolean unpark_place_sums(UnparkStore *store, gint64 from_ns, gint64 to_ns, const gint64 *ids,
                           guint n_ids, UnparkPlaceSums *sums, GCancellable *cancellable,
                           GError **error) {
  const guint32 columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND | 1u << SPAN_STACK;
  Scan scans[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    scans[i] = (Scan){.store = store,
                      .from_ns = from_ns,
                      .to_ns = to_ns,
                      .end_ns = unpark_store_source(store)->duration_ns,
                      .ids = ids,
                      .n_ids = n_ids};
    init_sums(&scans[i].sums);
    data[i] = &scans[i];
  }
  gboolean ok = unpark_scan(store, UNPARK_FACT_SPAN, columns, from_ns, to_ns, scan_block, data,
                            cancellable, error);
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++) {
    merge_sums(&scans[0].sums, &scans[i].sums);
    unpark_place_sums_clear(&scans[i].sums);
  }
  *sums = scans[0].sums;
  if (!ok)
    unpark_place_sums_clear(sums);
  return ok;
}
