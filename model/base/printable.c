/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/printable.h"

#include <string.h>

gboolean unpark_printable_is_unsafe(gunichar c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void unpark_printable_clean(char *text, gsize size) {
  guint8 *p = (guint8 *)text, *end = p + size;
  for (; p < end; p++) {
    if (G_LIKELY(*p < 0xc2))
      continue;
    gsize left = (gsize)(end - p);
    if (left >= 2 && ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c)))
      memcpy(p, "\xc2\xbf", 2);
    else if (left >= 3 && p[0] == 0xe2 &&
             unpark_printable_is_unsafe((gunichar)(0x2000 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f))))
      memcpy(p, "\xef\xbf\xbd", 3);
  }
}

static char *dup_without_unsafe(const char *text, gboolean keeps_lines) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  GString *out = g_string_sized_new(strlen(valid));
  for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    gboolean stays = !unpark_printable_is_unsafe(c) || (c == '\n' && keeps_lines);
    g_string_append_unichar(out, stays ? c : 0xfffd);
  }
  return g_string_free(out, FALSE);
}

char *unpark_printable_dup(const char *text) {
  return dup_without_unsafe(text, FALSE);
}

char *unpark_printable_dup_lines(const char *text) {
  return dup_without_unsafe(text, TRUE);
}

char *unpark_printable_file_name(const char *name) {
  g_autofree char *display = g_filename_display_name(name);
  return dup_without_unsafe(display, FALSE);
}
