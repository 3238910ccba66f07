/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of numbers, such as the goroutines that pass a filter: plain data, any thread. */
#pragma once

#include <glib.h>

typedef struct {
  gint64 *ids; /* ascending, each once */
  guint n;
} UnparkIdSet;

static inline gboolean unpark_id_set_has(const UnparkIdSet *set, gint64 id) {
  guint low = 0, high = set->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (set->ids[middle] < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < set->n && set->ids[low] == id;
}

static inline void unpark_id_set_clear(UnparkIdSet *set) {
  g_clear_pointer(&set->ids, g_free);
  set->n = 0;
}
