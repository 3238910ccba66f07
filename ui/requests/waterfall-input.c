/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ui/kit/settings.h"
#include "ui/requests/private.h"

#define ZOOM_STEP 1.25
#define PAN_SHARE 0.12
#define EDGE_PX 5
#define MIN_DRAG_PX 4
/* Around a span that is zoomed to, of its length. */
#define MARGIN 0.05

/* ---- Zoom --------------------------------------------------------------------------------- */

static void zoom_at(UnparkWaterfallChart *self, double x, double factor) {
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  axis = unpark_axis_zoom(&axis, CLAMP(x - self->names, 0, axis.width), factor);
  unpark_waterfall_chart_set_visible(self, axis.start_ns, unpark_axis_end(&axis));
}

static void pan(UnparkWaterfallChart *self, double share) {
  double by = (self->to_ns - self->from_ns) * share;
  unpark_waterfall_chart_set_visible(self, self->from_ns + by, self->to_ns + by);
}

static void zoom_to(UnparkWaterfallChart *self, double from_ns, double to_ns) {
  double margin = (to_ns - from_ns) * MARGIN;
  unpark_waterfall_chart_set_visible(self, from_ns - margin, to_ns + margin);
}

static void zoom_to_node(UnparkWaterfallChart *self, guint32 node) {
  const UnparkWaterfallNode *n = &self->waterfall->nodes[node];
  zoom_to(self, (double)n->start_ns, (double)MAX(n->end_ns, n->start_ns + 1));
}

static gboolean is_whole(UnparkWaterfallChart *self) {
  return self->from_ns <= (double)self->waterfall->start_ns &&
         self->to_ns >= (double)self->waterfall->end_ns;
}

/* Where W and S zoom: at the pointer, or at the span that has the focus. */
static double zoom_place(UnparkWaterfallChart *self) {
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  const UnparkWaterfallNode *n = &self->waterfall->nodes[self->focus];
  if (self->pointer_x > self->names)
    return self->pointer_x;
  return self->names + unpark_axis_x(&axis, ((double)n->start_ns + (double)n->end_ns) / 2);
}

/* ---- Pointer ------------------------------------------------------------------------------ */

static gboolean is_edge(UnparkWaterfallChart *self, double x) {
  return fabs(x - self->names) <= EDGE_PX;
}

static void on_released(GtkGestureClick *gesture, int n_press, double x, double y,
                        UnparkWaterfallChart *self) {
  guint32 node = unpark_waterfall_chart_node_at(self, y);
  if (node == UNPARK_WATERFALL_NONE || is_edge(self, x))
    return;
  double indent = unpark_waterfall_chart_indent(self, node);
  gboolean triangle = x < indent && unpark_waterfall_has_below(self->waterfall, node);
  unpark_waterfall_chart_set_focus(self, node);
  if (triangle)
    unpark_waterfall_chart_toggle(self, node, !self->waterfall->nodes[node].open);
  else if (n_press == 2 && x > self->names)
    zoom_to_node(self, node);
  else if (n_press == 2)
    unpark_waterfall_chart_toggle(self, node, !self->waterfall->nodes[node].open);
  else
    unpark_waterfall_chart_activate(self);
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkWaterfallChart *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  self->drag = DRAG_NONE;
  if (!self->waterfall)
    return;
  if (is_edge(self, x))
    self->drag = DRAG_NAMES;
  else if (x > self->names)
    self->drag = y < WATERFALL_SCALE ? DRAG_SCALE : DRAG_PAN;
  self->drag_names = self->names;
  self->drag_x = self->drag_to_x = x;
  self->drag_from_ns = self->from_ns;
  self->drag_length_ns = self->to_ns - self->from_ns;
  self->drag_scroll = unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy,
                           UnparkWaterfallChart *self) {
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  if (!self->waterfall || (fabs(dx) < MIN_DRAG_PX && fabs(dy) < MIN_DRAG_PX))
    return;
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->drag == DRAG_NAMES) {
    unpark_waterfall_chart_set_names(self, self->drag_names + dx);
  } else if (self->drag == DRAG_PAN) {
    double from = self->drag_from_ns - dx * axis.ns_per_px;
    unpark_waterfall_chart_set_visible(self, from, from + self->drag_length_ns);
    unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, self->drag_scroll - dy);
  } else if (self->drag == DRAG_SCALE) {
    self->drag_to_x = MAX(self->drag_x + dx, self->names);
    gtk_widget_queue_draw(GTK_WIDGET(self));
  }
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, UnparkWaterfallChart *self) {
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  double a = MIN(self->drag_x, self->drag_to_x), b = MAX(self->drag_x, self->drag_to_x);
  if (self->drag == DRAG_SCALE && self->waterfall && b - a >= MIN_DRAG_PX)
    unpark_waterfall_chart_set_visible(self, unpark_axis_ns(&axis, a - self->names),
                                       unpark_axis_ns(&axis, b - self->names));
  if (self->drag == DRAG_NAMES)
    unpark_settings_set_int("requests.names-width", (int)self->names);
  self->drag = DRAG_NONE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y,
                      UnparkWaterfallChart *self) {
  unpark_waterfall_chart_set_hover(self, x, y);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), is_edge(self, x) ? "col-resize"
                                                    : x > self->names && y < WATERFALL_SCALE
                                                        ? "crosshair"
                                                        : NULL);
}

