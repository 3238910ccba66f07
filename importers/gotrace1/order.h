/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One order for the events of all processors, such that goroutine states make sense.
 *
 * Events of one processor are in order. Between processors there are the times, which tie
 * now and then and on some machines differ, and the numbers that start, unblock and syscall
 * return events carry: an event may come when its goroutine is in the state that it ends, at
 * that number. Of the processors' next events, those that may come are the frontier; the
 * earliest of them comes. One that may not come although it is earlier, by more than clocks
 * differ, misses something that was lost: it comes all the same and is counted.
 *
 * Which of several events with one time comes first decides about nanoseconds that the Go
 * project's reader shows, so the frontier is the same binary heap, filled in the same
 * sequence, as there (order.go, parser.go).
 *
 * That reader refuses a trace in which times contradict the states, or the states
 * themselves. Two contradictions are known from cgo, and events are ordered as if what is
 * missing stood there: the goroutine of a thread that C created returns from a syscall but
 * was never created (Go 1.19, 1.20), or starts without having returned (1.21).
 *
 * A blocked syscall's return is given out at the time when it really was, before its event.
 */
#pragma once

#include "importers/gotrace1/cursor.h"
#include "importers/gotrace1/goroutines.h"

typedef enum {
  UNPARK_V1_ITEM_EVENT,  /* `event` on processor `proc` */
  UNPARK_V1_ITEM_EXIT,   /* `exit`: the goroutine's syscall returned */
  UNPARK_V1_ITEM_SAMPLE, /* `sample` */
} UnparkV1ItemKind;

typedef struct {
  UnparkV1ItemKind kind;
  guint32 proc;                 /* index into index->procs */
  const UnparkV1Event *event;   /* valid until the next call */
  UnparkV1Goroutine *subject;   /* whose state it changes; NULL: none */
  const UnparkV1Cursor *cursor; /* that the event is at */
  const UnparkV1Exit *exit;
  const UnparkV1Sample *sample;
} UnparkV1Item;

typedef struct {
  const UnparkV1Index *index;
  UnparkV1Goroutines *goroutines;
  UnparkV1Cursor *cursors;  /* one a processor, and one for the CPU samples */
  UnparkV1Cursor *samples;  /* the latter; NULL: there are none */
  UnparkV1Cursor **waiting; /* those whose next event may not come, or was not looked at */
  UnparkV1Cursor **heap;    /* the frontier: those whose next event may come */
  guint n_waiting, n_heap;
  gint64 first_waiting;    /* the earliest of those that were looked at; G_MAXINT64: none */
  guint n_new;             /* at the end of `waiting`: not looked at */
  gboolean look_at_all;    /* a goroutine that somebody waits for has changed */
  UnparkV1Cursor *current; /* its event was given out last */
  guint sample;            /* in the frontier; samples->len: all came */
  guint next_exit;
  gint64 exit_ticks; /* no later than that one's time */
  guint64 gc_seq;
  gint64 slack; /* ticks that clocks may differ */
  /* What was repaired. */
  guint64 n_late, n_forced, n_cgo;
  guint64 forced_g;   /* the first forced event: whose, */
  guint8 forced_type; /* which, */
  gint64 forced_ticks;
} UnparkV1Order;

void unpark_v1_order_init(UnparkV1Order *order, const UnparkV1Index *index,
                          UnparkV1Goroutines *goroutines, guint64 ticks_per_second);
void unpark_v1_order_clear(UnparkV1Order *order);

/* FALSE: there is no more. */
gboolean unpark_v1_order_next(UnparkV1Order *order, UnparkV1Item *item);

/* For the syscall event just given out: will it block? TRUE if the goroutine's next event
 * says so. */
gboolean unpark_v1_order_syscall_blocks(const UnparkV1Order *order, const UnparkV1Item *item);
