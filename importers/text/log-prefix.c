/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "importers/text/log-line.h"

/* Digits of that count, exactly. */
static gboolean take_digits(UnparkText *t, guint n) {
  if (t->len < n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_ascii_isdigit(t->text[i]))
      return FALSE;
  *t = unpark_text_from(*t, n);
  return TRUE;
}

static gboolean take_any(UnparkText *t, const char *chars) {
  if (t->len == 0 || !t->text[0] || !strchr(chars, t->text[0]))
    return FALSE;
  *t = unpark_text_from(*t, 1);
  return TRUE;
}

/* "15:14:34", "15:14:34.5", "15:14:34,512" */
static gboolean take_clock(UnparkText *t) {
  UnparkText fraction;

  if (!take_digits(t, 2) || !take_any(t, ":") || !take_digits(t, 2) || !take_any(t, ":") ||
      !take_digits(t, 2))
    return FALSE;
  fraction = *t;
  if (take_any(&fraction, ".,") && take_digits(&fraction, 1)) {
    while (take_digits(&fraction, 1))
      ;
    *t = fraction;
  }
  return TRUE;
}

/* "Z", "+01:00", "+0100", " UTC"; nothing is right, too. */
static void take_zone(UnparkText *t) {
  UnparkText zone = *t;

  if (take_any(&zone, "+-") && take_digits(&zone, 2)) {
    take_any(&zone, ":");
    if (take_digits(&zone, 2))
      *t = zone;
  } else if (!take_any(t, "Z")) {
    unpark_text_take(t, UNPARK_TEXT(" UTC"));
  }
}

/* "2026-11-25T15:14:34.5Z ", "2026/11/25 15:14:34 ", the same within brackets */
static gboolean take_date_time(UnparkText *text) {
  UnparkText t = *text;
  gboolean bracket = take_any(&t, "[");

  if (!take_digits(&t, 4) || !take_any(&t, "-/") || !take_digits(&t, 2) || !take_any(&t, "-/") ||
      !take_digits(&t, 2) || !take_any(&t, "T ") || !take_clock(&t))
    return FALSE;
  take_zone(&t);
  if (bracket && !take_any(&t, "]"))
    return FALSE;
  take_any(&t, ":");
  if (t.len > 0 && !take_any(&t, " \t"))
    return FALSE;
  *text = t;
  return TRUE;
}

/* "Nov 25 15:14:34 ", "Nov  5 15:14:34.123456 " */
static gboolean take_syslog_time(UnparkText *text) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  UnparkText t = *text;
  char month[4] = "";
  const char *found;

  if (t.len < 16)
    return FALSE;
  memcpy(month, t.text, 3);
  found = strlen(month) == 3 ? strstr(months, month) : NULL;
  if (!found || (found - months) % 3 != 0)
    return FALSE;
  t = unpark_text_from(t, 3);
  if (!take_any(&t, " ") || !take_any(&t, " 123") || !take_digits(&t, 1) || !take_any(&t, " ") ||
      !take_clock(&t) || !take_any(&t, " "))
    return FALSE;
  *text = t;
  return TRUE;
}

/* A word of a host's or a program's name. */
static gboolean take_name(UnparkText *t) {
  gsize n = 0;

  while (n < t->len && n < 128 && (g_ascii_isalnum(t->text[n]) || strchr("._-/@", t->text[n])) &&
         t->text[n])
    n++;
  *t = unpark_text_from(*t, n);
  return n > 0;
}

/* "prog[17]: ", "app[web.1]: " */
static gboolean take_program(UnparkText *text) {
  UnparkText t = *text;

  if (!take_name(&t) || !take_any(&t, "[") || !take_name(&t) ||
      !unpark_text_take(&t, UNPARK_TEXT("]:")))
    return FALSE;
  take_any(&t, " ");
  *text = t;
  return TRUE;
}

/* Behind a time: who says it, "host prog[17]: " or "prog[17]: "; or on which stream, "stderr F ",
 * "01E ". */
static void take_origin(UnparkText *text) {
  UnparkText t = *text;

  if (unpark_text_take(&t, UNPARK_TEXT("stdout ")) ||
      unpark_text_take(&t, UNPARK_TEXT("stderr "))) {
    if (!take_any(&t, "FP"))
      return;
    take_any(&t, " ");
    *text = t;
    return;
  }
  if (take_digits(&t, 2) && take_any(&t, "OE") && take_any(&t, " +")) {
    *text = t;
    return;
  }
  t = *text;
  if (take_program(text) || !take_name(&t) || !take_any(&t, " ") || !take_program(&t))
    return;
  *text = t;
}

/* "web-1  | " */
static gboolean take_service(UnparkText *text) {
  UnparkText t = *text;

  if (!take_name(&t) || !unpark_text_take_blanks(&t) || !take_any(&t, "|"))
    return FALSE;
  take_any(&t, " ");
  *text = t;
  return TRUE;
}

/* "[pod/web-7d9f/app] " */
static gboolean take_pod(UnparkText *text) {
  UnparkText t = *text;

  if (!unpark_text_take(&t, UNPARK_TEXT("[pod/")) || !take_name(&t) || !take_any(&t, "]"))
    return FALSE;
  take_any(&t, " ");
  *text = t;
  return TRUE;
}

gboolean unpark_log_prefix(UnparkText *line) {
  gsize before = line->len;

  /* One behind the other: compose's, then the time; Kubernetes', then the program's own. */
  for (guint i = 0; i < 4; i++) {
    if (take_date_time(line) || take_syslog_time(line))
      take_origin(line);
    else if (!take_service(line) && !take_pod(line))
      break;
  }
  return line->len < before;
}
