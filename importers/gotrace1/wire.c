/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/wire.h"

#include <string.h>

/* Longest length that stands before an event's, and a stack's, numbers. */
#define EVENT_BYTES_MAX 2048
#define STACK_BYTES_MAX 65536
#define NUMBER_BYTES_MAX 10

/* Name, first header version that has it, number of values (time and stack included),
 * whether the last is a stack. */
#define TYPES(X)                                                                                   \
  X(BATCH, "Batch", 5, 2, FALSE)                                                                   \
  X(FREQUENCY, "Frequency", 5, 1, FALSE)                                                           \
  X(GOMAXPROCS, "Gomaxprocs", 5, 3, TRUE)                                                          \
  X(PROC_START, "ProcStart", 5, 2, FALSE)                                                          \
  X(PROC_STOP, "ProcStop", 5, 1, FALSE)                                                            \
  X(GC_START, "GCStart", 5, 3, TRUE)                                                               \
  X(GC_DONE, "GCDone", 5, 1, FALSE)                                                                \
  X(STW_START, "STWStart", 5, 2, FALSE)                                                            \
  X(STW_DONE, "STWDone", 5, 1, FALSE)                                                              \
  X(GC_SWEEP_START, "GCSweepStart", 5, 2, TRUE)                                                    \
  X(GC_SWEEP_DONE, "GCSweepDone", 5, 3, FALSE)                                                     \
  X(GO_CREATE, "GoCreate", 5, 4, TRUE)                                                             \
  X(GO_START, "GoStart", 5, 3, FALSE)                                                              \
  X(GO_END, "GoEnd", 5, 1, FALSE)                                                                  \
  X(GO_STOP, "GoStop", 5, 2, TRUE)                                                                 \
  X(GO_SCHED, "GoSched", 5, 2, TRUE)                                                               \
  X(GO_PREEMPT, "GoPreempt", 5, 2, TRUE)                                                           \
  X(GO_SLEEP, "GoSleep", 5, 2, TRUE)                                                               \
  X(GO_BLOCK, "GoBlock", 5, 2, TRUE)                                                               \
  X(GO_UNBLOCK, "GoUnblock", 5, 4, TRUE)                                                           \
  X(GO_BLOCK_SEND, "GoBlockSend", 5, 2, TRUE)                                                      \
  X(GO_BLOCK_RECV, "GoBlockRecv", 5, 2, TRUE)                                                      \
  X(GO_BLOCK_SELECT, "GoBlockSelect", 5, 2, TRUE)                                                  \
  X(GO_BLOCK_SYNC, "GoBlockSync", 5, 2, TRUE)                                                      \
  X(GO_BLOCK_COND, "GoBlockCond", 5, 2, TRUE)                                                      \
  X(GO_BLOCK_NET, "GoBlockNet", 5, 2, TRUE)                                                        \
  X(GO_SYSCALL, "GoSysCall", 5, 2, TRUE)                                                           \
  X(GO_SYS_EXIT, "GoSysExit", 5, 4, FALSE)                                                         \
  X(GO_SYS_BLOCK, "GoSysBlock", 5, 1, FALSE)                                                       \
  X(GO_WAITING, "GoWaiting", 5, 2, FALSE)                                                          \
  X(GO_IN_SYSCALL, "GoInSyscall", 5, 2, FALSE)                                                     \
  X(HEAP_ALLOC, "HeapAlloc", 5, 2, FALSE)                                                          \
  X(HEAP_GOAL, "HeapGoal", 5, 2, FALSE)                                                            \
  X(TIMER_GOROUTINE, "TimerGoroutine", 5, 1, FALSE)                                                \
  X(FUTILE_WAKEUP, "FutileWakeup", 5, 1, FALSE)                                                    \
  X(STRING, "String", 7, 1, FALSE)                                                                 \
  X(GO_START_LOCAL, "GoStartLocal", 7, 2, FALSE)                                                   \
  X(GO_UNBLOCK_LOCAL, "GoUnblockLocal", 7, 3, TRUE)                                                \
  X(GO_SYS_EXIT_LOCAL, "GoSysExitLocal", 7, 3, FALSE)                                              \
  X(GO_START_LABEL, "GoStartLabel", 8, 4, FALSE)                                                   \
  X(GO_BLOCK_GC, "GoBlockGC", 8, 2, TRUE)                                                          \
  X(GC_MARK_ASSIST_START, "GCMarkAssistStart", 9, 2, TRUE)                                         \
  X(GC_MARK_ASSIST_DONE, "GCMarkAssistDone", 9, 1, FALSE)                                          \
  X(USER_TASK_CREATE, "UserTaskCreate", 11, 5, TRUE)                                               \
  X(USER_TASK_END, "UserTaskEnd", 11, 3, TRUE)                                                     \
  X(USER_REGION, "UserRegion", 11, 5, TRUE)                                                        \
  X(USER_LOG, "UserLog", 11, 4, TRUE)                                                              \
  X(CPU_SAMPLE, "CPUSample", 19, 5, TRUE)

