/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/services.h"

#include <stdlib.h>

#include "model/base/percentile.h"
#include "model/base/times.h"

/* A call, and the hop that it is of. */
typedef struct {
  guint hop;
  gint64 client_ns, server_ns; /* server UNPARK_NONE: not joined */
  gint32 span;
} Call;

/* ---- Services ----------------------------------------------------------------------------- */

static guint32 service_of(const UnparkTraces *traces, const UnparkTraceSpan *span) {
  return unpark_traces_resource(traces, span)->service;
}

/* By text: index of the service plus 1. */
static guint32 *list_services(UnparkServices *all) {
  g_autofree guint32 *texts = unpark_traces_services(all->traces, &all->n_services);
  guint32 *index = g_new0(guint32, all->traces->texts->len);

  all->services = g_new0(UnparkServiceNode, all->n_services + 1);
  for (guint32 i = 0; i < all->n_services; i++) {
    all->services[i] = (UnparkServiceNode){.service = texts[i], .rank = i};
    index[texts[i]] = i + 1;
  }
  for (guint i = 0; i < all->traces->n_spans; i++) {
    const UnparkTraceSpan *span = &all->traces->spans[i];
    UnparkServiceNode *service = &all->services[index[service_of(all->traces, span)] - 1];
    service->spans++;
    service->errors += span->status == UNPARK_TRACE_ERROR;
  }
  return index;
}

/* ---- Calls -------------------------------------------------------------------------------- */

static gint64 length_of(const UnparkTraceSpan *span) {
  return span->end_ns - span->start_ns;
}

static gint64 server_ns(const UnparkTraces *traces, const UnparkTraceSpan *client) {
  for (gint32 c = client->first_child; c >= 0; c = traces->spans[c].next_sibling)
    if (service_of(traces, &traces->spans[c]) != service_of(traces, client))
      return length_of(&traces->spans[c]);
  return UNPARK_NONE;
}

static guint64 hop_key(guint32 caller, guint32 name) {
  return (guint64)caller << 32 | name;
}

/* Client spans of one caller and name are of one hop. */
static GHashTable *index_hops(const UnparkTraces *traces) {
  GHashTable *index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < traces->n_hops; i++) {
    guint64 key = hop_key(traces->hops[i].caller, traces->hops[i].name);
    g_hash_table_insert(index, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(i + 1));
  }
  return index;
}

static GArray *collect_calls(const UnparkTraces *traces) {
  GHashTable *hops = index_hops(traces);
  GArray *calls = g_array_new(FALSE, FALSE, sizeof(Call));

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    guint64 key = hop_key(service_of(traces, span), span->name);
    guint hop;
    if (span->kind != UNPARK_TRACE_CLIENT && span->kind != UNPARK_TRACE_PRODUCER)
      continue;
    hop = GPOINTER_TO_UINT(g_hash_table_lookup(hops, &key));
    if (hop == 0)
      continue;
    Call call = {hop - 1, length_of(span), server_ns(traces, span), i};
    g_array_append_val(calls, call);
  }
  g_hash_table_unref(hops);
  return calls;
}

static int by_hop(gconstpointer a, gconstpointer b) {
  const Call *p = a, *q = b;

  if (p->hop != q->hop)
    return p->hop < q->hop ? -1 : 1;
  if (p->client_ns != q->client_ns)
    return p->client_ns < q->client_ns ? -1 : 1;
  return p->span < q->span ? -1 : p->span > q->span;
}

static int by_value(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

static gint64 percentile(GArray *values, guint percent) {
  return values->len > 0
             ? unpark_percentile((const gint64 *)(gpointer)values->data, values->len, percent)
             : UNPARK_NONE;
}

/* Calls [from, to) are of one hop. */
static void measure(const UnparkTraces *traces, const Call *from, const Call *to,
                    UnparkServiceCall *call) {
  g_autoptr(GArray) client = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) server = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) network = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (const Call *c = from; c < to; c++) {
    call->errors += traces->spans[c->span].status == UNPARK_TRACE_ERROR;
    call->slowest = c->span;
    g_array_append_val(client, c->client_ns);
    if (c->server_ns == UNPARK_NONE)
      continue;
    gint64 between = c->client_ns - c->server_ns;
    g_array_append_val(server, c->server_ns);
    g_array_append_val(network, between);
  }
  g_array_sort(server, by_value);
  g_array_sort(network, by_value);
  call->client_p50_ns = percentile(client, 50);
  call->client_p99_ns = percentile(client, 99);
  call->server_p50_ns = percentile(server, 50);
  call->server_p99_ns = percentile(server, 99);
  call->network_p50_ns = percentile(network, 50);
}

