/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/graph-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

G_DEFINE_FINAL_TYPE(UnparkFlameGraph, unpark_flame_graph, UNPARK_TYPE_CANVAS)

enum { ZOOM_CHANGED, FOCUS_CHANGED, HOVER_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Layout and scrolling ------------------------------------------------------------- */

const UnparkFlameLayout *unpark_flame_graph_layout(UnparkFlameGraph *self) {
  if (!self->has_layout && self->flame) {
    unpark_flame_layout_clear(&self->layout);
    unpark_flame_layout(self->flame, self->camera.range.from, self->camera.range.to,
                        gtk_widget_get_width(GTK_WIDGET(self)), FLAME_MIN_PX, 0, &self->layout);
    self->has_layout = TRUE;
  }
  return &self->layout;
}

static double scroll_of(UnparkFlameGraph *self) {
  return unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL);
}

static void scroll_to(UnparkFlameGraph *self, double value) {
  unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, value);
}

static double content_height(UnparkFlameGraph *self) {
  double rows = (double)unpark_flame_graph_layout(self)->n_rows - self->skipped;
  return MAX(rows * FLAME_ROW, gtk_widget_get_height(GTK_WIDGET(self)));
}

double unpark_flame_graph_row_y(UnparkFlameGraph *self, guint row) {
  double y = ((double)row - self->skipped) * FLAME_ROW;
  if (self->upwards)
    y = content_height(self) - y - FLAME_ROW;
  return y - round(scroll_of(self));
}

static void unpark_flame_graph_sync(UnparkCanvas *canvas) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(canvas);
  double height = gtk_widget_get_height(GTK_WIDGET(self)), total = content_height(self);
  double value = self->upwards && self->at_end ? total - height : scroll_of(self);
  unpark_canvas_set_range(canvas, GTK_ORIENTATION_HORIZONTAL, 0, 0, 1, 1, 1, 1);
  unpark_canvas_set_range(canvas, GTK_ORIENTATION_VERTICAL, CLAMP(value, 0, MAX(total - height, 0)),
                          0, total, FLAME_ROW * 2, height * 0.9, height);
}

void unpark_flame_graph_repaint(UnparkFlameGraph *self) {
  self->n_passes = 0;
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void unpark_flame_graph_scrolled(UnparkCanvas *canvas, GtkOrientation orientation,
                                        double by) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(canvas);
  double end = content_height(self) - gtk_widget_get_height(GTK_WIDGET(self));
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  self->at_end = scroll_of(self) >= end - 1;
  unpark_flame_graph_repaint(self);
  unpark_flame_graph_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_canvas_tell_later(canvas);
}

static void set_range(UnparkFlameGraph *self, const UnparkFlameRange *range) {
  self->camera.range = *range;
  self->has_layout = FALSE;
  unpark_flame_graph_sync(UNPARK_CANVAS(self));
  unpark_flame_graph_repaint(self);
}

const UnparkFlameItem *unpark_flame_graph_item_at(UnparkFlameGraph *self, double x, double y) {
  const UnparkFlameLayout *layout = unpark_flame_graph_layout(self);
  double at = y + round(scroll_of(self));
  if (!self->flame || x < 0 || y < 0 || y >= gtk_widget_get_height(GTK_WIDGET(self)))
    return NULL;
  if (self->upwards)
    at = content_height(self) - at;
  return at < 0 ? NULL
                : unpark_flame_layout_find(layout, (guint)(at / FLAME_ROW) + self->skipped, x);
}

static void show_row(UnparkFlameGraph *self, guint row) {
  double y = unpark_flame_graph_row_y(self, row), height = gtk_widget_get_height(GTK_WIDGET(self));
  if (height <= 0)
    return;
  if (y < 0)
    scroll_to(self, scroll_of(self) + y);
  else if (y + FLAME_ROW > height)
    scroll_to(self, scroll_of(self) + y + FLAME_ROW - height);
}

/* ---- Zoom ----------------------------------------------------------------------------- */

