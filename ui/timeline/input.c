/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/input.h"

#include <math.h>

#include "ui/kit/settings.h"
#include "ui/scene/edges.h"
#include "ui/scene/hit.h"
#include "ui/scene/names.h"
#include "ui/timeline/private.h"

/* What is pinned scrolls by so much at a notch of the wheel. */
#define WHEEL_PX 44
/* The wheel zooms by so much at a notch. */
#define ZOOM_STEP 1.25
/* The pointer moved less: a click. */
#define CLICK_PX 4
/* The header column's divider can be dragged within so many pixels. */
#define DIVIDER_PX 5

/* On what is pinned, if there is more of it than can be seen. */
static gboolean is_on_pinned(const UnparkScene *scene, double y) {
  return y >= 0 && y < scene->panes.pane[UNPARK_PANE_PINNED].bottom &&
         unpark_panes_pinned_range(scene->rows, scene->height) > 0;
}

static gboolean is_on_divider(const UnparkScene *scene, double x) {
  return fabs(x - scene->lanes_x) <= DIVIDER_PX;
}

/* ---- The wheel, and two fingers ------------------------------------------------------------ */

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy,
                          UnparkTimelineInput *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  if (!(state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) && fabs(dy) > fabs(dx) &&
      is_on_pinned(&scene, self->pointer_y)) {
    gboolean wheel = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_WHEEL;
    unpark_timeline_scroll_pinned(self->timeline,
                                  self->timeline->pinned_scroll + dy * (wheel ? WHEEL_PX : 1));
    return GDK_EVENT_STOP;
  }
  if (!(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE; /* the scrolled window's, with shift sideways */
  unpark_timeline_zoom_at(self->timeline, self->pointer_x, pow(ZOOM_STEP, -dy));
  return GDK_EVENT_STOP;
}

static void on_zoom_begin(GtkGesture *gesture, GdkEventSequence *sequence,
                          UnparkTimelineInput *self) {
  unpark_session_get_visible(self->timeline->session, &self->from_ns, &self->to_ns);
}

static void on_zoom_scale(GtkGestureZoom *gesture, double scale, UnparkTimelineInput *self) {
  double x, y;
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
    return;
  UnparkTimeAxis axis = unpark_axis_new(self->from_ns, self->to_ns, scene.axis.width);
  axis = unpark_axis_zoom(&axis, MAX(x - scene.lanes_x, 0), scale);
  unpark_timeline_set_axis(self->timeline, &axis);
}

/* ---- Dragging ---------------------------------------------------------------------- */

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkTimelineInput *self) {
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  self->drag = is_on_divider(&scene, x)  ? UNPARK_DRAG_DIVIDER
               : is_on_pinned(&scene, y) ? UNPARK_DRAG_PINNED
                                         : UNPARK_DRAG_LANES;
  self->dragging = FALSE;
  self->from_width = scene.lanes_x;
  self->from_y =
      self->drag == UNPARK_DRAG_PINNED
          ? self->timeline->pinned_scroll
          : unpark_canvas_get_scroll(UNPARK_CANVAS(self->timeline), GTK_ORIENTATION_VERTICAL);
  unpark_session_get_visible(self->timeline->session, &self->from_ns, &self->to_ns);
  if (x < scene.lanes_x && self->drag != UNPARK_DRAG_DIVIDER)
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void drag_lanes(const UnparkTimelineInput *self, double dx, double dy) {
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  UnparkTimeAxis axis = unpark_axis_new(self->from_ns, self->to_ns, scene.axis.width);
  axis.start_ns -= dx * axis.ns_per_px;
  unpark_timeline_set_axis(self->timeline, &axis);
  if (self->drag == UNPARK_DRAG_PINNED)
    unpark_timeline_scroll_pinned(self->timeline, self->from_y - dy);
  else
    unpark_canvas_scroll_to(UNPARK_CANVAS(self->timeline), GTK_ORIENTATION_VERTICAL,
                            self->from_y - dy);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy,
                           UnparkTimelineInput *self) {
  gboolean divider = self->drag == UNPARK_DRAG_DIVIDER;
  if (!self->dragging && hypot(dx, dy) < CLICK_PX)
    return;
  if (!self->dragging) {
    self->dragging = TRUE;
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self->timeline),
                                    divider ? "col-resize" : "grabbing");
  }
  if (divider)
    unpark_timeline_set_header_width(self->timeline, self->from_width + dx);
  else
    drag_lanes(self, dx, dy);
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, UnparkTimelineInput *self) {
  gtk_widget_set_cursor(GTK_WIDGET(self->timeline), NULL);
  if (self->dragging && self->drag == UNPARK_DRAG_DIVIDER)
    unpark_settings_set_int("timeline.header-width",
                            (int)unpark_timeline_get_header_width(self->timeline));
  self->dragging = FALSE;
}

