/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of a lane. */
#include <glib/gi18n.h>

#include "ui/timeline/private.h"

static void on_menu_action(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  if (!unpark_timeline_focused_row(self))
    return;
  if (g_str_equal(name, "lane.pin"))
    unpark_timeline_toggle_pin(self, (guint)self->focus_row);
  else if (g_str_equal(name, "lane.open"))
    unpark_timeline_toggle_row(self, (guint)self->focus_row);
  else if (g_str_equal(name, "lane.zoom"))
    unpark_timeline_zoom_to_selection(self);
}

void unpark_timeline_install_actions(GtkWidgetClass *class) {
  gtk_widget_class_install_action(class, "lane.pin", NULL, on_menu_action);
  gtk_widget_class_install_action(class, "lane.open", NULL, on_menu_action);
  gtk_widget_class_install_action(class, "lane.zoom", NULL, on_menu_action);
}

static void on_menu_closed(GtkWidget *popover) {
  g_idle_add_once((GSourceOnceFunc)gtk_widget_unparent, popover);
}

static void show_menu(UnparkTimeline *self, double x, double y) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  g_autoptr(GMenu) menu = g_menu_new();
  if (!row)
    return;
  if (row->expandable)
    g_menu_append(menu, row->expanded ? _("Close") : _("Open"), "lane.open");
  if (row->type == UNPARK_ROW_GOROUTINE)
    g_menu_append(menu,
                  g_hash_table_contains(self->source.pinned, &row->id) ? _("Unpin")
                                                                       : _("Pin to the Top"),
                  "lane.pin");
  g_menu_append(menu, _("Zoom to the Selection"), "lane.zoom");
  GtkWidget *popover = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
  gtk_widget_set_parent(popover, GTK_WIDGET(self));
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)x, (int)y, 1, 1});
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  g_signal_connect(popover, "closed", G_CALLBACK(on_menu_closed), NULL);
  gtk_popover_popup(GTK_POPOVER(popover));
}

void unpark_timeline_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                                  UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  int row = unpark_scene_row_at(&scene, y);
  if (row < 0)
    return;
  unpark_timeline_forget_waiting(self);
  gtk_widget_grab_focus(GTK_WIDGET(self));
  self->focus_row = row;
  unpark_timeline_announce(self);
  show_menu(self, x, y);
}

void unpark_timeline_show_menu_at_focus(UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  if (self->focus_row >= 0)
    show_menu(self, 40, unpark_panes_row_y(&scene.panes, (guint)self->focus_row) + 20);
}
