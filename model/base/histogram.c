/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/histogram.h"

#include "model/base/times.h"

#include <math.h>

#define EXACT 1024 /* slots of the first octave: a nanosecond each */
#define SLOTS 512  /* of every other */

static guint slots_of(guint octave) {
  return octave == 0 ? EXACT : SLOTS;
}

/* Octave 0 holds 0..1023, octave k >= 1 holds 2^(9+k) .. 2^(10+k) - 1. */
static guint octave_of(guint64 ns, guint *slot) {
  if (ns < EXACT) {
    *slot = (guint)ns;
    return 0;
  }
  guint octave = (guint)g_bit_storage(ns) - 10;
  *slot = (guint)(ns >> octave) - SLOTS;
  return octave;
}

static double slot_from(guint octave, guint slot) {
  return octave == 0 ? slot : ldexp((double)(slot + SLOTS), (int)octave);
}

static double slot_width(guint octave) {
  return octave == 0 ? 1 : ldexp(1, (int)octave);
}

void unpark_histogram_add(UnparkHistogram *histogram, gint64 ns) {
  guint slot, octave;
  ns = MAX(ns, 0);
  octave = octave_of((guint64)ns, &slot);
  if (!histogram->slots[octave])
    histogram->slots[octave] = g_new0(guint64, slots_of(octave));
  histogram->slots[octave][slot]++;
  histogram->least_ns = histogram->count ? MIN(histogram->least_ns, ns) : ns;
  histogram->most_ns = MAX(histogram->most_ns, ns);
  unpark_time_sum(&histogram->total_ns, ns);
  histogram->count++;
}

void unpark_histogram_merge(UnparkHistogram *into, const UnparkHistogram *from) {
  if (from->count == 0)
    return;
  for (guint octave = 0; octave < UNPARK_HISTOGRAM_OCTAVES; octave++) {
    if (!from->slots[octave])
      continue;
    if (!into->slots[octave])
      into->slots[octave] = g_new0(guint64, slots_of(octave));
    for (guint slot = 0; slot < slots_of(octave); slot++)
      into->slots[octave][slot] += from->slots[octave][slot];
  }
  into->least_ns = into->count ? MIN(into->least_ns, from->least_ns) : from->least_ns;
  into->most_ns = MAX(into->most_ns, from->most_ns);
  unpark_time_sum(&into->total_ns, from->total_ns);
  into->count += from->count;
}

void unpark_histogram_clear(UnparkHistogram *histogram) {
  for (guint octave = 0; octave < UNPARK_HISTOGRAM_OCTAVES; octave++)
    g_free(histogram->slots[octave]);
  *histogram = (UnparkHistogram){0};
}

gint64 unpark_histogram_percentile(const UnparkHistogram *histogram, double share) {
  /* 0.34 * 5000 is a little more than 1700. */
  double exact = CLAMP(share, 0, 1) * (double)histogram->count;
  guint64 rank = (guint64)ceil(exact * (1 - 1e-12)), seen = 0;
  if (histogram->count == 0)
    return 0;
  rank = CLAMP(rank, 1, histogram->count);
  if (rank == histogram->count)
    return histogram->most_ns;
  for (guint octave = 0; octave < UNPARK_HISTOGRAM_OCTAVES; octave++) {
    for (guint slot = 0; histogram->slots[octave] && slot < slots_of(octave); slot++) {
      seen += histogram->slots[octave][slot];
      if (seen < rank)
        continue;
      gint64 ns = (gint64)(slot_from(octave, slot) + floor(slot_width(octave) / 2));
      return CLAMP(ns, histogram->least_ns, histogram->most_ns);
    }
  }
  return histogram->most_ns;
}

double unpark_histogram_edge(double ns) {
  guint slot, octave = 0;
  if (ns >= EXACT)
    octave = octave_of(ns < (double)G_MAXINT64 ? (guint64)ns : G_MAXINT64, &slot);
  double width = slot_width(octave);
  return floor(ns / width + 0.5) * width;
}

double unpark_histogram_below(const UnparkHistogram *histogram, double ns) {
  double below = 0;
  for (guint octave = 0; octave < UNPARK_HISTOGRAM_OCTAVES; octave++) {
    if (!histogram->slots[octave] || slot_from(octave, 0) >= ns)
      continue;
    for (guint slot = 0; slot < slots_of(octave); slot++) {
      double part = (ns - slot_from(octave, slot)) / slot_width(octave);
      if (part <= 0)
        break;
      below += (double)histogram->slots[octave][slot] * MIN(part, 1);
    }
  }
  return below;
}
