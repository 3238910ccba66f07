/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/cursor.h"

/* How far an event may lie behind the next batch's head before its time is taken for
 * damage: clocks of cores differ a little. */
#define TICKS_TOLERANCE 1000000

void unpark_v1_cursor_init(UnparkV1Cursor *cursor, const UnparkV1Index *index, guint32 proc) {
  const UnparkV1ProcBatches *batches = &g_array_index(index->procs, UnparkV1ProcBatches, proc);

  *cursor = (UnparkV1Cursor){.index = index,
                             .proc = proc,
                             .next = batches->first,
                             .end_batches = batches->first + batches->n_batches};
}

static gint64 limit_of(const UnparkV1Cursor *cursor) {
  const UnparkV1Index *index = cursor->index;
  gint64 limit = G_MAXINT64;

  if (cursor->next < cursor->end_batches)
    limit = g_array_index(index->batches, UnparkV1Batch, cursor->next).ticks;
  else if (index->ticks_per_second) /* the last head was written when all was over */
    limit = index->last_head_ticks;
  if (limit < cursor->batch->ticks || limit > G_MAXINT64 - TICKS_TOLERANCE)
    return G_MAXINT64;
  return limit + TICKS_TOLERANCE;
}

static gboolean next_batch(UnparkV1Cursor *cursor) {
  const UnparkV1Spool *spool = cursor->index->spool;

  if (cursor->batch && cursor->batch->broken)
    cursor->g = 0;
  if (cursor->batch)
    unpark_v1_spool_forget(spool, cursor->batch->from, cursor->batch->to);
  cursor->batch = NULL;
  if (cursor->next >= cursor->end_batches)
    return FALSE;
  cursor->batch = &g_array_index(cursor->index->batches, UnparkV1Batch, cursor->next++);
  cursor->p = spool->data + cursor->batch->from;
  cursor->end = spool->data + cursor->batch->to;
  cursor->ticks = cursor->batch->ticks;
  cursor->limit = limit_of(cursor);
  return TRUE;
}

/* Not the processor's events: they have no time, or another one. */
static inline gboolean stands_apart(guint type) {
  return type == UNPARK_V1_STRING || type == UNPARK_V1_STACK || type == UNPARK_V1_FREQUENCY ||
         type == UNPARK_V1_TIMER_GOROUTINE || type == UNPARK_V1_CPU_SAMPLE ||
         type == UNPARK_V1_BATCH;
}

/* Sets the goroutines, and turns local types into full ones. */
static void name_goroutines(UnparkV1Cursor *cursor, UnparkV1Event *event) {
  event->g = cursor->g;
  event->subject = 0;
  switch (event->type) {
  case UNPARK_V1_GO_START_LOCAL:
    event->type = UNPARK_V1_GO_START;
    event->local = TRUE;
    G_GNUC_FALLTHROUGH;
  case UNPARK_V1_GO_START:
  case UNPARK_V1_GO_START_LABEL:
    event->subject = event->g = cursor->g = event->args[0];
    break;
  case UNPARK_V1_GO_UNBLOCK_LOCAL:
    event->type = UNPARK_V1_GO_UNBLOCK;
    event->local = TRUE;
    G_GNUC_FALLTHROUGH;
  case UNPARK_V1_GO_CREATE:
  case UNPARK_V1_GO_UNBLOCK:
    event->subject = event->args[0];
    break;
  case UNPARK_V1_GO_SYS_EXIT_LOCAL:
    event->type = UNPARK_V1_GO_SYS_EXIT;
    event->local = TRUE;
    event->args[2] = 0; /* the real time is not used */
    G_GNUC_FALLTHROUGH;
  case UNPARK_V1_GO_SYS_EXIT:
  case UNPARK_V1_GO_WAITING:
  case UNPARK_V1_GO_IN_SYSCALL:
    event->subject = event->g = event->args[0];
    break;
  case UNPARK_V1_GO_SCHED:
  case UNPARK_V1_GO_PREEMPT:
  case UNPARK_V1_GO_SLEEP:
  case UNPARK_V1_GO_BLOCK:
  case UNPARK_V1_GO_BLOCK_SEND:
  case UNPARK_V1_GO_BLOCK_RECV:
  case UNPARK_V1_GO_BLOCK_SELECT:
  case UNPARK_V1_GO_BLOCK_SYNC:
  case UNPARK_V1_GO_BLOCK_COND:
  case UNPARK_V1_GO_BLOCK_NET:
  case UNPARK_V1_GO_BLOCK_GC:
  case UNPARK_V1_GO_SYS_BLOCK:
    event->subject = event->g;
    cursor->g = 0;
    break;
  /* An end has no number: what its goroutine did before is on the same processor. */
  case UNPARK_V1_GO_END:
  case UNPARK_V1_GO_STOP:
    cursor->g = 0;
    break;
  default:
    break;
  }
}

