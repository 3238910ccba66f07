/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map from the ids of a generation to small records: dense for the small ids that the
 * runtime hands out, hashed for others. Reset keeps the memory. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 id;
  const guint8 *data; /* strings: text */
  guint32 a, b;       /* strings: length, -; stacks: first frame, count; pcs: function, file */
  guint32 c;          /* strings, stacks: store id + 1 once interned; pcs: line */
  guint32 frame;      /* pcs: store id once interned, else 0 */
  gboolean used;
} GotraceEntry;

typedef struct _GotraceTable GotraceTable;

GotraceTable *gotrace_table_new(void);
void gotrace_table_free(GotraceTable *t);
void gotrace_table_reset(GotraceTable *t);
/* NULL if there is none. */
GotraceEntry *gotrace_table_get(GotraceTable *t, guint64 id);
/* The entry of id, new (used FALSE: fill it and set used) or old. Valid until the next add. */
GotraceEntry *gotrace_table_add(GotraceTable *t, guint64 id);
