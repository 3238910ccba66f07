/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/json.h"

#include <string.h>

#include "model/base/printable.h"

static void append_escape(GString *to, gunichar c) {
  switch (c) {
  case '"':
  case '\\':
    g_string_append_c(to, '\\');
    g_string_append_c(to, (char)c);
    break;
  case '\n':
    g_string_append(to, "\\n");
    break;
  case '\t':
    g_string_append(to, "\\t");
    break;
  default: /* what is unsafe is below U+10000 */
    g_string_append_printf(to, "\\u%04x", c);
  }
}

void unpark_json_append(GString *to, const char *text, gssize size) {
  g_autofree char *valid = NULL;
  gsize length = size < 0 ? strlen(text) : (gsize)size;

  if (!g_utf8_validate_len(text, length, NULL)) {
    valid = g_utf8_make_valid(text, (gssize)length);
    text = valid;
    length = strlen(valid);
  }
  const char *plain = text, *end = text + length;
  g_string_append_c(to, '"');
  for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
    gunichar c = (guint8)*p < 0x80 ? (gunichar)*p : g_utf8_get_char(p);
    if (c != '"' && c != '\\' && !unpark_printable_is_unsafe(c))
      continue;
    g_string_append_len(to, plain, p - plain);
    append_escape(to, c);
    plain = g_utf8_next_char(p);
  }
  g_string_append_len(to, plain, end - plain);
  g_string_append_c(to, '"');
}
