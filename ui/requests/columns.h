/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of the tables of requests: items are rows of UnparkRequests. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/spans/requests.h"

void unpark_requests_kind_columns(GtkColumnView *view);
void unpark_requests_row_columns(GtkColumnView *view);
/* "gateway  POST /buy"; free with g_free(). */
char *unpark_requests_kind_title(const UnparkRequests *requests, guint kind);
