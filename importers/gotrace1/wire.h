/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record of a version 1 trace file.
 *
 * A record is a byte of type (low 6 bits) and count (high 2 bits), then base-128 numbers.
 * Count 0 to 2 means that many numbers plus one; count 3 means that a byte length stands
 * before the numbers. The first number of an event is the time since the previous event of
 * the batch, in ticks; the last one, where the type has a stack, a stack id. Batches,
 * strings, stacks, the frequency and timer goroutines have no time. A log's message and a
 * string's text follow as length and bytes. */
#pragma once

#include <glib.h>
#include <string.h>

/* Names and numbers as in the runtime. */
typedef enum {
  UNPARK_V1_NONE = 0,
  UNPARK_V1_BATCH = 1,
  UNPARK_V1_FREQUENCY = 2,
  UNPARK_V1_STACK = 3,
  UNPARK_V1_GOMAXPROCS = 4,
  UNPARK_V1_PROC_START = 5,
  UNPARK_V1_PROC_STOP = 6,
  UNPARK_V1_GC_START = 7,
  UNPARK_V1_GC_DONE = 8,
  UNPARK_V1_STW_START = 9,
  UNPARK_V1_STW_DONE = 10,
  UNPARK_V1_GC_SWEEP_START = 11,
  UNPARK_V1_GC_SWEEP_DONE = 12,
  UNPARK_V1_GO_CREATE = 13,
  UNPARK_V1_GO_START = 14,
  UNPARK_V1_GO_END = 15,
  UNPARK_V1_GO_STOP = 16,
  UNPARK_V1_GO_SCHED = 17,
  UNPARK_V1_GO_PREEMPT = 18,
  UNPARK_V1_GO_SLEEP = 19,
  UNPARK_V1_GO_BLOCK = 20,
  UNPARK_V1_GO_UNBLOCK = 21,
  UNPARK_V1_GO_BLOCK_SEND = 22,
  UNPARK_V1_GO_BLOCK_RECV = 23,
  UNPARK_V1_GO_BLOCK_SELECT = 24,
  UNPARK_V1_GO_BLOCK_SYNC = 25,
  UNPARK_V1_GO_BLOCK_COND = 26,
  UNPARK_V1_GO_BLOCK_NET = 27,
  UNPARK_V1_GO_SYSCALL = 28,
  UNPARK_V1_GO_SYS_EXIT = 29,
  UNPARK_V1_GO_SYS_BLOCK = 30,
  UNPARK_V1_GO_WAITING = 31,
  UNPARK_V1_GO_IN_SYSCALL = 32,
  UNPARK_V1_HEAP_ALLOC = 33,
  UNPARK_V1_HEAP_GOAL = 34,
  UNPARK_V1_TIMER_GOROUTINE = 35,
  UNPARK_V1_FUTILE_WAKEUP = 36,
  UNPARK_V1_STRING = 37,
  UNPARK_V1_GO_START_LOCAL = 38,
  UNPARK_V1_GO_UNBLOCK_LOCAL = 39,
  UNPARK_V1_GO_SYS_EXIT_LOCAL = 40,
  UNPARK_V1_GO_START_LABEL = 41,
  UNPARK_V1_GO_BLOCK_GC = 42,
  UNPARK_V1_GC_MARK_ASSIST_START = 43,
  UNPARK_V1_GC_MARK_ASSIST_DONE = 44,
  UNPARK_V1_USER_TASK_CREATE = 45,
  UNPARK_V1_USER_TASK_END = 46,
  UNPARK_V1_USER_REGION = 47,
  UNPARK_V1_USER_LOG = 48,
  UNPARK_V1_CPU_SAMPLE = 49,
  UNPARK_N_V1_TYPES
} UnparkV1Type;

#define UNPARK_V1_HEADER_SIZE 16
#define UNPARK_V1_TEXT_MAX 1000000 /* bytes of a string or message */
#define UNPARK_V1_FRAMES_MAX 1000  /* frames of a stack */
#define UNPARK_V1_VALUES_MAX 5

/* The `pid` of the buffer that is used without a processor. */
#define UNPARK_V1_NO_PROC (-1)

