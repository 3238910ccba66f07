/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of nanoseconds, by their names, and their values as people read them. No GTK. Any thread.
 */
#pragma once

#include "ui/text/format.h"

typedef enum {
  UNPARK_SQL_NO_TIME,
  UNPARK_SQL_DURATION, /* longest_ns, duration_ns */
  UNPARK_SQL_POINT,    /* start_ns, end_ns, time_ns: from the start of the trace */
  UNPARK_SQL_WALL      /* start_wall_ns: since 1970 */
} UnparkSqlTime;

/* By the end of the name, "_ns", and the word before it. */
UnparkSqlTime unpark_sql_time_of(const char *column);

/* `value` of such a column; fills and returns `buf`. */
const char *unpark_sql_time_text(UnparkSqlTime time, double value, char buf[UNPARK_FORMAT_SIZE]);
