/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/lines.h"

#include <string.h>

gboolean unpark_text_equal(UnparkText a, UnparkText b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

gboolean unpark_text_starts(UnparkText text, UnparkText start) {
  return text.len >= start.len && memcmp(text.text, start.text, start.len) == 0;
}

gboolean unpark_text_ends(UnparkText text, UnparkText end) {
  return text.len >= end.len && memcmp(text.text + text.len - end.len, end.text, end.len) == 0;
}

UnparkText unpark_text_from(UnparkText text, gsize at) {
  return (UnparkText){text.text + at, text.len - at};
}

gboolean unpark_text_take(UnparkText *text, UnparkText start) {
  if (!unpark_text_starts(*text, start))
    return FALSE;
  *text = unpark_text_from(*text, start.len);
  return TRUE;
}

static gboolean is_blank(char c) {
  return c == ' ' || c == '\t';
}

UnparkText unpark_text_strip(UnparkText text) {
  while (text.len > 0 && is_blank(text.text[0]))
    text = unpark_text_from(text, 1);
  while (text.len > 0 && is_blank(text.text[text.len - 1]))
    text.len--;
  return text;
}

gssize unpark_text_find(UnparkText text, UnparkText needle) {
  const char *found = memmem(text.text, text.len, needle.text, needle.len);
  return found ? found - text.text : -1;
}

gboolean unpark_text_take_number(UnparkText *text, gboolean sign, gint64 *value) {
  UnparkText t = *text;
  gboolean minus = sign && unpark_text_take(&t, UNPARK_TEXT("-"));
  gint64 v = 0;

  if (t.len == 0 || !g_ascii_isdigit(t.text[0]))
    return FALSE;
  for (; t.len > 0 && g_ascii_isdigit(t.text[0]); t = unpark_text_from(t, 1)) {
    gint64 digit = t.text[0] - '0';
    v = v > (G_MAXINT64 - digit) / 10 ? G_MAXINT64 : v * 10 + digit;
  }
  *value = minus ? -v : v;
  *text = t;
  return TRUE;
}

gboolean unpark_text_take_hex(UnparkText *text, guint64 *value) {
  UnparkText t = *text;
  guint64 v = 0;
  guint n = 0;

  unpark_text_take(&t, UNPARK_TEXT("0x"));
  for (; t.len > 0 && g_ascii_isxdigit(t.text[0]); t = unpark_text_from(t, 1)) {
    if (v >> 60)
      return FALSE;
    v = v << 4 | (guint64)g_ascii_xdigit_value(t.text[0]);
    n++;
  }
  if (n == 0)
    return FALSE;
  *value = v;
  *text = t;
  return TRUE;
}

gboolean unpark_text_take_blanks(UnparkText *text) {
  gsize before = text->len;

  while (text->len > 0 && is_blank(text->text[0]))
    *text = unpark_text_from(*text, 1);
  return text->len < before;
}

guint32 unpark_text_string(UnparkWriter *writer, UnparkText text) {
  return unpark_writer_string(writer, text.text, text.len);
}
