/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out in a trace: places where goroutines lose time, and goroutines that are lost.
 *
 * One scan over five columns of the span blocks, on two threads, and one over the ranges. Waits,
 * system calls and delays are gathered by place: what they are for, and the program's own function
 * that waits. Goroutines of the runtime count as load only. The thresholds of findings.c, stuck.c
 * and load.c decide what is worth reporting.
 */
#pragma once

#include "model/why/why.h"

typedef enum {
  UNPARK_FINDING_LEAK,     /* goroutines that wait at one place until the trace ends */
  UNPARK_FINDING_LOCK,     /* waits for a mutex at one place */
  UNPARK_FINDING_SCHED,    /* runnable goroutines that wait for a processor */
  UNPARK_FINDING_PAUSE,    /* stop-the-world */
  UNPARK_FINDING_GC,       /* the collector is marking, or goroutines assist it */
  UNPARK_FINDING_SYSCALL,  /* system calls of 10 ms or more at one place */
  UNPARK_FINDING_OUTLIER,  /* a wait far longer than the others at its place */
  UNPARK_FINDING_DEADLOCK, /* goroutines that wait for locks until the trace ends */
  UNPARK_FINDING_GROWTH,   /* very many goroutines of one function alive at once */
  UNPARK_FINDING_CPU,      /* every processor is busy nearly all the time */
  UNPARK_FINDING_TASK,     /* tasks of one name, of which some take far longer than usual */
  UNPARK_N_FINDINGS
} UnparkFindingType;

#define UNPARK_FINDING_BUCKETS 48

typedef struct {
  double idle;                    /* part of the processors' time in which nothing ran */
  gint64 procs_least, procs_most; /* GOMAXPROCS in the asked time */
} UnparkFindingLoad;

/* What slow tasks do longer than typical ones. */
typedef struct {
  gint64 extra_ns; /* how much longer the slow ones are, on average */
  gint64 part_ns;  /* of that, in the state below */
  UnparkState state;
  UnparkWait wait; /* of waiting */
  /* SCHED: part of the time of the program's tasks in which they were ready but did not run;
   * negative: there are too few tasks to say. */
  double runnable;
} UnparkFindingTasks;

typedef enum {
  UNPARK_FINDING_MINOR,
  UNPARK_FINDING_NOTABLE,
  UNPARK_FINDING_SEVERE
} UnparkFindingLevel;

typedef struct {
  UnparkFindingType type;
  UnparkFindingLevel level;
  /* LEAK: TRUE if nothing can end the waits (a nil channel, a select without cases), FALSE if that
   * is only probable: the goroutines never went on, and new ones keep coming, or `ended`. */
  gboolean certain;
  /* LEAK: they wait for a sync.WaitGroup, and all the goroutines that they started, so many, have
   * ended; else 0. */
  guint ended;
  /* Waits, delays, pauses, cycles, calls. LEAK, DEADLOCK: goroutines. GROWTH: the most alive at
   * once. CPU: processors. TASK: those that finished. */
  guint64 count;
  /* Time lost, within the asked time. LEAK, LOCK, OUTLIER, DEADLOCK, GROWTH: waited. SCHED:
   * runnable. GC: marking. CPU: how long the goroutines of `name_id` ran. TASK: what they took
   * longer than the median. */
  gint64 total_ns;
  /* Of the whole lengths; percentiles to a fifth of a percent, as those of latencies. */
  gint64 p50_ns, p99_ns, longest_ns;
  /* LOCK, SYSCALL: how many goroutines were there on average. SCHED: part of the time in which the
   * program's goroutines ran or could have. PAUSE, GC: part of the asked time. CPU: part of the
   * processors' time. GROWTH: created per second. Else 0. */
  double share;
  UnparkFindingLoad load; /* SCHED */
  gint64 assist_ns;       /* GC: length of all assists, waits within them included */
  gint64 assist_cpu_ns;   /* GC: how long goroutines ran within assists */
  /* LOCK: what explains most of the longest wait: what another goroutine did for so long, and where
   * it was. UNPARK_NONE: not known. */
  gint64 holder, holder_ns;
  UnparkLinkKind holder_did;
  guint32 holder_stack;
  guint16 kind;  /* of the longest's span; 0: a range */
  guint32 stack; /* where the longest stopped; 0: not known */
  /* TASK: name of the tasks. LEAK, GROWTH: start function of the goroutines. CPU: that whose
   * goroutines ran most. PAUSE: name of the longest. Else 0. */
  guint32 name_id;
  gint64 goroutine;         /* of the longest; UNPARK_NONE: it is about none */
  gint64 start_ns, end_ns;  /* of the longest, whole; GROWTH: the moment of the most */
  UnparkFindingTasks tasks; /* TASK, SCHED */
  /* LOCK, SCHED, SYSCALL, OUTLIER, TASK: time lost by when it began, in equal parts of the asked
   * time; else 0. */
  gint64 when_ns[UNPARK_FINDING_BUCKETS];
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
