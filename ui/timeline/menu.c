/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of a lane, and of the span below the pointer. */
#include <glib/gi18n.h>

#include "model/filter/filter.h"
#include "ui/timeline/private.h"

/* ---- of a lane --------------------------------------------------------------------------- */

static void on_lane_action(GtkWidget *widget, const char *name, GVariant *parameter) {
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

/* ---- of a span --------------------------------------------------------------------------- */

/* The function in which the picked span's goroutine started; NULL if it is not known. */
static const char *picked_function(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkGoroutine *g =
      pick->type == UNPARK_PICK_SPAN
          ? unpark_store_goroutine(unpark_session_get_store(self->session), pick->id)
          : NULL;
  return g && *g->name ? g->name : NULL;
}

static void show_flame(UnparkTimeline *self, const UnparkPick *pick, const char *function) {
  unpark_session_select_time(self->session, pick->start_ns, pick->end_ns);
  unpark_session_go_to_function(self->session, function, "flame");
}

static void on_span_action(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  const UnparkPick pick = *unpark_session_get_pick(self->session);
  const char *function = picked_function(self);
  if (pick.type != UNPARK_PICK_SPAN) {
    gtk_widget_error_bell(widget);
  } else if (g_str_equal(name, "span.why")) {
    gtk_widget_activate_action(widget, "timeline.why", NULL);
  } else if (g_str_equal(name, "span.copy")) {
    unpark_timeline_copy(self);
  } else if (g_str_equal(name, "span.select")) {
    unpark_session_select_time(self->session, pick.start_ns, pick.end_ns);
  } else if (g_str_equal(name, "span.bookmark")) {
    gtk_widget_activate_action(widget, "timeline.bookmark", NULL);
  } else if (g_str_equal(name, "span.filter") && function) {
    g_autofree char *filter = unpark_filter_of_function(function);
    unpark_session_set_filter(self->session, filter);
  } else if (g_str_equal(name, "span.flame") && function) {
    show_flame(self, &pick, function);
  }
}

static void append_span(GMenu *menu) {
  g_autoptr(GMenu) about = g_menu_new(), leads = g_menu_new();
  g_menu_append(about, _("_Why?"), "span.why");
  g_menu_append(about, _("_Copy"), "span.copy");
  g_menu_append(leads, _("_Filter to This Function"), "span.filter");
  g_menu_append(leads, _("_Select Its Time"), "span.select");
  g_menu_append(leads, _("_Bookmark…"), "span.bookmark");
  g_menu_append(leads, _("Flame _Graph of It"), "span.flame");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(about));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(leads));
}

/* ---- showing ------------------------------------------------------------------------------ */

void unpark_timeline_install_actions(GtkWidgetClass *class) {
  static const char *const lane[] = {"lane.pin", "lane.open", "lane.zoom"};
  static const char *const span[] = {"span.why",      "span.copy",   "span.select",
                                     "span.bookmark", "span.filter", "span.flame"};
  for (guint i = 0; i < G_N_ELEMENTS(lane); i++)
    gtk_widget_class_install_action(class, lane[i], NULL, on_lane_action);
  for (guint i = 0; i < G_N_ELEMENTS(span); i++)
    gtk_widget_class_install_action(class, span[i], NULL, on_span_action);
}

static void on_menu_closed(GtkWidget *popover) {
  g_idle_add_once((GSourceOnceFunc)gtk_widget_unparent, popover);
}

static void append_lane(UnparkTimeline *self, const UnparkRow *row, GMenu *menu) {
  g_autoptr(GMenu) lane = g_menu_new();
  if (row->expandable)
    g_menu_append(lane, row->expanded ? _("Close") : _("Open"), "lane.open");
  if (row->type == UNPARK_ROW_GOROUTINE)
    g_menu_append(lane,
                  g_hash_table_contains(self->source.pinned, &row->id) ? _("Unpin")
                                                                       : _("Pin to the Top"),
                  "lane.pin");
  g_menu_append(lane, _("Zoom to the Selection"), "lane.zoom");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(lane));
}

static void show_menu(UnparkTimeline *self, gboolean span, double x, double y) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  g_autoptr(GMenu) menu = g_menu_new();
  if (!row)
    return;
  if (span)
    append_span(menu);
  append_lane(self, row, menu);
  GtkWidget *popover = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
  gtk_widget_set_parent(popover, GTK_WIDGET(self));
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)x, (int)y, 1, 1});
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  g_signal_connect(popover, "closed", G_CALLBACK(on_menu_closed), NULL);
  gtk_popover_popup(GTK_POPOVER(popover));
}

/* Lanes that show spans of single goroutines. */
static gboolean has_spans(const UnparkRow *row) {
  return row->type == UNPARK_ROW_GOROUTINE || row->type == UNPARK_ROW_PROC ||
         row->type == UNPARK_ROW_THREAD;
}

void unpark_timeline_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                                  UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  int n = unpark_scene_row_at(&scene, y);
  if (n < 0)
    return;
  const UnparkRow *row = &scene.rows->rows[n];
  const UnparkItem *item =
      x >= scene.lanes_x && has_spans(row) ? unpark_scene_item_at(&scene, (guint)n, x) : NULL;
  unpark_timeline_forget_waiting(self);
  gtk_widget_grab_focus(GTK_WIDGET(self));
  self->focus_row = n;
  if (item) /* the menu is about it */
    unpark_timeline_pick_item(self, (guint)n, item, FALSE);
  else
    unpark_timeline_announce(self);
  show_menu(self, item != NULL, x, y);
}

void unpark_timeline_show_menu_at_focus(UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  const UnparkRow *row = unpark_timeline_focused_row(self);
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  gboolean span = row && pick->type == UNPARK_PICK_SPAN && row->type == UNPARK_ROW_GOROUTINE &&
                  row->id == pick->id;
  if (row)
    show_menu(self, span, 40, unpark_panes_row_y(&scene.panes, (guint)self->focus_row) + 20);
}
