/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/findings.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/percentile.h"

const char *unpark_trace_finding_name(UnparkTraceFindingKind kind) {
  static const char *const names[] = {"lost-context", "not-joined", "orphans",  "missing-children",
                                      "many-roots",   "short-ids",  "sampling", "skew"};

  return names[kind];
}

static void finding_free(gpointer data) {
  UnparkTraceFinding *finding = data;

  g_free(finding->sentence);
  g_free(finding);
}

static UnparkTraceFinding *add(GPtrArray *findings, UnparkTraceFindingKind kind, gint64 count,
                               gint64 of) {
  UnparkTraceFinding *finding = g_new0(UnparkTraceFinding, 1);

  finding->kind = kind;
  finding->count = count;
  finding->of = of;
  g_ptr_array_add(findings, finding);
  return finding;
}

static void add_example(UnparkTraceFinding *finding, gint32 span) {
  if (span >= 0 && finding->n_examples < UNPARK_TRACE_EXAMPLES)
    finding->examples[finding->n_examples++] = span;
}

/* What a service is called where it has no name. */
static const char *service_name(const UnparkTraces *traces, guint32 service) {
  return service != 0 ? unpark_traces_text(traces, service) : _("a service without a name");
}

static guint32 service_of(const UnparkTraces *traces, gint32 span) {
  return unpark_traces_resource(traces, &traces->spans[span])->service;
}

/* ---- Hops --------------------------------------------------------------------------------- */

static void add_hop(const UnparkTraces *traces, const UnparkServiceHop *hop, GPtrArray *findings) {
  char count[UNPARK_FORMAT_SIZE], of[UNPARK_FORMAT_SIZE];
  const char *caller = service_name(traces, hop->caller);
  const char *callee = service_name(traces, hop->callee);
  const char *name = unpark_traces_text(traces, hop->name);
  gint64 open = hop->calls - hop->joined - hop->lost;
  UnparkTraceFinding *finding;

  if (hop->lost > 0) {
    finding = add(findings, UNPARK_TRACE_LOST_CONTEXT, hop->lost, hop->calls);
    /* Translators: calling service, called service, operation, count, count of all */
    finding->sentence = g_strdup_printf(
        _("From %s to %s (%s), %s of %s calls lost the context: in their time the server began a "
          "trace of its own"),
        caller, callee, name, unpark_format_count(hop->lost, count),
        unpark_format_count(hop->calls, of));
    finding->advice =
        _("Make the client inject the context into the request (otelhttp.Transport, "
          "otelgrpc's client handler), pass the request's own context.Context on, and "
          "use the same propagator in both services.");
    add_example(finding, hop->lost_call);
  }
  if (open > 0 && hop->callee != 0 && hop->calls > 0) {
    finding = add(findings, UNPARK_TRACE_NOT_JOINED_CALL, open, hop->calls);
    /* Translators: calling service, called service, operation, count, count of all */
    finding->sentence = g_strdup_printf(
        _("From %s to %s (%s), %s of %s calls have no server span, although the service reports"),
        caller, callee, name, unpark_format_count(open, count),
        unpark_format_count(hop->calls, of));
    finding->advice = _("The request did not arrive, the server did not export its span, or it "
                        "samples by itself: use a parent-based sampler in both services.");
    add_example(finding, hop->not_joined);
  }
}

/* ---- Services ----------------------------------------------------------------------------- */

/* What is counted of each service. */
typedef struct {
  guint32 service;
  gint64 spans, orphans, missing;
  gint32 orphan[UNPARK_TRACE_EXAMPLES], incomplete[UNPARK_TRACE_EXAMPLES];
  guint n_orphans, n_incomplete;
} Service;

static Service *service_at(GHashTable *services, guint32 service) {
  Service *found = g_hash_table_lookup(services, GUINT_TO_POINTER(service));

  if (!found) {
    found = g_new0(Service, 1);
    found->service = service;
    g_hash_table_insert(services, GUINT_TO_POINTER(service), found);
  }
  return found;
}

static void count_span(const UnparkTraces *traces, gint32 number, GHashTable *services) {
  const UnparkTraceSpan *span = &traces->spans[number];
  Service *service = service_at(services, service_of(traces, number));

  service->spans++;
  if (span->ids.parent != 0 && span->parent < 0) {
    service->orphans++;
    if (service->n_orphans < UNPARK_TRACE_EXAMPLES)
      service->orphan[service->n_orphans++] = number;
  }
  if (span->made > span->n_children) {
    service->missing += span->made - span->n_children;
    if (service->n_incomplete < UNPARK_TRACE_EXAMPLES)
      service->incomplete[service->n_incomplete++] = number;
  }
}

