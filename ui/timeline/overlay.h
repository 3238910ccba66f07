/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn over the lanes after everything else: the wait chain, wake-ups, creations.
 *
 * The timeline calls unpark_timeline_overlay_paint() as the last step of every frame, clipped to
 * the lanes. It has to cost little (well under a millisecond) and be right for lanes that are far
 * outside the view. Nothing here waits or allocates for each goroutine. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"
#include "ui/kit/text-cache.h"
#include "ui/lanes/time-axis.h"
#include "ui/lanes/timeline-panes.h"

typedef struct {
  GtkSnapshot *snapshot;
  UnparkSession *session;
  UnparkStore *store; /* that the rows are of */
  const UnparkRows *rows;
  UnparkTextCache *texts;
  UnparkTimeAxis axis; /* its x counts from lanes_x */
  double lanes_x;      /* left edge of the lanes, right of the headers */
  const UnparkPanes *panes;
  double width, height; /* of the widget, px */
  gboolean dark;
} UnparkOverlay;

/* x in the widget; may lie outside it. */
double unpark_overlay_x(const UnparkOverlay *o, double ns);

void unpark_timeline_overlay_paint(const UnparkOverlay *o);
