/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/ruler.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/kit/rgba.h"
#include "ui/kit/text-cache.h"

#define RULER_HEIGHT 26
#define LABEL_PX 96
#define MIN_DRAG_PX 3
/* Of the time at the pointer, px. */
#define HOVER_PADDING 5

struct _UnparkRuler {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkTimeline *timeline;
  UnparkTextCache *texts;
  double drag_x;
};

G_DEFINE_FINAL_TYPE(UnparkRuler, unpark_ruler, GTK_TYPE_WIDGET)

UnparkTimeAxis unpark_ruler_get_axis(UnparkRuler *self) {
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  UnparkTimeAxis axis = scene.axis;
  graphene_point_t left;
  /* The corner beside the ruler may be wider than the headers beside the lanes. */
  if (gtk_widget_compute_point(GTK_WIDGET(self), GTK_WIDGET(self->timeline),
                               &GRAPHENE_POINT_INIT(0, 0), &left))
    axis.start_ns += ((double)left.x - scene.lanes_x) * axis.ns_per_px;
  axis.width = MAX(gtk_widget_get_width(GTK_WIDGET(self)), 1);
  return axis;
}

static void box(GtkSnapshot *snapshot, double x, double y, double width, double height,
                GdkRGBA color) {
  gtk_snapshot_append_color(snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void paint_ticks(UnparkRuler *self, GtkSnapshot *snapshot) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  gint64 step = unpark_axis_tick_step(&axis, LABEL_PX);
  double end = MIN(unpark_axis_end(&axis), (double)unpark_session_get_end(self->session));
  GdkRGBA line = unpark_ink(UNPARK_INK_DIM_TEXT, 0.5f), dim = unpark_ink(UNPARK_INK_DIM_TEXT, 1);
  for (gint64 t = MAX(unpark_axis_first_tick(&axis, step) - step, 0); (double)t <= end; t += step) {
    char label[UNPARK_FORMAT_SIZE];
    int text_width;
    double x = floor(unpark_axis_x(&axis, (double)t));
    PangoLayout *layout = unpark_text_cache_get(
        self->texts, UNPARK_TEXT_SMALL, unpark_format_time(t, step, label), &text_width, NULL);
    box(snapshot, x, RULER_HEIGHT - 9, 1, 9, line);
    for (int minor = 1; minor < 5; minor++)
      box(snapshot, floor(x + (double)step / axis.ns_per_px * minor / 5), RULER_HEIGHT - 4, 1, 4,
          line);
    if (x + 4 + text_width > axis.width) /* half a number would be another one */
      continue;
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)x + 4, 4));
    gtk_snapshot_append_layout(snapshot, layout, &dim);
    gtk_snapshot_restore(snapshot);
  }
}

static void paint_selection(UnparkRuler *self, GtkSnapshot *snapshot) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  gint64 from, to;
  char label[UNPARK_FORMAT_SIZE];
  int width, height;
  if (!unpark_session_get_selected_time(self->session, &from, &to))
    return;
  double x0 = unpark_axis_x(&axis, (double)from), x1 = unpark_axis_x(&axis, (double)to);
  GdkRGBA white = {1, 1, 1, 1}, accent = unpark_ink(UNPARK_INK_ACCENT, 1);
  if (adw_style_manager_get_dark(adw_style_manager_get_default()))
    white = (GdkRGBA){0, 0, 0, 1};
  box(snapshot, x0, 0, MAX(x1 - x0, 1), RULER_HEIGHT, accent);
  PangoLayout *layout = unpark_text_cache_get(
      self->texts, UNPARK_TEXT_SMALL, unpark_format_duration(to - from, label), &width, &height);
  if (x1 - x0 < width + 4)
    return;
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot,
                         &GRAPHENE_POINT_INIT((float)floor((x0 + x1 - width) / 2),
                                              (float)floor((RULER_HEIGHT - height) / 2.0)));
  gtk_snapshot_append_layout(snapshot, layout, &white);
  gtk_snapshot_restore(snapshot);
}

