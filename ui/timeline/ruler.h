/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time scale above the lanes: ticks, the selected time; a drag selects time.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_RULER (unpark_ruler_get_type())
G_DECLARE_FINAL_TYPE(UnparkRuler, unpark_ruler, UNPARK, RULER, GtkWidget)

GtkWidget *unpark_ruler_new(UnparkSession *session);
