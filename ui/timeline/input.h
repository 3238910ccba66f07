/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer upon the timeline: clicks, drags, the wheel, tooltips. A plain struct within the
 * widget. Main thread only. */
#pragma once

#include "ui/timeline/timeline.h"

/* What a drag moves. */
typedef enum { UNPARK_DRAG_LANES, UNPARK_DRAG_PINNED, UNPARK_DRAG_DIVIDER } UnparkTimelineDrag;

typedef struct {
  UnparkTimeline *timeline;    /* that it is in */
  double pointer_x, pointer_y; /* -1: outside */

  UnparkTimelineDrag drag;
  gboolean dragging;     /* it has moved further than a click */
  double from_ns, to_ns; /* the visible time when the drag, or the gesture of zooming, began */
  double from_y;         /* how far what is dragged was scrolled up then */
  double from_width;     /* of the header column, then */
} UnparkTimelineInput;

/* Adds the controllers. */
void unpark_timeline_input_init(UnparkTimelineInput *self, UnparkTimeline *timeline);
