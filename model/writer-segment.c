/* A closed segment becomes blocks: spans by lane, executions by processor, and
 * zoomed-out rows. Runs on a sink thread. */
#include <stdlib.h>

#include "model/writer-private.h"

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

/* The spans in the order of (goroutine, time), in memory of the forge; sets first and count of
 * every lane. Spans of a lane were closed in the order of time, so counting sort keeps it. */
static const UnparkPackedSpan *sort_spans(UnparkForge *forge, UnparkSegment *segment,
                                          Ranked **ranking) {
  guint n_lanes = segment->lanes->len;
  UnparkSegmentLane *lanes = (UnparkSegmentLane *)segment->lanes->data;
  Ranked *ranked = *ranking = g_new(Ranked, n_lanes + 1);
  g_autofree guint32 *next = g_new0(guint32, n_lanes + 1);
  guint32 first = 0;

  forge->sorted.size = 0;
  unpark_bytes_reserve(&forge->sorted, segment->n_spans * sizeof(UnparkPackedSpan));
  UnparkPackedSpan *sorted = (gpointer)forge->sorted.data;
  for (guint i = 0; i < n_lanes; i++)
    ranked[i] = (Ranked){lanes[i].id, i};
  for (guint i = 0; i < segment->n_spans; i++)
    next[segment->span_lanes[i]]++;
  qsort(ranked, n_lanes, sizeof *ranked, by_id);
  for (guint i = 0; i < n_lanes; i++) {
    UnparkSegmentLane *lane = &lanes[ranked[i].index];
    lane->first = first;
    lane->count = next[ranked[i].index];
    next[ranked[i].index] = first;
    first += lane->count;
  }
  for (guint i = 0; i < segment->n_spans; i++)
    sorted[next[segment->span_lanes[i]]++] = segment->spans[i];
  return sorted;
}

static void pack_spans(UnparkForge *forge, const UnparkSegment *segment,
                       const UnparkPackedSpan *sorted, const Ranked *ranked, UnparkLod *lod) {
  const UnparkSegmentLane *lanes = (const UnparkSegmentLane *)segment->lanes->data;
  g_autofree UnparkSpanRun *runs = g_new(UnparkSpanRun, UNPARK_BLOCK_ROWS);
  UnparkSpanRows rows = {.runs = runs,
                         .wide = (const UnparkSpanRecord *)segment->wide->data,
                         .kind_state = segment->kind_state};
  guint rank = 0;
  gint64 start = 0; /* of the next span of a lane that a block's end has cut */
  for (guint base = 0; base < segment->n_spans; base += rows.n) {
    rows.spans = sorted + base;
    rows.n = MIN(segment->n_spans - base, UNPARK_BLOCK_ROWS);
    rows.n_runs = 0;
    for (guint i = 0, end; i < rows.n; i = end) {
      const UnparkSegmentLane *lane = &lanes[ranked[rank].index];
      UnparkSpanRun *run = &runs[rows.n_runs++];
      end = MIN(lane->first + lane->count - base, rows.n);
      run->lane = lane->id;
      run->start = lane->first == base + i ? lane->start : start;
      run->count = end - i;
      start = unpark_lod_add(lod, ranked[rank].index, rows.spans + i, run->count, run->start);
      if (base + end == lane->first + lane->count)
        rank++;
    }
    unpark_forge_spans(forge, &rows);
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
  const UnparkPackedSpan *sorted = sort_spans(forge, segment, &ranked);
  g_autofree guint32 *exec_order = order_execs(segment);
  UnparkLod *lod = unpark_lod_new(forge, segment);
  pack_spans(forge, segment, sorted, ranked, lod);
  pack_execs(forge, segment, exec_order);
  unpark_lod_finish(lod, exec_order);
  unpark_segment_free(segment);
}
