/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/findings/findings.h"

#include <stdlib.h>
#include <string.h>

#include "model/findings/places.h"
#include "model/base/tables.h"
#include "model/writer/writer.h"
#include "model/why/words.h"

/* What is worth telling. Shares are of the asked time if nothing else is said. */
#define MOST_OF_A_TYPE 8
#define LOCK_SHARE 0.01
#define LOCK_LONGEST_NS 100000
#define SCHED_P99_NS 1000000
#define SCHED_SHARE 0.25 /* of the time that goroutines ran or could have, ... */
#define SCHED_TIME 0.1   /* ... if it is not next to nothing */
#define PAUSE_LONGEST_NS 1000000
#define PAUSE_SHARE 0.01
#define GC_SHARE 0.1
#define ASSIST_SHARE 0.02 /* of the time that goroutines ran */
#define SYSCALL_SHARE 0.02
#define OUTLIER_COUNT 50
#define OUTLIER_NS 20000000
#define OUTLIER_TIMES 100 /* longer than nine of ten */
#define LEAK_CREATED 10   /* goroutines, created in the trace */
#define LEAK_ALL 100      /* or there before */
#define LEAK_WAIT_SHARE 0.25
#define LEAK_WAIT_NS 50000000

typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
  double length_ns; /* of the asked time */
  UnparkPlaceSums sums;
  GArray *found; /* UnparkFinding */
} Search;

/* ---- places by what waits ------------------------------------------------------------------ */

/* Places of one function of the program, for one purpose. */
typedef struct {
  guint32 own; /* string id of the function; 0: not known */
  guint8 state, wait;
  gboolean lock;
  UnparkPlaceSum sum;
} Place;

static gboolean is_lock(const UnparkFrame *frames, guint n) {
  static const char *const locks[] = {"sync.(*Mutex).", "sync.(*RWMutex).",
                                      "internal/sync.(*Mutex)."};
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS(locks); k++)
      if (g_str_has_prefix(frames[i].function, locks[k]))
        return TRUE;
  return FALSE;
}

static guint32 own_function(UnparkStore *store, guint32 stack, gboolean *lock) {
  guint n, inner, own;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, 0, &n);
  *lock = is_lock(frames, n);
  if (n == 0)
    return 0;
  unpark_words_frames(frames, n, &inner, &own);
  return frames[own].function_id;
}

static guint place_hash(gconstpointer key) {
  const Place *place = key;
  return place->own * 31 + place->state * 1021u + place->wait * 5u + (guint)place->lock;
}

static gboolean place_equal(gconstpointer a, gconstpointer b) {
  const Place *x = a, *y = b;
  return x->own == y->own && x->state == y->state && x->wait == y->wait && x->lock == y->lock;
}

static void place_free(gpointer data) {
  unpark_histogram_clear(&((Place *)data)->sum.lengths);
  g_free(data);
}

static GHashTable *join_places(Search *s) {
  GHashTable *places = g_hash_table_new_full(place_hash, place_equal, NULL, place_free);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, s->sums.places);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const UnparkPlaceSum *sum = value;
    const UnparkKind *kind = unpark_store_kind(s->store, sum->kind);
    Place key = {.state = (guint8)kind->state, .wait = (guint8)kind->wait};
    key.own = own_function(s->store, sum->stack, &key.lock);
    Place *place = g_hash_table_lookup(places, &key);
    if (!place) {
      place = g_memdup2(&key, sizeof key);
      place->sum =
          (UnparkPlaceSum){.kind = sum->kind, .stack = sum->stack, .start_ns = UNPARK_NONE};
      g_hash_table_add(places, place);
    }
    unpark_place_merge(&place->sum, sum);
  }
  return places;
}

/* ---- what is found ---------------------------------------------------------------------- */

static UnparkFindingLevel level_of(double value, double notable, double severe) {
  return value >= severe    ? UNPARK_FINDING_SEVERE
         : value >= notable ? UNPARK_FINDING_NOTABLE
                            : UNPARK_FINDING_MINOR;
}

static UnparkFinding from_sum(UnparkFindingType type, const UnparkPlaceSum *sum) {
  return (UnparkFinding){.type = type,
                         .count = sum->count,
                         .total_ns = sum->total_ns,
                         .p50_ns = unpark_histogram_percentile(&sum->lengths, 0.5),
                         .p99_ns = unpark_histogram_percentile(&sum->lengths, 0.99),
                         .longest_ns = sum->longest_ns,
                         .kind = sum->kind,
                         .stack = sum->stack,
                         .goroutine = sum->goroutine,
                         .start_ns = sum->start_ns,
                         .end_ns = sum->start_ns + sum->longest_ns};
}