/* The count in a type's first byte: a batch's second number and an event's time are not in
 * it. */
#define COUNT(n) ((n) > 4 ? 3 : (n)-1)

typedef struct {
  const char *name;
  guint8 since, n_values, has_stack, count;
} TypeInfo;

#define INFO(type, name, since, n, stack) [UNPARK_V1_##type] = {name, since, n, stack, COUNT(n)},
static const TypeInfo types[UNPARK_N_V1_TYPES] = {
    TYPES(INFO)[UNPARK_V1_STACK] = {"Stack", 5, 0, FALSE, 3},
};

#define SHAPE(type, name, since, n, stack)                                                         \
  [UNPARK_V1_##type | COUNT(n) << 6] = {n, stack, COUNT(n) == 3},
const UnparkV1Shape unpark_v1_shapes[256] = {TYPES(SHAPE)};

guint unpark_v1_header_version(const guint8 *head, gsize size) {
  static const char before[] = "go 1.", after[] = " trace\0\0\0";
  const gsize n_before = sizeof before - 1, n_after = sizeof after - 1;
  guint version = 0;
  gsize at = n_before;

  if (size < UNPARK_V1_HEADER_SIZE || memcmp(head, before, n_before) != 0)
    return 0;
  while (at < n_before + 2 && g_ascii_isdigit((char)head[at]))
    version = version * 10 + (guint)(head[at++] - '0');
  /* One digit: the row of NUL bytes is one longer, the header has always 16 bytes. */
  if (at == n_before || memcmp(head + at, after, n_after) != 0)
    return 0;
  return at == n_before + 1 && head[UNPARK_V1_HEADER_SIZE - 1] != 0 ? 0 : version;
}

gboolean unpark_v1_long_number(const guint8 **p, const guint8 *end, guint64 *value) {
  const guint8 *at = *p;
  guint64 result = 0;

  for (guint shift = 0; at < end && shift < 64; shift += 7) {
    guint8 byte = *at++;
    result |= (guint64)(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift == 63 && byte > 1)
        return FALSE;
      *value = result;
      *p = at;
      return TRUE;
    }
  }
  return FALSE;
}

const char *unpark_v1_type_name(guint type) {
  return type < UNPARK_N_V1_TYPES && types[type].name ? types[type].name : "unknown";
}

/* What a number that could not be read means. */
static UnparkV1Status number_status(const guint8 *p, const guint8 *end) {
  for (gsize i = 0; i < NUMBER_BYTES_MAX; i++) {
    if (p + i >= end)
      return UNPARK_V1_CUT;
    if (p[i] < 0x80)
      break;
  }
  return UNPARK_V1_BROKEN;
}

static inline UnparkV1Status decode_numbers(const guint8 **p, const guint8 *end, guint64 *values,
                                            guint n) {
  for (guint i = 0; i < n; i++)
    if (!unpark_v1_number(p, end, &values[i]))
      return number_status(*p, end);
  return UNPARK_V1_OK;
}

/* Length and bytes: a string's text, a log's message. */
static UnparkV1Status decode_text(const guint8 **p, const guint8 *end, UnparkV1Record *record) {
  guint64 size;
  UnparkV1Status status = decode_numbers(p, end, &size, 1);

  if (status != UNPARK_V1_OK)
    return status;
  if (size > UNPARK_V1_TEXT_MAX)
    return UNPARK_V1_BROKEN;
  if (size > (gsize)(end - *p))
    return UNPARK_V1_CUT;
  record->body = *p;
  record->body_size = (gsize)size;
  *p += size;
  return UNPARK_V1_OK;
}

