/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that assistive technology speaks. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `name` also for the button inside of a drop-down, which is what has the focus. */
void unpark_accessible_name(GtkWidget *widget, const char *name);
