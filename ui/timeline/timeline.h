/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lanes with their headers: one widget that scrolls over any number of rows.
 *
 * Rows come from ui/lanes/timeline-rows, data from ui/lanes/lane-cache, pixels from
 * ui/lanes/lane-raster; this paints, takes input and speaks to assistive technology. The visible
 * time is the session's. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/kit/canvas.h"
#include "ui/scene/scene.h"

#define UNPARK_TYPE_TIMELINE (unpark_timeline_get_type())
G_DECLARE_FINAL_TYPE(UnparkTimeline, unpark_timeline, UNPARK, TIMELINE, UnparkCanvas)

/* Signals: "header-width-changed"; "rows-changed" (other rows, another filter's result);
 * "hover-changed" (the time at the pointer). */
GtkWidget *unpark_timeline_new(UnparkSession *session);

/* What it shows now. */
UnparkScene unpark_timeline_get_scene(UnparkTimeline *self);
double unpark_timeline_get_header_width(UnparkTimeline *self);
void unpark_timeline_set_header_width(UnparkTimeline *self, double width);
void unpark_timeline_set_sort(UnparkTimeline *self, UnparkSort sort);
UnparkSort unpark_timeline_get_sort(UnparkTimeline *self);
/* Opens or closes all groups. */
void unpark_timeline_set_all_open(UnparkTimeline *self, gboolean open);
/* How high lanes are, and what is shown below the states of every lane; remembered. */
void unpark_timeline_set_looks(UnparkTimeline *self, UnparkLaneHeight height, gboolean regions,
                               gboolean stacks);
void unpark_timeline_get_looks(UnparkTimeline *self, UnparkLaneHeight *height, gboolean *regions,
                               gboolean *stacks);
/* In lanes of many goroutines that waited nearly all of the time, waiting is left out; remembered.
 */
void unpark_timeline_set_hide_waiting(UnparkTimeline *self, gboolean hide);
gboolean unpark_timeline_get_hide_waiting(UnparkTimeline *self);
/* Lists only tasks, groups and goroutines that are there in the visible time. */
void unpark_timeline_set_only_active(UnparkTimeline *self, gboolean only);
/* The pointer is at that time, here or on the ruler; NAN: it is nowhere. `y` (may be NULL): where
 * it is on the timeline, else -1. */
void unpark_timeline_set_hover(UnparkTimeline *self, double ns);
double unpark_timeline_get_hover(UnparkTimeline *self, double *y);
void unpark_timeline_unpin_all(UnparkTimeline *self);
/* NULL before the first; owned by the widget. */
UnparkRows *unpark_timeline_get_rows(UnparkTimeline *self);
/* NULL, or why the filter cannot be understood. */
const char *unpark_timeline_get_filter_error(UnparkTimeline *self);
/* What passes the filter; NULL if nothing is filtered. Valid until the main loop runs. */
const UnparkFilterResult *unpark_timeline_get_filtered(UnparkTimeline *self);
/* Picks the span (or lane) that the filter asks for after the pick, or before it (-1). */
void unpark_timeline_next_match(UnparkTimeline *self, int direction);
/* TRUE as soon as the frame that was painted last showed the lane of a goroutine or a group. */
gboolean unpark_timeline_has_lanes(UnparkTimeline *self);
/* What is painted now, for a picture. */
GskRenderNode *unpark_timeline_picture(UnparkTimeline *self);
/* Picks the span of the picked span's goroutine before (-1) or after (1) it. */
void unpark_timeline_step(UnparkTimeline *self, int direction);
/* Takes the keyboard focus, on the first lane of a goroutine if no row had it. */
void unpark_timeline_focus(UnparkTimeline *self);
