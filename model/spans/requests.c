/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/requests.h"

#include <stdlib.h>

#include "model/base/percentile.h"
#include "model/base/times.h"
#include "model/spans/search.h"

/* Spans between two looks at whether it is still wanted. */
#define CHECK_SPANS 4096

typedef struct {
  const UnparkTraces *traces;
  UnparkTraceSearch *search;
  UnparkRequestStatus status;
  guint *stamps; /* by service: the request that it was counted for last, plus 1 */
  GArray *requests;
  guint seen; /* spans */
} Build;

/* ---- One request -------------------------------------------------------------------------- */

static void count_span(Build *build, UnparkRequest *request, gint32 number, guint stamp) {
  const UnparkTraceSpan *span = &build->traces->spans[number];
  guint *service = &build->stamps[unpark_traces_resource(build->traces, span)->service];

  request->spans++;
  request->errors += span->status == UNPARK_TRACE_ERROR;
  request->services += *service != stamp;
  *service = stamp;
}

/* The request of `top`, if it is looked for. FALSE: cancelled, or failed. */
static gboolean add_request(Build *build, gint32 top, GCancellable *cancellable, GError **error) {
  gboolean any = unpark_trace_search_is_empty(build->search);
  UnparkRequest request = {.top = top, .found = any ? top : -1};
  GError *failure = NULL;

  for (gint32 i = top; i >= 0; i = unpark_traces_next(build->traces, i, top)) {
    count_span(build, &request, i, (guint)top + 1);
    if (request.found < 0 && unpark_trace_search_fits(build->search, (guint)i, &failure))
      request.found = i;
    if (failure) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    if (++build->seen % CHECK_SPANS == 0 &&
        g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
  }
  if (request.found >= 0 && (build->status == UNPARK_REQUESTS_ALL ||
                             (build->status == UNPARK_REQUESTS_FAILED) == (request.errors > 0)))
    g_array_append_val(build->requests, request);
  return TRUE;
}

/* ---- Kinds -------------------------------------------------------------------------------- */

static gboolean is_cut(const UnparkTraceSpan *top) {
  return top->ids.parent != 0;
}

/* By kind, the longest first. */
static int by_kind(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  const UnparkTraceSpan *p = &traces->spans[((const UnparkRequest *)a)->top];
  const UnparkTraceSpan *q = &traces->spans[((const UnparkRequest *)b)->top];
  guint32 x = unpark_traces_resource(traces, p)->service;
  guint32 y = unpark_traces_resource(traces, q)->service;
  gint64 m = p->end_ns - p->start_ns, n = q->end_ns - q->start_ns;

  if (x != y)
    return x < y ? -1 : 1;
  if (p->name != q->name)
    return p->name < q->name ? -1 : 1;
  if (is_cut(p) != is_cut(q))
    return is_cut(q) ? -1 : 1;
  if (m != n)
    return m > n ? -1 : 1;
  return p < q ? -1 : p > q;
}

static gboolean is_of_kind(const UnparkTraces *traces, const UnparkRequestKind *kind,
                           const UnparkRequest *request) {
  const UnparkTraceSpan *top = &traces->spans[request->top];

  return unpark_traces_resource(traces, top)->service == kind->service && top->name == kind->name &&
         is_cut(top) == kind->cut;
}

static void add_to_kind(UnparkRequestKind *kind, const UnparkRequest *request, gint64 ns) {
  kind->count++;
  kind->errors += request->errors > 0;
  kind->spans += request->spans;
  unpark_time_sum(&kind->total_ns, ns);
}

static void set_percentiles(UnparkRequestKind *kind, GArray *durations) {
  const gint64 *ascending = (const gint64 *)(gpointer)durations->data;

  kind->p50_ns = unpark_percentile(ascending, durations->len, 50);
  kind->p90_ns = unpark_percentile(ascending, durations->len, 90);
  kind->p99_ns = unpark_percentile(ascending, durations->len, 99);
  kind->longest_ns = ascending[durations->len - 1];
}

static int by_total(gconstpointer a, gconstpointer b) {
  const UnparkRequestKind *p = a, *q = b;

  if (p->total_ns != q->total_ns)
    return p->total_ns > q->total_ns ? -1 : 1;
  return p->first < q->first ? -1 : p->first > q->first;
}

static void make_kinds(UnparkRequests *all) {
  GArray *kinds = g_array_new(FALSE, FALSE, sizeof(UnparkRequestKind));
  g_autoptr(GArray) durations = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint from = 0, to; from < all->n_requests; from = to) {
    const UnparkTraceSpan *top = &all->traces->spans[all->requests[from].top];
    UnparkRequestKind kind = {.service = unpark_traces_resource(all->traces, top)->service,
                              .name = top->name,
                              .cut = is_cut(top),
                              .first = from};
    for (to = from; to < all->n_requests && is_of_kind(all->traces, &kind, &all->requests[to]);
         to++)
      add_to_kind(&kind, &all->requests[to], unpark_request_duration(all, to));
    g_array_set_size(durations, 0);
    for (guint i = to; i-- > from;) { /* the shortest first */
      gint64 ns = unpark_request_duration(all, i);
      g_array_append_val(durations, ns);
    }
    set_percentiles(&kind, durations);
    g_array_append_val(kinds, kind);
  }
  g_array_sort(kinds, by_total);
  all->n_kinds = kinds->len;
  all->kinds = (UnparkRequestKind *)(gpointer)g_array_free(kinds, FALSE);
  for (guint k = 0; k < all->n_kinds; k++)
    for (guint i = 0; i < all->kinds[k].count; i++)
      all->requests[all->kinds[k].first + i].kind = k;
}