typedef struct {
  guint8 type;
  guint8 n_values;
  guint8 has_stack;                     /* the last value is a stack */
  guint64 values[UNPARK_V1_VALUES_MAX]; /* as they lie there; batch: pid, ticks; string: id */
  const guint8 *body;                   /* text of a string or log; numbers of a stack */
  gsize body_size;
} UnparkV1Record;

typedef enum {
  UNPARK_V1_OK,
  UNPARK_V1_CUT,    /* the bytes end inside the record */
  UNPARK_V1_BROKEN, /* no such record can be */
} UnparkV1Status;

/* The minor version in "go 1.N trace" and three NUL bytes; 0 if `head` is something else. */
guint unpark_v1_header_version(const guint8 *head, gsize size);

/* Reads one record at *p, which moves behind it if the result is OK. `version`: of the
 * header; newer types are broken. Body pointers are into the bytes. */
UnparkV1Status unpark_v1_decode(const guint8 **p, const guint8 *end, guint version,
                                UnparkV1Record *record);

/* A stack's numbers: id, count, then four a frame. FALSE if they do not fit together. */
typedef struct {
  guint64 pc, function, file, line;
} UnparkV1Frame;
gboolean unpark_v1_decode_stack(const UnparkV1Record *record, guint64 *id, guint *n_frames,
                                UnparkV1Frame *frames);

const char *unpark_v1_type_name(guint type);

/* One base-128 number of any length, as unpark_v1_number(). */
gboolean unpark_v1_long_number(const guint8 **p, const guint8 *end, guint64 *value);

/* What follows a record's first byte, by that byte; n_values 0: no such record. */
typedef struct {
  guint8 n_values;
  guint8 has_stack; /* the last value is a stack */
  guint8 sized;     /* a byte length stands before the values */
} UnparkV1Shape;
extern const UnparkV1Shape unpark_v1_shapes[256];

/* No event has more bytes, a log's message left out. */
#define UNPARK_V1_EVENT_BYTES_MAX 64

/* One base-128 number of which it is known that it and 8 bytes from *p on are there. Without
 * branches: lengths of numbers cannot be foretold. */
static inline guint64 unpark_v1_known_number(const guint8 **p) {
  const guint64 more = G_GUINT64_CONSTANT(0x8080808080808080);
  guint64 bytes, stops;
  guint n_bits;

  memcpy(&bytes, *p, sizeof bytes);
  bytes = GUINT64_FROM_LE(bytes);
  stops = ~bytes & more;
  if (G_UNLIKELY(stops == 0)) {
    guint64 value = 0;
    unpark_v1_long_number(p, *p + 10, &value);
    return value;
  }
  n_bits = (guint)__builtin_ctzll(stops) + 1;
  *p += n_bits / 8;
  bytes &= ~more & (G_MAXUINT64 >> (64 - n_bits));
  bytes = (bytes & G_GUINT64_CONSTANT(0x007f007f007f007f)) |
          (bytes & G_GUINT64_CONSTANT(0x7f007f007f007f00)) >> 1;
  bytes = (bytes & G_GUINT64_CONSTANT(0x00003fff00003fff)) |
          (bytes & G_GUINT64_CONSTANT(0x3fff00003fff0000)) >> 2;
  return (bytes & G_GUINT64_CONSTANT(0x000000000fffffff)) |
         (bytes & G_GUINT64_CONSTANT(0x0fffffff00000000)) >> 4;
}

/* One base-128 number; FALSE (and *p unchanged) if it is cut or longer than 64 bits. */

static inline gboolean unpark_v1_number(const guint8 **p, const guint8 *end, guint64 *value) {
  const guint8 *at = *p;

  if (G_LIKELY(end - at >= 3)) {
    guint32 bytes = at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16;
    guint32 n = 1;
    if (bytes & 0x80)
      n = bytes & 0x8000 ? 3 : 2;
    if (G_LIKELY(n < 3 || !(bytes & 0x800000))) {
      *value = (bytes & 0x7f) | (n > 1 ? (bytes & 0x7f00) >> 1 : 0) |
               (n > 2 ? (bytes & 0x7f0000) >> 2 : 0);
      *p = at + n;
      return TRUE;
    }
  }
  return unpark_v1_long_number(p, end, value);
}
