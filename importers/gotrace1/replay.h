/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordered events to the store: goroutine states here, ranges and metrics in ranges.c, tasks,
 * regions and logs in annotations.c.
 *
 * The meaning of the events, and the time each one takes, are those of the Go project's
 * reader, which turns the first format into the terms of the second:
 *
 * - Until the first GOMAXPROCS event the trace lists what was there when it began. Those
 *   goroutines' states begin with the trace; who is only listed was runnable.
 * - A syscall that does not block takes 1 ns.
 * - "Forever" is a wait like others.
 *
 * A state that the events contradict (after lost events, with cgo) is simply left for the
 * new one; what cannot be meant (waking a goroutine that does not wait) is left out. Both are
 * counted. */
#pragma once

#include "importers/gotrace1/clock.h"
#include "importers/gotrace1/order.h"

struct _UnparkV1Proc {
  gint64 pid, thread;
  guint32 place;  /* writer's: on this processor and thread */
  guint32 parked; /* writer's: on this thread, without a processor */
  UnparkV1Goroutine *running;
  gint64 sweep_start; /* UNPARK_NONE: it does not sweep */
  guint32 sweep_stack;
};

typedef enum {
  UNPARK_V1_KIND_RUNNING,
  UNPARK_V1_KIND_SYSCALL,
  UNPARK_V1_KIND_LISTED, /* runnable when the trace began */
  UNPARK_V1_KIND_CREATED,
  UNPARK_V1_KIND_WOKEN,
  UNPARK_V1_KIND_PREEMPTED,
  UNPARK_V1_KIND_YIELDED,
  UNPARK_V1_KIND_RETURNED,
  UNPARK_V1_KIND_FOREVER,
  UNPARK_V1_KIND_SLEEP,
  UNPARK_V1_KIND_BLOCK, /* no reason known */
  UNPARK_V1_KIND_SEND,
  UNPARK_V1_KIND_RECV,
  UNPARK_V1_KIND_SELECT,
  UNPARK_V1_KIND_SYNC,
  UNPARK_V1_KIND_COND,
  UNPARK_V1_KIND_NET,
  UNPARK_V1_KIND_ASSIST,
  UNPARK_N_V1_KINDS
} UnparkV1Kind;

typedef struct {
  UnparkWriter *writer;
  UnparkV1Tables *tables;
  UnparkV1Goroutines *goroutines;
  UnparkV1Proc *procs; /* as index->procs */
  guint n_procs;
  guint version;
  UnparkV1Clock clock;
  guint16 kinds[UNPARK_N_V1_KINDS];
  gboolean listing; /* the trace still lists what was there when it began */
  GArray *listed;   /* guint64: goroutines of that list */

  /* ranges.c */
  guint32 range_names[4], metric_names[3];
  GArray *stops; /* open stop-the-world ranges */
  guint32 stop_name;
  gint64 gc_start;
  guint32 gc_stack;

  /* annotations.c */
  UnparkV1Map task_by_id;
  GArray *tasks;
  guint32 unused_task; /* place in tasks + 1; 0: none */

  guint64 n_contradicted, n_meaningless, n_odd_regions;
} UnparkV1Replay;

void unpark_v1_replay_init(UnparkV1Replay *replay, const UnparkV1Index *index,
                           UnparkV1Goroutines *goroutines, guint64 ticks_per_second);
void unpark_v1_replay_item(UnparkV1Replay *replay, const UnparkV1Order *order,
                           const UnparkV1Item *item);
/* Writes what is still open. The end of the trace, shown time. */
gint64 unpark_v1_replay_finish(UnparkV1Replay *replay);
void unpark_v1_replay_clear(UnparkV1Replay *replay);

/* ---- Between the parts ------------------------------------------------------ */

/* An id as SQL shows it: UNPARK_NONE for none. */
static inline gint64 unpark_v1_shown_id(guint64 id) {
  return id == 0 || id > G_MAXINT64 ? UNPARK_NONE : (gint64)id;
}

/* ranges.c: GC, stop the world, sweeps, assists, heap, GOMAXPROCS. `time_ns`: shown. */
void unpark_v1_ranges_init(UnparkV1Replay *replay);
void unpark_v1_ranges_event(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                            gint64 time_ns);
void unpark_v1_ranges_end_goroutine(UnparkV1Replay *replay, UnparkV1Goroutine *goroutine);
void unpark_v1_ranges_finish(UnparkV1Replay *replay);

/* annotations.c */
void unpark_v1_annotations_init(UnparkV1Replay *replay);
void unpark_v1_annotations_event(UnparkV1Replay *replay, const UnparkV1Event *event,
                                 gint64 time_ns);
/* The goroutine is gone, or the trace over (end_ns UNPARK_NONE). */
void unpark_v1_annotations_end_goroutine(UnparkV1Replay *replay, UnparkV1Goroutine *goroutine,
                                         gint64 end_ns);
void unpark_v1_annotations_finish(UnparkV1Replay *replay);
