/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/waterfall.h"

#include <adwaita.h>
#include <math.h>

#include "model/flame/graph/colour.h"
#include "ui/kit/settings.h"
#include "ui/requests/private.h"

#define DEFAULT_NAMES 300
#define INDENT 14
/* So many levels are told apart by their place at least. */
#define LEVELS 8
#define OTHER_SERVICES 11

G_DEFINE_FINAL_TYPE(UnparkWaterfallChart, unpark_waterfall_chart, UNPARK_TYPE_CANVAS)

enum { FOCUS_CHANGED, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

guint32 unpark_waterfall_colour(guint32 rank, gboolean dark) {
  return unpark_flame_fill(UNPARK_FLAME_CLASS_PACKAGE + MIN(rank, OTHER_SERVICES), dark);
}

/* ---- Places ------------------------------------------------------------------------------- */

static double scroll_of(UnparkWaterfallChart *self) {
  return round(unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL));
}

static double chart_width(UnparkWaterfallChart *self) {
  return MAX(self->width - self->names, 1);
}

static double rows_height(UnparkWaterfallChart *self) {
  return MAX(self->height - WATERFALL_SCALE, 1);
}

UnparkTimeAxis unpark_waterfall_chart_axis(UnparkWaterfallChart *self) {
  return unpark_axis_new(self->from_ns, self->to_ns, chart_width(self));
}

double unpark_waterfall_chart_row_y(UnparkWaterfallChart *self, guint32 row) {
  return WATERFALL_SCALE + (double)row * WATERFALL_ROW - scroll_of(self);
}

guint32 unpark_waterfall_chart_node_at(UnparkWaterfallChart *self, double y) {
  double at = y - WATERFALL_SCALE + scroll_of(self);
  if (!self->waterfall || y < WATERFALL_SCALE || at < 0 ||
      at >= (double)self->waterfall->n_rows * WATERFALL_ROW)
    return UNPARK_WATERFALL_NONE;
  return self->waterfall->rows[(guint32)(at / WATERFALL_ROW)];
}

void unpark_waterfall_chart_rows_in_sight(UnparkWaterfallChart *self, guint32 *first,
                                          guint32 *last) {
  guint32 n = self->waterfall ? self->waterfall->n_rows : 0;
  *first = MIN((guint32)(scroll_of(self) / WATERFALL_ROW), n);
  *last = MIN((guint32)((scroll_of(self) + rows_height(self)) / WATERFALL_ROW) + 1, n);
}

double unpark_waterfall_chart_indent(UnparkWaterfallChart *self, guint32 node) {
  double step = MIN(INDENT, self->names / 2 / LEVELS);
  return 22 + MIN(self->waterfall->nodes[node].depth * step, self->names / 2);
}

/* ---- Scrolling and zoom ------------------------------------------------------------------- */

static void sync_range(UnparkCanvas *canvas) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(canvas);
  const UnparkWaterfall *w = self->waterfall;
  double height = rows_height(self), total = w ? (double)w->n_rows * WATERFALL_ROW : 0;
  double scroll = CLAMP(scroll_of(self), 0, MAX(total - height, 0));
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  double first = w ? (double)w->start_ns : 0, last = w ? (double)w->end_ns : 1;
  double before = MIN(self->from_ns, first), after = MAX(self->to_ns, last);
  unpark_canvas_set_range(canvas, GTK_ORIENTATION_VERTICAL, scroll, 0, MAX(total, height),
                          WATERFALL_ROW * 2, height * 0.9, height);
  unpark_canvas_set_range(
      canvas, GTK_ORIENTATION_HORIZONTAL, (self->from_ns - before) / axis.ns_per_px, 0,
      (after - before) / axis.ns_per_px, axis.width / 10, axis.width * 0.9, axis.width);
}

