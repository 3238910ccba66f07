/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a task's waterfall: a bar over the task's time in the colours of what its goroutine
 * did, or a mark for a log. Follows light and dark. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/task-trace.h"

#define UNPARK_TYPE_TASK_BAR (unpark_task_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkTaskBar, unpark_task_bar, UNPARK, TASK_BAR, GtkWidget)

GtkWidget *unpark_task_bar_new(void);
/* Takes a reference of the trace. */
void unpark_task_bar_set(UnparkTaskBar *self, UnparkTaskTrace *trace, guint line);