/* ---- Clicks ------------------------------------------------------------------------ */

/* Sections and groups open anywhere; a goroutine is picked, and opens by its arrow or twice. */
static void header_pressed(UnparkTimeline *timeline, guint n, double x, int n_press) {
  const UnparkRow *row = &timeline->source.rows->rows[n];
  gboolean on_arrow = x < 8 + 14 * row->depth + 14;
  timeline->focus_row = (int)n;
  if (row->expandable &&
      (row->type != UNPARK_ROW_GOROUTINE ? n_press == 1 : (on_arrow || n_press == 2)))
    unpark_timeline_toggle_row(timeline, n);
  unpark_timeline_pick_row(timeline, row); /* of what has a page */
  unpark_timeline_announce(timeline);
}

static void pick_hit(UnparkTimeline *timeline, guint n, UnparkPick pick, gboolean zoom) {
  const UnparkRow *row = &timeline->source.rows->rows[n];
  if (row->type == UNPARK_ROW_GOROUTINE)
    pick.goroutine = row->id;
  timeline->focus_row = (int)n;
  if (zoom)
    unpark_session_go_to(timeline->session, &pick, "timeline");
  else
    unpark_session_set_pick(timeline->session, &pick);
  unpark_timeline_announce(timeline);
}

/* To what lies outside of the visible time, at the same zoom. */
static void go_outside(UnparkTimeline *timeline, const UnparkScene *scene, guint row, gint64 ns) {
  double half = scene->axis.width * scene->axis.ns_per_px / 2;
  double from = (double)ns - half, to = (double)ns + half;
  unpark_axis_clamp(&from, &to, (double)unpark_session_get_start(timeline->session),
                    (double)unpark_session_get_end(timeline->session));
  timeline->focus_row = (int)row;
  unpark_session_go_to_time(timeline->session, from, to);
  unpark_timeline_announce(timeline);
}

static void on_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                       UnparkTimelineInput *self) {
  UnparkTimeline *timeline = self->timeline;
  unpark_timeline_forget_waiting(timeline);
  gtk_widget_grab_focus(GTK_WIDGET(timeline));
  UnparkScene scene = unpark_timeline_get_scene(timeline);
  int row = unpark_scene_row_at(&scene, y);
  UnparkHit hit;
  UnparkPick pick;
  if (row < 0 || is_on_divider(&scene, x))
    return;
  gint64 outside;
  if (x < scene.lanes_x)
    header_pressed(timeline, (guint)row, x, n_press);
  else if (unpark_scene_edge_at(&scene, (guint)row, x, &outside))
    go_outside(timeline, &scene, (guint)row, outside);
  else if (unpark_hit_find(&scene, (guint)row, x, y, &hit) && unpark_hit_pick(&hit, &pick))
    pick_hit(timeline, (guint)row, pick, n_press == 2);
  else if (!unpark_timeline_pick_metric(timeline, (guint)row,
                                        unpark_axis_ns(&scene.axis, x - scene.lanes_x)))
    unpark_timeline_pick_item(timeline, (guint)row, unpark_scene_item_at(&scene, (guint)row, x),
                              n_press == 2);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y,
                      UnparkTimelineInput *self) {
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  int row = unpark_scene_row_at(&scene, y);
  gint64 ns;
  self->pointer_x = x;
  self->pointer_y = y;
  unpark_timeline_set_hover(
      self->timeline, x < scene.lanes_x ? NAN : unpark_axis_ns(&scene.axis, x - scene.lanes_x));
  if (!self->dragging)
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self->timeline),
                                    is_on_divider(&scene, x) ? "col-resize"
                                    : row >= 0 && unpark_scene_edge_at(&scene, (guint)row, x, &ns)
                                        ? "pointer"
                                        : NULL);
}

