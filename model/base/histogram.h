/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of durations by length, to a fifth of a percent.
 *
 * Lengths under 1024 ns are counted exactly; above, each power of two is divided into 512 equal
 * slots. Slots of a power of two are allocated when the first length falls into it, so a
 * histogram of anything takes some tens of KiB. Not thread-safe; plain data: zero it to begin.
 */
#pragma once

#include <glib.h>

#define UNPARK_HISTOGRAM_OCTAVES 55

typedef struct {
  guint64 *slots[UNPARK_HISTOGRAM_OCTAVES]; /* NULL: nothing there */
  guint64 count;
  gint64 total_ns;          /* stops at G_MAXINT64 */
  gint64 least_ns, most_ns; /* 0 if count is 0 */
} UnparkHistogram;

/* A negative length counts as 0. */
void unpark_histogram_add(UnparkHistogram *histogram, gint64 ns);
void unpark_histogram_merge(UnparkHistogram *into, const UnparkHistogram *from);
void unpark_histogram_clear(UnparkHistogram *histogram);

/* The length that `share` (0 to 1) of all are not above (nearest rank); 0 if there are none. The
 * middle of its slot, never outside least_ns .. most_ns. */
gint64 unpark_histogram_percentile(const UnparkHistogram *histogram, double share);

/* The edge of a slot that is nearest to `ns` (0 or more), a whole number: what is under it is
 * counted exactly. */
double unpark_histogram_edge(double ns);

/* How many are under `ns`; a slot that holds `ns` counts in proportion. */
double unpark_histogram_below(const UnparkHistogram *histogram, double ns);
