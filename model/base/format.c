/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/format.h"

#include <math.h>
#include <string.h>

#include "model/base/types.h"

/* Three significant digits, "7.20", "12.3", "120", so that a column of them can be compared at a
 * glance; whole numbers as they are: what was asked for or set is "5 ms", not "5.00 ms". */
static void three_digits(double value, char *out, gsize size) {
  gboolean whole = value == floor(value);
  int decimals = whole || fabs(value) >= 99.95 ? 0 : fabs(value) >= 9.995 ? 1 : 2;
  g_snprintf(out, size, "%.*f", decimals, value);
}

const char *unpark_format_duration(gint64 ns, char buf[UNPARK_FORMAT_SIZE]) {
  static const struct {
    double limit, size;
    const char *unit;
  } units[] = {
      {999.5, 1, "ns"},      {999.5e3, 1e3, "µs"},   {999.5e6, 1e6, "ms"},     {999.5e9, 1e9, "s"},
      {3600e9, 60e9, "min"}, {86400e9, 3600e9, "h"}, {INFINITY, 86400e9, "d"},
  };
  char number[32];
  guint i = 0;
  if (ns == UNPARK_NONE) {
    g_strlcpy(buf, "–", UNPARK_FORMAT_SIZE);
    return buf;
  }
  while (fabs((double)ns) >= units[i].limit)
    i++;
  if (i == 0)
    g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, ns);
  else
    three_digits((double)ns / units[i].size, number, sizeof number);
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s %s", number, units[i].unit);
  return buf;
}

const char *unpark_format_time(gint64 ns, gint64 resolution_ns, char buf[UNPARK_FORMAT_SIZE]) {
  double size = 1e9;
  const char *unit = "s";
  if (ns == UNPARK_NONE) {
    g_strlcpy(buf, "–", UNPARK_FORMAT_SIZE);
    return buf;
  }
  double magnitude = fabs((double)ns);
  if (magnitude < 1e6 && resolution_ns < 1000000 && ns != 0) {
    size = 1e3;
    unit = "µs";
  } else if (magnitude < 1e9 && resolution_ns < 100000000 && ns != 0) {
    size = 1e6;
    unit = "ms";
  }
  int decimals = 0;
  for (double step = size; step > MAX((double)resolution_ns, 1) * 1.0001 && decimals < 9;
       step /= 10)
    decimals++;
  if (ns == 0)
    decimals = 0;
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.*f %s", decimals, (double)ns / size, unit);
  return buf;
}

const char *unpark_format_count(gint64 n, char buf[UNPARK_FORMAT_SIZE]) {
  char digits[32];
  char *out = buf;
  g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT,
             n < 0 ? (guint64)0 - (guint64)n : (guint64)n);
  gsize len = strlen(digits);
  if (n < 0)
    *out++ = '-';
  for (gsize i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0)
      *out++ = ',';
    *out++ = digits[i];
  }
  *out = 0;
  return buf;
}

const char *unpark_format_number(guint64 n, char buf[UNPARK_FORMAT_SIZE]) {
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%" G_GUINT64_FORMAT, n);
  return buf;
}

const char *unpark_format_bytes(gint64 n, char buf[UNPARK_FORMAT_SIZE]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = (double)n;
  char number[32];
  guint i = 0;
  while (fabs(value) >= 999.5 && i + 1 < G_N_ELEMENTS(units)) {
    value /= 1024;
    i++;
  }
  if (i == 0)
    g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, n);
  else
    three_digits(value, number, sizeof number);
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s %s", number, units[i]);
  return buf;
}

const char *unpark_format_share(double part, double whole, char buf[UNPARK_FORMAT_SIZE]) {
  double percent = whole > 0 ? 100 * part / whole : 0;
  if (!(whole > 0))
    g_strlcpy(buf, "–", UNPARK_FORMAT_SIZE);
  else if (percent > 0 && percent < 0.1)
    g_strlcpy(buf, "<0.1 %", UNPARK_FORMAT_SIZE);
  else if (percent > 99 && percent < 100) /* nearly all is not all */
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.1f %%", MIN(percent, 99.9));
  else if (percent < 9.95 && percent > 0)
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.1f %%", percent);
  else
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.0f %%", percent);
  return buf;
}

/* Where the package name begins: after the last '/' that stands before any type argument
 * or receiver. */
static const char *package_start(const char *function) {
  const char *start = function;
  for (const char *p = function; *p && *p != '[' && *p != '('; p++)
    if (*p == '/')
      start = p + 1;
  return start;
}

const char *unpark_format_function_short(const char *function) {
  return package_start(function);
}

/* The next shorter ending, or NULL: path elements first, then package, then receiver. */
static const char *next_ending(const char *text, const char *package) {
  if (text < package) {
    const char *slash = strchr(text, '/');
    return slash && slash < package ? slash + 1 : package;
  }
  if (text == package) {
    const char *dot = strchr(text, '.');
    return dot && dot[1] ? dot + 1 : NULL;
  }
  if (*text == '(') {
    const char *close = strchr(text, ')');
    return close && close[1] == '.' && close[2] ? close + 2 : NULL;
  }
  return NULL;
}

const char *unpark_format_function(const char *function, guint max_chars) {
  const char *package = package_start(function);
  const char *text = function;
  while (g_utf8_strlen(text, -1) > (glong)max_chars) {
    const char *shorter = next_ending(text, package);
    if (!shorter)
      break;
    text = shorter;
  }
  return text;
}
