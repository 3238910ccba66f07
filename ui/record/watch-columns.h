/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the stacks of a watched service. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Of items with an UnparkWatchRow. */
void unpark_watch_columns_add(GtkColumnView *view);
