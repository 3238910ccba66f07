/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section of a task that shows where its time went. */
#include <glib/gi18n.h>

#include "model/tables/task-table.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/kit/palette.h"
#include "ui/kit/tally-bar.h"

static gpointer find_time(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const gint64 *id = q->data;
  UnparkTaskSpec spec = {G_MININT64 + 1, G_MAXINT64, NULL, 0, id, 1};
  g_autoptr(UnparkTaskTable) table = NULL;
  if (!unpark_store_goroutines(q->store, NULL, error))
    return NULL;
  table = unpark_task_table_new(q->store, &spec, cancellable, error);
  if (!table || table->n_rows == 0 || !unpark_task_table_count(table, cancellable, error))
    return NULL;
  return g_memdup2(unpark_task_table_states(table)->rows[0], sizeof(gint64) * UNPARK_TASK_PARTS);
}

static void tell_time(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const gint64 *parts_ns = answer;
  GArray *segments = unpark_parts_segments_new();
  gint64 whole = 0;
  for (guint i = 0; i < UNPARK_TASK_PARTS; i++) {
    whole += parts_ns[i];
    if (parts_ns[i] > 0)
      unpark_parts_segments_add(
          segments, g_strdup(unpark_tally_part_name(i)), parts_ns[i],
          unpark_palette_fill(unpark_tally_part_class(i), unpark_parts_dark()));
  }
  unpark_parts_heading(p, _("Where the time went"));
  unpark_parts_segments(p, segments, whole, _("Time of the task by state"));
}

const UnparkAsk unpark_ask_task_time = {.busy = N_("Adding up the task’s time…"),
                                        .find = find_time,
                                        .tell = tell_time,
                                        .answer_free = g_free};
