/* A closed segment becomes blocks: spans by lane, executions by processor, and
 * zoomed-out rows. Runs on a sink thread. */
#include <stdlib.h>

#include "model/writer-private.h"

#define PREFETCH 24

typedef struct {
  gint64 id;
  guint32 index;
} Ranked;

static int by_id(const void *a, const void *b) {
  const Ranked *x = a, *y = b;
  if (x->id != y->id)
    return x->id < y->id ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index; /* an ended id that came again */
}

/* Span indexes in the order of (goroutine, time); sets first and count of every lane. Spans of a
 * lane were closed in the order of time, so counting sort keeps it. */
static guint32 *order_spans(UnparkSegment *segment, Ranked **ranking) {
  guint n_lanes = segment->lanes->len;
  UnparkSegmentLane *lanes = (UnparkSegmentLane *)segment->lanes->data;
  Ranked *ranked = *ranking = g_new(Ranked, n_lanes + 1);
  g_autofree guint32 *next = g_new(guint32, n_lanes + 1);
  g_autofree guint32 *counts = g_new0(guint32, n_lanes + 1);
  guint32 *order = g_new(guint32, segment->n_spans + 1), first = 0;

  for (guint i = 0; i < n_lanes; i++)
    ranked[i] = (Ranked){lanes[i].id, i};
  for (guint i = 0; i < segment->n_spans; i++)
    counts[segment->span_lanes[i]]++;
  qsort(ranked, n_lanes, sizeof *ranked, by_id);
  for (guint i = 0; i < n_lanes; i++) {
    UnparkSegmentLane *lane = &lanes[ranked[i].index];
    lane->first = next[ranked[i].index] = first;
    lane->count = counts[ranked[i].index];
    first += lane->count;
  }
  for (guint i = 0; i < segment->n_spans; i++)
    order[next[segment->span_lanes[i]]++] = i;
  return order;
}

/* What a runnable span's neighbours in the block tell already is left out. */
static void leave_out(const UnparkSegment *segment, gint64 *const *c, guint i, guint n) {
  const guint8 *state = segment->kind_state;
  if (i > 0 && c[SPAN_LANE][i - 1] == c[SPAN_LANE][i] &&
      state[c[SPAN_KIND][i - 1]] == UNPARK_STATE_WAITING)
    c[SPAN_WAKER][i] = UNPARK_NONE;
  if (i + 1 < n && c[SPAN_LANE][i + 1] == c[SPAN_LANE][i] &&
      state[c[SPAN_KIND][i + 1]] == UNPARK_STATE_RUNNING)
    c[SPAN_PLACE][i] = 0;
}

/* Hands rows base..base+n to the zoomed-out levels, lane by lane; `rank`: lane of row `base`. */
static guint count_rows(UnparkLod *lod, const UnparkSegment *segment, const Ranked *ranked,
                        guint rank, gint64 *const *c, guint base, guint n) {
  const UnparkSegmentLane *lanes = (const UnparkSegmentLane *)segment->lanes->data;
  for (guint i = 0; i < n;) {
    const UnparkSegmentLane *lane = &lanes[ranked[rank].index];
    guint end = MIN(lane->first + lane->count - base, n);
    for (guint k = i; k < end; k++)
      c[SPAN_LANE][k] = lane->id;
    unpark_lod_add(lod, ranked[rank].index, c, i, end);
    if (base + end == lane->first + lane->count)
      rank++;
    i = end;
  }
  return rank;
}

static void unpack_wide(const UnparkSegment *segment, gint64 *const *c, guint i) {
  const UnparkSpanRecord *wide = &g_array_index(segment->wide, UnparkSpanRecord, c[SPAN_START][i]);
  c[SPAN_START][i] = wide->start;
  c[SPAN_DURATION][i] = wide->duration;
  c[SPAN_KIND][i] = wide->kind;
  c[SPAN_STACK][i] = wide->stack;
  c[SPAN_PLACE][i] = wide->place;
  c[SPAN_WAKER][i] = wide->waker;
  c[SPAN_WAKER_STACK][i] = wide->waker_stack ? wide->waker_stack : UNPARK_NONE;
}

