/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Execution traces that read no clock (before Go 1.25), put where the spans are whose ids they
 * log. */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/spans/join.h"

/* Whether the place of a source is to be found, and has not been given by hand. */
static gboolean is_lost(const UnparkSourceEntry *source) {
  return source->clock == UNPARK_SOURCES_CLOCK_NONE &&
         unpark_store_source(source->store)->kind == UNPARK_SOURCE_TRACE;
}

static gboolean is_needed(const UnparkSourceEntry *sources, guint n) {
  gboolean lost = FALSE, spans = FALSE;

  for (guint i = 0; i < n; i++) {
    lost = lost || is_lost(&sources[i]);
    spans = spans || unpark_store_source(sources[i].store)->kind == UNPARK_SOURCE_SPANS;
  }
  return lost && spans;
}

static int compare(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* How much later the spans of a source begin than their tasks: the median of all whose ids are
 * logged. FALSE: there is none. */
static gboolean find_move(const UnparkJoin *join, guint source, gint64 *ns) {
  const UnparkTraces *traces = join->traces;
  g_autofree gint64 *moves = g_new(gint64, traces->n_spans + 1);
  guint n = 0;

  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];

    if (span->join.certainty != UNPARK_TRACE_JOINED_BY_ID || span->join.source != source ||
        span->join.task == UNPARK_NONE)
      continue;
    const UnparkJoinTask *task = unpark_join_task(&join->of[source], span->join.task);
    if (task)
      moves[n++] = unpark_time_subtract(span->start_ns, task->start_ns);
  }
  if (n == 0)
    return FALSE;
  qsort(moves, n, sizeof *moves, compare);
  *ns = moves[n / 2];
  return TRUE;
}

gboolean unpark_traces_align(UnparkSources *sources, GError **error) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  g_autoptr(UnparkTraces) traces = NULL;
  UnparkJoin join;

  if (!is_needed(entries, n))
    return TRUE;
  traces = unpark_traces_load(entries, n, error);
  if (!traces)
    return FALSE;
  join = (UnparkJoin){.traces = traces, .sources = entries, .n_sources = n};
  if (!unpark_join_read(&join, error)) {
    unpark_join_clear(&join);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    gint64 move;

    if (is_lost(&entries[i]) && find_move(&join, i, &move))
      unpark_sources_place(sources, i, unpark_time_add(entries[i].offset_ns, move));
  }
  unpark_join_clear(&join);
  return TRUE;
}
