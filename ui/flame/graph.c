/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/graph-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define TRANSITION_US 280000

static void unpark_flame_graph_scrollable_init(GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkFlameGraph, unpark_flame_graph, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE,
                                                    unpark_flame_graph_scrollable_init))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };
enum { ZOOM_CHANGED, FOCUS_CHANGED, HOVER_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Layout and scrolling ------------------------------------------------------------- */

const UnparkFlameLayout *unpark_flame_graph_layout(UnparkFlameGraph *self) {
  if (!self->has_layout && self->flame) {
    unpark_flame_layout_clear(&self->layout);
    unpark_flame_layout(self->flame, self->range.from, self->range.to,
                        gtk_widget_get_width(GTK_WIDGET(self)), FLAME_MIN_PX, 0, &self->layout);
    self->has_layout = TRUE;
  }
  return &self->layout;
}

double unpark_flame_graph_scroll(UnparkFlameGraph *self) {
  return self->vadjustment ? round(gtk_adjustment_get_value(self->vadjustment)) : 0;
}

static double content_height(UnparkFlameGraph *self) {
  double rows = (double)unpark_flame_graph_layout(self)->n_rows - self->skipped;
  return MAX(rows * FLAME_ROW, gtk_widget_get_height(GTK_WIDGET(self)));
}

double unpark_flame_graph_row_y(UnparkFlameGraph *self, guint row) {
  double y = ((double)row - self->skipped) * FLAME_ROW;
  if (self->upwards)
    y = content_height(self) - y - FLAME_ROW;
  return y - unpark_flame_graph_scroll(self);
}

static void sync_adjustments(UnparkFlameGraph *self) {
  double height = gtk_widget_get_height(GTK_WIDGET(self)), total = content_height(self);
  double value = self->vadjustment ? gtk_adjustment_get_value(self->vadjustment) : 0;
  if (self->upwards && self->at_end)
    value = total - height;
  self->syncing = TRUE;
  if (self->hadjustment)
    gtk_adjustment_configure(self->hadjustment, 0, 0, 1, 1, 1, 1);
  if (self->vadjustment)
    gtk_adjustment_configure(self->vadjustment, CLAMP(value, 0, MAX(total - height, 0)), 0, total,
                             FLAME_ROW * 2, height * 0.9, height);
  self->syncing = FALSE;
}

void unpark_flame_graph_repaint(UnparkFlameGraph *self) {
  self->n_passes = 0;
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_vadjustment(UnparkFlameGraph *self) {
  double end =
      gtk_adjustment_get_upper(self->vadjustment) - gtk_adjustment_get_page_size(self->vadjustment);
  if (self->syncing)
    return;
  self->at_end = gtk_adjustment_get_value(self->vadjustment) >= end - 1;
  unpark_flame_graph_repaint(self);
  unpark_flame_graph_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_flame_graph_update_proxies_later(self);
}

static void set_range(UnparkFlameGraph *self, const UnparkFlameRange *range) {
  self->range = *range;
  self->has_layout = FALSE;
  sync_adjustments(self);
  unpark_flame_graph_repaint(self);
}

const UnparkFlameItem *unpark_flame_graph_item_at(UnparkFlameGraph *self, double x, double y) {
  const UnparkFlameLayout *layout = unpark_flame_graph_layout(self);
  double at = y + unpark_flame_graph_scroll(self);
  if (!self->flame || x < 0 || y < 0 || y >= gtk_widget_get_height(GTK_WIDGET(self)))
    return NULL;
  if (self->upwards)
    at = content_height(self) - at;
  return at < 0 ? NULL
                : unpark_flame_layout_find(layout, (guint)(at / FLAME_ROW) + self->skipped, x);
}

static void show_row(UnparkFlameGraph *self, guint row) {
  double y = unpark_flame_graph_row_y(self, row), height = gtk_widget_get_height(GTK_WIDGET(self));
  if (!self->vadjustment || height <= 0)
    return;
  double value = gtk_adjustment_get_value(self->vadjustment);
  if (y < 0)
    gtk_adjustment_set_value(self->vadjustment, value + y);
  else if (y + FLAME_ROW > height)
    gtk_adjustment_set_value(self->vadjustment, value + y + FLAME_ROW - height);
}

/* ---- Zoom ----------------------------------------------------------------------------- */

static void arrive(UnparkFlameGraph *self) {
  if (self->tick)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->tick);
  self->tick = 0;
  set_range(self, &self->goal);
  show_row(self, self->flame ? self->flame->nodes[self->zoom].depth : 0);
  unpark_flame_graph_set_hover(self, self->pointer_x, self->pointer_y);
  unpark_flame_graph_update_proxies_later(self);
}

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(widget);
  gint64 now = gdk_frame_clock_get_frame_time(clock);
  if (self->began_us == 0)
    self->began_us = now;
  double t = (double)(now - self->began_us) / TRANSITION_US;
  if (t >= 1) {
    self->tick = 0; /* removed by what is returned */
    arrive(self);
    return G_SOURCE_REMOVE;
  }
  UnparkFlameRange range =
      unpark_flame_range_between(&self->start, &self->goal, unpark_flame_ease(t));
  set_range(self, &range);
  return G_SOURCE_CONTINUE;
}

