/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a watched service writes, for counting. Pure; any thread. Whole dumps are read by
 * importers/text, which a source that is alive does not know. */
#pragma once

#include "live/watch/watch.h"

/* Valid during the call. */
typedef struct {
  const char *state; /* "chan receive", without how long and other remarks */
  const char *stack; /* "main.work\n    /src/main.go:30\n...", without arguments and offsets */
  const char *function, *place;
} UnparkWatchGoroutine;

/* Calls `take` for each goroutine of goroutine?debug=2. */
void unpark_watch_parse_dump(const char *text,
                             void (*take)(const UnparkWatchGoroutine *goroutine, gpointer data),
                             gpointer data);

/* The numbers of runtime.MemStats at the end of heap?debug=1; -1 for what is not there. */
void unpark_watch_parse_memory(const char *text, UnparkWatchSample *sample);