/* The exact time at the pointer, here or over the lanes. */
static void paint_hover(UnparkRuler *self, GtkSnapshot *snapshot) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  double ns = unpark_timeline_get_hover(self->timeline, NULL), x = floor(unpark_axis_x(&axis, ns));
  char label[UNPARK_FORMAT_SIZE];
  int width, height;
  if (isnan(ns) || x < 0 || x > axis.width)
    return;
  GdkRGBA paper = unpark_ink(UNPARK_INK_BACKGROUND, 1), text = unpark_ink(UNPARK_INK_TEXT, 1);
  unpark_format_time((gint64)ns, MAX((gint64)axis.ns_per_px, 1), label);
  PangoLayout *layout =
      unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, label, &width, &height);
  double left =
      CLAMP(x - width / 2.0 - HOVER_PADDING, 0, MAX(axis.width - width - 2 * HOVER_PADDING, 0));
  box(snapshot, left, 2, width + 2 * HOVER_PADDING, RULER_HEIGHT - 4, text);
  box(snapshot, x, RULER_HEIGHT - 2, 1, 2, text);
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot,
                         &GRAPHENE_POINT_INIT((float)floor(left + HOVER_PADDING),
                                              (float)floor((RULER_HEIGHT - height) / 2.0)));
  gtk_snapshot_append_layout(snapshot, layout, &paper);
  gtk_snapshot_restore(snapshot);
}

static void unpark_ruler_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkRuler *self = UNPARK_RULER(widget);
  int width = gtk_widget_get_width(widget);
  box(snapshot, 0, 0, width, RULER_HEIGHT, unpark_ink(UNPARK_INK_STRIPE, 1));
  paint_ticks(self, snapshot);
  paint_selection(self, snapshot);
  paint_hover(self, snapshot);
  box(snapshot, 0, RULER_HEIGHT - 1, width, 1, unpark_ink(UNPARK_INK_LINE, 1));
  if (gtk_widget_has_visible_focus(widget)) {
    box(snapshot, 0, 0, width, 2, unpark_ink(UNPARK_INK_ACCENT, 1));
    box(snapshot, 0, RULER_HEIGHT - 2, width, 2, unpark_ink(UNPARK_INK_ACCENT, 1));
  }
}

static void unpark_ruler_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                 int *minimum, int *natural, int *minimum_baseline,
                                 int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? RULER_HEIGHT : 100;
}

static gint64 time_at(UnparkRuler *self, double x) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  return unpark_session_nearest(self->session, unpark_axis_ns(&axis, x));
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkRuler *self) {
  self->drag_x = x;
}

/* What is selected is to be summed up: a page about a single thing would stand in the way. */
static void leave_single_thing(UnparkRuler *self) {
  static const UnparkPick none = {
      .type = UNPARK_PICK_NONE, .id = UNPARK_NONE, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  UnparkPickType type = unpark_session_get_pick(self->session)->type;
  if (type == UNPARK_PICK_SPAN || type == UNPARK_PICK_ROW)
    unpark_session_set_pick(self->session, &none);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, UnparkRuler *self) {
  if (fabs(dx) < MIN_DRAG_PX)
    return;
  leave_single_thing(self);
  unpark_session_select_time(self->session, time_at(self, self->drag_x),
                             time_at(self, self->drag_x + dx));
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, UnparkRuler *self) {
  if (fabs(dx) < MIN_DRAG_PX)
    unpark_session_clear_selected_time(self->session);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y, UnparkRuler *self) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  unpark_timeline_set_hover(self->timeline, unpark_axis_ns(&axis, x));
}

