/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened in one trace, by row and block of time. */
#include <math.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/compare/private.h"
#include "model/store/row-at.h"

#define ALL_FROM (G_MININT64 + 1)

typedef struct {
  UnparkCompareWork *work;
  UnparkStore *store;
  gboolean is_b;
  guint file;
  gint64 from_ns, to_ns;   /* that was asked for, */
  gint64 start_ns, end_ns; /* of what there is */
  double *per;             /* by block */
  GHashTable *by_kind;     /* guint64: kind, and stack or name -> UnparkCompareSeries */
  gint64 lane;
  const UnparkGoroutine *g;
  UnparkCompareSide *side;
  const UnparkIdSet *goroutines, *tasks; /* that count; NULL: all */
} Trace;

static gboolean counts(const Trace *t, gint64 goroutine) {
  return !t->goroutines || unpark_id_set_has(t->goroutines, goroutine);
}

static gboolean is_outside(const Trace *t, gint64 start, gint64 end) {
  return (t->from_ns > ALL_FROM && end != UNPARK_NONE && end <= t->start_ns) ||
         (t->to_ns < G_MAXINT64 && start != UNPARK_NONE && start >= t->end_ns);
}

/* ---- series --------------------------------------------------------------------------------- */

static UnparkCompareSeries *named(Trace *t, const char *kind, const char *name, const char *stack) {
  g_autofree char *key = g_strdup_printf("%s\n%s\n%s", kind, name, stack);
  return unpark_compare_series(unpark_compare_entry(t->work, key, name, stack, kind), t->is_b,
                               t->file);
}

static guint block_of(const Trace *t, gint64 ns) {
  return unpark_compare_block(t->start_ns, t->end_ns, ns);
}

/* `whole`: it began and ended in the trace. */
static void take(Trace *t, UnparkCompareSeries *series, gint64 start, gint64 end, gboolean whole) {
  unpark_compare_series_take(series, t->start_ns, t->end_ns, start, end, whole);
}

/* ---- spans ---------------------------------------------------------------------------------- */

static UnparkCompareSeries *new_series(Trace *t, const UnparkKind *kind, const UnparkSpan *span) {
  UnparkCompareBy by = t->work->spec->by;
  const char *state = unpark_state_name(kind->state);
  g_autofree char *name = NULL, *stack = NULL;
  switch (by) {
  case UNPARK_COMPARE_STATE:
    return named(t, "state", state, "");
  case UNPARK_COMPARE_REASON:
    return kind->state == UNPARK_STATE_WAITING ? named(t, "wait", kind->reason, "")
                                               : named(t, "state", state, "");
  default:
    break;
  }
  if (kind->state == UNPARK_STATE_RUNNING || kind->state == UNPARK_STATE_RUNNABLE) {
    name = unpark_compare_function(unpark_store_string(t->store, t->g->name_id));
    return named(t, state, name, "");
  }
  unpark_compare_place(t->store, span->stack,
                       kind->state == UNPARK_STATE_SYSCALL ? "syscall" : kind->reason,
                       by == UNPARK_COMPARE_FUNCTION, &name, &stack);
  return named(t, kind->state == UNPARK_STATE_SYSCALL ? "syscall" : "wait", name, stack);
}

static gboolean goes_by_goroutine(const Trace *t, const UnparkKind *kind) {
  return (t->work->spec->by == UNPARK_COMPARE_PLACE ||
          t->work->spec->by == UNPARK_COMPARE_FUNCTION) &&
         (kind->state == UNPARK_STATE_RUNNING || kind->state == UNPARK_STATE_RUNNABLE);
}

static void take_span(Trace *t, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(t->store, span->kind);
  if (span->goroutine != t->lane) {
    t->lane = span->goroutine;
    t->g = counts(t, span->goroutine) ? unpark_store_goroutine(t->store, span->goroutine) : NULL;
  }
  if (!kind || kind->state >= UNPARK_N_STATES || !t->g || t->g->system)
    return;
  guint32 place = goes_by_goroutine(t, kind) ? t->g->name_id : span->stack;
  guint64 key = (guint64)span->kind << 32 | place;
  UnparkCompareSeries *series = g_hash_table_lookup(t->by_kind, &key);
  if (!series) {
    series = new_series(t, kind, span);
    g_hash_table_insert(t->by_kind, g_memdup2(&key, sizeof key), series);
  }
  gboolean whole = span->start_ns > t->start_ns && span->end_ns < t->end_ns;
  t->side->n_cut += !whole && kind->state == UNPARK_STATE_WAITING;
  take(t, series, span->start_ns, span->end_ns, whole);
}

