/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ui/flame/graph-private.h"

#define WHEEL_ZOOM 1.25
#define WHEEL_PAN 0.12

static double whole_of(UnparkFlameGraph *self) {
  return (double)self->flame->nodes[0].weight;
}

/* To any part: what fills the width is the innermost frame around it. */
static void go_to_range(UnparkFlameGraph *self, const UnparkFlameRange *range, gint64 length_us) {
  unpark_flame_graph_go(self, unpark_flame_cover(self->flame, range), range, length_us);
}

/* Frames too narrow to be seen: as near as they are together. */
static void zoom_to_folded(UnparkFlameGraph *self, const UnparkFlameItem *item) {
  double px = (self->camera.range.to - self->camera.range.from) /
              MAX(gtk_widget_get_width(GTK_WIDGET(self)), 1);
  UnparkFlameRange range = {self->camera.range.from + (double)item->x * px, 0};
  range.to = range.from + (double)item->width * px;
  unpark_flame_graph_go(self, unpark_flame_cover(self->flame, &range), &range, FLAME_JUMP_US);
}

/* ---- Pointer --------------------------------------------------------------------------- */

static void on_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                       UnparkFlameGraph *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void on_released(GtkGestureClick *gesture, int n_press, double x, double y,
                        UnparkFlameGraph *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
  const UnparkFlameItem *item = unpark_flame_graph_item_at(self, x, y);
  if (!item)
    return;
  guint32 node = item->node;
  if (item->n_folded > 0) {
    zoom_to_folded(self, item);
    return;
  }
  unpark_flame_graph_set_focus(self, node, FALSE);
  if (!(state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)))
    unpark_flame_graph_zoom_to(self, node);
}

static void show_menu(UnparkFlameGraph *self, double x, double y) {
  GdkRectangle at = {(int)x, (int)y, 1, 1};
  if (!self->menu || !self->flame)
    return;
  gtk_popover_set_pointing_to(GTK_POPOVER(self->menu), &at);
  gtk_popover_popup(GTK_POPOVER(self->menu));
}

static void on_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                            UnparkFlameGraph *self) {
  const UnparkFlameItem *item = unpark_flame_graph_item_at(self, x, y);
  if (!item || item->n_folded > 0)
    return;
  gtk_widget_grab_focus(GTK_WIDGET(self));
  unpark_flame_graph_set_focus(self, item->node, FALSE);
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu(self, x, y);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y,
                      UnparkFlameGraph *self) {
  unpark_flame_graph_set_hover(self, x, y);
}

static void on_leave(GtkEventControllerMotion *motion, UnparkFlameGraph *self) {
  unpark_flame_graph_set_hover(self, -1, -1);
}

static gboolean on_scroll(GtkEventControllerScroll *scroll, double dx, double dy,
                          UnparkFlameGraph *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
  double width = gtk_widget_get_width(GTK_WIDGET(self));
  UnparkFlameRange range;
  if (!self->flame || whole_of(self) <= 0 || width <= 0)
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_CONTROL_MASK) {
    range = unpark_flame_range_zoom(&self->camera.goal, CLAMP(self->pointer_x / width, 0, 1),
                                    pow(WHEEL_ZOOM, -dy), whole_of(self));
  } else if (state & GDK_SHIFT_MASK || fabs(dx) > fabs(dy)) {
    double by = fabs(dx) > fabs(dy) ? dx : dy;
    range = unpark_flame_range_pan(&self->camera.goal, by * WHEEL_PAN, whole_of(self));
  } else {
    return GDK_EVENT_PROPAGATE; /* vertical: the scrolled window's */
  }
  /* A wheel has steps, a touchpad is as smooth as the finger. */
  gboolean steps = gtk_event_controller_scroll_get_unit(GTK_EVENT_CONTROLLER_SCROLL(scroll)) ==
                   GDK_SCROLL_UNIT_WHEEL;
  go_to_range(self, &range, steps ? FLAME_STEP_US : FLAME_AT_ONCE);
  return GDK_EVENT_STOP;
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(widget);
  const UnparkFlameItem *item = keyboard ? NULL : unpark_flame_graph_item_at(self, x, y);
  if (!item || (self->menu && gtk_widget_get_visible(self->menu)))
    return FALSE;
  g_autofree char *text = item->n_folded > 0
                              ? unpark_flame_graph_sentence(self->flame, item->node, item->n_folded)
                              : unpark_flame_describe(self->flame, item->node);
  GdkRectangle area = {(int)item->x, y - y % FLAME_ROW, MAX((int)item->width, 1), FLAME_ROW};
  gtk_tooltip_set_text(tooltip, text);
  gtk_tooltip_set_tip_area(tooltip, &area);
  return TRUE;
}

