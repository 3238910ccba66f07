/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/settings.h"
#include "ui/timeline/private.h"

#define ZOOM_STEP 1.25
#define PAN_PART 0.12
/* What is pinned scrolls by so much at a notch of the wheel. */
#define WHEEL_PX 44
/* The pointer moved less: a click. */
#define CLICK_PX 4

/* ---- Pan and zoom ------------------------------------------------------------------ */

static void zoom_at(UnparkTimeline *self, double x, double factor) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double at = x < self->header_width ? axis.width / 2 : x - self->header_width;
  axis = unpark_axis_zoom(&axis, at, factor);
  unpark_timeline_set_axis(self, &axis);
}

static void pan(UnparkTimeline *self, double part) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  axis.start_ns += part * axis.width * axis.ns_per_px;
  unpark_timeline_set_axis(self, &axis);
}

void unpark_timeline_show_all(UnparkTimeline *self) {
  unpark_session_set_visible(self->session, 0, (double)unpark_session_get_duration(self->session));
}

/* Without the mouse: the time of what is picked, else what can be seen. */
static void select_time(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  double from, to;
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      pick->end_ns > pick->start_ns) {
    unpark_session_select_time(self->session, pick->start_ns, pick->end_ns);
    return;
  }
  unpark_session_get_visible(self->session, &from, &to);
  double end = (double)unpark_session_get_duration(self->session);
  unpark_session_select_time(self->session, (gint64)CLAMP(from, 0, end), (gint64)CLAMP(to, 0, end));
}

/* To what is picked if it has a length, else to the selected time. */
void unpark_timeline_zoom_to_selection(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  gint64 from, to;
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      (pick->type == UNPARK_PICK_SPAN || pick->end_ns > pick->start_ns)) {
    UnparkPick kept = *pick;
    unpark_session_go_to(self->session, &kept, "timeline");
  } else if (unpark_session_get_selected_time(self->session, &from, &to)) {
    double a = (double)from, b = (double)to;
    unpark_axis_clamp(&a, &b, (double)unpark_session_get_duration(self->session));
    unpark_session_set_visible(self->session, a, b);
  }
}

/* On what is pinned, if there is more of it than can be seen. */
static gboolean is_on_pinned(UnparkTimeline *self, double y) {
  UnparkPanes panes = unpark_timeline_panes(self);
  return y >= 0 && y < panes.pane[UNPARK_PANE_PINNED].bottom &&
         unpark_panes_pinned_range(self->rows, panes.height) > 0;
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy,
                          UnparkTimeline *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  if (!(state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) && fabs(dy) > fabs(dx) &&
      is_on_pinned(self, self->pointer_y)) {
    gboolean wheel = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_WHEEL;
    unpark_timeline_scroll_pinned(self, self->pinned_scroll + dy * (wheel ? WHEEL_PX : 1));
    return GDK_EVENT_STOP;
  }
  if (!(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE; /* the scrolled window's, with shift sideways */
  zoom_at(self, self->pointer_x, pow(ZOOM_STEP, -dy));
  return GDK_EVENT_STOP;
}

static void on_zoom_begin(GtkGesture *gesture, GdkEventSequence *sequence, UnparkTimeline *self) {
  unpark_session_get_visible(self->session, &self->zoom_from_ns, &self->zoom_to_ns);
}

static void on_zoom_scale(GtkGestureZoom *gesture, double scale, UnparkTimeline *self) {
  double x, y;
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
    return;
  axis = unpark_axis_new(self->zoom_from_ns, self->zoom_to_ns, axis.width);
  axis = unpark_axis_zoom(&axis, MAX(x - self->header_width, 0), scale);
  unpark_timeline_set_axis(self, &axis);
}

/* ---- Dragging ---------------------------------------------------------------------- */

static gboolean on_divider(UnparkTimeline *self, double x) {
  return fabs(x - self->header_width) <= UNPARK_DIVIDER_PX;
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkTimeline *self) {
  self->drag_divider = on_divider(self, x);
  self->drag_header_width = self->header_width;
  self->dragging = FALSE;
  self->drag_pinned = is_on_pinned(self, y);
  self->drag_y = self->drag_pinned   ? self->pinned_scroll
                 : self->vadjustment ? gtk_adjustment_get_value(self->vadjustment)
                                     : 0;
  unpark_session_get_visible(self->session, &self->drag_from_ns, &self->drag_to_ns);
  if (x < self->header_width && !self->drag_divider)
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, UnparkTimeline *self) {
  if (!self->dragging && hypot(dx, dy) < CLICK_PX)
    return;
  if (!self->dragging) {
    self->dragging = TRUE;
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self),
                                    self->drag_divider ? "col-resize" : "grabbing");
  }
  if (self->drag_divider) {
    self->header_width = self->drag_header_width + dx;
    gtk_widget_queue_allocate(GTK_WIDGET(self));
    g_signal_emit_by_name(self, "header-width-changed");
    return;
  }
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  axis = unpark_axis_new(self->drag_from_ns, self->drag_to_ns, axis.width);
  axis.start_ns -= dx * axis.ns_per_px;
  unpark_timeline_set_axis(self, &axis);
  if (self->drag_pinned)
    unpark_timeline_scroll_pinned(self, self->drag_y - dy);
  else if (self->vadjustment)
    gtk_adjustment_set_value(self->vadjustment, self->drag_y - dy);
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, UnparkTimeline *self) {
  gtk_widget_set_cursor(GTK_WIDGET(self), NULL);
  if (self->dragging && self->drag_divider)
    unpark_settings_set_int("timeline.header-width", (int)self->header_width);
  self->dragging = FALSE;
}

