/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a query: colours, completion, and the mark where an error is. Main thread only. */
#pragma once

#include <gtksourceview/gtksource.h>

#include "model/base/types.h"

#define UNPARK_TYPE_SQL_EDITOR (unpark_sql_editor_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlEditor, unpark_sql_editor, UNPARK, SQL_EDITOR, GtkSourceView)

/* Completion knows the tables that a file of that kind has. */
void unpark_sql_editor_set_kind(UnparkSqlEditor *self, UnparkSourceKind kind);

/* What is to be run, without white space around it: what is selected, or else everything. *from:
 * the character of the text that it begins at. Free with g_free(). */
char *unpark_sql_editor_query(UnparkSqlEditor *self, guint *from);
/* All of it; free with g_free(). */
char *unpark_sql_editor_text(UnparkSqlEditor *self);
/* In place of what is there: one step that Ctrl+Z takes back. */
void unpark_sql_editor_set_text(UnparkSqlEditor *self, const char *sql);
void unpark_sql_editor_insert(UnparkSqlEditor *self, const char *text);
void unpark_sql_editor_hide_completion(UnparkSqlEditor *self);

/* Marks what the error is about, and puts the cursor there; the mark goes away when something is
 * changed. `sql`, which begins at character `from`, `at` and `message`: as for
 * unpark_sql_error_place(). */
void unpark_sql_editor_mark_error(UnparkSqlEditor *self, const char *sql, guint from, int at,
                                  const char *message);
void unpark_sql_editor_clear_error(UnparkSqlEditor *self);
