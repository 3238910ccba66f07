/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: how to read the view on screen, on one page. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `view`: the name of an UnparkView; NULL: what is common to all. There is one help for a window:
 * it takes the place of the one before. */
void unpark_help_show(GtkWindow *parent, const char *view);
