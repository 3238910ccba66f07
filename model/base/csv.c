/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/csv.h"

#include <string.h>

/* A number with its sign is none, though it begins like one. */
static gboolean is_number(const char *text, gsize size) {
  gsize i = 1;
  gboolean digits = FALSE;

  for (; i < size && (g_ascii_isdigit(text[i]) || text[i] == '.'); i++)
    digits = digits || text[i] != '.';
  if (digits && i + 1 < size && (text[i] == 'e' || text[i] == 'E'))
    for (i += text[i + 1] == '-' || text[i + 1] == '+' ? 2 : 1;
         i < size && g_ascii_isdigit(text[i]);)
      i++;
  return digits && i == size;
}

static gboolean is_formula(const char *text, gsize size) {
  return size > 0 && text[0] != '\0' && strchr("=+-@\t\r", text[0]) &&
         !((text[0] == '-' || text[0] == '+') && is_number(text, size));
}

static gboolean needs_quotes(const char *text, gsize size) {
  for (gsize i = 0; i < size; i++)
    if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return TRUE;
  return FALSE;
}

gboolean unpark_csv_is_special(const char *text, gsize size) {
  return is_formula(text, size) || needs_quotes(text, size);
}

static void append_quoted(GString *to, const char *text, gsize size) {
  g_string_append_c(to, '"');
  if (is_formula(text, size))
    g_string_append_c(to, '\'');
  for (gsize i = 0; i < size; i++) {
    if (text[i] == '"')
      g_string_append_c(to, '"');
    g_string_append_c(to, text[i]);
  }
  g_string_append_c(to, '"');
}

void unpark_csv_cell(GString *to, const char *text, gssize size) {
  gsize n = size < 0 ? strlen(text) : (gsize)size;

  if (needs_quotes(text, n)) {
    append_quoted(to, text, n);
    return;
  }
  if (is_formula(text, n))
    g_string_append_c(to, '\'');
  g_string_append_len(to, text, (gssize)n);
}

void unpark_csv_append(GString *to, const char *text) {
  append_quoted(to, text, strlen(text));
}
