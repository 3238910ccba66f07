/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of distributed traces: how long each operation of each service took, and how often. */
#include <math.h>

#include "model/base/times.h"
#include "model/compare/private.h"
#include "model/spans/traces.h"

typedef struct {
  UnparkCompareWork *work;
  const UnparkTraces *traces;
  gboolean is_b;
  guint file;
  gint64 start_ns, end_ns;
  double *per; /* by block */
} Spans;

static void find_ends(Spans *s) {
  s->start_ns = G_MAXINT64;
  s->end_ns = G_MININT64;
  for (guint i = 0; i < s->traces->n_spans; i++) {
    s->start_ns = MIN(s->start_ns, s->traces->spans[i].start_ns);
    s->end_ns = MAX(s->end_ns, s->traces->spans[i].end_ns);
  }
  if (s->traces->n_spans == 0)
    s->start_ns = s->end_ns = 0;
}

/* "frontend GET /cart"; of a service alone; "" for what goes by no name. */
static char *name_of(const Spans *s, const UnparkTraceSpan *span) {
  const char *service =
      unpark_traces_text(s->traces, unpark_traces_resource(s->traces, span)->service);
  const char *name = unpark_traces_text(s->traces, span->name);
  if (s->work->spec->by == UNPARK_COMPARE_STATE || s->work->spec->by == UNPARK_COMPARE_REASON)
    return g_strdup(service);
  return *service ? g_strdup_printf("%s %s", service, name) : g_strdup(name);
}

static void take(Spans *s, const UnparkTraceSpan *span) {
  g_autofree char *name = name_of(s, span);
  const char *kind = s->work->spec->by == UNPARK_COMPARE_TASK ? "request" : "span";
  g_autofree char *key = g_strdup_printf("%s\n%s", kind, name);
  UnparkCompareSeries *series =
      unpark_compare_series(unpark_compare_entry(s->work, key, name, "", kind), s->is_b, s->file);
  unpark_compare_series_take(series, s->start_ns, s->end_ns, span->start_ns, span->end_ns, TRUE);
}

gboolean unpark_compare_spans(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                              guint file, GCancellable *cancellable, GError **error) {
  const UnparkTraces *traces = unpark_store_traces(store, error);
  UnparkCompareSide *side = is_b ? &work->result->b : &work->result->a;
  Spans s = {.work = work,
             .traces = traces,
             .is_b = is_b,
             .file = file,
             .per = is_b ? work->per_b[file] : work->per_a[file]};
  if (!traces)
    return FALSE;
  find_ends(&s);
  unpark_time_sum(&side->duration_ns, s.end_ns - s.start_ns);
  double block_ns = MAX((double)(s.end_ns - s.start_ns), 1) / UNPARK_COMPARE_BLOCKS;
  for (guint i = 0; work->spec->per == UNPARK_COMPARE_PER_SECOND && i < UNPARK_COMPARE_BLOCKS; i++)
    s.per[i] = block_ns / 1e9;
  for (guint i = 0; i < traces->n_spans && !g_cancellable_is_cancelled(cancellable); i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    gboolean root = span->parent < 0;
    if (root && work->spec->per != UNPARK_COMPARE_PER_SECOND)
      s.per[unpark_compare_block(s.start_ns, s.end_ns, span->start_ns)] += 1;
    side->n_tasks += root;
    if (root || work->spec->by != UNPARK_COMPARE_TASK)
      take(&s, span);
  }
  return TRUE;
}
