/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/proc-use.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/store/scan.h"

/* More processors than a trace may have: what a damaged file says is not believed. */
#define MOST_PROCS 65536

typedef enum { CHANGE_PROCS, CHANGE_RUN, CHANGE_RUNNABLE } ChangeType;

/* At one time: `delta` more goroutines on a processor (0: another number of processors). */
typedef struct {
  gint64 time_ns;
  gint32 proc; /* RUN; of PROCS how many */
  gint8 delta;
  guint8 type;   /* ChangeType */
  guint8 counts; /* RUN: of a goroutine that counts */
} Change;

/* Of one thread. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
  const gint64 *ids;
  guint n_ids;
  GArray *changes;
} Scan;

static void add(GArray *changes, gint64 time_ns, ChangeType type, gint64 proc, int delta,
                gboolean counts) {
  Change change = {time_ns, (gint32)proc, (gint8)delta, (guint8)type, counts != 0};
  g_array_append_val(changes, change);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void add_stretch(Scan *scan, ChangeType type, gint64 proc, gint64 start, gint64 end,
                        gboolean counts) {
  gint64 from = MAX(start, scan->from_ns), to = MIN(end, scan->to_ns);
  if (from >= to)
    return;
  add(scan->changes, from, type, proc, 1, counts);
  add(scan->changes, to, type, proc, -1, counts);
}

static void scan_runs(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  for (guint i = 0; i < d->n; i++) {
    gint64 proc = d->columns[EXEC_PROC][i], start = d->columns[EXEC_START][i];
    if (proc >= 0 && proc < MOST_PROCS)
      add_stretch(scan, CHANGE_RUN, proc, start, start + d->columns[EXEC_DURATION][i],
                  unpark_ids_contain(scan->ids, scan->n_ids, d->columns[EXEC_GOROUTINE][i]));
  }
}

static void scan_spans(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  gint64 lane = UNPARK_NONE;
  gboolean counts = FALSE;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i];
    if (d->columns[SPAN_LANE][i] != lane) {
      lane = d->columns[SPAN_LANE][i];
      counts = unpark_ids_contain(scan->ids, scan->n_ids, lane);
    }
    if (counts && unpark_span_state(scan->store, d, i) == UNPARK_STATE_RUNNABLE)
      add_stretch(scan, CHANGE_RUNNABLE, 0, start, start + d->columns[SPAN_DURATION][i], TRUE);
  }
}

/* GOMAXPROCS, and where it is not told how many processors ran. */
static gboolean load_procs(Scan *scan, GCancellable *cancellable, GError **error) {
  guint n, columns, n_ran, n_told = 0;
  gint64 before = 0;
  g_autoptr(GError) failure = NULL;
  const gint64 *ran = unpark_store_procs(scan->store, &n_ran);
  g_autofree gint64 *rows = unpark_store_rows(scan->store, UNPARK_TABLE_METRIC, G_MININT64 + 1,
                                              G_MAXINT64, &n, &columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; rows && i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    gint64 procs = CLAMP(row[METRIC_VALUE], 0, MOST_PROCS);
    if (strcmp(unpark_store_string(scan->store, (guint32)row[METRIC_NAME]),
               "/sched/gomaxprocs:threads") != 0 ||
        row[METRIC_TIME] > scan->to_ns)
      continue;
    /* The first is known a moment after the beginning. */
    if (n_told++ == 0 || row[METRIC_TIME] <= scan->from_ns)
      before = procs;
    else
      add(scan->changes, row[METRIC_TIME], CHANGE_PROCS, procs, 0, FALSE);
  }
  for (guint i = 0; n_told == 0 && i < n_ran; i++)
    before = MAX(before, CLAMP(ran[i] + 1, 0, MOST_PROCS));
  add(scan->changes, scan->from_ns, CHANGE_PROCS, before, 0, FALSE);
  return TRUE;
}

static gboolean load(Scan scans[UNPARK_SCAN_THREADS], GCancellable *cancellable, GError **error) {
  const guint32 run_columns =
      1u << EXEC_PROC | 1u << EXEC_START | 1u << EXEC_DURATION | 1u << EXEC_GOROUTINE;
  const guint32 span_columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND;
  gpointer data[UNPARK_SCAN_THREADS];
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    data[i] = &scans[i];
  if (!load_procs(&scans[0], cancellable, error) ||
      !unpark_scan(scans[0].store, UNPARK_FACT_EXEC, run_columns, scans[0].from_ns, scans[0].to_ns,
                   scan_runs, data, cancellable, error) ||
      !unpark_scan(scans[0].store, UNPARK_FACT_SPAN, span_columns, scans[0].from_ns, scans[0].to_ns,
                   scan_spans, data, cancellable, error))
    return FALSE;
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++)
    g_array_append_vals(scans[0].changes, scans[i].changes->data, scans[i].changes->len);
  return TRUE;
}

/* ---- summing up ----------------------------------------------------------------------------- */

typedef struct {
  UnparkProcUse *use;
  guint n_procs;   /* now */
  gint32 *runs;    /* by processor: goroutines on it; more than one at once only in damaged files */
  gint32 *counted; /* of them, those that count */
  gint64 n_idle;   /* processors that are there without a run */
  gint64 n_runnable; /* goroutines */
  gint64 now_ns;
  gint64 ready_ns; /* so far with a goroutine runnable */
  /* By processor: when its present state (there or not, busy or not) began, and ready_ns then. */
  gint64 *since_ns, *ready_since_ns;
} Sum;