static int by_calls(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkServiceCall *p = a, *q = b;
  const UnparkServiceHop *hops = data;

  if (hops[p->hop].calls != hops[q->hop].calls)
    return hops[p->hop].calls > hops[q->hop].calls ? -1 : 1;
  return p->hop < q->hop ? -1 : p->hop > q->hop;
}

static void make_calls(UnparkServices *all, const guint32 *index) {
  g_autoptr(GArray) calls = collect_calls(all->traces);
  const Call *first, *end;

  g_array_sort(calls, by_hop);
  first = (const Call *)(gpointer)calls->data;
  end = first + calls->len;
  all->n_calls = all->traces->n_hops;
  all->calls = g_new0(UnparkServiceCall, all->n_calls + 1);
  for (guint i = 0; i < all->n_calls; i++) {
    const UnparkServiceHop *hop = &all->traces->hops[i];
    const Call *to = first;
    while (to < end && to->hop == i)
      to++;
    all->calls[i] = (UnparkServiceCall){.hop = i,
                                        .caller = hop->caller ? (gint32)index[hop->caller] - 1 : -1,
                                        .callee = hop->callee ? (gint32)index[hop->callee] - 1 : -1,
                                        .slowest = hop->orphan};
    measure(all->traces, first, to, &all->calls[i]);
    first = to;
  }
  g_qsort_with_data(all->calls, (gint)all->n_calls, sizeof *all->calls, by_calls,
                    all->traces->hops);
}

/* ---- Edges -------------------------------------------------------------------------------- */

static int by_ends(gconstpointer a, gconstpointer b) {
  const UnparkServiceEdge *p = a, *q = b;

  if (p->caller != q->caller)
    return p->caller < q->caller ? -1 : 1;
  return p->callee < q->callee ? -1 : p->callee > q->callee;
}

static void make_edges(UnparkServices *all) {
  GArray *edges = g_array_new(FALSE, FALSE, sizeof(UnparkServiceEdge));
  guint n = 0;

  for (guint i = 0; i < all->n_calls; i++) {
    const UnparkServiceCall *call = &all->calls[i];
    const UnparkServiceHop *hop = &all->traces->hops[call->hop];
    const UnparkServiceEdge edge = {call->caller, call->callee, hop->calls,
                                    hop->joined,  hop->lost,    call->errors};
    if (call->caller >= 0 && call->callee >= 0)
      g_array_append_val(edges, edge);
  }
  g_array_sort(edges, by_ends);
  for (guint i = 0; i < edges->len; i++) {
    const UnparkServiceEdge *edge = &g_array_index(edges, UnparkServiceEdge, i);
    UnparkServiceEdge *last = n > 0 ? &g_array_index(edges, UnparkServiceEdge, n - 1) : NULL;
    if (last && by_ends(last, edge) == 0) {
      unpark_time_sum(&last->calls, edge->calls);
      unpark_time_sum(&last->joined, edge->joined);
      unpark_time_sum(&last->lost, edge->lost);
      unpark_time_sum(&last->errors, edge->errors);
    } else {
      g_array_index(edges, UnparkServiceEdge, n++) = *edge;
    }
  }
  all->n_edges = n;
  all->edges = (UnparkServiceEdge *)(gpointer)g_array_free(edges, FALSE);
}

/* ---- All ---------------------------------------------------------------------------------- */

static void services_clear(gpointer data) {
  UnparkServices *services = data;

  g_free(services->services);
  g_free(services->calls);
  g_free(services->edges);
  unpark_sources_unref(services->sources);
}

UnparkServices *unpark_services_ref(UnparkServices *services) {
  return g_atomic_rc_box_acquire(services);
}

void unpark_services_unref(UnparkServices *services) {
  if (services)
    g_atomic_rc_box_release_full(services, services_clear);
}

UnparkServices *unpark_services_new(UnparkSources *sources, GCancellable *cancellable,
                                    GError **error) {
  const UnparkTraces *traces = unpark_sources_traces(sources, error);

  if (!traces || g_cancellable_set_error_if_cancelled(cancellable, error))
    return NULL;
  UnparkServices *all = g_atomic_rc_box_new0(UnparkServices);
  all->sources = unpark_sources_ref(sources);
  all->traces = traces;
  g_autofree guint32 *index = list_services(all);
  make_calls(all, index);
  make_edges(all);
  return all;
}