static gboolean take_spans(const UnparkSpan *spans, guint n, gpointer data) {
  for (guint i = 0; i < n; i++)
    take_span(data, &spans[i]);
  return TRUE;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static const char *text(Trace *t, gint64 id) {
  return id > 0 && id <= G_MAXUINT32 ? unpark_store_string(t->store, (guint32)id) : "";
}

static void take_interval(Trace *t, const char *kind, gint64 name, gint64 start, gint64 end) {
  gboolean whole =
      start != UNPARK_NONE && end != UNPARK_NONE && start >= t->start_ns && end <= t->end_ns;
  gint64 from = start == UNPARK_NONE ? t->start_ns : CLAMP(start, t->start_ns, t->end_ns);
  gint64 to = end == UNPARK_NONE ? t->end_ns : CLAMP(end, from, t->end_ns);
  take(t, named(t, kind, text(t, name), ""), from, to, whole);
}

static gboolean take_task(G_GNUC_UNUSED gint64 number, const gint64 *v, gpointer data) {
  Trace *t = data;
  if (is_outside(t, v[TASK_START], v[TASK_END]) ||
      (t->goroutines && !(t->tasks && unpark_id_set_has(t->tasks, v[TASK_ID]))))
    return TRUE;
  take_interval(t, "task", v[TASK_NAME], v[TASK_START], v[TASK_END]);
  t->side->n_tasks++;
  if (t->work->spec->per == UNPARK_COMPARE_PER_TASK && v[TASK_END] != UNPARK_NONE &&
      v[TASK_END] <= t->end_ns)
    t->per[block_of(t, v[TASK_START] == UNPARK_NONE ? v[TASK_END] : v[TASK_START])] += 1;
  return TRUE;
}

static gboolean take_region(G_GNUC_UNUSED gint64 number, const gint64 *v, gpointer data) {
  if (counts(data, v[REGION_GOROUTINE]) && !is_outside(data, v[REGION_START], v[REGION_END]))
    take_interval(data, "region", v[REGION_NAME], v[REGION_START], v[REGION_END]);
  return TRUE;
}

static gboolean take_range(G_GNUC_UNUSED gint64 number, const gint64 *v, gpointer data) {
  const Trace *t = data;
  if (!t->goroutines && !is_outside(t, v[RANGE_START], v[RANGE_END]))
    take_interval(data, "gc", v[RANGE_NAME], v[RANGE_START], v[RANGE_END]);
  return TRUE;
}

/* A sample is of each function in its stack once, and of the innermost by itself. */
static gboolean take_sample(G_GNUC_UNUSED gint64 number, const gint64 *v, gpointer data) {
  Trace *t = data;
  if (!counts(t, v[SAMPLE_GOROUTINE]))
    return TRUE;
  guint n = 0, block = block_of(t, v[SAMPLE_TIME]);
  g_autofree UnparkFrame *frames = unpark_store_stack(t->store, (guint32)v[SAMPLE_STACK], 0, &n);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n; i++) {
    char *function = unpark_compare_function(frames[i].function);
    if (i == 0)
      named(t, "cpu_flat", function, "")->count[block]++;
    if (g_hash_table_add(seen, function))
      named(t, "cpu", function, "")->count[block]++;
  }
  return TRUE;
}

static gboolean visit(Trace *t, int table, UnparkRowVisit take_row, GCancellable *cancellable,
                      GError **error) {
  return unpark_store_visit_rows(t->store, table, UNPARK_NONE, t->from_ns, t->to_ns, take_row, t,
                                 cancellable, error);
}

