/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/tokens.h"

#include <string.h>

static gboolean is_word(char c) {
  return g_ascii_isalnum(c) || c == '_' || c == '$' || (c & 0x80) != 0;
}

/* The end of what `close` ends, which is doubled where it is meant itself. */
static gsize quote_end(const char *text, gsize at, gsize size, char close, gboolean *open) {
  for (at++; at < size; at++) {
    if (text[at] != close)
      continue;
    if (close == ']' || at + 1 >= size || text[at + 1] != close)
      return at + 1;
    at++;
  }
  *open = TRUE;
  return size;
}

static gsize comment_end(const char *text, gsize at, gsize size, gboolean *open) {
  const char *end = text[at] == '-' ? "\n" : "*/";
  const char *found = g_strstr_len(text + at + 2, (gssize)(size - at - 2), end);
  *open = found == NULL;
  return found ? (gsize)(found - text) + strlen(end) : size;
}

static UnparkSqlToken token_at(const char *text, gsize at, gsize size) {
  UnparkSqlToken token = {UNPARK_SQL_TOKEN_SIGN, at, at + 1, FALSE};
  char c = text[at], next = at + 1 < size ? text[at + 1] : '\0';
  if (is_word(c)) {
    token.type = UNPARK_SQL_TOKEN_WORD;
    while (token.to < size && is_word(text[token.to]))
      token.to++;
  } else if (c == '\'') {
    token.type = UNPARK_SQL_TOKEN_STRING;
    token.to = quote_end(text, at, size, c, &token.open);
  } else if (c == '"' || c == '`' || c == '[') {
    token.type = UNPARK_SQL_TOKEN_QUOTED;
    token.to = quote_end(text, at, size, c == '[' ? ']' : c, &token.open);
  } else if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
    token.type = UNPARK_SQL_TOKEN_COMMENT;
    token.to = comment_end(text, at, size, &token.open);
  }
  return token;
}

GArray *unpark_sql_tokens(const char *text, gsize size) {
  GArray *tokens = g_array_new(FALSE, FALSE, sizeof(UnparkSqlToken));
  for (gsize at = 0; at < size;) {
    if (g_ascii_isspace(text[at])) {
      at++;
      continue;
    }
    UnparkSqlToken token = token_at(text, at, size);
    g_array_append_val(tokens, token);
    at = token.to;
  }
  return tokens;
}

gboolean unpark_sql_token_is(const char *text, const UnparkSqlToken *token, const char *word) {
  return (token->type == UNPARK_SQL_TOKEN_WORD || token->type == UNPARK_SQL_TOKEN_SIGN) &&
         strlen(word) == token->to - token->from &&
         g_ascii_strncasecmp(text + token->from, word, token->to - token->from) == 0;
}

char *unpark_sql_token_name(const char *text, const UnparkSqlToken *token) {
  if (token->type == UNPARK_SQL_TOKEN_WORD)
    return g_strndup(text + token->from, token->to - token->from);
  if (token->type == UNPARK_SQL_TOKEN_QUOTED && !token->open)
    return g_strndup(text + token->from + 1, token->to - token->from - 2);
  return NULL;
}
