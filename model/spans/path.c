/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time of a span's own, and the critical path.
 *
 * The path goes from the end of a root backwards: the child that ends last held its parent up, from
 * its start to its end, both clipped to the parent's; before its start the child that ends last by
 * then did, and so on; what no child holds up is the parent's own. A consumer is asynchronous:
 * nobody waits for it. */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/spans/private.h"

/* Children of one span ascend by start: what they cover together. */
static gint64 covered(const UnparkTraces *traces, const UnparkTraceSpan *span) {
  gint64 sum = 0, to = span->start_ns;

  for (gint32 c = span->first_child; c >= 0; c = traces->spans[c].next_sibling) {
    gint64 from = MAX(traces->spans[c].start_ns, to);
    gint64 until = MIN(traces->spans[c].end_ns, span->end_ns);
    if (until > from) {
      sum += until - from;
      to = until;
    }
  }
  return sum;
}

/* A stretch of a span that is on the path: what is left to be shared out. */
typedef struct {
  gint32 span;
  gint64 from, to;
} Stretch;

static int ends_last_first(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
  const UnparkTraceSpan *p = &traces->spans[x], *q = &traces->spans[y];

  if (p->end_ns != q->end_ns)
    return p->end_ns > q->end_ns ? -1 : 1;
  if (p->start_ns != q->start_ns)
    return p->start_ns > q->start_ns ? -1 : 1;
  return x < y ? -1 : 1;
}

static void collect_children(const UnparkTraces *traces, const UnparkTraceSpan *span,
                             GArray *children) {
  g_array_set_size(children, 0);
  for (gint32 c = span->first_child; c >= 0; c = traces->spans[c].next_sibling)
    if (traces->spans[c].kind != UNPARK_TRACE_CONSUMER)
      g_array_append_val(children, c);
  g_array_sort_with_data(children, ends_last_first, (gpointer)traces);
}

/* Shares a stretch of a span out among its children and itself. */
static void share_out(UnparkTraces *traces, Stretch stretch, GArray *children, GArray *todo) {
  UnparkTraceSpan *span = &traces->spans[stretch.span];
  gint64 at = stretch.to;

  collect_children(traces, span, children);
  for (guint i = 0; i < children->len && at > stretch.from; i++) {
    gint32 c = g_array_index(children, gint32, i);
    /* The first may end after its parent: it is clipped. */
    gint64 end = MIN(traces->spans[c].end_ns, stretch.to);
    gint64 start = MAX(traces->spans[c].start_ns, stretch.from);
    Stretch below = {c, start, end};
    if (end > at || start >= end)
      continue;
    unpark_time_sum(&span->critical_ns, at - end);
    at = start;
    g_array_append_val(todo, below);
  }
  unpark_time_sum(&span->critical_ns, at - stretch.from);
}

void unpark_traces_measure(UnparkTraces *traces) {
  GArray *todo = g_array_new(FALSE, FALSE, sizeof(Stretch));
  GArray *children = g_array_new(FALSE, FALSE, sizeof(gint32));

  for (guint i = 0; i < traces->n_spans; i++) {
    UnparkTraceSpan *span = &traces->spans[i];
    Stretch whole = {(gint32)i, span->start_ns, span->end_ns};
    span->self_ns = span->end_ns - span->start_ns - covered(traces, span);
    /* What nobody waits for has a path of its own. */
    if (span->parent < 0 || span->kind == UNPARK_TRACE_CONSUMER)
      g_array_append_val(todo, whole);
  }
  while (todo->len > 0) {
    Stretch stretch = g_array_index(todo, Stretch, todo->len - 1);
    g_array_set_size(todo, todo->len - 1);
    share_out(traces, stretch, children, todo);
  }
  g_array_unref(todo);
  g_array_unref(children);
}