static void add_service(const UnparkTraces *traces, const Service *service, GPtrArray *findings) {
  char count[UNPARK_FORMAT_SIZE], of[UNPARK_FORMAT_SIZE];
  const char *name = service_name(traces, service->service);
  UnparkTraceFinding *finding;

  if (service->orphans > 0) {
    finding = add(findings, UNPARK_TRACE_ORPHANS, service->orphans, service->spans);
    /* Translators: service, count, count of all */
    finding->sentence = g_strdup_printf(_("In %s, %s of %s spans have a parent that is not here"),
                                        name, unpark_format_count(service->orphans, count),
                                        unpark_format_count(service->spans, of));
    finding->advice =
        _("The parent was not exported, was sampled away, or is in a file that is not "
          "open: open the caller's spans as well, and compare the samplers.");
    for (guint i = 0; i < service->n_orphans; i++)
      add_example(finding, service->orphan[i]);
  }
  if (service->missing > 0) {
    finding =
        add(findings, UNPARK_TRACE_MISSING, service->missing, service->spans + service->missing);
    /* Translators: service, count, count of all */
    finding->sentence = g_strdup_printf(_("In %s, %s of %s spans were made but are not here"), name,
                                        unpark_format_count(service->missing, count),
                                        unpark_format_count(finding->of, of));
    finding->advice = _("They were not sampled, or the exporter lost them: enlarge the batch "
                        "processor's queue, look for errors of the exporter, and shut the provider "
                        "down before the program ends.");
    for (guint i = 0; i < service->n_incomplete; i++)
      add_example(finding, service->incomplete[i]);
  }
}

static void add_services(const UnparkTraces *traces, GPtrArray *findings) {
  GHashTable *services = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  GHashTableIter iter;
  gpointer service;

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    count_span(traces, i, services);
  g_hash_table_iter_init(&iter, services);
  while (g_hash_table_iter_next(&iter, NULL, &service))
    add_service(traces, service, findings);
  g_hash_table_unref(services);
}

/* ---- Traces ------------------------------------------------------------------------------- */

static int by_trace(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
  const UnparkTraceIds *p = &traces->spans[x].ids, *q = &traces->spans[y].ids;

  /* By the low half first: a trace whose id was cut stands beside its whole one. */
  if (p->low != q->low)
    return p->low < q->low ? -1 : 1;
  if (p->high != q->high)
    return p->high < q->high ? -1 : 1;
  return x < y ? -1 : x > y;
}

typedef struct {
  gint64 traces, rooted, cut;
  UnparkTraceFinding roots, ids; /* collect examples only */
} TraceCounts;

static gboolean is_root(const UnparkTraceSpan *span) {
  return span->ids.parent == 0 && span->parent < 0;
}

static void count_traces(const UnparkTraces *traces, const gint32 *order, TraceCounts *counts) {
  const UnparkTraceIds *last = NULL;
  guint n_roots = 0;

  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[order[i]];
    if (!last || span->ids.low != last->low || span->ids.high != last->high) {
      if (last && last->high == 0 && last->low == span->ids.low) {
        counts->cut++;
        add_example(&counts->ids, order[i - 1]);
      }
      counts->traces++;
      n_roots = 0;
    }
    last = &span->ids;
    n_roots += is_root(span);
    if (is_root(span) && n_roots == 2) {
      counts->rooted++;
      add_example(&counts->roots, order[i]);
    }
  }
}

static void add_counts(const TraceCounts *counts, GPtrArray *findings) {
  char count[UNPARK_FORMAT_SIZE], of[UNPARK_FORMAT_SIZE];
  UnparkTraceFinding *finding;

  if (counts->rooted > 0) {
    finding = add(findings, UNPARK_TRACE_MANY_ROOTS, counts->rooted, counts->traces);
    finding->sentence = g_strdup_printf(_("%s of %s traces have more than one root"),
                                        unpark_format_count(counts->rooted, count),
                                        unpark_format_count(counts->traces, of));
    finding->advice = _("Something starts spans with the trace's id but without a parent, as code "
                        "does that passes the trace id on and not the span id.");
    memcpy(finding->examples, counts->roots.examples, sizeof finding->examples);
    finding->n_examples = counts->roots.n_examples;
  }
  if (counts->cut > 0) {
    finding = add(findings, UNPARK_TRACE_SHORT_IDS, counts->cut, counts->traces);
    finding->sentence = g_strdup_printf(
        _("%s of %s traces have an id of 64 bits that is the end of another trace's id"),
        unpark_format_count(counts->cut, count), unpark_format_count(counts->traces, of));
    finding->advice = _("A service or proxy cuts trace ids to 64 bits: turn on 128-bit ids there "
                        "(B3 and Jaeger clients have a setting), or use the W3C propagator.");
    memcpy(finding->examples, counts->ids.examples, sizeof finding->examples);
    finding->n_examples = counts->ids.n_examples;
  }
}

