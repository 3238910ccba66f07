/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zoomed-out rows of one segment: for every entry function, for all goroutines, for
 * every processor and for lanes with many spans, how long each state lasted in each
 * of some hundreds of equal buckets, and the longest span that touched it.
 *
 * Every moment of a lane is counted in the segment in which it passed: closed spans
 * are clipped to the segment's start, and spans still open at its end count up to it. */
#include <string.h>

#include "model/base/times.h"
#include "model/store/store.h"
#include "model/writer/private.h"

#define LANE_SPANS 1024 /* lanes with fewer spans in a segment are read as they are */

typedef struct {
  gint64 ns[UNPARK_N_STATES];
  gint64 longest, goroutine;
  guint32 count;
  gint32 whole[UNPARK_N_STATES]; /* +1/-1 where spans begin/end to cover whole buckets */
  guint16 kind;
} Bucket;

/* The longest span among those that cover 1 << level buckets from here on. */
typedef struct {
  gint64 longest, goroutine;
  guint16 kind;
} Cover;

typedef struct {
  Bucket *buckets;
  Cover *covers; /* levels of n each; NULL: no span covers a whole bucket */
  guint levels;  /* of covers that are in use, a bit each; the others are not even cleared */
  gint64 from, to;
  guint n, shift; /* a bucket is 1 << shift ns */
} Track;

static guint shift_for(gint64 length, guint buckets) {
  guint shift = 0;
  while ((length >> shift) >= buckets)
    shift++;
  return shift;
}

static void track_init(Track *track, const UnparkSegment *segment, guint buckets) {
  track->from = segment->from_ns;
  track->to = MAX(segment->to_ns, segment->from_ns + 1);
  track->shift = shift_for(track->to - track->from, buckets);
  track->n = (guint)((track->to - track->from) >> track->shift) + 1;
  track->buckets = g_new0(Bucket, track->n + 1);
  track->covers = NULL;
  track->levels = 0;
}

static void track_clear(Track *track) {
  g_free(track->buckets);
  g_free(track->covers);
}

static guint log2_of(guint n) {
  return 31 - (guint)__builtin_clz(n);
}

static inline void track_longest(Bucket *b, gint64 length, guint16 kind, gint64 goroutine) {
  if (length >= b->longest) {
    b->longest = length;
    b->kind = kind;
    b->goroutine = goroutine;
  }
}

static inline void cover(Cover *c, gint64 length, guint16 kind, gint64 goroutine) {
  if (length > c->longest)
    *c = (Cover){length, goroutine, kind};
}

static Cover *cover_level(Track *t, guint level) {
  Cover *row = t->covers + (gsize)level * t->n;
  if (!(t->levels & 1u << level))
    memset(row, 0, t->n * sizeof *row);
  t->levels |= 1u << level;
  return row;
}

/* A span that covers the buckets [first, last) whole counts in them, and is the longest in them
 * if none is longer: a rare long wait must stay visible. */
static void track_cover(Track *t, guint first, guint last, gint64 length, guint state, guint16 kind,
                        gint64 goroutine) {
  if (!t->covers)
    t->covers = g_new(Cover, (gsize)t->n * (log2_of(t->n) + 1));
  t->buckets[first].whole[state]++;
  t->buckets[last].whole[state]--;
  guint level = log2_of(last - first);
  Cover *row = cover_level(t, level);
  cover(&row[first], length, kind, goroutine);
  cover(&row[last - (1u << level)], length, kind, goroutine);
}

static inline void track_add(Track *t, gint64 start, gint64 end, guint state, guint16 kind,
                             gint64 goroutine) {
  gint64 length = end - start;
  start = MAX(start, t->from);
  end = MIN(end, t->to);
  if (end < start)
    return;
  guint first = (guint)((start - t->from) >> t->shift), last = (guint)((end - t->from) >> t->shift);
  Bucket *b = &t->buckets[first];
  b->count++;
  track_longest(b, length, kind, goroutine);
  if (G_LIKELY(first == last)) {
    unpark_time_sum(&b->ns[state], end - start);
    return;
  }
  gint64 width = (gint64)1 << t->shift;
  unpark_time_sum(&b->ns[state], t->from + (gint64)(first + 1) * width - start);
  Bucket *tail = &t->buckets[last];
  gint64 rest = end - t->from - (gint64)last * width;
  if (rest > 0) {
    unpark_time_sum(&tail->ns[state], rest);
    track_longest(tail, length, kind, goroutine);
  }
  if (last > first + 1)
    track_cover(t, first + 1, last, length, state, kind, goroutine);
}

