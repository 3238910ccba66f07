/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A histogram of latencies, or their heat map over time. Main thread only.
 *
 * Hovering, and the arrow keys, walk over bars and cells; a tooltip and the accessible description
 * say what is there. A click on the heat map, or Enter, asks for that time. A click on a bar, a
 * drag over several, or Enter and Shift with the arrow keys pick a range of lengths; Escape, a
 * click beside the bars or again on the only one gives it up. */
#pragma once

#include <gtk/gtk.h>

#include "ui/latency/paint.h"

#define UNPARK_TYPE_LATENCY_CHART (unpark_latency_chart_get_type())
G_DECLARE_FINAL_TYPE(UnparkLatencyChart, unpark_latency_chart, UNPARK, LATENCY_CHART, GtkWidget)

/* Signals: "time-activated" (gint64 from_ns, gint64 to_ns): somebody wants to see that time;
 * "range-picked" (gint64 from_ns, gint64 to_ns): the lengths that are picked, from <= length < to;
 * 0 and 0: none. */
GtkWidget *unpark_latency_chart_new(void);

/* `latency` and `series` are borrowed until the next call; NULL: nothing is shown. `summary`: what
 * a screen reader says of the whole. `fill`: a class of ui/kit/palette.h. */
void unpark_latency_chart_show(UnparkLatencyChart *self, const UnparkLatency *latency,
                               const UnparkLatencySeries *series, guint class_id,
                               const char *summary);
/* Without "range-picked". */
void unpark_latency_chart_clear_range(UnparkLatencyChart *self);
void unpark_latency_chart_set_mode(UnparkLatencyChart *self, UnparkLatencyMode mode);
void unpark_latency_chart_set_log_counts(UnparkLatencyChart *self, gboolean log_counts);

/* The chart under a title; NULL if nothing is shown. Free with gsk_render_node_unref(). */
GskRenderNode *unpark_latency_chart_picture(UnparkLatencyChart *self, const char *title,
                                            double *width, double *height);
