#include <glib/gi18n.h>
#include <math.h>

#include "ui/settings.h"
#include "ui/timeline-private.h"

#define ZOOM_STEP 1.25
#define PAN_PART 0.12
/* The pointer moved less: a click. */
#define CLICK_PX 4
/* How far back a previous span is looked for first; then four times as far, and so on. */
#define FIRST_LOOK_BACK_NS 1000000

/* ---- Picking ----------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  gint64 goroutine, from_ns, to_ns;
  int direction; /* 0: the longest that touches; -1: the one before from; 1: the one after to */
  gboolean zoom;
} Lookup;

static void lookup_free(gpointer data) {
  unpark_store_unref(((Lookup *)data)->store);
  g_free(data);
}

static gboolean choose(const Lookup *look, const UnparkSpan *spans, guint n, UnparkSpan *best) {
  gboolean found = FALSE;
  for (guint i = 0; i < n; i++) {
    gint64 length = MIN(spans[i].end_ns, look->to_ns) - MAX(spans[i].start_ns, look->from_ns);
    if (look->direction < 0 && spans[i].start_ns >= look->from_ns)
      continue;
    if (look->direction > 0 && spans[i].start_ns < look->to_ns)
      continue;
    if (!found || look->direction < 0 ||
        (look->direction == 0 &&
         length > MIN(best->end_ns, look->to_ns) - MAX(best->start_ns, look->from_ns)))
      *best = spans[i];
    found = TRUE;
    if (look->direction > 0)
      break;
  }
  return found;
}

static gboolean find_span(const Lookup *look, UnparkSpan *best, GCancellable *cancellable,
                          GError **error) {
  gint64 from = look->from_ns, to = look->to_ns, back = FIRST_LOOK_BACK_NS;
  for (;;) {
    guint n;
    g_autoptr(GError) failure = NULL;
    if (look->direction < 0)
      from = MAX(look->from_ns - back, 0);
    else if (look->direction > 0)
      to = G_MAXINT64;
    g_autofree UnparkSpan *spans =
        unpark_store_spans(look->store, look->goroutine, from, to, look->direction > 0 ? 3 : 0, &n,
                           cancellable, &failure);
    if (failure) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (choose(look, spans, n, best))
      return TRUE;
    if (look->direction >= 0 || from == 0) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such span");
      return FALSE;
    }
    back *= 4;
  }
}

static void lookup_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  UnparkSpan span;
  if (find_span(data, &span, cancellable, &error))
    g_task_return_pointer(task, g_memdup2(&span, sizeof span), g_free);
  else
    g_task_return_error(task, error);
}

static void show_span(UnparkTimeline *self, const UnparkSpan *span) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double start = (double)span->start_ns, end = (double)span->end_ns;
  if (end >= axis.start_ns && start <= unpark_axis_end(&axis))
    return;
  axis.start_ns = start - (unpark_axis_end(&axis) - axis.start_ns) / 3;
  unpark_timeline_set_axis(self, &axis);
}

static void on_looked_up(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkTimeline *self = UNPARK_TIMELINE(source);
  const Lookup *look = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autofree UnparkSpan *span = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->session || unpark_session_get_store(self->session) != look->store)
    return;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  if (error) {
    g_warning("Spans cannot be read: %s", error->message);
    return;
  }
  UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                     .id = span->goroutine,
                     .start_ns = span->start_ns,
                     .end_ns = span->end_ns};
  self->focus_ns = self->picked_ns = span->start_ns;
  self->picked_goroutine = span->goroutine;
  self->picked_kind = span->kind;
  if (look->zoom) {
    unpark_session_go_to(self->session, &pick, "timeline");
  } else {
    unpark_session_set_pick(self->session, &pick);
    if (look->direction != 0)
      show_span(self, span);
  }
  unpark_timeline_announce(self);
}

static void look_up(UnparkTimeline *self, gint64 goroutine, gint64 from_ns, gint64 to_ns,
                    int direction, gboolean zoom) {
  Lookup *look = g_new0(Lookup, 1);
  look->store = unpark_store_ref(self->rows->store);
  look->goroutine = goroutine;
  look->from_ns = from_ns;
  look->to_ns = to_ns;
  look->direction = direction;
  look->zoom = zoom;
  g_autoptr(GTask) task = g_task_new(self, NULL, on_looked_up, NULL);
  g_task_set_task_data(task, look, lookup_free);
  g_task_run_in_thread(task, lookup_thread);
}

static void pick_row(UnparkTimeline *self, const UnparkRow *row) {
  UnparkPick pick = {.id = row->id, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_GOROUTINE:
    pick.type = UNPARK_PICK_GOROUTINE;
    break;
  case UNPARK_ROW_GROUP:
    pick.type = UNPARK_PICK_GROUP;
    break;
  case UNPARK_ROW_PROC:
    pick.type = UNPARK_PICK_PROC;
    break;
  case UNPARK_ROW_THREAD:
    pick.type = UNPARK_PICK_THREAD;
    break;
  case UNPARK_ROW_TASK: {
    const UnparkTask *task =
        self->series ? unpark_track_index_task(self->series->tracks, row->id) : NULL;
    const UnparkHit hit = {.type = UNPARK_HIT_TASK, .task = task};
    if (!task || !unpark_timeline_hit_pick(&hit, &pick))
      return;
    break;
  }
  case UNPARK_ROW_SECTION:
  case UNPARK_ROW_TASK_GROUP:
  case UNPARK_ROW_STW:
  case UNPARK_ROW_GC:
  case UNPARK_ROW_HEAP:
  case UNPARK_ROW_THREADS:
  case UNPARK_ROW_STATES:
  default:
    return;
  }
  unpark_session_set_pick(self->session, &pick);
}

