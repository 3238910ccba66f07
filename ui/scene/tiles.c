/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bars of lanes: pictures of stretches of time, kept from frame to frame. */
#include <gsk/gsk.h>
#include <math.h>
#include <string.h>

#include "ui/lanes/lane-raster.h"
#include "ui/scene/surface-node.h"
#include "ui/scene/frame.h"

static const UnparkSample *samples(const GArray *array) {
  return (const UnparkSample *)(gconstpointer)array->data;
}

static const UnparkStretch *stretches(const GArray *array) {
  return (const UnparkStretch *)(gconstpointer)array->data;
}

/* The rows of pixels from `from` px of the row on, `height` px high. */
static UnparkTile part_of(const UnparkSceneFrame *f, const UnparkTile *tile, double from,
                          double height) {
  UnparkTile part = *tile;
  int y = CLAMP((int)(from * f->scale), 0, tile->height);
  part.pixels += (gsize)y * (gsize)tile->width;
  part.height = CLAMP((int)(height * f->scale), 0, tile->height - y);
  return part;
}

/* Regions, frames, ranges and marks of a lane; `bar`: the part of the tile that shows states. */
static void raster_tracks(const UnparkSceneFrame *f, const UnparkRow *row,
                          const UnparkLaneData *data, const UnparkTile *tile,
                          const UnparkTile *bar) {
  const UnparkLaneTracks *tracks = &data->tracks;
  double shift = floor(unpark_frame_row_gap(row) / 2);
  int level = (int)(UNPARK_LEVEL_HEIGHT * f->scale);
  if (row->region_levels > 0) {
    UnparkTile part = part_of(f, tile, unpark_row_regions_y(row) - shift,
                              row->region_levels * UNPARK_LEVEL_HEIGHT);
    unpark_raster_track(&part, tracks->regions, tracks->n_regions, 0, level, FALSE);
  }
  if (row->stack_levels > 0) {
    UnparkTile part =
        part_of(f, tile, unpark_row_stacks_y(row) - shift, row->stack_levels * UNPARK_LEVEL_HEIGHT);
    unpark_raster_track(&part, tracks->frames, tracks->n_frames, 0, level, TRUE);
  }
  unpark_raster_ranges(bar, tracks->ranges, tracks->n_ranges,
                       (int)(unpark_row_band_height(row) * f->scale), data->lane.items,
                       data->lane.n_items);
  unpark_raster_marks(bar, tracks->marks, tracks->n_marks);
}

static void raster_task(const UnparkSceneFrame *f, const UnparkRow *row, const UnparkTile *tile) {
  const UnparkSeries *series = f->scene->series;
  const UnparkTask *task = series ? unpark_track_index_task(series->tracks, row->id) : NULL;
  if (!task)
    return;
  const UnparkStretch whole = {.start_ns = task->start_ns, .end_ns = task->end_ns};
  UnparkTile bar = part_of(f, tile, 0, row->bar - unpark_frame_row_gap(row));
  unpark_raster_stretches(&bar, &whole, 1, unpark_palette_ink(UNPARK_INK_TASK, tile->dark), 0,
                          bar.height);
}

static void raster_plots(const UnparkScene *scene, const UnparkRow *row, const UnparkTile *tile) {
  const UnparkSeries *series = scene->series;
  const UnparkTaskCount *tasks;
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_GC:
    unpark_raster_stretches(tile, stretches(series->gc), series->gc->len,
                            unpark_palette_ink(UNPARK_INK_GC, tile->dark), 0, tile->height);
    break;
  case UNPARK_ROW_STW:
    unpark_raster_stretches(tile, stretches(series->stw), series->stw->len,
                            unpark_palette_ink(UNPARK_INK_STW, tile->dark), 0, tile->height);
    break;
  case UNPARK_ROW_HEAP:
    unpark_raster_plot(tile, samples(series->heap), series->heap->len, series->top_bytes,
                       unpark_palette_ink(UNPARK_INK_HEAP, tile->dark), TRUE);
    unpark_raster_plot(tile, samples(series->goal), series->goal->len, series->top_bytes,
                       unpark_palette_ink(UNPARK_INK_GOAL, tile->dark), FALSE);
    break;
  case UNPARK_ROW_THREADS:
    if (series->least_procs == series->top_procs) /* its header says it all */
      break;
    unpark_raster_plot(tile, samples(series->gomaxprocs), series->gomaxprocs->len,
                       series->top_procs, unpark_palette_ink(UNPARK_INK_DIM_TEXT, tile->dark),
                       TRUE);
    break;
  default:
    tasks = unpark_task_counts_of(scene->task_counts, (guint32)row->id);
    if (tasks)
      unpark_raster_plot(tile, samples(tasks->samples), tasks->samples->len, tasks->top,
                         unpark_palette_ink(UNPARK_INK_TASK, tile->dark), TRUE);
    break;
  }
}

