/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector's pages: one first question for each type of pick. */
#pragma once

#include "ui/inspector/page.h"

extern const UnparkAsk unpark_ask_overview; /* nothing is picked, or all goroutines by state */
extern const UnparkAsk unpark_ask_trace_overview; /* the same, in a file of spans */
extern const UnparkAsk unpark_ask_span;
extern const UnparkAsk unpark_ask_goroutine;
extern const UnparkAsk unpark_ask_group;
extern const UnparkAsk unpark_ask_lane; /* processors and threads */
extern const UnparkAsk unpark_ask_row;
extern const UnparkAsk unpark_ask_trace_span; /* a row of TRACE_SPAN */
extern const UnparkAsk unpark_ask_metric;     /* the heap, GOMAXPROCS */
extern const UnparkAsk unpark_ask_stretches;  /* all collections, all pauses */
extern const UnparkAsk unpark_ask_tasks;      /* all of one name */

/* ---- sections that several pages have --------------------------------------------------- */

/* The wait chain of the span, or of what the goroutine did in the selected time. It goes to the
 * session, whose chain is shown below the page. */
extern const UnparkAsk unpark_ask_chain;
/* Why the runnable span was late; of a row of a table: who had the processors in its time. */
extern const UnparkAsk unpark_ask_late;
/* Where a task's time went. `data`: its id, a g_malloc()ed gint64. */
extern const UnparkAsk unpark_ask_task_time;
/* How the span compares with all at the same place. `data`: a g_malloc()ed UnparkSpan. */
extern const UnparkAsk unpark_ask_place;
/* Asks what the runtime had a goroutine or a processor (`scope`: an UnparkScope) do in that time:
 * mark assists, sweeps. */
void unpark_parts_ask_ranges(UnparkParts *p, gint64 scope, gint64 id, gint64 from_ns, gint64 to_ns);
/* Asks which spans of distributed traces the goroutine worked for: all, or those that touch the
 * span that is picked. Nothing where no file that is open has any. */
void unpark_parts_ask_requests(UnparkParts *p);
/* Asks for events, links and ids of a span of the traces that are open. */
void unpark_parts_ask_trace_more(UnparkParts *p, gint32 span);
/* Tasks and regions that the goroutine worked in then. `data`: a g_malloc()ed UnparkSpan. */
extern const UnparkAsk unpark_ask_context;
