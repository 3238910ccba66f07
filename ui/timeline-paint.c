#include <adwaita.h>
#include <gsk/gsk.h>
#include <math.h>
#include <string.h>

#include "model/flame-colour.h"
#include "ui/format.h"
#include "ui/lane-raster.h"
#include "ui/palette.h"
#include "ui/timeline-overlay.h"
#include "ui/timeline-private.h"

/* Of a frame's 8 ms, what new tiles may take. */
#define TILE_BUDGET_US 2000
#define MAX_NEW_TEXTS 30
#define MIN_LABEL_PX 30
/* Between the bars of neighbouring lanes. */
#define LANE_GAP 3

typedef struct {
  UnparkTimeline *self;
  GtkSnapshot *snapshot;
  UnparkTimeAxis axis;
  double zoom; /* ns per device pixel, the tiles' */
  double left; /* device pixel of the view's left edge, from time 0 */
  double scale;
  double width, height; /* of the widget */
  gboolean dark;
  cairo_t *cr; /* where tiles go if the renderer draws with cairo; else NULL */
} Frame;

static GdkRGBA rgba(guint32 rgb, double alpha) {
  return (GdkRGBA){(float)((rgb >> 16) & 255) / 255.0f, (float)((rgb >> 8) & 255) / 255.0f,
                   (float)(rgb & 255) / 255.0f, (float)alpha};
}

static GdkRGBA ink(const Frame *f, UnparkInk name, double alpha) {
  return rgba(unpark_palette_ink(name, f->dark), alpha);
}

