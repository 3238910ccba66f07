/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/chart-layout.h"

#include <math.h>

/* The next of 1, 2 and 5 times a power of ten. */
static double nice_step(double least) {
  double power = pow(10, floor(log10(least)));
  double rest = least / power;
  return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
}

UnparkSqlAxis unpark_sql_axis(double least, double greatest, gboolean zero, double size) {
  UnparkSqlAxis axis = {least, greatest, MAX(size, 1)};
  if (zero) {
    axis.from = MIN(axis.from, 0);
    axis.to = MAX(axis.to, 0);
  }
  if (!(axis.to > axis.from)) {
    double half = axis.from == 0 ? 0.5 : fabs(axis.from) / 2;
    axis.from -= zero ? 0 : half;
    axis.to += zero ? 2 * half : half;
  }
  double step = nice_step((axis.to - axis.from) / 10);
  axis.from = floor(axis.from / step) * step;
  axis.to = ceil(axis.to / step) * step;
  return axis;
}

double unpark_sql_axis_at(const UnparkSqlAxis *axis, double value) {
  return (value - axis->from) / (axis->to - axis->from) * axis->size;
}

guint unpark_sql_ticks(const UnparkSqlAxis *axis, double min_px, double *ticks, guint max,
                       double *step) {
  guint n = 0;
  double range = axis->to - axis->from;
  *step = nice_step(range * MAX(min_px, 1) / axis->size);
  double first = ceil(axis->from / *step - 1e-9);
  for (guint i = 0; n < max; i++) {
    double value = (first + i) * *step;
    if (value > axis->to + range * 1e-9)
      break;
    ticks[n++] = value;
  }
  return n;
}

const char *unpark_sql_tick_text(UnparkSqlTime time, double value, double step,
                                 char buf[UNPARK_FORMAT_SIZE]) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (time == UNPARK_SQL_WALL)
    return unpark_sql_time_text(time, value, buf);
  if (time != UNPARK_SQL_NO_TIME)
    return unpark_format_time((gint64)CLAMP(value, -9e18, 9e18), (gint64)CLAMP(step, 1, 9e18), buf);
  if (step >= 1 && fabs(value) < 1e15)
    return unpark_format_count((gint64)value, buf);
  g_ascii_formatd(digits, sizeof digits, "%.6g", fabs(value) < step / 2 ? 0 : value);
  g_strlcpy(buf, digits, UNPARK_FORMAT_SIZE);
  return buf;
}

static void keep(guint *kept, guint *n, guint index) {
  if (*n == 0 || kept[*n - 1] < index)
    kept[(*n)++] = index;
}

guint unpark_sql_thin_line(const double *x, const double *y, guint n, guint *kept) {
  guint n_kept = 0;
  for (guint first = 0; first < n;) {
    guint least = first, greatest = first, last = first;
    for (guint i = first; i < n && floor(x[i]) <= floor(x[first]); i++) {
      least = y[i] < y[least] ? i : least;
      greatest = y[i] > y[greatest] ? i : greatest;
      last = i;
    }
    keep(kept, &n_kept, first);
    keep(kept, &n_kept, MIN(least, greatest));
    keep(kept, &n_kept, MAX(least, greatest));
    keep(kept, &n_kept, last);
    first = last + 1;
  }
  return n_kept;
}

int unpark_sql_nearest(const double *xs, const double *ys, guint n, double x, double y,
                       double reach) {
  int best = -1;
  double least = reach * reach;
  for (guint i = 0; i < n; i++) {
    double distance = (xs[i] - x) * (xs[i] - x) + (ys[i] - y) * (ys[i] - y);
    if (distance <= least) {
      least = distance;
      best = (int)i;
    }
  }
  return best;
}
