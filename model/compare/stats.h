/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics of comparisons. Pure; any thread. */
#pragma once

#include <glib.h>

/* Probability of being at least so many standard errors from 0, on either side. */
double unpark_stats_two_sided(double z);

/* Benjamini-Hochberg: which of n probabilities are below the line for at most `rate` false ones
 * among them. `found` is set for each. */
void unpark_stats_discover(const double *p, guint n, double rate, gboolean *found);

/* Mann-Whitney: probability, on either side, that two samples of one distribution are ranked as
 * differently as these. By the normal approximation, which is near enough from 4 on. */
double unpark_stats_mann_whitney(const double *a, guint n_a, const double *b, guint n_b);

/* Kendall's tau of values in the order of time: 1 if each is above those before, -1 if below. */
double unpark_stats_trend(const double *values, guint n);

/* The value of rank share * n of ascending values; n > 0. */
double unpark_stats_quantile(const double *sorted, guint n, double share);
/* Sorts ascending. */
void unpark_stats_sort(double *values, guint n);