void unpark_waterfall_chart_repaint(UnparkWaterfallChart *self) {
  self->n_passes = 0;
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void changed(UnparkWaterfallChart *self) {
  sync_range(UNPARK_CANVAS(self));
  unpark_waterfall_chart_repaint(self);
  unpark_waterfall_chart_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

static void scrolled(UnparkCanvas *canvas, GtkOrientation orientation, double by) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(canvas);
  UnparkTimeAxis axis = unpark_waterfall_chart_axis(self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    unpark_waterfall_chart_set_visible(self, self->from_ns + by * axis.ns_per_px,
                                       self->to_ns + by * axis.ns_per_px);
    return;
  }
  unpark_waterfall_chart_repaint(self);
  unpark_waterfall_chart_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_canvas_tell_later(canvas);
}

void unpark_waterfall_chart_set_visible(UnparkWaterfallChart *self, double from_ns, double to_ns) {
  if (!self->waterfall)
    return;
  unpark_axis_clamp(&from_ns, &to_ns, (double)self->waterfall->start_ns,
                    (double)self->waterfall->end_ns);
  self->from_ns = from_ns;
  self->to_ns = to_ns;
  changed(self);
}

void unpark_waterfall_chart_set_names(UnparkWaterfallChart *self, double width) {
  self->names = CLAMP(width, MIN(WATERFALL_MIN_NAMES, self->width / 2), self->width * 0.6);
  changed(self);
}

static void show_all_time(UnparkWaterfallChart *self) {
  double from = (double)self->waterfall->start_ns, to = (double)self->waterfall->end_ns;
  double margin = (to - from) / 50;
  unpark_waterfall_chart_set_visible(self, from - margin, to + margin);
}

static void show_row(UnparkWaterfallChart *self, guint32 row) {
  double y = unpark_waterfall_chart_row_y(self, row) - WATERFALL_SCALE, height = rows_height(self);
  double scroll = scroll_of(self);
  if (y < 0)
    scroll += y;
  else if (y + WATERFALL_ROW > height)
    scroll += y + WATERFALL_ROW - height;
  unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, scroll);
}

/* A span that is not in sight, or a point there, is panned to. */
static void show_time(UnparkWaterfallChart *self, guint32 node) {
  const UnparkWaterfallNode *n = &self->waterfall->nodes[node];
  double length = self->to_ns - self->from_ns;
  if ((double)n->end_ns >= self->from_ns && (double)n->start_ns <= self->to_ns)
    return;
  double from = (double)n->start_ns - length / 10;
  unpark_waterfall_chart_set_visible(self, from, from + length);
}

/* ---- Focus -------------------------------------------------------------------------------- */

void unpark_waterfall_chart_set_focus(UnparkWaterfallChart *self, guint32 node) {
  gboolean other = node != self->focus;
  self->focus = node;
  show_row(self, self->waterfall->row_of[node]);
  show_time(self, node);
  unpark_waterfall_chart_announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (other)
    g_signal_emit(self, signals[FOCUS_CHANGED], 0);
}

void unpark_waterfall_chart_set_hover(UnparkWaterfallChart *self, double x, double y) {
  guint32 node = x < 0 ? UNPARK_WATERFALL_NONE : unpark_waterfall_chart_node_at(self, y);
  self->pointer_x = x;
  self->pointer_y = y;
  if (node == self->hover)
    return;
  self->hover = node;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  gtk_widget_trigger_tooltip_query(GTK_WIDGET(self));
}

void unpark_waterfall_chart_activate(UnparkWaterfallChart *self) {
  g_signal_emit(self, signals[ACTIVATED], 0);
}

/* The focus goes up to what was closed around it. */
static void rows_changed(UnparkWaterfallChart *self) {
  const UnparkWaterfall *w = self->waterfall;
  changed(self);
  unpark_waterfall_chart_set_focus(self, w->rows[w->row_of[self->focus]]);
}

void unpark_waterfall_chart_toggle(UnparkWaterfallChart *self, guint32 node, gboolean open) {
  if (!unpark_waterfall_has_below(self->waterfall, node) ||
      self->waterfall->nodes[node].open == open)
    return;
  unpark_waterfall_set_open(self->waterfall, node, open);
  rows_changed(self);
}

void unpark_waterfall_chart_set_all_open(UnparkWaterfallChart *self, gboolean open) {
  if (!self->waterfall)
    return;
  unpark_waterfall_set_all_open(self->waterfall, open);
  rows_changed(self);
}

static void reveal(UnparkWaterfallChart *self, guint32 node) {
  if (unpark_waterfall_reveal(self->waterfall, node))
    changed(self);
  unpark_waterfall_chart_set_focus(self, node);
}

