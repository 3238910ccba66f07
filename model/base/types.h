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
  UNPARK_SOURCE_SPANS,   /* trace_span */
} UnparkSourceKind;
#define UNPARK_N_SOURCES (UNPARK_SOURCE_SPANS + 1)

/* ---- Spans of distributed traces ------------------------------------------------ */

/* As OpenTelemetry numbers them. */
typedef enum {
  UNPARK_TRACE_UNSPECIFIED,
  UNPARK_TRACE_INTERNAL,
  UNPARK_TRACE_SERVER,
  UNPARK_TRACE_CLIENT,
  UNPARK_TRACE_PRODUCER,
  UNPARK_TRACE_CONSUMER,
  UNPARK_N_TRACE_KINDS
} UnparkTraceKind;
/* "unspecified", "internal", "server", ...; as in SQL. */
const char *unpark_trace_kind_name(UnparkTraceKind kind);

typedef enum {
  UNPARK_TRACE_UNSET,
  UNPARK_TRACE_OK,
  UNPARK_TRACE_ERROR,
  UNPARK_N_TRACE_STATUSES
} UnparkTraceStatus;
/* "unset", "ok", "error". */
const char *unpark_trace_status_name(UnparkTraceStatus status);

/* What an attribute is of. */
typedef enum {
  UNPARK_TRACE_OF_SPAN,
  UNPARK_TRACE_OF_RESOURCE,
  UNPARK_TRACE_OF_LIBRARY,
  UNPARK_TRACE_OF_EVENT,
  UNPARK_TRACE_OF_LINK,
  UNPARK_N_TRACE_SCOPES
} UnparkTraceScope;
/* "span", "resource", "library", "event", "link". */
const char *unpark_trace_scope_name(UnparkTraceScope scope);

/* How an attribute's value is kept: in text, or in number. */
typedef enum {
  UNPARK_TRACE_TEXT,   /* text */
  UNPARK_TRACE_INT,    /* number */
  UNPARK_TRACE_DOUBLE, /* number has the bits */
  UNPARK_TRACE_BOOL,   /* number: 0 or 1 */
  UNPARK_TRACE_JSON,   /* text: an array or an object */
  UNPARK_TRACE_BYTES,  /* text: base64 */
} UnparkTraceValue;

typedef enum {
  UNPARK_TRACE_REMOTE_KNOWN = 1, /* the file says whether the parent is of another process ... */
  UNPARK_TRACE_REMOTE = 2,       /* ... and it is */
  UNPARK_TRACE_SHARED = 4,       /* Zipkin: the server's half of a span that has its client's id */
  UNPARK_TRACE_SHORT_ID = 8,     /* the trace's id has 64 bits in the file */
} UnparkTraceFlags;
