/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/layout.h"

#include <math.h>

static double round_down(double ns) {
  double power = pow(10, floor(log10(ns) + 1e-9));
  double lead = ns / power + 1e-9;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

static double round_up(double ns) {
  double down = round_down(ns);
  double lead = down / pow(10, floor(log10(down) + 1e-9));
  if (down >= ns * (1 - 1e-9))
    return ns;
  return lead > 1.5 && lead < 4 ? down * 2.5 : down * 2;
}

UnparkLatencyAxis unpark_latency_axis(const UnparkHistogram *histogram, double width) {
  UnparkLatencyAxis axis = {1, 10, width};
  if (histogram->count == 0)
    return axis;
  axis.from_ns = round_down((double)MAX(histogram->least_ns, 1));
  axis.to_ns = round_up((double)MAX(histogram->most_ns, 1) * 1.001);
  if (axis.to_ns < axis.from_ns * 10) {
    axis.from_ns = MAX(axis.from_ns / 2, 1);
    axis.to_ns = axis.from_ns * 10;
  }
  return axis;
}

double unpark_latency_axis_x(const UnparkLatencyAxis *axis, double ns) {
  return log(MAX(ns, 1) / axis->from_ns) / log(axis->to_ns / axis->from_ns) * axis->width;
}

double unpark_latency_axis_ns(const UnparkLatencyAxis *axis, double x) {
  return axis->from_ns * pow(axis->to_ns / axis->from_ns, x / axis->width);
}

guint unpark_latency_ticks(const UnparkLatencyAxis *axis, double min_px, UnparkLatencyTick *ticks,
                           guint max) {
  static const guint leads[] = {1, 2, 5};
  double decade = axis->width / log10(axis->to_ns / axis->from_ns);
  guint step = decade * log10(2) >= min_px ? 1 : 3; /* of leads */
  guint skip = decade >= min_px ? 1 : (guint)ceil(min_px / MAX(decade, 0.01));
  guint n = 0;
  int first = (int)floor(log10(axis->from_ns) + 1e-9);
  for (int power = first; power <= 18 && n < max; power++) {
    if (power % (int)skip != 0)
      continue;
    for (guint i = 0; i < G_N_ELEMENTS(leads) && n < max; i += step) {
      double ns = leads[i] * pow(10, power);
      if (ns < axis->from_ns * (1 - 1e-9) || ns > axis->to_ns * (1 + 1e-9))
        continue;
      ticks[n++] = (UnparkLatencyTick){unpark_latency_axis_x(axis, ns), (gint64)llround(ns)};
    }
  }
  return n;
}

static double height_of(double count, double most, gboolean log_counts) {
  if (count <= 0 || most <= 0)
    return 0;
  return log_counts ? log(1 + count) / log(1 + most) : count / most;
}

void unpark_latency_bars(const UnparkHistogram *histogram, const UnparkLatencyAxis *axis,
                         gboolean log_counts, double least_height, UnparkLatencyBar *bars, guint n,
                         double *most) {
  double below = 0, greatest = 0;
  for (guint i = 0; i < n; i++) {
    UnparkLatencyBar *bar = &bars[i];
    double end = axis->width * (i + 1) / n;
    bar->x = axis->width * i / n;
    bar->width = end - bar->x;
    /* The outermost bars hold what the rounding of the axis may have left out. */
    bar->from_ns = i == 0 ? 0 : bars[i - 1].to_ns;
    bar->to_ns = unpark_histogram_edge(unpark_latency_axis_ns(axis, end));
    double until =
        i + 1 == n ? (double)histogram->count
                   : MIN(unpark_histogram_below(histogram, bar->to_ns), (double)histogram->count);
    bar->below = below;
    bar->count = MAX(until - below, 0);
    below = until;
    greatest = MAX(greatest, bar->count);
  }
  for (guint i = 0; i < n; i++) {
    double height = height_of(bars[i].count, greatest, log_counts);
    bars[i].height = bars[i].count > 0 ? MAX(height, least_height) : 0;
  }
  *most = greatest;
}

gboolean unpark_latency_bar_in(const UnparkLatencyBar *bar, double from_ns, double to_ns) {
  return bar->to_ns > from_ns && bar->from_ns < to_ns;
}

int unpark_latency_bar_at(const UnparkLatencyAxis *axis, guint n, double x) {
  if (x < 0 || x >= axis->width || n == 0)
    return -1;
  return (int)MIN(x / axis->width * n, n - 1);
}

guint unpark_latency_counts(double most, gboolean log_counts, UnparkLatencyCount *counts,
                            guint max) {
  guint n = 0;
  if (most < 1)
    return 0;
  if (log_counts) {
    double step = MAX(1, ceil(log10(most) / (max > 1 ? max - 1 : 1)));
    for (double power = 0; power <= log10(most) + 1e-9 && n < max; power += step) {
      double count = pow(10, power);
      counts[n++] = (UnparkLatencyCount){height_of(count, most, TRUE), (gint64)count};
    }
    return n;
  }
  double step = MAX(round_up(most / max), 1);
  for (double count = step; count <= most * (1 + 1e-9) && n < max; count += step)
    counts[n++] = (UnparkLatencyCount){count / most, (gint64)llround(count)};
  return n;
}

guint unpark_latency_label_rows(const double *x, const double *width, guint n, double gap,
                                guint *rows) {
  guint used = 0;
  for (guint i = 0; i < n; i++) {
    guint row = 0;
    for (gboolean clash = TRUE; clash;) {
      clash = FALSE;
      for (guint k = 0; k < i && !clash; k++)
        clash = rows[k] == row && x[k] + width[k] + gap > x[i] && x[i] + width[i] + gap > x[k];
      row += clash;
    }
    rows[i] = row;
    used = MAX(used, row + 1);
  }
  return used;
}
