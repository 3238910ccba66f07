/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is watched, for the worker that asks and the view that shows it. */
#pragma once

#include "live/watch/watch.h"
#include "ui/record/work.h"

/* A stack, as it is after a sample. Immutable; atomically reference-counted. */
typedef struct {
  int growth;
  guint now;
  gboolean only_grows;
  char *state, *function, *place, *stack;
} UnparkWatchRow;

UnparkWatchRow *unpark_watch_row_ref(UnparkWatchRow *row);
void unpark_watch_row_unref(UnparkWatchRow *row);

/* What a look gave. */
typedef struct {
  GArray *samples; /* UnparkWatchSample: all so far */
  GPtrArray *rows; /* UnparkWatchRow: those with goroutines, or that had some at first */
} UnparkWatchSeen;

void unpark_watch_seen_free(UnparkWatchSeen *seen);

/* The service and all looks at it. Atomically reference-counted; one look at a time, and dumps may
 * be saved meanwhile. */
typedef struct _UnparkWatching UnparkWatching;

/* Takes `place`, which has a service. */
UnparkWatching *unpark_watching_new(UnparkRecordPlace *place);
UnparkWatching *unpark_watching_ref(UnparkWatching *watching);
void unpark_watching_unref(UnparkWatching *watching);
/* "localhost:6060". */
const char *unpark_watching_title(const UnparkWatching *watching);

/* For UnparkWork: looks once more. The data is an UnparkWatching, the result an UnparkWatchSeen. */
gpointer unpark_watching_look(gpointer watching, GCancellable *cancellable, GError **error);

/* For UnparkWork: writes the dumps that are kept into a folder: the first, and as many of the
 * latest as fit in memory. The result is their number, as a pointer; NULL with an error. */
typedef struct {
  UnparkWatching *watching;
  char *folder;
} UnparkWatchSaving;

void unpark_watch_saving_free(UnparkWatchSaving *saving);
gpointer unpark_watching_save(gpointer saving, GCancellable *cancellable, GError **error);
