/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks as tables for spreadsheets. No GTK. */
#pragma once

#include "model/tables/task-table.h"

/* The head of the table of kinds, and one of its lines; `separator`: a tab or a comma. */
void unpark_task_text_head(GString *text, char separator);
void unpark_task_text_kind(GString *text, const UnparkTaskTable *table, guint32 kind,
                           char separator);

/* Worker. Every task, by kind and the longest first. `table`: an UnparkTaskTable. Free with
 * g_free(). */
char *unpark_task_text_csv(gpointer table);
