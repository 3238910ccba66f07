/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/findings/findings.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/findings/private.h"
#include "model/why/words.h"

/* What is worth reporting. Shares are of the asked time if nothing else is said. */
#define MOST_OF_A_TYPE 8
#define LOCK_SHARE 0.01
#define LOCK_LONGEST_NS 100000
#define SCHED_P99_NS 1000000
#define SCHED_SHARE 0.25 /* of the time in which goroutines ran or could have, ... */
#define SCHED_TIME 0.1   /* ... if that is not next to nothing */
#define SCHED_BUSY 0.7   /* of the processors' time: less is a minor matter */
#define SCHED_TASKS 0.05 /* of the time of tasks: less is a minor matter, too */
#define PAUSE_LONGEST_NS 1000000
#define PAUSE_SHARE 0.01
#define GC_SHARE 0.1
#define ASSIST_SHARE 0.02 /* of the time in which the program's goroutines ran, ... */
#define ASSIST_TIME 0.005 /* ... if it is also that much of the processors' time */
#define SYSCALL_SHARE 0.02
#define OUTLIER_COUNT 50
#define OUTLIER_NS 20000000
#define OUTLIER_TIMES 100 /* longer than nine of ten */
#define HOLDER_LINKS 4096

typedef UnparkFindingSearch Search;

/* ---- places by what waits ------------------------------------------------------------------ */

/* Places of one function of the program, for one purpose. */
typedef struct {
  guint32 own; /* string id of the function; 0: not known */
  guint8 state, wait;
  gboolean lock;
  UnparkPlaceSum sum;
} Place;

gboolean unpark_finding_is_lock(const UnparkFrame *frames, guint n) {
  static const char *const locks[] = {"sync.(*Mutex).", "sync.(*RWMutex).",
                                      "internal/sync.(*Mutex)."};
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS(locks); k++)
      if (g_str_has_prefix(frames[i].function, locks[k]))
        return TRUE;
  return FALSE;
}

guint32 unpark_finding_own_function(UnparkStore *store, guint32 stack, gboolean *lock) {
  guint n, inner, own;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, 0, &n);
  *lock = unpark_finding_is_lock(frames, n);
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
    key.own = unpark_finding_own_function(s->store, sum->stack, &key.lock);
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

UnparkFindingLevel unpark_finding_level_of(double value, double notable, double severe) {
  return value >= severe    ? UNPARK_FINDING_SEVERE
         : value >= notable ? UNPARK_FINDING_NOTABLE
                            : UNPARK_FINDING_MINOR;
}

UnparkFinding unpark_finding_from_sum(UnparkFindingType type, const UnparkPlaceSum *sum) {
  UnparkFinding found = {.type = type,
                         .holder = UNPARK_NONE,
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
  G_STATIC_ASSERT(sizeof found.when_ns == sizeof sum->when_ns);
  memcpy(found.when_ns, sum->when_ns, sizeof found.when_ns);
  return found;
}

static void find_lock(Search *s, const Place *place) {
  double share = (double)place->sum.total_ns / s->length_ns;
  if (place->sum.count < 2 || share < LOCK_SHARE || place->sum.longest_ns < LOCK_LONGEST_NS)
    return;
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_LOCK, &place->sum);
  found.share = share;
  found.level = unpark_finding_level_of(share, 0.1, 1);
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
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_SYSCALL, &place->sum);
  found.count = place->sum.long_count;
  found.total_ns = place->sum.long_total_ns;
  found.share = share;
  found.level = unpark_finding_level_of(share, 0.5, 4);
  g_array_append_val(s->found, found);
}

static void find_outlier(Search *s, const Place *place) {
  gint64 usual = MAX(unpark_histogram_percentile(&place->sum.lengths, 0.9), 1);
  if (place->sum.count < OUTLIER_COUNT || place->sum.longest_ns < OUTLIER_NS ||
      place->sum.longest_ns / OUTLIER_TIMES < usual)
    return;
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_OUTLIER, &place->sum);
  found.level = unpark_finding_level_of((double)place->sum.longest_ns, 1e9, 60e9);
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

