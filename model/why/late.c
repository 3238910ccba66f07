/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/late.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/why/holders.h"
#include "model/why/wait-lane.h"

typedef struct {
  gint64 from_ns, to_ns;
} Stretch;

typedef struct {
  UnparkStore *store;
  GCancellable *cancellable;
  UnparkLate *late;
  GArray *stops;       /* Stretch: the world was stopped; ascending, not overlapping */
  GHashTable *holders; /* goroutine -> UnparkHolder */
  gint64 held_in_stops;
} Work;

/* ---- ranges -------------------------------------------------------------------------- */

static gint by_start(gconstpointer a, gconstpointer b) {
  const Stretch *x = a, *y = b;
  return x->from_ns < y->from_ns ? -1 : x->from_ns > y->from_ns;
}

/* Makes stretches ascending and disjoint; their length. */
static gint64 unite(GArray *stretches) {
  guint kept = 0;
  gint64 total = 0;
  g_array_sort(stretches, by_start);
  for (guint i = 0; i < stretches->len; i++) {
    Stretch *at = &g_array_index(stretches, Stretch, i);
    Stretch *last = kept ? &g_array_index(stretches, Stretch, kept - 1) : NULL;
    if (last && at->from_ns <= last->to_ns)
      last->to_ns = MAX(last->to_ns, at->to_ns);
    else
      g_array_index(stretches, Stretch, kept++) = *at;
  }
  g_array_set_size(stretches, kept);
  for (guint i = 0; i < kept; i++) {
    const Stretch *s = &g_array_index(stretches, Stretch, i);
    unpark_time_sum(&total, s->to_ns - s->from_ns);
  }
  return total;
}

static void add_range(UnparkLate *late, GArray *ranges, gint64 name_id, gint64 overlap_ns) {
  for (guint i = 0; i < ranges->len; i++) {
    UnparkLateRange *range = &g_array_index(ranges, UnparkLateRange, i);
    if (range->name_id == name_id) {
      range->overlap_ns = MIN(range->overlap_ns + overlap_ns, late->to_ns - late->from_ns);
      return;
    }
  }
  const UnparkLateRange fresh = {name_id, overlap_ns};
  g_array_append_val(ranges, fresh);
}

static gint by_overlap(gconstpointer a, gconstpointer b) {
  const UnparkLateRange *x = a, *y = b;
  return x->overlap_ns > y->overlap_ns ? -1 : x->overlap_ns < y->overlap_ns;
}

/* Rows of RANGE: name, scope, scope_id, start_ns, end_ns, stack. */
static gboolean collect_ranges(Work *work, GError **error) {
  UnparkLate *late = work->late;
  g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(Stretch));
  GArray *ranges = g_array_new(FALSE, FALSE, sizeof(UnparkLateRange));
  g_autoptr(GError) local = NULL;
  guint n, width;
  g_autofree gint64 *rows = unpark_store_rows(work->store, UNPARK_TABLE_RANGE, late->from_ns,
                                              late->to_ns, &n, &width, work->cancellable, &local);
  for (guint i = 0; i < n && !local; i++) {
    const gint64 *row = rows + (gsize)i * width;
    const char *name = unpark_store_string(work->store, (guint32)row[0]);
    gboolean stop = g_str_has_prefix(name, "stop-the-world");
    gint64 start = row[3] == UNPARK_NONE ? late->from_ns : row[3];
    gint64 end = row[4] == UNPARK_NONE ? late->to_ns : row[4];
    const Stretch part = {MAX(start, late->from_ns), MIN(end, late->to_ns)};
    if (part.to_ns <= part.from_ns || (!stop && row[1] != UNPARK_SCOPE_GLOBAL))
      continue;
    add_range(late, ranges, row[0], part.to_ns - part.from_ns);
    if (stop)
      g_array_append_val(work->stops, part);
    else if (strcmp(name, "GC concurrent mark phase") == 0)
      g_array_append_val(marks, part);
  }
  late->stw_ns = unite(work->stops);
  late->gc_ns = unite(marks);
  g_array_sort(ranges, by_overlap);
  late->n_ranges = ranges->len;
  late->ranges = (UnparkLateRange *)g_array_free(ranges, FALSE);
  if (local)
    g_propagate_error(error, g_steal_pointer(&local));
  return n == 0 || rows != NULL;
}