static void arrive(UnparkFlameGraph *self) {
  if (self->camera.tick)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->camera.tick);
  self->camera.tick = 0;
  set_range(self, &self->camera.goal);
  show_row(self, self->flame ? self->flame->nodes[self->zoom].depth : 0);
  unpark_flame_graph_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(widget);
  gint64 now = gdk_frame_clock_get_frame_time(clock);
  if (self->camera.began_us == 0)
    self->camera.began_us = now;
  double t = (double)(now - self->camera.began_us) / (double)self->camera.length_us;
  if (t >= 1) {
    self->camera.tick = 0; /* removed by what is returned */
    arrive(self);
    return G_SOURCE_REMOVE;
  }
  UnparkFlameRange range =
      unpark_flame_range_between(&self->camera.start, &self->camera.goal, unpark_flame_ease(t));
  set_range(self, &range);
  return G_SOURCE_CONTINUE;
}

void unpark_flame_graph_go(UnparkFlameGraph *self, guint32 zoom, const UnparkFlameRange *goal,
                           gint64 length_us) {
  GtkWidget *widget = GTK_WIDGET(self);
  gboolean changed = zoom != self->zoom;
  self->zoom = zoom;
  self->camera.start = self->camera.range;
  self->camera.goal = *goal;
  self->camera.length_us = length_us;
  /* On the way already: on from here, without a frame that stands still. */
  self->camera.began_us =
      self->camera.tick ? gdk_frame_clock_get_frame_time(gtk_widget_get_frame_clock(widget)) : 0;
  if (length_us <= 0 || !adw_get_enable_animations(widget) || !gtk_widget_get_mapped(widget) ||
      unpark_flame_range_equal(&self->camera.start, goal))
    arrive(self);
  else if (!self->camera.tick)
    self->camera.tick = gtk_widget_add_tick_callback(widget, on_tick, NULL, NULL);
  if (changed)
    g_signal_emit(self, signals[ZOOM_CHANGED], 0);
}

void unpark_flame_graph_zoom_to(UnparkFlameGraph *self, guint32 node) {
  if (!self->flame || node >= self->flame->n_nodes)
    return;
  UnparkFlameRange goal = unpark_flame_range_of(self->flame, node);
  if (goal.to > goal.from)
    unpark_flame_graph_go(self, node, &goal, FLAME_JUMP_US);
}

guint32 unpark_flame_graph_get_zoom(UnparkFlameGraph *self) {
  return self->zoom;
}

/* ---- Focus and pointer ------------------------------------------------------------------- */

void unpark_flame_graph_set_focus(UnparkFlameGraph *self, guint32 node, gboolean scroll) {
  gboolean changed;
  if (self->flame && self->flame->nodes[node].depth < self->skipped)
    node = MIN(self->skipped, self->flame->n_nodes - 1); /* the first below them */
  changed = node != self->focus;
  self->focus = node;
  if (scroll && self->flame)
    show_row(self, self->flame->nodes[node].depth);
  unpark_flame_graph_announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (changed)
    g_signal_emit(self, signals[FOCUS_CHANGED], 0);
}

void unpark_flame_graph_focus(UnparkFlameGraph *self, guint32 node) {
  if (!self->flame || node >= self->flame->n_nodes)
    return;
  UnparkFlameRange its = unpark_flame_range_of(self->flame, node);
  if (its.to <= self->camera.goal.from || its.from >= self->camera.goal.to ||
      (its.to - its.from) / (self->camera.goal.to - self->camera.goal.from) *
              gtk_widget_get_width(GTK_WIDGET(self)) <
          FLAME_MIN_PX) {
    /* Out to the nearest caller in which it is wide enough to be seen. */
    guint32 at = node;
    while (at > 0 && (its.to - its.from) * gtk_widget_get_width(GTK_WIDGET(self)) >
                         8 * (double)self->flame->nodes[self->flame->nodes[at].parent].weight)
      at = self->flame->nodes[at].parent;
    unpark_flame_graph_zoom_to(self, at);
  }
  unpark_flame_graph_set_focus(self, node, TRUE);
}

guint32 unpark_flame_graph_get_focus(UnparkFlameGraph *self) {
  return self->focus;
}

