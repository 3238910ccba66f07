/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of distributed traces as lanes by service, on the axis of the session; below the spans of a
 * service, if one opens it, what the goroutines of its spans did meanwhile. Main thread only.
 *
 * Up and Down go to another service, Left and Right (or P and N) to its previous and next span,
 * Space opens and closes a service, Enter goes to the goroutine of the span.
 *
 * Signals: "hover-changed"; "loaded" (there are spans, or it is known that there are none). */
#pragma once

#include "ui/kit/canvas.h"
#include "ui/session/session.h"

#define UNPARK_TYPE_SPAN_LANES (unpark_span_lanes_get_type())
G_DECLARE_FINAL_TYPE(UnparkSpanLanes, unpark_span_lanes, UNPARK, SPAN_LANES, UnparkCanvas)

/* Of everything that is open with the session. */
GtkWidget *unpark_span_lanes_new(UnparkSession *session);
/* Of the column of names. */
void unpark_span_lanes_set_header_width(UnparkSpanLanes *self, double width);
/* NAN: nowhere. */
void unpark_span_lanes_set_hover(UnparkSpanLanes *self, double ns);
double unpark_span_lanes_get_hover(UnparkSpanLanes *self);
