/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is whose child: an open hash table of the ids, then lists by start. */
#include <stdlib.h>

#include "model/spans/private.h"

/* Spans of one id that are looked at: there are two. */
#define MAX_TWINS 8

typedef struct {
  gint32 *slots; /* number of a span; -1: empty */
  guint mask;
} Ids;

static guint64 hash(guint64 high, guint64 low, guint64 span) {
  guint64 h = (high ^ low * 0x9E3779B97F4A7C15u ^ span) * 0xff51afd7ed558ccdu;

  return h ^ h >> 32;
}

static gboolean has_id(const UnparkTraceSpan *a, const UnparkTraceIds *trace, guint64 span) {
  return a->ids.span == span && a->ids.low == trace->low && a->ids.high == trace->high;
}

/* The slot of the first span of an id, or the empty one where it would be. */
static guint slot_of(const Ids *ids, const UnparkTraces *traces, const UnparkTraceIds *trace,
                     guint64 span) {
  guint slot = (guint)hash(trace->high, trace->low, span) & ids->mask;

  while (ids->slots[slot] >= 0 && !has_id(&traces->spans[ids->slots[slot]], trace, span))
    slot = (slot + 1) & ids->mask;
  return slot;
}

/* Spans of one id are chained by `twin`, the first of the file first; it is mostly one. */
static void add_ids(Ids *ids, const UnparkTraces *traces, gint32 *twin) {
  for (guint size = 16;; size *= 2)
    if (size > traces->n_spans * 2 || size >= 1u << 31) {
      ids->mask = size - 1;
      break;
    }
  ids->slots = g_new(gint32, (gsize)ids->mask + 1);
  for (guint i = 0; i <= ids->mask; i++)
    ids->slots[i] = -1;
  for (guint i = traces->n_spans; i-- > 0;) {
    const UnparkTraceIds *own = &traces->spans[i].ids;
    guint slot = slot_of(ids, traces, own, own->span);
    twin[i] = ids->slots[slot];
    ids->slots[slot] = (gint32)i;
  }
}

/* Of the spans of the parent's id: the server's half shares its client's id and is its child; what
 * is made in the server is a child of that half. */
static gint32 choose(const UnparkTraces *traces, const gint32 *twin, gint32 first, guint child) {
  const UnparkTraceSpan *c = &traces->spans[child];
  guint32 service = unpark_traces_resource(traces, c)->service;
  gint32 best = -1;
  guint n = 0;

  for (gint32 i = first; i >= 0 && n < MAX_TWINS; i = twin[i], n++) {
    const UnparkTraceSpan *p = &traces->spans[i];
    if ((guint)i == child)
      continue;
    if (best < 0 || (unpark_traces_resource(traces, p)->service == service &&
                     unpark_traces_resource(traces, &traces->spans[best])->service != service))
      best = i;
  }
  return best;
}

static gint32 client_half(const UnparkTraces *traces, const gint32 *twin, gint32 first) {
  guint n = 0;

  for (gint32 i = first; i >= 0 && n < MAX_TWINS; i = twin[i], n++)
    if (!(traces->spans[i].flags & UNPARK_TRACE_SHARED))
      return i;
  return -1;
}

static void find_parents(UnparkTraces *traces) {
  gint32 *twin = g_new(gint32, MAX(traces->n_spans, 1));
  Ids ids;

  add_ids(&ids, traces, twin);
  for (guint i = 0; i < traces->n_spans; i++) {
    UnparkTraceSpan *span = &traces->spans[i];
    if (span->flags & UNPARK_TRACE_SHARED)
      span->parent =
          client_half(traces, twin, ids.slots[slot_of(&ids, traces, &span->ids, span->ids.span)]);
    if (span->parent < 0 && span->ids.parent != 0)
      span->parent =
          choose(traces, twin, ids.slots[slot_of(&ids, traces, &span->ids, span->ids.parent)], i);
  }
  g_free(ids.slots);
  g_free(twin);
}

/* Each chain of parents is walked once; a span that is met again on the same walk loses its
 * parent. */
static void break_circles(UnparkTraces *traces) {
  guint32 *walk = g_new0(guint32, MAX(traces->n_spans, 1)); /* number of the walk + 1 */

  for (guint i = 0; i < traces->n_spans; i++) {
    gint32 last = -1;
    for (gint32 at = (gint32)i; at >= 0; at = traces->spans[at].parent) {
      if (walk[at] == i + 1)
        traces->spans[last].parent = -1;
      if (walk[at])
        break;
      walk[at] = i + 1;
      last = at;
    }
  }
  g_free(walk);
}

static int later_first(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  guint x = *(const guint *)a, y = *(const guint *)b;
  const UnparkTraceSpan *p = &traces->spans[x], *q = &traces->spans[y];

  if (p->start_ns != q->start_ns)
    return p->start_ns > q->start_ns ? -1 : 1;
  return x > y ? -1 : 1;
}

void unpark_traces_link(UnparkTraces *traces) {
  guint *order = g_new(guint, MAX(traces->n_spans, 1));

  find_parents(traces);
  break_circles(traces);
  for (guint i = 0; i < traces->n_spans; i++)
    order[i] = i;
  g_qsort_with_data(order, (gint)traces->n_spans, sizeof *order, later_first, traces);
  for (guint i = 0; i < traces->n_spans; i++) {
    UnparkTraceSpan *span = &traces->spans[order[i]];
    UnparkTraceSpan *parent = span->parent >= 0 ? &traces->spans[span->parent] : NULL;
    if (!parent)
      continue;
    span->next_sibling = parent->first_child;
    parent->first_child = (gint32)order[i];
    parent->n_children++;
  }
  g_free(order);
}