/* ---- All ---------------------------------------------------------------------------------- */

static void requests_clear(gpointer data) {
  UnparkRequests *requests = data;

  g_free(requests->requests);
  g_free(requests->kinds);
  unpark_sources_unref(requests->sources);
}

UnparkRequests *unpark_requests_ref(UnparkRequests *requests) {
  return g_atomic_rc_box_acquire(requests);
}

void unpark_requests_unref(UnparkRequests *requests) {
  if (requests)
    g_atomic_rc_box_release_full(requests, requests_clear);
}

static gboolean add_requests(Build *build, UnparkRequests *all, GCancellable *cancellable,
                             GError **error) {
  for (gint32 i = 0; i < (gint32)build->traces->n_spans; i++) {
    if (build->traces->spans[i].parent >= 0)
      continue;
    all->n_all++;
    if (!add_request(build, i, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

UnparkRequests *unpark_requests_new(UnparkSources *sources, const UnparkRequestSpec *spec,
                                    GCancellable *cancellable, GError **error) {
  const UnparkTraces *traces = unpark_sources_traces(sources, error);
  g_autoptr(UnparkTraceSearch) search =
      traces ? unpark_trace_search_new(traces, spec->search, error) : NULL;
  g_autoptr(UnparkRequests) all = NULL;

  if (!search)
    return NULL;
  Build build = {.traces = traces,
                 .search = search,
                 .status = spec->status,
                 .stamps = g_new0(guint, traces->texts->len),
                 .requests = g_array_new(FALSE, FALSE, sizeof(UnparkRequest))};
  all = g_atomic_rc_box_new0(UnparkRequests);
  all->sources = unpark_sources_ref(sources);
  all->traces = traces;
  gboolean ok = add_requests(&build, all, cancellable, error);
  g_free(build.stamps);
  if (ok)
    g_array_sort_with_data(build.requests, by_kind, (gpointer)traces);
  all->n_requests = build.requests->len;
  all->requests = (UnparkRequest *)(gpointer)g_array_free(build.requests, FALSE);
  if (!ok)
    return NULL;
  make_kinds(all);
  return g_steal_pointer(&all);
}
