/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line over the lanes at the pointer's time, and what a plot below the pointer was then. A widget
 * of its own, laid over the timeline, so that moving the pointer paints no lane again. Main thread
 * only. */
#pragma once

#include "ui/timeline/timeline.h"

#define UNPARK_TYPE_HOVER (unpark_hover_get_type())
G_DECLARE_FINAL_TYPE(UnparkHover, unpark_hover, UNPARK, HOVER, GtkWidget)

GtkWidget *unpark_hover_new(UnparkTimeline *timeline);