/* What spans within one bucket come to, until it is left. */
typedef struct {
  guint32 count;
  guint16 kind;
  gint64 longest;
} Visit;

static inline void track_leave(Track *t, guint bucket, const Visit *visit, gint64 goroutine) {
  if (visit->count == 0)
    return;
  t->buckets[bucket].count += visit->count;
  track_longest(&t->buckets[bucket], visit->longest, visit->kind, goroutine);
}

/* Spans one after another from `start` on. Gives their end. */
static gint64 track_run(Track *t, const UnparkSegment *segment, const UnparkPackedSpan *spans,
                        guint n, gint64 start, gint64 goroutine) {
  const UnparkSpanRecord *wide = (const UnparkSpanRecord *)segment->wide->data;
  const guint8 *kind_state = segment->kind_state;
  guint bucket = G_MAXUINT, shift = t->shift; /* in which the span before ended */
  gint64 from = t->from;
  Visit visit = {0};
  for (guint i = 0; i < n; i++) {
    guint16 kind = spans[i].kind;
    gint64 length = spans[i].duration;
    if (G_UNLIKELY(kind == UNPARK_WIDE_SPAN)) {
      kind = wide[spans[i].stack].kind;
      length = wide[spans[i].stack].duration;
    }
    gint64 end = start + length;
    guint last = (guint)((end - from) >> shift);
    if (G_LIKELY(last == bucket)) {
      gboolean longer = length >= visit.longest;
      unpark_time_sum(&t->buckets[bucket].ns[kind_state[kind]], length);
      visit.count++;
      visit.longest = longer ? length : visit.longest;
      visit.kind = longer ? kind : visit.kind;
    } else {
      track_leave(t, bucket, &visit, goroutine);
      track_add(t, start, end, kind_state[kind], kind, goroutine);
      visit = (Visit){0};
      bucket = last;
    }
    start = end;
  }
  track_leave(t, bucket, &visit, goroutine);
  return start;
}

/* Hands the covers of every level down to the buckets. */
static void track_settle_covers(Track *t) {
  for (guint level = log2_of(t->n); level > 0; level--) {
    if (!(t->levels & 1u << level))
      continue;
    Cover *row = t->covers + (gsize)level * t->n, *below = cover_level(t, level - 1);
    for (guint i = 0; i < t->n; i++)
      if (row[i].longest) {
        guint half = i + (1u << (level - 1));
        cover(&below[i], row[i].longest, row[i].kind, row[i].goroutine);
        if (half < t->n)
          cover(&below[half], row[i].longest, row[i].kind, row[i].goroutine);
      }
  }
  for (guint i = 0; i < t->n; i++)
    if (t->covers[i].longest)
      track_longest(&t->buckets[i], t->covers[i].longest, t->covers[i].kind,
                    t->covers[i].goroutine);
}

/* Turns the marks of whole buckets into sums. */
static void track_settle(Track *t) {
  gint64 whole[UNPARK_N_STATES] = {0};
  if (t->covers)
    track_settle_covers(t);
  for (guint i = 0; i < t->n; i++)
    for (guint s = 0; s < UNPARK_N_STATES; s++) {
      whole[s] += t->buckets[i].whole[s];
      unpark_time_sum(&t->buckets[i].ns[s], unpark_time_multiply(whole[s], (gint64)1 << t->shift));
    }
}

/* Rows on their way into blocks. They are collected apart from the forge's columns, which hold
 * spans meanwhile. */
typedef struct {
  UnparkForge *forge;
  gint64 *columns[UNPARK_MAX_COLUMNS];
  guint n, capacity;
} Rows;

static void rows_flush(Rows *rows) {
  guint n_columns = unpark_facts[UNPARK_FACT_LOD].n_columns;
  for (guint base = 0; base < rows->n; base += UNPARK_BLOCK_ROWS) {
    guint n = MIN(rows->n - base, UNPARK_BLOCK_ROWS);
    for (guint c = 0; c < n_columns; c++)
      memcpy(rows->forge->columns[c], rows->columns[c] + base, n * sizeof(gint64));
    unpark_forge_pack(rows->forge, UNPARK_FACT_LOD, n, -1);
  }
  for (guint c = 0; c < n_columns; c++)
    g_free(rows->columns[c]);
}