/* Numbers that a byte length stands before. */
static UnparkV1Status decode_sized(const guint8 **p, const guint8 *end, UnparkV1Record *record) {
  guint64 size;
  UnparkV1Status status = decode_numbers(p, end, &size, 1);
  const guint8 *body_end;

  if (status != UNPARK_V1_OK)
    return status;
  if (size > (record->type == UNPARK_V1_STACK ? STACK_BYTES_MAX : EVENT_BYTES_MAX))
    return UNPARK_V1_BROKEN;
  if (size > (gsize)(end - *p))
    return UNPARK_V1_CUT;
  body_end = *p + size;
  record->body = *p;
  record->body_size = (gsize)size;
  if (record->type == UNPARK_V1_STACK) {
    *p = body_end;
    return UNPARK_V1_OK;
  }
  if (decode_numbers(p, body_end, record->values, record->n_values) != UNPARK_V1_OK ||
      *p != body_end)
    return UNPARK_V1_BROKEN;
  return record->type == UNPARK_V1_USER_LOG ? decode_text(p, end, record) : UNPARK_V1_OK;
}

/* An event that is not near the end and has no text. FALSE: it is another, or broken. */
static inline gboolean decode_common(const guint8 **p, const guint8 *end, guint version,
                                     UnparkV1Record *record) {
  const guint8 *at = *p, *body;
  UnparkV1Shape shape;
  guint type;

  if (end - at < UNPARK_V1_EVENT_BYTES_MAX)
    return FALSE;
  type = *at & 0x3f;
  shape = unpark_v1_shapes[*at];
  if (shape.n_values == 0 || type == UNPARK_V1_STRING || type == UNPARK_V1_USER_LOG ||
      types[type].since > version)
    return FALSE;
  body = at += shape.sized ? 2 : 1;
  for (guint i = 0; i < shape.n_values; i++) {
    const guint8 *before = at;
    record->values[i] = unpark_v1_known_number(&at);
    if (G_UNLIKELY(at == before))
      return FALSE;
  }
  if (shape.sized && body[-1] != at - body)
    return FALSE;
  record->type = (guint8)type;
  record->n_values = shape.n_values;
  record->has_stack = shape.has_stack;
  *p = at;
  return TRUE;
}

UnparkV1Status unpark_v1_decode(const guint8 **p, const guint8 *end, guint version,
                                UnparkV1Record *record) {
  const guint8 *at = *p;
  const TypeInfo *info;
  UnparkV1Status status;
  guint type, count;

  if (G_LIKELY(decode_common(p, end, version, record)))
    return UNPARK_V1_OK;
  if (at >= end)
    return UNPARK_V1_CUT;
  type = *at & 0x3f;
  count = *at >> 6;
  at++;
  info = type < UNPARK_N_V1_TYPES ? &types[type] : &types[UNPARK_V1_NONE];
  if (!info->name || info->since > version || count != info->count)
    return UNPARK_V1_BROKEN;
  record->type = (guint8)type;
  record->n_values = info->n_values;
  record->has_stack = info->has_stack;
  if (count == 3) {
    status = decode_sized(&at, end, record);
  } else {
    status = decode_numbers(&at, end, record->values, record->n_values);
    if (type == UNPARK_V1_STRING && status == UNPARK_V1_OK)
      status = decode_text(&at, end, record);
  }
  if (status == UNPARK_V1_OK)
    *p = at;
  return status;
}

gboolean unpark_v1_decode_stack(const UnparkV1Record *record, guint64 *id, guint *n_frames,
                                UnparkV1Frame *frames) {
  const guint8 *p = record->body, *end = p + record->body_size;
  guint64 n;

  if (!unpark_v1_number(&p, end, id) || !unpark_v1_number(&p, end, &n) || n > UNPARK_V1_FRAMES_MAX)
    return FALSE;
  *n_frames = (guint)n;
  for (guint i = 0; i < n; i++)
    if (!unpark_v1_number(&p, end, &frames[i].pc) ||
        !unpark_v1_number(&p, end, &frames[i].function) ||
        !unpark_v1_number(&p, end, &frames[i].file) || !unpark_v1_number(&p, end, &frames[i].line))
      return FALSE;
  return p == end;
}
