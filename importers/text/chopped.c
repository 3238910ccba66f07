/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/chopped.h"

#include <string.h>

#define LINE_MAX_BYTES 65536

void unpark_chopped_init(UnparkChopped *c) {
  *c = (UnparkChopped){.line = g_string_new(NULL)};
}

void unpark_chopped_clear(UnparkChopped *c) {
  g_string_free(c->line, TRUE);
}

static gboolean is_number(UnparkText text) {
  gint64 value;
  return unpark_text_take_number(&text, FALSE, &value) && text.len == 0;
}

/* Pieces that the runtime ends a line with. */
static gboolean ends_line(UnparkText piece) {
  static const char *const ends[] = {"]:", ")", "(...)", "}:"};

  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
    if (unpark_text_equal(piece, (UnparkText){ends[i], strlen(ends[i])}))
      return TRUE;
  return unpark_text_ends(piece, UNPARK_TEXT("frames elided..."));
}

/* Loggers take blanks off the ends of what they print. */
static void append(UnparkChopped *c, UnparkText piece) {
  static const char *const words[] = {"goroutine", "created by", "panic:", "fatal error:"};
  gboolean blank = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    blank = blank || strcmp(c->line->str, words[i]) == 0;
  if (c->line->len > 0 && piece.len > 0 && piece.text[0] != ' ')
    blank = blank || piece.text[0] == '+' ||
            (piece.text[0] == '[' && g_str_has_prefix(c->line->str, "goroutine "));
  if (blank && piece.len > 0 && piece.text[0] != ' ')
    g_string_append_c(c->line, ' ');
  if (c->line->len + piece.len < LINE_MAX_BYTES)
    g_string_append_len(c->line, piece.text, (gssize)piece.len);
}

static gboolean give(UnparkChopped *c, UnparkText *line) {
  static const char created[] = "created by ";
  gboolean after_position = c->line->len > 0 && strchr("\t ", c->line->str[0]);
  gboolean is_function = c->line->len > 0 && !after_position &&
                         (c->line->str[c->line->len - 1] == ')' ||
                          strncmp(c->line->str, created, strlen(created)) == 0);

  c->wants_position = is_function;
  c->given = TRUE;
  *line = (UnparkText){c->line->str, c->line->len};
  return TRUE;
}

/* What others print between the pieces is whole: only names of types have blanks within. */
static gboolean is_whole(const UnparkChopped *c, UnparkText piece) {
  piece = unpark_text_strip(piece);
  return c->line->len == 0 && !c->wants_position && memchr(piece.text, ' ', piece.len) &&
         !memchr(piece.text, '[', piece.len);
}

static gboolean join(UnparkChopped *c, UnparkText *line) {
  UnparkText piece = *line;

  if (c->given)
    g_string_truncate(c->line, 0);
  c->given = FALSE;
  if (piece.len > 0 && is_whole(c, piece))
    return TRUE;
  if (c->wants_position) { /* begins with a tab, which may have been taken off */
    c->wants_position = FALSE;
    g_string_assign(c->line, "\t");
    append(c, unpark_text_strip(piece));
    return FALSE;
  }
  if (piece.len == 0)
    return give(c, line);
  append(c, piece);
  return ends_line(piece) && give(c, line);
}

gboolean unpark_chopped_end(UnparkChopped *c, UnparkText *line) {
  return c->on && !c->given && c->line->len > 0 && give(c, line);
}

gboolean unpark_chopped_take(UnparkChopped *c, UnparkText *line) {
  gboolean is_word = unpark_text_equal(unpark_text_strip(*line), UNPARK_TEXT("goroutine")), was;

  if (c->on)
    return join(c, line);
  was = c->head;
  c->head = is_word;
  if (is_word)
    return FALSE;
  if (!was || !is_number(unpark_text_strip(*line)))
    return TRUE;
  c->on = TRUE;
  g_string_assign(c->line, "goroutine ");
  append(c, unpark_text_strip(*line));
  return FALSE;
}