void unpark_waterfall_chart_step(UnparkWaterfallChart *self, int by) {
  guint32 next = self->waterfall ? unpark_waterfall_next(self->waterfall, self->focus, by)
                                 : UNPARK_WATERFALL_NONE;
  if (next != UNPARK_WATERFALL_NONE)
    reveal(self, next);
}

gboolean unpark_waterfall_chart_focus(UnparkWaterfallChart *self, gint32 span) {
  guint32 node =
      self->waterfall ? unpark_waterfall_find(self->waterfall, span) : UNPARK_WATERFALL_NONE;
  if (node == UNPARK_WATERFALL_NONE)
    return FALSE;
  reveal(self, node);
  return TRUE;
}

gint32 unpark_waterfall_chart_get_focus(UnparkWaterfallChart *self) {
  return self->waterfall ? self->waterfall->nodes[self->focus].span : -1;
}

/* ---- What is shown ------------------------------------------------------------------------ */

const UnparkWaterfall *unpark_waterfall_chart_get(UnparkWaterfallChart *self) {
  return self->waterfall;
}

void unpark_waterfall_chart_show(UnparkWaterfallChart *self, UnparkWaterfall *waterfall,
                                 gint32 focus) {
  g_clear_pointer(&self->waterfall, unpark_waterfall_free);
  self->waterfall = waterfall;
  self->hover = UNPARK_WATERFALL_NONE;
  self->focus = 0;
  unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, 0);
  if (!waterfall) {
    changed(self);
    unpark_waterfall_chart_announce(self);
    return;
  }
  show_all_time(self);
  if (!unpark_waterfall_chart_focus(self, focus))
    unpark_waterfall_chart_announce(self);
}

/* ---- Widget ------------------------------------------------------------------------------- */

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(widget);
  if (width != self->width || height != self->height) {
    self->width = width;
    self->height = height;
    self->names = CLAMP(unpark_settings_get_int("requests.names-width", DEFAULT_NAMES),
                        MIN(WATERFALL_MIN_NAMES, width / 2), width * 0.45);
    g_clear_pointer(&self->painted, gsk_render_node_unref);
    sync_range(UNPARK_CANVAS(self));
    unpark_canvas_tell_later(UNPARK_CANVAS(self));
  }
  GTK_WIDGET_CLASS(unpark_waterfall_chart_parent_class)
      ->size_allocate(widget, width, height, baseline);
}

static void measure_widget(GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : WATERFALL_SCALE + 3 * WATERFALL_ROW;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 300;
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  unpark_waterfall_chart_paint(UNPARK_WATERFALL_CHART(widget), snapshot);
}

static void restyled(UnparkCanvas *canvas) {
  unpark_waterfall_chart_repaint(UNPARK_WATERFALL_CHART(canvas));
}

static void unpark_waterfall_chart_finalize(GObject *object) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(object);
  unpark_waterfall_free(self->waterfall);
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  G_OBJECT_CLASS(unpark_waterfall_chart_parent_class)->finalize(object);
}

static void unpark_waterfall_chart_class_init(UnparkWaterfallChartClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkCanvasClass *canvas_class = UNPARK_CANVAS_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_waterfall_chart_finalize;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure_widget;
  widget_class->snapshot = snapshot;
  canvas_class->sync = sync_range;
  canvas_class->scrolled = scrolled;
  canvas_class->tell = unpark_waterfall_chart_tell;
  canvas_class->restyled = restyled;
  gtk_widget_class_set_css_name(widget_class, "waterfall");
  static const char *const names[] = {"focus-changed", "activated"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_WATERFALL_CHART, G_SIGNAL_RUN_LAST, 0, NULL,
                              NULL, NULL, G_TYPE_NONE, 0);
}

static void unpark_waterfall_chart_init(UnparkWaterfallChart *self) {
  self->hover = UNPARK_WATERFALL_NONE;
  self->pointer_x = self->pointer_y = -1;
  self->to_ns = 1;
  self->names = DEFAULT_NAMES;
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  unpark_waterfall_chart_init_input(self);
  unpark_waterfall_chart_announce(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(unpark_waterfall_chart_repaint), self, G_CONNECT_SWAPPED);
}
