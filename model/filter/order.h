/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing a million matches into order; model/filter/ only. No GTK; any thread. */
#pragma once

#include "model/store/span-match.h"

/* Ascending by goroutine, then start; equal ones in the order they had. Quick where there are long
 * stretches in order, as there are in a store: it takes one pass over all for each doubling. */
void unpark_order_matches(GArray *matches);
/* The places (guint32) of what unpark_order_matches() has sorted, ascending by start, then
 * goroutine. */
GArray *unpark_order_by_time(const GArray *matches);
