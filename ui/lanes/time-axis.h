/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time to pixels and back: arithmetic only. Any thread.
 *
 * x is in pixels from the left edge of the lanes; times are nanoseconds from the start of the
 * trace. `start_ns` is fractional so that slow pans do not stutter.
 */
#pragma once

#include <glib.h>

typedef struct {
  double start_ns;  /* at x = 0 */
  double ns_per_px; /* > 0 */
  double width;     /* px */
} UnparkTimeAxis;

/* The shortest time that can fill the view. */
#define UNPARK_AXIS_MIN_NS 200.0

static inline double unpark_axis_x(const UnparkTimeAxis *axis, double ns) {
  return (ns - axis->start_ns) / axis->ns_per_px;
}

static inline double unpark_axis_ns(const UnparkTimeAxis *axis, double x) {
  return axis->start_ns + x * axis->ns_per_px;
}

static inline double unpark_axis_end(const UnparkTimeAxis *axis) {
  return axis->start_ns + axis->width * axis->ns_per_px;
}

/* Shows [from_ns, to_ns] over `width` pixels. */
UnparkTimeAxis unpark_axis_new(double from_ns, double to_ns, double width);

/* A visible time of `*from_ns` to `*to_ns` made to lie within [start_ns, end_ns] plus a margin of
 * 2 % on each side, not shorter than UNPARK_AXIS_MIN_NS, without changing its length when it
 * fits. */
void unpark_axis_clamp(double *from_ns, double *to_ns, double start_ns, double end_ns);

/* Zooms by `factor` (> 1: in) so that the time at x stays at x. */
UnparkTimeAxis unpark_axis_zoom(const UnparkTimeAxis *axis, double x, double factor);

/* Distance of labelled ticks, at least `min_px` apart: 1, 2 or 5 times a power of ten, in ns. */
gint64 unpark_axis_tick_step(const UnparkTimeAxis *axis, double min_px);

/* The first tick at or after the axis' start. */
gint64 unpark_axis_first_tick(const UnparkTimeAxis *axis, gint64 step);
