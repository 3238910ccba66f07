/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/marked.h"

#include <stdlib.h>

#define KEY "unpark-marked"

static int by_place(const void *a, const void *b) {
  const UnparkMarkedSpan *x = a, *y = b;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static int by_time(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

UnparkMarked *unpark_marked_new(const UnparkMarkedSpan *spans, guint n) {
  UnparkMarked *marked = g_atomic_rc_box_new0(UnparkMarked);
  marked->n = n;
  marked->spans = g_memdup2(spans, (gsize)n * sizeof *spans);
  marked->starts = g_new(gint64, (gsize)n + 1);
  for (guint i = 0; i < n; i++)
    marked->starts[i] = spans[i].start_ns;
  if (n > 1) {
    qsort(marked->spans, n, sizeof *marked->spans, by_place);
    qsort(marked->starts, n, sizeof *marked->starts, by_time);
  }
  return marked;
}

UnparkMarked *unpark_marked_ref(UnparkMarked *marked) {
  return g_atomic_rc_box_acquire(marked);
}

static void clear(gpointer box) {
  UnparkMarked *marked = box;
  g_free(marked->spans);
  g_free(marked->starts);
}

void unpark_marked_unref(UnparkMarked *marked) {
  if (marked)
    g_atomic_rc_box_release_full(marked, clear);
}

/* The first span that is not before (goroutine, from_ns). */
static guint find(const UnparkMarked *marked, gint64 goroutine, gint64 from_ns) {
  const UnparkMarkedSpan at = {goroutine, from_ns, from_ns};
  guint low = 0, high = marked->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (by_place(&marked->spans[middle], &at) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const UnparkMarkedSpan *unpark_marked_of(const UnparkMarked *marked, gint64 goroutine,
                                         gint64 from_ns, guint *n) {
  guint from = find(marked, goroutine, from_ns);
  guint to = goroutine == G_MAXINT64 ? marked->n : find(marked, goroutine + 1, G_MININT64);
  if (from > 0 && marked->spans[from - 1].goroutine == goroutine)
    from--;
  *n = to - from;
  return *n > 0 ? &marked->spans[from] : NULL;
}

guint unpark_marked_find_start(const UnparkMarked *marked, gint64 from_ns) {
  guint low = 0, high = marked->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (marked->starts[middle] < from_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void unpark_marked_show(UnparkSession *session, UnparkMarked *marked) {
  if (!marked && !unpark_marked_get(session))
    return;
  g_object_set_data_full(G_OBJECT(session), KEY, marked ? unpark_marked_ref(marked) : NULL,
                         marked ? (GDestroyNotify)unpark_marked_unref : NULL);
  unpark_session_tell_marks(session);
}

const UnparkMarked *unpark_marked_get(UnparkSession *session) {
  return g_object_get_data(G_OBJECT(session), KEY);
}
