/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a query as a table whose columns are those of the query. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"
#include "ui/sql/result.h"

#define UNPARK_TYPE_SQL_TABLE (unpark_sql_table_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlTable, unpark_sql_table, UNPARK, SQL_TABLE, GtkWidget)

/* A row that names a goroutine or a time opens the timeline there when it is activated; see
 * place.h. */
GtkWidget *unpark_sql_table_new(UnparkSession *session);
/* NULL: empty. */
void unpark_sql_table_show(UnparkSqlTable *self, UnparkSqlResult *result);
/* Columns of nanoseconds as times that people read; their tooltips have the numbers. */
void unpark_sql_table_set_readable(UnparkSqlTable *self, gboolean readable);
