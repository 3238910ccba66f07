/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/late-exec.h"

#include "model/base/times.h"
#include "model/why/holders.h"
#include "model/store/decode.h"

typedef struct {
  UnparkExecTotals *totals;
  GHashTable *holders; /* goroutine -> UnparkHolder */
  gboolean by_thread;
  gint64 id;
} Work;

static void hold(Work *work, gint64 goroutine, gint64 proc, gint64 length) {
  unpark_holders_add(work->holders, goroutine, proc, length);
  unpark_time_sum(&work->totals->held_ns, length);
  work->totals->n_spans++;
}

static void take_block(Work *work, const UnparkDecoded *d) {
  gint64 *const *c = d->columns;
  const gint64 *own = c[work->by_thread ? EXEC_THREAD : EXEC_PROC];
  gint64 from = work->totals->from_ns, to = work->totals->to_ns;
  guint first = 0, last = d->n;
  if (!work->by_thread)
    unpark_rows_between(own, d->n, work->id, work->id, &first, &last);
  for (guint i = first; i < last; i++) {
    gint64 start = c[EXEC_START][i], end = start + c[EXEC_DURATION][i];
    if (own[i] == work->id && start < to && end > from)
      hold(work, c[EXEC_GOROUTINE][i], c[EXEC_PROC][i], MIN(end, to) - MAX(start, from));
  }
}

static gboolean scan(Work *work, UnparkStore *store, GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, UNPARK_FACT_EXEC);
  gint64 lane_from = work->by_thread ? G_MININT64 : work->id;
  gint64 lane_to = work->by_thread ? G_MAXINT64 : work->id;
  for (guint b = 0; b < list->n; b++) {
    if (!unpark_block_touches(&list->blocks[b], lane_from, lane_to, work->totals->from_ns,
                              work->totals->to_ns))
      continue;
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, UNPARK_FACT_EXEC, &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    take_block(work, d);
  }
  return TRUE;
}

UnparkExecTotals *unpark_exec_totals(UnparkStore *store, gboolean by_thread, gint64 id,
                                     gint64 from_ns, gint64 to_ns, GCancellable *cancellable,
                                     GError **error) {
  Work work = {.totals = g_new0(UnparkExecTotals, 1), .by_thread = by_thread, .id = id};
  work.totals->from_ns = from_ns;
  work.totals->to_ns = to_ns;
  work.holders = unpark_holders_new();
  if (scan(&work, store, cancellable, error))
    work.totals->holders = unpark_holders_list(work.holders, &work.totals->n_holders);
  else
    g_clear_pointer(&work.totals, unpark_exec_totals_free);
  g_hash_table_unref(work.holders);
  return work.totals;
}

void unpark_exec_totals_free(UnparkExecTotals *totals) {
  if (!totals)
    return;
  g_free(totals->holders);
  g_free(totals);
}
