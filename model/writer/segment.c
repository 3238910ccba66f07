/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A closed segment becomes blocks: spans by lane, executions by processor, and
 * zoomed-out rows. Runs on a sink thread. */
#include <string.h>

#include "model/writer/large.h"
#include "model/writer/private.h"

/* Spans from one whose place is made ready to the one that is put there. */
#define AHEAD 16

typedef struct {
  gint64 id;
  guint32 index;
} Ranked;

/* Sorts by id, equal ids (an ended one that came again) in the order they are in: byte by byte from
 * the lowest, as far as the ids differ. */
static void sort_by_id(Ranked *items, guint n) {
  g_autofree Ranked *spare = g_new(Ranked, n + 1);
  guint64 differ = 0;
  for (guint i = 1; i < n; i++)
    differ |= (guint64)items[i].id ^ (guint64)items[0].id;
  Ranked *from = items, *to = spare;
  for (guint shift = 0; shift < 64 && differ >> shift; shift += 8) {
    guint next[257] = {0};
    guint8 flip = shift == 56 ? 0x80 : 0; /* negative ids first */
    for (guint i = 0; i < n; i++)
      next[(guint8)((guint64)from[i].id >> shift ^ flip) + 1]++;
    for (guint b = 0; b < 256; b++)
      next[b + 1] += next[b];
    for (guint i = 0; i < n; i++)
      to[next[(guint8)((guint64)from[i].id >> shift ^ flip)]++] = from[i];
    Ranked *swap = from;
    from = to;
    to = swap;
  }
  if (from != items && n > 0)
    memcpy(items, from, n * sizeof *items);
}

/* Memory of the forge for what is sorted. */
static gpointer sorted_memory(UnparkForge *forge, gsize size) {
  UnparkBytes *memory = &forge->sorted;
  memory->size = 0;
  if (size > memory->capacity && size > UNPARK_LARGE_UNIT / 8) {
    unpark_bytes_clear(memory);
    memory->capacity = MAX(size, UNPARK_LARGE_UNIT);
    memory->data = unpark_large_new(memory->capacity);
  }
  unpark_bytes_reserve(memory, size);
  return memory->data;
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

  UnparkPackedSpan *sorted = sorted_memory(forge, segment->n_spans * sizeof(UnparkPackedSpan));
  for (guint i = 0; i < n_lanes; i++)
    ranked[i] = (Ranked){lanes[i].id, i};
  for (guint i = 0; i < segment->n_spans; i++)
    next[segment->span_lanes[i]]++;
  sort_by_id(ranked, n_lanes);
  for (guint i = 0; i < n_lanes; i++) {
    UnparkSegmentLane *lane = &lanes[ranked[i].index];
    lane->first = first;
    lane->count = next[ranked[i].index];
    next[ranked[i].index] = first;
    first += lane->count;
  }
  guint n = segment->n_spans, ahead = n > AHEAD ? n - AHEAD : 0, i = 0;
  const guint32 *lane_of = segment->span_lanes;
  for (; i < ahead; i++) {
    __builtin_prefetch(&sorted[next[lane_of[i + AHEAD]]], 1);
    sorted[next[lane_of[i]]++] = segment->spans[i];
  }
  for (; i < n; i++)
    sorted[next[lane_of[i]]++] = segment->spans[i];
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
      run->end = start;
      if (base + end == lane->first + lane->count)
        rank++;
    }
    unpark_forge_spans(forge, &rows);
  }
}

/* By place: the number of its processor among all of the segment, in ascending order. */
static guint32 *rank_procs(const UnparkSegment *segment) {
  guint n = segment->places->len;
  g_autofree Ranked *ranked = g_new(Ranked, n + 1);
  guint32 *rank = g_new(guint32, n + 1), number = 0;
  for (guint i = 0; i < n; i++)
    ranked[i] = (Ranked){g_array_index(segment->places, UnparkPlace, i).proc, i};
  sort_by_id(ranked, n);
  for (guint i = 0; i < n; i++) {
    number += i > 0 && ranked[i].id != ranked[i - 1].id;
    rank[ranked[i].index] = number;
  }
  return rank;
}

/* Executions by (proc, start), in memory of the forge: they were closed in the order of their ends,
 * which on one processor is that of their starts. */
static const UnparkExecRecord *sort_execs(UnparkForge *forge, const UnparkSegment *segment) {
  g_autofree guint32 *rank = rank_procs(segment);
  g_autofree guint32 *next = g_new0(guint32, segment->places->len + 2);
  UnparkExecRecord *sorted = sorted_memory(forge, segment->n_execs * sizeof(UnparkExecRecord));
  for (guint i = 0; i < segment->n_execs; i++)
    next[rank[segment->execs[i].place] + 1]++;
  for (guint p = 0; p < segment->places->len; p++)
    next[p + 1] += next[p];
  for (guint i = 0; i < segment->n_execs; i++)
    sorted[next[rank[segment->execs[i].place]]++] = segment->execs[i];
  return sorted;
}

static void pack_execs(UnparkForge *forge, const UnparkSegment *segment,
                       const UnparkExecRecord *sorted) {
  const UnparkPlace *places = (const UnparkPlace *)segment->places->data;
  gint64 *proc = forge->columns[EXEC_PROC], *start = forge->columns[EXEC_START];
  gint64 *duration = forge->columns[EXEC_DURATION], *thread = forge->columns[EXEC_THREAD];
  gint64 *goroutine = forge->columns[EXEC_GOROUTINE];
  for (guint base = 0; base < segment->n_execs; base += UNPARK_BLOCK_ROWS) {
    guint n = MIN(segment->n_execs - base, UNPARK_BLOCK_ROWS);
    for (guint i = 0; i < n; i++) {
      const UnparkExecRecord *exec = &sorted[base + i];
      proc[i] = places[exec->place].proc;
      start[i] = exec->start;
      duration[i] = exec->duration;
      goroutine[i] = exec->goroutine;
      thread[i] = places[exec->place].thread;
    }
    unpark_forge_pack(forge, UNPARK_FACT_EXEC, n, -1);
  }
}

void unpark_segment_job(UnparkForge *forge, gpointer data) {
  UnparkSegment *segment = data;
  g_autofree Ranked *ranked = NULL;
  UnparkLod *lod = unpark_lod_new(forge, segment);
  const UnparkPackedSpan *spans = sort_spans(forge, segment, &ranked);
  pack_spans(forge, segment, spans, ranked, lod);
  const UnparkExecRecord *execs = sort_execs(forge, segment); /* where the spans were */
  pack_execs(forge, segment, execs);
  unpark_lod_finish(lod, execs);
  unpark_segment_free(segment);
}
