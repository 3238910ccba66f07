/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of one SQL query as texts, to be shown, copied and saved. No GTK. */
#pragma once

#include <gio/gio.h>

#include "model/sql/query.h"
#include "model/template/template.h"

/* More rows are not kept: a table of a million rows is not read by anybody. */
#define UNPARK_SQL_MAX_ROWS 100000

/* Immutable; atomically reference-counted. Any thread. */
typedef struct {
  char **columns; /* NULL-terminated */
  guint n_columns, n_rows;
  GPtrArray *cells; /* const char *, by row; NULL: SQL's NULL */
  guint8 *numeric;  /* by column: 1 if every value is a number, or NULL */
  gboolean truncated;
  gint64 took_us;
  GStringChunk *texts; /* private */
} UnparkSqlResult;

/* If `sql` is a template, sets the parameters of `query`, which the result owns; free it with
 * unpark_template_values_free() after the query. NULL without *error: it is plain SQL. */
UnparkTemplateValues *unpark_sql_bind_template(const char *sql, UnparkQuery *query, GError **error);

/* Worker. Errors as of unpark_query_sources(); *error_at is its error_at. */
UnparkSqlResult *unpark_sql_result_new(const UnparkSources *sources, const char *sql, int *error_at,
                                       GCancellable *cancellable, GError **error);
UnparkSqlResult *unpark_sql_result_ref(UnparkSqlResult *result);
void unpark_sql_result_unref(UnparkSqlResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSqlResult, unpark_sql_result_unref)

/* NULL: NULL. */
const char *unpark_sql_result_cell(const UnparkSqlResult *result, guint row, guint column);
/* Index of the column of that name; -1. */
int unpark_sql_result_column(const UnparkSqlResult *result, const char *name);
/* The whole number in a cell. FALSE: there is none, or no such column (-1). */
gboolean unpark_sql_result_int(const UnparkSqlResult *result, guint row, int column, gint64 *value);
/* Numbers before texts before NULL; numbers by value. */
int unpark_sql_result_compare(const UnparkSqlResult *result, guint row_a, guint row_b,
                              guint column);

/* All rows with a line of names, for a spreadsheet; free with g_free(). Worker if they are many. */
char *unpark_sql_result_tsv(const UnparkSqlResult *result);
char *unpark_sql_result_csv(const UnparkSqlResult *result);
