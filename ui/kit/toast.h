/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short messages at the foot of the window. Main thread only. */
#pragma once

#include <adwaita.h>

/* Plain text: a toast's title is markup, and names of files hold what means something there. */
AdwToast *unpark_toast_new(const char *text);
/* `widget`: in the window that is to show it. */
void unpark_toast_show(GtkWidget *widget, const char *text);
/* With a button that takes it back, for long enough to read and reach it: connect to its
 * "button-clicked". The caller's reference. */
AdwToast *unpark_toast_undo(GtkWidget *widget, const char *text);