static void rows_reserve(Rows *rows, guint more) {
  if (rows->n + more <= rows->capacity)
    return;
  rows->capacity = MAX(rows->capacity * 2, rows->n + more);
  for (guint c = 0; c < unpark_facts[UNPARK_FACT_LOD].n_columns; c++)
    rows->columns[c] = g_renew(gint64, rows->columns[c], rows->capacity);
}

static void track_emit(Rows *rows, const Track *t, gint64 key) {
  rows_reserve(rows, t->n);
  gint64 **c = rows->columns;
  for (guint i = 0; i < t->n; i++) {
    const Bucket *b = &t->buckets[i];
    if (!(b->ns[0] | b->ns[1] | b->ns[2] | b->ns[3]) && b->count == 0)
      continue;
    guint r = rows->n;
    c[LOD_KEY][r] = key;
    c[LOD_START][r] = t->from + ((gint64)i << t->shift);
    c[LOD_WIDTH][r] = MIN((gint64)1 << t->shift, t->to - c[LOD_START][r]);
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      c[LOD_RUNNING + s][r] = b->ns[s];
    c[LOD_LONGEST][r] = b->longest;
    c[LOD_KIND][r] = b->kind;
    c[LOD_COUNT][r] = b->count;
    c[LOD_GOROUTINE][r] = b->goroutine;
    rows->n++;
  }
}

static void track_merge(Track *into, const Track *t) {
  for (guint i = 0; i < t->n; i++) {
    Bucket *a = &into->buckets[i];
    const Bucket *b = &t->buckets[i];
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      unpark_time_sum(&a->ns[s], b->ns[s]);
    a->count += b->count;
    if (b->longest > a->longest)
      track_longest(a, b->longest, b->kind, b->goroutine);
  }
}

/* ---- groups and lanes ------------------------------------------------------------ */

struct _UnparkLod {
  const UnparkSegment *segment;
  Rows rows;
  GHashTable *groups; /* name -> number + 1 */
  Track *tracks;      /* by group number */
  guint buckets;
  Track lane;                     /* of the lane being read, if it has many spans */
  guint lane_number;              /* G_MAXUINT: none */
  const UnparkOpenSpan **open_of; /* by segment lane */
};

static guint number_group(GHashTable *groups, guint32 name) {
  gpointer key = GUINT_TO_POINTER(name);
  guint number = GPOINTER_TO_UINT(g_hash_table_lookup(groups, key));
  if (!number) {
    number = g_hash_table_size(groups) + 1;
    g_hash_table_insert(groups, key, GUINT_TO_POINTER(number));
  }
  return number - 1;
}

static Track *group_track(UnparkLod *lod, guint32 name) {
  gpointer number = g_hash_table_lookup(lod->groups, GUINT_TO_POINTER(name));
  return &lod->tracks[GPOINTER_TO_UINT(number) - 1];
}

UnparkLod *unpark_lod_new(UnparkForge *forge, UnparkSegment *segment) {
  UnparkLod *lod = g_new0(UnparkLod, 1);
  UnparkSegmentLane *lanes = (UnparkSegmentLane *)segment->lanes->data;
  lod->segment = segment;
  lod->rows.forge = forge;
  lod->lane_number = G_MAXUINT;
  lod->groups = g_hash_table_new(NULL, NULL);
  lod->open_of = g_new0(const UnparkOpenSpan *, segment->lanes->len + 1);
  for (guint i = 0; i < segment->lanes->len; i++)
    lanes[i].group = number_group(lod->groups, lanes[i].name);
  for (guint i = 0; i < segment->open->len; i++) {
    const UnparkOpenSpan *open = &g_array_index(segment->open, UnparkOpenSpan, i);
    number_group(lod->groups, open->name);
    if (open->lane >= 0)
      lod->open_of[open->lane] = open;
  }
  guint n = g_hash_table_size(lod->groups);
  /* Few buckets where groups are many, so that memory stays some megabytes. */
  lod->buckets = n <= 128 ? 256 : n <= 1024 ? 64 : 16;
  lod->tracks = g_new(Track, n);
  for (guint i = 0; i < n; i++)
    track_init(&lod->tracks[i], segment, lod->buckets);
  return lod;
}

