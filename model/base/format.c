/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/format.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "model/base/types.h"

/* ---- The style --------------------------------------------------------------------- */

typedef struct {
  char point[8], group[8];
} Marks;

#define NARROW_SPACE "\u202f"

/* Read by every thread while the main thread may change them. */
static gint numbers, times, names, utc;

/* Of the locale that the process began with. */
static const Marks *locale_marks(void) {
  static Marks marks;
  static gsize done;
  if (g_once_init_enter(&done)) {
    const struct lconv *locale = localeconv();
    const char *point = locale->decimal_point, *group = locale->thousands_sep;
    gboolean usable =
        *group && strlen(group) < sizeof marks.group && g_utf8_validate(group, -1, NULL);
    g_strlcpy(marks.point, *point && strlen(point) < sizeof marks.point ? point : ".",
              sizeof marks.point);
    g_strlcpy(marks.group,
              usable                ? group
              : *marks.point == ',' ? NARROW_SPACE
                                    : ",",
              sizeof marks.group);
    g_once_init_leave(&done, 1);
  }
  return &marks;
}

static const Marks *current_marks(void) {
  static const Marks of_styles[] = {[UNPARK_NUMBERS_ENGLISH] = {".", ","},
                                    [UNPARK_NUMBERS_GERMAN] = {",", "."},
                                    [UNPARK_NUMBERS_FRENCH] = {",", NARROW_SPACE},
                                    [UNPARK_NUMBERS_SI] = {".", NARROW_SPACE}};
  guint style = (guint)g_atomic_int_get(&numbers);
  return style == UNPARK_NUMBERS_LOCALE || style >= G_N_ELEMENTS(of_styles) ? locale_marks()
                                                                            : &of_styles[style];
}

void unpark_format_set_style(const UnparkFormatStyle *style) {
  g_atomic_int_set(&numbers, (gint)style->numbers);
  g_atomic_int_set(&times, (gint)style->times);
  g_atomic_int_set(&names, (gint)style->names);
  g_atomic_int_set(&utc, style->utc);
}

UnparkFormatStyle unpark_format_get_style(void) {
  return (UnparkFormatStyle){.numbers = (guint)g_atomic_int_get(&numbers),
                             .times = (guint)g_atomic_int_get(&times),
                             .names = (guint)g_atomic_int_get(&names),
                             .utc = g_atomic_int_get(&utc)};
}

const char *unpark_format_point(void) {
  return current_marks()->point;
}

/* printf() puts the mark of the locale. */
static void set_point(char *text, gsize size) {
  const Marks *from = locale_marks(), *to = current_marks();
  char *at = strcmp(from->point, to->point) == 0 ? NULL : strstr(text, from->point);
  if (at) {
    g_autofree char *rest = g_strdup(at + strlen(from->point));
    g_snprintf(at, size - (gsize)(at - text), "%s%s", to->point, rest);
  }
}

/* ---- Numbers ----------------------------------------------------------------------- */

/* Three significant digits, "7.20", "12.3", "120", so that a column of them can be compared at a
 * glance; whole numbers as they are: what was asked for or set is "5 ms", not "5.00 ms". */
static void three_digits(double value, char *out, gsize size) {
  gboolean whole = value == floor(value);
  int decimals = whole || fabs(value) >= 99.95 ? 0 : fabs(value) >= 9.995 ? 1 : 2;
  g_snprintf(out, size, "%.*f", decimals, value);
  set_point(out, size);
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

/* "1:23.20", "1:02:03"; to `decimals` digits of a second. */
static void clock_text(gint64 ns, int decimals, char buf[UNPARK_FORMAT_SIZE]) {
  guint64 step = 1, whole, magnitude = ns < 0 ? (guint64)0 - (guint64)ns : (guint64)ns;
  for (int i = decimals; i < 9; i++)
    step *= 10;
  magnitude = (magnitude + step / 2) / step * step;
  whole = magnitude / 1000000000;
  guint hours = (guint)(whole / 3600), minutes = (guint)(whole / 60 % 60), s = (guint)(whole % 60);
  gsize n = (gsize)(hours > 0 ? g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s%u:%02u:%02u",
                                           ns < 0 ? "-" : "", hours, minutes, s)
                              : g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s%u:%02u", ns < 0 ? "-" : "",
                                           minutes, s));
  if (decimals > 0)
    g_snprintf(buf + n, UNPARK_FORMAT_SIZE - n, "%s%0*u", current_marks()->point, decimals,
               (guint)(magnitude % 1000000000 / step));
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
  if (magnitude >= 60e9 && g_atomic_int_get(&times) == UNPARK_TIMES_CLOCK) {
    clock_text(ns, decimals, buf);
  } else {
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.*f %s", decimals, (double)ns / size, unit);
    set_point(buf, UNPARK_FORMAT_SIZE);
  }
  return buf;
}

const char *unpark_format_count(gint64 n, char buf[UNPARK_FORMAT_SIZE]) {
  const Marks *marks = current_marks();
  char digits[32];
  char *out = buf;
  g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT,
             n < 0 ? (guint64)0 - (guint64)n : (guint64)n);
  gsize len = strlen(digits);
  if (n < 0)
    *out++ = '-';
  for (gsize i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0)
      out = g_stpcpy(out, marks->group);
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
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "<%.1f %%", 0.1);
  else if (percent > 99 && percent < 100) /* nearly all is not all */
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.1f %%", MIN(percent, 99.9));
  else if (percent < 9.95 && percent > 0)
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.1f %%", percent);
  else
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.0f %%", percent);
  set_point(buf, UNPARK_FORMAT_SIZE);
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

/* The receiver and the function, without the package. */
static const char *without_package(const char *function) {
  const char *package = package_start(function);
  const char *shorter = next_ending(package, package);
  return shorter ? shorter : package;
}

const char *unpark_format_function_short(const char *function) {
  switch (g_atomic_int_get(&names)) {
  case UNPARK_NAMES_PATH:
    return function;
  case UNPARK_NAMES_FUNCTION:
    return without_package(function);
  case UNPARK_NAMES_PACKAGE:
  default:
    return package_start(function);
  }
}

const char *unpark_format_function(const char *function, guint max_chars) {
  const char *package = package_start(function);
  const char *text =
      g_atomic_int_get(&names) == UNPARK_NAMES_FUNCTION ? without_package(function) : function;
  while (g_utf8_strlen(text, -1) > (glong)max_chars) {
    const char *shorter = next_ending(text, package);
    if (!shorter)
      break;
    text = shorter;
  }
  return text;
}
