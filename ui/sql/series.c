/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/series.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#define DESCRIBED 5

typedef struct {
  double x, y;
  guint32 row;
} Point;

static int by_x(const void *a, const void *b) {
  const Point *p = a, *q = b;
  return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->row > q->row) - (p->row < q->row);
}

static gboolean number(const UnparkSqlResult *result, guint row, guint column, double *value) {
  const char *text = unpark_sql_result_cell(result, row, column);
  if (!text)
    return FALSE;
  *value = g_ascii_strtod(text, NULL);
  return isfinite(*value);
}

/* Numbers of rows that have them; how many. */
static guint read_points(UnparkSqlSeries *self, Point *points) {
  guint n = 0;
  for (guint row = 0; row < self->result->n_rows; row++) {
    Point point = {n, 0, row};
    if (!number(self->result, row, self->y_column, &point.y) ||
        (!self->by_place && !number(self->result, row, self->x_column, &point.x)))
      continue;
    if (self->kind == UNPARK_SQL_BARS && n == UNPARK_SQL_MAX_BARS)
      self->n_left_out++;
    else
      points[n++] = point;
  }
  return n;
}

static void take_points(UnparkSqlSeries *self, const Point *points) {
  self->x = g_new(double, self->n + 1);
  self->y = g_new(double, self->n + 1);
  self->rows = g_new(guint32, self->n + 1);
  for (guint i = 0; i < self->n; i++) {
    self->x[i] = points[i].x;
    self->y[i] = points[i].y;
    self->rows[i] = points[i].row;
    self->min_x = i == 0 ? points[i].x : MIN(self->min_x, points[i].x);
    self->max_x = i == 0 ? points[i].x : MAX(self->max_x, points[i].x);
    self->min_y = i == 0 ? points[i].y : MIN(self->min_y, points[i].y);
    self->max_y = i == 0 ? points[i].y : MAX(self->max_y, points[i].y);
  }
}

UnparkSqlSeries *unpark_sql_series_new(UnparkSqlResult *result, UnparkSqlChartKind kind,
                                       guint x_column, guint y_column) {
  UnparkSqlSeries *self = g_atomic_rc_box_new0(UnparkSqlSeries);
  g_autofree Point *points = g_new(Point, (gsize)result->n_rows + 1);
  self->kind = kind;
  self->result = unpark_sql_result_ref(result);
  self->x_column = x_column;
  self->y_column = y_column;
  self->x_time = unpark_sql_time_of(result->columns[x_column]);
  self->y_time = unpark_sql_time_of(result->columns[y_column]);
  self->by_place = kind == UNPARK_SQL_BARS || !result->numeric[x_column];
  self->n = read_points(self, points);
  if (!self->by_place)
    qsort(points, self->n, sizeof *points, by_x);
  take_points(self, points);
  return self;
}

UnparkSqlSeries *unpark_sql_series_ref(UnparkSqlSeries *series) {
  return g_atomic_rc_box_acquire(series);
}

static void series_clear(gpointer box) {
  UnparkSqlSeries *series = box;
  unpark_sql_result_unref(series->result);
  g_free(series->x);
  g_free(series->y);
  g_free(series->rows);
}

void unpark_sql_series_unref(UnparkSqlSeries *series) {
  g_atomic_rc_box_release_full(series, series_clear);
}

/* ---- What to show ------------------------------------------------------------------------- */

static gboolean is_point(const UnparkSqlResult *result, guint column) {
  return unpark_sql_time_of(result->columns[column]) == UNPARK_SQL_POINT && result->numeric[column];
}

gboolean unpark_sql_series_choose(const UnparkSqlResult *result, UnparkSqlChartKind *kind,
                                  guint *x_column, guint *y_column) {
  int x = -1, y = -1;
  for (guint i = 0; i < result->n_columns; i++)
    if (x < 0 && is_point(result, i))
      x = (int)i;
  gboolean over_time = x >= 0;
  for (guint i = 0; i < result->n_columns; i++)
    if (x < 0 && !result->numeric[i])
      x = (int)i;
  x = MAX(x, 0);
  for (guint i = 0; i < result->n_columns; i++)
    if (result->numeric[i] && (int)i != x && !is_point(result, i))
      y = (int)i;
  /* A duration is more than the number of a goroutine or stack. */
  for (guint i = 0; i < result->n_columns && over_time; i++)
    if (unpark_sql_time_of(result->columns[i]) == UNPARK_SQL_DURATION && result->numeric[i])
      y = (int)i;
  if (y < 0 && result->n_columns > 0 && result->numeric[x])
    y = x;
  if (y < 0)
    return FALSE;
  *kind = over_time ? UNPARK_SQL_POINTS : UNPARK_SQL_BARS;
  *x_column = (guint)x;
  *y_column = (guint)y;
  return TRUE;
}

/* ---- In words ----------------------------------------------------------------------------- */

static const char *cell_text(const UnparkSqlSeries *series, guint point, guint column,
                             UnparkSqlTime time, char buf[UNPARK_FORMAT_SIZE]) {
  double value;
  guint row = series->rows[point];
  const char *text = unpark_sql_result_cell(series->result, row, column);
  if (time != UNPARK_SQL_NO_TIME && series->result->numeric[column] &&
      number(series->result, row, column, &value))
    return unpark_sql_time_text(time, value, buf);
  return text ? text : "NULL";
}

const char *unpark_sql_series_x_text(const UnparkSqlSeries *series, guint point,
                                     char buf[UNPARK_FORMAT_SIZE]) {
  return cell_text(series, point, series->x_column, series->x_time, buf);
}

const char *unpark_sql_series_y_text(const UnparkSqlSeries *series, guint point,
                                     char buf[UNPARK_FORMAT_SIZE]) {
  return cell_text(series, point, series->y_column, series->y_time, buf);
}

static guint greatest_after(const UnparkSqlSeries *series, gboolean *told) {
  guint best = series->n;
  for (guint i = 0; i < series->n; i++)
    if (!told[i] && (best == series->n || series->y[i] > series->y[best]))
      best = i;
  told[best] = TRUE;
  return best;
}

char *unpark_sql_series_describe(const UnparkSqlSeries *series) {
  GString *text = g_string_new(NULL);
  g_autofree gboolean *told = g_new0(gboolean, (gsize)series->n + 1);
  const char *x_name = series->result->columns[series->x_column];
  const char *y_name = series->result->columns[series->y_column];
  if (series->kind == UNPARK_SQL_BARS)
    g_string_printf(text, _("Bars of %s by %s"), y_name, x_name);
  else if (series->kind == UNPARK_SQL_LINE)
    g_string_printf(text, _("Line of %s over %s"), y_name, x_name);
  else
    g_string_printf(text, _("Points of %s over %s"), y_name, x_name);
  for (guint i = 0; i < MIN(series->n, DESCRIBED); i++) {
    char x[UNPARK_FORMAT_SIZE], y[UNPARK_FORMAT_SIZE];
    guint point = greatest_after(series, told);
    g_string_append_printf(text, "%s%s %s", i == 0 ? ": " : ", ",
                           unpark_sql_series_x_text(series, point, x),
                           unpark_sql_series_y_text(series, point, y));
  }
  if (series->n > DESCRIBED)
    g_string_append(text, ", …");
  return g_string_free(text, FALSE);
}
