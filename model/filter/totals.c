/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/times.h"
#include "model/filter/filter.h"

gboolean unpark_filter_totals(UnparkStore *store, const UnparkFilterResult *result, guint *n,
                              gint64 total_ns[UNPARK_N_STATES], GError **error) {
  g_autoptr(GError) failure = NULL;
  guint n_all;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n_all, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  *n = 0;
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    total_ns[s] = 0;
  for (guint i = 0; i < n_all; i++) {
    if (result && !unpark_id_set_has(&result->goroutines, all[i].id))
      continue;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      unpark_time_sum(&total_ns[s], all[i].total_ns[s]);
    ++*n;
  }
  return TRUE;
}
