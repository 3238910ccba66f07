/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/columns-menu.h"

#include <glib/gi18n.h>

#include "ui/kit/profile-item.h"
#include "ui/kit/settings.h"

static void on_toggled(GtkCheckButton *check, GtkColumnViewColumn *column) {
  gboolean shown = gtk_check_button_get_active(check);
  unpark_settings_set_bool(g_object_get_data(G_OBJECT(check), "key"), shown);
  unpark_profile_column_show(column, shown);
}

static void add_column(GtkWidget *box, GtkColumnViewColumn *column, const char *group) {
  const UnparkProfileColumn *made_of = unpark_profile_column_of(column);
  GtkWidget *check = gtk_check_button_new_with_label(_(made_of->title));
  char *key = g_strdup_printf("%s.shown-%s", group, made_of->name);
  gboolean shown = unpark_settings_get_bool(key, FALSE);
  g_object_set_data_full(G_OBJECT(check), "key", key, g_free);
  unpark_profile_column_show(column, shown);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check), shown);
  g_signal_connect_object(check, "toggled", G_CALLBACK(on_toggled), column, 0);
  gtk_box_append(GTK_BOX(box), check);
}

void unpark_columns_menu_attach(GtkMenuButton *button, GtkColumnView *view, const char *group) {
  GListModel *columns = gtk_column_view_get_columns(view);
  GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new();
  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    const UnparkProfileColumn *made_of = unpark_profile_column_of(column);
    if (made_of && made_of->optional)
      add_column(box, column, group);
  }
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), 480);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), box);
  gtk_popover_set_child(GTK_POPOVER(popover), scrolled);
  gtk_menu_button_set_popover(button, popover);
}
