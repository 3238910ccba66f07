/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the Goroutines view: functions, and the goroutines of one. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/goroutine-table.h"

/* Items have an UnparkGoroutineTable as data; rows are indexes into functions, or into rows. */
void unpark_goroutine_function_columns(GtkColumnView *view);
void unpark_goroutine_row_columns(GtkColumnView *view);

/* Name of a function for a person. Owned by the table, or static. */
const char *unpark_goroutine_function_title(const UnparkFunctionRow *function);

/* Whether the bars of both tables show waiting, too; of rows that are bound from now on. */
gboolean unpark_goroutine_columns_get_waits(void);
void unpark_goroutine_columns_set_waits(gboolean waits);
