/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/values.h"

#include <string.h>

const UnparkSqlView *unpark_sql_view_of(const char *table) {
  for (guint i = 0; i < unpark_n_sql_views; i++)
    if (strcmp(unpark_sql_views[i].name, table) == 0)
      return &unpark_sql_views[i];
  return NULL;
}

const UnparkKind *unpark_sql_kind(UnparkStore *store, gint64 id) {
  return id > 0 && id <= G_MAXUINT16 ? unpark_store_kind(store, (guint16)id) : NULL;
}

gint64 unpark_sql_span_value(UnparkStore *store, UnparkSqlKind what, const UnparkDecoded *d,
                             guint i) {
  UnparkState state;

  if (what == VIEW_ANY_WAKER)
    return unpark_span_waker(store, d, i);
  if (what == VIEW_NEXT_PROC)
    return unpark_store_place(store, unpark_span_place(store, d, i))->proc;
  state = unpark_span_state(store, d, i);
  if (what == VIEW_WAKER)
    return state == UNPARK_STATE_WAITING ? d->columns[SPAN_WAKER][i] : UNPARK_NONE;
  if (state != UNPARK_STATE_RUNNING && state != UNPARK_STATE_SYSCALL)
    return UNPARK_NONE;
  const UnparkStorePlace *place = unpark_store_place(store, unpark_span_place(store, d, i));
  return what == VIEW_PROC ? place->proc : place->thread;
}

gint64 unpark_sql_depth(UnparkStore *store, gint64 node) {
  const UnparkStacks *stacks = unpark_store_stacks(store, NULL);

  return stacks && node >= 1 && node <= stacks->n_nodes ? stacks->node_depth[node - 1]
                                                        : UNPARK_NONE;
}
