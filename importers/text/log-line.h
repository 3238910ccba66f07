/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around a line when a logger, a container or a build server has taken it down.
 *
 *   2026-11-25T15:14:34.5Z stderr F goroutine 1 [running]:        Kubernetes (CRI)
 *   web-1  | goroutine 1 [running]:                               docker compose
 *   [pod/web-7d9f/app] goroutine 1 [running]:                     kubectl logs --prefix
 *   Nov 25 15:14:34 host prog[17]: goroutine 1 [running]:         journald, syslog
 *   2026-11-25T15:14:34.5+00:00 app[web.1]: goroutine 1 [...      Heroku
 *   2026/11/25 15:14:34 goroutine 1 [running]:                    Go's log package
 *   {"log":"goroutine 1 [running]:\n","stream":"stderr",...}      docker's json-file
 *   {"Action":"output","Output":"goroutine 1 [running]:\n"}       go test -json
 *   {"level":"error","stack":"goroutine 1 [running]:\n..."}       structured logs
 *
 * and colours. A text within JSON may hold many lines; they come one after another. */
#pragma once

#include "importers/text/lines.h"

typedef struct {
  UnparkLines *lines;
  GString *scratch; /* the text of a JSON line */
  gsize at;         /* in it; scratch->len: nothing is left */
  GString *plain;   /* the line without its colours */
  /* Of the line that came last: something stood around it. */
  gboolean prefixed;
} UnparkLogLines;

void unpark_log_lines_init(UnparkLogLines *log, UnparkLines *lines);
void unpark_log_lines_clear(UnparkLogLines *log);

/* As unpark_lines_next(), with what stands around the line taken off. */
gboolean unpark_log_lines_next(UnparkLogLines *log, UnparkText *line, GError **error);

/* For a sniff: TRUE if `wanted` says so of any line of the head. */
gboolean unpark_log_lines_any(const guint8 *head, gsize size,
                              gboolean (*wanted)(UnparkText line, gpointer data), gpointer data);

/* The parts, for themselves. Takes what stands before the line off; TRUE if there was something. */
gboolean unpark_log_prefix(UnparkText *line);
/* The text that a line of JSON carries; FALSE if it is not JSON, or carries none. */
gboolean unpark_log_json(UnparkText line, GString *text);
