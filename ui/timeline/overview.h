/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strip above everything: the whole trace, with the visible time as a window that can be
 * dragged and resized. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_OVERVIEW (unpark_overview_get_type())
G_DECLARE_FINAL_TYPE(UnparkOverview, unpark_overview, UNPARK, OVERVIEW, GtkWidget)

GtkWidget *unpark_overview_new(UnparkSession *session);
