/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The v2 trace format: event numbers, argument counts, limits.
 *
 * Source: the Go project's internal/trace/tracev2/{events,spec}.go (Go 1.27).
 */
#pragma once

#include <glib.h>

enum {
  EV_NONE,
  EV_EVENT_BATCH,
  EV_STACKS,
  EV_STACK,
  EV_STRINGS,
  EV_STRING,
  EV_CPU_SAMPLES,
  EV_CPU_SAMPLE,
  EV_FREQUENCY,
  EV_PROCS_CHANGE,
  EV_PROC_START,
  EV_PROC_STOP,
  EV_PROC_STEAL,
  EV_PROC_STATUS,
  EV_GO_CREATE,
  EV_GO_CREATE_SYSCALL,
  EV_GO_START,
  EV_GO_DESTROY,
  EV_GO_DESTROY_SYSCALL,
  EV_GO_STOP,
  EV_GO_BLOCK,
  EV_GO_UNBLOCK,
  EV_GO_SYSCALL_BEGIN,
  EV_GO_SYSCALL_END,
  EV_GO_SYSCALL_END_BLOCKED,
  EV_GO_STATUS,
  EV_STW_BEGIN,
  EV_STW_END,
  EV_GC_ACTIVE,
  EV_GC_BEGIN,
  EV_GC_END,
  EV_GC_SWEEP_ACTIVE,
  EV_GC_SWEEP_BEGIN,
  EV_GC_SWEEP_END,
  EV_GC_MARK_ASSIST_ACTIVE,
  EV_GC_MARK_ASSIST_BEGIN,
  EV_GC_MARK_ASSIST_END,
  EV_HEAP_ALLOC,
  EV_HEAP_GOAL,
  EV_GO_LABEL,
  EV_USER_TASK_BEGIN,
  EV_USER_TASK_END,
  EV_USER_REGION_BEGIN,
  EV_USER_REGION_END,
  EV_USER_LOG,
  EV_GO_SWITCH,
  EV_GO_SWITCH_DESTROY,
  EV_GO_CREATE_BLOCKED,
  EV_GO_STATUS_STACK,
  EV_EXPERIMENTAL_BATCH,
  EV_SYNC,
  EV_CLOCK_SNAPSHOT,
  EV_END_OF_GENERATION,
  /* GODEBUG=traceallocfree=1: heap spans, objects and stacks; read over. */
  EV_ALLOC_FREE_FIRST = 128,
  EV_ALLOC_FREE_LAST = 136,
};

/* Status arguments. */
enum { GO_BAD, GO_RUNNABLE, GO_RUNNING, GO_SYSCALL, GO_WAITING, GO_N_STATUS };
enum { PROC_BAD, PROC_RUNNING, PROC_IDLE, PROC_SYSCALL, PROC_SYSCALL_ABANDONED, PROC_N_STATUS };

#define NO_TASK G_MAXUINT64 /* a task that begins with parent 0 has no parent */

/* Number of arguments behind the time difference, and 1, of a timed event; 0: the byte is no
 * timed event. */
extern const guint8 gotrace_timed_args[256];
/* For messages. "" for unknown bytes. */
const char *gotrace_event_name(guint8 type);

#define GOTRACE_MAX_BATCH (64u << 10)
#define GOTRACE_MAX_FRAMES 128
#define GOTRACE_MAX_STRING 1024
#define GOTRACE_HEADER_SIZE 16 /* "go 1.NN trace\0\0\0" */

/* The longest timed event: type, time and four arguments. */
#define GOTRACE_MAX_EVENT (1 + 5 * 10)

/* Like gotrace_varint() where at least 10 bytes are known to be there. */
static inline gboolean gotrace_varint_fast(const guint8 **p, guint64 *out) {
  const guint8 *q = *p;
  guint64 v = *q++;
  if (G_UNLIKELY(v >= 0x80)) {
    v &= 0x7f;
    guint shift = 7;
    for (;; shift += 7) {
      guint8 b = *q++;
      if (shift == 63 && b > 1)
        return FALSE;
      v |= (guint64)(b & 0x7f) << shift;
      if (b < 0x80)
        break;
    }
  }
  *out = v;
  *p = q;
  return TRUE;
}

/* Varint of at most 64 bits. FALSE: the bytes end, or it is longer. */
static inline gboolean gotrace_varint(const guint8 **p, const guint8 *end, guint64 *out) {
  const guint8 *q = *p;
  if (G_LIKELY(q < end && *q < 0x80)) {
    *out = *q;
    *p = q + 1;
    return TRUE;
  }
  guint64 v = 0;
  for (guint shift = 0; shift < 64 && q < end; shift += 7) {
    guint8 b = *q++;
    if (shift == 63 && b > 1)
      return FALSE;
    v |= (guint64)(b & 0x7f) << shift;
    if (b < 0x80) {
      *out = v;
      *p = q;
      return TRUE;
    }
  }
  return FALSE;
}
