/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/duration.h"

#include <math.h>
#include <string.h>

static gboolean find_unit(const char *name, UnparkBareNumber bare, double *ns) {
  static const struct {
    const char *name;
    double ns;
  } units[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},   {"μs", 1e3},  {"ms", 1e6},
               {"s", 1e9}, {"m", 60e9}, {"min", 60e9}, {"h", 3600e9}};
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(name, units[i].name) == 0) {
      *ns = units[i].ns;
      return TRUE;
    }
  *ns = 1;
  return *name == 0 && bare == UNPARK_BARE_NS;
}

/* Digits, a point, an exponent: strtod() would take "inf" and "0x10" as well. */
static gsize number_length(const char *text) {
  gsize n = strspn(text, "0123456789.");
  gsize sign = n > 0 && (text[n] == 'e' || text[n] == 'E')
                   ? n + 1 + (text[n + 1] == '-' || text[n + 1] == '+')
                   : 0;
  gsize exponent = sign ? strspn(text + sign, "0123456789") : 0;
  return exponent > 0 ? sign + exponent : n;
}

gboolean unpark_duration_parse(const char *text, UnparkBareNumber bare, gint64 *ns) {
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  gsize digits = number_length(trimmed);
  g_autofree char *number = g_strndup(trimmed, digits);
  const char *name = trimmed + digits;
  char *end;
  gint64 whole;
  double size, value = g_ascii_strtod(number, &end);
  name += strspn(name, " ");
  if (digits == 0 || *end || !find_unit(name, bare, &size))
    return FALSE;
  /* Beyond 2^53 a double is not exact. */
  if (size <= 1 && g_ascii_string_to_signed(number, 10, 0, G_MAXINT64 - 1, &whole, NULL))
    *ns = whole;
  else if (value * size < 9e18)
    *ns = (gint64)llround(value * size);
  else
    return FALSE;
  return TRUE;
}
