/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/data-table.h"

#include "ui/kit/accessible.h"
#include "ui/kit/row-list.h"

/* The selection looks for its item among the sorted ones, and the list makes new ones. */
static void on_selected(GtkSingleSelection *selection, GParamSpec *spec, UnparkRowList *list) {
  unpark_row_list_keep(list, gtk_single_selection_get_selected_item(selection));
}

GtkSelectionModel *unpark_data_table_fill(GtkWidget *view, void (*columns)(GtkColumnView *view),
                                          GListModel *list, gboolean incremental) {
  GtkColumnView *table = GTK_COLUMN_VIEW(view);
  columns(table);
  GtkSortListModel *sorted =
      gtk_sort_list_model_new(list, g_object_ref(gtk_column_view_get_sorter(table)));
  gtk_sort_list_model_set_incremental(sorted, incremental);
  GtkSingleSelection *selection = gtk_single_selection_new(G_LIST_MODEL(sorted));
  if (UNPARK_IS_ROW_LIST(list))
    g_signal_connect_object(selection, "notify::selected-item", G_CALLBACK(on_selected), list, 0);
  gtk_column_view_set_model(table, GTK_SELECTION_MODEL(selection));
  return GTK_SELECTION_MODEL(selection);
}

GtkWidget *unpark_data_table_new(const char *name, void (*columns)(GtkColumnView *view),
                                 GListModel *list, gboolean incremental, GtkWidget **view,
                                 GtkSelectionModel **selection) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  *view = gtk_column_view_new(NULL);
  *selection = unpark_data_table_fill(*view, columns, list, incremental);
  gtk_widget_add_css_class(*view, "data-table");
  unpark_accessible_name(*view, name);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), *view);
  return scrolled;
}
