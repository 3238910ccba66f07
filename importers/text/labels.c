/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/labels.h"

#include <string.h>

#include "importers/text/profile-rows.h"

/* \xNN, \uNNNN, \UNNNNNNNN: `n` hexadecimal digits. */
static gboolean take_code(UnparkText *t, guint n, guint32 *code) {
  *code = 0;
  if (t->len < n)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    int digit = g_ascii_xdigit_value(t->text[i]);
    if (digit < 0)
      return FALSE;
    *code = *code << 4 | (guint32)digit;
  }
  *t = unpark_text_from(*t, n);
  return TRUE;
}

/* What follows a backslash. */
static gboolean take_escape(UnparkText *t, GString *to) {
  static const char letters[] = "abfnrtv\\\"'", means[] = "\a\b\f\n\r\t\v\\\"'";
  const char *found;
  guint32 code;
  char c;

  if (t->len == 0)
    return FALSE;
  c = t->text[0];
  *t = unpark_text_from(*t, 1);
  found = c ? strchr(letters, c) : NULL;
  if (found) {
    g_string_append_c(to, means[found - letters]);
    return TRUE;
  }
  if (c == 'x' && take_code(t, 2, &code)) {
    g_string_append_c(to, (char)code);
    return TRUE;
  }
  if ((c == 'u' && take_code(t, 4, &code)) || (c == 'U' && take_code(t, 8, &code))) {
    g_string_append_unichar(to, g_unichar_validate(code) ? code : 0xfffd);
    return TRUE;
  }
  return FALSE;
}

gboolean unpark_text_unquote(UnparkText *text, GString *to) {
  UnparkText t = *text;

  if (!unpark_text_take(&t, UNPARK_TEXT("\"")))
    return FALSE;
  while (t.len > 0 && t.text[0] != '"') {
    if (unpark_text_take(&t, UNPARK_TEXT("\\"))) {
      if (!take_escape(&t, to))
        return FALSE;
      continue;
    }
    g_string_append_c(to, t.text[0]);
    t = unpark_text_from(t, 1);
  }
  if (!unpark_text_take(&t, UNPARK_TEXT("\"")))
    return FALSE;
  *text = t;
  return TRUE;
}

/* A word, with quotes if there is something in it that ends words. */
static void append_word(GString *to, const char *word) {
  if (*word && !strpbrk(word, " ,:\"{}\t\n")) {
    g_string_append(to, word);
    return;
  }
  g_string_append_c(to, '"');
  for (; *word; word++) {
    if (*word == '"' || *word == '\\')
      g_string_append_c(to, '\\');
    g_string_append_c(to, *word);
  }
  g_string_append_c(to, '"');
}

GString *unpark_text_readable(UnparkText text) {
  GString *readable = g_string_new(NULL);
  g_autoptr(GString) word = g_string_new(NULL);

  while (text.len > 0) {
    UnparkText quoted = text;

    g_string_truncate(word, 0);
    if (unpark_text_unquote(&quoted, word) && strlen(word->str) == word->len) {
      append_word(readable, word->str);
      text = quoted;
    } else {
      g_string_append_c(readable, text.text[0]);
      text = unpark_text_from(text, 1);
    }
  }
  return readable;
}

void unpark_text_labels(UnparkWriter *writer, gint64 sample, UnparkText text) {
  GString *key = g_string_new(NULL), *value = g_string_new(NULL);

  do {
    g_string_truncate(key, 0);
    g_string_truncate(value, 0);
    if (!unpark_text_unquote(&text, key) || !unpark_text_take(&text, UNPARK_TEXT(":")) ||
        !unpark_text_unquote(&text, value))
      break;
    unpark_text_label(writer, sample, (UnparkText){key->str, key->len},
                      (UnparkText){value->str, value->len});
  } while (unpark_text_take(&text, UNPARK_TEXT(", ")));
  g_string_free(key, TRUE);
  g_string_free(value, TRUE);
}