static void find_lock(Search *s, const Place *place) {
  double share = (double)place->sum.total_ns / s->length_ns;
  if (place->sum.count < 2 || share < LOCK_SHARE || place->sum.longest_ns < LOCK_LONGEST_NS)
    return;
  UnparkFinding found = from_sum(UNPARK_FINDING_LOCK, &place->sum);
  found.share = share;
  found.level = level_of(share, 0.1, 1);
  g_array_append_val(s->found, found);
}

/* Of the recording itself: a goroutine of the profiler sits in one call as long as it lasts. */
static gboolean is_recording(const char *function) {
  return g_str_has_prefix(function, "runtime/pprof.") ||
         g_str_has_prefix(function, "runtime/trace.");
}

static void find_syscall(Search *s, const Place *place) {
  double share = (double)place->sum.long_total_ns / s->length_ns;
  if (place->sum.long_count == 0 || place->sum.start_ns == UNPARK_NONE || share < SYSCALL_SHARE ||
      is_recording(unpark_store_string(s->store, place->own)))
    return;
  UnparkFinding found = from_sum(UNPARK_FINDING_SYSCALL, &place->sum);
  found.count = place->sum.long_count;
  found.total_ns = place->sum.long_total_ns;
  found.share = share;
  found.level = level_of(share, 0.5, 4);
  g_array_append_val(s->found, found);
}

static void find_outlier(Search *s, const Place *place) {
  gint64 usual = MAX(unpark_histogram_percentile(&place->sum.lengths, 0.9), 1);
  if (place->sum.count < OUTLIER_COUNT || place->sum.longest_ns < OUTLIER_NS ||
      place->sum.longest_ns / OUTLIER_TIMES < usual)
    return;
  UnparkFinding found = from_sum(UNPARK_FINDING_OUTLIER, &place->sum);
  found.level = level_of((double)place->sum.longest_ns, 1e9, 60e9);
  g_array_append_val(s->found, found);
}

static void find_places(Search *s) {
  g_autoptr(GHashTable) places = join_places(s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, places);
  while (g_hash_table_iter_next(&iter, &value, NULL)) {
    const Place *place = value;
    if (place->state == UNPARK_STATE_SYSCALL)
      find_syscall(s, place);
    else if (place->lock && place->wait == UNPARK_WAIT_SYNC)
      find_lock(s, place);
    else if (place->wait == UNPARK_WAIT_CHANNEL || place->wait == UNPARK_WAIT_SELECT ||
             place->wait == UNPARK_WAIT_NETWORK || place->wait == UNPARK_WAIT_SYNC)
      find_outlier(s, place);
  }
}

static void find_sched(Search *s) {
  const UnparkPlaceSum *sum = &s->sums.runnable;
  double all = (double)sum->total_ns + (double)s->sums.running_ns;
  /* A program that hardly runs may be ready as long as it runs, of no harm. */
  gboolean much = (double)sum->total_ns >= s->length_ns * SCHED_TIME;
  double share = all > 0 ? (double)sum->total_ns / all : 0;
  gint64 p99 = unpark_histogram_percentile(&sum->lengths, 0.99);
  if (sum->start_ns == UNPARK_NONE || (p99 < SCHED_P99_NS && !(much && share >= SCHED_SHARE)))
    return;
  UnparkFinding found = from_sum(UNPARK_FINDING_SCHED, sum);
  found.share = share;
  found.stack = 0; /* that of where it had stopped before says nothing of the delay */
  found.level = MAX(level_of(much ? share : 0, 0.4, 0.7), level_of((double)p99, 5e6, 50e6));
  g_array_append_val(s->found, found);
}

/* ---- ranges --------------------------------------------------------------------------------- */

typedef struct {
  UnparkPlaceSum sum;
  guint32 name_id;
} RangeSum;