/* ---- Keys --------------------------------------------------------------------------------- */

static void walk(UnparkFlameGraph *self, UnparkFlameStep step) {
  guint32 next = unpark_flame_walk(self->flame, unpark_flame_graph_layout(self), self->focus, step);
  unpark_flame_graph_set_focus(self, next, TRUE);
}

static gboolean walk_key(UnparkFlameGraph *self, guint key) {
  UnparkFlameStep up = self->upwards ? UNPARK_FLAME_INWARDS : UNPARK_FLAME_OUTWARDS;
  UnparkFlameStep down = self->upwards ? UNPARK_FLAME_OUTWARDS : UNPARK_FLAME_INWARDS;
  switch (key) {
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    walk(self, up);
    return TRUE;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    walk(self, down);
    return TRUE;
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    walk(self, UNPARK_FLAME_LEFT);
    return TRUE;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    walk(self, UNPARK_FLAME_RIGHT);
    return TRUE;
  case GDK_KEY_Home:
    walk(self, UNPARK_FLAME_FIRST);
    return TRUE;
  case GDK_KEY_End:
    walk(self, UNPARK_FLAME_LAST);
    return TRUE;
  default:
    return FALSE;
  }
}

static void zoom_out(UnparkFlameGraph *self, gboolean all) {
  guint32 to = all ? 0 : self->flame->nodes[self->zoom].parent;
  unpark_flame_graph_zoom_to(self, to);
}

static void zoom_by(UnparkFlameGraph *self, double factor) {
  const UnparkFlameItem *item =
      unpark_flame_layout_item(self->flame, unpark_flame_graph_layout(self), self->focus);
  double width = MAX(gtk_widget_get_width(GTK_WIDGET(self)), 1);
  double share = item ? ((double)item->x + (double)item->width / 2) / width : 0.5;
  UnparkFlameRange range =
      unpark_flame_range_zoom(&self->camera.goal, CLAMP(share, 0, 1), factor, whole_of(self));
  go_to_range(self, &range, FLAME_STEP_US);
}

static gboolean zoom_key(UnparkFlameGraph *self, guint key) {
  switch (key) {
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    unpark_flame_graph_zoom_to(self, self->focus);
    return TRUE;
  case GDK_KEY_BackSpace:
    zoom_out(self, FALSE);
    return TRUE;
  case GDK_KEY_Escape:
    if (self->zoom == 0 &&
        self->camera.range.to - self->camera.range.from >= whole_of(self) * 0.999)
      return FALSE; /* whoever is around may take it back */
    zoom_out(self, TRUE);
    return TRUE;
  case GDK_KEY_plus:
  case GDK_KEY_equal:
  case GDK_KEY_KP_Add:
  case GDK_KEY_w:
    zoom_by(self, WHEEL_ZOOM * WHEEL_ZOOM);
    return TRUE;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
  case GDK_KEY_s:
    zoom_by(self, 1 / (WHEEL_ZOOM * WHEEL_ZOOM));
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                       UnparkFlameGraph *self) {
  if (!self->flame || self->flame->nodes[0].weight == 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && state & GDK_SHIFT_MASK)) {
    const UnparkFlameItem *item =
        unpark_flame_layout_item(self->flame, unpark_flame_graph_layout(self), self->focus);
    double y = unpark_flame_graph_row_y(self, self->flame->nodes[self->focus].depth) + FLAME_ROW;
    show_menu(self, item ? (double)item->x + MIN((double)item->width / 2, 40) : 20, y);
    return GDK_EVENT_STOP;
  }
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_n || key == GDK_KEY_p) {
    unpark_flame_graph_step_match(self, key == GDK_KEY_p);
    return GDK_EVENT_STOP;
  }
  return walk_key(self, key) || zoom_key(self, key);
}

static void on_focus(UnparkFlameGraph *self) {
  unpark_flame_graph_announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- Controllers ---------------------------------------------------------------------------- */

static void add(UnparkFlameGraph *self, GtkEventController *controller) {
  gtk_widget_add_controller(GTK_WIDGET(self), controller);
}

void unpark_flame_graph_init_input(UnparkFlameGraph *self) {
  GtkGesture *click = gtk_gesture_click_new(), *menu = gtk_gesture_click_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(menu), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), self);
  g_signal_connect(click, "released", G_CALLBACK(on_released), self);
  g_signal_connect(menu, "pressed", G_CALLBACK(on_menu_pressed), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "enter", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(on_focus), NULL);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  add(self, GTK_EVENT_CONTROLLER(click));
  add(self, GTK_EVENT_CONTROLLER(menu));
  add(self, motion);
  add(self, scroll);
  add(self, keys);
}
