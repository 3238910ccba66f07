/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/layout.h"

#include "ui/text/format.h"

#define LEAST_WIDTH 2

UnparkTaskExtent unpark_task_extent(const UnparkTaskTrace *trace, const UnparkTraceLine *line,
                                    double width) {
  double length = (double)MAX(trace->to_ns - trace->from_ns, 1);
  double x0 = ((double)line->from_ns - (double)trace->from_ns) / length * width;
  double x1 = ((double)line->to_ns - (double)trace->from_ns) / length * width;
  x0 = CLAMP(x0, 0, width);
  x1 = CLAMP(x1, 0, width);
  if (x1 - x0 < LEAST_WIDTH) {
    x1 = MIN(x0 + LEAST_WIDTH, width);
    x0 = MAX(x1 - LEAST_WIDTH, 0);
  }
  return (UnparkTaskExtent){x0, x1 - x0};
}

char *unpark_task_offset(const UnparkTaskTrace *trace, const UnparkTraceLine *line) {
  char text[UNPARK_FORMAT_SIZE];
  gint64 ns = line->from_ns - trace->from_ns;
  unpark_format_duration(ABS(ns), text);
  return ns == 0 ? g_strdup("0") : g_strdup_printf("%s%s", ns < 0 ? "−" : "+", text);
}

static void append_line(GString *text, const UnparkTaskTrace *trace, const UnparkTraceLine *line) {
  char length[UNPARK_FORMAT_SIZE];
  g_autofree char *after = unpark_task_offset(trace, line);
  g_string_append_printf(text, "%*s%s%s%s\t%s", (int)line->depth * 2, "", line->category,
                         *line->category ? ": " : "", line->name, after);
  if (line->type == UNPARK_TRACE_LOG)
    g_string_append(text, "\t");
  else
    g_string_append_printf(text, "\t%s",
                           unpark_format_duration(line->to_ns - line->from_ns, length));
  if (line->goroutine != UNPARK_NONE)
    g_string_append_printf(text, "\tG %" G_GINT64_FORMAT, line->goroutine);
  g_string_append_c(text, '\n');
}

char *unpark_task_trace_text(const UnparkTaskTrace *trace) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < trace->n_lines; i++)
    append_line(text, trace, &trace->lines[i]);
  return g_string_free(text, FALSE);
}
