/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person prefers: looks, sources, storage. Main thread only. */
#pragma once

#include <adwaita.h>

#define UNPARK_TYPE_PREFERENCES (unpark_preferences_get_type())
G_DECLARE_FINAL_TYPE(UnparkPreferences, unpark_preferences, UNPARK, PREFERENCES, AdwWindow)

/* Everything has effect at once and is remembered. Signal "looks-changed": texts and colours are
 * others from now on; what is on screen has to be shown again. */
GtkWidget *unpark_preferences_new(GtkWindow *parent);
