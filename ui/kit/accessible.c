/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/accessible.h"

/* Newer versions of GTK give no name to what has no role of its own. */
static void need_role(GtkWidget *widget) {
  GtkAccessibleRole role = gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(widget));
  if (role == GTK_ACCESSIBLE_ROLE_GENERIC || role == GTK_ACCESSIBLE_ROLE_WIDGET)
    g_object_set(widget, "accessible-role",
                 GTK_IS_DRAWING_AREA(widget) ? GTK_ACCESSIBLE_ROLE_IMG : GTK_ACCESSIBLE_ROLE_GROUP,
                 NULL);
}

/* Newer versions of GTK say that a button with text, or a drop-down, is labelled by what is in
 * it, and then ask for no name. */
static void set_name(GtkAccessible *accessible, const char *name) {
  gtk_accessible_reset_relation(accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property(accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What is chosen, which the name does not say. */
static void on_selected(GtkDropDown *drop) {
  gpointer item = gtk_drop_down_get_selected_item(drop);
  const char *text = GTK_IS_STRING_OBJECT(item) ? gtk_string_object_get_string(item) : NULL;
  GtkWidget *button = gtk_widget_get_first_child(GTK_WIDGET(drop));

  if (!text)
    return;
  gtk_accessible_update_property(GTK_ACCESSIBLE(drop), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                 -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                 -1);
}

void unpark_accessible_name(GtkWidget *widget, const char *name) {
  need_role(widget);
  set_name(GTK_ACCESSIBLE(widget), name);
  if (!GTK_IS_DROP_DOWN(widget))
    return;
  set_name(GTK_ACCESSIBLE(gtk_widget_get_first_child(widget)), name);
  g_signal_connect(widget, "notify::selected-item", G_CALLBACK(on_selected), NULL);
  on_selected(GTK_DROP_DOWN(widget));
}

/* ---- menus ----------------------------------------------------------------------------------- */

static gboolean is_item(GtkWidget *widget) {
  switch (gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(widget))) {
  case GTK_ACCESSIBLE_ROLE_MENU_ITEM:
  case GTK_ACCESSIBLE_ROLE_MENU_ITEM_CHECKBOX:
  case GTK_ACCESSIBLE_ROLE_MENU_ITEM_RADIO:
    return TRUE;
  default:
    return FALSE;
  }
}

static const char *first_text(GtkWidget *widget) {
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    if (GTK_IS_LABEL(child))
      return gtk_label_get_text(GTK_LABEL(child));
  return "";
}

static void name_items(GtkWidget *widget) {
  const char *text = is_item(widget) ? first_text(widget) : "";
  if (*text)
    set_name(GTK_ACCESSIBLE(widget), text);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    name_items(child);
}

static gboolean on_map(GSignalInvocationHint *hint, guint n_values, const GValue *values,
                       gpointer data) {
  GObject *widget = g_value_get_object(&values[0]);
  if (GTK_IS_POPOVER_MENU(widget))
    name_items(GTK_WIDGET(widget));
  return G_SOURCE_CONTINUE;
}

void unpark_accessible_menus(void) {
  /* Before the first widget, there is no signal without this. */
  g_autoptr(GTypeClass) class = g_type_class_ref(GTK_TYPE_WIDGET);
  g_signal_add_emission_hook(g_signal_lookup("map", GTK_TYPE_WIDGET), 0, on_map, NULL, NULL);
}
