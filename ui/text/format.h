/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window shows of numbers, times, functions and paths, besides what is in
 * model/base/format.h.
 *
 * No GTK here. Any thread.
 */
#pragma once

#include "model/base/format.h"

/* In the local time zone, or in UTC where the style has it so. NULL: beyond the calendar. */
GDateTime *unpark_format_date_time(gint64 unix_s);
/* The clock on the wall, in the same time zone: "14:03:27.120345". */
const char *unpark_format_wall(gint64 unix_ns, char buf[UNPARK_FORMAT_SIZE]);

/* `text` with no-break spaces between numbers and their units, for what is shown in lines: "1.12"
 * is not to end one and "µs" to begin the next. Free with g_free(). */
char *unpark_format_unbroken(const char *text);

/* Last element of a path. Points into `path`. */
const char *unpark_format_basename(const char *path);
