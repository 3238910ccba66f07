/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/scan.h"

/* What one thread works at: blocks `first`, first + UNPARK_SCAN_THREADS, ... */
typedef struct {
  UnparkStore *store;
  UnparkFact fact;
  guint32 columns;
  gint64 from_ns, to_ns;
  UnparkScanTake take;
  gpointer data;
  GCancellable *cancellable;
  guint first;
  GError *error;
} Scan;

static gpointer run(gpointer data) {
  Scan *scan = data;
  const UnparkBlockList *list = unpark_store_blocks(scan->store, scan->fact);
  for (guint b = scan->first; b < list->n; b += UNPARK_SCAN_THREADS) {
    const UnparkBlockInfo *info = &list->blocks[b];
    if (!unpark_block_touches(info, G_MININT64, G_MAXINT64, scan->from_ns, scan->to_ns))
      continue;
    if (g_cancellable_set_error_if_cancelled(scan->cancellable, &scan->error))
      break;
    g_autoptr(UnparkDecoded) block =
        unpark_store_decode(scan->store, scan->fact, info, scan->columns, &scan->error);
    if (!block)
      break;
    scan->take(block, scan->data);
  }
  return NULL;
}

gboolean unpark_scan(UnparkStore *store, UnparkFact fact, guint32 columns, gint64 from_ns,
                     gint64 to_ns, UnparkScanTake take, const gpointer data[UNPARK_SCAN_THREADS],
                     GCancellable *cancellable, GError **error) {
  Scan scans[UNPARK_SCAN_THREADS];
  GThread *threads[UNPARK_SCAN_THREADS] = {NULL};
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    scans[i] = (Scan){store, fact, columns, from_ns, to_ns, take, data[i], cancellable, i, NULL};
    if (i > 0)
      threads[i] = g_thread_new("scan", run, &scans[i]);
  }
  run(&scans[0]);
  GError *failure = scans[0].error;
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++) {
    g_thread_join(threads[i]);
    if (!failure)
      failure = g_steal_pointer(&scans[i].error);
    g_clear_error(&scans[i].error);
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}
