/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions, frames and marks as pixels. */
#include <math.h>
#include <string.h>

#include "model/flame/graph/colour.h"
#include "ui/lanes/lane-raster.h"
#include "ui/lanes/timeline-rows.h"

/* Colours of packages; the one behind them stands for all other packages. */
#define N_HUES 11
/* Between neighbours of one level, px of a level's height. */
#define GAP_PART 13

guint unpark_track_class(const char *name, gboolean is_function) {
  gsize length = strlen(name);
  /* Functions of one package look alike. */
  if (is_function) {
    const char *slash = strrchr(name, '/');
    const char *dot = strchr(slash ? slash : name, '.');
    length = dot ? (gsize)(dot - name) : length;
  }
  guint hash = 5381;
  for (gsize i = 0; i < length; i++)
    hash = hash * 33 + (guchar)name[i];
  return UNPARK_FLAME_CLASS_PACKAGE + (hash >> 3) % N_HUES;
}

static void fill(const UnparkTile *tile, int x0, int x1, int y0, int y1, guint32 rgb) {
  x0 = MAX(x0, 0);
  x1 = MIN(x1, tile->width);
  y0 = MAX(y0, 0);
  y1 = MIN(y1, tile->height);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      tile->pixels[(gsize)y * (gsize)tile->width + (gsize)x] = rgb | 0xff000000u;
}

void unpark_raster_track(const UnparkTile *tile, const UnparkTrackSpan *spans, guint n, int y0,
                         int level_height, gboolean functions) {
  double end = tile->from_ns + tile->width * tile->ns_per_px;
  int gap = MAX(level_height / GAP_PART, 1);
  for (guint i = 0; i < n; i++) {
    const UnparkTrackSpan *span = &spans[i];
    if ((double)span->start_ns > end || (double)span->end_ns < tile->from_ns)
      continue;
    double from = ((double)span->start_ns - tile->from_ns) / tile->ns_per_px;
    double to = ((double)span->end_ns - tile->from_ns) / tile->ns_per_px;
    int x0 = (int)floor(CLAMP(from, -2, tile->width) + 0.5);
    int x1 = (int)floor(CLAMP(to, -2, tile->width + 2) + 0.5);
    guint32 rgb = unpark_flame_fill(unpark_track_class(span->name, functions), tile->dark);
    /* Neighbours stay apart where there is room for it. */
    x1 = x1 - x0 > 3 ? x1 - 1 : MAX(x1, x0 + 1);
    int y = y0 + span->level * level_height;
    fill(tile, x0, x1, y, y + level_height - gap, rgb);
  }
}

void unpark_raster_ranges(const UnparkTile *tile, const UnparkTrackSpan *ranges, guint n,
                          int height, const UnparkItem *items, guint n_items) {
  double end = tile->from_ns + tile->width * tile->ns_per_px;
  guint32 ink = unpark_palette_ink(UNPARK_INK_GC, tile->dark);
  guint32 paper = unpark_palette_ink(UNPARK_INK_BACKGROUND, tile->dark);
  for (guint i = 0; i < n; i++) {
    double from = (double)ranges[i].start_ns, to = (double)ranges[i].end_ns;
    if (from > end || to < tile->from_ns - tile->ns_per_px)
      continue;
    int x0 = (int)floor(CLAMP((from - tile->from_ns) / tile->ns_per_px, -2, tile->width + 2));
    int x1 = (int)floor(CLAMP((to - tile->from_ns) / tile->ns_per_px, -2, tile->width + 2));
    int below = tile->test ? unpark_items_at(items, n_items, from, to) : -1;
    gboolean faint = below >= 0 && !tile->test(&items[below], tile->test_data);
    x1 = MAX(x1, x0 + 1);
    fill(tile, x0, x1, height, height + MAX(height / 4, 1), paper);
    fill(tile, x0, x1, 0, height, faint ? unpark_raster_faint(ink, tile->dark) : ink);
  }
}

/* A wedge that points down from the upper edge. */
static void draw_log(const UnparkTile *tile, int x, int size, guint32 ink, guint32 paper) {
  for (int y = 0; y <= size; y++)
    fill(tile, x - size + y, x + size - y + 1, y, y + 1, paper);
  for (int y = 0; y < size; y++)
    fill(tile, x - size + 1 + y, x + size - y, y, y + 1, ink);
}

/* A tick that stands on the lower edge. */
static void draw_sample(const UnparkTile *tile, int x, int size, guint32 ink, guint32 paper) {
  int height = size * 3 / 2;
  fill(tile, x - 1, x + 2, tile->height - height - 1, tile->height, paper);
  fill(tile, x, x + 1, tile->height - height, tile->height, ink);
}

void unpark_raster_marks(const UnparkTile *tile, const UnparkMark *marks, guint n) {
  guint32 ink = unpark_palette_ink(UNPARK_INK_TEXT, tile->dark);
  guint32 paper = unpark_palette_ink(UNPARK_INK_BACKGROUND, tile->dark);
  int size = MAX(tile->height / 4, 3);
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n; i++) {
      double x = ((double)marks[i].time_ns - tile->from_ns) / tile->ns_per_px;
      if (x < -size - 1 || x > tile->width + size + 1)
        continue;
      if (pass == 0 && marks[i].type == UNPARK_MARK_SAMPLE)
        draw_sample(tile, (int)floor(x), size, ink, paper);
      else if (pass == 1 && marks[i].type == UNPARK_MARK_LOG)
        draw_log(tile, (int)floor(x), size, ink, paper);
    }
}