void unpark_flame_graph_set_hover(UnparkFlameGraph *self, double x, double y) {
  const UnparkFlameItem *item = x < 0 ? NULL : unpark_flame_graph_item_at(self, x, y);
  guint32 node = item ? item->node : NO_FRAME, folded = item ? item->n_folded : 0;
  self->pointer_x = x;
  self->pointer_y = y;
  if (node == self->hover && folded == self->hover_folded)
    return;
  self->hover = node;
  self->hover_folded = folded;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  gtk_widget_trigger_tooltip_query(GTK_WIDGET(self));
  g_signal_emit(self, signals[HOVER_CHANGED], 0);
}

gboolean unpark_flame_graph_get_hover(UnparkFlameGraph *self, guint32 *node, guint32 *n_folded) {
  *node = self->hover;
  *n_folded = self->hover_folded;
  return self->hover != NO_FRAME;
}

void unpark_flame_graph_step_match(UnparkFlameGraph *self, gboolean backwards) {
  if (!self->flame || !self->matches.names)
    return;
  guint32 next = unpark_flame_next_match(self->flame, &self->matches, self->focus, backwards);
  if (next > 0)
    unpark_flame_graph_focus(self, next);
}

guint64 unpark_flame_graph_get_n_folded(UnparkFlameGraph *self) {
  return unpark_flame_graph_layout(self)->n_folded;
}

/* ---- What is shown --------------------------------------------------------------------- */

void unpark_flame_graph_set_flame(UnparkFlameGraph *self, UnparkFlame *flame) {
  UnparkFlame *old = self->flame;
  guint32 zoom = old && flame ? unpark_flame_same_place(old, self->zoom, flame) : 0;
  guint32 focus = old && flame ? unpark_flame_same_place(old, self->focus, flame) : 0;
  if (self->camera.tick)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->camera.tick);
  self->camera.tick = 0;
  self->flame = flame ? unpark_flame_ref(flame) : NULL;
  unpark_flame_matches_clear(&self->matches);
  self->marked = G_MAXUINT32;
  self->hover = NO_FRAME;
  self->hover_folded = 0;
  if (old)
    unpark_flame_unref(old);
  self->zoom = flame && flame->nodes[zoom].weight > 0 ? zoom : 0;
  self->focus = flame && flame->nodes[focus].depth < self->skipped
                    ? MIN(self->skipped, flame->n_nodes - 1)
                    : focus;
  self->camera.goal = flame ? unpark_flame_range_of(flame, self->zoom) : (UnparkFlameRange){0, 1};
  if (!flame)
    unpark_flame_layout_clear(&self->layout);
  set_range(self, &self->camera.goal);
  unpark_flame_graph_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_flame_graph_announce(self);
  g_signal_emit(self, signals[ZOOM_CHANGED], 0);
  g_signal_emit(self, signals[FOCUS_CHANGED], 0);
}

UnparkFlame *unpark_flame_graph_get_flame(UnparkFlameGraph *self) {
  return self->flame;
}

