/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a runnable goroutine did not run: who had the processors meanwhile.
 *
 * The time of a runnable span times the number of processors is what could have been used:
 * capacity_ns = held_ns (goroutines were on processors, running or in a system call that kept its
 * processor) + stopped_ns (free, but the world was stopped) + idle_ns (free). An idle processor
 * while a goroutine is runnable is the scheduler's own latency: waking a thread takes some
 * microseconds.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  gint64 goroutine;
  gint64 held_ns; /* on all processors together, within the asked time */
  gint64 longest_ns;
  gint64 last_proc; /* where it was last */
} UnparkHolder;

typedef struct {
  gint64 name_id; /* string: "GC concurrent mark phase", "stop-the-world (...)" */
  gint64 overlap_ns;
} UnparkLateRange;

typedef struct {
  gint64 from_ns, to_ns;
  UnparkSpan span;     /* the runnable span; kind 0: a range was asked about */
  UnparkCause cause;   /* how it became runnable */
  gint64 waker;        /* WOKEN: who woke it, CREATED: who created it; UNPARK_NONE */
  guint32 waker_stack; /* where that was */
  gint64 proc, thread; /* where it then ran; UNPARK_NONE */
  gint64 procs;        /* number of processors at from_ns (GOMAXPROCS) */
  gint64 procs_last;   /* at to_ns */
  gint64 capacity_ns;  /* held_ns + stopped_ns + idle_ns */
  gint64 held_ns, stopped_ns, idle_ns;
  gint64 stw_ns;         /* wall time in which the world was stopped */
  gint64 gc_ns;          /* wall time in which the collector was marking */
  UnparkHolder *holders; /* greatest held_ns first */
  guint n_holders;
  UnparkLateRange *ranges; /* global ranges and stops of the world meanwhile; longest first */
  guint n_ranges;
} UnparkLate;

/* Worker. Of the runnable span at `at_ns` (start <= at < end). NULL without *error set: the
 * goroutine has no runnable span there. Errors: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkLate *unpark_late_of_span(UnparkStore *store, gint64 goroutine, gint64 at_ns,
                                GCancellable *cancellable, GError **error);
/* Worker. Who held the processors in any time. */
UnparkLate *unpark_late_of_range(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                 GCancellable *cancellable, GError **error);
void unpark_late_free(UnparkLate *late);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkLate, unpark_late_free)
