/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/layout.h"

#include <math.h>

#define MOST_TIMES 4.0
#define MIN_TICK_PX 26

double unpark_compare_bar_at(double change) {
  if (isnan(change))
    return 1;
  return change <= -1 ? -1 : CLAMP(log1p(change) / log(MOST_TIMES), -1, 1);
}

double unpark_compare_share_at(double share) {
  return -log2(1 - CLAMP(share, 0, 0.9999));
}

/* The nearest of 1, 2 and 5 times a power of ten that is not above; `up`: not below. */
static double rounded(double ns, gboolean up) {
  double power = pow(10, floor(log10(ns)));
  double steps[] = {1, 2, 5, 10};
  double best = up ? 10 * power : power;
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    if (up ? steps[i] * power >= ns * (1 - 1e-9) && steps[i] * power < best
           : steps[i] * power <= ns * (1 + 1e-9) && steps[i] * power > best)
      best = steps[i] * power;
  return best;
}

gboolean unpark_compare_axes(const UnparkCompareCurve *curve, double width, double height,
                             UnparkCompareAxes *axes) {
  double least = INFINITY, most = 0, share = 0;
  for (guint i = 0; i < UNPARK_COMPARE_SHARES; i++) {
    const UnparkCompareQuantile *sides[] = {&curve->a[i], &curve->b[i]};
    for (guint s = 0; s < 2; s++) {
      if (isnan(sides[s]->ns))
        continue;
      least = MIN(least, MAX(sides[s]->low, 1));
      most = MAX(most, sides[s]->high);
      share = unpark_compare_shares[i];
    }
  }
  if (!(share > 0))
    return FALSE;
  *axes = (UnparkCompareAxes){unpark_compare_share_at(share), rounded(least, FALSE),
                              rounded(MAX(most, 1), TRUE), width, height};
  if (!(axes->from_ns < axes->to_ns))
    axes->to_ns = 2 * axes->from_ns;
  return TRUE;
}

double unpark_compare_axes_x(const UnparkCompareAxes *axes, double share) {
  return unpark_compare_share_at(share) / axes->share_end * axes->width;
}

double unpark_compare_axes_y(const UnparkCompareAxes *axes, double ns) {
  double part = log(MAX(ns, 1) / axes->from_ns) / log(axes->to_ns / axes->from_ns);
  return axes->height * (1 - CLAMP(part, 0, 1));
}

int unpark_compare_axes_share(const UnparkCompareAxes *axes, double x) {
  int best = -1;
  double distance = INFINITY;
  if (x < 0 || x > axes->width)
    return -1;
  for (int i = 0; i < UNPARK_COMPARE_SHARES; i++) {
    double d = fabs(unpark_compare_axes_x(axes, unpark_compare_shares[i]) - x);
    if (d < distance &&
        unpark_compare_share_at(unpark_compare_shares[i]) <= axes->share_end + 1e-9) {
      distance = d;
      best = i;
    }
  }
  return best;
}

guint unpark_compare_axes_ticks(const UnparkCompareAxes *axes, double *ticks, guint max) {
  static const double steps[] = {1, 2, 5};
  double decade = axes->height / log10(axes->to_ns / axes->from_ns);
  gboolean all = decade * log10(2) >= MIN_TICK_PX;
  guint n = 0;
  for (double power = pow(10, floor(log10(axes->from_ns) + 1e-9));
       power <= axes->to_ns * (1 + 1e-9); power *= 10)
    for (guint i = 0; i < (all ? G_N_ELEMENTS(steps) : 1); i++) {
      double at = power * steps[i];
      if (at >= axes->from_ns * (1 - 1e-9) && at <= axes->to_ns * (1 + 1e-9) && n < max)
        ticks[n++] = at;
    }
  return n;
}
