#include "importers/gotrace/frontier.h"

#include "importers/gotrace/frontier-sort.h"

static guint sift_up(GotraceCursor **heap, guint i) {
  while (i > 0 && heap[(i - 1) / 2]->time > heap[i]->time) {
    GotraceCursor *t = heap[i];
    heap[i] = heap[(i - 1) / 2];
    i = (i - 1) / 2;
    heap[i] = t;
  }
  return i;
}

static void sift_down(GotraceCursor **heap, guint n, guint i) {
  for (;;) {
    guint least = i, left = 2 * i + 1, right = left + 1;
    if (left < n && heap[left]->time < heap[least]->time)
      least = left;
    if (right < n && heap[right]->time < heap[least]->time)
      least = right;
    if (least == i)
      return;
    GotraceCursor *t = heap[i];
    heap[i] = heap[least];
    heap[least] = t;
    i = least;
  }
}

void gotrace_frontier_insert(GotraceFrontier *f, GotraceCursor *cursor) {
  if (f->n == f->capacity) {
    f->capacity = MAX(64, f->capacity * 2);
    f->heap = g_renew(GotraceCursor *, f->heap, f->capacity);
  }
  f->heap[f->n++] = cursor;
  sift_up(f->heap, f->n - 1);
}

void gotrace_frontier_update(GotraceFrontier *f, guint i) {
  if (sift_up(f->heap, i) == i)
    sift_down(f->heap, f->n, i);
}

void gotrace_frontier_remove(GotraceFrontier *f, guint i) {
  GotraceCursor **heap = f->heap, *gone = heap[i];
  for (; i > 0; i = (i - 1) / 2)
    heap[i] = heap[(i - 1) / 2];
  heap[0] = heap[--f->n];
  heap[f->n] = gone;
  sift_down(heap, f->n, 0);
}

void gotrace_frontier_sort(GotraceFrontier *f) {
  gotrace_sort_cursors(f->heap, f->n);
}