static void add_traces(const UnparkTraces *traces, GPtrArray *findings) {
  gint32 *order = g_new(gint32, MAX(traces->n_spans, 1));
  TraceCounts counts = {0};

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    order[i] = i;
  g_qsort_with_data(order, (gint)traces->n_spans, sizeof *order, by_trace, (gpointer)traces);
  count_traces(traces, order, &counts);
  add_counts(&counts, findings);
  g_free(order);
}

/* ---- Sampling ----------------------------------------------------------------------------- */

/* A span that stands for another number of spans than its parent in another service. */
typedef struct {
  guint32 caller, callee;
  gint32 span;
} Departure;

static int by_services(gconstpointer a, gconstpointer b) {
  const Departure *p = a, *q = b;

  if (p->caller != q->caller)
    return p->caller < q->caller ? -1 : 1;
  if (p->callee != q->callee)
    return p->callee < q->callee ? -1 : 1;
  return p->span < q->span ? -1 : 1;
}

/* FALSE: both stand for the same number, or it is not known of one. */
static gboolean take_departure(const UnparkTraces *traces, gint32 number, Departure *departure) {
  const UnparkTraceSpan *span = &traces->spans[number];
  const UnparkTraceSpan *parent = span->parent >= 0 ? &traces->spans[span->parent] : NULL;

  if (!parent || !(span->adjusted > 0) || !(parent->adjusted > 0) ||
      !(span->adjusted < parent->adjusted || span->adjusted > parent->adjusted))
    return FALSE;
  *departure = (Departure){service_of(traces, span->parent), service_of(traces, number), number};
  return departure->caller != departure->callee;
}

static void add_departures(const UnparkTraces *traces, const Departure *d, guint n,
                           GPtrArray *findings) {
  const UnparkTraceSpan *span = &traces->spans[d->span];
  const UnparkTraceSpan *parent = &traces->spans[span->parent];
  char count[UNPARK_FORMAT_SIZE], p[UNPARK_FORMAT_SIZE], q[UNPARK_FORMAT_SIZE];
  UnparkTraceFinding *finding = add(findings, UNPARK_TRACE_SAMPLING, n, n);

  /* Translators: calling service, called service, count, share, share */
  finding->sentence = g_strdup_printf(
      _("From %s to %s, the probability of being sampled changes at %s calls: of the first, the "
        "caller keeps %s and the called service %s"),
      service_name(traces, d->caller), service_name(traces, d->callee),
      unpark_format_count(n, count), unpark_format_share(1, (double)parent->adjusted, p),
      unpark_format_share(1, (double)span->adjusted, q));
  finding->advice = _("A service that samples by itself breaks traces: use a parent-based sampler "
                      "there, or count each span by its own probability.");
  for (guint i = 0; i < n; i++)
    add_example(finding, d[i].span);
}

static void add_sampling(const UnparkTraces *traces, GPtrArray *findings) {
  GArray *departures = g_array_new(FALSE, FALSE, sizeof(Departure));
  Departure departure;

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    if (take_departure(traces, i, &departure))
      g_array_append_val(departures, departure);
  g_array_sort(departures, by_services);
  for (guint from = 0, to; from < departures->len; from = to) {
    const Departure *first = &g_array_index(departures, Departure, from);
    for (to = from; to < departures->len; to++)
      if (g_array_index(departures, Departure, to).caller != first->caller ||
          g_array_index(departures, Departure, to).callee != first->callee)
        break;
    add_departures(traces, first, to - from, findings);
  }
  g_array_unref(departures);
}

/* ---- Clocks ------------------------------------------------------------------------------- */

/* A child on another host that begins before its parent, or ends after it. */
typedef struct {
  guint32 parent_host, host;
  gint64 by_ns; /* its clock is behind by so much at least; < 0: ahead */
  gint32 span;
} Skew;