static void box(const Frame *f, double x, double y, double width, double height, GdkRGBA color) {
  gtk_snapshot_append_color(f->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void text(const Frame *f, UnparkText style, const char *what, double x, double y,
                 GdkRGBA color) {
  unpark_text_cache_append(f->self->texts, f->snapshot, style, what, x, y, &color);
}

/* ---- Tiles ------------------------------------------------------------------------- */

static const UnparkSample *samples(const GArray *array) {
  return (const UnparkSample *)(gconstpointer)array->data;
}

static const UnparkStretch *stretches(const GArray *array) {
  return (const UnparkStretch *)(gconstpointer)array->data;
}

static double row_gap(const UnparkRow *row) {
  return row->type == UNPARK_ROW_GC || row->type == UNPARK_ROW_STW ? 6 : LANE_GAP;
}

/* The rows of pixels from `from` px of the row on, `height` px high. */
static UnparkTile part_of(const Frame *f, const UnparkTile *tile, double from, double height) {
  UnparkTile part = *tile;
  int y = CLAMP((int)(from * f->scale), 0, tile->height);
  part.pixels += (gsize)y * (gsize)tile->width;
  part.height = CLAMP((int)(height * f->scale), 0, tile->height - y);
  return part;
}

/* Regions, frames and marks of a lane. */
static void raster_tracks(const Frame *f, const UnparkRow *row, const UnparkLaneData *data,
                          const UnparkTile *tile) {
  const UnparkLaneTracks *tracks = &data->tracks;
  UnparkStore *store = f->self->rows->store;
  double shift = floor(row_gap(row) / 2);
  int level = (int)(UNPARK_LEVEL_HEIGHT * f->scale);
  if (row->region_levels > 0) {
    UnparkTile part = part_of(f, tile, unpark_row_regions_y(row) - shift,
                              row->region_levels * UNPARK_LEVEL_HEIGHT);
    unpark_raster_track(&part, store, tracks->regions, tracks->n_regions, 0, level, FALSE);
  }
  if (row->stack_levels > 0) {
    UnparkTile part =
        part_of(f, tile, unpark_row_stacks_y(row) - shift, row->stack_levels * UNPARK_LEVEL_HEIGHT);
    unpark_raster_track(&part, store, tracks->frames, tracks->n_frames, 0, level, TRUE);
  }
  UnparkTile bar = part_of(f, tile, 0, row->bar - row_gap(row));
  unpark_raster_marks(&bar, tracks->marks, tracks->n_marks);
}

static void raster_task(const Frame *f, const UnparkRow *row, const UnparkTile *tile) {
  const UnparkSeries *series = f->self->series;
  const UnparkTask *task = series ? unpark_track_index_task(series->tracks, row->id) : NULL;
  if (!task)
    return;
  const UnparkStretch whole = {.start_ns = task->start_ns, .end_ns = task->end_ns};
  UnparkTile bar = part_of(f, tile, 0, row->bar - row_gap(row));
  unpark_raster_stretches(&bar, &whole, 1, unpark_palette_ink(UNPARK_INK_TASK, tile->dark), 0,
                          bar.height);
}

static void raster_plots(const UnparkRow *row, const UnparkSeries *series, const UnparkTile *tile) {
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
    unpark_raster_plot(tile, samples(series->gomaxprocs), series->gomaxprocs->len,
                       series->top_procs, unpark_palette_ink(UNPARK_INK_DIM_TEXT, tile->dark),
                       TRUE);
    break;
  default:
    tasks = unpark_series_tasks(series, (guint32)row->id);
    if (tasks)
      unpark_raster_plot(tile, samples(tasks->samples), tasks->samples->len, tasks->top,
                         unpark_palette_ink(UNPARK_INK_TASK, tile->dark), TRUE);
    break;
  }
}

/* Of one goroutine's lane. */
typedef struct {
  const UnparkFilterResult *filtered;
  gint64 goroutine;
} Asked;

static gboolean is_asked_for(const UnparkItem *item, gpointer data) {
  const Asked *asked = data;
  return unpark_filter_result_has(asked->filtered, asked->goroutine, item);
}

/* FALSE if there is nothing to make it from yet. */
static gboolean raster(const Frame *f, const UnparkRow *row, const UnparkLaneData *data,
                       const UnparkTile *tile) {
  UnparkTimeline *self = f->self;
  UnparkTile bar = part_of(f, tile, 0, row->bar - row_gap(row));
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_PROC:
  case UNPARK_ROW_THREAD:
  case UNPARK_ROW_GOROUTINE: {
    if (!data)
      return FALSE;
    const Asked asked = {self->filtered, row->id};
    if (row->type == UNPARK_ROW_GOROUTINE && self->filtered && self->filtered->has_spans) {
      bar.test = is_asked_for;
      bar.test_data = (gpointer)&asked;
    }
    unpark_raster_spans(&bar, self->rows->store, data->lane.items, data->lane.n_items,
                        row->type == UNPARK_ROW_GOROUTINE ? UNPARK_LANE_OF_STATES
                                                          : UNPARK_LANE_OF_WORK);
    raster_tracks(f, row, data, tile);
    return TRUE;
  }
  case UNPARK_ROW_GROUP:
  case UNPARK_ROW_STATES:
    if (data)
      unpark_raster_density(tile, data->lane.items, data->lane.n_items, data->peak, data->active);
    return data != NULL;
  case UNPARK_ROW_TASK:
    raster_task(f, row, tile);
    if (data)
      raster_tracks(f, row, data, tile);
    return TRUE;
  case UNPARK_ROW_SECTION:
    return FALSE;
  case UNPARK_ROW_GC:
  case UNPARK_ROW_STW:
  case UNPARK_ROW_HEAP:
  case UNPARK_ROW_THREADS:
  case UNPARK_ROW_TASK_GROUP:
  default:
    raster_plots(row, self->series, tile);
    return TRUE;
  }
}

/* The tile as sharp as it can be now; NULL if there is none. */
static UnparkPicture *get_tile(Frame *f, const UnparkRow *row, const UnparkLaneData *data,
                               const UnparkTileKey *key) {
  UnparkTimeline *self = f->self;
  guint serial = 0, wanted = data ? data->serial : 1;
  UnparkPicture *picture = unpark_tile_cache_get(self->tiles, key, &serial);
  if (picture && serial == wanted)
    return picture;
  if (g_get_monotonic_time() > self->frame_deadline_us) {
    self->incomplete = TRUE;
    return picture;
  }
  UnparkTile tile = {.from_ns = (double)key->index * UNPARK_TILE_WIDTH * key->ns_per_px,
                     .ns_per_px = key->ns_per_px,
                     .width = UNPARK_TILE_WIDTH,
                     .height = key->height,
                     .dark = f->dark};
  tile.pixels = g_new0(guint32, (gsize)tile.width * (gsize)tile.height);
  if (!raster(f, row, data, &tile)) {
    g_free(tile.pixels);
    return picture;
  }
  return unpark_tile_cache_put(self->tiles, key, wanted, tile.pixels);
}