void unpark_timeline_pick_item(UnparkTimeline *self, guint n, const UnparkItem *item,
                               gboolean zoom) {
  const UnparkRow *row = &self->rows->rows[n];
  gint64 goroutine = row->type == UNPARK_ROW_GOROUTINE ? row->id : item ? item->goroutine : -1;
  self->focus_row = (int)n;
  if (item)
    self->focus_ns = item->start_ns;
  if (!item || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES ||
      goroutine == UNPARK_NONE || goroutine < 0) {
    pick_row(self, row);
    unpark_timeline_announce(self);
    return;
  }
  look_up(self, goroutine, item->start_ns, item->end_ns, 0, zoom);
}

void unpark_timeline_step(UnparkTimeline *self, int direction) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  if (!self->rows)
    return;
  if (pick->type == UNPARK_PICK_SPAN)
    look_up(self, pick->id, pick->start_ns, pick->end_ns, direction, FALSE);
  else if (self->focus_row >= 0 && self->rows->rows[self->focus_row].type == UNPARK_ROW_GOROUTINE)
    look_up(self, self->rows->rows[self->focus_row].id, (gint64)MAX(axis.start_ns, 0),
            (gint64)MAX(axis.start_ns, 0), direction > 0 ? 1 : -1, FALSE);
}

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

/* To the picked span, else to the selected time. */
static void zoom_to_selection(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  gint64 from, to;
  if (pick->type == UNPARK_PICK_SPAN && pick->end_ns != UNPARK_NONE) {
    UnparkPick kept = *pick;
    unpark_session_go_to(self->session, &kept, "timeline");
  } else if (unpark_session_get_selected_time(self->session, &from, &to)) {
    double a = (double)from, b = (double)to;
    unpark_axis_clamp(&a, &b, (double)unpark_session_get_duration(self->session));
    unpark_session_set_visible(self->session, a, b);
  }
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy,
                          UnparkTimeline *self) {
  GdkModifierType state =
      gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
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
  self->drag_y = unpark_timeline_scroll_y(self);
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
  if (self->vadjustment)
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
  else
    pick_row(self, row);
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
    self->focus_row = row;
    if (n_press == 2)
      unpark_session_go_to(self->session, &pick, "timeline");
    else
      unpark_session_set_pick(self->session, &pick);
    unpark_timeline_announce(self);
    return;
  }
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

/* ---- The menu of a lane ------------------------------------------------------------- */

static void on_menu_action(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  if (self->focus_row < 0 || !self->rows)
    return;
  if (g_str_equal(name, "lane.pin"))
    unpark_timeline_toggle_pin(self, (guint)self->focus_row);
  else if (g_str_equal(name, "lane.open"))
    unpark_timeline_toggle_row(self, (guint)self->focus_row);
  else if (g_str_equal(name, "lane.zoom"))
    zoom_to_selection(self);
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
  const UnparkRow *row = self->focus_row >= 0 ? &self->rows->rows[self->focus_row] : NULL;
  g_autoptr(GMenu) menu = g_menu_new();
  if (!row)
    return;
  if (row->expandable)
    g_menu_append(menu, row->expanded ? _("Close") : _("Open"), "lane.open");
  if (row->type == UNPARK_ROW_GOROUTINE)
    g_menu_append(menu, unpark_timeline_is_pinned(self, row->id) ? _("Unpin") : _("Pin to the Top"),
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

static void on_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                            UnparkTimeline *self) {
  int row = unpark_timeline_row_at(self, y);
  if (row < 0)
    return;
  gtk_widget_grab_focus(GTK_WIDGET(self));
  self->focus_row = row;
  unpark_timeline_announce(self);
  show_menu(self, x, y);
}

static void show_menu_at_focus(UnparkTimeline *self) {
  if (self->focus_row >= 0)
    show_menu(self, 40,
              (double)self->rows->rows[self->focus_row].y - unpark_timeline_scroll_y(self) + 20);
}

/* ---- Keys -------------------------------------------------------------------------- */

static void move_focus(UnparkTimeline *self, int by) {
  if (!self->rows || self->rows->n == 0)
    return;
  self->focus_row = CLAMP(self->focus_row + by, 0, (int)self->rows->n - 1);
  unpark_timeline_show_row(self, (guint)self->focus_row);
  pick_row(self, &self->rows->rows[self->focus_row]);
  unpark_timeline_announce(self);
}

static int rows_per_page(UnparkTimeline *self) {
  return MAX(gtk_widget_get_height(GTK_WIDGET(self)) / 26, 1);
}

/* Opens, closes, pins, or picks what is in the middle of the lane. */
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
    zoom_to_selection(self);
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
  case GDK_KEY_Menu:
    show_menu_at_focus(self);
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
    show_menu_at_focus(self);
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

void unpark_timeline_focus(UnparkTimeline *self) {
  guint n = self->rows ? self->rows->n : 0;
  gboolean on_lane =
      self->focus_row >= 0 && self->rows->rows[self->focus_row].type == UNPARK_ROW_GOROUTINE;
  for (guint i = 0; i < n && !on_lane; i++)
    if (self->rows->rows[i].type == UNPARK_ROW_GOROUTINE) {
      self->focus_row = (int)i;
      unpark_timeline_show_row(self, i);
      pick_row(self, &self->rows->rows[i]);
      break;
    }
  gtk_widget_grab_focus(GTK_WIDGET(self));
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
  g_signal_connect(menu, "pressed", G_CALLBACK(on_menu_pressed), self);
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
