/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a view asks a worker about a trace: the part of it that its scope and the window's filter
 * leave. Main thread only. */
#pragma once

#include "ui/session/time-scope.h"

typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;        /* [G_MININT64 + 1, G_MAXINT64]: everything */
  UnparkFilterResult *filtered; /* NULL: nothing is filtered */
  /* The goroutines that pass, ascending; NULL: all. Of `filtered`. */
  const gint64 *ids;
  guint n_ids;
  gpointer what; /* what else the view asks for; NULL */
} UnparkScopeRequest;

/* Runs `work` in a worker with a request as its task data; what an earlier call began under
 * `*loading` is cancelled, and `done` tells by the task's cancellable whether it is the newest.
 * While the session still looks for what passes the filter, nothing is begun: the view calls again
 * at "filter-ready". `what` (may be NULL) is the request's, and freed with g_free(). */
void unpark_scope_request_start(GtkWidget *view, UnparkSession *session, GtkWidget *scope,
                                gpointer what, GCancellable **loading, GTaskThreadFunc work,
                                GAsyncReadyCallback done);
