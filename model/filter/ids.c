/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/filter/ids.h"

#include <stdlib.h>

#include "model/filter/filter.h"

static int by_number(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

/* A set of gint64 *, ascending. */
static gint64 *sorted_ids(GHashTable *set, guint *n) {
  GHashTableIter iter;
  gpointer key;
  gint64 *ids = g_new(gint64, (gsize)g_hash_table_size(set) + 1);
  *n = 0;
  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    ids[(*n)++] = *(gint64 *)key;
  qsort(ids, *n, sizeof *ids, by_number);
  return ids;
}

gboolean unpark_filter_ids(UnparkStore *store, const char *text, gint64 **ids, guint *n,
                           GCancellable *cancellable, GError **error) {
  *ids = NULL;
  *n = 0;
  if (!text || !*text)
    return TRUE;
  g_autoptr(GHashTable) set = unpark_filter_run(store, text, cancellable, error);
  if (!set)
    return FALSE;
  *ids = sorted_ids(set, n);
  return TRUE;
}

gboolean unpark_filter_task_ids(UnparkStore *store, const char *text, gint64 **goroutines,
                                guint *n_goroutines, gint64 **tasks, guint *n_tasks,
                                GCancellable *cancellable, GError **error) {
  *goroutines = *tasks = NULL;
  *n_goroutines = *n_tasks = 0;
  if (!text || !*text)
    return TRUE;
  g_autoptr(UnparkTrackIndex) index = unpark_track_index_read(store, cancellable, error);
  if (!index)
    return FALSE;
  if (index->n_tasks == 0)
    return unpark_filter_ids(store, text, goroutines, n_goroutines, cancellable, error);
  g_autoptr(UnparkFilterResult) result =
      unpark_filter_apply(store, text, index, cancellable, error);
  if (!result)
    return FALSE;
  *tasks = sorted_ids(result->task_ids, n_tasks);
  return TRUE;
}
