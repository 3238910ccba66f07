/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query taken apart into words. No GTK. Any thread. */
#pragma once

#include <glib.h>

typedef enum {
  UNPARK_SQL_TOKEN_WORD,   /* a name, a keyword or a number */
  UNPARK_SQL_TOKEN_QUOTED, /* a name in double quotes, back quotes or brackets */
  UNPARK_SQL_TOKEN_STRING,
  UNPARK_SQL_TOKEN_COMMENT,
  UNPARK_SQL_TOKEN_SIGN /* one character */
} UnparkSqlTokenType;

typedef struct {
  UnparkSqlTokenType type;
  gsize from, to; /* bytes, with quotes */
  gboolean open;  /* a quote or comment that the text ends in */
} UnparkSqlToken;

/* Of the first `size` bytes of `text`. Free with g_array_unref(). */
GArray *unpark_sql_tokens(const char *text, gsize size);

/* Letters without regard to case; FALSE for anything but a word. */
gboolean unpark_sql_token_is(const char *text, const UnparkSqlToken *token, const char *word);
/* The name that a word or a quoted name stands for; NULL for other tokens. Free with g_free(). */
char *unpark_sql_token_name(const char *text, const UnparkSqlToken *token);
