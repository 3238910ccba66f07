/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/resync.h"

#define BATCH_BYTE (UNPARK_V1_BATCH | 1 << 6)
#define STACK_BYTE (UNPARK_V1_STACK | 3 << 6)
#define STRING_BYTE UNPARK_V1_STRING

#define RECORDS_TO_BELIEVE 32
#define TABLES_TO_BELIEVE 3
#define EVENTS_TO_BELIEVE 12
#define PID_MAX 65535
#define NAME_MAX_BYTES 4096
/* Ticks are some 16 to 40 ns. Around what is known, and for want of that: seconds before and
 * minutes after; half an hour before and half a day after. Between events: a minute. */
#define NEAR_BEFORE (G_GINT64_CONSTANT(1) << 28)
#define NEAR_AFTER (G_GINT64_CONSTANT(1) << 32)
#define FAR_BEFORE (G_GINT64_CONSTANT(1) << 36)
#define FAR_AFTER (G_GINT64_CONSTANT(1) << 41)
#define BETWEEN_EVENTS (G_GINT64_CONSTANT(1) << 31)

typedef struct {
  const guint8 *end;
  guint version;
  gint64 first, last; /* bounds of a batch's time */
  gboolean in_batch;
} Search;

static gboolean believable_head(const Search *search, const UnparkV1Record *head) {
  guint64 pid = head->values[0];
  gint64 ticks = (gint64)head->values[1];

  return head->type == UNPARK_V1_BATCH && (pid <= PID_MAX || pid == G_MAXUINT64) &&
         ticks >= search->first && ticks <= search->last;
}

static gboolean believable_batch(const Search *search, const guint8 *p) {
  UnparkV1Record record;
  UnparkV1Status status = unpark_v1_decode(&p, search->end, search->version, &record);

  if (status != UNPARK_V1_OK || !believable_head(search, &record))
    return FALSE;
  for (guint i = 0; i < RECORDS_TO_BELIEVE; i++) {
    status = unpark_v1_decode(&p, search->end, search->version, &record);
    if (status == UNPARK_V1_CUT)
      return p == search->end || i > 2;
    if (status == UNPARK_V1_BROKEN)
      return FALSE;
    if (record.type == UNPARK_V1_BATCH)
      return believable_head(search, &record);
  }
  return TRUE;
}

static gboolean believable_string(const UnparkV1Record *record) {
  return record->values[0] != 0 && record->values[0] <= G_MAXUINT32 && record->body_size > 0 &&
         record->body_size <= NAME_MAX_BYTES &&
         g_utf8_validate((const char *)record->body, (gssize)record->body_size, NULL);
}

static gboolean believable_tables(const Search *search, const guint8 *p) {
  UnparkV1Frame frames[UNPARK_V1_FRAMES_MAX];
  guint n_stacks = 0, n_frames;
  guint64 id;

  for (guint i = 0; i < TABLES_TO_BELIEVE; i++) {
    UnparkV1Record record;
    if (unpark_v1_decode(&p, search->end, search->version, &record) != UNPARK_V1_OK)
      return n_stacks > 0 && p == search->end;
    if (record.type == UNPARK_V1_BATCH)
      return n_stacks > 0 && believable_head(search, &record);
    if (record.type == UNPARK_V1_STACK) {
      if (!unpark_v1_decode_stack(&record, &id, &n_frames, frames) || n_frames == 0)
        return FALSE;
      n_stacks++;
    } else if (record.type != UNPARK_V1_STRING || !believable_string(&record)) {
      return FALSE;
    }
  }
  return n_stacks > 1;
}

/* Events of the batch that was being read. */
static gboolean believable_events(const Search *search, const guint8 *p) {
  for (guint i = 0; i < EVENTS_TO_BELIEVE; i++) {
    UnparkV1Record record;
    UnparkV1Status status = unpark_v1_decode(&p, search->end, search->version, &record);
    if (status == UNPARK_V1_CUT)
      return i > 3;
    if (status == UNPARK_V1_BROKEN)
      return FALSE;
    if (record.type == UNPARK_V1_BATCH)
      return i > 1 && believable_head(search, &record);
    if (record.type == UNPARK_V1_STACK || record.type == UNPARK_V1_FREQUENCY ||
        record.type == UNPARK_V1_TIMER_GOROUTINE || record.type == UNPARK_V1_CPU_SAMPLE ||
        record.type == UNPARK_V1_FUTILE_WAKEUP)
      return FALSE;
    if (record.type == UNPARK_V1_STRING ? !believable_string(&record)
                                        : record.values[0] > BETWEEN_EVENTS)
      return FALSE;
  }
  return TRUE;
}

static UnparkV1Found find(const Search *search, const guint8 **p) {
  for (; *p < search->end; (*p)++) {
    if (**p == BATCH_BYTE && believable_batch(search, *p))
      return UNPARK_V1_FOUND_BATCH;
    if ((**p == STACK_BYTE || **p == STRING_BYTE) && believable_tables(search, *p))
      return UNPARK_V1_FOUND_TABLES;
    if (search->in_batch && **p != BATCH_BYTE && believable_events(search, *p))
      return UNPARK_V1_FOUND_EVENTS;
  }
  return UNPARK_V1_FOUND_NOTHING;
}

UnparkV1Found unpark_v1_resync(const UnparkV1Resync *resync, const guint8 **p) {
  Search search = {.end = resync->end,
                   .version = resync->version,
                   .first = MAX(1, resync->first_ticks - NEAR_BEFORE),
                   .last = resync->last_ticks + NEAR_AFTER,
                   .in_batch = resync->in_batch};
  const guint8 *at = *p;
  UnparkV1Found found;

  if (resync->last_ticks == 0)
    search.last = G_MAXINT64 / 2;
  found = find(&search, &at);
  if (found == UNPARK_V1_FOUND_NOTHING) {
    search.first = MAX(1, resync->first_ticks - FAR_BEFORE);
    search.last = resync->last_ticks + FAR_AFTER;
    at = *p;
    found = find(&search, &at);
  }
  *p = at;
  return found;
}
