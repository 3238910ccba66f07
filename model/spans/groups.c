/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/groups.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/percentile.h"
#include "model/base/times.h"

/* A span that counts, and its group. */
typedef struct {
  guint32 service, name;
  gint64 duration_ns;
  gint32 span;
} Member;

/* Of each root: what is below it. */
typedef struct {
  gint64 spans;
  gboolean failed;
} Tree;

static int by_group(gconstpointer a, gconstpointer b) {
  const Member *p = a, *q = b;

  if (p->service != q->service)
    return p->service < q->service ? -1 : 1;
  if (p->name != q->name)
    return p->name < q->name ? -1 : 1;
  if (p->duration_ns != q->duration_ns)
    return p->duration_ns < q->duration_ns ? -1 : 1;
  return p->span < q->span ? -1 : 1;
}

static int by_total(gconstpointer a, gconstpointer b) {
  const UnparkTraceGroup *p = a, *q = b;

  if (p->total_ns != q->total_ns)
    return p->total_ns > q->total_ns ? -1 : 1;
  return p->slowest < q->slowest ? -1 : 1;
}

/* The root above each span; parents are looked up once a span. */
static gint32 *find_roots(const UnparkTraces *traces) {
  gint32 *root = g_new(gint32, MAX(traces->n_spans, 1));

  for (guint i = 0; i < traces->n_spans; i++)
    root[i] = -1;
  for (gint32 i = 0; i < (gint32)traces->n_spans; i++) {
    gint32 top = i;
    while (root[top] < 0 && traces->spans[top].parent >= 0)
      top = traces->spans[top].parent;
    gint32 found = root[top] >= 0 ? root[top] : top;
    for (gint32 at = i; at >= 0 && root[at] < 0; at = traces->spans[at].parent)
      root[at] = found;
  }
  return root;
}

static Tree *count_trees(const UnparkTraces *traces) {
  g_autofree gint32 *root = find_roots(traces);
  Tree *trees = g_new0(Tree, MAX(traces->n_spans, 1));

  for (guint i = 0; i < traces->n_spans; i++) {
    trees[root[i]].spans++;
    trees[root[i]].failed |= traces->spans[i].status == UNPARK_TRACE_ERROR;
  }
  return trees;
}

static GArray *collect(const UnparkTraces *traces, UnparkTracesBy by) {
  GArray *members = g_array_new(FALSE, FALSE, sizeof(Member));

  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    const Member member = {unpark_traces_resource(traces, span)->service,
                           by == UNPARK_TRACES_BY_SERVICE ? 0 : span->name,
                           span->end_ns - span->start_ns, (gint32)i};
    if (by != UNPARK_TRACES_BY_REQUEST || (span->ids.parent == 0 && span->parent < 0))
      g_array_append_val(members, member);
  }
  g_array_sort(members, by_group);
  return members;
}

static void add(UnparkTraceGroup *group, const UnparkTraceSpan *span, const Tree *tree) {
  unpark_time_sum(&group->total_ns, span->end_ns - span->start_ns);
  unpark_time_sum(&group->self_ns, span->self_ns);
  unpark_time_sum(&group->critical_ns, span->critical_ns);
  group->count++;
  group->spans += tree ? tree->spans : 1;
  group->errors += tree ? tree->failed : span->status == UNPARK_TRACE_ERROR;
}

UnparkTraceGroup *unpark_traces_group(const UnparkTraces *traces, UnparkTracesBy by, guint *n) {
  g_autofree Tree *trees = by == UNPARK_TRACES_BY_REQUEST ? count_trees(traces) : NULL;
  g_autoptr(GArray) members = collect(traces, by);
  GArray *groups = g_array_new(FALSE, FALSE, sizeof(UnparkTraceGroup));
  GArray *durations = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint from = 0, to; from < members->len; from = to) {
    const Member *first = &g_array_index(members, Member, from);
    UnparkTraceGroup group = {.service = first->service, .name = first->name};
    g_array_set_size(durations, 0);
    for (to = from; to < members->len; to++) {
      const Member *m = &g_array_index(members, Member, to);
      if (m->service != first->service || m->name != first->name)
        break;
      add(&group, &traces->spans[m->span], trees ? &trees[m->span] : NULL);
      g_array_append_val(durations, m->duration_ns);
      group.slowest = m->span;
      group.longest_ns = m->duration_ns;
    }
    const gint64 *ascending = (const gint64 *)(gpointer)durations->data;
    group.p50_ns = unpark_percentile(ascending, durations->len, 50);
    group.p90_ns = unpark_percentile(ascending, durations->len, 90);
    group.p99_ns = unpark_percentile(ascending, durations->len, 99);
    g_array_append_val(groups, group);
  }
  g_array_sort(groups, by_total);
  g_array_unref(durations);
  *n = groups->len;
  return (UnparkTraceGroup *)(gpointer)g_array_free(groups, FALSE);
}

/* ---- Services ----------------------------------------------------------------------------- */

typedef struct {
  guint32 service;
  guint n;
} Service;

static int by_spans(gconstpointer a, gconstpointer b, gpointer data) {
  const Service *p = a, *q = b;
  const UnparkTraces *traces = data;

  if (p->n != q->n)
    return p->n > q->n ? -1 : 1;
  return strcmp(unpark_traces_text(traces, p->service), unpark_traces_text(traces, q->service));
}

guint32 *unpark_traces_services(const UnparkTraces *traces, guint *n) {
  g_autofree guint *counts = g_new0(guint, traces->texts->len);
  g_autofree Service *services = g_new(Service, MAX(traces->n_resources, 1));
  guint32 *texts = g_new(guint32, MAX(traces->n_resources, 1));

  *n = 0;
  for (guint i = 0; i < traces->n_spans; i++)
    counts[unpark_traces_resource(traces, &traces->spans[i])->service]++;
  for (guint i = 0; i < traces->n_resources; i++) {
    guint32 service = traces->resources[i].service;
    if (counts[service] > 0)
      services[(*n)++] = (Service){service, counts[service]};
    counts[service] = 0;
  }
  g_qsort_with_data(services, (gint)*n, sizeof *services, by_spans, (gpointer)traces);
  for (guint i = 0; i < *n; i++)
    texts[i] = services[i].service;
  return texts;
}
