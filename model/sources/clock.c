/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sources/clock.h"

#include <stdlib.h>

#include "model/base/tables.h"
#include "model/base/times.h"

/* Two hosts hardly start within this time of each other, and the clocks of one are read within a
 * fraction of it. */
#define SAME_HOST_NS 1000000

static int compare_numbers(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

gint64 unpark_sources_median(gint64 *values, guint n) {
  qsort(values, n, sizeof *values, compare_numbers);
  return values[n / 2];
}

/* The median of column `a` less column `b` over the snapshots that have both; UNPARK_NONE: none. */
static gint64 median_difference(const gint64 *rows, guint n, guint n_columns, guint a, guint b) {
  g_autofree gint64 *values = g_new(gint64, n + 1);
  guint n_values = 0;

  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * n_columns;

    if (row[a] != UNPARK_NONE && row[b] != UNPARK_NONE)
      values[n_values++] = unpark_time_subtract(row[a], row[b]);
  }
  return n_values > 0 ? unpark_sources_median(values, n_values) : UNPARK_NONE;
}

/* Spans have the time of day each. */
static UnparkSourcesClock clock_of(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_SPANS ? UNPARK_SOURCES_CLOCK_WALL
                                                                 : UNPARK_SOURCES_CLOCK_START;
}

gboolean unpark_sources_time_read(UnparkStore *store, UnparkSourcesTime *time, GError **error) {
  gint64 start = unpark_store_source(store)->start_wall_ns, shift_ns = unpark_store_shift(store);
  guint n = 0, n_columns = 0;
  g_autofree gint64 *rows = NULL;
  GError *failure = NULL;

  *time = (UnparkSourcesTime){UNPARK_NONE, UNPARK_NONE, UNPARK_NONE, UNPARK_SOURCES_CLOCK_NONE};
  if (unpark_store_count(store, UNPARK_TABLE_CLOCK) > 0)
    rows = unpark_store_rows(store, UNPARK_TABLE_CLOCK, G_MININT64 + 1, G_MAXINT64, &n, &n_columns,
                             NULL, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (start != UNPARK_NONE)
    start = unpark_time_add(start, shift_ns);
  if (n > 0) {
    time->wall_ns = median_difference(rows, n, n_columns, CLOCK_WALL, CLOCK_TIME);
    time->mono_ns = median_difference(rows, n, n_columns, CLOCK_MONO, CLOCK_TIME);
    time->boot_ns = median_difference(rows, n, n_columns, CLOCK_WALL, CLOCK_MONO);
    if (time->wall_ns != UNPARK_NONE)
      unpark_time_sum(&time->wall_ns, shift_ns);
    if (time->mono_ns != UNPARK_NONE)
      unpark_time_sum(&time->mono_ns, shift_ns);
  }
  if (time->wall_ns != UNPARK_NONE) {
    time->clock = UNPARK_SOURCES_CLOCK_WALL;
  } else if (start > 0) {
    time->wall_ns = start;
    time->clock = clock_of(store);
  }
  return TRUE;
}

static int compare_boots(const void *a, const void *b) {
  return compare_numbers(&(*(UnparkSourcesTime *const *)a)->boot_ns,
                         &(*(UnparkSourcesTime *const *)b)->boot_ns);
}

/* Processes of one host: all by the median of when it started. */
static void agree(UnparkSourcesTime **times, guint n) {
  gint64 boot_ns = times[n / 2]->boot_ns;

  for (guint i = 0; i < n && n > 1; i++) {
    times[i]->wall_ns = unpark_time_add(times[i]->mono_ns, boot_ns);
    times[i]->clock = UNPARK_SOURCES_CLOCK_MONOTONIC;
  }
}

void unpark_sources_times_agree(UnparkSourcesTime *times, guint n) {
  g_autofree UnparkSourcesTime **sorted = g_new(UnparkSourcesTime *, n + 1);
  guint n_sorted = 0;

  for (guint i = 0; i < n; i++)
    if (times[i].boot_ns != UNPARK_NONE)
      sorted[n_sorted++] = &times[i];
  qsort(sorted, n_sorted, sizeof *sorted, compare_boots);
  for (guint first = 0, i = 1; i <= n_sorted; i++)
    if (i == n_sorted ||
        unpark_time_subtract(sorted[i]->boot_ns, sorted[first]->boot_ns) > SAME_HOST_NS) {
      agree(sorted + first, i - first);
      first = i;
    }
}
