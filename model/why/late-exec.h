/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who ran on one processor or thread, and for how long. */
#pragma once

#include "model/why/late.h"

typedef struct {
  gint64 from_ns, to_ns;
  gint64 held_ns;        /* somebody was on it */
  guint64 n_spans;       /* executions */
  UnparkHolder *holders; /* greatest held_ns first; last_proc: the processor */
  guint n_holders;
} UnparkExecTotals;

/* Worker. Of the processor `id` (`by_thread`: of the thread) within [from_ns, to_ns]: about 0.1 s
 * for 10 million executions. Errors: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkExecTotals *unpark_exec_totals(UnparkStore *store, gboolean by_thread, gint64 id,
                                     gint64 from_ns, gint64 to_ns, GCancellable *cancellable,
                                     GError **error);
void unpark_exec_totals_free(UnparkExecTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkExecTotals, unpark_exec_totals_free)