/* ---- Clicks ------------------------------------------------------------------------ */

/* Sections and groups open anywhere; a goroutine is picked, and opens by its arrow or twice. */
static void header_pressed(UnparkTimeline *self, guint n, double x, int n_press) {
  const UnparkRow *row = &self->rows->rows[n];
  gboolean on_arrow = x < 8 + 14 * row->depth + 14;
  if (row->expandable &&
      (row->type != UNPARK_ROW_GOROUTINE ? n_press == 1 : (on_arrow || n_press == 2)))
    unpark_timeline_toggle_row(self, n);
  unpark_timeline_pick_row(self, row); /* of what has a page */
}

static void on_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                       UnparkTimeline *self) {
  const UnparkLaneData *data;
  int row = unpark_timeline_row_at(self, y);
  gtk_widget_grab_focus(GTK_WIDGET(self));
  if (row < 0 || on_divider(self, x))
    return;
  if (x < self->header_width) {
    self->focus_row = row;
    header_pressed(self, (guint)row, x, n_press);
    unpark_timeline_announce(self);
    return;
  }
  UnparkHit hit;
  UnparkPick pick;
  if (unpark_timeline_hit(self, (guint)row, x, y, &hit) && unpark_timeline_hit_pick(&hit, &pick)) {
    if (self->rows->rows[row].type == UNPARK_ROW_GOROUTINE)
      pick.goroutine = self->rows->rows[row].id;
    self->focus_row = row;
    if (n_press == 2)
      unpark_session_go_to(self->session, &pick, "timeline");
    else
      unpark_session_set_pick(self->session, &pick);
    unpark_timeline_announce(self);
    return;
  }
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  if (!unpark_timeline_pick_metric(self, (guint)row, unpark_axis_ns(&axis, x - self->header_width)))
    unpark_timeline_pick_item(self, (guint)row, unpark_timeline_item_at(self, (guint)row, x, &data),
                              n_press == 2);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y,
                      UnparkTimeline *self) {
  self->pointer_x = x;
  self->pointer_y = y;
  if (!self->dragging)
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self), on_divider(self, x) ? "col-resize" : NULL);
}

