/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where rows are on screen: what is pinned stays at the top, the others scroll below it.
 *
 * Arithmetic only, no GTK. y of the widget are logical pixels from its top; y of rows count from
 * the first row, as in ui/lanes/timeline-rows.h. Any thread.
 */
#pragma once

#include "ui/lanes/timeline-rows.h"

/* What is pinned takes at most this part of the height; more of it scrolls by itself. */
#define UNPARK_PINNED_PART 0.4

typedef enum { UNPARK_PANE_PINNED, UNPARK_PANE_OTHERS, UNPARK_N_PANES } UnparkPaneType;

typedef struct {
  double top, bottom; /* of the widget: rows of the pane are seen between them */
  double shift;       /* y of a row less this is y of the widget */
  guint first, end;   /* rows of which something can be seen: [first, end) */
} UnparkPane;

typedef struct {
  const UnparkRows *rows;
  double height; /* of the widget */
  UnparkPane pane[UNPARK_N_PANES];
} UnparkPanes;

/* `pinned_scroll`, `scroll`: how far what is pinned, and the others, are scrolled up. `rows` may be
 * NULL. */
UnparkPanes unpark_panes_new(const UnparkRows *rows, double height, double pinned_scroll,
                             double scroll);

/* How far what is pinned can be scrolled up; 0: all of it can be seen. */
double unpark_panes_pinned_range(const UnparkRows *rows, double height);
/* The same of the others. */
double unpark_panes_range(const UnparkRows *rows, double height);

const UnparkPane *unpark_panes_of(const UnparkPanes *panes, guint row);
/* Top of the row, y of the widget; it may lie outside its pane. */
double unpark_panes_row_y(const UnparkPanes *panes, guint row);
/* -1: there is none at y. */
int unpark_panes_row_at(const UnparkPanes *panes, double y);
/* The how manyth of the rows that can be seen; -1: it cannot be seen. */
int unpark_panes_seat(const UnparkPanes *panes, guint row);
/* Changes the one of the two by which the whole row comes into sight. */
void unpark_panes_show(const UnparkPanes *panes, guint row, double *pinned_scroll, double *scroll);
/* Where what can be seen ends: the widget's end, or that of the last row. */
double unpark_panes_bottom(const UnparkPanes *panes);
