/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that sort by their columns. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `columns` appends the columns, whose sorters order `list` (the table takes the caller's
 * reference). `incremental`: sorted bit by bit, for hundreds of thousands of rows. What is selected
 * stays so when the order changes. Returns the model of `view`, which selects one row: the
 * caller's reference. */
GtkSelectionModel *unpark_data_table_fill(GtkWidget *view, void (*columns)(GtkColumnView *view),
                                          GListModel *list, gboolean incremental);
/* A table in a scrolled window; `name`: for assistive technology. *view is the GtkColumnView. */
GtkWidget *unpark_data_table_new(const char *name, void (*columns)(GtkColumnView *view),
                                 GListModel *list, gboolean incremental, GtkWidget **view,
                                 GtkSelectionModel **selection);
