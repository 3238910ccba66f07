/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/bar.h"

#include <adwaita.h>
#include <math.h>

#include "ui/lanes/lane-raster.h"
#include "ui/kit/rgba.h"
#include "ui/tasks/layout.h"

#define WIDTH 120
#define HEIGHT 12
#define MARK 8

struct _UnparkTaskBar {
  GtkWidget parent_instance;
  UnparkTaskTrace *trace;
  guint line;
};

G_DEFINE_FINAL_TYPE(UnparkTaskBar, unpark_task_bar, GTK_TYPE_WIDGET)

static void append_box(GtkSnapshot *snapshot, double x, double y, double width, double height,
                       GdkRGBA color) {
  gtk_snapshot_append_color(snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void append_tile(GtkSnapshot *snapshot, const UnparkTile *tile, double x, double y,
                        double scale) {
  gsize stride = (gsize)tile->width * sizeof *tile->pixels;
  g_autoptr(GBytes) bytes = g_bytes_new(tile->pixels, stride * (gsize)tile->height);
  g_autoptr(GdkTexture) texture =
      gdk_memory_texture_new(tile->width, tile->height, GDK_MEMORY_DEFAULT, bytes, stride);
  gtk_snapshot_append_texture(snapshot, texture,
                              &GRAPHENE_RECT_INIT((float)x, (float)y, (float)(tile->width / scale),
                                                  (float)(tile->height / scale)));
}

/* What the goroutine did, as on its lane of the timeline. */
static void append_states(UnparkTaskBar *self, GtkSnapshot *snapshot,
                          const UnparkTaskExtent *extent, double width, double y) {
  const UnparkTaskTrace *trace = self->trace;
  const UnparkLaneItems *lane = &trace->lanes[trace->lines[self->line].lane];
  double scale = gtk_widget_get_scale_factor(GTK_WIDGET(self));
  double ns_per_px = (double)MAX(trace->to_ns - trace->from_ns, 1) / width / scale;
  int total = (int)ceil(width * scale), height = (int)(HEIGHT * scale);
  g_autofree guint32 *pixels = g_new(guint32, (gsize)UNPARK_TILE_WIDTH * (gsize)height);
  gtk_snapshot_push_clip(
      snapshot, &GRAPHENE_RECT_INIT((float)extent->x, (float)y, (float)extent->width, HEIGHT));
  for (int x = 0; x < total; x += UNPARK_TILE_WIDTH) {
    UnparkTile tile = {.from_ns = (double)trace->from_ns + x * ns_per_px,
                       .ns_per_px = ns_per_px,
                       .width = MIN(UNPARK_TILE_WIDTH, total - x),
                       .height = height,
                       .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
                       .pixels = pixels};
    if ((x + tile.width) / scale < extent->x || x / scale > extent->x + extent->width)
      continue;
    memset(pixels, 0, (gsize)tile.width * (gsize)height * sizeof *pixels);
    unpark_raster_spans(&tile, trace->store, lane->items, lane->n_items, UNPARK_LANE_OF_STATES);
    append_tile(snapshot, &tile, x / scale, y, scale);
  }
  gtk_snapshot_pop(snapshot);
}

static void append_log(GtkSnapshot *snapshot, double x, double middle) {
  GskRoundedRect rounded;
  graphene_rect_t rect =
      GRAPHENE_RECT_INIT((float)(x - MARK / 2.0), (float)(middle - MARK / 2.0), MARK, MARK);
  GdkRGBA color = unpark_ink(UNPARK_INK_TEXT, 0.8f);
  gsk_rounded_rect_init_from_rect(&rounded, &rect, MARK / 2.0f);
  gtk_snapshot_push_rounded_clip(snapshot, &rounded);
  gtk_snapshot_append_color(snapshot, &color, &rect);
  gtk_snapshot_pop(snapshot);
}

static void unpark_task_bar_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkTaskBar *self = UNPARK_TASK_BAR(widget);
  double width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  double y = floor((height - HEIGHT) / 2);
  if (!self->trace || width <= 0)
    return;
  const UnparkTraceLine *line = &self->trace->lines[self->line];
  UnparkTaskExtent extent = unpark_task_extent(self->trace, line, width);
  append_box(snapshot, 0, floor(height / 2), width, 1, unpark_ink(UNPARK_INK_DIM_TEXT, 0.2f));
  if (line->type == UNPARK_TRACE_LOG) {
    append_log(snapshot, CLAMP(extent.x, MARK / 2.0, width - MARK / 2.0), floor(height / 2) + 0.5);
    return;
  }
  append_box(snapshot, extent.x, y, extent.width, HEIGHT,
             unpark_ink(UNPARK_INK_TASK, line->lane == UNPARK_TRACE_NOBODY ? 1 : 0.35f));
  if (line->lane < self->trace->n_lanes)
    append_states(self, snapshot, &extent, width, y);
}

static void unpark_task_bar_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

static void unpark_task_bar_dispose(GObject *object) {
  g_clear_pointer(&UNPARK_TASK_BAR(object)->trace, unpark_task_trace_unref);
  G_OBJECT_CLASS(unpark_task_bar_parent_class)->dispose(object);
}

static void unpark_task_bar_class_init(UnparkTaskBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_task_bar_dispose;
  widget_class->snapshot = unpark_task_bar_snapshot;
  widget_class->measure = unpark_task_bar_measure;
  /* The columns beside it say the same. */
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void unpark_task_bar_init(UnparkTaskBar *self) {
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_task_bar_new(void) {
  return g_object_new(UNPARK_TYPE_TASK_BAR, NULL);
}

void unpark_task_bar_set(UnparkTaskBar *self, UnparkTaskTrace *trace, guint line) {
  UnparkTaskTrace *before = self->trace;
  self->trace = unpark_task_trace_ref(trace);
  self->line = line;
  g_clear_pointer(&before, unpark_task_trace_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
