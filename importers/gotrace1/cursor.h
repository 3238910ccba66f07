/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of one processor, in their order: its batches one after the other.
 *
 * An event says what happened, not always to whom: the goroutine is the one that the
 * processor's last start event named. The "local" event types, which leave out what follows
 * from the processor's own events, come out as their full types with `local` set. */
#pragma once

#include "importers/gotrace1/index.h"

typedef struct {
  gint64 ticks;
  guint64 g;          /* goroutine it happened on; 0: none */
  guint64 subject;    /* goroutine whose state it changes; 0: none */
  guint64 args[4];    /* by type, time and stack left out */
  const guint8 *text; /* a log's message */
  gsize text_size;
  guint32 stack; /* the file's id */
  guint8 type;   /* UnparkV1Type, never a local one */
  guint8 local;
} UnparkV1Event;

typedef struct {
  const UnparkV1Index *index;
  guint32 proc;              /* index into index->procs */
  guint32 next, end_batches; /* batches that were not begun */
  const UnparkV1Batch *batch;
  const guint8 *p, *end;
  gint64 ticks;
  gint64 limit;       /* no event of the batch can be later */
  guint64 g;          /* runs on the processor */
  gpointer goroutine; /* for whoever orders: what the event's subject was last */
  guint64 n_jumps;
  UnparkV1Event event; /* of the last unpark_v1_cursor_next() */
} UnparkV1Cursor;

void unpark_v1_cursor_init(UnparkV1Cursor *cursor, const UnparkV1Index *index, guint32 proc);

/* FALSE: there are no more. */
gboolean unpark_v1_cursor_next(UnparkV1Cursor *cursor);

/* After a syscall event: does the processor's next event of that goroutine say that the
 * syscall blocked, and when? */
gboolean unpark_v1_cursor_syscall_blocks(const UnparkV1Cursor *cursor, gint64 *ticks);
