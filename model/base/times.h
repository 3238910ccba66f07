/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic with times, durations and values that come from files.
 *
 * A time of a trace is at most UNPARK_TIME_MAX ns away from 0 (36 years): the writer clamps what an
 * importer hands over, and a store with other times is refused. So the sum or difference of a few
 * times cannot overflow. What is summed up over many rows can: such sums are made with the
 * functions below, which stop at the ends of 64 bits. tests/test-times.sh holds that no sum is
 * made in another way.
 *
 * UNPARK_NONE is not a time: ask before adding.
 */
#pragma once

#include <glib.h>

#define UNPARK_TIME_MAX (((gint64)1 << 60) - 1)

/* a + b, or the end of the range: G_MAXINT64, -G_MAXINT64. Never UNPARK_NONE. */
static inline gint64 unpark_time_add(gint64 a, gint64 b) {
  gint64 sum;
  if (G_LIKELY(!__builtin_add_overflow(a, b, &sum) && sum != G_MININT64))
    return sum;
  return a < 0 ? -G_MAXINT64 : G_MAXINT64;
}

/* a - b, likewise. */
static inline gint64 unpark_time_subtract(gint64 a, gint64 b) {
  gint64 difference;
  if (G_LIKELY(!__builtin_sub_overflow(a, b, &difference) && difference != G_MININT64))
    return difference;
  return a < 0 ? -G_MAXINT64 : G_MAXINT64;
}

/* a * b, likewise. */
static inline gint64 unpark_time_multiply(gint64 a, gint64 b) {
  gint64 product;
  if (G_LIKELY(!__builtin_mul_overflow(a, b, &product) && product != G_MININT64))
    return product;
  return (a < 0) != (b < 0) ? -G_MAXINT64 : G_MAXINT64;
}

/* Adds `more` to a sum that is kept. */
static inline void unpark_time_sum(gint64 *sum, gint64 more) {
  *sum = unpark_time_add(*sum, more);
}

/* Whether `t` can be a time of a trace. */
static inline gboolean unpark_time_is_valid(gint64 t) {
  return (guint64)t + UNPARK_TIME_MAX <= 2 * (guint64)UNPARK_TIME_MAX;
}

/* The nearest time. */
static inline gint64 unpark_time_clamp(gint64 t) {
  if (G_LIKELY(unpark_time_is_valid(t))) /* a branch: what follows need not wait for the answer */
    return t;
  return t < 0 ? -UNPARK_TIME_MAX : UNPARK_TIME_MAX;
}