static int by_hosts(gconstpointer a, gconstpointer b) {
  const Skew *p = a, *q = b;

  if (p->parent_host != q->parent_host)
    return p->parent_host < q->parent_host ? -1 : 1;
  if (p->host != q->host)
    return p->host < q->host ? -1 : 1;
  if (p->by_ns != q->by_ns)
    return p->by_ns < q->by_ns ? -1 : 1;
  return p->span < q->span ? -1 : 1;
}

/* FALSE: it lies within its parent, or is of the same host. *crosses: it is of another. */
static gboolean take_skew(const UnparkTraces *traces, gint32 number, Skew *skew) {
  const UnparkTraceSpan *span = &traces->spans[number];
  const UnparkTraceSpan *parent = span->parent >= 0 ? &traces->spans[span->parent] : NULL;

  if (!parent || span->kind != UNPARK_TRACE_SERVER)
    return FALSE;
  *skew = (Skew){unpark_traces_resource(traces, parent)->host,
                 unpark_traces_resource(traces, span)->host, 0, number};
  if (skew->host == 0 || skew->parent_host == 0 || skew->host == skew->parent_host)
    return FALSE;
  if (span->start_ns < parent->start_ns)
    skew->by_ns = parent->start_ns - span->start_ns;
  else if (span->end_ns > parent->end_ns)
    skew->by_ns = parent->end_ns - span->end_ns;
  return TRUE;
}

/* The median of what is outside, of two hosts; what lies within counts in `of`. */
static void add_pair(const UnparkTraces *traces, const Skew *pair, guint n, GPtrArray *findings) {
  g_autofree gint64 *by = g_new(gint64, n);
  char count[UNPARK_FORMAT_SIZE], of[UNPARK_FORMAT_SIZE], skew[UNPARK_FORMAT_SIZE];
  UnparkTraceFinding *finding;
  guint outside = 0;

  for (guint i = 0; i < n; i++)
    if (pair[i].by_ns != 0)
      by[outside++] = pair[i].by_ns;
  if (outside == 0)
    return;
  gint64 median = unpark_percentile(by, outside, 50);
  finding = add(findings, UNPARK_TRACE_SKEW, outside, n);
  /* Translators: host, host, count, count of all, duration */
  finding->sentence = g_strdup_printf(
      median > 0 ? _("The clock of %s is behind that of %s: %s of %s server spans are outside of "
                     "their client spans, by %s (median)")
                 : _("The clock of %s is ahead of that of %s: %s of %s server spans are outside of "
                     "their client spans, by %s (median)"),
      unpark_traces_text(traces, pair->host), unpark_traces_text(traces, pair->parent_host),
      unpark_format_count(outside, count), unpark_format_count(n, of),
      unpark_format_duration(ABS(median), skew));
  finding->advice =
      _("Times are shown as they were recorded. Synchronise the clocks of both hosts; "
        "network time between them cannot be told from these spans.");
  for (guint i = 0; i < n; i++)
    if (pair[i].by_ns != 0)
      add_example(finding, pair[i].span);
}

static void add_skews(const UnparkTraces *traces, GPtrArray *findings) {
  GArray *skews = g_array_new(FALSE, FALSE, sizeof(Skew));
  Skew skew;

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    if (take_skew(traces, i, &skew))
      g_array_append_val(skews, skew);
  g_array_sort(skews, by_hosts);
  for (guint from = 0, to; from < skews->len; from = to) {
    const Skew *first = &g_array_index(skews, Skew, from);
    for (to = from; to < skews->len; to++)
      if (g_array_index(skews, Skew, to).host != first->host ||
          g_array_index(skews, Skew, to).parent_host != first->parent_host)
        break;
    add_pair(traces, first, to - from, findings);
  }
  g_array_unref(skews);
}

/* ---- All ---------------------------------------------------------------------------------- */

static int by_kind(gconstpointer a, gconstpointer b) {
  const UnparkTraceFinding *const *p = a, *const *q = b;

  if ((*p)->kind != (*q)->kind)
    return (*p)->kind < (*q)->kind ? -1 : 1;
  if ((*p)->count != (*q)->count)
    return (*p)->count > (*q)->count ? -1 : 1;
  return strcmp((*p)->sentence, (*q)->sentence);
}

GPtrArray *unpark_trace_findings(const UnparkTraces *traces) {
  GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);

  for (guint i = 0; i < traces->n_hops; i++)
    add_hop(traces, &traces->hops[i], findings);
  add_services(traces, findings);
  add_traces(traces, findings);
  add_sampling(traces, findings);
  add_skews(traces, findings);
  g_ptr_array_sort(findings, by_kind);
  return findings;
}