static void add_range(Search *s, RangeSum *range, const gint64 *row) {
  gint64 end = row[RANGE_END] == UNPARK_NONE ? s->to_ns : row[RANGE_END];
  UnparkPlaceSum one = {
      .count = 1,
      .total_ns = MIN(end, s->to_ns) - MAX(row[RANGE_START], s->from_ns),
      .longest_ns = end - row[RANGE_START],
      .start_ns = row[RANGE_START],
      .goroutine = row[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE ? row[RANGE_SCOPE_ID] : UNPARK_NONE,
      .stack = (guint32)row[RANGE_STACK]};
  unpark_histogram_add(&range->sum.lengths, one.longest_ns);
  unpark_place_merge(&range->sum, &one);
  if (range->sum.start_ns == one.start_ns)
    range->name_id = (guint32)row[RANGE_NAME];
}

static void find_pauses(Search *s, const RangeSum *pauses) {
  const UnparkPlaceSum *sum = &pauses->sum;
  double share = (double)sum->total_ns / s->length_ns;
  if (sum->count == 0 || (sum->longest_ns < PAUSE_LONGEST_NS && share < PAUSE_SHARE))
    return;
  UnparkFinding found = from_sum(UNPARK_FINDING_PAUSE, sum);
  found.share = share;
  found.name_id = pauses->name_id;
  found.level = MAX(level_of((double)sum->longest_ns, 5e6, 50e6), level_of(share, 0.02, 0.1));
  g_array_append_val(s->found, found);
}

static void find_gc(Search *s, const RangeSum *marks, const RangeSum *assists) {
  double share = (double)marks->sum.total_ns / s->length_ns;
  double helped = (double)assists->sum.total_ns / MAX((double)s->sums.running_ns, 1);
  if (marks->sum.count + assists->sum.count == 0 || (share < GC_SHARE && helped < ASSIST_SHARE))
    return;
  /* An assist stops a goroutine; without one, the longest cycle is shown. */
  UnparkFinding found = from_sum(UNPARK_FINDING_GC, &marks->sum);
  found.share = share;
  found.assist_ns = assists->sum.total_ns;
  if (assists->sum.count > 0) {
    found.goroutine = assists->sum.goroutine;
    found.stack = assists->sum.stack;
    found.start_ns = assists->sum.start_ns;
    found.longest_ns = assists->sum.longest_ns;
    found.end_ns = found.start_ns + found.longest_ns;
  }
  found.level = MAX(level_of(share, 0.25, 0.6), level_of(helped, 0.05, 0.2));
  g_array_append_val(s->found, found);
}

static gboolean find_ranges(Search *s, GCancellable *cancellable, GError **error) {
  guint n, n_columns;
  GError *failure = NULL;
  RangeSum pauses = {.sum.start_ns = UNPARK_NONE}, marks = pauses, assists = pauses;
  g_autofree gint64 *rows = unpark_store_rows(s->store, UNPARK_TABLE_RANGE, s->from_ns, s->to_ns,
                                              &n, &n_columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * n_columns;
    const char *name = unpark_store_string(s->store, (guint32)row[RANGE_NAME]);
    if (g_str_has_prefix(name, "stop-the-world"))
      add_range(s, &pauses, row);
    else if (strcmp(name, "GC concurrent mark phase") == 0)
      add_range(s, &marks, row);
    else if (strcmp(name, "GC mark assist") == 0)
      add_range(s, &assists, row);
  }
  find_pauses(s, &pauses);
  find_gc(s, &marks, &assists);
  unpark_histogram_clear(&pauses.sum.lengths);
  unpark_histogram_clear(&marks.sum.lengths);
  unpark_histogram_clear(&assists.sum.lengths);
  return TRUE;
}

/* ---- goroutines that are stuck ------------------------------------------------------------- */

/* Goroutines that started in one function and wait in one, for one purpose. */
typedef struct {
  guint32 name_id, own;
  guint8 wait;
  guint created; /* within the trace */
  UnparkPlaceSum sum;
} Leak;

static guint leak_hash(gconstpointer key) {
  const Leak *leak = key;
  return leak->name_id * 31 + leak->own * 1021 + leak->wait;
}

static gboolean leak_equal(gconstpointer a, gconstpointer b) {
  const Leak *x = a, *y = b;
  return x->name_id == y->name_id && x->own == y->own && x->wait == y->wait;
}

static void leak_free(gpointer data) {
  unpark_histogram_clear(&((Leak *)data)->sum.lengths);
  g_free(data);
}

static void add_leak(Search *s, GHashTable *leaks, const UnparkLastWait *last) {
  const UnparkKind *kind = unpark_store_kind(s->store, last->kind);
  const UnparkGoroutine *g = unpark_store_goroutine(s->store, last->goroutine);
  gint64 length = s->to_ns - last->start_ns;
  gboolean lock;
  if (!g || g->system || g->end_ns != UNPARK_NONE || length < LEAK_WAIT_NS ||
      (double)length < s->length_ns * LEAK_WAIT_SHARE ||
      (kind->wait != UNPARK_WAIT_CHANNEL && kind->wait != UNPARK_WAIT_SELECT &&
       kind->wait != UNPARK_WAIT_SYNC && kind->wait != UNPARK_WAIT_FOREVER))
    return;
  Leak key = {.name_id = g->name_id,
              .own = own_function(s->store, last->stack, &lock),
              .wait = (guint8)kind->wait};
  Leak *leak = g_hash_table_lookup(leaks, &key);
  if (!leak) {
    leak = g_memdup2(&key, sizeof key);
    leak->sum.start_ns = UNPARK_NONE;
    g_hash_table_add(leaks, leak);
  }
  leak->created += g->create_ns > 0 && g->parent != UNPARK_NONE;
  UnparkPlaceSum one = {.kind = last->kind,
                        .stack = last->stack,
                        .count = 1,
                        .total_ns = length,
                        .longest_ns = length,
                        .start_ns = last->start_ns,
                        .goroutine = last->goroutine};
  unpark_histogram_add(&leak->sum.lengths, length);
  unpark_place_merge(&leak->sum, &one);
}

static void find_leaks(Search *s) {
  g_autoptr(GHashTable) leaks = g_hash_table_new_full(leak_hash, leak_equal, NULL, leak_free);
  GHashTableIter iter;
  gpointer value;
  for (guint i = 0; i < s->sums.last->len; i++)
    add_leak(s, leaks, &g_array_index(s->sums.last, UnparkLastWait, i));
  g_hash_table_iter_init(&iter, leaks);
  while (g_hash_table_iter_next(&iter, &value, NULL)) {
    const Leak *leak = value;
    if (leak->created < LEAK_CREATED && leak->sum.count < LEAK_ALL)
      continue;
    UnparkFinding found = from_sum(UNPARK_FINDING_LEAK, &leak->sum);
    found.name_id = leak->name_id;
    found.level = level_of(leak->created, LEAK_CREATED, LEAK_ALL);
    g_array_append_val(s->found, found);
  }
}

/* ---- all ----------------------------------------------------------------------------------- */

static int by_cost(const void *a, const void *b) {
  const UnparkFinding *x = a, *y = b;
  if (x->level != y->level)
    return x->level > y->level ? -1 : 1;
  if (x->type != y->type && (x->total_ns == y->total_ns))
    return x->type < y->type ? -1 : 1;
  if (x->total_ns != y->total_ns)
    return x->total_ns > y->total_ns ? -1 : 1;
  return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

/* The worst of each type only: what is one of hundreds does not stand out. */
static void keep_worst(GArray *found) {
  guint n[UNPARK_N_FINDINGS] = {0}, kept = 0;
  if (found->len > 1)
    qsort(found->data, found->len, sizeof(UnparkFinding), by_cost);
  for (guint i = 0; i < found->len; i++) {
    UnparkFinding *f = &g_array_index(found, UnparkFinding, i);
    if (n[f->type]++ < MOST_OF_A_TYPE)
      g_array_index(found, UnparkFinding, kept++) = *f;
  }
  g_array_set_size(found, kept);
}

UnparkFindings *unpark_findings_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                    const gint64 *ids, guint n_ids, GCancellable *cancellable,
                                    GError **error) {
  gint64 end_ns = unpark_store_source(store)->duration_ns;
  GError *failure = NULL;
  Search s = {.store = store, .from_ns = MAX(from_ns, 0), .to_ns = MIN(to_ns, end_ns)};
  gboolean whole = s.from_ns == 0 && s.to_ns == end_ns;
  s.length_ns = (double)MAX(s.to_ns - s.from_ns, 1);
  unpark_store_goroutines(store, NULL, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (!unpark_place_sums(store, s.from_ns, s.to_ns, ids, n_ids, &s.sums, cancellable, error))
    return NULL;
  s.found = g_array_new(FALSE, FALSE, sizeof(UnparkFinding));
  gboolean ok = find_ranges(&s, cancellable, error);
  if (ok) {
    find_places(&s);
    find_sched(&s);
    if (whole)
      find_leaks(&s);
    keep_worst(s.found);
  }
  unpark_place_sums_clear(&s.sums);
  UnparkFindings *findings = NULL;
  if (ok) {
    findings = g_atomic_rc_box_new0(UnparkFindings);
    findings->store = unpark_store_ref(store);
    findings->from_ns = s.from_ns;
    findings->to_ns = s.to_ns;
    findings->n = s.found->len;
  }
  gpointer rows = g_array_free(s.found, !ok);
  if (ok)
    findings->findings = rows;
  return findings;
}

UnparkFindings *unpark_findings_only(const UnparkFindings *findings, guint32 types,
                                     UnparkFindingLevel level) {
  UnparkFindings *only = g_atomic_rc_box_new0(UnparkFindings);
  only->store = unpark_store_ref(findings->store);
  only->from_ns = findings->from_ns;
  only->to_ns = findings->to_ns;
  only->findings = g_new(UnparkFinding, findings->n);
  for (guint i = 0; i < findings->n; i++) {
    const UnparkFinding *f = &findings->findings[i];
    if (f->level >= level && types & 1u << f->type)
      only->findings[only->n++] = *f;
  }
  return only;
}

UnparkFindings *unpark_findings_ref(UnparkFindings *findings) {
  return g_atomic_rc_box_acquire(findings);
}

static void findings_clear(gpointer box) {
  UnparkFindings *findings = box;
  g_free(findings->findings);
  unpark_store_unref(findings->store);
}

void unpark_findings_unref(UnparkFindings *findings) {
  g_atomic_rc_box_release_full(findings, findings_clear);
}