static void put(const Frame *f, UnparkPicture *picture, double x, double y, double width,
                double height, double pixel_height) {
  if (!f->cr) {
    gtk_snapshot_append_texture(
        f->snapshot, unpark_picture_texture(picture),
        &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
    return;
  }
  double from = MAX(x, f->self->header_width), to = MIN(x + width, f->width);
  if (to <= from)
    return;
  cairo_matrix_t matrix;
  cairo_matrix_init_scale(&matrix, UNPARK_TILE_WIDTH / width, pixel_height / height);
  cairo_matrix_translate(&matrix, -x, -y);
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface(unpark_picture_surface(picture));
  cairo_pattern_set_matrix(pattern, &matrix);
  cairo_pattern_set_filter(pattern, CAIRO_FILTER_FAST);
  /* Nothing lies below: a copy is enough. */
  cairo_set_operator(f->cr, CAIRO_OPERATOR_SOURCE);
  cairo_set_source(f->cr, pattern);
  cairo_rectangle(f->cr, from, y, to - from, height);
  cairo_fill(f->cr);
  cairo_pattern_destroy(pattern);
}

/* Tiles of another zoom, stretched, where the right ones are not there yet. */
static void paint_fallback(Frame *f, UnparkTileKey key, double y, double height) {
  UnparkTimeline *self = f->self;
  double x0 = self->header_width;
  for (guint z = 0; z < UNPARK_N_FALLBACK_ZOOMS; z++) {
    double zoom = self->zooms[z], ratio = zoom / f->zoom;
    gboolean any = FALSE;
    if (zoom <= 0 || zoom == f->zoom || ratio > 32 || ratio < 1.0 / 8)
      continue;
    key.ns_per_px = zoom;
    gint64 first = (gint64)floor(f->axis.start_ns / zoom / UNPARK_TILE_WIDTH);
    gint64 last = (gint64)floor(unpark_axis_end(&f->axis) / zoom / UNPARK_TILE_WIDTH);
    for (key.index = first; key.index <= last; key.index++) {
      guint serial;
      UnparkPicture *picture = unpark_tile_cache_get(self->tiles, &key, &serial);
      if (!picture)
        continue;
      double width = UNPARK_TILE_WIDTH * zoom / f->axis.ns_per_px;
      double x = unpark_axis_x(&f->axis, (double)key.index * UNPARK_TILE_WIDTH * zoom);
      put(f, picture, x0 + x, y, width, height, key.height);
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
static void draw_columns(const Frame *f, const UnparkTile *tile, int x0, int x1, double x,
                         double y) {
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
    box(f, x + x0 / f->scale, y + from / f->scale,
        (x1 - x0) / f->scale + (alpha < 1 ? 0 : OVERLAP_PX), (to - from) / f->scale, color);
  }
}

/* The lane as shapes, which stay sharp at any size: what a tile would hold, put together. */
static void paint_shapes(Frame *f, const UnparkRow *row, const UnparkLaneData *data, double y,
                         double height) {
  double view = f->width - f->self->header_width;
  int pixels = (int)ceil(view * f->scale);
  for (int at = 0; at < pixels; at += UNPARK_TILE_WIDTH) {
    UnparkTile tile = {.from_ns = f->axis.start_ns + at * f->zoom,
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
      draw_columns(f, &tile, from, to, f->self->header_width + at / f->scale, y);
    }
  }
}

static void paint_tiles(Frame *f, const UnparkRow *row, const UnparkLaneData *data, double y,
                        double height) {
  UnparkTimeline *self = f->self;
  if (self->in_full) {
    paint_shapes(f, row, data, y, height);
    return;
  }
  double pixels = (f->width - self->header_width) * f->scale;
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
    put(f, found[i - first], self->header_width + x, y, UNPARK_TILE_WIDTH / f->scale,
        key.height / f->scale, key.height);
  }
}

/* ---- Texts on spans ---------------------------------------------------------------- */

/* A text that was cut where the buffer ends may end within a character. */
static void drop_half_character(char *text) {
  const char *end;
  if (!g_utf8_validate(text, -1, &end))
    text[end - text] = 0;
}

/* The longest text that fits; NULL if none. Points to static or store text, or to `buf`. */
static const char *span_text(const Frame *f, const UnparkRow *row, const UnparkItem *item,
                             double width, char *buf, gsize size) {
  UnparkTimeline *self = f->self;
  guint chars = unpark_text_cache_chars(self->texts, UNPARK_TEXT_SMALL, width - 6);
  if (row->type == UNPARK_ROW_PROC || row->type == UNPARK_ROW_THREAD) {
    const UnparkGoroutine *g = item->goroutine == UNPARK_NONE
                                   ? NULL
                                   : unpark_store_goroutine(self->rows->store, item->goroutine);
    int used = g_snprintf(buf, size, "G %" G_GINT64_FORMAT, item->goroutine);
    if (!g)
      return NULL;
    if (chars > (guint)used + 6)
      g_snprintf(buf + used, size - (gsize)used, " %s",
                 unpark_format_function(unpark_store_string(self->rows->store, g->name_id),
                                        chars - (guint)used - 1));
    drop_half_character(buf);
    return buf;
  }
  const UnparkKind *kind = unpark_store_kind(self->rows->store, item->kind);
  if (!kind)
    return NULL;
  return *kind->reason && kind->state != UNPARK_STATE_RUNNABLE ? kind->reason
                                                               : unpark_state_name(kind->state);
}

static void paint_texts(Frame *f, const UnparkRow *row, const UnparkLaneData *data, double y,
                        double height) {
  UnparkTimeline *self = f->self;
  double view = f->width - self->header_width;
  const UnparkLaneItems *lane = &data->lane;
  guint i = unpark_items_first(lane->items, lane->n_items, f->axis.start_ns);
  for (; i < lane->n_items; i++) {
    const UnparkItem *item = &lane->items[i];
    double x0 = MAX(unpark_axis_x(&f->axis, (double)item->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->axis, (double)item->end_ns), view);
    char buf[128];
    int width, text_height;
    if (x0 >= view)
      return;
    if (item->count != 1 || x1 - x0 < MIN_LABEL_PX)
      continue;
    const char *label = span_text(f, row, item, x1 - x0, buf, sizeof buf);
    if (!label || !*label)
      continue;
    if (unpark_text_cache_n_made(self->texts) > self->texts_before + MAX_NEW_TEXTS &&
        !self->in_full) {
      self->incomplete = TRUE;
      return;
    }
    unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, label, &width, &text_height);
    if (width > x1 - x0 - 6)
      continue;
    guint class_id = unpark_item_class(self->rows->store, item);
    if (row->type == UNPARK_ROW_GOROUTINE && self->filtered &&
        !unpark_filter_result_has(self->filtered, row->id, item)) {
      text(f, UNPARK_TEXT_SMALL, label, self->header_width + x0 + 4,
           y + floor((height - text_height) / 2), ink(f, UNPARK_INK_DIM_TEXT, 0.6));
      continue;
    }
    text(f, UNPARK_TEXT_SMALL, label, self->header_width + x0 + 4,
         y + floor((height - text_height) / 2), rgba(unpark_palette_text(class_id, f->dark), 0.92));
  }
}

/* ---- Rows -------------------------------------------------------------------------- */

/* FALSE if there is nothing to paint of the row's lane. *data is NULL for plots. */
static gboolean row_data(const Frame *f, const UnparkRow *row, const UnparkLaneData **data) {
  UnparkLaneKey key;
  *data = NULL;
  if (!unpark_row_lane(row, &key))
    return f->self->series && row->type != UNPARK_ROW_SECTION;
  *data = unpark_lane_cache_get(f->self->lanes, &key);
  return *data != NULL || row->type == UNPARK_ROW_TASK;
}

static void paint_bars(Frame *f, const UnparkRow *row, double y) {
  const UnparkLaneData *data;
  double gap = row_gap(row);
  if (!row_data(f, row, &data))
    return;
  f->self->n_painted++;
  paint_tiles(f, row, data, y + floor(gap / 2), row->height - gap);
}

/* Names upon regions or frames. */
static void paint_track_labels(Frame *f, const UnparkTrackSpan *spans, guint n, double y,
                               guint n_levels, gboolean functions) {
  UnparkTimeline *self = f->self;
  double view = f->width - self->header_width;
  for (guint i = 0; i < n; i++) {
    const UnparkTrackSpan *span = &spans[i];
    double x0 = MAX(unpark_axis_x(&f->axis, (double)span->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->axis, (double)span->end_ns), view);
    int width, height;
    if (x1 - x0 < MIN_LABEL_PX || span->level >= n_levels || (span->count > 1 && !functions))
      continue;
    guint chars = unpark_text_cache_chars(self->texts, UNPARK_TEXT_SMALL, x1 - x0 - 6);
    const char *name = unpark_store_string(self->rows->store, span->name_id);
    if (functions)
      name = unpark_format_function(name, chars);
    if (!*name || (guint)g_utf8_strlen(name, -1) > chars + 3)
      continue;
    if (unpark_text_cache_n_made(self->texts) > self->texts_before + MAX_NEW_TEXTS &&
        !self->in_full) {
      self->incomplete = TRUE;
      return;
    }
    unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, name, &width, &height);
    if (width > x1 - x0 - 5)
      continue;
    guint class_id = unpark_track_class(self->rows->store, span->name_id, functions);
    text(f, UNPARK_TEXT_SMALL, name, self->header_width + x0 + 3,
         y + span->level * UNPARK_LEVEL_HEIGHT + floor((UNPARK_LEVEL_HEIGHT - height) / 2.0),
         rgba(unpark_flame_ink(class_id, f->dark), 1));
  }
}

