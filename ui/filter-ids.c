#include "ui/filter-ids.h"

#include <stdlib.h>

#include "ui/filter.h"

static int by_number(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

gboolean unpark_filter_ids(UnparkStore *store, const char *text, gint64 **ids, guint *n,
                           GCancellable *cancellable, GError **error) {
  GHashTableIter iter;
  gpointer key;
  *ids = NULL;
  *n = 0;
  if (!text || !*text)
    return TRUE;
  g_autoptr(GHashTable) set = unpark_filter_run(store, text, cancellable, error);
  if (!set)
    return FALSE;
  *ids = g_new(gint64, (gsize)g_hash_table_size(set) + 1);
  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    (*ids)[(*n)++] = *(gint64 *)key;
  qsort(*ids, *n, sizeof **ids, by_number);
  return TRUE;
}
