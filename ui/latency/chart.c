/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/chart.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/kit/palette.h"

#define MIN_HEIGHT 160

struct _UnparkLatencyChart {
  GtkWidget parent_instance;

  const UnparkLatency *latency;
  const UnparkLatencySeries *series;
  guint class_id;
  UnparkLatencyMode mode;
  gboolean log_counts;
  int bar, column, row; /* under the pointer or the keyboard; -1 */

  int anchor, drag_bar;              /* where the picked bars, and a drag, begin; -1 */
  gboolean was_only;                 /* the bar at which a drag begins was all that was picked */
  double range_from_ns, range_to_ns; /* equal: nothing is picked */
};

G_DEFINE_FINAL_TYPE(UnparkLatencyChart, unpark_latency_chart, GTK_TYPE_WIDGET)

enum { TIME_ACTIVATED, RANGE_PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

static UnparkLatencyPicture picture_of(UnparkLatencyChart *self) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  return (UnparkLatencyPicture){.series = self->series,
                                .heat_from_ns = self->latency->heat_from_ns,
                                .heat_to_ns = self->latency->heat_to_ns,
                                .mode = self->mode,
                                .log_counts = self->log_counts,
                                .dark = dark,
                                .width = gtk_widget_get_width(GTK_WIDGET(self)),
                                .height = gtk_widget_get_height(GTK_WIDGET(self)),
                                .fill = unpark_palette_fill(self->class_id, dark),
                                .bar = self->bar,
                                .column = self->column,
                                .row = self->row,
                                .range_from_ns = self->range_from_ns,
                                .range_to_ns = self->range_to_ns};
}

/* ---- What is under the pointer ---------------------------------------------------------- */

static char *describe_bar(UnparkLatencyChart *self) {
  UnparkLatencyPicture picture = picture_of(self);
  UnparkLatencyPlot plot = unpark_latency_plot(&picture);
  g_autofree UnparkLatencyBar *bars = g_new(UnparkLatencyBar, plot.n_bars);
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  char share[UNPARK_FORMAT_SIZE], longer[UNPARK_FORMAT_SIZE];
  double all = (double)self->series->histogram.count, most;
  if (self->bar < 0 || self->bar >= (int)plot.n_bars)
    return NULL;
  unpark_latency_bars(&self->series->histogram, &plot.axis, FALSE, 0, bars, plot.n_bars, &most);
  const UnparkLatencyBar *bar = &bars[self->bar];
  unpark_format_duration((gint64)bar->from_ns, from);
  unpark_format_duration((gint64)MIN(bar->to_ns, 9.2e18), to);
  unpark_format_count((gint64)llround(bar->count), count);
  unpark_format_share(bar->count, all, share);
  unpark_format_share(all - bar->below - bar->count, all, longer);
  return g_strdup_printf(_("%s to %s: %s (%s); %s took longer"), from, to, count, share, longer);
}

static void cell_time(UnparkLatencyChart *self, gint64 *from, gint64 *to) {
  double span = (double)self->latency->heat_to_ns - (double)self->latency->heat_from_ns;
  double start = (double)self->latency->heat_from_ns;
  *from = (gint64)(start + span * self->column / UNPARK_LATENCY_COLUMNS);
  *to = (gint64)(start + span * (self->column + 1) / UNPARK_LATENCY_COLUMNS);
}

static char *describe_cell(UnparkLatencyChart *self) {
  char at[UNPARK_FORMAT_SIZE], least[UNPARK_FORMAT_SIZE], most[UNPARK_FORMAT_SIZE];
  char count[UNPARK_FORMAT_SIZE];
  gint64 from, to;
  if (self->column < 0 || self->row < 0 || !self->series->heat)
    return NULL;
  cell_time(self, &from, &to);
  unpark_format_time(from, to - from, at);
  unpark_format_duration((gint64)unpark_latency_row_from((guint)self->row), least);
  unpark_format_duration((gint64)unpark_latency_row_from((guint)self->row + 1), most);
  unpark_format_count(self->series->heat[self->column * UNPARK_LATENCY_ROWS + self->row], count);
  return g_strdup_printf(_("at %s, %s to %s: %s"), at, least, most, count);
}

