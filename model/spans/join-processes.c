/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which execution trace is of which process. */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/spans/join.h"

/* A span fits a task of this misfit or less. */
#define FITS 9.5
/* Of the spans that lie within a trace and have a name of its tasks, this part has to fit: of other
 * replicas of a service, and of clients that call a span as the server does, few do. */
#define PART 3

typedef struct {
  guint process, source;
  guint32 votes;
  guint64 fits, spans; /* that fit; that might */
  double misfit;       /* of those that fit */
} Pair;

static void count_span(Pair *pair, const UnparkJoinTrace *trace, const UnparkTraceSpan *span) {
  guint first, last;
  double best = FITS;

  if (span->start_ns < trace->from_ns || span->end_ns > trace->to_ns)
    return;
  unpark_join_named(trace, span->name, &first, &last);
  if (first == last)
    return;
  pair->spans++;
  first = unpark_join_from(trace, first, last,
                           unpark_time_subtract(span->start_ns, UNPARK_JOIN_BEFORE_NS));
  last = MIN(last, first + UNPARK_JOIN_LOOKS);
  for (guint i = first; i < last && trace->tasks[i].start_ns <=
                                        unpark_time_add(span->start_ns, UNPARK_JOIN_AFTER_NS);
       i++)
    best = MIN(best, unpark_join_misfit(span, &trace->tasks[i]));
  if (best < FITS) {
    pair->fits++;
    pair->misfit += best;
  }
}

/* The best first: whose ids are logged, then whose tasks are nearest. */
static int by_evidence(const void *a, const void *b) {
  const Pair *x = a, *y = b;

  if (x->votes != y->votes)
    return x->votes > y->votes ? -1 : 1;
  double mean_x = x->misfit / (double)(x->fits + 1), mean_y = y->misfit / (double)(y->fits + 1);
  return mean_x < mean_y ? -1 : mean_x > mean_y;
}

static gboolean is_enough(const Pair *pair) {
  return pair->votes > 0 || (pair->fits > 0 && pair->fits * PART >= pair->spans);
}

/* Whether the process has a trace of the same time already, which is better. */
static gboolean has_other(const UnparkJoin *join, const Pair *pair) {
  const UnparkJoinTrace *own = &join->of[pair->source];

  for (guint i = 0; i < join->n_sources; i++)
    if (join->of[i].process == (gint32)pair->process && join->of[i].from_ns < own->to_ns &&
        join->of[i].to_ns > own->from_ns)
      return TRUE;
  return FALSE;
}

void unpark_join_processes(UnparkJoin *join) {
  guint n = join->n_processes, n_pairs = 0;
  g_autofree Pair *pairs = g_new0(Pair, (gsize)n * join->n_sources + 1);

  for (guint i = 0; i < join->n_sources; i++)
    for (guint p = 0; p < n; p++)
      pairs[(gsize)i * n + p] =
          (Pair){.process = p, .source = i, .votes = join->votes[(gsize)p * join->n_sources + i]};
  for (guint s = 0; s < join->traces->n_spans; s++) {
    const UnparkTraceSpan *span = &join->traces->spans[s];
    for (guint i = 0; i < join->n_sources; i++)
      if (join->of[i].n > 0)
        count_span(&pairs[(gsize)i * n + join->process[span->resource]], &join->of[i], span);
  }
  for (guint i = 0; i < n * join->n_sources; i++)
    if (is_enough(&pairs[i]))
      pairs[n_pairs++] = pairs[i];
  qsort(pairs, n_pairs, sizeof *pairs, by_evidence);
  for (guint i = 0; i < n_pairs; i++) {
    UnparkJoinTrace *trace = &join->of[pairs[i].source];
    if (trace->process < 0 && (pairs[i].votes > 0 || !has_other(join, &pairs[i])))
      trace->process = (gint32)pairs[i].process;
  }
}
