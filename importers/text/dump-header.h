/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head line of a goroutine:
 *
 *   goroutine 34 gp=0xc000102e00 m=3 mp=0x1 [chan receive, 5 minutes, locked to thread] {k: v}:
 */
#pragma once

#include "importers/text/lines.h"

typedef struct {
  gsize prefix; /* bytes before "goroutine": a logger's time and stream */
  gint64 id;
  UnparkText state;    /* as printed, without what follows */
  gint64 wait_minutes; /* UNPARK_NONE if not printed: less than one */
  gboolean locked;
  UnparkText labels; /* what stands between braces; empty if none */
} UnparkDumpHeader;

/* What stands between the brackets: sets state, wait_minutes and locked. */
void unpark_dump_header_state(UnparkDumpHeader *header, UnparkText inside);

/* TRUE if the line is one. */
gboolean unpark_dump_header(UnparkText line, UnparkDumpHeader *header);
