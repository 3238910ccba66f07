/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A spinner that turns only while it is on screen: GTK goes on drawing frames for one that is
 * hidden. In a template: the signals map and unmap with gtk_spinner_start and gtk_spinner_stop.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

GtkWidget *unpark_spinner_new(void);
