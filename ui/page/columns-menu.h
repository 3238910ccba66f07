/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A menu of the columns of a table that can be shown or left out. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Fills the popover of `button` with a switch for each optional column of `view`, whose columns
 * unpark_profile_columns_add() made; what a person chooses is remembered. */
void unpark_columns_menu_attach(GtkMenuButton *button, GtkColumnView *view, const char *group);