static void pack_spans(UnparkForge *forge, const UnparkSegment *segment, const guint32 *order,
                       const Ranked *ranked, UnparkLod *lod) {
  guint rank = 0;
  gint64 **c = forge->columns;
  for (guint base = 0; base < segment->n_spans; base += UNPARK_BLOCK_ROWS) {
    guint n = MIN(segment->n_spans - base, UNPARK_BLOCK_ROWS);
    for (guint i = 0; i < n; i++) {
      const UnparkPackedSpan *span = &segment->spans[order[base + i]];
      if (base + i + PREFETCH < segment->n_spans)
        __builtin_prefetch(&segment->spans[order[base + i + PREFETCH]]);
      c[SPAN_START][i] = span->start;
      c[SPAN_DURATION][i] = span->duration;
      c[SPAN_KIND][i] = span->kind;
      c[SPAN_STACK][i] = span->stack;
      c[SPAN_PLACE][i] = span->place;
      c[SPAN_WAKER][i] = span->waker ? (gint64)span->waker - 1 : UNPARK_NONE;
      c[SPAN_WAKER_STACK][i] = span->waker_stack ? span->waker_stack : UNPARK_NONE;
      if (G_UNLIKELY(span->kind == UNPARK_WIDE_SPAN))
        unpack_wide(segment, c, i);
    }
    rank = count_rows(lod, segment, ranked, rank, c, base, n);
    for (guint i = 0; i < n; i++)
      if (segment->kind_state[c[SPAN_KIND][i]] == UNPARK_STATE_RUNNABLE)
        leave_out(segment, c, i, n);
    unpark_forge_pack(forge, UNPARK_FACT_SPAN, n, -1);
  }
}

static gint64 proc_of(const UnparkSegment *segment, const UnparkExecRecord *exec) {
  return g_array_index(segment->places, UnparkPlace, exec->place).proc;
}

/* Executions by (proc, start): they were closed in the order of their ends, which on one
 * processor is that of their starts; only those without one need sorting. */
static guint32 *order_execs(const UnparkSegment *segment) {
  g_autofree Ranked *ranked = g_new(Ranked, segment->n_execs + 1);
  guint32 *order = g_new(guint32, segment->n_execs + 1);
  gint64 low = G_MAXINT64, high = G_MININT64;
  for (guint i = 0; i < segment->n_execs; i++) {
    ranked[i] = (Ranked){proc_of(segment, &segment->execs[i]), i};
    low = MIN(low, ranked[i].id);
    high = MAX(high, ranked[i].id);
  }
  if (segment->n_execs > 0 && high - low < 65536) {
    g_autofree guint32 *next = g_new0(guint32, (gsize)(high - low) + 2);
    for (guint i = 0; i < segment->n_execs; i++)
      next[ranked[i].id - low + 1]++;
    for (gint64 p = 0; p <= high - low; p++)
      next[p + 1] += next[p];
    for (guint i = 0; i < segment->n_execs; i++)
      order[next[ranked[i].id - low]++] = i;
    return order;
  }
  qsort(ranked, segment->n_execs, sizeof *ranked, by_id);
  for (guint i = 0; i < segment->n_execs; i++)
    order[i] = ranked[i].index;
  return order;
}

static void pack_execs(UnparkForge *forge, const UnparkSegment *segment, const guint32 *order) {
  gint64 **c = forge->columns;
  for (guint base = 0; base < segment->n_execs; base += UNPARK_BLOCK_ROWS) {
    guint n = MIN(segment->n_execs - base, UNPARK_BLOCK_ROWS);
    for (guint i = 0; i < n; i++) {
      const UnparkExecRecord *exec = &segment->execs[order[base + i]];
      const UnparkPlace *place = &g_array_index(segment->places, UnparkPlace, exec->place);
      c[EXEC_PROC][i] = place->proc;
      c[EXEC_START][i] = exec->start;
      c[EXEC_DURATION][i] = exec->duration;
      c[EXEC_GOROUTINE][i] = exec->goroutine;
      c[EXEC_THREAD][i] = place->thread;
    }
    unpark_forge_pack(forge, UNPARK_FACT_EXEC, n, -1);
  }
}

void unpark_segment_job(UnparkForge *forge, gpointer data) {
  UnparkSegment *segment = data;
  g_autofree Ranked *ranked = NULL;
  g_autofree guint32 *order = order_spans(segment, &ranked);
  g_autofree guint32 *exec_order = order_execs(segment);
  UnparkLod *lod = unpark_lod_new(forge, segment);
  pack_spans(forge, segment, order, ranked, lod);
  pack_execs(forge, segment, exec_order);
  unpark_lod_finish(lod, exec_order);
  unpark_segment_free(segment);
}
