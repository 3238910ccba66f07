/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out in a trace: places where goroutines lose time, and goroutines that are lost.
 *
 * One scan over five columns of the span blocks, on two threads, and one over the ranges. Waits,
 * system calls and delays are gathered by place: what they are for, and the program's own function
 * that waits. The thresholds from which a place is worth telling are in model/findings/findings.c.
 */
#pragma once

#include "model/store/store.h"

typedef enum {
  UNPARK_FINDING_LEAK,    /* goroutines that wait at one place up to the trace's end */
  UNPARK_FINDING_LOCK,    /* waits for a mutex at one place */
  UNPARK_FINDING_SCHED,   /* runnable goroutines that wait for a processor */
  UNPARK_FINDING_PAUSE,   /* stop-the-world */
  UNPARK_FINDING_GC,      /* the collector marks, or goroutines must help it */
  UNPARK_FINDING_SYSCALL, /* system calls of 10 ms and more at one place */
  UNPARK_FINDING_OUTLIER, /* a wait that is far longer than others at its place */
  UNPARK_N_FINDINGS
} UnparkFindingType;

typedef enum {
  UNPARK_FINDING_MINOR,
  UNPARK_FINDING_NOTABLE,
  UNPARK_FINDING_SEVERE
} UnparkFindingLevel;

typedef struct {
  UnparkFindingType type;
  UnparkFindingLevel level;
  guint64 count; /* waits, delays, pauses, cycles, calls; LEAK: goroutines */
  /* Time lost, within the asked time. LEAK, LOCK, OUTLIER: waited. SCHED: runnable. GC: marked. */
  gint64 total_ns;
  /* Of the whole lengths; percentiles to a fifth of a percent, as those of latencies. */
  gint64 p50_ns, p99_ns, longest_ns;
  /* LOCK, SYSCALL: how many goroutines were there on average. SCHED: part of the time in which
   * goroutines ran or could have. PAUSE, GC: part of the asked time. Else 0. */
  double share;
  gint64 assist_ns; /* GC: how long goroutines helped */
  guint16 kind;     /* of the longest's span; 0: a range */
  guint32 stack;    /* where the longest stopped; 0: not known */
  guint32 name_id;  /* LEAK: function the goroutines started in; PAUSE: of the longest; else 0 */
  gint64 goroutine; /* of the longest; UNPARK_NONE: it is about none */
  gint64 start_ns, end_ns; /* of the longest, whole */
} UnparkFinding;

/* Immutable; atomically reference-counted; keeps the store alive. Any thread. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;   /* within the trace */
  UnparkFinding *findings; /* the most severe first, then those that cost most */
  guint n;
} UnparkFindings;

/* Worker. [G_MININT64 + 1, G_MAXINT64]: the whole trace; leaks are told of that only. `ids`:
 * ascending, the goroutines that count; NULL: all. NULL with *error: UNPARK_ERROR_STORE,
 * G_IO_ERROR_CANCELLED. */
UnparkFindings *unpark_findings_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                    const gint64 *ids, guint n_ids, GCancellable *cancellable,
                                    GError **error);
/* Those of the types, a bit for each (1u << UNPARK_FINDING_LOCK), that are at least so severe. */
UnparkFindings *unpark_findings_only(const UnparkFindings *findings, guint32 types,
                                     UnparkFindingLevel level);
UnparkFindings *unpark_findings_ref(UnparkFindings *findings);
void unpark_findings_unref(UnparkFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFindings, unpark_findings_unref)