static char *describe(UnparkLatencyChart *self) {
  if (!self->series || self->series->histogram.count == 0)
    return NULL;
  return self->mode == UNPARK_LATENCY_HISTOGRAM ? describe_bar(self) : describe_cell(self);
}

static void point_at(UnparkLatencyChart *self, int bar, int column, int row) {
  if (bar == self->bar && column == self->column && row == self->row)
    return;
  self->bar = bar;
  self->column = column;
  self->row = row;
  g_autofree char *words = describe(self);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 words ? words : "", -1);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), bar >= 0 || column >= 0 ? "pointer" : NULL);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- Picking lengths -------------------------------------------------------------------- */

static int bar_at(UnparkLatencyChart *self, double x, double y, gboolean clamp) {
  UnparkLatencyPicture picture = picture_of(self);
  UnparkLatencyPlot plot = unpark_latency_plot(&picture);
  if (clamp)
    x = CLAMP(x, plot.x, plot.x + plot.width - 1);
  else if (y < plot.y || y >= plot.y + plot.height)
    return -1;
  return unpark_latency_bar_at(&plot.axis, plot.n_bars, x - plot.x);
}

static void tell_range(UnparkLatencyChart *self) {
  gint64 from = (gint64)self->range_from_ns;
  gint64 to = self->range_to_ns >= 9.2e18 ? G_MAXINT64 : (gint64)self->range_to_ns;
  g_signal_emit(self, signals[RANGE_PICKED], 0, from, to);
}

