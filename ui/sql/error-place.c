/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/error-place.h"

#include <string.h>

#include "ui/sql/tokens.h"

/* The token at that byte or, where the text has ended, the last one. */
static gboolean token_at(const char *sql, GArray *tokens, gsize at, gsize *from, gsize *to) {
  for (guint i = tokens->len; i-- > 0;) {
    const UnparkSqlToken *t = &g_array_index(tokens, UnparkSqlToken, i);
    if (t->from > at || t->type == UNPARK_SQL_TOKEN_COMMENT)
      continue;
    *from = t->from;
    *to = t->to;
    return TRUE;
  }
  return FALSE;
}

/* "no such table: NAME" and others of the kind. */
static gboolean named(const char *sql, GArray *tokens, const char *message, gsize *from,
                      gsize *to) {
  const char *colon = strstr(message, ": ");
  if (!colon || colon[2] == '\0')
    return FALSE;
  const char *dot = strrchr(colon, '.');
  const char *name = dot && dot[1] ? dot + 1 : colon + 2;
  for (guint i = 0; i < tokens->len; i++) {
    const UnparkSqlToken *t = &g_array_index(tokens, UnparkSqlToken, i);
    g_autofree char *word = unpark_sql_token_name(sql, t);
    if (word && g_ascii_strcasecmp(word, name) == 0) {
      *from = t->from;
      *to = t->to;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean unpark_sql_error_place(const char *sql, int at, const char *message, gsize *from,
                                gsize *to) {
  g_autoptr(GArray) tokens = unpark_sql_tokens(sql, strlen(sql));
  if (at < 0 && strstr(message, "incomplete input"))
    at = G_MAXINT;
  if (at >= 0)
    return token_at(sql, tokens, (gsize)at, from, to);
  return named(sql, tokens, message, from, to);
}
