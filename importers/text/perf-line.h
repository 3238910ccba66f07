/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of "perf script":
 *
 *   server  4711/4713  [002]  8123.456789:  250000 cpu-clock:u:
 *   	  4f5226 main.(*ledger).post+0x46 (/usr/bin/server)
 *   	 main.main+0x1 (inlined)
 *
 * Source of format facts: tools/perf/builtin-script.c, tools/perf/util/evsel_fprintf.c. */
#pragma once

#include "importers/text/lines.h"

typedef struct {
  UnparkText comm;
  gint64 pid, tid, cpu; /* UNPARK_NONE where not printed, */
  gint64 time_ns;       /* too, */
  gint64 period;        /* too */
  UnparkText event;     /* empty where not printed */
  UnparkText rest;      /* after the event: a frame, or a tracepoint's arguments */
} UnparkPerfHead;

gboolean unpark_perf_head(UnparkText line, UnparkPerfHead *head);

typedef struct {
  guint64 address;     /* 0 if not printed */
  UnparkText function; /* without offset; empty: not known */
  UnparkText dso;
  gboolean inlined;
} UnparkPerfFrame;

/* TRUE also for "0 [unknown] ([unknown])", where perf lost the way up: neither address nor
 * function is set. */
gboolean unpark_perf_frame(UnparkText line, UnparkPerfFrame *frame);

/* A frame without the file in parentheses (-F without dso), or a name alone behind a tab; only
 * within a sample, where nothing else is possible. */
gboolean unpark_perf_bare_frame(UnparkText line, UnparkPerfFrame *frame);
