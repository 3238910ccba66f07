/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/frontier.h"

#include "importers/gotrace/frontier-sort.h"

static guint sift_up(GotraceNext *heap, guint i) {
  while (i > 0 && heap[(i - 1) / 2].time > heap[i].time) {
    GotraceNext t = heap[i];
    heap[i] = heap[(i - 1) / 2];
    i = (i - 1) / 2;
    heap[i] = t;
  }
  return i;
}

static void sift_down(GotraceNext *heap, guint n, guint i) {
  for (;;) {
    guint least = i, left = 2 * i + 1, right = left + 1;
    if (left < n && heap[left].time < heap[least].time)
      least = left;
    if (right < n && heap[right].time < heap[least].time)
      least = right;
    if (least == i)
      return;
    GotraceNext t = heap[i];
    heap[i] = heap[least];
    heap[least] = t;
    i = least;
  }
}

static void set_end(GotraceFrontier *f) {
  f->heap[f->n] = (GotraceNext){G_MAXINT64, NULL};
}

void gotrace_frontier_init(GotraceFrontier *f) {
  if (!f->heap) {
    f->capacity = 64;
    f->heap = g_new(GotraceNext, f->capacity);
  }
  f->n = 0;
  set_end(f);
}

void gotrace_frontier_insert(GotraceFrontier *f, GotraceCursor *cursor) {
  if (f->n + 1 == f->capacity) {
    f->capacity *= 2;
    f->heap = g_renew(GotraceNext, f->heap, f->capacity);
  }
  f->heap[f->n++] = (GotraceNext){cursor->time, cursor};
  sift_up(f->heap, f->n - 1);
  set_end(f);
}

void gotrace_frontier_update(GotraceFrontier *f, guint i) {
  f->heap[i].time = f->heap[i].cursor->time;
  if (sift_up(f->heap, i) == i)
    sift_down(f->heap, f->n, i);
}

void gotrace_frontier_remove(GotraceFrontier *f, guint i) {
  GotraceNext *heap = f->heap;
  for (; i > 0; i = (i - 1) / 2)
    heap[i] = heap[(i - 1) / 2];
  heap[0] = heap[--f->n];
  set_end(f);
  sift_down(heap, f->n, 0);
}

void gotrace_frontier_sort(GotraceFrontier *f) {
  gotrace_sort_cursors(f->heap, f->n);
}
