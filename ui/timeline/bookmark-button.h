/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The button whose popover lists the bookmarks: go there, change the note, remove, add. Main
 * thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

GtkWidget *unpark_bookmark_button_new(UnparkSession *session);
/* The key M, anywhere in `widget`: marks what is picked, or the middle of what is visible. */
void unpark_bookmark_button_attach(GtkWidget *button, GtkWidget *widget);
/* Opens it, to bookmark what is picked. */
void unpark_bookmark_button_ask(GtkWidget *button);
