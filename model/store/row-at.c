/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/row-at.h"

#include "model/store/decode.h"

static void copy_row(const UnparkFactSpec *spec, const UnparkDecoded *d, guint i, gint64 *values) {
  for (guint c = 0; c < spec->n_columns; c++)
    values[c] = d->columns[c][i];
}

gboolean unpark_store_row(UnparkStore *store, int table, gint64 number,
                          gint64 values[UNPARK_ROW_COLUMNS], GError **error) {
  g_return_val_if_fail(table >= 0 && table < UNPARK_N_ROW_TABLES, FALSE);
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)table);
  gint64 first = 0;
  for (guint b = 0; number >= 0 && b < list->n; first += list->blocks[b++].count) {
    if (number >= first + list->blocks[b].count)
      continue;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, (UnparkFact)table, &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (d)
      copy_row(&unpark_facts[table], d, (guint)(number - first), values);
    return d != NULL;
  }
  return FALSE;
}

/* Ends that are not known: before the trace, after it. */
static gboolean touches(const UnparkFactSpec *spec, const gint64 *row, gint64 from_ns,
                        gint64 to_ns) {
  if (spec->start < 0)
    return TRUE;
  gint64 start = row[spec->start], end = start;
  if (spec->end >= 0)
    end = row[spec->end] == UNPARK_NONE ? G_MAXINT64 : row[spec->end];
  return start <= to_ns && end >= from_ns;
}

gboolean unpark_store_visit_rows(UnparkStore *store, int table, gint64 lane, gint64 from_ns,
                                 gint64 to_ns, UnparkRowVisit visit, gpointer data,
                                 GCancellable *cancellable, GError **error) {
  g_return_val_if_fail(table >= 0 && table < UNPARK_N_ROW_TABLES, FALSE);
  const UnparkFactSpec *spec = &unpark_facts[table];
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)table);
  gboolean by_lane = lane != UNPARK_NONE && spec->lane >= 0;
  gint64 first = 0;
  for (guint b = 0; b < list->n; first += list->blocks[b++].count) {
    const UnparkBlockInfo *info = &list->blocks[b];
    if (!unpark_block_touches(info, by_lane ? lane : G_MININT64, by_lane ? lane : G_MAXINT64,
                              spec->start < 0 ? G_MININT64 : from_ns,
                              spec->start < 0 ? G_MAXINT64 : to_ns))
      continue;
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, (UnparkFact)table, info, UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 values[UNPARK_ROW_COLUMNS];
      if (by_lane && d->columns[spec->lane][i] != lane)
        continue;
      copy_row(spec, d, i, values);
      if (touches(spec, values, from_ns, to_ns) && !visit(first + i, values, data))
        return TRUE;
    }
  }
  return TRUE;
}