void unpark_flame_graph_set_upwards(UnparkFlameGraph *self, gboolean upwards) {
  if (upwards == self->upwards)
    return;
  self->upwards = upwards;
  self->at_end = TRUE;
  if (!upwards)
    scroll_to(self, 0);
  unpark_flame_graph_sync(UNPARK_CANVAS(self));
  unpark_flame_graph_repaint(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

void unpark_flame_graph_set_skipped(UnparkFlameGraph *self, guint rows) {
  self->skipped = rows;
  unpark_flame_graph_sync(UNPARK_CANVAS(self));
  unpark_flame_graph_repaint(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

void unpark_flame_graph_set_colouring(UnparkFlameGraph *self, UnparkFlameColouring colouring) {
  self->colouring = colouring;
  unpark_flame_graph_repaint(self);
}

void unpark_flame_graph_set_matches(UnparkFlameGraph *self, UnparkFlameMatches *matches) {
  unpark_flame_matches_clear(&self->matches);
  if (matches) {
    self->matches = *matches;
    *matches = (UnparkFlameMatches){0};
  }
  unpark_flame_graph_repaint(self);
}

void unpark_flame_graph_set_marked(UnparkFlameGraph *self, guint32 name) {
  if (name == self->marked)
    return;
  self->marked = name;
  unpark_flame_graph_repaint(self);
}

void unpark_flame_graph_set_menu(UnparkFlameGraph *self, GMenuModel *menu) {
  g_clear_pointer(&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_menu_new_from_model(menu);
  gtk_popover_set_has_arrow(GTK_POPOVER(self->menu), FALSE);
  gtk_widget_set_halign(self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent(self->menu, GTK_WIDGET(self));
}

void unpark_flame_graph_set_title(UnparkFlameGraph *self, const char *title) {
  g_free(self->title);
  self->title = g_strdup(title);
  unpark_flame_graph_announce(self);
}

/* ---- Widget ------------------------------------------------------------------------------ */

static void unpark_flame_graph_size_allocate(GtkWidget *widget, int width, int height,
                                             int baseline) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(widget);
  /* Also comes when only a stand-in has moved. */
  if (width != self->width || height != self->height) {
    self->has_layout = FALSE;
    g_clear_pointer(&self->painted, gsk_render_node_unref);
    self->width = width;
    self->height = height;
    unpark_flame_graph_sync(UNPARK_CANVAS(self));
    unpark_canvas_tell_later(UNPARK_CANVAS(self));
  }
  GTK_WIDGET_CLASS(unpark_flame_graph_parent_class)->size_allocate(widget, width, height, baseline);
  if (self->menu)
    gtk_popover_present(GTK_POPOVER(self->menu));
}

static void unpark_flame_graph_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                       int *minimum, int *natural, int *minimum_baseline,
                                       int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 3 * FLAME_ROW;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 400;
}

static void unpark_flame_graph_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  unpark_flame_graph_paint(UNPARK_FLAME_GRAPH(widget), snapshot);
}

static void unpark_flame_graph_restyled(UnparkCanvas *canvas) {
  unpark_flame_graph_repaint(UNPARK_FLAME_GRAPH(canvas));
}

static void unpark_flame_graph_dispose(GObject *object) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  g_clear_pointer(&self->menu, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_flame_graph_parent_class)->dispose(object);
}

static void unpark_flame_graph_finalize(GObject *object) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  unpark_flame_layout_clear(&self->layout);
  unpark_flame_matches_clear(&self->matches);
  unpark_flame_unref(self->flame);
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  g_free(self->title);
  G_OBJECT_CLASS(unpark_flame_graph_parent_class)->finalize(object);
}

static void unpark_flame_graph_class_init(UnparkFlameGraphClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkCanvasClass *canvas_class = UNPARK_CANVAS_CLASS(class);
  object_class->dispose = unpark_flame_graph_dispose;
  object_class->finalize = unpark_flame_graph_finalize;
  widget_class->size_allocate = unpark_flame_graph_size_allocate;
  widget_class->measure = unpark_flame_graph_measure;
  widget_class->snapshot = unpark_flame_graph_snapshot;
  canvas_class->sync = unpark_flame_graph_sync;
  canvas_class->scrolled = unpark_flame_graph_scrolled;
  canvas_class->tell = unpark_flame_graph_tell;
  canvas_class->restyled = unpark_flame_graph_restyled;
  gtk_widget_class_set_css_name(widget_class, "flamegraph");
  static const char *const names[] = {"zoom-changed", "focus-changed", "hover-changed"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_FLAME_GRAPH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_flame_graph_init(UnparkFlameGraph *self) {
  self->camera.range = self->camera.goal = (UnparkFlameRange){0, 1};
  self->marked = G_MAXUINT32;
  self->hover = NO_FRAME;
  self->pointer_x = self->pointer_y = -1;
  self->at_end = TRUE;
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  unpark_flame_graph_init_input(self);
  unpark_flame_graph_announce(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(unpark_flame_graph_repaint), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_flame_graph_new(void) {
  return g_object_new(UNPARK_TYPE_FLAME_GRAPH, NULL);
}
