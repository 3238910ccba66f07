/* Zoomed-out rows of one segment: for every entry function, for all goroutines, for
 * every processor and for lanes with many spans, how long each state lasted in each
 * of some hundreds of equal buckets, and the longest span that touched it.
 *
 * Every moment of a lane is counted in the segment in which it passed: closed spans
 * are clipped to the segment's start, and spans still open at its end count up to it. */
#include <string.h>

#include "model/store.h"
#include "model/writer-private.h"

#define LANE_SPANS 1024 /* lanes with fewer spans in a segment are read as they are */

typedef struct {
  gint64 ns[UNPARK_N_STATES];
  gint64 longest, goroutine;
  guint32 count;
  gint32 whole[UNPARK_N_STATES]; /* +1/-1 where spans begin/end to cover whole buckets */
  guint16 kind;
} Bucket;

typedef struct {
  Bucket *buckets;
  gint64 from, to;
  guint n, shift; /* a bucket is 1 << shift ns */
} Track;

static guint
shift_for(gint64 length, guint buckets)
{
  guint shift = 0;
  while ((length >> shift) >= buckets)
    shift++;
  return shift;
}

static void
track_init(Track *track, const UnparkSegment *segment, guint buckets)
{
  track->from = segment->from_ns;
  track->to = MAX(segment->to_ns, segment->from_ns + 1);
  track->shift = shift_for(track->to - track->from, buckets);
  track->n = (guint)((track->to - track->from) >> track->shift) + 1;
  track->buckets = g_new0(Bucket, track->n + 1);
}

static inline void
track_longest(Bucket *b, gint64 length, guint16 kind, gint64 goroutine)
{
  if (length >= b->longest) {
    b->longest = length;
    b->kind = kind;
    b->goroutine = goroutine;
  }
}

static inline void
track_add(Track *t, gint64 start, gint64 end, guint state, guint16 kind, gint64 goroutine)
{
  gint64 length = end - start;
  start = MAX(start, t->from);
  end = MIN(end, t->to);
  if (end < start)
    return;
  guint first = (guint)((start - t->from) >> t->shift), last = (guint)((end - t->from) >> t->shift);
  Bucket *b = &t->buckets[first];
  b->count++;
  track_longest(b, length, kind, goroutine);
  if (first == last) {
    b->ns[state] += end - start;
    return;
  }
  gint64 width = (gint64)1 << t->shift;
  b->ns[state] += t->from + (gint64)(first + 1) * width - start;
  Bucket *tail = &t->buckets[last];
  gint64 rest = end - t->from - (gint64)last * width;
  if (rest > 0) {
    tail->ns[state] += rest;
    track_longest(tail, length, kind, goroutine);
  }
  if (last > first + 1) {
    t->buckets[first + 1].whole[state]++;
    t->buckets[last].whole[state]--;
    /* The longest span matters in the buckets it covers whole, too: a long wait must
     * stay visible. Few spans are that long. */
    for (guint i = first + 1; i < last; i++)
      track_longest(&t->buckets[i], length, kind, goroutine);
  }
}

/* Turns the marks of whole buckets into sums. */
static void
track_settle(Track *t)
{
  gint64 whole[UNPARK_N_STATES] = { 0 };
  for (guint i = 0; i < t->n; i++)
    for (guint s = 0; s < UNPARK_N_STATES; s++) {
      whole[s] += t->buckets[i].whole[s];
      t->buckets[i].ns[s] += whole[s] << t->shift;
    }
}

typedef struct {
  UnparkForge *forge;
  guint n;
} Rows;

static void
rows_flush(Rows *rows)
{
  if (rows->n > 0)
    unpark_forge_pack(rows->forge, UNPARK_FACT_LOD, rows->n, -1);
  rows->n = 0;
}

static void
track_emit(Rows *rows, const Track *t, gint64 key)
{
  gint64 **c = rows->forge->columns;
  for (guint i = 0; i < t->n; i++) {
    const Bucket *b = &t->buckets[i];
    if (!(b->ns[0] | b->ns[1] | b->ns[2] | b->ns[3]) && b->count == 0)
      continue;
    guint r = rows->n;
    c[LOD_KEY][r] = key;
    c[LOD_START][r] = t->from + ((gint64)i << t->shift);
    c[LOD_WIDTH][r] = (gint64)1 << t->shift;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      c[LOD_RUNNING + s][r] = b->ns[s];
    c[LOD_LONGEST][r] = b->longest;
    c[LOD_KIND][r] = b->kind;
    c[LOD_COUNT][r] = b->count;
    c[LOD_GOROUTINE][r] = b->goroutine;
    if (++rows->n == UNPARK_BLOCK_ROWS)
      rows_flush(rows);
  }
}

static void
track_merge(Track *into, const Track *t)
{
  for (guint i = 0; i < t->n; i++) {
    Bucket *a = &into->buckets[i];
    const Bucket *b = &t->buckets[i];
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      a->ns[s] += b->ns[s];
    a->count += b->count;
    if (b->longest > a->longest)
      track_longest(a, b->longest, b->kind, b->goroutine);
  }
}

/* ---- groups ------------------------------------------------------------------ */

static GHashTable *
number_groups(const UnparkSegment *segment)
{
  GHashTable *groups = g_hash_table_new(NULL, NULL); /* name -> number + 1 */
  const UnparkSegmentLane *lanes = (const UnparkSegmentLane *)segment->lanes->data;
  for (guint i = 0; i < segment->lanes->len; i++)
    if (!g_hash_table_contains(groups, GUINT_TO_POINTER(lanes[i].name)))
      g_hash_table_insert(groups, GUINT_TO_POINTER(lanes[i].name),
                          GUINT_TO_POINTER(g_hash_table_size(groups) + 1));
  for (guint i = 0; i < segment->open->len; i++) {
    gpointer name = GUINT_TO_POINTER(g_array_index(segment->open, UnparkOpenSpan, i).name);
    if (!g_hash_table_contains(groups, name))
      g_hash_table_insert(groups, name, GUINT_TO_POINTER(g_hash_table_size(groups) + 1));
  }
  return groups;
}