/* "GC mark termination" of "stop-the-world (GC mark termination)". */
static const char *stretch_label(UnparkStore *store, const UnparkStretch *stretch, char *buf,
                                 gsize size) {
  const char *name = unpark_store_string(store, stretch->name_id);
  const char *open = strchr(name, '(');
  if (!open)
    return name;
  g_strlcpy(buf, open + 1, size);
  buf[strcspn(buf, ")")] = 0;
  drop_half_character(buf);
  return buf;
}

static void paint_stretch_labels(Frame *f, const GArray *list, double y, double height,
                                 UnparkInk below) {
  UnparkTimeline *self = f->self;
  double view = f->width - self->header_width;
  guint32 fill = unpark_palette_ink(below, f->dark);
  guint32 color =
      unpark_palette_contrast(fill, 0) > unpark_palette_contrast(fill, 0xffffff) ? 0 : 0xffffff;
  for (guint i = 0; i < list->len; i++) {
    const UnparkStretch *stretch = &g_array_index(list, UnparkStretch, i);
    double x0 = MAX(unpark_axis_x(&f->axis, (double)stretch->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->axis, (double)stretch->end_ns), view);
    char buf[96];
    int width, text_height;
    if (x1 - x0 < MIN_LABEL_PX)
      continue;
    const char *label = stretch_label(self->rows->store, stretch, buf, sizeof buf);
    unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, label, &width, &text_height);
    if (width < x1 - x0 - 6)
      text(f, UNPARK_TEXT_SMALL, label, self->header_width + x0 + 4,
           y + floor((height - text_height) / 2), rgba(color, 1));
  }
}

