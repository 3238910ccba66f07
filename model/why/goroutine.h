/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One goroutine in numbers: what it did, whom it created, what it waited for longest. */
#pragma once

#include "model/store/store.h"

typedef struct {
  guint16 kind; /* state and reason; cause of runnable ones */
  guint64 count;
  gint64 total_ns, longest_ns;
  gint64 longest_start_ns; /* where the longest is */
} UnparkKindTotal;

typedef struct {
  UnparkGoroutine goroutine; /* with the totals by state */
  UnparkKindTotal *kinds;    /* those it was in; greatest total first */
  gint64 *children;          /* ids of goroutines it created, ascending */
  UnparkSpan *waits;         /* its longest waits, longest first */
  guint n_kinds, n_children, n_waits;
} UnparkGoroutineSummary;

/* Worker. `n_longest`: at most so many waits. NULL without *error set: there is no such goroutine.
 * Errors: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkGoroutineSummary *unpark_goroutine_summary(UnparkStore *store, gint64 goroutine,
                                                 guint n_longest, GCancellable *cancellable,
                                                 GError **error);
void unpark_goroutine_summary_free(UnparkGoroutineSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkGoroutineSummary, unpark_goroutine_summary_free)
