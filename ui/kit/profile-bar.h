/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small bar beside a number, and a swatch of a state's colour: what cells of tables hold.
 * Follows light and dark. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_PROFILE_BAR (unpark_profile_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkProfileBar, unpark_profile_bar, UNPARK, PROFILE_BAR, GtkWidget)

GtkWidget *unpark_profile_bar_new(void);
/* `share`: -1 to 1; what is negative is drawn in a quieter colour. */
void unpark_profile_bar_set_share(UnparkProfileBar *self, double share);
/* All of it in the colour of a class of ui/kit/palette.h. */
void unpark_profile_bar_set_class(UnparkProfileBar *self, guint class_id);
