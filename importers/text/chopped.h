/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A goroutine dump of which every piece became a line of its own.
 *
 * The runtime prints a dump word by word, and what makes a line of each write (docker-compose, some
 * loggers) makes of "goroutine 7 [running]:" six lines. An empty line is then the end of a line,
 * as are pieces that hold it themselves.
 *
 * Source of format facts: printing in runtime/traceback.go and runtime/panic.go. */
#pragma once

#include "importers/text/lines.h"

typedef struct {
  GString *line;  /* the pieces so far */
  gboolean on;    /* pieces have been seen: lines are joined */
  gboolean head;  /* the line that came last was "goroutine" alone */
  gboolean given; /* `line` was handed out */
  gboolean wants_position;
} UnparkChopped;

void unpark_chopped_init(UnparkChopped *chopped);
void unpark_chopped_clear(UnparkChopped *chopped);

/* Takes a line. TRUE: *line is one to use, whole (valid until the next call); FALSE: it was a
 * piece, and more is needed. */
gboolean unpark_chopped_take(UnparkChopped *chopped, UnparkText *line);
/* At the end: TRUE if pieces are left. */
gboolean unpark_chopped_end(UnparkChopped *chopped, UnparkText *line);
