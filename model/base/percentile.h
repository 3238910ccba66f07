/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact percentiles. Pure; any thread. */
#pragma once

#include <glib.h>

/* The least of n > 0 ascending values that `percent` (1 to 100) of all are not above: nearest
 * rank. */
static inline gint64 unpark_percentile(const gint64 *ascending, gsize n, guint percent) {
  return ascending[(n * percent + 99) / 100 - 1];
}
