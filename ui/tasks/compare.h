/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A task beside the typical ones of its name: what the slow one waited for, and they did not. Main
 * thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/task-table.h"

/* Fills the grid, which is hidden if there is nothing to compare with. */
void unpark_task_compare_fill(GtkGrid *grid, const UnparkTaskTable *table, guint32 row);

/* No GTK: parts of the time by how much they explain why it took longer than the typical ones, the
 * most first. Returns how many are worth a line, at most `most`. */
guint unpark_task_compare_parts(const gint64 parts_ns[UNPARK_TASK_PARTS],
                                const UnparkTaskMean *typical, guint most, guint *parts);
