/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that assistive technology speaks. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* In place of what the widget shows. `name` (copied) is also that of the button inside of a
 * drop-down, which has the focus in GTK 4.8; what is chosen in a drop-down of strings becomes the
 * description of both. Call it after a button has its text, and the first time before the widget is
 * shown: one without a role becomes a group, or a picture if it is a drawing area. */
void unpark_accessible_name(GtkWidget *widget, const char *name);

/* To be called once, with GTK up. From then on the items of every menu have their text as a name
 * when the menu comes up, those of GTK's own menus, too: GTK 4.18 says that they are labelled by a
 * label that must not be read, and so they have none there. */
void unpark_accessible_menus(void);
