/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of widgets that goes on in further rows where there is no room for one. Of children that
 * expand the least width counts, and they share what their row has left. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_WRAP_BOX (unpark_wrap_box_get_type())
G_DECLARE_FINAL_TYPE(UnparkWrapBox, unpark_wrap_box, UNPARK, WRAP_BOX, GtkWidget)

/* `spacing`: between widgets, in pixels, 6 in a template; rows are half as far from each other. */
GtkWidget *unpark_wrap_box_new(int spacing);
void unpark_wrap_box_append(UnparkWrapBox *self, GtkWidget *child);
