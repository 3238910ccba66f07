/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of the blocks count, and what they are called. */
#include "model/tables/latency-private.h"
#include "model/base/tables.h"

#define BIT(column) (1u << (column))

guint32 unpark_latency_columns(const UnparkLatencySpec *spec) {
  switch (spec->measure) {
  case UNPARK_LATENCY_RANGE:
    return BIT(RANGE_NAME) | BIT(RANGE_SCOPE) | BIT(RANGE_SCOPE_ID) | BIT(RANGE_START) |
           BIT(RANGE_END);
  case UNPARK_LATENCY_TASK:
    return BIT(TASK_NAME) | BIT(TASK_GOROUTINE) | BIT(TASK_START) | BIT(TASK_END);
  case UNPARK_LATENCY_REGION:
    return BIT(REGION_GOROUTINE) | BIT(REGION_NAME) | BIT(REGION_START) | BIT(REGION_END);
  case UNPARK_LATENCY_SCHED:
    return BIT(SPAN_LANE) | BIT(SPAN_START) | BIT(SPAN_DURATION) | BIT(SPAN_KIND) | BIT(SPAN_PLACE);
  default:
    return BIT(SPAN_LANE) | BIT(SPAN_START) | BIT(SPAN_DURATION) | BIT(SPAN_KIND) |
           (spec->grouping == UNPARK_LATENCY_BY_PROC ? BIT(SPAN_PLACE) : 0);
  }
}

/* 0: none. */
static guint64 key_of_proc(gint64 proc) {
  return proc == UNPARK_NONE || proc < 0 ? 0 : (guint64)proc + 1;
}

static guint64 entry_of(UnparkLatencyScan *scan, gint64 goroutine) {
  const UnparkGoroutine *g = unpark_store_goroutine(scan->store, goroutine);
  return g ? g->name_id : 0;
}

/* ---- spans ---------------------------------------------------------------------------------- */

static UnparkState state_of_measure(UnparkLatencyMeasure measure) {
  switch (measure) {
  case UNPARK_LATENCY_SCHED:
    return UNPARK_STATE_RUNNABLE;
  case UNPARK_LATENCY_SYSCALL:
    return UNPARK_STATE_SYSCALL;
  case UNPARK_LATENCY_RUN:
    return UNPARK_STATE_RUNNING;
  default:
    return UNPARK_STATE_WAITING;
  }
}

/* A state that is open when the trace ends is closed there; only what another state follows has
 * a known length. */
static gboolean has_ended(const UnparkLatencyScan *scan, const UnparkDecoded *d, guint i) {
  gint64 end = d->columns[SPAN_START][i] + d->columns[SPAN_DURATION][i];
  if (scan->spec->measure == UNPARK_LATENCY_SCHED)
    return unpark_span_place(scan->store, d, i) != 0;
  return end < unpark_store_source(scan->store)->end_ns ||
         (i + 1 < d->n && d->columns[SPAN_LANE][i + 1] == d->columns[SPAN_LANE][i]);
}

static guint64 key_of_place(const UnparkLatencyScan *scan, const UnparkDecoded *d, guint i) {
  const UnparkStorePlace *place =
      unpark_store_place(scan->store, unpark_span_place(scan->store, d, i));
  return place ? key_of_proc(place->proc) : 0;
}

static guint64 key_of_kind(const UnparkLatencyScan *scan, gint64 kind) {
  const UnparkKind *k = unpark_store_kind(scan->store, (guint16)kind);
  if (!k)
    return 0;
  switch (scan->spec->measure) {
  case UNPARK_LATENCY_SCHED:
    return k->cause;
  case UNPARK_LATENCY_WAIT:
    return k->reason_id;
  default:
    return 0;
  }
}

static void scan_spans(UnparkLatencyScan *scan, const UnparkDecoded *d) {
  UnparkState state = state_of_measure(scan->spec->measure);
  gint64 lane = UNPARK_NONE, kind = -1;
  gboolean wanted = FALSE, by_entry = scan->spec->grouping == UNPARK_LATENCY_BY_ENTRY;
  gboolean by_proc = scan->spec->grouping == UNPARK_LATENCY_BY_PROC;
  guint64 entry = 0;
  guint series = 0;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i], end = start + MAX(d->columns[SPAN_DURATION][i], 0);
    gboolean same = d->columns[SPAN_LANE][i] == lane && d->columns[SPAN_KIND][i] == kind;
    if (d->columns[SPAN_LANE][i] != lane) {
      lane = d->columns[SPAN_LANE][i];
      wanted = unpark_ids_contain(scan->spec->goroutines, scan->spec->n_goroutines, lane);
      entry = by_entry && wanted ? entry_of(scan, lane) : 0;
      kind = -1;
    }
    if (!wanted || unpark_span_state(scan->store, d, i) != state || d->columns[SPAN_KIND][i] <= 0 ||
        start > scan->spec->to_ns || end < scan->spec->from_ns || !has_ended(scan, d, i))
      continue;
    if (by_proc) {
      series = unpark_latency_series(scan, key_of_place(scan, d, i));
    } else if (!same || kind < 0) {
      kind = d->columns[SPAN_KIND][i];
      series = unpark_latency_series(scan, by_entry ? entry : key_of_kind(scan, kind));
    }
    const UnparkLatencyCase one = {lane, start, end, NULL};
    unpark_latency_take(scan, series, &one);
  }
}

