/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where services and the calls between them are drawn: columns from those that nobody calls to
 * those that call nobody. Arithmetic, no GTK; any thread. */
#pragma once

#include "model/spans/services.h"

#define UNPARK_SERVICES_BOX_WIDTH 150
#define UNPARK_SERVICES_BOX_HEIGHT 46
#define UNPARK_SERVICES_GAP_X 110
#define UNPARK_SERVICES_GAP_Y 22
#define UNPARK_SERVICES_MARGIN 16

typedef struct {
  guint column, row; /* from 0 */
  double x, y;       /* of its upper left corner */
} UnparkServicesPlace;

typedef struct {
  UnparkServicesPlace *places; /* by service */
  guint n_columns, n_rows;     /* the most rows of a column */
  double width, height;        /* of all */
} UnparkServicesLayout;

/* Empties what was there. */
void unpark_services_layout_make(UnparkServicesLayout *layout, const UnparkServices *services);
void unpark_services_layout_clear(UnparkServicesLayout *layout);
/* The service at a place; -1: none. */
int unpark_services_layout_find(const UnparkServicesLayout *layout, guint n_services, double x,
                                double y);
/* The nearest in a direction (-1, 0, 1 each); `from` where there is none. */
int unpark_services_layout_step(const UnparkServicesLayout *layout, guint n_services, int from,
                                int dx, int dy);
