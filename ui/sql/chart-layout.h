/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the marks of a chart are: arithmetic only. Any thread. */
#pragma once

#include "ui/sql/series.h"

/* One axis: values from `from` to `to`, from < to, over `size` pixels. */
typedef struct {
  double from, to, size;
} UnparkSqlAxis;

/* From least to greatest, rounded outwards to what a tick may stand at; `zero`: from or to 0. */
UnparkSqlAxis unpark_sql_axis(double least, double greatest, gboolean zero, double size);
/* Pixels from the axis' beginning. */
double unpark_sql_axis_at(const UnparkSqlAxis *axis, double value);

/* Multiples of 1, 2 or 5 times a power of ten that are at least `min_px` apart; how many, at most
 * `max`. *step: how far they are from each other. */
guint unpark_sql_ticks(const UnparkSqlAxis *axis, double min_px, double *ticks, guint max,
                       double *step);
/* A tick in words: "1.5 s" of times, "3,000" of numbers; fills and returns `buf`. */
const char *unpark_sql_tick_text(UnparkSqlTime time, double value, double step,
                                 char buf[UNPARK_FORMAT_SIZE]);

/* Points, in pixels, as a picture needs them: of those in one column of pixels a line needs the
 * first, the least, the greatest and the last. Writes the indices, in their order, to `kept`, which
 * has room for `n`; how many. */
guint unpark_sql_thin_line(const double *x, const double *y, guint n, guint *kept);

/* The point that is nearest to (x, y), not farther than `reach`; -1. */
int unpark_sql_nearest(const double *xs, const double *ys, guint n, double x, double y,
                       double reach);
