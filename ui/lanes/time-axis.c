/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/time-axis.h"

#include <math.h>

UnparkTimeAxis unpark_axis_new(double from_ns, double to_ns, double width) {
  UnparkTimeAxis axis = {from_ns, 1, MAX(width, 1)};
  axis.ns_per_px = MAX(to_ns - from_ns, UNPARK_AXIS_MIN_NS) / axis.width;
  return axis;
}

void unpark_axis_clamp(double *from_ns, double *to_ns, double start_ns, double end_ns) {
  double duration = MAX(end_ns - start_ns, UNPARK_AXIS_MIN_NS);
  double length = CLAMP(*to_ns - *from_ns, UNPARK_AXIS_MIN_NS, duration * 1.04);
  double middle = (*from_ns + *to_ns) / 2;
  double from = middle - length / 2;
  double low = start_ns - 0.02 * duration;
  double high = start_ns + 1.02 * duration;
  if (from + length > high)
    from = high - length;
  if (from < low)
    from = low;
  *from_ns = from;
  *to_ns = from + length;
}

UnparkTimeAxis unpark_axis_zoom(const UnparkTimeAxis *axis, double x, double factor) {
  UnparkTimeAxis zoomed = *axis;
  double at = unpark_axis_ns(axis, x);
  zoomed.ns_per_px = MAX(axis->ns_per_px / factor, UNPARK_AXIS_MIN_NS / axis->width);
  zoomed.start_ns = at - x * zoomed.ns_per_px;
  return zoomed;
}

gint64 unpark_axis_tick_step(const UnparkTimeAxis *axis, double min_px) {
  double least = MAX(axis->ns_per_px * min_px, 1);
  double step = pow(10, floor(log10(least)));
  static const double factors[] = {1, 2, 5, 10};
  for (guint i = 0; i < G_N_ELEMENTS(factors); i++)
    if (step * factors[i] >= least * 0.999)
      return (gint64)llround(step * factors[i]);
  return (gint64)llround(step * 10);
}

gint64 unpark_axis_first_tick(const UnparkTimeAxis *axis, gint64 step) {
  return (gint64)ceil(axis->start_ns / (double)step) * step;
}
