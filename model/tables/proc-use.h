/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processors (Ps) did: running goroutines, or idle, and idle while goroutines were ready
 * to run.
 *
 * A processor is there while GOMAXPROCS is above its number; it is busy while the trace has a
 * goroutine running on it, which the rows of proc_span are. Where the trace does not have
 * GOMAXPROCS, the processors that ran anything are there all the time.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  gint64 proc;
  gint64 there_ns;         /* of the asked time */
  gint64 busy_ns;          /* running goroutines that count */
  gint64 other_ns;         /* running others */
  gint64 idle_ns;          /* what is left of there_ns */
  gint64 idle_runnable_ns; /* of idle_ns: while at least one goroutine was runnable */
  guint64 n_runs;          /* of goroutines that count */
} UnparkProcRow;

/* Immutable. */
typedef struct {
  UnparkProcRow *procs; /* ascending by number */
  guint n_procs;
  gint64 capacity_ns; /* sum of there_ns: GOMAXPROCS over time */
  gint64 busy_ns, other_ns, idle_ns;
  /* Processor time that ready goroutines could have used: at each moment the smaller of the
   * number of idle processors and that of runnable goroutines, over time. */
  gint64 wasted_ns;
  gint64 runnable_ns;            /* goroutine time ready to run */
  guint least_procs, most_procs; /* GOMAXPROCS within the asked time */
} UnparkProcUse;

/* Worker. [G_MININT64 + 1, G_MAXINT64]: the whole trace. `ids`: ascending, the goroutines that
 * count, running and runnable; NULL: all. NULL with *error: UNPARK_ERROR_STORE,
 * G_IO_ERROR_CANCELLED. */
UnparkProcUse *unpark_proc_use_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                   const gint64 *ids, guint n_ids, GCancellable *cancellable,
                                   GError **error);
void unpark_proc_use_free(UnparkProcUse *use);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkProcUse, unpark_proc_use_free)
