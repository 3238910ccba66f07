/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queries that were run, the newest first, kept over sessions. Main thread only. */
#pragma once

#include <glib.h>

/* Older ones are dropped. */
#define UNPARK_SQL_HISTORY_MAX 200

/* Puts the query first; one that is there already moves. */
void unpark_sql_history_add(const char *sql);
void unpark_sql_history_remove(const char *sql);
void unpark_sql_history_clear(void);
/* NULL-terminated; free with g_strfreev(). */
char **unpark_sql_history_list(void);

/* A walk through it, as with a shell's arrow keys. All zero: at the end, where `draft` is. */
typedef struct {
  guint back;  /* so many queries before the text that is being written; 0: that text */
  char *draft; /* that text, while `back` > 0 */
} UnparkSqlWalk;

/* One step back (1) or forward (-1) from `text`, what is shown; NULL: there is nothing further.
 * Free with g_free(). */
char *unpark_sql_walk_step(UnparkSqlWalk *walk, int direction, const char *text);
void unpark_sql_walk_end(UnparkSqlWalk *walk);
