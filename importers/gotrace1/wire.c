#include "importers/gotrace1/wire.h"

#include <string.h>

/* Longest length that stands before an event's, and a stack's, numbers. */
#define EVENT_BYTES_MAX 2048
#define STACK_BYTES_MAX 65536
#define NUMBER_BYTES_MAX 10

typedef struct {
  const char *name;
  guint8 since;    /* first header version that has it */
  guint8 n_values; /* time and stack included */
  gboolean stack;
} TypeInfo;

static const TypeInfo types[UNPARK_N_V1_TYPES] = {
    [UNPARK_V1_BATCH] = {"Batch", 5, 2, FALSE},
    [UNPARK_V1_FREQUENCY] = {"Frequency", 5, 1, FALSE},
    [UNPARK_V1_STACK] = {"Stack", 5, 0, FALSE},
    [UNPARK_V1_GOMAXPROCS] = {"Gomaxprocs", 5, 3, TRUE},
    [UNPARK_V1_PROC_START] = {"ProcStart", 5, 2, FALSE},
    [UNPARK_V1_PROC_STOP] = {"ProcStop", 5, 1, FALSE},
    [UNPARK_V1_GC_START] = {"GCStart", 5, 3, TRUE},
    [UNPARK_V1_GC_DONE] = {"GCDone", 5, 1, FALSE},
    [UNPARK_V1_STW_START] = {"STWStart", 5, 2, FALSE},
    [UNPARK_V1_STW_DONE] = {"STWDone", 5, 1, FALSE},
    [UNPARK_V1_GC_SWEEP_START] = {"GCSweepStart", 5, 2, TRUE},
    [UNPARK_V1_GC_SWEEP_DONE] = {"GCSweepDone", 5, 3, FALSE},
    [UNPARK_V1_GO_CREATE] = {"GoCreate", 5, 4, TRUE},
    [UNPARK_V1_GO_START] = {"GoStart", 5, 3, FALSE},
    [UNPARK_V1_GO_END] = {"GoEnd", 5, 1, FALSE},
    [UNPARK_V1_GO_STOP] = {"GoStop", 5, 2, TRUE},
    [UNPARK_V1_GO_SCHED] = {"GoSched", 5, 2, TRUE},
    [UNPARK_V1_GO_PREEMPT] = {"GoPreempt", 5, 2, TRUE},
    [UNPARK_V1_GO_SLEEP] = {"GoSleep", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK] = {"GoBlock", 5, 2, TRUE},
    [UNPARK_V1_GO_UNBLOCK] = {"GoUnblock", 5, 4, TRUE},
    [UNPARK_V1_GO_BLOCK_SEND] = {"GoBlockSend", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK_RECV] = {"GoBlockRecv", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK_SELECT] = {"GoBlockSelect", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK_SYNC] = {"GoBlockSync", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK_COND] = {"GoBlockCond", 5, 2, TRUE},
    [UNPARK_V1_GO_BLOCK_NET] = {"GoBlockNet", 5, 2, TRUE},
    [UNPARK_V1_GO_SYSCALL] = {"GoSysCall", 5, 2, TRUE},
    [UNPARK_V1_GO_SYS_EXIT] = {"GoSysExit", 5, 4, FALSE},
    [UNPARK_V1_GO_SYS_BLOCK] = {"GoSysBlock", 5, 1, FALSE},
    [UNPARK_V1_GO_WAITING] = {"GoWaiting", 5, 2, FALSE},
    [UNPARK_V1_GO_IN_SYSCALL] = {"GoInSyscall", 5, 2, FALSE},
    [UNPARK_V1_HEAP_ALLOC] = {"HeapAlloc", 5, 2, FALSE},
    [UNPARK_V1_HEAP_GOAL] = {"HeapGoal", 5, 2, FALSE},
    [UNPARK_V1_TIMER_GOROUTINE] = {"TimerGoroutine", 5, 1, FALSE},
    [UNPARK_V1_FUTILE_WAKEUP] = {"FutileWakeup", 5, 1, FALSE},
    [UNPARK_V1_STRING] = {"String", 7, 1, FALSE},
    [UNPARK_V1_GO_START_LOCAL] = {"GoStartLocal", 7, 2, FALSE},
    [UNPARK_V1_GO_UNBLOCK_LOCAL] = {"GoUnblockLocal", 7, 3, TRUE},
    [UNPARK_V1_GO_SYS_EXIT_LOCAL] = {"GoSysExitLocal", 7, 3, FALSE},
    [UNPARK_V1_GO_START_LABEL] = {"GoStartLabel", 8, 4, FALSE},
    [UNPARK_V1_GO_BLOCK_GC] = {"GoBlockGC", 8, 2, TRUE},
    [UNPARK_V1_GC_MARK_ASSIST_START] = {"GCMarkAssistStart", 9, 2, TRUE},
    [UNPARK_V1_GC_MARK_ASSIST_DONE] = {"GCMarkAssistDone", 9, 1, FALSE},
    [UNPARK_V1_USER_TASK_CREATE] = {"UserTaskCreate", 11, 5, TRUE},
    [UNPARK_V1_USER_TASK_END] = {"UserTaskEnd", 11, 3, TRUE},
    [UNPARK_V1_USER_REGION] = {"UserRegion", 11, 5, TRUE},
    [UNPARK_V1_USER_LOG] = {"UserLog", 11, 4, TRUE},
    [UNPARK_V1_CPU_SAMPLE] = {"CPUSample", 19, 5, TRUE},
};

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

guint unpark_v1_values(UnparkV1Type type) {
  return types[type].n_values;
}

gboolean unpark_v1_has_stack(UnparkV1Type type) {
  return types[type].stack;
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

static UnparkV1Status decode_numbers(const guint8 **p, const guint8 *end, guint64 *values,
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

/* The count that the runtime writes into a type's first byte: an event's time is not in it,
 * nor is a batch's second number. */
static inline guint wire_count(const TypeInfo *info, guint type) {
  if (type == UNPARK_V1_STRING)
    return 0;
  if (type == UNPARK_V1_STACK)
    return 3;
  return MIN(info->n_values - 1u, 3u);
}

UnparkV1Status unpark_v1_decode(const guint8 **p, const guint8 *end, guint version,
                                UnparkV1Record *record) {
  const guint8 *at = *p;
  const TypeInfo *info;
  UnparkV1Status status;
  guint type, count;

  if (at >= end)
    return UNPARK_V1_CUT;
  type = *at & 0x3f;
  count = *at >> 6;
  at++;
  info = type < UNPARK_N_V1_TYPES ? &types[type] : &types[UNPARK_V1_NONE];
  if (!info->name || info->since > version || count != wire_count(info, type))
    return UNPARK_V1_BROKEN;
  record->type = (guint8)type;
  record->n_values = info->n_values;
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