static void on_leave(GtkEventControllerMotion *controller, UnparkTimelineInput *self) {
  self->pointer_x = self->pointer_y = -1;
  unpark_timeline_set_hover(self->timeline, NAN);
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkScene scene = unpark_timeline_get_scene(UNPARK_TIMELINE(widget));
  g_autofree char *text = keyboard ? NULL : unpark_scene_tooltip(&scene, x, y);
  GdkRectangle area = {x - 2, y - 2, 4, 4};
  if (!text)
    return FALSE;
  /* A label of our own: the tooltip's wraps where it need not. */
  gtk_tooltip_set_custom(tooltip, gtk_label_new(text));
  gtk_tooltip_set_tip_area(tooltip, &area);
  return TRUE;
}

/* ---- Keys and focus ------------------------------------------------------------------------ */

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, UnparkTimelineInput *self) {
  return unpark_timeline_key(self->timeline, key, state, self->pointer_x) ? GDK_EVENT_STOP
                                                                          : GDK_EVENT_PROPAGATE;
}

static void on_focus(UnparkTimelineInput *self) {
  UnparkTimeline *timeline = self->timeline;
  if (timeline->focus_row < 0 && timeline->source.rows && timeline->source.rows->n > 0)
    timeline->focus_row = 0;
  unpark_timeline_announce(timeline);
  gtk_widget_queue_draw(GTK_WIDGET(timeline));
}

/* ---- Controllers ------------------------------------------------------------------------- */

static void add_drag(UnparkTimelineInput *self, guint button) {
  GtkGesture *drag = gtk_gesture_drag_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(GTK_WIDGET(self->timeline), GTK_EVENT_CONTROLLER(drag));
}

void unpark_timeline_input_init(UnparkTimelineInput *self, UnparkTimeline *timeline) {
  GtkWidget *widget = GTK_WIDGET(timeline);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  GtkGesture *click = gtk_gesture_click_new();
  GtkGesture *menu = gtk_gesture_click_new();
  GtkGesture *zoom = gtk_gesture_zoom_new();
  *self = (UnparkTimelineInput){.timeline = timeline, .pointer_x = -1, .pointer_y = -1};
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(menu), GDK_BUTTON_SECONDARY);
  g_signal_connect(menu, "pressed", G_CALLBACK(unpark_timeline_menu_pressed), timeline);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect_swapped(focus, "enter", G_CALLBACK(on_focus), self);
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(gtk_widget_queue_draw), timeline);
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), self);
  g_signal_connect(zoom, "begin", G_CALLBACK(on_zoom_begin), self);
  g_signal_connect(zoom, "scale-changed", G_CALLBACK(on_zoom_scale), self);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(menu));
  gtk_widget_add_controller(widget, scroll);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  gtk_widget_add_controller(widget, focus);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(zoom));
  add_drag(self, GDK_BUTTON_PRIMARY);
  add_drag(self, GDK_BUTTON_MIDDLE);
  gtk_widget_set_has_tooltip(widget, TRUE);
  g_signal_connect(widget, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
}
