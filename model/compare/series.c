/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths and times of one place in one file, by block of time. */
#include <math.h>

#include "model/compare/private.h"

UnparkCompareSeries *unpark_compare_series(UnparkCompareEntry *entry, gboolean is_b, guint file) {
  GPtrArray *files = is_b ? entry->b : entry->a;
  if (!files->pdata[file]) {
    UnparkCompareSeries *series = g_new0(UnparkCompareSeries, 1);
    series->values = g_array_new(FALSE, FALSE, sizeof(UnparkCompareValue));
    series->stride = 1;
    files->pdata[file] = series;
  }
  return files->pdata[file];
}

static double block_length(gint64 start_ns, gint64 end_ns) {
  return MAX((double)(end_ns - start_ns), 1) / UNPARK_COMPARE_BLOCKS;
}

guint unpark_compare_block(gint64 start_ns, gint64 end_ns, gint64 ns) {
  double at = (double)(ns - start_ns) / block_length(start_ns, end_ns);
  return (guint)CLAMP(at, 0, UNPARK_COMPARE_BLOCKS - 1);
}

/* Every second is dropped when there are too many, and from then on of those that come. */
void unpark_compare_series_keep(UnparkCompareSeries *series, gint64 ns, guint block) {
  UnparkCompareValue value = {ns, block};
  if (++series->skipped < series->stride)
    return;
  series->skipped = 0;
  if (series->values->len >= UNPARK_COMPARE_VALUES) {
    UnparkCompareValue *values = (UnparkCompareValue *)(void *)series->values->data;
    for (guint i = 0; i < series->values->len / 2; i++)
      values[i] = values[2 * i];
    g_array_set_size(series->values, series->values->len / 2);
    series->stride *= 2;
  }
  g_array_append_val(series->values, value);
}

void unpark_compare_series_take(UnparkCompareSeries *series, gint64 start_ns, gint64 end_ns,
                                gint64 from, gint64 to, gboolean whole) {
  double block_ns = block_length(start_ns, end_ns);
  guint first = unpark_compare_block(start_ns, end_ns, from);
  guint last = unpark_compare_block(start_ns, end_ns, to);
  for (guint b = first; b <= last; b++) {
    double begin = (double)start_ns + block_ns * b, end = begin + block_ns;
    series->total[b] += fmax(MIN((double)to, end) - MAX((double)from, begin), 0);
  }
  if (!whole)
    return;
  series->count[first]++;
  series->done[first] += (double)(to - from);
  unpark_compare_series_keep(series, to - from, first);
}