/* ---- processors -------------------------------------------------------------------------- */

/* Integral of the number of processors over [from, to]; *first, *last: the number at its ends. */
static gint64 capacity_over(const gint64 *rows, guint n, guint width, gint64 name_id,
                            gint64 from_ns, gint64 to_ns, gint64 fallback, gint64 *first,
                            gint64 *last) {
  gint64 procs = UNPARK_NONE, sum = 0, at = from_ns;
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * width;
    if (row[0] != name_id)
      continue;
    gint64 time = CLAMP(row[1], from_ns, to_ns);
    gint64 before = procs == UNPARK_NONE ? row[2] : procs; /* the first value known */
    unpark_time_sum(&sum, unpark_time_multiply(before, time - at));
    if (row[1] > from_ns && *first == UNPARK_NONE)
      *first = before;
    at = time;
    procs = row[2];
  }
  if (procs == UNPARK_NONE)
    procs = fallback;
  if (*first == UNPARK_NONE)
    *first = procs;
  *last = procs;
  return sum + procs * (to_ns - at);
}

/* Rows of METRIC: name, time_ns, value; ascending. */
static gboolean measure_capacity(Work *work, gint64 *free_ns, gint64 *stopped_ns, GError **error) {
  UnparkLate *late = work->late;
  g_autoptr(GError) local = NULL;
  guint n, width, n_procs;
  gint64 name_id = -1, ignored = UNPARK_NONE, all, in_stops = 0, last;
  g_autofree gint64 *rows = unpark_store_rows(work->store, UNPARK_TABLE_METRIC, G_MININT64 + 1,
                                              late->to_ns, &n, &width, work->cancellable, &local);
  unpark_store_procs(work->store, &n_procs);
  if (local) {
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
  }
  for (guint i = 0; i < n && name_id < 0; i++) {
    gint64 id = rows[(gsize)i * width];
    if (strcmp(unpark_store_string(work->store, (guint32)id), "/sched/gomaxprocs:threads") == 0)
      name_id = id;
  }
  late->procs = UNPARK_NONE;
  all = capacity_over(rows, n, width, name_id, late->from_ns, late->to_ns, n_procs, &late->procs,
                      &late->procs_last);
  for (guint i = 0; i < work->stops->len; i++) {
    const Stretch *s = &g_array_index(work->stops, Stretch, i);
    unpark_time_sum(&in_stops, capacity_over(rows, n, width, name_id, s->from_ns, s->to_ns, n_procs,
                                             &ignored, &last));
  }
  *stopped_ns = in_stops;
  *free_ns = all - in_stops;
  return TRUE;
}

static gint64 overlap_with_stops(const Work *work, gint64 from_ns, gint64 to_ns) {
  gint64 sum = 0;
  for (guint i = 0; i < work->stops->len; i++) {
    const Stretch *s = &g_array_index(work->stops, Stretch, i);
    if (s->from_ns >= to_ns)
      break;
    unpark_time_sum(&sum, MAX(MIN(s->to_ns, to_ns) - MAX(s->from_ns, from_ns), 0));
  }
  return sum;
}

static void hold(Work *work, gint64 goroutine, gint64 proc, gint64 from_ns, gint64 to_ns) {
  unpark_holders_add(work->holders, goroutine, proc, to_ns - from_ns);
  unpark_time_sum(&work->late->held_ns, to_ns - from_ns);
  unpark_time_sum(&work->held_in_stops, overlap_with_stops(work, from_ns, to_ns));
}

