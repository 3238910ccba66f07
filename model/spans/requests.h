/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: what one span set off. A request is a span above which there is none, with all below
 * it; requests of one service and operation are of one kind.
 *
 * Immutable; atomically reference-counted. */
#pragma once

#include <gio/gio.h>

#include "model/spans/traces.h"

typedef enum {
  UNPARK_REQUESTS_ALL,
  UNPARK_REQUESTS_FAILED, /* a span of it has the status error */
  UNPARK_REQUESTS_FINE,   /* none has */
} UnparkRequestStatus;

typedef struct {
  const char *search; /* a span of the request fits it: see search.h */
  UnparkRequestStatus status;
} UnparkRequestSpec;

typedef struct {
  gint32 top;     /* number of the span above all others */
  guint32 kind;   /* index in kinds */
  guint32 spans;  /* of it, `top` included */
  guint32 errors; /* of those */
  guint32 services;
  gint32 found; /* the first that fits the search; `top` where nothing is searched for */
} UnparkRequest;

typedef struct {
  guint32 service, name; /* texts, of the top span */
  gboolean cut;          /* the top has a parent, but it is not here */
  guint first, count;    /* in requests: the longest first */
  gint64 errors;         /* requests in which a span failed */
  gint64 spans, total_ns;
  gint64 p50_ns, p90_ns, p99_ns, longest_ns;
} UnparkRequestKind;

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces; /* of the sources */
  UnparkRequest *requests;
  guint n_requests;
  UnparkRequestKind *kinds; /* with most time first */
  guint n_kinds;
  guint n_all; /* requests there are without a search */
} UnparkRequests;

/* Worker. NULL: `error`, also of the search's text. */
UnparkRequests *unpark_requests_new(UnparkSources *sources, const UnparkRequestSpec *spec,
                                    GCancellable *cancellable, GError **error);
UnparkRequests *unpark_requests_ref(UnparkRequests *requests);
void unpark_requests_unref(UnparkRequests *requests);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRequests, unpark_requests_unref)

static inline gint64 unpark_request_duration(const UnparkRequests *requests, guint request) {
  const UnparkTraceSpan *top = &requests->traces->spans[requests->requests[request].top];
  return top->end_ns - top->start_ns;
}