/* How long those ran that began and ended in the trace. */
static void take_goroutines(Trace *t, const UnparkGoroutine *goroutines, guint n) {
  for (guint i = 0; i < n; i++) {
    const UnparkGoroutine *g = &goroutines[i];
    gint64 running = g->total_ns[UNPARK_STATE_RUNNING];
    if (g->system || !counts(t, g->id) || is_outside(t, g->start_ns, g->end_ns))
      continue;
    t->side->n_goroutines++;
    if (g->end_ns == UNPARK_NONE || g->parent == UNPARK_NONE || g->start_ns < t->start_ns ||
        g->end_ns > t->end_ns)
      continue;
    guint block = block_of(t, g->end_ns);
    if (t->work->spec->per == UNPARK_COMPARE_PER_GOROUTINE)
      t->per[block] += 1;
    if (t->work->spec->by > UNPARK_COMPARE_FUNCTION)
      continue;
    g_autofree char *name = unpark_compare_function(unpark_store_string(t->store, g->name_id));
    UnparkCompareSeries *series = named(t, "goroutine", name, "");
    series->total[block] += (double)running;
    series->done[block] += (double)running;
    series->count[block]++;
    unpark_compare_series_keep(series, running, block);
  }
}

static gboolean read_all(Trace *t, GCancellable *cancellable, GError **error) {
  UnparkCompareBy by = t->work->spec->by;
  guint n;
  g_autoptr(GError) failure = NULL;
  const UnparkGoroutine *goroutines = unpark_store_goroutines(t->store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (goroutines)
    take_goroutines(t, goroutines, n);
  if (!visit(t, UNPARK_TABLE_TASK, take_task, cancellable, error))
    return FALSE;
  if (by <= UNPARK_COMPARE_TASK && !visit(t, UNPARK_TABLE_REGION, take_region, cancellable, error))
    return FALSE;
  if (by == UNPARK_COMPARE_TASK)
    return TRUE;
  if (by <= UNPARK_COMPARE_FUNCTION &&
      !(visit(t, UNPARK_TABLE_RANGE, take_range, cancellable, error) &&
        visit(t, UNPARK_TABLE_CPU_SAMPLE, take_sample, cancellable, error)))
    return FALSE;
  return unpark_store_visit_spans(t->store, t->from_ns, t->to_ns, take_spans, t, cancellable,
                                  error);
}

static void sum_up_side(Trace *t) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(t->store, &n);
  for (guint i = 0; i < n; i++)
    if (notes[i].severity != UNPARK_NOTE_INFO)
      unpark_time_sum(&t->side->n_lost, notes[i].count);
  unpark_store_procs(t->store, &n);
  t->side->procs = MAX(t->side->procs, (gint64)n);
  unpark_time_sum(&t->side->duration_ns, t->end_ns - t->start_ns);
}

gboolean unpark_compare_trace(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                              guint file, GCancellable *cancellable, GError **error) {
  static const UnparkComparePart all = {ALL_FROM, G_MAXINT64, NULL, NULL};
  const UnparkSource *source = unpark_store_source(store);
  const UnparkComparePart *parts = is_b ? work->spec->parts_b : work->spec->parts_a;
  const UnparkComparePart *part = parts ? &parts[file] : &all;
  Trace t = {.work = work,
             .store = store,
             .is_b = is_b,
             .file = file,
             .from_ns = part->from_ns,
             .to_ns = part->to_ns,
             .start_ns = CLAMP(part->from_ns, source->start_ns, source->end_ns),
             .end_ns = CLAMP(part->to_ns, source->start_ns, source->end_ns),
             .goroutines = part->goroutines,
             .tasks = part->tasks,
             .lane = UNPARK_NONE,
             .per = is_b ? work->per_b[file] : work->per_a[file],
             .side = is_b ? &work->result->b : &work->result->a};
  double block_ns = MAX((double)(t.end_ns - t.start_ns), 1) / UNPARK_COMPARE_BLOCKS;
  t.by_kind = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  sum_up_side(&t);
  for (guint i = 0; work->spec->per == UNPARK_COMPARE_PER_SECOND && i < UNPARK_COMPARE_BLOCKS; i++)
    t.per[i] = block_ns / 1e9;
  gboolean ok = read_all(&t, cancellable, error);
  g_hash_table_unref(t.by_kind);
  return ok;
}
