/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table that sorts by its columns, in a scrolled window. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `name`: for assistive technology. `columns` appends the columns, whose sorters order `list` (the
 * table takes the caller's reference). `incremental`: sorted bit by bit, for hundreds of thousands
 * of rows. What is selected stays so when the order changes. *view is the GtkColumnView inside;
 * *selection, of one row, is the caller's. */
GtkWidget *unpark_data_table_new(const char *name, void (*columns)(GtkColumnView *view),
                                 GListModel *list, gboolean incremental, GtkWidget **view,
                                 GtkSelectionModel **selection);