static void paint_labels(Frame *f, const UnparkRow *row, double y) {
  const UnparkLaneData *data;
  double gap = row_gap(row), top = y + floor(gap / 2);
  if (row->type == UNPARK_ROW_SECTION) {
    box(f, f->self->header_width, y, f->width, row->height, ink(f, UNPARK_INK_STRIPE, 1));
    return;
  }
  if (!row_data(f, row, &data))
    return;
  if (row->type == UNPARK_ROW_GC)
    paint_stretch_labels(f, f->self->series->gc, top, row->height - gap, UNPARK_INK_GC);
  if (row->type == UNPARK_ROW_STW)
    paint_stretch_labels(f, f->self->series->stw, top, row->height - gap, UNPARK_INK_STW);
  if (!data || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return;
  paint_texts(f, row, data, top, row->bar - gap);
  if (row->region_levels > 0)
    paint_track_labels(f, data->tracks.regions, data->tracks.n_regions,
                       y + unpark_row_regions_y(row), row->region_levels, FALSE);
  if (row->stack_levels > 0)
    paint_track_labels(f, data->tracks.frames, data->tracks.n_frames, y + unpark_row_stacks_y(row),
                       row->stack_levels, TRUE);
}

static void paint_arrow(const Frame *f, double x, double y, gboolean open) {
  text(f, UNPARK_TEXT_SMALL, open ? "▾" : "▸", x, y, ink(f, UNPARK_INK_DIM_TEXT, 1));
}

/* Number of goroutines, or the value one sorts by. */
static gboolean row_figure(const UnparkRow *row, char buf[UNPARK_FORMAT_SIZE]) {
  if (row->value != UNPARK_NONE)
    unpark_format_duration(row->value, buf);
  else if (row->count > 1)
    unpark_format_count(row->count, buf);
  else
    return FALSE;
  return TRUE;
}

/* The row's name as long as there is room; a name that is still too long loses its end. */
static char *header_label(Frame *f, const UnparkRow *row, UnparkText style, double room) {
  UnparkTimeline *self = f->self;
  char count[UNPARK_FORMAT_SIZE] = "";
  guint chars = unpark_text_cache_chars(self->texts, style, room);
  if ((row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_TASK_GROUP) &&
      row->value != UNPARK_NONE)
    unpark_format_count(row->count, count);
  guint used = *count ? (guint)strlen(count) + 3 : 0;
  guint left = chars > used + 4 ? chars - used : 4;
  g_autofree char *name = unpark_timeline_row_label(self, row, left);
  if (g_utf8_strlen(name, -1) > (glong)left + 1) {
    g_autofree char *whole = g_steal_pointer(&name);
    g_autofree char *part = g_utf8_substring(whole, 0, left - 1);
    name = g_strconcat(part, "…", NULL);
  }
  return *count ? g_strdup_printf("%s  ×%s", name, count) : g_steal_pointer(&name);
}

static void paint_header(Frame *f, const UnparkRow *row, double y) {
  UnparkTimeline *self = f->self;
  UnparkText style = row->type == UNPARK_ROW_SECTION ? UNPARK_TEXT_BOLD : UNPARK_TEXT_NORMAL;
  double x = 8 + 14 * row->depth, right = self->header_width - 10;
  char figure[UNPARK_FORMAT_SIZE];
  int width, height;
  if (row->type == UNPARK_ROW_SECTION)
    box(f, 0, y, self->header_width, row->height, ink(f, UNPARK_INK_STRIPE, 1));
  if (row_figure(row, figure)) {
    unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, figure, &width, &height);
    text(f, UNPARK_TEXT_SMALL, figure, right - width, y + floor((row->bar - height) / 2.0),
         ink(f, UNPARK_INK_DIM_TEXT, 1));
    right -= width + 8;
  }
  if (row->expandable)
    paint_arrow(f, x, y + floor((row->bar - 16) / 2.0), row->expanded);
  x += 14;
  g_autofree char *label = header_label(f, row, style, right - x);
  unpark_text_cache_get(self->texts, style, label, &width, &height);
  gtk_snapshot_push_clip(
      f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)MAX(right - x, 0), row->height));
  text(f, style, label, x, y + floor((row->bar - height) / 2.0), ink(f, UNPARK_INK_TEXT, 1));
  gtk_snapshot_pop(f->snapshot);
}

