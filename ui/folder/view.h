/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder as a table: one row a file, sortable, with a filter; a double click opens the file (it
 * activates win.open-uri). Rows come while files are read; reading can be stopped. Main thread
 * only.
 */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_FOLDER_VIEW (unpark_folder_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkFolderView, unpark_folder_view, UNPARK, FOLDER_VIEW, GtkWidget)

/* Begins to read at once. Signal: "changed", when it begins or ends to be busy. */
GtkWidget *unpark_folder_view_new(GFile *folder);
GFile *unpark_folder_view_get_folder(UnparkFolderView *self);
gboolean unpark_folder_view_is_busy(UnparkFolderView *self);
/* Stops reading. */
void unpark_folder_view_stop(UnparkFolderView *self);
/* Asks for a file: NAME.parquet, or any other name for tab-separated values. */
void unpark_folder_view_export(UnparkFolderView *self);
/* Where the keys begin. */
void unpark_folder_view_enter(UnparkFolderView *self);
/* Texts and colours are written in another way from now on. */
void unpark_folder_view_show_again(UnparkFolderView *self);
/* The field of the filter. */
GtkWidget *unpark_folder_view_get_search(UnparkFolderView *self);
