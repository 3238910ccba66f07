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

/* What is on the path, of a stretch that is shared out: `take` may be NULL. */
typedef struct {
  const UnparkTraces *traces;
  void (*take)(gint32 span, gint64 from_ns, gint64 to_ns, gpointer data);
  gpointer data;
  GArray *todo;     /* UnparkTraceStretch that are still to be shared out */
  GArray *children; /* of the span at hand */
} Walk;

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

static void take(const Walk *walk, gint32 span, gint64 from_ns, gint64 to_ns) {
  if (to_ns > from_ns)
    walk->take(span, from_ns, to_ns, walk->data);
}

/* Shares a stretch of a span out among its children and itself. */
static void share_out(const Walk *walk, UnparkTraceStretch stretch) {
  const UnparkTraces *traces = walk->traces;
  gint64 at = stretch.to_ns;

  collect_children(traces, &traces->spans[stretch.span], walk->children);
  for (guint i = 0; i < walk->children->len && at > stretch.from_ns; i++) {
    gint32 c = g_array_index(walk->children, gint32, i);
    /* The first may end after its parent: it is clipped. */
    gint64 end = MIN(traces->spans[c].end_ns, stretch.to_ns);
    gint64 start = MAX(traces->spans[c].start_ns, stretch.from_ns);
    UnparkTraceStretch below = {c, start, end};
    if (end > at || start >= end)
      continue;
    take(walk, stretch.span, end, at);
    at = start;
    g_array_append_val(walk->todo, below);
  }
  take(walk, stretch.span, stretch.from_ns, at);
}

static void share_all_out(const Walk *walk) {
  while (walk->todo->len > 0) {
    UnparkTraceStretch stretch = g_array_index(walk->todo, UnparkTraceStretch, walk->todo->len - 1);
    g_array_set_size(walk->todo, walk->todo->len - 1);
    share_out(walk, stretch);
  }
}

static Walk walk_new(const UnparkTraces *traces) {
  return (Walk){.traces = traces,
                .todo = g_array_new(FALSE, FALSE, sizeof(UnparkTraceStretch)),
                .children = g_array_new(FALSE, FALSE, sizeof(gint32))};
}

static void walk_clear(Walk *walk) {
  g_array_unref(walk->todo);
  g_array_unref(walk->children);
}

static void add_critical(gint32 span, gint64 from_ns, gint64 to_ns, gpointer data) {
  unpark_time_sum(&((UnparkTraces *)data)->spans[span].critical_ns, to_ns - from_ns);
}

void unpark_traces_measure(UnparkTraces *traces) {
  Walk walk = walk_new(traces);

  walk.take = add_critical;
  walk.data = traces;
  for (guint i = 0; i < traces->n_spans; i++) {
    UnparkTraceSpan *span = &traces->spans[i];
    UnparkTraceStretch whole = {(gint32)i, span->start_ns, span->end_ns};
    span->self_ns = span->end_ns - span->start_ns - covered(traces, span);
    /* What nobody waits for has a path of its own. */
    if (span->parent < 0 || span->kind == UNPARK_TRACE_CONSUMER)
      g_array_append_val(walk.todo, whole);
  }
  share_all_out(&walk);
  walk_clear(&walk);
}

static void add_stretch(gint32 span, gint64 from_ns, gint64 to_ns, gpointer data) {
  const UnparkTraceStretch stretch = {span, from_ns, to_ns};

  g_array_append_val((GArray *)data, stretch);
}

static int by_time(gconstpointer a, gconstpointer b) {
  const UnparkTraceStretch *p = a, *q = b;

  return p->from_ns < q->from_ns ? -1 : p->from_ns > q->from_ns;
}

GArray *unpark_traces_path(const UnparkTraces *traces, gint32 span) {
  const UnparkTraceStretch whole = {span, traces->spans[span].start_ns, traces->spans[span].end_ns};
  GArray *path = g_array_new(FALSE, FALSE, sizeof(UnparkTraceStretch));
  Walk walk = walk_new(traces);

  walk.take = add_stretch;
  walk.data = path;
  g_array_append_val(walk.todo, whole);
  share_all_out(&walk);
  walk_clear(&walk);
  g_array_sort(path, by_time); /* no two begin at one time */
  return path;
}
