/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart of two columns of a result, which are chosen above it. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"
#include "ui/sql/result.h"

#define UNPARK_TYPE_SQL_CHART_PANE (unpark_sql_chart_pane_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlChartPane, unpark_sql_chart_pane, UNPARK, SQL_CHART_PANE, GtkWidget)

/* A point opens the place of its row on the timeline, as in the table. */
GtkWidget *unpark_sql_chart_pane_new(UnparkSession *session);
/* The columns that were chosen stay so where the result has them, too. */
void unpark_sql_chart_pane_show(UnparkSqlChartPane *self, UnparkSqlResult *result);
/* Asks for a file, and writes the chart as SVG. */
void unpark_sql_chart_pane_save(UnparkSqlChartPane *self);