/* Delays while processors stand idle are the scheduler's own, and seldom do harm. */
static void find_sched(Search *s) {
  const UnparkPlaceSum *sum = &s->sums.runnable;
  double all = (double)sum->total_ns + (double)s->sums.running_ns;
  gboolean much = (double)sum->total_ns >= s->length_ns * SCHED_TIME;
  double share = all > 0 ? (double)sum->total_ns / all : 0;
  gint64 p99 = unpark_histogram_percentile(&sum->lengths, 0.99);
  if (sum->start_ns == UNPARK_NONE || (p99 < SCHED_P99_NS && !(much && share >= SCHED_SHARE)))
    return;
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_SCHED, sum);
  found.share = share;
  found.load = (UnparkFindingLoad){1 - s->busy, s->procs_least, s->procs_most};
  found.stack = 0; /* that of where it had stopped before says nothing of the delay */
  found.level = MAX(unpark_finding_level_of(much ? share : 0, 0.4, 0.7),
                    unpark_finding_level_of((double)p99, 5e6, 50e6));
  /* So is what no request feels. */
  found.tasks.runnable = s->tasks_runnable;
  if (s->busy < SCHED_BUSY || (s->tasks_runnable >= 0 && s->tasks_runnable < SCHED_TASKS))
    found.level = MIN(found.level, UNPARK_FINDING_MINOR);
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
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_PAUSE, sum);
  found.share = share;
  found.name_id = pauses->name_id;
  found.level = MAX(unpark_finding_level_of((double)sum->longest_ns, 5e6, 50e6),
                    unpark_finding_level_of(share, 0.02, 0.1));
  g_array_append_val(s->found, found);
}

static void find_gc(Search *s, const RangeSum *marks, const RangeSum *assists) {
  double share = (double)marks->sum.total_ns / s->length_ns;
  double cpu = (double)s->sums.assist_cpu_ns;
  double assisted = cpu / MAX((double)s->sums.running_ns, 1);
  if (cpu < s->capacity_ns * ASSIST_TIME)
    assisted = 0;
  if (marks->sum.count + assists->sum.count == 0 || (share < GC_SHARE && assisted < ASSIST_SHARE))
    return;
  /* An assist stops a goroutine; without one, the longest cycle is shown. */
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_GC, &marks->sum);
  found.share = share;
  if (assisted >= ASSIST_SHARE) {
    found.assist_ns = assists->sum.total_ns;
    found.assist_cpu_ns = s->sums.assist_cpu_ns;
    found.goroutine = assists->sum.goroutine;
    found.stack = assists->sum.stack;
    found.start_ns = assists->sum.start_ns;
    found.longest_ns = assists->sum.longest_ns;
    found.end_ns = found.start_ns + found.longest_ns;
  }
  found.level =
      MAX(unpark_finding_level_of(share, 0.25, 0.6), unpark_finding_level_of(assisted, 0.05, 0.2));
  g_array_append_val(s->found, found);
}

typedef struct {
  RangeSum pauses, marks, assists;
} Ranges;

static void ranges_clear(Ranges *ranges) {
  unpark_histogram_clear(&ranges->pauses.sum.lengths);
  unpark_histogram_clear(&ranges->marks.sum.lengths);
  unpark_histogram_clear(&ranges->assists.sum.lengths);
}

static int by_start(const void *a, const void *b) {
  const UnparkPlaceInterval *x = a, *y = b;
  return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static void note_assist(Search *s, GHashTable *intervals, const gint64 *row) {
  UnparkPlaceInterval one = {row[RANGE_START],
                             row[RANGE_END] == UNPARK_NONE ? s->to_ns : row[RANGE_END]};
  GArray *mine = g_hash_table_lookup(intervals, &row[RANGE_SCOPE_ID]);
  if (row[RANGE_SCOPE] != UNPARK_SCOPE_GOROUTINE || one.end_ns <= one.start_ns)
    return;
  if (!mine) {
    mine = g_array_new(FALSE, FALSE, sizeof one);
    g_hash_table_insert(intervals, g_memdup2(&row[RANGE_SCOPE_ID], sizeof(gint64)), mine);
  }
  g_array_append_val(mine, one);
}

/* In order, and without overlaps, which only a damaged file has. */
static void tidy_assists(GHashTable *intervals) {
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, intervals);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    GArray *mine = value;
    guint kept = 0;
    g_array_sort(mine, by_start);
    for (guint i = 0; i < mine->len; i++) {
      UnparkPlaceInterval one = g_array_index(mine, UnparkPlaceInterval, i);
      if (kept > 0)
        one.start_ns = MAX(one.start_ns, g_array_index(mine, UnparkPlaceInterval, kept - 1).end_ns);
      if (one.end_ns > one.start_ns)
        g_array_index(mine, UnparkPlaceInterval, kept++) = one;
    }
    g_array_set_size(mine, kept);
  }
}

