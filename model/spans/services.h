/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services and the calls between them, with how long these took on both sides.
 *
 * Immutable; atomically reference-counted. */
#pragma once

#include <gio/gio.h>

#include "model/spans/traces.h"

typedef struct {
  guint32 service; /* text */
  guint32 rank;    /* among all services, by spans: for its colour */
  gint64 spans, errors;
} UnparkServiceNode;

/* A hop (UnparkServiceHop) with what its calls took. Times are UNPARK_NONE where no call tells. */
typedef struct {
  guint hop;             /* index in traces->hops */
  gint32 caller, callee; /* indices in services; -1: not known */
  gint64 errors;         /* calls with the status error */
  gint64 client_p50_ns, client_p99_ns;
  gint64 server_p50_ns, server_p99_ns; /* of joined calls: of the server's span */
  gint64 network_p50_ns;               /* of joined calls, client less server */
  gint32 slowest;                      /* number of the longest client span, or of an orphan; -1 */
} UnparkServiceCall;

/* All calls of one service to another. */
typedef struct {
  gint32 caller, callee; /* indices in services */
  gint64 calls, joined, lost, errors;
} UnparkServiceEdge;

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces;  /* of the sources */
  UnparkServiceNode *services; /* with most spans first */
  guint n_services;
  UnparkServiceCall *calls; /* with most calls first */
  guint n_calls;
  UnparkServiceEdge *edges; /* by caller and callee */
  guint n_edges;
} UnparkServices;

/* Worker. */
UnparkServices *unpark_services_new(UnparkSources *sources, GCancellable *cancellable,
                                    GError **error);
UnparkServices *unpark_services_ref(UnparkServices *services);
void unpark_services_unref(UnparkServices *services);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkServices, unpark_services_unref)