static void for_visible(Frame *f, void (*paint)(Frame *f, const UnparkRow *row, double y)) {
  UnparkRows *rows = f->self->rows;
  double scroll = unpark_timeline_scroll_y(f->self);
  for (guint i = unpark_rows_at(rows, scroll); i < rows->n; i++) {
    double y = (double)rows->rows[i].y - scroll;
    if (y >= f->height)
      return;
    paint(f, &rows->rows[i], y);
  }
}

/* ---- Overlays ---------------------------------------------------------------------- */

static void paint_grid(const Frame *f) {
  gint64 step = unpark_axis_tick_step(&f->axis, 90);
  for (gint64 t = unpark_axis_first_tick(&f->axis, step); (double)t < unpark_axis_end(&f->axis);
       t += step)
    box(f, floor(f->self->header_width + unpark_axis_x(&f->axis, (double)t)), 0, 1, f->height,
        ink(f, UNPARK_INK_LINE, 0.7));
}

static void paint_outside(const Frame *f) {
  double end = (double)unpark_session_get_duration(f->self->session);
  double x0 = unpark_axis_x(&f->axis, 0), x1 = unpark_axis_x(&f->axis, end);
  double view = f->width - f->self->header_width;
  if (x0 > 0)
    box(f, f->self->header_width, 0, x0, f->height, ink(f, UNPARK_INK_STRIPE, 1));
  if (x1 < view)
    box(f, f->self->header_width + x1, 0, view - x1, f->height, ink(f, UNPARK_INK_STRIPE, 1));
}