static void read_range(Search *s, Ranges *ranges, GHashTable *intervals, const gint64 *row) {
  const char *name = unpark_store_string(s->store, (guint32)row[RANGE_NAME]);
  if (g_str_has_prefix(name, "stop-the-world")) {
    add_range(s, &ranges->pauses, row);
  } else if (strcmp(name, "GC concurrent mark phase") == 0) {
    add_range(s, &ranges->marks, row);
  } else if (strcmp(name, "GC mark assist") == 0) {
    add_range(s, &ranges->assists, row);
    note_assist(s, intervals, row);
  }
}

static gboolean read_ranges(Search *s, Ranges *ranges, GHashTable *intervals, GError **error) {
  guint n, n_columns;
  GError *failure = NULL;
  *ranges = (Ranges){.pauses.sum.start_ns = UNPARK_NONE,
                     .marks.sum.start_ns = UNPARK_NONE,
                     .assists.sum.start_ns = UNPARK_NONE};
  g_autofree gint64 *rows = unpark_store_rows(s->store, UNPARK_TABLE_RANGE, s->from_ns, s->to_ns,
                                              &n, &n_columns, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; i < n; i++)
    read_range(s, ranges, intervals, rows + (gsize)i * n_columns);
  tidy_assists(intervals);
  return TRUE;
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

/* A lock's holder is the goroutine that explains most of the wait: it ran, slept or was in a call
 * while others queued. */
static gboolean find_holder(Search *s, UnparkFinding *found, GError **error) {
  GError *failure = NULL;
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(s->store, found->goroutine, found->start_ns,
                                                      HOLDER_LINKS, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; chain && i < chain->n_sums && found->holder == UNPARK_NONE; i++) {
    const UnparkLinkSum *sum = &chain->sums[i];
    if (sum->goroutine == found->goroutine || sum->goroutine == UNPARK_NONE ||
        sum->kind == UNPARK_LINK_BEGAN || sum->kind == UNPARK_LINK_UNKNOWN)
      continue;
    found->holder = sum->goroutine;
    found->holder_ns = sum->share_ns;
    found->holder_did = sum->kind;
    found->holder_stack = sum->stack;
  }
  return TRUE;
}

static gboolean find_holders(Search *s, GError **error) {
  for (guint i = 0; i < s->found->len; i++) {
    UnparkFinding *found = &g_array_index(s->found, UnparkFinding, i);
    if (found->type == UNPARK_FINDING_LOCK && !find_holder(s, found, error))
      return FALSE;
  }
  return TRUE;
}

/* FALSE: *error. */
static gboolean find_all(Search *s, const Ranges *ranges, const gint64 *ids, guint n_ids,
                         GError **error) {
  const UnparkSource *source = unpark_store_source(s->store);
  gboolean whole = s->from_ns == source->start_ns && s->to_ns == source->end_ns;
  find_pauses(s, &ranges->pauses);
  find_gc(s, &ranges->marks, &ranges->assists);
  find_places(s);
  if (!unpark_findings_tasks(s, ids, n_ids, error))
    return FALSE;
  find_sched(s);
  if (!ids)
    unpark_findings_cpu(s);
  if (whole) {
    if (!unpark_findings_stuck(s, error))
      return FALSE;
    unpark_findings_growth(s, ids, n_ids);
  }
  keep_worst(s->found);
  return find_holders(s, error);
}

/* FALSE: *error. */
static gboolean gather(Search *s, Ranges *ranges, const gint64 *ids, guint n_ids, GError **error) {
  g_autoptr(GHashTable) intervals =
      g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
  UnparkPlaceQuery query = {s->from_ns, s->to_ns, ids, n_ids, intervals};
  GError *failure = NULL;
  *ranges = (Ranges){0};
  unpark_store_goroutines(s->store, NULL, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return read_ranges(s, ranges, intervals, error) &&
         unpark_place_sums(s->store, &query, &s->sums, s->cancellable, error) &&
         unpark_findings_measure_load(s, error);
}

UnparkFindings *unpark_findings_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                    const gint64 *ids, guint n_ids, GCancellable *cancellable,
                                    GError **error) {
  const UnparkSource *source = unpark_store_source(store);
  Ranges ranges;
  Search s = {.store = store,
              .cancellable = cancellable,
              .from_ns = MAX(from_ns, source->start_ns),
              .to_ns = MIN(to_ns, source->end_ns)};
  s.length_ns = (double)MAX(s.to_ns - s.from_ns, 1);
  s.found = g_array_new(FALSE, FALSE, sizeof(UnparkFinding));
  gboolean ok = gather(&s, &ranges, ids, n_ids, error);
  if (ok)
    ok = find_all(&s, &ranges, ids, n_ids, error);
  ranges_clear(&ranges);
  if (s.sums.places)
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
