/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All goroutines that are alive at one moment of the trace.
 *
 * Two views of a goroutine share one record: what the events merged so far say (order.c
 * decides with it which event may come next), and what was shown (replay.c). A syscall's
 * return is shown before its event is merged, so the two can differ. */
#pragma once

#include "importers/gotrace1/map.h"
#include "model/writer/writer.h"

typedef struct _UnparkV1Proc UnparkV1Proc;
typedef struct _UnparkV1Region UnparkV1Region;

typedef enum {
  UNPARK_V1_DEAD, /* or never heard of */
  UNPARK_V1_RUNNABLE,
  UNPARK_V1_RUNNING,
  UNPARK_V1_WAITING,
} UnparkV1GoStatus;

typedef struct {
  guint64 id;
  /* Merged events. */
  guint64 seq;       /* number that its next event from elsewhere must have */
  gint64 exit_shown; /* ticks of the return event that was shown in advance; 0: none */
  guint8 status;     /* UnparkV1GoStatus */
  guint8 in_use;     /* FALSE: this is nobody */
  guint8 in_syscall; /* what it waits for is a syscall */
  guint8 awaited;    /* a processor's next event may not come before it changes */
  /* What was shown. */
  guint8 state;    /* UnparkState; GONE before the first span */
  guint8 expected; /* listed when the trace began, nothing said about its state so far */
  guint32 assist_stack;
  gint64 assist_start;     /* UNPARK_NONE: not in a mark assist */
  UnparkLane *lane;        /* NULL: not shown so far */
  UnparkV1Proc *proc;      /* it is on; NULL: none */
  UnparkV1Region *regions; /* open ones, innermost first */
} UnparkV1Goroutine;

typedef struct {
  UnparkV1Map by_id;
  GPtrArray *chunks;
  guint32 n;
  GArray *unused; /* guint32 */
} UnparkV1Goroutines;

void unpark_v1_goroutines_init(UnparkV1Goroutines *all);
void unpark_v1_goroutines_clear(UnparkV1Goroutines *all);

/* Records are never given back to the system: one whose goroutine was removed is nobody's,
 * and later another one's. */
UnparkV1Goroutine *unpark_v1_goroutines_get(UnparkV1Goroutines *all, guint64 id);
/* The same, if `last`, which was got before (or is NULL), is not it. */
static inline UnparkV1Goroutine *unpark_v1_goroutines_again(UnparkV1Goroutines *all,
                                                            UnparkV1Goroutine *last, guint64 id) {
  return last && last->id == id && last->in_use ? last : unpark_v1_goroutines_get(all, id);
}
/* NULL: there is none. */
UnparkV1Goroutine *unpark_v1_goroutines_find(const UnparkV1Goroutines *all, guint64 id);
void unpark_v1_goroutines_remove(UnparkV1Goroutines *all, UnparkV1Goroutine *goroutine);

/* In no order that means anything, but always the same. The goroutine may be removed. */
typedef void (*UnparkV1GoroutineFunc)(UnparkV1Goroutine *goroutine, gpointer data);
void unpark_v1_goroutines_foreach(UnparkV1Goroutines *all, UnparkV1GoroutineFunc func,
                                  gpointer data);
