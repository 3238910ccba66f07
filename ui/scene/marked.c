/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans that another view has marked: framed in their lanes, and a tick at the top of all lanes for
 * each, because most lanes are out of sight. */
#include <math.h>

#include "ui/scene/frame.h"
#include "ui/session/marked.h"

#define TICK_HEIGHT 6
#define FOOT 3 /* of a span that is too narrow for a frame */

void unpark_frame_paint_marked(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  const UnparkMarked *marked = unpark_marked_get(f->scene->session);
  const UnparkTimeAxis *axis = &f->scene->axis;
  double gap = unpark_frame_row_gap(row), bottom = y + row->height - floor(gap / 2), drawn = -1;
  GdkRGBA color = unpark_frame_ink(f, UNPARK_INK_STW, 1);
  guint n;
  if (!marked || row->type != UNPARK_ROW_GOROUTINE)
    return;
  const UnparkMarkedSpan *spans =
      unpark_marked_of(marked, row->id, (gint64)MAX(axis->start_ns, -9e18), &n);
  for (guint i = 0; i < n; i++) {
    double x0 = unpark_axis_x(axis, (double)spans[i].start_ns);
    double x1 = unpark_axis_x(axis, (double)spans[i].end_ns);
    if (x0 > f->scene->width)
      break;
    x0 = floor(MAX(x0, -4));
    x1 = ceil(MIN(MAX(x1, x0 + 2), f->scene->width + 4));
    if (x1 <= drawn || x1 < 0) /* what is drawn already covers it */
      continue;
    drawn = x1;
    x0 += f->scene->lanes_x;
    x1 += f->scene->lanes_x;
    unpark_frame_box(f, x0, bottom - FOOT, x1 - x0, FOOT, color);
    if (x1 - x0 < 4)
      continue;
    double top = y + floor(gap / 2);
    unpark_frame_box(f, x0, top, x1 - x0, 1, color);
    unpark_frame_box(f, x0, top, 1, bottom - top, color);
    unpark_frame_box(f, x1 - 1, top, 1, bottom - top, color);
  }
}

/* A pixel has one, however many begin in it: it takes a search a pixel, not a step a span. */
void unpark_frame_paint_marked_ticks(const UnparkSceneFrame *f) {
  const UnparkMarked *marked = unpark_marked_get(f->scene->session);
  const UnparkTimeAxis *axis = &f->scene->axis;
  GdkRGBA color = unpark_frame_ink(f, UNPARK_INK_STW, 1);
  if (!marked)
    return;
  guint i = unpark_marked_find_start(marked, (gint64)MAX(axis->start_ns, -9e18));
  while (i < marked->n) {
    double x = floor(unpark_axis_x(axis, (double)marked->starts[i]));
    if (x > f->scene->width)
      return;
    unpark_frame_box(f, f->scene->lanes_x + x, 0, 1, TICK_HEIGHT, color);
    double next = axis->start_ns + (x + 1) * axis->ns_per_px;
    i = MAX(i + 1, unpark_marked_find_start(marked, (gint64)ceil(CLAMP(next, -9e18, 9e18))));
  }
}
