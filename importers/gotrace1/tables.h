/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's strings and stacks, from its own ids to the writer's.
 *
 * Strings come before the stacks that name them, as the runtime writes them; in a damaged
 * file a stack's unknown names are empty. A program counter means the same line wherever it
 * is seen: the first frame of it counts, as in the Go project's reader. */
#pragma once

#include "importers/gotrace1/map.h"
#include "importers/gotrace1/wire.h"
#include "model/writer/writer.h"

typedef struct {
  UnparkWriter *writer;
  UnparkV1Ids strings;                     /* id: writer's string */
  UnparkV1Map frames;                      /* program counter: writer's frame */
  UnparkV1Ids stacks;                      /* id: writer's stack */
  guint64 bad_strings;                     /* id 0, used twice, or empty */
  guint64 bad_stacks;                      /* numbers that do not fit together, or unknown names */
  guint64 missing_strings, missing_stacks; /* asked for, but not there */
} UnparkV1Tables;

void unpark_v1_tables_clear(UnparkV1Tables *tables);

void unpark_v1_tables_add_string(UnparkV1Tables *tables, const UnparkV1Record *record);
void unpark_v1_tables_add_stack(UnparkV1Tables *tables, const UnparkV1Record *record);

/* The writer's ids; 0 for the file's id 0 and for ids that are not there. */
guint32 unpark_v1_tables_string(UnparkV1Tables *tables, guint64 id);
guint32 unpark_v1_tables_stack(UnparkV1Tables *tables, guint64 id);
