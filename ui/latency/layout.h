/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bars, ticks and marks of a chart of latencies are: arithmetic only. Any thread.
 *
 * Lengths are on a logarithmic axis from the left edge of the plot, in pixels; heights are shares
 * of the plot's height, 0 to 1. Lengths under 1 ns stand at the left edge.
 */
#pragma once

#include "model/tables/latency.h"

typedef struct {
  double from_ns, to_ns; /* 0 < from < to */
  double width;          /* px */
} UnparkLatencyAxis;

/* Over everything of the histogram, ends rounded to 1, 2 or 5 times a power of ten. */
UnparkLatencyAxis unpark_latency_axis(const UnparkHistogram *histogram, double width);

double unpark_latency_axis_x(const UnparkLatencyAxis *axis, double ns);
double unpark_latency_axis_ns(const UnparkLatencyAxis *axis, double x);

typedef struct {
  double x; /* px */
  gint64 ns;
} UnparkLatencyTick;

/* Powers of ten, with 2 and 5 times them where they are at least `min_px` apart. At most `max`
 * ticks; how many there are. */
guint unpark_latency_ticks(const UnparkLatencyAxis *axis, double min_px, UnparkLatencyTick *ticks,
                           guint max);

typedef struct {
  double x, width;       /* px */
  double from_ns, to_ns; /* lengths in it: from <= length < to; whole numbers, from <= to */
  double count, below;   /* in it; in all bars left of it */
  double height;         /* 0: nothing is in it */
} UnparkLatencyBar;

/* `n` bars of equal width over the axis. `log_counts`: heights by the logarithm of counts. What
 * is in a bar is never lower than `least_height`. *most: the greatest count. */
void unpark_latency_bars(const UnparkHistogram *histogram, const UnparkLatencyAxis *axis,
                         gboolean log_counts, double least_height, UnparkLatencyBar *bars, guint n,
                         double *most);

/* Whether the bar has lengths of [from_ns, to_ns). */
gboolean unpark_latency_bar_in(const UnparkLatencyBar *bar, double from_ns, double to_ns);

/* Index of the bar at x; -1 outside. */
int unpark_latency_bar_at(const UnparkLatencyAxis *axis, guint n, double x);

/* A value to print beside the vertical axis: counts 1, 2 or 5 times a power of ten. */
typedef struct {
  double height; /* share of the plot's */
  gint64 count;
} UnparkLatencyCount;
guint unpark_latency_counts(double most, gboolean log_counts, UnparkLatencyCount *counts,
                            guint max);

/* Labels of marks in as few rows as keep them apart: x and width of each, in the order of x; the
 * row of each in `rows`. How many rows. */
guint unpark_latency_label_rows(const double *x, const double *width, guint n, double gap,
                                guint *rows);