static void end_lane(UnparkLod *lod) {
  if (lod->lane_number == G_MAXUINT)
    return;
  const UnparkOpenSpan *open = lod->open_of[lod->lane_number];
  const UnparkSegmentLane *lane =
      &g_array_index(lod->segment->lanes, UnparkSegmentLane, lod->lane_number);
  if (open)
    track_add(&lod->lane, open->start, lod->segment->to_ns, lod->segment->kind_state[open->kind],
              open->kind, lane->id);
  track_settle(&lod->lane);
  track_emit(&lod->rows, &lod->lane, UNPARK_LOD_KEY(UNPARK_LANE_GOROUTINE, lane->id));
  track_clear(&lod->lane);
  lod->lane_number = G_MAXUINT;
}

gint64 unpark_lod_add(UnparkLod *lod, guint lane_number, const UnparkPackedSpan *spans, guint n,
                      gint64 start) {
  const UnparkSegmentLane *lane =
      &g_array_index(lod->segment->lanes, UnparkSegmentLane, lane_number);
  gint64 end = track_run(&lod->tracks[lane->group], lod->segment, spans, n, start, lane->id);
  if (lane->count < LANE_SPANS)
    return end;
  if (lod->lane_number != lane_number) {
    end_lane(lod);
    lod->lane_number = lane_number;
    track_init(&lod->lane, lod->segment, CLAMP(lane->count / 32, 64, 1024));
  }
  return track_run(&lod->lane, lod->segment, spans, n, start, lane->id);
}

static void finish_groups(UnparkLod *lod) {
  const UnparkSegment *segment = lod->segment;
  GHashTableIter iter;
  gpointer name, number;
  Track all;
  for (guint i = 0; i < segment->open->len; i++) {
    const UnparkOpenSpan *open = &g_array_index(segment->open, UnparkOpenSpan, i);
    track_add(group_track(lod, open->name), open->start, segment->to_ns,
              segment->kind_state[open->kind], open->kind, open->id);
  }
  track_init(&all, segment, lod->buckets);
  g_hash_table_iter_init(&iter, lod->groups);
  while (g_hash_table_iter_next(&iter, &name, &number)) {
    Track *track = &lod->tracks[GPOINTER_TO_UINT(number) - 1];
    track_settle(track);
    track_emit(&lod->rows, track, UNPARK_LOD_KEY(UNPARK_LANE_GROUP, GPOINTER_TO_UINT(name)));
    track_merge(&all, track);
    track_clear(track);
  }
  track_emit(&lod->rows, &all, UNPARK_LOD_KEY(UNPARK_LANE_ALL, 0));
  track_clear(&all);
}

/* ---- processors ------------------------------------------------------------------- */

static gint64 proc_of(const UnparkSegment *segment, const UnparkExecRecord *exec) {
  return g_array_index(segment->places, UnparkPlace, exec->place).proc;
}

static void build_procs(UnparkLod *lod, const UnparkExecRecord *execs) {
  const UnparkSegment *segment = lod->segment;
  for (guint i = 0, end; i < segment->n_execs; i = end) {
    gint64 proc = proc_of(segment, &execs[i]);
    Track track;
    for (end = i; end < segment->n_execs && proc_of(segment, &execs[end]) == proc;)
      end++;
    if (proc < 0 || end - i < LANE_SPANS)
      continue;
    track_init(&track, segment, CLAMP((end - i) / 32, 64, 1024));
    for (; i < end; i++)
      track_add(&track, execs[i].start, execs[i].start + execs[i].duration, UNPARK_STATE_RUNNING, 0,
                execs[i].goroutine);
    track_settle(&track);
    track_emit(&lod->rows, &track, UNPARK_LOD_KEY(UNPARK_LANE_PROC, proc));
    track_clear(&track);
  }
}

void unpark_lod_finish(UnparkLod *lod, const UnparkExecRecord *execs) {
  end_lane(lod);
  finish_groups(lod);
  build_procs(lod, execs);
  rows_flush(&lod->rows);
  g_hash_table_unref(lod->groups);
  g_free(lod->tracks);
  g_free(lod->open_of);
  g_free(lod);
}