void unpark_flame_graph_go(UnparkFlameGraph *self, guint32 zoom, const UnparkFlameRange *goal,
                           gboolean animate) {
  gboolean changed = zoom != self->zoom;
  self->zoom = zoom;
  self->start = self->range;
  self->goal = *goal;
  self->began_us = 0;
  if (!animate || !adw_get_enable_animations(GTK_WIDGET(self)) ||
      !gtk_widget_get_mapped(GTK_WIDGET(self)) || unpark_flame_range_equal(&self->start, goal))
    arrive(self);
  else if (!self->tick)
    self->tick = gtk_widget_add_tick_callback(GTK_WIDGET(self), on_tick, NULL, NULL);
  if (changed)
    g_signal_emit(self, signals[ZOOM_CHANGED], 0);
}

void unpark_flame_graph_zoom_to(UnparkFlameGraph *self, guint32 node) {
  if (!self->flame || node >= self->flame->n_nodes)
    return;
  UnparkFlameRange goal = unpark_flame_range_of(self->flame, node);
  if (goal.to > goal.from)
    unpark_flame_graph_go(self, node, &goal, TRUE);
}

guint32 unpark_flame_graph_get_zoom(UnparkFlameGraph *self) {
  return self->zoom;
}

/* ---- Focus and pointer ------------------------------------------------------------------- */

void unpark_flame_graph_set_focus(UnparkFlameGraph *self, guint32 node, gboolean scroll) {
  gboolean changed;
  if (self->flame && node == 0 && self->skipped > 0 && self->flame->n_nodes > 1)
    node = 1;
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
  if (its.to <= self->goal.from || its.from >= self->goal.to ||
      (its.to - its.from) / (self->goal.to - self->goal.from) *
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
  if (self->tick)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->tick);
  self->tick = 0;
  self->flame = flame ? unpark_flame_ref(flame) : NULL;
  unpark_flame_matches_clear(&self->matches);
  self->marked = G_MAXUINT32;
  self->hover = NO_FRAME;
  self->hover_folded = 0;
  if (old)
    unpark_flame_unref(old);
  self->zoom = flame && flame->nodes[zoom].weight > 0 ? zoom : 0;
  self->focus = focus == 0 && flame && flame->n_nodes > 1 ? self->skipped : focus;
  self->goal = flame ? unpark_flame_range_of(flame, self->zoom) : (UnparkFlameRange){0, 1};
  if (!flame)
    unpark_flame_layout_clear(&self->layout);
  set_range(self, &self->goal);
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
  if (!upwards && self->vadjustment)
    gtk_adjustment_set_value(self->vadjustment, 0);
  sync_adjustments(self);
  unpark_flame_graph_repaint(self);
  unpark_flame_graph_update_proxies_later(self);
}

void unpark_flame_graph_set_rootless(UnparkFlameGraph *self, gboolean rootless) {
  self->skipped = rootless ? 1 : 0;
  sync_adjustments(self);
  unpark_flame_graph_repaint(self);
  unpark_flame_graph_update_proxies_later(self);
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
    sync_adjustments(self);
    unpark_flame_graph_update_proxies_later(self);
  }
  unpark_flame_graph_allocate_proxies(self);
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

static void unpark_flame_graph_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(widget);
  GTK_WIDGET_CLASS(unpark_flame_graph_parent_class)->css_changed(widget, change);
  unpark_text_cache_clear(self->texts);
  unpark_flame_graph_repaint(self);
}

