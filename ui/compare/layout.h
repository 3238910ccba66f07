/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things of a comparison are painted: arithmetic only. Any thread. */
#pragma once

#include "model/compare/compare.h"

/* Where a change is on a bar, -1 to 1: by the ratio of both sides, a quarter and less at -1, four
 * times and more at 1. NAN (there was nothing before): 1. */
double unpark_compare_bar_at(double change);

/* Quantiles are further apart the rarer what is beyond them is: 0 at share 0. */
double unpark_compare_share_at(double share);

/* The axes of curves. */
typedef struct {
  double share_end;      /* unpark_compare_share_at() of the last share that is known */
  double from_ns, to_ns; /* 0 < from < to: powers of ten, with 2 and 5 times them */
  double width, height;  /* px */
} UnparkCompareAxes;

/* FALSE: no quantile is known. */
gboolean unpark_compare_axes(const UnparkCompareCurve *curve, double width, double height,
                             UnparkCompareAxes *axes);
double unpark_compare_axes_x(const UnparkCompareAxes *axes, double share);
/* From the top. */
double unpark_compare_axes_y(const UnparkCompareAxes *axes, double ns);
/* The share whose x is nearest, as an index; -1: there is none within the plot. */
int unpark_compare_axes_share(const UnparkCompareAxes *axes, double x);
/* Lengths to print beside the axis, ascending; how many, at most `max`. */
guint unpark_compare_axes_ticks(const UnparkCompareAxes *axes, double *ticks, guint max);
