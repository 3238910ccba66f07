/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/surface-node.h"

static cairo_surface_t *on_acquire(cairo_pattern_t *pattern, void *data, cairo_surface_t *target,
                                   const cairo_rectangle_int_t *extents) {
  return cairo_surface_reference(data);
}

static void on_release(cairo_pattern_t *pattern, void *data, cairo_surface_t *surface) {
  cairo_surface_destroy(surface);
}

static cairo_status_t on_copy(cairo_pattern_t *pattern, void *data, const cairo_pattern_t *other) {
  cairo_surface_reference(data);
  return CAIRO_STATUS_SUCCESS;
}

static void on_finish(cairo_pattern_t *pattern, void *data) {
  cairo_surface_destroy(data);
}

cairo_pattern_t *unpark_surface_pattern(cairo_surface_t *surface) {
  cairo_pattern_t *pattern = cairo_pattern_create_raster_source(
      cairo_surface_reference(surface), CAIRO_CONTENT_COLOR_ALPHA,
      cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface));
  cairo_raster_source_pattern_set_acquire(pattern, on_acquire, on_release);
  cairo_raster_source_pattern_set_copy(pattern, on_copy);
  cairo_raster_source_pattern_set_finish(pattern, on_finish);
  cairo_pattern_set_filter(pattern, CAIRO_FILTER_FAST);
  return pattern;
}

GskRenderNode *unpark_surface_node(cairo_surface_t *surface, double scale) {
  double width = cairo_image_surface_get_width(surface) / scale;
  double height = cairo_image_surface_get_height(surface) / scale;
  GskRenderNode *node = gsk_cairo_node_new(&GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
  cairo_t *cr = gsk_cairo_node_get_draw_context(node);
  cairo_pattern_t *pattern = unpark_surface_pattern(surface);
  cairo_scale(cr, 1 / scale, 1 / scale);
  cairo_set_source(cr, pattern);
  /* Nothing lies below in the recording: a copy is enough. */
  cairo_set_operator(cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint(cr);
  cairo_pattern_destroy(pattern);
  cairo_destroy(cr);
  return node;
}
