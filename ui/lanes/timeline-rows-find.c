/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which row is where, which item is where in its lane, and what the parts of a row are high. */

#include "ui/lanes/timeline-rows.h"

guint unpark_rows_at(const UnparkRows *rows, double y) {
  guint low = 0, high = rows->n;
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if ((double)rows->rows[middle].y <= y)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static int compare_rows(const UnparkRow *a, const UnparkRow *b) {
  int pinned_a = a->section == UNPARK_SECTION_PINNED,
      pinned_b = b->section == UNPARK_SECTION_PINNED;
  if (a->type != b->type)
    return a->type < b->type ? -1 : 1;
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return pinned_a != pinned_b ? pinned_a - pinned_b
                              : (a->section > b->section) - (a->section < b->section);
}

static int compare_indexes(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkRow *rows = data;
  return compare_rows(&rows[*(const guint32 *)a], &rows[*(const guint32 *)b]);
}

void unpark_rows_index(UnparkRows *rows) {
  g_free(rows->index);
  rows->index = g_new(guint32, rows->n + 1);
  for (guint i = 0; i < rows->n; i++)
    rows->index[i] = i;
  g_qsort_with_data(rows->index, (int)rows->n, sizeof *rows->index, compare_indexes, rows->rows);
}

/* The place in the index of the first row not before `wanted`. */
static guint index_of(const UnparkRows *rows, const UnparkRow *wanted) {
  guint low = 0, high = rows->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_rows(&rows->rows[rows->index[middle]], wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int find(const UnparkRows *rows, const UnparkRow *wanted, gboolean any_section) {
  guint at = index_of(rows, wanted);
  if (at >= rows->n)
    return -1;
  const UnparkRow *row = &rows->rows[rows->index[at]];
  gboolean same = row->type == wanted->type && row->id == wanted->id &&
                  (any_section || row->section == wanted->section);
  return same ? (int)rows->index[at] : -1;
}

int unpark_rows_find(const UnparkRows *rows, UnparkRowType type, gint64 id) {
  /* No section comes before the first but the pinned one, which is last in the index. */
  const UnparkRow wanted = {.type = (guint8)type, .id = id, .section = UNPARK_SECTION_RUNTIME};
  return find(rows, &wanted, TRUE);
}

int unpark_rows_find_pinned(const UnparkRows *rows, gint64 goroutine) {
  const UnparkRow wanted = {
      .type = UNPARK_ROW_GOROUTINE, .id = goroutine, .section = UNPARK_SECTION_PINNED};
  return find(rows, &wanted, FALSE);
}

int unpark_rows_find_group(const UnparkRows *rows, guint32 name_id, gboolean system) {
  const UnparkRow wanted = {.type = UNPARK_ROW_GROUP,
                            .id = name_id,
                            .section = system ? UNPARK_SECTION_SYSTEM : UNPARK_SECTION_GOROUTINES};
  return find(rows, &wanted, FALSE);
}

int unpark_rows_first_passing(const UnparkRows *rows) {
  for (guint i = 0; i < rows->n; i++)
    if (rows->rows[i].section >= UNPARK_SECTION_TASKS && rows->rows[i].type != UNPARK_ROW_SECTION)
      return (int)i;
  return -1;
}

double unpark_row_bar_height(const UnparkRow *row) {
  return row->bar;
}

double unpark_row_band_height(const UnparkRow *row) {
  return MAX(row->bar / 5, 3);
}

double unpark_row_regions_y(const UnparkRow *row) {
  return row->bar + UNPARK_LEVEL_GAP;
}

double unpark_row_stacks_y(const UnparkRow *row) {
  double y = row->bar + UNPARK_LEVEL_GAP;
  if (row->region_levels > 0)
    y += row->region_levels * UNPARK_LEVEL_HEIGHT + UNPARK_LEVEL_GAP;
  return y;
}

gboolean unpark_row_lane(const UnparkRow *row, UnparkLaneKey *key) {
  key->id = row->id;
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_STATES:
    *key = (UnparkLaneKey){UNPARK_LANE_ALL, 0};
    return TRUE;
  case UNPARK_ROW_PROC:
    key->type = UNPARK_LANE_PROC;
    return TRUE;
  case UNPARK_ROW_THREAD:
    key->type = UNPARK_LANE_THREAD;
    return TRUE;
  case UNPARK_ROW_GROUP:
    key->type = UNPARK_LANE_GROUP;
    return TRUE;
  case UNPARK_ROW_GOROUTINE:
    key->type = UNPARK_LANE_GOROUTINE;
    return TRUE;
  case UNPARK_ROW_TASK:
    key->type = UNPARK_LANE_TASK;
    return TRUE;
  case UNPARK_ROW_SECTION:
  case UNPARK_ROW_GC:
  case UNPARK_ROW_STW:
  case UNPARK_ROW_HEAP:
  case UNPARK_ROW_THREADS:
  case UNPARK_ROW_TASK_GROUP:
  default:
    return FALSE;
  }
}

guint unpark_items_first(const UnparkItem *items, guint n, double ns) {
  guint low = 0, high = n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double)items[middle].end_ns <= ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

int unpark_items_at(const UnparkItem *items, guint n, double from_ns, double to_ns) {
  int best = -1;
  for (guint i = unpark_items_first(items, n, from_ns); i < n && (double)items[i].start_ns <= to_ns;
       i++)
    if (best < 0 || items[i].longest_ns > items[best].longest_ns)
      best = (int)i;
  return best;
}