/* The processor's state ends. */
static void close_state(Sum *sum, guint proc) {
  UnparkProcRow *row = &sum->use->procs[proc];
  gint64 ns = sum->now_ns - sum->since_ns[proc];
  if (sum->counted[proc] > 0)
    unpark_time_sum(&row->busy_ns, ns);
  else if (sum->runs[proc] > 0)
    unpark_time_sum(&row->other_ns, ns);
  else if (proc < sum->n_procs) {
    unpark_time_sum(&row->idle_ns, ns);
    unpark_time_sum(&row->idle_runnable_ns, sum->ready_ns - sum->ready_since_ns[proc]);
  }
  if (proc < sum->n_procs)
    unpark_time_sum(&row->there_ns, ns);
  sum->since_ns[proc] = sum->now_ns;
  sum->ready_since_ns[proc] = sum->ready_ns;
}

static void advance(Sum *sum, gint64 to_ns) {
  gint64 ns = to_ns - sum->now_ns;
  UnparkProcUse *use = sum->use;
  if (sum->n_runnable > 0)
    unpark_time_sum(&sum->ready_ns, ns);
  unpark_time_sum(&use->runnable_ns, unpark_time_multiply(ns, sum->n_runnable));
  unpark_time_sum(&use->wasted_ns,
                  unpark_time_multiply(ns, MAX(MIN(sum->n_idle, sum->n_runnable), 0)));
  sum->now_ns = to_ns;
}

static void set_procs(Sum *sum, guint n) {
  UnparkProcUse *use = sum->use;
  for (guint i = MIN(n, sum->n_procs); i < MAX(n, sum->n_procs); i++) {
    close_state(sum, i);
    if (sum->runs[i] == 0)
      sum->n_idle += n > sum->n_procs ? 1 : -1;
  }
  use->least_procs = sum->n_procs == 0 ? n : MIN(use->least_procs, n);
  use->most_procs = MAX(use->most_procs, n);
  sum->n_procs = n;
}

static void take_run(Sum *sum, const Change *change) {
  guint proc = (guint)change->proc;
  close_state(sum, proc);
  gboolean was_idle = sum->runs[proc] == 0;
  sum->runs[proc] += change->delta;
  sum->counted[proc] += change->counts ? change->delta : 0;
  sum->use->procs[proc].n_runs += change->counts && change->delta > 0;
  if (proc < sum->n_procs && was_idle != (sum->runs[proc] == 0))
    sum->n_idle += was_idle ? -1 : 1;
}

static void take(Sum *sum, const Change *change) {
  advance(sum, change->time_ns);
  if (change->type == CHANGE_PROCS)
    set_procs(sum, (guint)change->proc);
  else if (change->type == CHANGE_RUNNABLE)
    sum->n_runnable += change->delta;
  else
    take_run(sum, change);
}

static int in_order(const void *a, const void *b) {
  const Change *x = a, *y = b;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->type != y->type)
    return x->type - y->type;
  return x->delta - y->delta;
}

static UnparkProcUse *sum_up(GArray *changes, gint64 from_ns, gint64 to_ns) {
  guint size = 0;
  for (guint i = 0; i < changes->len; i++) {
    const Change *change = &g_array_index(changes, Change, i);
    if (change->type != CHANGE_RUNNABLE)
      size = MAX(size, (guint)change->proc + (change->type == CHANGE_RUN));
  }
  UnparkProcUse *use = g_new0(UnparkProcUse, 1);
  use->n_procs = size;
  use->procs = g_new0(UnparkProcRow, (gsize)size + 1);
  g_autofree gint32 *runs = g_new0(gint32, (gsize)size + 1);
  g_autofree gint32 *counted = g_new0(gint32, (gsize)size + 1);
  g_autofree gint64 *since = g_new0(gint64, (gsize)size + 1);
  g_autofree gint64 *ready_since = g_new0(gint64, (gsize)size + 1);
  Sum sum = {.use = use,
             .runs = runs,
             .counted = counted,
             .now_ns = from_ns,
             .since_ns = since,
             .ready_since_ns = ready_since};
  for (guint i = 0; i < size; i++) {
    use->procs[i].proc = i;
    since[i] = from_ns;
  }
  for (guint i = 0; i < changes->len; i++)
    take(&sum, &g_array_index(changes, Change, i));
  advance(&sum, to_ns);
  for (guint i = 0; i < size; i++) {
    const UnparkProcRow *row = &use->procs[i];
    close_state(&sum, i);
    unpark_time_sum(&use->capacity_ns, row->there_ns);
    unpark_time_sum(&use->busy_ns, row->busy_ns);
    unpark_time_sum(&use->other_ns, row->other_ns);
    unpark_time_sum(&use->idle_ns, row->idle_ns);
  }
  return use;
}

UnparkProcUse *unpark_proc_use_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                   const gint64 *ids, guint n_ids, GCancellable *cancellable,
                                   GError **error) {
  const UnparkSource *source = unpark_store_source(store);
  Scan scans[UNPARK_SCAN_THREADS];
  UnparkProcUse *use = NULL;
  from_ns = CLAMP(from_ns, source->start_ns, source->end_ns);
  to_ns = CLAMP(to_ns, from_ns, source->end_ns);
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    scans[i] = (Scan){store, from_ns, to_ns, ids, n_ids, g_array_new(FALSE, FALSE, sizeof(Change))};
  if (load(scans, cancellable, error)) {
    g_array_sort(scans[0].changes, in_order);
    use = sum_up(scans[0].changes, from_ns, to_ns);
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    g_array_unref(scans[i].changes);
  return use;
}

void unpark_proc_use_free(UnparkProcUse *use) {
  if (!use)
    return;
  g_free(use->procs);
  g_free(use);
}
