/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/data-table.h"

#include "ui/kit/row-list.h"

/* The selection looks for its item among the sorted ones, and the list makes new ones. */
static void on_selected(GtkSingleSelection *selection, GParamSpec *spec, UnparkRowList *list) {
  unpark_row_list_keep(list, gtk_single_selection_get_selected_item(selection));
}

GtkWidget *unpark_data_table_new(const char *name, void (*columns)(GtkColumnView *view),
                                 GListModel *list, gboolean incremental, GtkWidget **view,
                                 GtkSelectionModel **selection) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  *view = gtk_column_view_new(NULL);
  columns(GTK_COLUMN_VIEW(*view));
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(*view));
  GtkSortListModel *sorted = gtk_sort_list_model_new(list, g_object_ref(sorter));
  gtk_sort_list_model_set_incremental(sorted, incremental);
  *selection = GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(sorted)));
  if (UNPARK_IS_ROW_LIST(list))
    g_signal_connect_object(*selection, "notify::selected-item", G_CALLBACK(on_selected), list, 0);
  gtk_column_view_set_model(GTK_COLUMN_VIEW(*view), *selection);
  gtk_widget_add_css_class(*view, "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(*view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), *view);
  return scrolled;
}