static void paint_selected_time(const Frame *f) {
  gint64 from, to;
  if (!unpark_session_get_selected_time(f->self->session, &from, &to))
    return;
  double x0 = f->self->header_width + unpark_axis_x(&f->axis, (double)from);
  double x1 = f->self->header_width + unpark_axis_x(&f->axis, (double)to);
  box(f, x0, 0, MAX(x1 - x0, 1), f->height, ink(f, UNPARK_INK_ACCENT, 0.12));
  box(f, x0, 0, 1, f->height, ink(f, UNPARK_INK_ACCENT, 0.9));
  box(f, x1, 0, 1, f->height, ink(f, UNPARK_INK_ACCENT, 0.9));
}

static void outline(const Frame *f, double x, double y, double width, double height,
                    double thickness) {
  GdkRGBA color = ink(f, UNPARK_INK_ACCENT, 1);
  box(f, x, y, width, thickness, color);
  box(f, x, y + height - thickness, width, thickness, color);
  box(f, x, y, thickness, height, color);
  box(f, x + width - thickness, y, thickness, height, color);
}

static void paint_pick(Frame *f, const UnparkRow *row, double y) {
  const UnparkPick *pick = unpark_session_get_pick(f->self->session);
  if (row->type != UNPARK_ROW_GOROUTINE || pick->type != UNPARK_PICK_SPAN || pick->id != row->id ||
      pick->end_ns == UNPARK_NONE)
    return;
  double x0 = unpark_axis_x(&f->axis, (double)pick->start_ns);
  double x1 = unpark_axis_x(&f->axis, (double)pick->end_ns);
  x0 = CLAMP(x0, -10, f->width);
  x1 = CLAMP(x1, -10, f->width);
  outline(f, f->self->header_width + x0 - 1, y, MAX(x1 - x0, 1) + 2, row->bar, 2);
}

static void paint_focus(const Frame *f) {
  UnparkTimeline *self = f->self;
  if (self->focus_row < 0 || self->focus_row >= (int)self->rows->n)
    return;
  const UnparkRow *row = &self->rows->rows[self->focus_row];
  double y = (double)row->y - unpark_timeline_scroll_y(self);
  box(f, 0, y, 3, row->height, ink(f, UNPARK_INK_ACCENT, 1));
  box(f, 0, y, self->header_width, row->height, ink(f, UNPARK_INK_ACCENT, 0.10));
  if (gtk_widget_has_visible_focus(GTK_WIDGET(self)))
    outline(f, 0, y, self->header_width, row->height, 1);
}

static void remember_zoom(UnparkTimeline *self, double zoom) {
  if (self->zooms[0] == zoom)
    return;
  for (guint i = UNPARK_N_FALLBACK_ZOOMS - 1; i > 0; i--)
    self->zooms[i] = self->zooms[i - 1];
  self->zooms[0] = zoom;
}

