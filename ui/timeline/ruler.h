/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time scale above the lanes: ticks, the selected time; a drag selects time.
 * Main thread only. */
#pragma once

#include "ui/timeline/timeline.h"

#define UNPARK_TYPE_RULER (unpark_ruler_get_type())
G_DECLARE_FINAL_TYPE(UnparkRuler, unpark_ruler, UNPARK, RULER, GtkWidget)

/* Above the timeline's lanes: a time stands where it stands there, whatever the two widgets' widths
 * and places are. */
GtkWidget *unpark_ruler_new(UnparkSession *session, UnparkTimeline *timeline);
/* Its x counts from the left edge of the ruler. */
UnparkTimeAxis unpark_ruler_get_axis(UnparkRuler *self);
