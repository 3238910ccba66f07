/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running service over time: a chart, and the stacks at which goroutines become more. The content
 * of a tab; looks again every few seconds until it is stopped or closed. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_WATCH_VIEW (unpark_watch_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkWatchView, unpark_watch_view, UNPARK, WATCH_VIEW, GtkWidget)

/* "Watching localhost:6060"; free with g_free(). */
char *unpark_watch_view_dup_title(UnparkWatchView *self);
/* The keys begin in the table. */
void unpark_watch_view_enter(UnparkWatchView *self);
/* The tab goes: no more looks. */
void unpark_watch_view_stop(UnparkWatchView *self);
