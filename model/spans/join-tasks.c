/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans and tasks of one process, by name, time and parents. */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/spans/join.h"

/* Within the task of the parent there are few of one name: none is too far. */
#define MISFIT_IN_PARENT 30.0
/* The nearest tasks of a span that are kept. */
#define MAX_CANDIDATES 8
/* Another task is as likely if its misfit is not this much greater: both are ten times as late. */
#define CLEARLY 4.6

typedef struct {
  guint span;
  UnparkJoinTask *task;
  guint source;
  double misfit;
  gboolean several; /* another one is as likely */
} Match;

typedef struct {
  UnparkJoin *join;
  GArray *matches; /* Match */
} Matching;

static gboolean is_of_process(const UnparkJoin *join, const UnparkTraceSpan *a,
                              const UnparkTraceSpan *b) {
  return join->process[a->resource] == join->process[b->resource];
}

static int by_misfit(const void *a, const void *b) {
  const Match *x = a, *y = b;

  if (x->misfit < y->misfit || x->misfit > y->misfit)
    return x->misfit < y->misfit ? -1 : 1;
  return x->span < y->span ? -1 : x->span > y->span;
}

/* Whether the tasks of both parents, as far as they are known, can be those of a span and its
 * parent. */
static gboolean parents_agree(const Matching *m, const UnparkTraceSpan *span, guint source,
                              const UnparkJoinTask *task) {
  const UnparkJoinTrace *trace = &m->join->of[source];
  const UnparkTraceSpan *parent = span->parent >= 0 ? &m->join->traces->spans[span->parent] : NULL;
  const UnparkJoinTask *above = unpark_join_task(trace, task->parent);

  if (!above)
    return TRUE;
  return parent && parent->name == above->name;
}

static void consider(Matching *m, guint span, guint source, UnparkJoinTask *task, double most) {
  double misfit = unpark_join_misfit(&m->join->traces->spans[span], task);
  const Match match = {span, task, source, misfit, FALSE};

  if (!task->taken && misfit <= most)
    g_array_append_val(m->matches, match);
}

/* Of the matches of one span, from number `first` on: keeps the nearest, and sees which are clear.
 */
static void keep_nearest(Matching *m, guint first) {
  Match *own = (Match *)(gpointer)m->matches->data + first;
  guint n = m->matches->len - first;

  if (n > 1)
    qsort(own, n, sizeof *own, by_misfit);
  for (guint i = 0; i + 1 < n; i++)
    own[i].several = own[i + 1].misfit < own[i].misfit + CLEARLY;
  for (guint i = 1; i < n; i++)
    own[i].several = TRUE;
  g_array_set_size(m->matches, first + MIN(n, MAX_CANDIDATES));
}

/* The tasks within that of the span's parent. */
static void find_in_parent(Matching *m, guint span) {
  const UnparkTraceSpan *own = &m->join->traces->spans[span];
  const UnparkTraceJoin *parent = &m->join->traces->spans[own->parent].join;
  const UnparkJoinTrace *trace = &m->join->of[parent->source];
  guint first, last, from = m->matches->len;

  unpark_join_children(trace, parent->task, own->name, &first, &last);
  last = MIN(last, first + UNPARK_JOIN_LOOKS);
  for (guint i = first; i < last; i++)
    consider(m, span, parent->source, &trace->tasks[trace->by_parent[i]], MISFIT_IN_PARENT);
  keep_nearest(m, from);
}

/* The tasks of its name at its time, in the traces of its process. */
static void find_by_time(Matching *m, guint span) {
  UnparkJoin *join = m->join;
  const UnparkTraceSpan *own = &join->traces->spans[span];
  guint from = m->matches->len;

  for (guint source = 0; source < join->n_sources; source++) {
    const UnparkJoinTrace *trace = &join->of[source];
    guint first, last;

    if (trace->process != (gint32)join->process[own->resource])
      continue;
    unpark_join_named(trace, own->name, &first, &last);
    first = unpark_join_from(trace, first, last,
                             unpark_time_subtract(own->start_ns, UNPARK_JOIN_BEFORE_NS));
    last = MIN(last, first + UNPARK_JOIN_LOOKS);
    for (guint i = first; i < last && trace->tasks[i].start_ns <=
                                          unpark_time_add(own->start_ns, UNPARK_JOIN_AFTER_NS);
         i++)
      if (parents_agree(m, own, source, &trace->tasks[i]))
        consider(m, span, source, &trace->tasks[i], UNPARK_JOIN_MISFIT);
  }
  keep_nearest(m, from);
}

/* The nearest pairs first. Spans that found their task are appended to `joined`. */
static void settle(Matching *m, GArray *joined) {
  g_array_sort(m->matches, by_misfit);
  for (guint i = 0; i < m->matches->len; i++) {
    const Match *match = &g_array_index(m->matches, Match, i);
    UnparkTraceSpan *span = &m->join->traces->spans[match->span];

    if (match->task->taken || span->join.certainty != UNPARK_TRACE_NOT_JOINED)
      continue;
    match->task->taken = TRUE;
    unpark_join_set(span, match->source, match->task->goroutine, match->task->id,
                    match->several ? UNPARK_TRACE_JOINED_BY_TIME : UNPARK_TRACE_JOINED_BY_TASK);
    g_array_append_val(joined, match->span);
  }
  g_array_set_size(m->matches, 0);
}

/* Spans below those in `joined`, generation by generation. */
static void match_below(Matching *m, GArray *joined) {
  const UnparkTraceSpan *spans = m->join->traces->spans;

  while (joined->len > 0) {
    for (guint k = 0; k < joined->len; k++) {
      const UnparkTraceSpan *parent = &spans[g_array_index(joined, guint, k)];

      if (parent->join.task == UNPARK_NONE)
        continue;
      for (gint32 i = parent->first_child; i >= 0; i = spans[i].next_sibling)
        if (spans[i].join.certainty == UNPARK_TRACE_NOT_JOINED &&
            is_of_process(m->join, &spans[i], parent))
          find_in_parent(m, (guint)i);
    }
    g_array_set_size(joined, 0);
    settle(m, joined);
  }
}

/* Spans that begin what is below them in their process, or all that are left. */
static void match_by_time(Matching *m, gboolean all, GArray *joined) {
  const UnparkTraces *traces = m->join->traces;

  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    gboolean top = span->parent < 0 || !is_of_process(m->join, span, &traces->spans[span->parent]);

    if (span->join.certainty == UNPARK_TRACE_NOT_JOINED && (all || top))
      find_by_time(m, i);
  }
  settle(m, joined);
}

void unpark_join_tasks(UnparkJoin *join) {
  g_autoptr(GArray) joined = g_array_new(FALSE, FALSE, sizeof(guint));
  Matching m = {join, g_array_new(FALSE, FALSE, sizeof(Match))};

  for (guint i = 0; i < join->traces->n_spans; i++)
    if (join->traces->spans[i].join.certainty == UNPARK_TRACE_JOINED_BY_ID)
      g_array_append_val(joined, i);
  match_below(&m, joined);
  match_by_time(&m, FALSE, joined);
  match_below(&m, joined);
  match_by_time(&m, TRUE, joined);
  match_below(&m, joined);
  g_array_unref(m.matches);
}
