/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of spans: the bulk of a store, so they have a layout of their own.
 *
 * Spans stand by lane, and within a lane each begins where the one before ends. A block is two
 * byte strings. The plain one:
 *
 *   runs       count; for each: lane (zigzag delta to the run before), spans in it, start (zigzag
 *              delta to the run before). A lane whose spans have a gap makes two runs.
 *   durations  shift; a byte a span: duration >> shift, or 253, 254, 255 for one that follows in
 *              2, 4, 8 bytes; count of spans whose lower bits are not 0, for each 2 bytes row and
 *              2 bytes rest; length in bytes of the long ones, and they
 *   symbols    count; for each: kind, stack, flags (SPAN_FLAG_...): what a span is
 *   places     length in bytes; those that differ from the last one that was not 0
 *
 * and the one that is worth compressing:
 *
 *   the symbol of each span, in one byte (up to 256 symbols) or two; length in bytes of the
 *   wakers' stacks, and they; wakers (zigzag difference to the lane)
 *
 * Numbers are varints unless a length is given; longer ones little endian.
 *
 * Pure functions; any thread.
 */
#pragma once

#include "model/store/facts.h"

/* One closed span in full. */
typedef struct {
  gint64 start, duration, waker;
  guint32 stack, waker_stack, place;
  guint16 kind;
} UnparkSpanRecord;

/* The same in 16 bytes, four to a cache line; its start is the end of the span before. `extra` is
 * the waker's stack of a waiting span, which has no place, and the place of others. What does not
 * fit (over 4 s long, a huge waker) is an UnparkSpanRecord elsewhere, number `stack`. */
typedef struct {
  guint32 duration, waker; /* waker + 1; 0: none */
  guint32 stack;
  guint16 extra, kind; /* kind UNPARK_WIDE_SPAN: elsewhere */
} UnparkPackedSpan;

#define UNPARK_WIDE_SPAN 0xffff

/* Spans of one lane, one after another without a gap. */
typedef struct {
  gint64 lane, start, end;
  guint32 count;
} UnparkSpanRun;

typedef struct {
  const UnparkPackedSpan *spans;
  guint n; /* at most UNPARK_BLOCK_ROWS */
  const UnparkSpanRun *runs;
  guint n_runs;
  const UnparkSpanRecord *wide;
  const guint8 *kind_state; /* UnparkState by kind */
} UnparkSpanRows;

static inline UnparkSpanRecord unpark_span_widen(const UnparkPackedSpan *span,
                                                 const UnparkSpanRecord *wide,
                                                 const guint8 *kind_state) {
  if (G_UNLIKELY(span->kind == UNPARK_WIDE_SPAN))
    return wide[span->stack];
  gboolean waits = kind_state[span->kind] == UNPARK_STATE_WAITING;
  return (UnparkSpanRecord){.duration = span->duration,
                            .waker = span->waker ? (gint64)span->waker - 1 : UNPARK_NONE,
                            .stack = span->stack,
                            .waker_stack = waits ? span->extra : 0,
                            .place = waits ? 0 : span->extra,
                            .kind = span->kind};
}

/* What runnable spans share with their neighbours of the same lane in the block is left out: the
 * waker of a wait before, the place of a run after. Appends to `plain` and `packed`; gives the
 * block's least start and greatest end. */
void unpark_spans_pack(const UnparkSpanRows *rows, UnparkBytes *plain, UnparkBytes *packed,
                       gint64 *time_min, gint64 *time_max);

/* Decodes n rows into those of `columns` (SPAN_...) that are not NULL; those that others refer to
 * (unpark_facts) must be there. FALSE if the bytes are not n spans; columns are then undefined. */
gboolean unpark_spans_unpack(const guint8 *plain, gsize plain_size, const guint8 *packed,
                             gsize packed_size, guint n, gint64 *const *columns);
