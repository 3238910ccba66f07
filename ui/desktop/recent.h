/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files opened before, newest first, kept in the settings. Main thread only. */
#pragma once

#include <gtk/gtk.h>

void unpark_recent_add(GFile *file);
/* Gives the button a menu that is filled each time it opens; activates win.open-uri. */
void unpark_recent_attach(GtkMenuButton *button);