/* From bar to bar, in either order. The last one has no end: it holds what is longest. */
static void set_range(UnparkLatencyChart *self, int a, int b) {
  UnparkLatencyPicture picture = picture_of(self);
  UnparkLatencyPlot plot = unpark_latency_plot(&picture);
  g_autofree UnparkLatencyBar *bars = g_new(UnparkLatencyBar, plot.n_bars);
  double most;
  int first = CLAMP(MIN(a, b), 0, (int)plot.n_bars - 1);
  int last = CLAMP(MAX(a, b), 0, (int)plot.n_bars - 1);
  unpark_latency_bars(&self->series->histogram, &plot.axis, FALSE, 0, bars, plot.n_bars, &most);
  self->range_from_ns = bars[first].from_ns;
  self->range_to_ns = last + 1 == (int)plot.n_bars ? 1e19 : bars[last].to_ns;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_latency_chart_clear_range(UnparkLatencyChart *self) {
  self->range_from_ns = self->range_to_ns = 0;
  self->anchor = self->drag_bar = -1;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static gboolean has_range(const UnparkLatencyChart *self) {
  return self->range_to_ns > self->range_from_ns;
}

static void give_up(UnparkLatencyChart *self) {
  if (!has_range(self))
    return;
  unpark_latency_chart_clear_range(self);
  tell_range(self);
}

static gboolean has_bars(UnparkLatencyChart *self) {
  return self->mode == UNPARK_LATENCY_HISTOGRAM && self->series &&
         self->series->histogram.count > 0;
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, UnparkLatencyChart *self) {
  if (!has_bars(self))
    return;
  double from = self->range_from_ns, to = self->range_to_ns;
  self->drag_bar = bar_at(self, x, y, FALSE);
  self->was_only = FALSE;
  if (self->drag_bar < 0)
    return;
  set_range(self, self->drag_bar, self->drag_bar);
  self->was_only = from == self->range_from_ns && to == self->range_to_ns;
}

static void on_drag_update(GtkGestureDrag *drag, double dx, double dy, UnparkLatencyChart *self) {
  double x, y;
  if (!has_bars(self) || self->drag_bar < 0 || !gtk_gesture_drag_get_start_point(drag, &x, &y))
    return;
  int bar = bar_at(self, x + dx, y, TRUE);
  self->was_only = self->was_only && bar == self->drag_bar;
  set_range(self, self->drag_bar, bar);
}

static void on_drag_end(GtkGestureDrag *drag, double dx, double dy, UnparkLatencyChart *self) {
  if (!has_bars(self))
    return;
  if (self->drag_bar < 0 || self->was_only) {
    give_up(self);
    return;
  }
  self->anchor = self->drag_bar;
  self->drag_bar = -1;
  tell_range(self);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y,
                      UnparkLatencyChart *self) {
  if (!self->series || self->series->histogram.count == 0)
    return;
  UnparkLatencyPicture picture = picture_of(self);
  UnparkLatencyPlot plot = unpark_latency_plot(&picture);
  gboolean inside =
      y >= plot.y && y < plot.y + plot.height && x >= plot.x && x < plot.x + plot.width;
  if (!inside)
    point_at(self, -1, -1, -1);
  else if (self->mode == UNPARK_LATENCY_HISTOGRAM)
    point_at(self, unpark_latency_bar_at(&plot.axis, plot.n_bars, x - plot.x), -1, -1);
  else
    point_at(self, -1, (int)((x - plot.x) / plot.width * UNPARK_LATENCY_COLUMNS),
             (int)plot.first_row + (int)((plot.y + plot.height - y) / plot.height * plot.n_rows));
}

static void on_leave(GtkEventControllerMotion *motion, UnparkLatencyChart *self) {
  point_at(self, -1, -1, -1);
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  g_autofree char *words = describe(UNPARK_LATENCY_CHART(widget));
  gtk_tooltip_set_text(tooltip, words);
  return words != NULL;
}

static void activate(UnparkLatencyChart *self) {
  gint64 from, to;
  if (has_bars(self) && self->bar >= 0) {
    self->anchor = self->bar;
    set_range(self, self->bar, self->bar);
    tell_range(self);
  }
  if (self->mode != UNPARK_LATENCY_HEAT || self->column < 0 || !self->series)
    return;
  cell_time(self, &from, &to);
  g_signal_emit(self, signals[TIME_ACTIVATED], 0, from, to);
}

static void on_click(GtkGestureClick *click, int n, double x, double y, UnparkLatencyChart *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  if (self->mode == UNPARK_LATENCY_HEAT)
    activate(self);
}

/* The next bar or cell with something in it. */
static void step(UnparkLatencyChart *self, int dx, int dy) {
  UnparkLatencyPicture picture = picture_of(self);
  UnparkLatencyPlot plot = unpark_latency_plot(&picture);
  if (self->mode == UNPARK_LATENCY_HISTOGRAM) {
    point_at(self, CLAMP(self->bar + dx, 0, (int)plot.n_bars - 1), -1, -1);
    return;
  }
  int column = CLAMP(self->column + dx, 0, UNPARK_LATENCY_COLUMNS - 1);
  int row = self->row < 0 ? (int)plot.first_row : self->row + dy;
  point_at(self, -1, column,
           CLAMP(row, (int)plot.first_row, (int)(plot.first_row + plot.n_rows) - 1));
}

/* With Shift what is picked grows and shrinks. */
static void step_bars(UnparkLatencyChart *self, int dx, gboolean extend) {
  int before = self->bar;
  step(self, dx, 0);
  if (!extend || !has_bars(self))
    return;
  if (!has_range(self) || self->anchor < 0)
    self->anchor = before >= 0 ? before : self->bar;
  set_range(self, self->anchor, self->bar);
  tell_range(self);
}

static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkLatencyChart *self) {
  if (!self->series || self->series->histogram.count == 0)
    return GDK_EVENT_PROPAGATE;
  switch (keyval) {
  case GDK_KEY_Left:
    step_bars(self, -1, state & GDK_SHIFT_MASK);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
    step_bars(self, 1, state & GDK_SHIFT_MASK);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
  case GDK_KEY_Down:
    if (self->mode != UNPARK_LATENCY_HEAT)
      return GDK_EVENT_PROPAGATE;
    step(self, 0, keyval == GDK_KEY_Up ? 1 : -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
    activate(self);
    return GDK_EVENT_STOP;
  case GDK_KEY_Escape:
    if (!has_range(self))
      return GDK_EVENT_PROPAGATE;
    give_up(self);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void unpark_latency_chart_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkLatencyChart *self = UNPARK_LATENCY_CHART(widget);
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  if (!self->series || width < 1 || height < 1)
    return;
  UnparkLatencyPicture picture = picture_of(self);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  unpark_latency_paint(cr, gtk_widget_get_pango_context(widget), &picture);
  if (gtk_widget_has_visible_focus(widget)) {
    guint32 ink = unpark_palette_ink(UNPARK_INK_ACCENT, picture.dark);
    unpark_palette_set_source(cr, ink, 0.5);
    cairo_set_line_width(cr, 2);
    cairo_rectangle(cr, 1, 1, width - 2, height - 2);
    cairo_stroke(cr);
  }
  cairo_destroy(cr);
}

static void unpark_latency_chart_measure(GtkWidget *widget, GtkOrientation orientation,
                                         int for_size, int *minimum, int *natural,
                                         int *minimum_baseline, int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? MIN_HEIGHT : 240;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? 320 : 800;
}

static void unpark_latency_chart_dispose(GObject *object) {
  g_signal_handlers_disconnect_by_data(adw_style_manager_get_default(), object);
  G_OBJECT_CLASS(unpark_latency_chart_parent_class)->dispose(object);
}

static void unpark_latency_chart_class_init(UnparkLatencyChartClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_latency_chart_dispose;
  widget_class->snapshot = unpark_latency_chart_snapshot;
  widget_class->measure = unpark_latency_chart_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget_class, "latencychart");
  signals[TIME_ACTIVATED] =
      g_signal_new("time-activated", UNPARK_TYPE_LATENCY_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                   NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[RANGE_PICKED] =
      g_signal_new("range-picked", UNPARK_TYPE_LATENCY_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                   NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
}

static void unpark_latency_chart_init(UnparkLatencyChart *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkGesture *click = gtk_gesture_click_new(), *drag = gtk_gesture_drag_new();
  self->bar = self->column = self->row = self->anchor = self->drag_bar = -1;
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_set_has_tooltip(widget, TRUE);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(click, "released", G_CALLBACK(on_click), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  g_signal_connect_swapped(adw_style_manager_get_default(), "notify::dark",
                           G_CALLBACK(gtk_widget_queue_draw), self);
}

GtkWidget *unpark_latency_chart_new(void) {
  return g_object_new(UNPARK_TYPE_LATENCY_CHART, NULL);
}

void unpark_latency_chart_show(UnparkLatencyChart *self, const UnparkLatency *latency,
                               const UnparkLatencySeries *series, guint class_id,
                               const char *summary) {
  self->latency = latency;
  self->series = series;
  self->class_id = class_id;
  self->bar = self->column = self->row = -1;
  unpark_accessible_name(GTK_WIDGET(self), summary ? summary : "");
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_latency_chart_set_mode(UnparkLatencyChart *self, UnparkLatencyMode mode) {
  self->mode = mode;
  self->bar = self->column = self->row = -1;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_latency_chart_set_log_counts(UnparkLatencyChart *self, gboolean log_counts) {
  self->log_counts = log_counts;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

GskRenderNode *unpark_latency_chart_picture(UnparkLatencyChart *self, const char *title,
                                            double *width, double *height) {
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();
  if (!self->series)
    return NULL;
  UnparkLatencyPicture picture = picture_of(self);
  picture.title = title;
  picture.bar = picture.column = picture.row = -1;
  *width = picture.width;
  *height = picture.height += 26;
  cairo_t *cr = gtk_snapshot_append_cairo(
      snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)picture.width, (float)picture.height));
  unpark_latency_paint(cr, gtk_widget_get_pango_context(GTK_WIDGET(self)), &picture);
  cairo_destroy(cr);
  return gtk_snapshot_to_node(snapshot);
}
