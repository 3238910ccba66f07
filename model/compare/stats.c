/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/compare/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double unpark_stats_two_sided(double z) {
  return erfc(fabs(z) / sqrt(2));
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void unpark_stats_sort(double *values, guint n) {
  if (n > 1)
    qsort(values, n, sizeof *values, ascending);
}

void unpark_stats_discover(const double *p, guint n, double rate, gboolean *found) {
  g_autofree double *sorted = g_memdup2(p, sizeof *p * n);
  double line = -1;
  unpark_stats_sort(sorted, n);
  for (guint i = 0; i < n; i++)
    if (sorted[i] <= rate * (i + 1) / n)
      line = sorted[i];
  for (guint i = 0; i < n; i++)
    found[i] = p[i] <= line;
}

double unpark_stats_mann_whitney(const double *a, guint n_a, const double *b, guint n_b) {
  double u = 0, mean = (double)n_a * n_b / 2;
  double deviation = sqrt((double)n_a * n_b * (n_a + n_b + 1) / 12);
  for (guint i = 0; i < n_a; i++)
    for (guint k = 0; k < n_b; k++)
      u += a[i] < b[k] ? 1 : a[i] > b[k] ? 0 : 0.5;
  double distance = MAX(fabs(u - mean) - 0.5, 0);
  return deviation > 0 ? unpark_stats_two_sided(distance / deviation) : 1;
}

double unpark_stats_trend(const double *values, guint n) {
  double sum = 0;
  for (guint i = 0; i < n; i++)
    for (guint k = i + 1; k < n; k++)
      sum += (values[k] > values[i]) - (values[k] < values[i]);
  return n > 1 ? sum / ((double)n * (n - 1) / 2) : 0;
}

double unpark_stats_quantile(const double *sorted, guint n, double share) {
  double rank = ceil(share * n * (1 - 1e-12));
  return sorted[(guint)CLAMP(rank, 1, n) - 1];
}
