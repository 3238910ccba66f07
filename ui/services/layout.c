/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/services/layout.h"

#include <math.h>
#include <stdlib.h>

/* A service is right of all that call it; where calls go round in a circle, they are followed once
 * around at most. */
static void find_columns(UnparkServicesLayout *layout, const UnparkServices *s) {
  for (guint round = 0, moved = 1; round < s->n_services && moved; round++) {
    moved = 0;
    for (guint i = 0; i < s->n_edges; i++) {
      const UnparkServiceEdge *edge = &s->edges[i];
      UnparkServicesPlace *callee = &layout->places[edge->callee];
      guint least = layout->places[edge->caller].column + 1;
      if (edge->caller == edge->callee || callee->column >= least || least >= s->n_services)
        continue;
      callee->column = least;
      moved = 1;
    }
  }
}

typedef struct {
  guint service, column;
  double wanted; /* the mean row of those that call it */
} Wish;

static int by_wish(gconstpointer a, gconstpointer b) {
  const Wish *p = a, *q = b;
  if (p->column != q->column)
    return p->column < q->column ? -1 : 1;
  if (p->wanted < q->wanted || p->wanted > q->wanted)
    return p->wanted < q->wanted ? -1 : 1;
  return p->service < q->service ? -1 : p->service > q->service;
}

static double wanted_row(const UnparkServicesLayout *layout, const UnparkServices *s,
                         guint service) {
  double sum = 0;
  guint n = 0;
  for (guint i = 0; i < s->n_edges; i++)
    if (s->edges[i].callee == (gint32)service && s->edges[i].caller != (gint32)service) {
      sum += layout->places[s->edges[i].caller].row;
      n++;
    }
  return n > 0 ? sum / n : 0;
}

/* Twice, for a row follows those of the column before. */
static void find_rows(UnparkServicesLayout *layout, const UnparkServices *s) {
  g_autofree Wish *wishes = g_new(Wish, s->n_services + 1);
  for (guint pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < s->n_services; i++)
      wishes[i] = (Wish){i, layout->places[i].column, wanted_row(layout, s, i)};
    qsort(wishes, s->n_services, sizeof *wishes, by_wish);
    for (guint i = 0, row = 0; i < s->n_services; i++) {
      row = i > 0 && wishes[i].column == wishes[i - 1].column ? row + 1 : 0;
      layout->places[wishes[i].service].row = row;
      layout->n_rows = MAX(layout->n_rows, row + 1);
      layout->n_columns = MAX(layout->n_columns, wishes[i].column + 1);
    }
  }
}

static void place(UnparkServicesLayout *layout, guint n) {
  const double step_x = UNPARK_SERVICES_BOX_WIDTH + UNPARK_SERVICES_GAP_X;
  const double step_y = UNPARK_SERVICES_BOX_HEIGHT + UNPARK_SERVICES_GAP_Y;
  g_autofree guint *rows = g_new0(guint, layout->n_columns + 1);
  for (guint i = 0; i < n; i++)
    rows[layout->places[i].column]++;
  for (guint i = 0; i < n; i++) {
    UnparkServicesPlace *p = &layout->places[i];
    double above = (layout->n_rows - rows[p->column]) * step_y / 2; /* columns are centered */
    p->x = UNPARK_SERVICES_MARGIN + p->column * step_x;
    p->y = UNPARK_SERVICES_MARGIN + above + p->row * step_y;
  }
  layout->width = 2 * UNPARK_SERVICES_MARGIN + layout->n_columns * step_x - UNPARK_SERVICES_GAP_X;
  layout->height = 2 * UNPARK_SERVICES_MARGIN + layout->n_rows * step_y - UNPARK_SERVICES_GAP_Y;
}

void unpark_services_layout_clear(UnparkServicesLayout *layout) {
  g_free(layout->places);
  *layout = (UnparkServicesLayout){0};
}

void unpark_services_layout_make(UnparkServicesLayout *layout, const UnparkServices *services) {
  unpark_services_layout_clear(layout);
  layout->places = g_new0(UnparkServicesPlace, services->n_services + 1);
  find_columns(layout, services);
  find_rows(layout, services);
  place(layout, services->n_services);
}

int unpark_services_layout_find(const UnparkServicesLayout *layout, guint n, double x, double y) {
  for (guint i = 0; i < n; i++) {
    const UnparkServicesPlace *p = &layout->places[i];
    if (x >= p->x && x < p->x + UNPARK_SERVICES_BOX_WIDTH && y >= p->y &&
        y < p->y + UNPARK_SERVICES_BOX_HEIGHT)
      return (int)i;
  }
  return -1;
}

int unpark_services_layout_step(const UnparkServicesLayout *layout, guint n, int from, int dx,
                                int dy) {
  const UnparkServicesPlace *at = &layout->places[from];
  double best = INFINITY;
  int found = from;
  for (guint i = 0; i < n; i++) {
    const UnparkServicesPlace *p = &layout->places[i];
    double ahead = dx * (p->x - at->x) + dy * (p->y - at->y);
    double aside = fabs(dy * (p->x - at->x)) + fabs(dx * (p->y - at->y));
    if (ahead <= 0 || ahead + 2 * aside >= best)
      continue;
    best = ahead + 2 * aside;
    found = (int)i;
  }
  return found;
}
