/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dividers whose place is kept between sessions. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* The divider is put where somebody moved it last, under `key` (static) in the settings, or at
 * `fallback` px. A window that is too small for that moves it only as long as it is so small. */
void unpark_divider_remember(GtkPaned *paned, const char *key, int fallback);
/* `content`, which is above the divider, has other rows: below few of them there is no empty place,
 * until a person moves the divider. */
void unpark_divider_fit(GtkPaned *paned, GtkWidget *content);