static guint
group_of(GHashTable *groups, guint32 name)
{
  return GPOINTER_TO_UINT(g_hash_table_lookup(groups, GUINT_TO_POINTER(name))) - 1;
}

static void
build_groups(Rows *rows, const UnparkSegment *segment, const guint32 *order)
{
  g_autoptr(GHashTable) groups = number_groups(segment);
  guint n_groups = g_hash_table_size(groups);
  /* Few buckets where groups are many, so that memory stays some megabytes. */
  guint buckets = n_groups <= 128 ? 512 : n_groups <= 1024 ? 128 : 16;
  g_autofree Track *tracks = g_new(Track, n_groups);
  const UnparkSegmentLane *lanes = (const UnparkSegmentLane *)segment->lanes->data;
  GHashTableIter iter;
  gpointer name, number;
  Track all;

  for (guint i = 0; i < n_groups; i++)
    track_init(&tracks[i], segment, buckets);
  track_init(&all, segment, buckets);
  for (guint l = 0; l < segment->lanes->len; l++) {
    Track *track = &tracks[group_of(groups, lanes[l].name)];
    for (guint i = lanes[l].first; i < lanes[l].first + lanes[l].count; i++) {
      const UnparkSpanRecord *span = &segment->spans[order[i]];
      track_add(track, span->start, span->start + span->duration,
                segment->kind_state[span->kind], span->kind, lanes[l].id);
    }
  }
  for (guint i = 0; i < segment->open->len; i++) {
    const UnparkOpenSpan *open = &g_array_index(segment->open, UnparkOpenSpan, i);
    track_add(&tracks[group_of(groups, open->name)], open->start, segment->to_ns,
              segment->kind_state[open->kind], open->kind, open->id);
  }
  g_hash_table_iter_init(&iter, groups);
  while (g_hash_table_iter_next(&iter, &name, &number)) {
    Track *track = &tracks[GPOINTER_TO_UINT(number) - 1];
    track_settle(track);
    track_emit(rows, track, UNPARK_LOD_KEY(UNPARK_LANE_GROUP, GPOINTER_TO_UINT(name)));
    track_merge(&all, track);
    g_free(track->buckets);
  }
  track_emit(rows, &all, UNPARK_LOD_KEY(UNPARK_LANE_ALL, 0));
  g_free(all.buckets);
}

/* ---- lanes with many spans, processors ---------------------------------------- */

static void
build_lane(Rows *rows, const UnparkSegment *segment, const guint32 *order, guint number,
           const UnparkOpenSpan *open)
{
  const UnparkSegmentLane *lane = &g_array_index(segment->lanes, UnparkSegmentLane, number);
  Track track;
  track_init(&track, segment, CLAMP(lane->count / 8, 128, 4096));
  for (guint i = lane->first; i < lane->first + lane->count; i++) {
    const UnparkSpanRecord *span = &segment->spans[order[i]];
    track_add(&track, span->start, span->start + span->duration, segment->kind_state[span->kind],
              span->kind, lane->id);
  }
  if (open)
    track_add(&track, open->start, segment->to_ns, segment->kind_state[open->kind], open->kind,
              lane->id);
  track_settle(&track);
  track_emit(rows, &track, UNPARK_LOD_KEY(UNPARK_LANE_GOROUTINE, lane->id));
  g_free(track.buckets);
}

static void
build_lanes(Rows *rows, const UnparkSegment *segment, const guint32 *order)
{
  g_autofree const UnparkOpenSpan **open_of = g_new0(const UnparkOpenSpan *, segment->lanes->len);
  for (guint i = 0; i < segment->open->len; i++) {
    const UnparkOpenSpan *open = &g_array_index(segment->open, UnparkOpenSpan, i);
    if (open->lane >= 0)
      open_of[open->lane] = open;
  }
  for (guint l = 0; l < segment->lanes->len; l++)
    if (g_array_index(segment->lanes, UnparkSegmentLane, l).count >= LANE_SPANS)
      build_lane(rows, segment, order, l, open_of[l]);
}

static void
build_procs(Rows *rows, const UnparkSegment *segment, const guint32 *order)
{
  for (guint i = 0; i < segment->n_execs;) {
    gint64 proc =
        g_array_index(segment->places, UnparkPlace, segment->execs[order[i]].place).proc;
    guint end = i;
    Track track;
    while (end < segment->n_execs &&
           g_array_index(segment->places, UnparkPlace, segment->execs[order[end]].place).proc ==
               proc)
      end++;
    if (proc >= 0 && end - i >= LANE_SPANS) {
      track_init(&track, segment, CLAMP((end - i) / 8, 128, 4096));
      for (; i < end; i++) {
        const UnparkExecRecord *exec = &segment->execs[order[i]];
        track_add(&track, exec->start, exec->start + exec->duration, UNPARK_STATE_RUNNING, 0,
                  exec->goroutine);
      }
      track_settle(&track);
      track_emit(rows, &track, UNPARK_LOD_KEY(UNPARK_LANE_PROC, proc));
      g_free(track.buckets);
    }
    i = end;
  }
}

void
unpark_lod_build(UnparkForge *forge, const UnparkSegment *segment, const guint32 *order,
                 const guint32 *exec_order)
{
  Rows rows = { .forge = forge };
  build_groups(&rows, segment, order);
  build_lanes(&rows, segment, order);
  build_procs(&rows, segment, exec_order);
  rows_flush(&rows);
}
