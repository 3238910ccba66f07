/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two columns of a result as the numbers of a chart. No GTK. */
#pragma once

#include "ui/sql/result.h"
#include "ui/sql/time-text.h"

/* More bars than that are not read: the first ones are shown. */
#define UNPARK_SQL_MAX_BARS 200

typedef enum {
  UNPARK_SQL_BARS,
  UNPARK_SQL_LINE,
  UNPARK_SQL_POINTS,
  UNPARK_SQL_N_CHARTS
} UnparkSqlChartKind;

/* Immutable; atomically reference-counted. Any thread. */
typedef struct {
  UnparkSqlChartKind kind;
  UnparkSqlResult *result;
  guint x_column, y_column;
  UnparkSqlTime x_time, y_time;
  gboolean by_place;                 /* x is text: places in the order of the rows are 0, 1, ... */
  guint n;                           /* points; rows without a number in y are left out */
  guint n_left_out;                  /* bars that are too many */
  double *x, *y;                     /* lines and points: in the order of x */
  guint32 *rows;                     /* of the result */
  double min_x, max_x, min_y, max_y; /* 0 if there is nothing */
} UnparkSqlSeries;

/* Worker if there are many rows. `y_column` has to be numeric. */
UnparkSqlSeries *unpark_sql_series_new(UnparkSqlResult *result, UnparkSqlChartKind kind,
                                       guint x_column, guint y_column);
UnparkSqlSeries *unpark_sql_series_ref(UnparkSqlSeries *series);
void unpark_sql_series_unref(UnparkSqlSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSqlSeries, unpark_sql_series_unref)

/* What is worth a chart: x is the first text or time, y the last number that is not x. FALSE: no
 * column has numbers. */
gboolean unpark_sql_series_choose(const UnparkSqlResult *result, UnparkSqlChartKind *kind,
                                  guint *x_column, guint *y_column);

/* The x or y of a point, as it is written beside it; `buf` is used for numbers. Valid as long as
 * both. */
const char *unpark_sql_series_x_text(const UnparkSqlSeries *series, guint point,
                                     char buf[UNPARK_FORMAT_SIZE]);
const char *unpark_sql_series_y_text(const UnparkSqlSeries *series, guint point,
                                     char buf[UNPARK_FORMAT_SIZE]);
/* The chart in words: what it shows, and its greatest values. Free with g_free(). */
char *unpark_sql_series_describe(const UnparkSqlSeries *series);
