/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/sampling.h"

#include <math.h>
#include <string.h>

#define DIGITS 14 /* of 56 bits */

/* The number of hexadecimal digits; 0: what follows them is no end. */
static guint count_digits(const char *text) {
  guint n = 0;

  while (g_ascii_isxdigit(text[n]))
    n++;
  return text[n] == '\0' || text[n] == ';' || text[n] == ',' ? n : 0;
}

static double of_threshold(const char *digits) {
  guint64 t = 0;
  guint n = count_digits(digits);

  if (n == 0 || n > DIGITS)
    return 0;
  for (guint i = 0; i < DIGITS; i++)
    t = t << 4 | (i < n ? (guint64)g_ascii_xdigit_value(digits[i]) : 0);
  return ldexp(1, 56) / (ldexp(1, 56) - (double)t);
}

/* 63 stands for a probability of 0. */
static double of_power(const char *digits) {
  guint64 n;
  char *end;

  if (!g_ascii_isdigit(*digits))
    return 0;
  n = g_ascii_strtoull(digits, &end, 10);
  return n < 63 && (*end == '\0' || *end == ';' || *end == ',') ? ldexp(1, (int)n) : 0;
}

/* The value of "ot": "key:value;key:value". */
static double of_list(const char *list) {
  double power = 0;

  for (;;) {
    if (strncmp(list, "th:", 3) == 0)
      return of_threshold(list + 3);
    if (strncmp(list, "p:", 2) == 0)
      power = of_power(list + 2);
    list += strcspn(list, ";,");
    if (*list++ != ';')
      return power;
  }
}

double unpark_sampling_count(const char *tracestate) {
  for (const char *p = tracestate; *p;) {
    p += strspn(p, " \t,");
    if (strncmp(p, "ot=", 3) == 0)
      return of_list(p + 3);
    p += strcspn(p, ",");
  }
  return 0;
}
