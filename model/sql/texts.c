/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/texts.h"

#include <string.h>

char *unpark_sql_cut_text(const char *text, gsize *size) {
  *size = strlen(text);
  if (*size <= UNPARK_SQL_TEXT_BYTES)
    return NULL;
  const char *end = g_utf8_find_prev_char(text, text + UNPARK_SQL_TEXT_BYTES);
  GString *cut = g_string_new_len(text, end - text);
  g_string_append(cut, "…");
  *size = cut->len;
  return g_string_free(cut, FALSE);
}