gboolean unpark_frame_is_faint(const UnparkSceneFrame *f, const UnparkRow *row,
                               const UnparkItem *item) {
  const UnparkFilterResult *filtered = f->scene->filtered;
  if (!filtered)
    return FALSE;
  if (row->type == UNPARK_ROW_GOROUTINE)
    return !unpark_filter_result_has(filtered, row->id, item);
  return (row->type == UNPARK_ROW_PROC || row->type == UNPARK_ROW_THREAD) &&
         !unpark_filter_result_has_work(filtered, item);
}

/* Of one lane. */
typedef struct {
  const UnparkSceneFrame *frame;
  const UnparkRow *row;
} Asked;

static gboolean is_asked_for(const UnparkItem *item, gpointer data) {
  const Asked *asked = data;
  return !unpark_frame_is_faint(asked->frame, asked->row, item);
}

/* FALSE if there is nothing to make it from yet. */
static gboolean raster(const UnparkSceneFrame *f, const UnparkRow *row, const UnparkLaneData *data,
                       const UnparkTile *tile) {
  UnparkTile bar = part_of(f, tile, 0, row->bar - unpark_frame_row_gap(row));
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_PROC:
  case UNPARK_ROW_THREAD:
  case UNPARK_ROW_GOROUTINE: {
    if (!data)
      return FALSE;
    const Asked asked = {f, row};
    if (f->scene->filtered &&
        (row->type != UNPARK_ROW_GOROUTINE || f->scene->filtered->has_spans)) {
      bar.test = is_asked_for;
      bar.test_data = (gpointer)&asked;
    }
    unpark_raster_spans(&bar, f->scene->rows->store, data->lane.items, data->lane.n_items,
                        row->type == UNPARK_ROW_GOROUTINE ? UNPARK_LANE_OF_STATES
                                                          : UNPARK_LANE_OF_WORK);
    raster_tracks(f, row, data, tile, &bar);
    return TRUE;
  }
  case UNPARK_ROW_GROUP:
  case UNPARK_ROW_STATES:
    if (data)
      unpark_raster_density(tile, data->lane.items, data->lane.n_items, data->peak, data->active,
                            unpark_scene_hides_waiting(f->scene, row));
    return data != NULL;
  case UNPARK_ROW_TASK:
    raster_task(f, row, tile);
    if (data)
      raster_tracks(f, row, data, tile, &bar);
    return TRUE;
  case UNPARK_ROW_SECTION:
    return FALSE;
  case UNPARK_ROW_GC:
  case UNPARK_ROW_STW:
  case UNPARK_ROW_HEAP:
  case UNPARK_ROW_THREADS:
  case UNPARK_ROW_TASK_GROUP:
  default:
    raster_plots(f->scene, row, tile);
    return TRUE;
  }
}

