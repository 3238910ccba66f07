/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One trace as a waterfall: a row for each span, below its parent, with a bar on the axis of time
 * in the colour of its service; the critical path as a line below the bars. Main thread only.
 *
 * Up, Down, Page Up, Page Down, Home and End walk over the rows, Right and Left open and close them
 * or go to what is below and above; N and P to the next error, or match of the search. W and S
 * zoom, A and D pan, F zooms to the span, Escape out. Dragging over the scale zooms to that time.
 *
 * Signals, without arguments:
 *   "focus-changed"   another row has the focus
 *   "activated"       Enter, or a click */
#pragma once

#include "ui/kit/canvas.h"
#include "ui/requests/layout.h"

#define UNPARK_TYPE_WATERFALL_CHART (unpark_waterfall_chart_get_type())
G_DECLARE_FINAL_TYPE(UnparkWaterfallChart, unpark_waterfall_chart, UNPARK, WATERFALL_CHART,
                     UnparkCanvas)

/* Takes it; NULL: nothing is shown. The span that `focus` is (of the traces) gets the focus. */
void unpark_waterfall_chart_show(UnparkWaterfallChart *self, UnparkWaterfall *waterfall,
                                 gint32 focus);
/* NULL: nothing is shown. */
const UnparkWaterfall *unpark_waterfall_chart_get(UnparkWaterfallChart *self);
/* Brings it into sight. FALSE: it is of another trace. */
gboolean unpark_waterfall_chart_focus(UnparkWaterfallChart *self, gint32 span);
/* The span that has the focus, of repeats the first; -1: nothing is shown. */
gint32 unpark_waterfall_chart_get_focus(UnparkWaterfallChart *self);
void unpark_waterfall_chart_set_all_open(UnparkWaterfallChart *self, gboolean open);
/* To the next error or match. */
void unpark_waterfall_chart_step(UnparkWaterfallChart *self, int by);
/* 0xRRGGBB, by UnparkWaterfallService.rank. */
guint32 unpark_waterfall_colour(guint32 rank, gboolean dark);
