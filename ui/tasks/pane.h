/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task: how long, where its time went, and its regions, child tasks and logs as a waterfall.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"
#include "model/tables/task-table.h"

#define UNPARK_TYPE_TASK_PANE (unpark_task_pane_get_type())
G_DECLARE_FINAL_TYPE(UnparkTaskPane, unpark_task_pane, UNPARK, TASK_PANE, GtkWidget)

/* Before anything is shown: where one goes from here. */
void unpark_task_pane_set_session(UnparkTaskPane *self, UnparkSession *session);
/* The task in that row, to which the pane takes a reference of the table; NULL: none. */
void unpark_task_pane_show(UnparkTaskPane *self, UnparkTaskTable *table, guint32 row);
/* The table's states have become known. */
void unpark_task_pane_refresh(UnparkTaskPane *self);
/* What is shown is shown on the timeline. */
void unpark_task_pane_go(UnparkTaskPane *self);
