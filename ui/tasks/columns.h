/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the Tasks view: kinds of tasks, the slowest of one, and its regions. Main thread
 * only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/task-table.h"

/* Items have an UnparkTaskTable as data; rows are indexes into kinds, rows or regions. */
void unpark_task_kind_columns(GtkColumnView *view);
void unpark_task_row_columns(GtkColumnView *view);
void unpark_task_region_columns(GtkColumnView *view);

/* The bars that are on screen are filled, and what is sorted by them is sorted again: for when the
 * table's states have become known. */
void unpark_task_columns_refresh(GtkColumnView *view);

/* Name for a person. Owned by the table, or static. */
const char *unpark_task_kind_title(const UnparkTaskKind *kind);
/* "Task 41"; free with g_free(). */
char *unpark_task_title(gint64 id);
/* "12.3 ms"; "≥ 12.3 ms" of what is not finished. Free with g_free(). */
char *unpark_task_length(gint64 ns, gboolean finished);
/* What counts as a task's time by state, in some sentences. */
const char *unpark_task_states_words(void);