static void set_adjustment(UnparkFlameGraph *self, GtkAdjustment **slot, GtkAdjustment *adjustment,
                           gboolean vertical) {
  if (*slot) {
    g_signal_handlers_disconnect_by_data(*slot, self);
    g_clear_object(slot);
  }
  if (!adjustment)
    return;
  *slot = g_object_ref_sink(adjustment);
  if (vertical)
    g_signal_connect_swapped(adjustment, "value-changed", G_CALLBACK(on_vadjustment), self);
  sync_adjustments(self);
}

static void unpark_flame_graph_get_property(GObject *object, guint id, GValue *value,
                                            GParamSpec *spec) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  switch (id) {
  case PROP_HADJUSTMENT:
    g_value_set_object(value, self->hadjustment);
    break;
  case PROP_VADJUSTMENT:
    g_value_set_object(value, self->vadjustment);
    break;
  case PROP_HSCROLL_POLICY:
    g_value_set_enum(value, (int)self->hscroll_policy);
    break;
  case PROP_VSCROLL_POLICY:
    g_value_set_enum(value, (int)self->vscroll_policy);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_flame_graph_set_property(GObject *object, guint id, const GValue *value,
                                            GParamSpec *spec) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  switch (id) {
  case PROP_HADJUSTMENT:
    set_adjustment(self, &self->hadjustment, g_value_get_object(value), FALSE);
    break;
  case PROP_VADJUSTMENT:
    set_adjustment(self, &self->vadjustment, g_value_get_object(value), TRUE);
    break;
  case PROP_HSCROLL_POLICY:
    self->hscroll_policy = (GtkScrollablePolicy)g_value_get_enum(value);
    break;
  case PROP_VSCROLL_POLICY:
    self->vscroll_policy = (GtkScrollablePolicy)g_value_get_enum(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_flame_graph_dispose(GObject *object) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  g_clear_handle_id(&self->proxies_source, g_source_remove);
  if (self->proxies)
    g_ptr_array_foreach(self->proxies, (GFunc)(void (*)(void))gtk_widget_unparent, NULL);
  g_clear_pointer(&self->proxies, g_ptr_array_unref);
  g_clear_pointer(&self->menu, gtk_widget_unparent);
  set_adjustment(self, &self->hadjustment, NULL, FALSE);
  set_adjustment(self, &self->vadjustment, NULL, TRUE);
  G_OBJECT_CLASS(unpark_flame_graph_parent_class)->dispose(object);
}

static void unpark_flame_graph_finalize(GObject *object) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(object);
  unpark_flame_layout_clear(&self->layout);
  unpark_flame_matches_clear(&self->matches);
  unpark_flame_unref(self->flame);
  unpark_text_cache_free(self->texts);
  g_clear_pointer(&self->painted, gsk_render_node_unref);
  g_free(self->title);
  G_OBJECT_CLASS(unpark_flame_graph_parent_class)->finalize(object);
}

static void unpark_flame_graph_scrollable_init(GtkScrollableInterface *iface) {
}

static void unpark_flame_graph_class_init(UnparkFlameGraphClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->get_property = unpark_flame_graph_get_property;
  object_class->set_property = unpark_flame_graph_set_property;
  object_class->dispose = unpark_flame_graph_dispose;
  object_class->finalize = unpark_flame_graph_finalize;
  widget_class->size_allocate = unpark_flame_graph_size_allocate;
  widget_class->measure = unpark_flame_graph_measure;
  widget_class->snapshot = unpark_flame_graph_snapshot;
  widget_class->css_changed = unpark_flame_graph_css_changed;
  g_object_class_override_property(object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property(object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property(object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property(object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name(widget_class, "flamegraph");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  static const char *const names[] = {"zoom-changed", "focus-changed", "hover-changed"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_FLAME_GRAPH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_flame_graph_init(UnparkFlameGraph *self) {
  self->texts = unpark_text_cache_new(GTK_WIDGET(self));
  self->proxies = g_ptr_array_new();
  self->range = self->goal = (UnparkFlameRange){0, 1};
  self->marked = G_MAXUINT32;
  self->hover = NO_FRAME;
  self->pointer_x = self->pointer_y = -1;
  self->at_end = TRUE;
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  unpark_flame_graph_init_input(self);
  unpark_flame_graph_announce(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(unpark_flame_graph_repaint), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_flame_graph_new(void) {
  return g_object_new(UNPARK_TYPE_FLAME_GRAPH, NULL);
}
