/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where goroutines of a trace waited or ran, as a table of functions. */
#include <string.h>

#include "model/tables/profile-table-private.h"
typedef struct {
  UnparkProfileTable *table;
  UnparkProfileTree *tree;
  UnparkState state;
  guint8 *seen;
} Sums;

static void add(Sums *sums, guint32 stack, gint64 value) {
  UnparkProfileTable *table = sums->table;
  guint32 node = stack > 0 && stack <= sums->tree->stacks->n_stacks
                     ? sums->tree->stacks->stack_node[stack - 1]
                     : 0;
  if (value <= 0)
    return;
  table->n_samples++;
  table->total = unpark_time_add(table->total, value);
  table->magnitude = table->total;
  if (node == 0)
    return;
  sums->tree->self[node - 1] = unpark_time_add(sums->tree->self[node - 1], value);
  sums->seen[node - 1] = 1;
}

static gboolean on_spans(const UnparkSpan *spans, guint n, gpointer data) {
  Sums *sums = data;
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(sums->tree->store, spans[i].kind);
    if (kind && kind->state == sums->state)
      add(sums, spans[i].stack, spans[i].end_ns - spans[i].start_ns);
  }
  return TRUE;
}

static gboolean add_samples(Sums *sums, GCancellable *cancellable, GError **error) {
  guint n_rows, n_columns;
  GError *local = NULL;
  g_autofree gint64 *rows =
      unpark_store_rows(sums->tree->store, UNPARK_TABLE_CPU_SAMPLE, G_MININT64 + 1, G_MAXINT64,
                        &n_rows, &n_columns, cancellable, &local);
  if (local) {
    g_propagate_error(error, local);
    return FALSE;
  }
  for (guint i = 0; i < n_rows; i++)
    add(sums, (guint32)rows[(gsize)i * n_columns + SAMPLE_STACK], 1);
  return TRUE;
}

UnparkProfileTable *unpark_profile_table_of_trace(UnparkStore *store, UnparkTraceMeasure measure,
                                                  GCancellable *cancellable, GError **error) {
  static const UnparkState states[] = {UNPARK_STATE_WAITING, UNPARK_STATE_RUNNABLE,
                                       UNPARK_STATE_SYSCALL};
  g_autoptr(UnparkProfileTable) table = unpark_profile_table_empty(store, error);
  if (!table)
    return NULL;
  UnparkProfileTree *tree = table->tree;
  g_autofree guint8 *seen = g_new0(guint8, (gsize)tree->stacks->n_nodes + 1);
  Sums sums = {.table = table, .tree = tree, .seen = seen};
  gboolean ok;
  if (measure == UNPARK_TRACE_CPU) {
    ok = add_samples(&sums, cancellable, error);
  } else {
    sums.state = states[measure];
    ok = unpark_store_visit_spans(store, G_MININT64 + 1, G_MAXINT64, on_spans, &sums, cancellable,
                                  error);
  }
  return ok && unpark_profile_table_sum(table, seen, cancellable, error) ? g_steal_pointer(&table)
                                                                         : NULL;
}