static void set_event(UnparkV1Cursor *cursor, const UnparkV1Record *record) {
  UnparkV1Event *event = &cursor->event;
  guint n = record->n_values;

  event->type = record->type;
  event->stack = record->has_stack ? (guint32)record->values[--n] : 0;
  for (guint i = 0; i < G_N_ELEMENTS(event->args); i++)
    event->args[i] = i + 1 < n ? record->values[i + 1] : 0;
  if (record->type == UNPARK_V1_USER_LOG) {
    event->text = record->body;
    event->text_size = record->body_size;
  }
}

/* Any event. FALSE: the batch ends. */
static gboolean read_event(UnparkV1Cursor *cursor, guint64 *time) {
  UnparkV1Record record;

  while (cursor->p < cursor->end) {
    if (unpark_v1_decode(&cursor->p, cursor->end, cursor->index->version, &record) != UNPARK_V1_OK)
      break; /* the first pass ended the batch before such a record */
    if (stands_apart(record.type))
      continue;
    *time = record.values[0];
    set_event(cursor, &record);
    return TRUE;
  }
  cursor->p = cursor->end;
  return FALSE;
}

/* An event of the common sort, deep in the batch, which the first pass has found in order.
 * FALSE: it is another. */
static inline gboolean read_common(UnparkV1Cursor *cursor, guint64 *time) {
  UnparkV1Event *event = &cursor->event;
  const guint8 *p = cursor->p;
  UnparkV1Shape shape;
  guint n;

  if (cursor->end - p < UNPARK_V1_EVENT_BYTES_MAX)
    return FALSE;
  event->type = *p & 0x3f;
  shape = unpark_v1_shapes[*p];
  if (shape.n_values == 0 || event->type == UNPARK_V1_USER_LOG || stands_apart(event->type))
    return FALSE;
  p += shape.sized ? 2 : 1; /* the length of so few values takes one byte */
  *time = unpark_v1_known_number(&p);
  n = shape.n_values - 1u - shape.has_stack;
  for (guint i = 0; i < n; i++)
    event->args[i] = unpark_v1_known_number(&p);
  event->stack = shape.has_stack ? (guint32)unpark_v1_known_number(&p) : 0;
  cursor->p = p;
  return TRUE;
}

gboolean unpark_v1_cursor_next(UnparkV1Cursor *cursor) {
  guint64 time;

  while (!read_common(cursor, &time) && !read_event(cursor, &time))
    if (!next_batch(cursor))
      return FALSE;
  if (G_UNLIKELY(time > (guint64)(cursor->limit - cursor->ticks)))
    cursor->n_jumps++;
  else
    cursor->ticks += (gint64)time;
  cursor->event.ticks = cursor->ticks;
  cursor->event.local = FALSE;
  name_goroutines(cursor, &cursor->event);
  return TRUE;
}

/* Events that can stand between a syscall and the goroutine's next event. */
static gboolean may_stand_between(guint type) {
  return type == UNPARK_V1_GO_SYS_EXIT || type == UNPARK_V1_GO_SYS_EXIT_LOCAL ||
         type == UNPARK_V1_GO_WAITING || type == UNPARK_V1_GO_IN_SYSCALL || stands_apart(type);
}

gboolean unpark_v1_cursor_syscall_blocks(const UnparkV1Cursor *cursor, gint64 *ticks) {
  UnparkV1Cursor ahead;

  if (cursor->p < cursor->end && (*cursor->p & 0x3f) != UNPARK_V1_GO_SYS_BLOCK &&
      !may_stand_between(*cursor->p & 0x3f))
    return FALSE;
  ahead = *cursor;
  while (unpark_v1_cursor_next(&ahead)) {
    const UnparkV1Event *event = &ahead.event;
    if (event->g == cursor->event.g) {
      *ticks = event->ticks;
      return event->type == UNPARK_V1_GO_SYS_BLOCK;
    }
    if (ahead.g != cursor->event.g)
      break;
  }
  return FALSE;
}
