/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/timeline-panes.h"

#include <math.h>

/* Height of the pinned rows' pane. */
static double split(const UnparkRows *rows, double height) {
  return rows ? MIN((double)rows->pinned_height, floor(height * UNPARK_PINNED_PART)) : 0;
}

double unpark_panes_pinned_range(const UnparkRows *rows, double height) {
  return rows ? (double)rows->pinned_height - split(rows, height) : 0;
}

double unpark_panes_range(const UnparkRows *rows, double height) {
  if (!rows)
    return 0;
  return MAX((double)(rows->height - rows->pinned_height) - (height - split(rows, height)), 0);
}

/* Of the rows [first, end) those that can be seen. */
static void find_rows(UnparkPane *pane, const UnparkRows *rows, guint first, guint end) {
  pane->first = pane->end = end;
  if (first >= end || pane->bottom <= pane->top)
    return;
  pane->first = MAX(unpark_rows_at(rows, pane->top + pane->shift), first);
  guint last = unpark_rows_at(rows, pane->bottom + pane->shift);
  if ((double)rows->rows[last].y < pane->bottom + pane->shift)
    last++;
  pane->end = MIN(last, end);
}

UnparkPanes unpark_panes_new(const UnparkRows *rows, double height, double pinned_scroll,
                             double scroll) {
  UnparkPanes panes = {.rows = rows, .height = height};
  double at = split(rows, height);
  if (!rows)
    return panes;
  panes.pane[UNPARK_PANE_PINNED] = (UnparkPane){.bottom = at, .shift = pinned_scroll};
  panes.pane[UNPARK_PANE_OTHERS] =
      (UnparkPane){.top = at, .bottom = height, .shift = (double)rows->pinned_height - at + scroll};
  find_rows(&panes.pane[UNPARK_PANE_PINNED], rows, 0, rows->n_pinned);
  find_rows(&panes.pane[UNPARK_PANE_OTHERS], rows, rows->n_pinned, rows->n);
  return panes;
}

const UnparkPane *unpark_panes_of(const UnparkPanes *panes, guint row) {
  return &panes->pane[row < panes->rows->n_pinned ? UNPARK_PANE_PINNED : UNPARK_PANE_OTHERS];
}

double unpark_panes_row_y(const UnparkPanes *panes, guint row) {
  return (double)panes->rows->rows[row].y - unpark_panes_of(panes, row)->shift;
}

int unpark_panes_row_at(const UnparkPanes *panes, double y) {
  if (!panes->rows || panes->rows->n == 0 || y < 0)
    return -1;
  const UnparkPane *pane =
      &panes->pane[y < panes->pane[UNPARK_PANE_PINNED].bottom ? UNPARK_PANE_PINNED
                                                              : UNPARK_PANE_OTHERS];
  double at = y + pane->shift;
  return at < (double)panes->rows->height ? (int)unpark_rows_at(panes->rows, at) : -1;
}

int unpark_panes_seat(const UnparkPanes *panes, guint row) {
  const UnparkPane *pinned = &panes->pane[UNPARK_PANE_PINNED];
  const UnparkPane *pane = unpark_panes_of(panes, row);
  if (row < pane->first || row >= pane->end)
    return -1;
  return (int)(row - pane->first + (pane == pinned ? 0 : pinned->end - pinned->first));
}

void unpark_panes_show(const UnparkPanes *panes, guint row, double *pinned_scroll, double *scroll) {
  const UnparkPane *pane = unpark_panes_of(panes, row);
  double *moved = pane == &panes->pane[UNPARK_PANE_PINNED] ? pinned_scroll : scroll;
  double y = unpark_panes_row_y(panes, row), height = panes->rows->rows[row].height;
  if (y < pane->top || height > pane->bottom - pane->top)
    *moved += y - pane->top;
  else if (y + height > pane->bottom)
    *moved += y + height - pane->bottom;
}

double unpark_panes_bottom(const UnparkPanes *panes) {
  if (!panes->rows)
    return 0;
  double end = (double)panes->rows->height - panes->pane[UNPARK_PANE_OTHERS].shift;
  return MIN(panes->height, end);
}