static gboolean collect_holders(Work *work, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(work->store, UNPARK_FACT_EXEC);
  const guint32 columns =
      1u << EXEC_PROC | 1u << EXEC_START | 1u << EXEC_DURATION | 1u << EXEC_GOROUTINE;
  gint64 from = work->late->from_ns, to = work->late->to_ns;
  for (guint b = 0; b < list->n; b++) {
    if (!unpark_block_touches(&list->blocks[b], 0, G_MAXINT64, from, to))
      continue;
    if (g_cancellable_set_error_if_cancelled(work->cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(work->store, UNPARK_FACT_EXEC, &list->blocks[b], columns, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 start = d->columns[EXEC_START][i], end = start + d->columns[EXEC_DURATION][i];
      if (d->columns[EXEC_PROC][i] >= 0 && start < to && end > from)
        hold(work, d->columns[EXEC_GOROUTINE][i], d->columns[EXEC_PROC][i], MAX(start, from),
             MIN(end, to));
    }
  }
  return TRUE;
}

static gboolean fill(Work *work, GError **error) {
  UnparkLate *late = work->late;
  gint64 free_ns, stopped_ns;
  gboolean ok;
  work->stops = g_array_new(FALSE, FALSE, sizeof(Stretch));
  work->holders = unpark_holders_new();
  ok = collect_ranges(work, error) && collect_holders(work, error) &&
       measure_capacity(work, &free_ns, &stopped_ns, error);
  if (ok) {
    work->late->holders = unpark_holders_list(work->holders, &work->late->n_holders);
    late->stopped_ns = MAX(stopped_ns - work->held_in_stops, 0);
    late->idle_ns = MAX(free_ns - (late->held_ns - work->held_in_stops), 0);
    late->capacity_ns = late->held_ns + late->stopped_ns + late->idle_ns;
  }
  g_array_unref(work->stops);
  g_hash_table_unref(work->holders);
  return ok;
}

/* ---- asking ---------------------------------------------------------------------------------- */

UnparkLate *unpark_late_of_range(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                 GCancellable *cancellable, GError **error) {
  Work work = {.store = store, .cancellable = cancellable, .late = g_new0(UnparkLate, 1)};
  work.late->from_ns = from_ns;
  work.late->to_ns = MAX(from_ns, to_ns);
  work.late->waker = work.late->proc = work.late->thread = UNPARK_NONE;
  if (!fill(&work, error))
    g_clear_pointer(&work.late, unpark_late_free);
  return work.late;
}

/* What came before and after the runnable span tells who made it so and where it ran. */
static gboolean look_around(UnparkStore *store, UnparkWalker *walker, const UnparkSpot *spot,
                            UnparkLate *late, GError **error) {
  const UnparkKind *kind = unpark_store_kind(store, spot->span.kind);
  const UnparkGoroutine *g = unpark_store_goroutine(store, spot->span.goroutine);
  UnparkSpot other;
  late->span = spot->span;
  late->cause = kind->cause;
  if (kind->cause == UNPARK_CAUSE_CREATED && g) {
    late->waker = g->parent;
    late->waker_stack = g->create_stack;
  }
  UnparkWalk walk =
      unpark_walker_before(walker, spot->span.goroutine, spot->span.start_ns, spot, &other, error);
  if (walk == UNPARK_WALK_FOUND && other.span.end_ns == spot->span.start_ns &&
      other.span.waker != UNPARK_NONE) {
    late->waker = other.span.waker;
    late->waker_stack = other.span.waker_stack;
  }
  if (walk != UNPARK_WALK_FAILED)
    walk = unpark_walker_at(walker, spot->span.goroutine, spot->span.end_ns, &other, error);
  if (walk == UNPARK_WALK_FOUND && other.span.start_ns == spot->span.end_ns) {
    late->proc = other.span.proc;
    late->thread = other.span.thread;
  }
  return walk != UNPARK_WALK_FAILED;
}

UnparkLate *unpark_late_of_span(UnparkStore *store, gint64 goroutine, gint64 at_ns,
                                GCancellable *cancellable, GError **error) {
  g_auto(UnparkWalker) walker;
  UnparkSpot spot;
  unpark_walker_init(&walker, store, cancellable);
  if (!unpark_store_goroutines(store, NULL, error) ||
      unpark_walker_at(&walker, goroutine, at_ns, &spot, error) != UNPARK_WALK_FOUND)
    return NULL;
  const UnparkKind *kind = unpark_store_kind(store, spot.span.kind);
  if (!kind || kind->state != UNPARK_STATE_RUNNABLE)
    return NULL;
  UnparkLate *late =
      unpark_late_of_range(store, spot.span.start_ns, spot.span.end_ns, cancellable, error);
  if (late && !look_around(store, &walker, &spot, late, error))
    g_clear_pointer(&late, unpark_late_free);
  return late;
}

void unpark_late_free(UnparkLate *late) {
  if (!late)
    return;
  g_free(late->holders);
  g_free(late->ranges);
  g_free(late);
}