static void on_leave(GtkEventControllerMotion *controller, UnparkRuler *self) {
  unpark_timeline_set_hover(self->timeline, NAN);
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkRuler *self = UNPARK_RULER(widget);
  UnparkStore *store = unpark_session_get_store(self->session);
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  char at[UNPARK_FORMAT_SIZE], wall[UNPARK_FORMAT_SIZE];
  if (!store || keyboard)
    return FALSE;
  gint64 ns = time_at(self, x), start = unpark_store_source(store)->start_wall_ns;
  unpark_format_time(ns, MAX((gint64)axis.ns_per_px, 1), at);
  g_autofree char *text = start == UNPARK_NONE
                              ? g_strdup_printf(_("%s\nDrag to select time"), at)
                              : g_strdup_printf(_("%s (%s)\nDrag to select time"), at,
                                                unpark_format_wall(start + ns, wall));
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

/* ---- keys -------------------------------------------------------------------------------- */

/* Arrows move the selected time, with Shift its end; without one, they begin with what is seen. */
static void move_selection(UnparkRuler *self, int direction, gboolean only_end) {
  UnparkTimeAxis axis = unpark_ruler_get_axis(self);
  gint64 first = unpark_session_get_start(self->session);
  gint64 end = unpark_session_get_end(self->session), from, to;
  gint64 step = direction * MAX((gint64)(axis.width * axis.ns_per_px / 50), 1);
  if (!unpark_session_get_selected_time(self->session, &from, &to)) {
    from = time_at(self, axis.width / 3);
    to = time_at(self, axis.width * 2 / 3);
    step = 0;
  }
  gint64 length = to - from;
  from = only_end ? from : CLAMP(from + step, first, MAX(end - length, first));
  to = only_end ? CLAMP(to + step, from + 1, end) : from + length;
  unpark_session_select_time(self->session, from, to);
}

static void select_visible(UnparkRuler *self) {
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  unpark_session_select_time(self->session, unpark_session_nearest(self->session, from),
                             unpark_session_nearest(self->session, to));
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, UnparkRuler *self) {
  gboolean shift = (state & GDK_SHIFT_MASK) != 0;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_Right:
    move_selection(self, key == GDK_KEY_Left ? -1 : 1, shift);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    select_visible(self);
    return GDK_EVENT_STOP;
  case GDK_KEY_Escape:
    unpark_session_clear_selected_time(self->session);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* What is selected is part of the name: it is drawn, and nothing else would tell it. */
static void update_name(UnparkRuler *self) {
  char length[UNPARK_FORMAT_SIZE], start[UNPARK_FORMAT_SIZE];
  gint64 from, to;
  g_autofree char *name = NULL;
  if (unpark_session_get_selected_time(self->session, &from, &to))
    name = g_strdup_printf(_("Time scale, %s from %s selected"),
                           unpark_format_duration(to - from, length),
                           unpark_format_time(from, MAX((to - from) / 100, 1), start));
  unpark_accessible_name(GTK_WIDGET(self), name ? name : _("Time scale"));
}

static void on_selection(UnparkRuler *self) {
  update_name(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void unpark_ruler_dispose(GObject *object) {
  g_clear_object(&UNPARK_RULER(object)->session);
  g_clear_object(&UNPARK_RULER(object)->timeline);
  G_OBJECT_CLASS(unpark_ruler_parent_class)->dispose(object);
}

static void unpark_ruler_finalize(GObject *object) {
  unpark_text_cache_free(UNPARK_RULER(object)->texts);
  G_OBJECT_CLASS(unpark_ruler_parent_class)->finalize(object);
}

static void unpark_ruler_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS(unpark_ruler_parent_class)->css_changed(widget, change);
  unpark_text_cache_clear(UNPARK_RULER(widget)->texts);
}

static void unpark_ruler_class_init(UnparkRulerClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_ruler_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_ruler_finalize;
  widget_class->snapshot = unpark_ruler_snapshot;
  widget_class->measure = unpark_ruler_measure;
  widget_class->css_changed = unpark_ruler_css_changed;
  gtk_widget_class_set_css_name(widget_class, "ruler");
}

static void unpark_ruler_init(UnparkRuler *self) {
  GtkGesture *drag = gtk_gesture_drag_new();
  self->texts = unpark_text_cache_new(GTK_WIDGET(self));
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), "crosshair");
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  gtk_widget_add_controller(GTK_WIDGET(self), motion);
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  gtk_accessible_update_property(
      GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      _("Enter selects the visible time; arrow keys move it, and with Shift its end"), -1);
}

GtkWidget *unpark_ruler_new(UnparkSession *session, UnparkTimeline *timeline) {
  UnparkRuler *self = g_object_new(UNPARK_TYPE_RULER, NULL);
  self->session = g_object_ref(session);
  self->timeline = g_object_ref(timeline);
  g_signal_connect_object(timeline, "header-width-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(timeline, "hover-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(on_selection), self,
                          G_CONNECT_SWAPPED);
  update_name(self);
  return GTK_WIDGET(self);
}
