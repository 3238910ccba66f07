/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/tables.h"

void unpark_v1_tables_clear(UnparkV1Tables *tables) {
  unpark_v1_ids_clear(&tables->strings);
  unpark_v1_map_clear(&tables->frames);
  unpark_v1_ids_clear(&tables->stacks);
}

void unpark_v1_tables_add_string(UnparkV1Tables *tables, const UnparkV1Record *record) {
  guint64 id = record->values[0];
  guint32 text;

  if (id == 0 || record->body_size == 0 || unpark_v1_ids_get(&tables->strings, id, &text)) {
    tables->bad_strings++;
    return;
  }
  text = unpark_writer_string(tables->writer, (const char *)record->body, record->body_size);
  unpark_v1_ids_set(&tables->strings, id, text);
}

/* A name of a frame; *known turns FALSE if it is not there. */
static guint32 frame_name(UnparkV1Tables *tables, guint64 id, gboolean *known) {
  guint32 text = 0;

  if (id != 0 && !unpark_v1_ids_get(&tables->strings, id, &text))
    *known = FALSE;
  return text;
}

static guint32 add_frame(UnparkV1Tables *tables, const UnparkV1Frame *frame, gboolean *known) {
  guint32 id, function, file;

  if (unpark_v1_map_get(&tables->frames, frame->pc, &id))
    return id;
  function = frame_name(tables, frame->function, known);
  file = frame_name(tables, frame->file, known);
  id = unpark_writer_frame(tables->writer, function, file,
                           frame->line <= G_MAXUINT32 ? (guint32)frame->line : 0, FALSE);
  unpark_v1_map_set(&tables->frames, frame->pc, id);
  return id;
}

void unpark_v1_tables_add_stack(UnparkV1Tables *tables, const UnparkV1Record *record) {
  UnparkV1Frame frames[UNPARK_V1_FRAMES_MAX];
  guint32 ids[UNPARK_V1_FRAMES_MAX];
  gboolean known = TRUE;
  guint64 id;
  guint n;

  if (!unpark_v1_decode_stack(record, &id, &n, frames)) {
    tables->bad_stacks++;
    return;
  }
  for (guint i = 0; i < n; i++)
    ids[i] = add_frame(tables, &frames[i], &known);
  tables->bad_stacks += !known;
  /* Ids have 32 bits in every event; a stack without frames is there, and nothing. */
  unpark_v1_ids_set(&tables->stacks, (guint32)id, unpark_writer_stack(tables->writer, ids, n));
}

guint32 unpark_v1_tables_string(UnparkV1Tables *tables, guint64 id) {
  guint32 text = 0;

  if (id != 0 && !unpark_v1_ids_get(&tables->strings, id, &text))
    tables->missing_strings++;
  return text;
}

guint32 unpark_v1_tables_stack(UnparkV1Tables *tables, guint64 id) {
  guint32 stack = 0;

  id = (guint32)id;
  if (id != 0 && !unpark_v1_ids_get(&tables->stacks, id, &stack))
    tables->missing_stacks++;
  return stack;
}
