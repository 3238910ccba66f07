/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lanes show at one moment, and where: all that painting, pointing and naming need of the
 * timeline. Whoever has a scene can look and change nothing.
 *
 * Everything is borrowed from the timeline and valid until the main loop runs. x and y are the
 * widget's, in logical pixels. Main thread only.
 */
#pragma once

#include "model/filter/filter.h"
#include "ui/lanes/lane-cache.h"
#include "ui/lanes/series.h"
#include "ui/lanes/time-axis.h"
#include "ui/lanes/timeline-panes.h"
#include "ui/session/session.h"

typedef struct {
  UnparkSession *session;
  const UnparkRows *rows;             /* NULL before the first */
  const UnparkSeries *series;         /* NULL before the first */
  const UnparkFilterResult *filtered; /* what passes; NULL: nothing is filtered */
  const GArray *task_counts;          /* of tasks that pass; NULL before the first */
  UnparkLaneCache *lanes;
  UnparkTimeAxis axis;   /* its x counts from lanes_x */
  double lanes_x;        /* left edge of the lanes, right of the headers */
  gboolean hide_waiting; /* where it is nearly all there is */
  double width, height;
  UnparkPanes panes;
} UnparkScene;

/* x of a time; it may lie outside the widget. */
double unpark_scene_x(const UnparkScene *scene, double ns);
/* -1: there is none at y. */
int unpark_scene_row_at(const UnparkScene *scene, double y);
/* NULL if nothing is known of the row's lane, or it has none. */
const UnparkLaneData *unpark_scene_lane(const UnparkScene *scene, const UnparkRow *row);
/* What the row's lane shows at x; NULL if there is nothing. */
const UnparkItem *unpark_scene_item_at(const UnparkScene *scene, guint row, double x);
/* The row shows many goroutines, and of them only what did not wait. */
gboolean unpark_scene_hides_waiting(const UnparkScene *scene, const UnparkRow *row);
/* NULL if it is not known. */
const UnparkTask *unpark_scene_task(const UnparkScene *scene, gint64 id);
/* The row that shows the metric that is picked; -1: there is none. */
int unpark_scene_metric_row(const UnparkScene *scene, const UnparkPick *pick);
