/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line below the lanes: how the goroutines spent the selected time, or all of it.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"
#include "model/filter/filter.h"

#define UNPARK_TYPE_STATUS_BAR (unpark_status_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkStatusBar, unpark_status_bar, UNPARK, STATUS_BAR, GtkWidget)

GtkWidget *unpark_status_bar_new(UnparkSession *session);
/* A remark at the end of the line, such as how many lanes pass the filter; NULL: none. */
void unpark_status_bar_set_remark(UnparkStatusBar *self, const char *remark);
/* Sums are of the goroutines that pass; NULL: of all. */
void unpark_status_bar_set_filtered(UnparkStatusBar *self, const UnparkFilterResult *filtered);
