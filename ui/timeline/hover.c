/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/hover.h"

#include <adwaita.h>
#include <math.h>

#include "ui/kit/rgba.h"
#include "ui/kit/text-cache.h"
#include "ui/scene/names.h"

#define PADDING 4
/* From the line to the value. */
#define VALUE_GAP 8

struct _UnparkHover {
  GtkWidget parent_instance;

  UnparkTimeline *timeline;
  UnparkTextCache *texts;
};

G_DEFINE_FINAL_TYPE(UnparkHover, unpark_hover, GTK_TYPE_WIDGET)

static void box(GtkSnapshot *snapshot, double x, double y, double width, double height,
                GdkRGBA color) {
  gtk_snapshot_append_color(snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

/* Beside the line, on whichever side has room. */
static void paint_value(UnparkHover *self, GtkSnapshot *snapshot, const UnparkScene *scene, guint n,
                        double x) {
  const UnparkRow *row = &scene->rows->rows[n];
  g_autofree char *text = unpark_scene_value_text(scene, n, x);
  int width, height;
  if (!text)
    return;
  unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, text, &width, &height);
  double left = x + VALUE_GAP + width + 2 * PADDING < scene->width
                    ? x + VALUE_GAP
                    : x - VALUE_GAP - width - 2 * PADDING;
  double y = unpark_panes_row_y(&scene->panes, n) + floor((row->height - height) / 2.0);
  GdkRGBA color = unpark_ink(UNPARK_INK_TEXT, 1);
  box(snapshot, left, y - 1, width + 2 * PADDING, height + 2,
      unpark_ink(UNPARK_INK_BACKGROUND, 0.92f));
  unpark_text_cache_append(self->texts, snapshot, UNPARK_TEXT_SMALL, text, left + PADDING, y,
                           &color);
}

static void unpark_hover_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkHover *self = UNPARK_HOVER(widget);
  double y, ns = unpark_timeline_get_hover(self->timeline, &y);
  UnparkScene scene = unpark_timeline_get_scene(self->timeline);
  double x = floor(unpark_scene_x(&scene, ns));
  if (isnan(ns) || !scene.rows || x < scene.lanes_x || x > scene.width)
    return;
  box(snapshot, x, 0, 1, unpark_panes_bottom(&scene.panes), unpark_ink(UNPARK_INK_TEXT, 0.45f));
  int row = y < 0 ? -1 : unpark_scene_row_at(&scene, y);
  if (row >= 0)
    paint_value(self, snapshot, &scene, (guint)row, x);
}

static void unpark_hover_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS(unpark_hover_parent_class)->css_changed(widget, change);
  unpark_text_cache_clear(UNPARK_HOVER(widget)->texts);
}

static void unpark_hover_dispose(GObject *object) {
  g_clear_object(&UNPARK_HOVER(object)->timeline);
  G_OBJECT_CLASS(unpark_hover_parent_class)->dispose(object);
}

static void unpark_hover_finalize(GObject *object) {
  unpark_text_cache_free(UNPARK_HOVER(object)->texts);
  G_OBJECT_CLASS(unpark_hover_parent_class)->finalize(object);
}

static void unpark_hover_class_init(UnparkHoverClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_hover_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_hover_finalize;
  widget_class->snapshot = unpark_hover_snapshot;
  widget_class->css_changed = unpark_hover_css_changed;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void unpark_hover_init(UnparkHover *self) {
  self->texts = unpark_text_cache_new(GTK_WIDGET(self));
  gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *unpark_hover_new(UnparkTimeline *timeline) {
  UnparkHover *self = g_object_new(UNPARK_TYPE_HOVER, NULL);
  self->timeline = g_object_ref(timeline);
  g_signal_connect_object(timeline, "hover-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
