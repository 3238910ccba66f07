/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/holders.h"

#include "model/base/times.h"

GHashTable *unpark_holders_new(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
}

void unpark_holders_add(GHashTable *holders, gint64 goroutine, gint64 proc, gint64 length_ns) {
  UnparkHolder *holder = g_hash_table_lookup(holders, &goroutine);
  if (!holder) {
    holder = g_new0(UnparkHolder, 1);
    holder->goroutine = goroutine;
    g_hash_table_insert(holders, &holder->goroutine, holder);
  }
  unpark_time_sum(&holder->held_ns, length_ns);
  holder->longest_ns = MAX(holder->longest_ns, length_ns);
  holder->last_proc = proc;
}

static gint by_held(gconstpointer a, gconstpointer b) {
  const UnparkHolder *x = a, *y = b;
  if (x->held_ns != y->held_ns)
    return x->held_ns > y->held_ns ? -1 : 1;
  return x->goroutine < y->goroutine ? -1 : x->goroutine > y->goroutine;
}

UnparkHolder *unpark_holders_list(GHashTable *holders, guint *n) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(UnparkHolder));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, holders);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    g_array_append_vals(list, value, 1);
  g_array_sort(list, by_held);
  *n = list->len;
  return (UnparkHolder *)(gpointer)g_array_free(list, FALSE);
}
