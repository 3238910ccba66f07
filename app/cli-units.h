/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers for people. All results are freed with g_free(). */
#pragma once

#include <glib.h>

/* "25.013 s", "1.20 ms", "15.0 µs", "830 ns", "1 h 2 min"; UNPARK_NONE: "". */
char *cli_format_duration(gint64 ns);
/* Grouped as the locale does: "12,345". */
char *cli_format_count(gint64 n);
/* By the unit of a profile: "nanoseconds", "bytes", "count" and others. */
char *cli_format_value(gint64 n, const char *unit);
/* Local date and time of a Unix time. */
char *cli_format_wall(gint64 unix_ns);
