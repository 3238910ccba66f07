/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chart itself: points under the pointer and the keys. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/sql/series.h"

#define UNPARK_TYPE_SQL_CHART (unpark_sql_chart_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlChart, unpark_sql_chart, UNPARK, SQL_CHART, GtkWidget)

/* Signals: "picked" (a point is pointed at, by pointer or keys: int, -1 for none) and
 * "row-activated" (guint: the row of the result). */
GtkWidget *unpark_sql_chart_new(void);
/* NULL: empty. */
void unpark_sql_chart_show(UnparkSqlChart *self, UnparkSqlSeries *series);