static void on_leave(GtkEventControllerMotion *controller, UnparkTimeline *self) {
  self->pointer_x = self->pointer_y = -1;
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  g_autofree char *text = keyboard ? NULL : unpark_timeline_tooltip(UNPARK_TIMELINE(widget), x, y);
  GdkRectangle area = {x - 2, y - 2, 4, 4};
  if (!text)
    return FALSE;
  /* A label of our own: the tooltip's wraps where it need not. */
  gtk_tooltip_set_custom(tooltip, gtk_label_new(text));
  gtk_tooltip_set_tip_area(tooltip, &area);
  return TRUE;
}

/* ---- Keys -------------------------------------------------------------------------- */

static void move_focus(UnparkTimeline *self, int by) {
  if (!self->rows || self->rows->n == 0)
    return;
  self->focus_row = CLAMP(self->focus_row + by, 0, (int)self->rows->n - 1);
  unpark_timeline_show_row(self, (guint)self->focus_row);
  unpark_timeline_pick_row(self, &self->rows->rows[self->focus_row]);
  unpark_timeline_announce(self);
}

static int rows_per_page(UnparkTimeline *self) {
  return MAX(gtk_widget_get_height(GTK_WIDGET(self)) / 26, 1);
}

/* Opens, closes, pins, or picks the first span that can be seen. */
static void activate_focus(UnparkTimeline *self) {
  if (self->focus_row < 0)
    return;
  if (self->rows->rows[self->focus_row].expandable)
    unpark_timeline_toggle_row(self, (guint)self->focus_row);
  else
    unpark_timeline_step(self, 1);
}

static void pin_focus(UnparkTimeline *self) {
  if (self->focus_row >= 0)
    unpark_timeline_toggle_pin(self, (guint)self->focus_row);
}

