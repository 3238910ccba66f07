/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services as boxes, with an arrow for the calls of one to another. A click or Enter picks a
 * service, Escape none; arrows walk. Main thread only.
 *
 * Signal "picked": another service is picked, or none. */
#pragma once

#include "ui/kit/canvas.h"
#include "ui/services/layout.h"

#define UNPARK_TYPE_SERVICES_GRAPH (unpark_services_graph_get_type())
G_DECLARE_FINAL_TYPE(UnparkServicesGraph, unpark_services_graph, UNPARK, SERVICES_GRAPH,
                     UnparkCanvas)

/* NULL: nothing. The picked service stays, if it is there again. */
void unpark_services_graph_show(UnparkServicesGraph *self, UnparkServices *services);
/* Index of the picked service; -1: none. */
int unpark_services_graph_get_picked(UnparkServicesGraph *self);
