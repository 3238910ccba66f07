/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/time-text.h"

#include <string.h>

/* Points of a trace are told apart to a microsecond. */
#define RESOLUTION_NS 1000
/* Beyond, a number is no time of ours. */
#define MAX_NS 9e18

UnparkSqlTime unpark_sql_time_of(const char *column) {
  static const char *const points[] = {"start_ns", "end_ns", "time_ns", "create_ns"};
  g_autofree char *name = g_ascii_strdown(column, -1);
  if (!g_str_has_suffix(name, "_ns"))
    return UNPARK_SQL_NO_TIME;
  if (g_str_has_suffix(name, "wall_ns"))
    return UNPARK_SQL_WALL;
  for (guint i = 0; i < G_N_ELEMENTS(points); i++)
    if (g_str_equal(name, points[i]))
      return UNPARK_SQL_POINT;
  return UNPARK_SQL_DURATION;
}

const char *unpark_sql_time_text(UnparkSqlTime time, double value, char buf[UNPARK_FORMAT_SIZE]) {
  gint64 ns = (gint64)CLAMP(value, -MAX_NS, MAX_NS);
  if (time == UNPARK_SQL_WALL)
    return unpark_format_wall(ns, buf);
  if (time == UNPARK_SQL_POINT)
    return unpark_format_time(ns, RESOLUTION_NS, buf);
  return unpark_format_duration(ns, buf);
}