/* The tile as sharp as it can be now; NULL if there is none. */
static UnparkPicture *get_tile(UnparkSceneFrame *f, const UnparkRow *row,
                               const UnparkLaneData *data, const UnparkTileKey *key) {
  guint serial = 0, wanted = data ? data->serial : 1;
  UnparkPicture *picture = unpark_tile_cache_get(f->cache->tiles, key, &serial);
  if (picture && serial == wanted)
    return picture;
  if (g_get_monotonic_time() > f->deadline_us) {
    f->incomplete = TRUE;
    return picture;
  }
  UnparkTile tile = {.from_ns = (double)key->index * UNPARK_TILE_WIDTH * key->ns_per_px,
                     .ns_per_px = key->ns_per_px,
                     .width = UNPARK_TILE_WIDTH,
                     .height = key->height,
                     .dark = f->dark};
  cairo_surface_t *surface = unpark_tile_surface_new(key->height);
  tile.pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(surface);
  if (!raster(f, row, data, &tile)) {
    cairo_surface_destroy(surface);
    return picture;
  }
  cairo_surface_mark_dirty(surface);
  return unpark_tile_cache_put(f->cache->tiles, key, wanted, surface);
}

static void put(const UnparkSceneFrame *f, UnparkPicture *picture, double x, double y) {
  double width = UNPARK_TILE_WIDTH / f->scale;
  x = floor(x * f->scale + 0.5) / f->scale;
  if (f->surfaces) {
    gtk_snapshot_save(f->snapshot);
    gtk_snapshot_translate(f->snapshot, &GRAPHENE_POINT_INIT((float)x, (float)y));
    gtk_snapshot_append_node(f->snapshot, unpark_picture_node(picture, f->scale));
    gtk_snapshot_restore(f->snapshot);
    return;
  }
  GdkTexture *texture = unpark_picture_texture(picture);
  double height = gdk_texture_get_height(texture) / f->scale;
  gtk_snapshot_append_texture(f->snapshot, texture,
                              &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void put_stretched(const UnparkSceneFrame *f, UnparkPicture *picture, double x, double y,
                          double width, double height) {
  double from = MAX(x, f->scene->lanes_x), to = MIN(x + width, f->scene->width);
  if (to <= from)
    return;
  if (!f->surfaces) {
    gtk_snapshot_append_texture(
        f->snapshot, unpark_picture_texture(picture),
        &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
    return;
  }
  cairo_surface_t *surface = unpark_picture_surface(picture);
  cairo_t *cr = gtk_snapshot_append_cairo(
      f->snapshot, &GRAPHENE_RECT_INIT((float)floor(from), (float)y,
                                       (float)(ceil(to) - floor(from)), (float)height));
  cairo_matrix_t matrix;
  cairo_matrix_init_scale(&matrix, UNPARK_TILE_WIDTH / width,
                          cairo_image_surface_get_height(surface) / height);
  cairo_matrix_translate(&matrix, -x, -y);
  cairo_pattern_t *pattern = unpark_surface_pattern(surface);
  cairo_pattern_set_matrix(pattern, &matrix);
  cairo_set_source(cr, pattern);
  cairo_rectangle(cr, from, y, to - from, height);
  cairo_fill(cr);
  cairo_pattern_destroy(pattern);
  cairo_destroy(cr);
}

/* Tiles of another zoom, stretched, where the right ones are not there yet. */
static void paint_fallback(UnparkSceneFrame *f, UnparkTileKey key, double y, double height) {
  double x0 = f->scene->lanes_x;
  for (guint z = 0; z < UNPARK_N_FALLBACK_ZOOMS; z++) {
    double zoom = f->cache->zooms[z], ratio = zoom / f->zoom;
    gboolean any = FALSE;
    if (zoom <= 0 || zoom == f->zoom || ratio > 32 || ratio < 1.0 / 8)
      continue;
    key.ns_per_px = zoom;
    gint64 first = (gint64)floor(f->scene->axis.start_ns / zoom / UNPARK_TILE_WIDTH);
    gint64 last = (gint64)floor(unpark_axis_end(&f->scene->axis) / zoom / UNPARK_TILE_WIDTH);
    for (key.index = first; key.index <= last; key.index++) {
      guint serial;
      UnparkPicture *picture = unpark_tile_cache_get(f->cache->tiles, &key, &serial);
      if (!picture)
        continue;
      double width = UNPARK_TILE_WIDTH * zoom / f->scene->axis.ns_per_px;
      double x = unpark_axis_x(&f->scene->axis, (double)key.index * UNPARK_TILE_WIDTH * zoom);
      put_stretched(f, picture, x0 + x, y, width, height);
      any = TRUE;
    }
    if (any)
      return;
  }
}

/* Neighbours overlap so much, px: edges that only touch leave a seam when they are smoothed. */
#define OVERLAP_PX 0.35

static gboolean same_column(const UnparkTile *tile, int a, int b) {
  for (int y = 0; y < tile->height; y++)
    if (tile->pixels[y * tile->width + a] != tile->pixels[y * tile->width + b])
      return FALSE;
  return TRUE;
}

/* Columns [x0, x1) that are all alike, as rectangles. */
static void draw_columns(const UnparkSceneFrame *f, const UnparkTile *tile, int x0, int x1,
                         double x, double y) {
  for (int from = 0, to; from < tile->height; from = to) {
    guint32 argb = tile->pixels[from * tile->width + x0];
    for (to = from + 1; to < tile->height && tile->pixels[to * tile->width + x0] == argb;)
      to++;
    if (argb >> 24 == 0)
      continue;
    double alpha = (argb >> 24) / 255.0; /* colours are premultiplied */
    const GdkRGBA color = {(float)((argb >> 16 & 255) / 255.0 / alpha),
                           (float)((argb >> 8 & 255) / 255.0 / alpha),
                           (float)((argb & 255) / 255.0 / alpha), (float)alpha};
    unpark_frame_box(f, x + x0 / f->scale, y + from / f->scale,
                     (x1 - x0) / f->scale + (alpha < 1 ? 0 : OVERLAP_PX), (to - from) / f->scale,
                     color);
  }
}

/* The lane as shapes, which stay sharp at any size: what a tile would hold, put together. */
static void paint_shapes(UnparkSceneFrame *f, const UnparkRow *row, const UnparkLaneData *data,
                         double y, double height) {
  double view = f->scene->width - f->scene->lanes_x;
  int pixels = (int)ceil(view * f->scale);
  for (int at = 0; at < pixels; at += UNPARK_TILE_WIDTH) {
    UnparkTile tile = {.from_ns = f->scene->axis.start_ns + at * f->zoom,
                       .ns_per_px = f->zoom,
                       .width = MIN(UNPARK_TILE_WIDTH, pixels - at),
                       .height = (int)ceil(height * f->scale),
                       .dark = f->dark};
    g_autofree guint32 *buffer = g_new0(guint32, (gsize)tile.width * (gsize)tile.height);
    tile.pixels = buffer;
    if (!raster(f, row, data, &tile))
      return;
    for (int from = 0, to; from < tile.width; from = to) {
      for (to = from + 1; to < tile.width && same_column(&tile, from, to);)
        to++;
      draw_columns(f, &tile, from, to, f->scene->lanes_x + at / f->scale, y);
    }
  }
}

void unpark_frame_paint_tiles(UnparkSceneFrame *f, const UnparkRow *row, const UnparkLaneData *data,
                              double y, double height) {
  if (f->in_full) {
    paint_shapes(f, row, data, y, height);
    return;
  }
  double pixels = (f->scene->width - f->scene->lanes_x) * f->scale;
  gint64 first = (gint64)floor(f->left / UNPARK_TILE_WIDTH);
  gint64 last = (gint64)floor((f->left + pixels) / UNPARK_TILE_WIDTH);
  UnparkPicture *found[32];
  UnparkTileKey key = {.row_type = row->type,
                       .row_id = row->id,
                       .ns_per_px = f->zoom,
                       .height = (int)ceil(height * f->scale)};
  gboolean missing = FALSE;
  last = MIN(last, first + (gint64)G_N_ELEMENTS(found) - 1);
  for (gint64 i = first; i <= last; i++) {
    key.index = i;
    found[i - first] = get_tile(f, row, data, &key);
    missing |= !found[i - first];
  }
  if (missing)
    paint_fallback(f, key, y, height);
  for (gint64 i = first; i <= last; i++) {
    if (!found[i - first] || missing)
      continue;
    double x = ((double)i * UNPARK_TILE_WIDTH - f->left) / f->scale;
    put(f, found[i - first], f->scene->lanes_x + x, y);
  }
}
