/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads' next events: a heap by time.
 *
 * Which of two events of the same time comes first decides which of them is moved
 * by a nanosecond, so heap and sort take exactly the steps that the Go project's
 * reader takes (internal/trace/batchcursor.go, slices.SortFunc).
 */
#pragma once

#include <glib.h>

#include "importers/gotrace/generation.h"

typedef struct _GotraceThread GotraceThread;

/* One thread's place in its batches, and its next event. */
typedef struct {
  gint64 time; /* ns, absolute */
  guint64 args[4];
  guint8 type;
  GotraceThread *thread; /* order.h */
  const guint8 *p, *end; /* in the current batch */
  gint64 last_time;
  const GotraceBatch *batch; /* current; the next is batch->next */
  gboolean started;
} GotraceCursor;

/* The time stands beside the cursor: ordering them touches nothing else. */
typedef struct {
  gint64 time;
  GotraceCursor *cursor;
} GotraceNext;

typedef struct {
  GotraceNext *heap; /* heap[n] is never earlier than others */
  guint n, capacity;
} GotraceFrontier;

void gotrace_frontier_init(GotraceFrontier *f);

void gotrace_frontier_insert(GotraceFrontier *f, GotraceCursor *cursor);
/* The time of number i's cursor has changed. */
void gotrace_frontier_update(GotraceFrontier *f, guint i);
void gotrace_frontier_remove(GotraceFrontier *f, guint i);
/* Ascending; still a heap. */
void gotrace_frontier_sort(GotraceFrontier *f);

/* The first one's time has grown. The hot path. */
static inline void gotrace_frontier_update_first(GotraceFrontier *f) {
  GotraceNext *heap = f->heap, moved = {heap[0].cursor->time, heap[0].cursor};
  guint i = 0;
  for (guint child = 1; child < f->n; child = 2 * i + 1) {
    child += heap[child + 1].time < heap[child].time;
    if (heap[child].time >= moved.time)
      break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = moved;
}
