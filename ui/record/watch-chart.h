/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines by state and the heap of a watched service over time. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Both have no role of their own: the caller names them. */
GtkWidget *unpark_watch_chart_new(void);
/* `samples`: of UnparkWatchSample; held. */
void unpark_watch_chart_show(GtkWidget *chart, GArray *samples);