static void on_leave(GtkEventControllerMotion *motion, UnparkWaterfallChart *self) {
  unpark_waterfall_chart_set_hover(self, -1, -1);
}

static gboolean on_scroll(GtkEventControllerScroll *scroll, double dx, double dy,
                          UnparkWaterfallChart *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
  if (!self->waterfall)
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_CONTROL_MASK)
    zoom_at(self, self->pointer_x, pow(ZOOM_STEP, -dy));
  else if (state & GDK_SHIFT_MASK || fabs(dx) > fabs(dy))
    pan(self, (fabs(dx) > fabs(dy) ? dx : dy) * PAN_SHARE);
  else
    return GDK_EVENT_PROPAGATE; /* the scrolled window's */
  return GDK_EVENT_STOP;
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(widget);
  guint32 node = keyboard ? UNPARK_WATERFALL_NONE : unpark_waterfall_chart_node_at(self, (double)y);
  if (node == UNPARK_WATERFALL_NONE || self->drag != DRAG_NONE)
    return FALSE;
  g_autofree char *text = unpark_waterfall_describe(self->waterfall, node);
  double top = unpark_waterfall_chart_row_y(self, self->waterfall->row_of[node]);
  GdkRectangle area = {x - 2, (int)top, 4, WATERFALL_ROW};
  gtk_tooltip_set_text(tooltip, text);
  gtk_tooltip_set_tip_area(tooltip, &area);
  return TRUE;
}

/* ---- Keys --------------------------------------------------------------------------------- */

static void walk(UnparkWaterfallChart *self, gint64 rows) {
  const UnparkWaterfall *w = self->waterfall;
  gint64 row = (gint64)w->row_of[self->focus] + rows;
  unpark_waterfall_chart_set_focus(self, w->rows[CLAMP(row, 0, (gint64)w->n_rows - 1)]);
}

static void inwards(UnparkWaterfallChart *self) {
  const UnparkWaterfallNode *n = &self->waterfall->nodes[self->focus];
  if (!unpark_waterfall_has_below(self->waterfall, self->focus))
    return;
  if (n->open)
    walk(self, 1);
  else
    unpark_waterfall_chart_toggle(self, self->focus, TRUE);
}

static void outwards(UnparkWaterfallChart *self) {
  const UnparkWaterfallNode *n = &self->waterfall->nodes[self->focus];
  if (n->open && unpark_waterfall_has_below(self->waterfall, self->focus))
    unpark_waterfall_chart_toggle(self, self->focus, FALSE);
  else if (n->parent != UNPARK_WATERFALL_NONE)
    unpark_waterfall_chart_set_focus(self, n->parent);
}

static gboolean walk_key(UnparkWaterfallChart *self, guint key) {
  gint64 page = MAX((self->height - WATERFALL_SCALE) / WATERFALL_ROW - 1, 1);
  switch (key) {
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    walk(self, -1);
    return TRUE;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    walk(self, 1);
    return TRUE;
  case GDK_KEY_Page_Up:
    walk(self, -page);
    return TRUE;
  case GDK_KEY_Page_Down:
    walk(self, page);
    return TRUE;
  case GDK_KEY_Home:
    walk(self, -(gint64)self->waterfall->n_rows);
    return TRUE;
  case GDK_KEY_End:
    walk(self, self->waterfall->n_rows);
    return TRUE;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    inwards(self);
    return TRUE;
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    outwards(self);
    return TRUE;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    unpark_waterfall_chart_activate(self);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean zoom_key(UnparkWaterfallChart *self, guint key) {
  const UnparkWaterfall *w = self->waterfall;
  switch (key) {
  case GDK_KEY_plus:
  case GDK_KEY_equal:
  case GDK_KEY_KP_Add:
  case GDK_KEY_w:
    zoom_at(self, zoom_place(self), ZOOM_STEP * ZOOM_STEP);
    return TRUE;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
  case GDK_KEY_s:
    zoom_at(self, zoom_place(self), 1 / (ZOOM_STEP * ZOOM_STEP));
    return TRUE;
  case GDK_KEY_a:
  case GDK_KEY_d:
    pan(self, key == GDK_KEY_a ? -PAN_SHARE : PAN_SHARE);
    return TRUE;
  case GDK_KEY_f:
    zoom_to_node(self, self->focus);
    return TRUE;
  case GDK_KEY_Escape:
    if (is_whole(self))
      return FALSE; /* whoever is around may take it back */
    zoom_to(self, (double)w->start_ns, (double)w->end_ns);
    return TRUE;
  case GDK_KEY_n:
  case GDK_KEY_p:
    unpark_waterfall_chart_step(self, key == GDK_KEY_n ? 1 : -1);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                       UnparkWaterfallChart *self) {
  if (!self->waterfall || state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  return walk_key(self, key) || zoom_key(self, key);
}

static void on_focus(UnparkWaterfallChart *self) {
  unpark_waterfall_chart_announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- Controllers -------------------------------------------------------------------------- */

void unpark_waterfall_chart_init_input(UnparkWaterfallChart *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkGesture *click = gtk_gesture_click_new(), *drag = gtk_gesture_drag_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect(click, "released", G_CALLBACK(on_released), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "enter", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(on_focus), NULL);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, scroll);
  gtk_widget_add_controller(widget, keys);
}
