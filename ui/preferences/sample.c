/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences/sample.h"

#include "ui/text/format.h"

char *unpark_preferences_sample(void) {
  char count[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE], time[UNPARK_FORMAT_SIZE],
      wall[UNPARK_FORMAT_SIZE];
  unpark_format_count(1234567, count);
  unpark_format_duration(12345678, duration);
  unpark_format_time(G_GINT64_CONSTANT(83250000000), 10000000, time);
  unpark_format_wall(G_GINT64_CONSTANT(1767276207120000000), wall);
  return g_strdup_printf(
      "%s  ·  %s  ·  %s  ·  %s\n%s", count, duration, time, wall,
      unpark_format_function_short("github.com/acme/shop/order.(*Server).handle"));
}