/* ---- rows ------------------------------------------------------------------------------- */

/* Whether ranges of this name are asked for. */
static gboolean wants_name(UnparkLatencyScan *scan, guint32 id) {
  if (!scan->spec->prefix)
    return TRUE;
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(scan->names, GUINT_TO_POINTER(id)));
  if (known == 0) {
    known = 1 + g_str_has_prefix(unpark_store_string(scan->store, id), scan->spec->prefix);
    g_hash_table_insert(scan->names, GUINT_TO_POINTER(id), GUINT_TO_POINTER(known));
  }
  return known == 2;
}

static guint64 key_of_row(UnparkLatencyScan *scan, const UnparkDecoded *d, guint i, guint name,
                          gint64 goroutine) {
  switch (scan->spec->grouping) {
  case UNPARK_LATENCY_BY_ENTRY:
    return entry_of(scan, goroutine);
  case UNPARK_LATENCY_BY_PROC:
    return scan->spec->measure == UNPARK_LATENCY_RANGE &&
                   d->columns[RANGE_SCOPE][i] == UNPARK_SCOPE_PROC
               ? key_of_proc(d->columns[RANGE_SCOPE_ID][i])
               : 0;
  default:
    return (guint64)(guint32)d->columns[name][i];
  }
}

static void scan_intervals(UnparkLatencyScan *scan, const UnparkDecoded *d, guint name, guint start,
                           guint end, guint goroutine) {
  gboolean range = scan->spec->measure == UNPARK_LATENCY_RANGE;
  for (guint i = 0; i < d->n; i++) {
    UnparkLatencyCase one = {d->columns[goroutine][i], d->columns[start][i], d->columns[end][i],
                             NULL};
    if (one.start_ns == UNPARK_NONE || one.end_ns == UNPARK_NONE || one.end_ns < one.start_ns ||
        one.start_ns > scan->spec->to_ns || one.end_ns < scan->spec->from_ns)
      continue;
    if (range && !wants_name(scan, (guint32)d->columns[RANGE_NAME][i]))
      continue;
    if (range && d->columns[RANGE_SCOPE][i] != UNPARK_SCOPE_GOROUTINE)
      one.goroutine = UNPARK_NONE;
    if (!unpark_ids_contain(scan->spec->goroutines, scan->spec->n_goroutines, one.goroutine))
      continue;
    guint64 key = key_of_row(scan, d, i, name, one.goroutine);
    unpark_latency_take(scan, unpark_latency_series(scan, key), &one);
  }
}

void unpark_latency_scan_rows(UnparkLatencyScan *scan, const UnparkDecoded *d) {
  switch (scan->spec->measure) {
  case UNPARK_LATENCY_RANGE:
    scan_intervals(scan, d, RANGE_NAME, RANGE_START, RANGE_END, RANGE_SCOPE_ID);
    break;
  case UNPARK_LATENCY_TASK:
    scan_intervals(scan, d, TASK_NAME, TASK_START, TASK_END, TASK_GOROUTINE);
    break;
  case UNPARK_LATENCY_REGION:
    scan_intervals(scan, d, REGION_NAME, REGION_START, REGION_END, REGION_GOROUTINE);
    break;
  default:
    scan_spans(scan, d);
  }
}

void unpark_latency_name_series(UnparkLatencyScan *scan, guint64 key, UnparkLatencySeries *series) {
  UnparkLatencyMeasure measure = scan->spec->measure;
  series->state = state_of_measure(measure);
  series->wait = UNPARK_WAIT_OTHER;
  if (key == UNPARK_LATENCY_REST) {
    series->name = g_strdup("");
    return;
  }
  if (scan->spec->grouping == UNPARK_LATENCY_BY_PROC) {
    series->name = key ? g_strdup_printf("%" G_GUINT64_FORMAT, key - 1) : g_strdup("");
    return;
  }
  if (scan->spec->grouping == UNPARK_LATENCY_BY_NAME) {
    if (measure == UNPARK_LATENCY_SCHED) {
      series->name = g_strdup(unpark_cause_name(key < UNPARK_N_CAUSES ? (UnparkCause)key : 0));
      return;
    }
    if (measure == UNPARK_LATENCY_SYSCALL || measure == UNPARK_LATENCY_RUN) {
      series->name = g_strdup("");
      return;
    }
  }
  series->name = g_strdup(unpark_store_string(scan->store, (guint32)key));
  if (measure == UNPARK_LATENCY_WAIT && scan->spec->grouping == UNPARK_LATENCY_BY_NAME)
    series->wait = unpark_wait_of_reason(series->name);
}
