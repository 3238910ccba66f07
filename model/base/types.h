/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain types that writer, reader and views share.
 *
 * Times are signed 64-bit nanoseconds from the start of the trace (`_ns`).
 * An unknown number is UNPARK_NONE, an unknown stack or string is id 0.
 */
#pragma once

#include <glib.h>

/* "Not known or not there" for every 64-bit number; SQL shows NULL. */
#define UNPARK_NONE G_MININT64

/* Goroutine states, in the order in which they are stacked and listed.
 * The names are those of SQL: "running", "runnable", "waiting", "syscall". */
typedef enum {
  UNPARK_STATE_RUNNING,
  UNPARK_STATE_RUNNABLE,
  UNPARK_STATE_WAITING,
  UNPARK_STATE_SYSCALL,
  UNPARK_N_STATES,
  UNPARK_STATE_GONE = UNPARK_N_STATES /* the goroutine has ended; never stored */
} UnparkState;

const char *unpark_state_name(UnparkState state);

/* How a goroutine came to be runnable (sched_latency.cause). */
typedef enum {
  UNPARK_CAUSE_NONE, /* not a runnable span, or seen runnable when the trace began */
  UNPARK_CAUSE_CREATED,
  UNPARK_CAUSE_WOKEN,
  UNPARK_CAUSE_PREEMPTED,
  UNPARK_CAUSE_SYSCALL,
  UNPARK_CAUSE_YIELD,
  UNPARK_N_CAUSES
} UnparkCause;

/* "" for NONE, "created", "woken", "preempted", "syscall", "yield". */
const char *unpark_cause_name(UnparkCause cause);

/* What a wait is for, coarsely: it tints waiting spans and groups statistics.
 * Derived from the reason (and from the state words of dumps). */
typedef enum {
  UNPARK_WAIT_OTHER,
  UNPARK_WAIT_SYNC,    /* mutexes, condition variables, wait groups */
  UNPARK_WAIT_CHANNEL, /* chan send, chan receive */
  UNPARK_WAIT_SELECT,
  UNPARK_WAIT_NETWORK, /* network, IO wait */
  UNPARK_WAIT_SLEEP,
  UNPARK_WAIT_SYSCALL,
  UNPARK_WAIT_GC,      /* GC, sweep, scavenge, finalizer */
  UNPARK_WAIT_SYSTEM,  /* system goroutine wait, timers, trace reader, debug call */
  UNPARK_WAIT_FOREVER, /* can never go on: nil channel, select with no cases */
  UNPARK_N_WAITS
} UnparkWait;

/* `reason`: a trace reason or a dump's state word; never NULL. */
UnparkWait unpark_wait_of_reason(const char *reason);
const char *unpark_wait_name(UnparkWait wait);
/* For people, as in "waiting for a lock"; translatable. */
const char *unpark_wait_words(UnparkWait wait);

typedef enum { UNPARK_NOTE_INFO, UNPARK_NOTE_WARNING, UNPARK_NOTE_ERROR } UnparkSeverity;
const char *unpark_severity_name(UnparkSeverity severity);

typedef enum { UNPARK_SCOPE_GLOBAL, UNPARK_SCOPE_GOROUTINE, UNPARK_SCOPE_PROC } UnparkScope;
const char *unpark_scope_name(UnparkScope scope);

/* What a source is; tells which views it has. */
typedef enum {
  UNPARK_SOURCE_TRACE,   /* goroutine lanes */
  UNPARK_SOURCE_PROFILE, /* profile, sample */
  UNPARK_SOURCE_DUMP,    /* dump_goroutine */
  UNPARK_SOURCE_RACE,    /* race */
} UnparkSourceKind;
