#include "importers/gotrace1/resync.h"

#define BATCH_BYTE (UNPARK_V1_BATCH | 1 << 6)
#define STACK_BYTE (UNPARK_V1_STACK | 3 << 6)
#define STRING_BYTE UNPARK_V1_STRING

#define RECORDS_TO_BELIEVE 32
#define TABLES_TO_BELIEVE 3
#define PID_MAX 65535
#define NAME_MAX_BYTES 4096
/* About half an hour before the first, and half a day after the last batch known. */
#define TICKS_BEFORE (G_GINT64_CONSTANT(1) << 36)
#define TICKS_AFTER (G_GINT64_CONSTANT(1) << 41)

static gboolean believable_head(const UnparkV1Resync *resync, const UnparkV1Record *head) {
  guint64 pid = head->values[0];
  gint64 ticks = (gint64)head->values[1];

  if (head->type != UNPARK_V1_BATCH || (pid > PID_MAX && pid != G_MAXUINT64) || ticks <= 0)
    return FALSE;
  if (resync->last_ticks == 0)
    return TRUE;
  return ticks > resync->first_ticks - TICKS_BEFORE && ticks - resync->last_ticks < TICKS_AFTER;
}

static gboolean believable_batch(const UnparkV1Resync *resync, const guint8 *p) {
  UnparkV1Record record;
  UnparkV1Status status = unpark_v1_decode(&p, resync->end, resync->version, &record);

  if (status != UNPARK_V1_OK || !believable_head(resync, &record))
    return FALSE;
  for (guint i = 0; i < RECORDS_TO_BELIEVE; i++) {
    status = unpark_v1_decode(&p, resync->end, resync->version, &record);
    if (status == UNPARK_V1_CUT)
      return p == resync->end || i > 2;
    if (status == UNPARK_V1_BROKEN)
      return FALSE;
    if (record.type == UNPARK_V1_BATCH)
      return believable_head(resync, &record);
  }
  return TRUE;
}

static gboolean believable_string(const UnparkV1Record *record) {
  return record->values[0] != 0 && record->values[0] <= G_MAXUINT32 && record->body_size > 0 &&
         record->body_size <= NAME_MAX_BYTES &&
         g_utf8_validate((const char *)record->body, (gssize)record->body_size, NULL);
}

static gboolean believable_tables(const UnparkV1Resync *resync, const guint8 *p) {
  UnparkV1Frame frames[UNPARK_V1_FRAMES_MAX];
  guint n_stacks = 0, n_frames;
  guint64 id;

  for (guint i = 0; i < TABLES_TO_BELIEVE; i++) {
    UnparkV1Record record;
    if (unpark_v1_decode(&p, resync->end, resync->version, &record) != UNPARK_V1_OK)
      return n_stacks > 0 && p == resync->end;
    if (record.type == UNPARK_V1_BATCH)
      return n_stacks > 0 && believable_head(resync, &record);
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

UnparkV1Found unpark_v1_resync(const UnparkV1Resync *resync, const guint8 **p) {
  for (; *p < resync->end; (*p)++) {
    if (**p == BATCH_BYTE && believable_batch(resync, *p))
      return UNPARK_V1_FOUND_BATCH;
    if ((**p == STACK_BYTE || **p == STRING_BYTE) && believable_tables(resync, *p))
      return UNPARK_V1_FOUND_TABLES;
  }
  return UNPARK_V1_FOUND_NOTHING;
}
