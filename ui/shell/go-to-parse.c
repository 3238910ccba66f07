/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/go-to-parse.h"

#include "model/base/types.h"
#include "ui/text/format.h"

/* One or two digits as a number of at most `limit`; moves behind them. */
static gboolean take_number(const char **text, int limit, int *number) {
  const char *p = *text;
  *number = 0;
  while (g_ascii_isdigit(*p) && p - *text < 2)
    *number = *number * 10 + (*p++ - '0');
  if (p == *text || *number > limit)
    return FALSE;
  *text = p;
  return TRUE;
}

static gboolean take_fraction(const char *text, gint64 *ns) {
  gint64 weight = 100000000;
  *ns = 0;
  if (!*text)
    return TRUE;
  if (*text != '.' && *text != ',')
    return FALSE;
  text++;
  for (; g_ascii_isdigit(*text); text++, weight /= 10)
    *ns += (*text - '0') * weight;
  return *text == 0;
}

gboolean unpark_go_to_parse_wall(const char *text, gint64 start_wall_ns, gint64 *ns) {
  const gint64 second = 1000000000, day = 86400 * second;
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  const char *p = trimmed;
  int hour, minute, seconds = 0;
  gint64 fraction = 0;
  if (start_wall_ns == UNPARK_NONE || !take_number(&p, 23, &hour) || *p++ != ':' ||
      !take_number(&p, 59, &minute))
    return FALSE;
  if (*p == ':') {
    p++;
    if (!take_number(&p, 60, &seconds))
      return FALSE;
  }
  if (!take_fraction(p, &fraction))
    return FALSE;
  g_autoptr(GDateTime) start = unpark_format_date_time(start_wall_ns / second);
  if (!start)
    return FALSE;
  gint64 wanted = ((gint64)hour * 3600 + minute * 60 + seconds) * second + fraction;
  gint64 begun = ((gint64)g_date_time_get_hour(start) * 3600 + g_date_time_get_minute(start) * 60 +
                  g_date_time_get_second(start)) *
                     second +
                 start_wall_ns % second;
  *ns = wanted - begun;
  if (*ns < 0)
    *ns += day;
  return TRUE;
}

gboolean unpark_go_to_parse_since_start(const char *text, gint64 *ns) {
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  const char *p = trimmed;
  gint64 seconds = 0, fraction;
  int part, n = 0;
  for (; n < 3; n++) {
    if (!take_number(&p, n == 0 ? 99 : 59, &part))
      return FALSE;
    seconds = seconds * 60 + part;
    if (*p != ':')
      break;
    p++;
  }
  if (n == 0 || n == 3 || !take_fraction(p, &fraction))
    return FALSE;
  *ns = seconds * 1000000000 + fraction;
  return TRUE;
}

char *unpark_go_to_with_point(const char *text) {
  char *out = g_strdup(text);
  if (g_str_equal(unpark_format_point(), ","))
    g_strdelimit(out, ",", '.');
  return out;
}

gboolean unpark_go_to_parse_number(const char *text, char letter, gint64 *number) {
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  char *digits = trimmed;
  gboolean named = g_ascii_toupper(*digits) == letter;
  if (named)
    digits++;
  while (named && *digits == ' ')
    digits++;
  return (named || letter == 'G') &&
         g_ascii_string_to_signed(digits, 10, 0, G_MAXINT64, number, NULL);
}
