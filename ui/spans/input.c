/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer and the keys upon lanes of spans: as upon the other lanes. */
#include <math.h>

#include "ui/spans/private.h"

#define CLICK_PX 4
#define ZOOM 1.2

static void show(UnparkSpanLanes *self, const UnparkTimeAxis *axis) {
  double from = axis->start_ns, to = unpark_axis_end(axis);
  unpark_axis_clamp(&from, &to, (double)unpark_session_get_start(self->session),
                    (double)unpark_session_get_end(self->session));
  unpark_session_set_visible(self->session, from, to);
}

static void zoom_at(UnparkSpanLanes *self, double x, double factor) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  axis = unpark_axis_zoom(&axis, x, factor);
  show(self, &axis);
}

static void pan(UnparkSpanLanes *self, double part) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  axis.start_ns += part * axis.width * axis.ns_per_px;
  show(self, &axis);
}

/* ---- The pointer --------------------------------------------------------------------------- */

static void on_released(GtkGestureClick *gesture, int n, double x, double y,
                        UnparkSpanLanes *self) {
  int service = unpark_span_lanes_service_at(self, y);
  gint32 span = unpark_span_lanes_span_at(self, x, y);
  if (self->dragging)
    return;
  gtk_widget_grab_focus(GTK_WIDGET(self));
  if (service >= 0 && x < self->header_width)
    unpark_span_lanes_toggle(self, (guint)service);
  else if (span >= 0)
    unpark_span_lanes_pick(self, span);
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkSpanLanes *self) {
  self->dragging = FALSE;
  unpark_session_get_visible(self->session, &self->drag_from_ns, &self->drag_to_ns);
  self->drag_scroll = unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL);
  if (x < self->header_width)
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, UnparkSpanLanes *self) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  if (!self->dragging && hypot(dx, dy) < CLICK_PX)
    return;
  self->dragging = TRUE;
  axis = unpark_axis_new(self->drag_from_ns, self->drag_to_ns, axis.width);
  axis.start_ns -= dx * axis.ns_per_px;
  show(self, &axis);
  unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, self->drag_scroll - dy);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y,
                      UnparkSpanLanes *self) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  unpark_span_lanes_set_hover(
      self, x < self->header_width ? NAN : unpark_axis_ns(&axis, x - self->header_width));
}

static void on_leave(GtkEventControllerMotion *controller, UnparkSpanLanes *self) {
  unpark_span_lanes_set_hover(self, NAN);
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy,
                          UnparkSpanLanes *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  double x = isnan(self->hover_ns) ? axis.width / 2 : unpark_axis_x(&axis, self->hover_ns);
  if (state & GDK_CONTROL_MASK)
    zoom_at(self, x, pow(ZOOM, -dy));
  else if (state & GDK_SHIFT_MASK)
    pan(self, dy / 10);
  else if (dx != 0)
    pan(self, dx / 10);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkSpanLanes *self = UNPARK_SPAN_LANES(widget);
  gint32 span = keyboard ? -1 : unpark_span_lanes_span_at(self, x, y);
  if (span < 0)
    return FALSE;
  g_autofree char *text = unpark_span_lanes_describe(self, span);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

/* To the service's next span, of the one that is picked or of what is in sight. */
static void step(UnparkSpanLanes *self, int direction) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  gint32 to = self->picked >= 0 && self->layout->service_of[self->picked] == self->service
                  ? unpark_span_layout_step(self->layout, self->picked, direction)
                  : unpark_span_layout_from(self->layout, self->service, (gint64)axis.start_ns);
  if (to < 0) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  const UnparkTraceSpan *span = &self->layout->traces->spans[to];
  unpark_span_lanes_pick(self, to);
  if ((double)span->end_ns < axis.start_ns || (double)span->start_ns > unpark_axis_end(&axis)) {
    axis.start_ns = (double)span->start_ns - axis.width * axis.ns_per_px / 3;
    show(self, &axis);
  }
}

static void go(UnparkSpanLanes *self, int direction) {
  guint n = self->layout->n_services;
  if ((direction < 0 && self->service == 0) || (direction > 0 && self->service + 1 >= n)) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  unpark_span_lanes_show_service(self, direction < 0 ? self->service - 1 : self->service + 1);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* To what the span's goroutine did first. */
static void go_to_goroutine(UnparkSpanLanes *self) {
  const UnparkTraceSpan *span =
      self->picked >= 0 ? &self->layout->traces->spans[self->picked] : NULL;
  UnparkSession *session = span && span->join.certainty > UNPARK_TRACE_JOINED_BY_LABEL
                               ? unpark_session_of_source(self->session, span->join.source + 1)
                               : NULL;
  if (!session) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  const UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                           .id = span->join.goroutine,
                           .start_ns = span->start_ns,
                           .end_ns = span->end_ns};
  unpark_session_go_to(session, &pick, "timeline");
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, UnparkSpanLanes *self) {
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  if (!self->layout || self->layout->n_services == 0 || state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (gdk_keyval_to_lower(key)) {
  case GDK_KEY_Up:
  case GDK_KEY_Down:
    go(self, key == GDK_KEY_Up ? -1 : 1);
    break;
  case GDK_KEY_Left:
  case GDK_KEY_p:
    step(self, -1);
    break;
  case GDK_KEY_Right:
  case GDK_KEY_n:
    step(self, 1);
    break;
  case GDK_KEY_space:
    unpark_span_lanes_toggle(self, self->service);
    break;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
    go_to_goroutine(self);
    break;
  case GDK_KEY_w:
    zoom_at(self, axis.width / 2, 1.5);
    break;
  case GDK_KEY_s:
    zoom_at(self, axis.width / 2, 1 / 1.5);
    break;
  case GDK_KEY_a:
    pan(self, -0.2);
    break;
  case GDK_KEY_d:
    pan(self, 0.2);
    break;
  case GDK_KEY_Home:
    unpark_session_set_visible(self->session, (double)unpark_session_get_start(self->session),
                               (double)unpark_session_get_end(self->session));
    break;
  default:
    return GDK_EVENT_PROPAGATE;
  }
  return GDK_EVENT_STOP;
}

void unpark_span_lanes_init_input(UnparkSpanLanes *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkGesture *click = gtk_gesture_click_new(), *drag = gtk_gesture_drag_new();
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(click, "released", G_CALLBACK(on_released), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  gtk_widget_add_controller(widget, scroll);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_set_has_tooltip(widget, TRUE);
  g_signal_connect(widget, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
}