static gboolean draw_again(gpointer data) {
  g_autoptr(GtkWidget) widget = data;
  gtk_widget_queue_draw(widget);
  return G_SOURCE_REMOVE;
}

static void paint_overlay(const Frame *f) {
  UnparkTimeline *self = f->self;
  const UnparkOverlay overlay = {.snapshot = f->snapshot,
                                 .session = self->session,
                                 .store = self->rows->store,
                                 .rows = self->rows,
                                 .texts = self->texts,
                                 .axis = f->axis,
                                 .lanes_x = self->header_width,
                                 .scroll_y = unpark_timeline_scroll_y(self),
                                 .width = f->width,
                                 .height = f->height,
                                 .dark = f->dark};
  unpark_timeline_overlay_paint(&overlay);
}

static void paint_lanes(Frame *f) {
  UnparkTimeline *self = f->self;
  gtk_snapshot_push_clip(f->snapshot, &GRAPHENE_RECT_INIT((float)self->header_width, 0,
                                                          (float)(f->width - self->header_width),
                                                          (float)f->height));
  paint_grid(f);
  /* Textures would be copied at every frame where cairo draws them. */
  GskRenderer *renderer = gtk_native_get_renderer(gtk_widget_get_native(GTK_WIDGET(self)));
  if (!self->in_full && GSK_IS_CAIRO_RENDERER(renderer))
    f->cr = gtk_snapshot_append_cairo(
        f->snapshot, &GRAPHENE_RECT_INIT((float)self->header_width, 0,
                                         (float)(f->width - self->header_width), (float)f->height));
  for_visible(f, paint_bars);
  g_clear_pointer(&f->cr, cairo_destroy);
  for_visible(f, paint_labels);
  paint_outside(f);
  paint_selected_time(f);
  for_visible(f, paint_pick);
  paint_overlay(f);
  gtk_snapshot_pop(f->snapshot);
}

void unpark_timeline_paint(UnparkTimeline *self, GtkSnapshot *snapshot) {
  gint64 began = g_get_monotonic_time();
  Frame f = {.self = self,
             .snapshot = snapshot,
             .axis = unpark_timeline_axis(self),
             .scale = gtk_widget_get_scale_factor(GTK_WIDGET(self)),
             .width = gtk_widget_get_width(GTK_WIDGET(self)),
             .height = gtk_widget_get_height(GTK_WIDGET(self)),
             .dark = adw_style_manager_get_dark(adw_style_manager_get_default())};
  int exponent;
  /* Pans compute the zoom anew; equal zooms have to be equal bit for bit. */
  double mantissa = frexp(f.axis.ns_per_px / f.scale, &exponent);
  f.zoom = ldexp(floor(mantissa * (1 << 24) + 0.5) / (1 << 24), exponent);
  f.left = floor(f.axis.start_ns / f.zoom + 0.5);
  self->frame_deadline_us = began + TILE_BUDGET_US;
  self->incomplete = FALSE;
  self->n_painted = 0;
  self->texts_before = unpark_text_cache_n_made(self->texts);
  box(&f, 0, 0, f.width, f.height, ink(&f, UNPARK_INK_BACKGROUND, 1));
  if (!self->rows)
    return;
  paint_lanes(&f);
  gtk_snapshot_push_clip(snapshot,
                         &GRAPHENE_RECT_INIT(0, 0, (float)self->header_width, (float)f.height));
  for_visible(&f, paint_header);
  if (!self->in_full)
    paint_focus(&f);
  gtk_snapshot_pop(snapshot);
  box(&f, self->header_width - 1, 0, 1, f.height, ink(&f, UNPARK_INK_LINE, 1));
  unpark_tile_cache_trim(self->tiles);
  if (self->incomplete && !self->in_full)
    g_idle_add(draw_again, g_object_ref(self));
  else
    remember_zoom(self, f.zoom);
  g_debug("timeline frame: %" G_GINT64_FORMAT " us%s", g_get_monotonic_time() - began,
          self->incomplete ? ", more to come" : "");
}