static gboolean key_moves(UnparkTimeline *self, guint key) {
  switch (key) {
  case GDK_KEY_w:
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add:
    zoom_at(self, self->pointer_x, ZOOM_STEP * ZOOM_STEP);
    return TRUE;
  case GDK_KEY_s:
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
    zoom_at(self, self->pointer_x, 1 / (ZOOM_STEP * ZOOM_STEP));
    return TRUE;
  case GDK_KEY_a:
  case GDK_KEY_Left:
    pan(self, -PAN_PART);
    return TRUE;
  case GDK_KEY_d:
  case GDK_KEY_Right:
    pan(self, PAN_PART);
    return TRUE;
  case GDK_KEY_Home:
    unpark_timeline_show_all(self);
    return TRUE;
  case GDK_KEY_f:
    unpark_timeline_zoom_to_selection(self);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean key_focuses(UnparkTimeline *self, guint key) {
  switch (key) {
  case GDK_KEY_Up:
    move_focus(self, -1);
    return TRUE;
  case GDK_KEY_Down:
    move_focus(self, 1);
    return TRUE;
  case GDK_KEY_Page_Up:
    move_focus(self, -rows_per_page(self));
    return TRUE;
  case GDK_KEY_Page_Down:
    move_focus(self, rows_per_page(self));
    return TRUE;
  case GDK_KEY_n:
    unpark_timeline_step(self, 1);
    return TRUE;
  case GDK_KEY_p:
    unpark_timeline_step(self, -1);
    return TRUE;
  case GDK_KEY_i:
    pin_focus(self);
    return TRUE;
  case GDK_KEY_t:
    select_time(self);
    return TRUE;
  case GDK_KEY_Menu:
    unpark_timeline_show_menu_at_focus(self);
    return TRUE;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    activate_focus(self);
    return TRUE;
  case GDK_KEY_Escape:
    unpark_session_clear_selected_time(self->session);
    unpark_session_set_pick(self->session, NULL);
    return TRUE;
  default:
    return FALSE;
  }
}

static void copy_focus(UnparkTimeline *self) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  UnparkLaneKey key;
  g_autofree char *text = NULL;
  if (self->focus_row < 0)
    return;
  const UnparkRow *row = &self->rows->rows[self->focus_row];
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkLaneData *data =
      unpark_row_lane(row, &key) ? unpark_lane_cache_get(self->lanes, &key) : NULL;
  /* What lies in no lane as a state, or in another lane: what the inspector says of it. */
  if (pick->type == UNPARK_PICK_ROW || unpark_pick_is_metric(pick) ||
      (pick->type == UNPARK_PICK_SPAN &&
       (row->type != UNPARK_ROW_GOROUTINE || row->id != pick->id))) {
    gtk_widget_activate_action(GTK_WIDGET(self), "timeline.copy-page", NULL);
    return;
  }
  if (data && pick->type == UNPARK_PICK_SPAN) {
    int i = unpark_items_at(data->lane.items, data->lane.n_items, (double)pick->start_ns,
                            (double)pick->start_ns + axis.ns_per_px);
    if (i >= 0)
      text = unpark_timeline_item_name(self, row, &data->lane.items[i]);
  }
  if (!text)
    text = unpark_timeline_row_name(self, row);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, UnparkTimeline *self) {
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask();
  if (!self->rows)
    return GDK_EVENT_PROPAGATE;
  if (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_c) {
    copy_focus(self);
    return GDK_EVENT_STOP;
  }
  if (key == GDK_KEY_F10 && modifiers == GDK_SHIFT_MASK) {
    unpark_timeline_show_menu_at_focus(self);
    return GDK_EVENT_STOP;
  }
  if (modifiers & ~GDK_SHIFT_MASK)
    return GDK_EVENT_PROPAGATE;
  key = gdk_keyval_to_lower(key);
  return key_moves(self, key) || key_focuses(self, key) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void on_focus(UnparkTimeline *self) {
  if (self->focus_row < 0 && self->rows && self->rows->n > 0)
    self->focus_row = 0;
  unpark_timeline_announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* Where keys begin: at a goroutine's lane, with a filter at whatever passes. -1: nowhere. */
static int first_lane(UnparkTimeline *self) {
  for (guint i = self->filtered ? self->rows->n_pinned : 0; i < self->rows->n; i++)
    if (self->rows->rows[i].type == UNPARK_ROW_GOROUTINE)
      return (int)i;
  return self->filtered ? unpark_rows_first_passing(self->rows) : -1;
}

void unpark_timeline_focus(UnparkTimeline *self) {
  const UnparkRow *row =
      self->rows && self->focus_row >= 0 ? &self->rows->rows[self->focus_row] : NULL;
  gboolean on_lane = row && (self->filtered ? row->section >= UNPARK_SECTION_TASKS
                                            : row->type == UNPARK_ROW_GOROUTINE);
  int first = self->rows && !on_lane ? first_lane(self) : -1;
  /* Enter came before what was typed has been looked for: the lanes on screen are not those. */
  self->focus_pending = unpark_timeline_is_filtering(self);
  if (self->focus_pending)
    first = -1;
  if (first >= 0) {
    self->focus_row = first;
    unpark_timeline_show_row(self, (guint)first);
    unpark_timeline_pick_row(self, &self->rows->rows[first]);
  }
  gtk_widget_grab_focus(GTK_WIDGET(self));
  unpark_timeline_announce(self); /* which it does not do if it had the focus already */
}

static void add_drag(UnparkTimeline *self, guint button) {
  GtkGesture *drag = gtk_gesture_drag_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
}

void unpark_timeline_init_input(UnparkTimeline *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  GtkGesture *click = gtk_gesture_click_new();
  GtkGesture *menu = gtk_gesture_click_new();
  GtkGesture *zoom = gtk_gesture_zoom_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(menu), GDK_BUTTON_SECONDARY);
  g_signal_connect(menu, "pressed", G_CALLBACK(unpark_timeline_menu_pressed), self);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(menu));
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect_swapped(focus, "enter", G_CALLBACK(on_focus), self);
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(gtk_widget_queue_draw), self);
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), self);
  g_signal_connect(zoom, "begin", G_CALLBACK(on_zoom_begin), self);
  g_signal_connect(zoom, "scale-changed", G_CALLBACK(on_zoom_scale), self);
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
