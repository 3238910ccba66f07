/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the lines of a task's waterfall are: arithmetic only. Any thread. */
#pragma once

#include "model/tables/task-trace.h"

typedef struct {
  double x, width; /* px */
} UnparkTaskExtent;

/* Of a line in a bar `width` px wide that stands for the time of the trace: within it, and at least
 * so wide that it can be seen. */
UnparkTaskExtent unpark_task_extent(const UnparkTaskTrace *trace, const UnparkTraceLine *line,
                                    double width);

/* When a line begins after the task does: "+1.2 ms". Free with g_free(). */
char *unpark_task_offset(const UnparkTaskTrace *trace, const UnparkTraceLine *line);

/* The lines as text, indented, with when they begin after the task does, how long they are and of
 * which goroutine. Free with g_free(). */
char *unpark_task_trace_text(const UnparkTaskTrace *trace);
