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

/* What `scope` and the session say now; there is a store, and the session knows what passes its
 * filter. `what` (may be NULL) is freed with g_free(). */
UnparkScopeRequest *unpark_scope_request_new(UnparkSession *session, UnparkTimeScope *scope,
                                             gpointer what);
void unpark_scope_request_free(gpointer request);
