/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/times.h"
#include "model/tables/task-table.h"

void unpark_task_mean_of(const UnparkTaskTable *table, guint32 kind, double from, double to,
                         UnparkTaskMean *mean) {
  const UnparkTaskKind *k = &table->kinds[kind];
  const UnparkTaskStates *states = unpark_task_table_states(table);
  guint n = k->count - k->n_unfinished, rank = 0;
  guint first = (guint)(from * n), last = MAX((guint)(to * n), first + 1);
  *mean = (UnparkTaskMean){0};
  for (guint i = k->first; i < k->first + k->count; i++) {
    const UnparkTaskRow *row = &table->rows[i];
    if (!unpark_task_row_finished(row))
      continue;
    if (rank >= first && rank < last) {
      mean->n++;
      unpark_time_sum(&mean->length_ns, row->length_ns);
      for (guint p = 0; states && p < UNPARK_TASK_PARTS; p++)
        unpark_time_sum(&mean->parts_ns[p], states->rows[i][p]);
    }
    rank++;
  }
  if (mean->n == 0)
    return;
  mean->length_ns /= mean->n;
  for (guint p = 0; p < UNPARK_TASK_PARTS; p++)
    mean->parts_ns[p] /= mean->n;
}
