/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/lane-raster.h"

#include <math.h>
#include <string.h>

#include "ui/lanes/timeline-rows.h"

/* Spans at least so wide stand for themselves, px. */
#define SOLID_PX 1.5
/* Spans at least so wide show where they begin, px. */
#define EDGE_PX 4.0
/* So little of a column is not worth a share, px. */
#define SLACK_PX 0.04
/* A goroutine that lived for less than a pixel still has such a part of its column. */
#define MIN_LIFE 0.4
/* px of what is there at all; what one looks for first has more. */
#define MIN_PX 1
#define MIN_RUNNABLE_PX 2

/* Fills: by class; the second half is for what is drawn faintly. */
#define N_FILLS (2 * UNPARK_N_CLASSES)
/* What of its colour is left of something faint, in percent. */
#define FAINT_PART 22

typedef struct {
  float cover[UNPARK_TILE_WIDTH][N_FILLS]; /* pixels' width of time by fill */
  guint8 solid[UNPARK_TILE_WIDTH];         /* 1 + fill */
  guint8 edge[UNPARK_TILE_WIDTH];
} Columns;

guint unpark_item_class(UnparkStore *store, const UnparkItem *item) {
  const UnparkKind *kind = unpark_store_kind(store, item->kind);
  if (kind)
    return unpark_class_of(kind->state, kind->wait);
  if ((double)item->mean[UNPARK_STATE_SYSCALL] > 0.5)
    return UNPARK_CLASS_SYSCALL;
  const UnparkGoroutine *g =
      item->goroutine < 0 ? NULL : unpark_store_goroutine(store, item->goroutine);
  if (g && g->system && g_str_has_prefix(g->name, "runtime.gcBgMarkWorker"))
    return UNPARK_CLASS_GC_WORK;
  return UNPARK_CLASS_RUNNING;
}

static void fill_column(const UnparkTile *tile, int x, int y0, int y1, guint32 rgb) {
  guint32 *p = tile->pixels + (gsize)y0 * (gsize)tile->width + x;
  for (int y = y0; y < y1; y++, p += tile->width)
    *p = rgb | 0xff000000u;
}

guint32 unpark_raster_faint(guint32 rgb, gboolean dark) {
  guint32 paper = unpark_palette_ink(UNPARK_INK_BACKGROUND, dark), out = 0;
  for (int shift = 0; shift < 24; shift += 8)
    out |= (((rgb >> shift & 255) * FAINT_PART + (paper >> shift & 255) * (100 - FAINT_PART)) / 100)
           << shift;
  return out;
}

static guint32 fill_color(const UnparkTile *tile, guint fill) {
  guint32 rgb = unpark_palette_fill(fill % UNPARK_N_CLASSES, tile->dark);
  return fill < UNPARK_N_CLASSES ? rgb : unpark_raster_faint(rgb, tile->dark);
}

static guint32 shade(guint32 rgb, gboolean dark) {
  guint32 out = 0;
  for (int shift = 0; shift < 24; shift += 8) {
    guint32 c = (rgb >> shift) & 255;
    out |= (dark ? c * 55 / 100 : c * 78 / 100) << shift;
  }
  return out;
}

/* Columns that the span fills are its own; where it begins or ends in a column, it has its share
 * of it, so that short neighbours are not painted over. */
static void cover_solid(Columns *c, const UnparkTile *tile, double x0, double x1, guint class_id) {
  int from = (int)CLAMP(ceil(x0 - SLACK_PX), 0, tile->width);
  int to = (int)CLAMP(floor(x1 + SLACK_PX), 0, tile->width);
  int first = (int)floor(CLAMP(x0, -1, tile->width));
  int last = (int)floor(CLAMP(x1, -1, tile->width));
  if (first >= 0 && first < MIN(from, tile->width))
    c->cover[first][class_id] += (float)(MIN(x1, first + 1) - x0);
  if (last >= MAX(to, 0) && last < tile->width && last != first)
    c->cover[last][class_id] += (float)(x1 - last);
  if (to <= from)
    return;
  memset(c->solid + from, (int)class_id + 1, (gsize)(to - from));
  if (x1 - x0 >= EDGE_PX && x0 > -0.5)
    c->edge[from] = 1;
}

static void cover_mixed(Columns *c, const UnparkTile *tile, double x0, double x1,
                        const UnparkItem *item, guint class_id, guint faint) {
  int from = (int)MAX(floor(x0), 0);
  int to = (int)MIN(ceil(x1), tile->width);
  guint waiting = class_id >= UNPARK_CLASS_WAIT ? class_id : UNPARK_CLASS_WAIT;
  for (int x = from; x < to; x++) {
    float width = (float)(MIN(x1, x + 1) - MAX(x0, x));
    float *cover = c->cover[x] + faint;
    if (item->count == 1) {
      cover[class_id] += width;
      continue;
    }
    cover[UNPARK_CLASS_RUNNING] += width * item->mean[UNPARK_STATE_RUNNING];
    cover[UNPARK_CLASS_RUNNABLE] += width * item->mean[UNPARK_STATE_RUNNABLE];
    cover[UNPARK_CLASS_SYSCALL] += width * item->mean[UNPARK_STATE_SYSCALL];
    cover[waiting] += width * item->mean[UNPARK_STATE_WAITING];
  }
}

static int least_px(guint class_id) {
  return class_id == UNPARK_CLASS_RUNNABLE ? MIN_RUNNABLE_PX : MIN_PX;
}

/* From below: the classes in their order. */
static void paint_mixed(const UnparkTile *tile, int x, const float *cover, UnparkLaneKind kind) {
  double total = 0, sum = 0, whole;
  int y = tile->height;
  for (guint i = 0; i < N_FILLS; i++)
    total += (double)cover[i];
  if (total <= 0)
    return;
  /* The rest of a stretch in which the lane was idle at times stays empty. */
  whole = MAX(total, 0.999);
  if (kind == UNPARK_LANE_OF_STATES)
    whole = MIN(whole, total / MIN_LIFE);
  for (guint i = 0; i < N_FILLS; i++) {
    sum += (double)cover[i];
    if (cover[i] <= 0)
      continue;
    int top = tile->height - (int)floor(sum / whole * tile->height + 0.5);
    top = CLAMP(MIN(top, y - least_px(i)), 0, tile->height);
    fill_column(tile, x, top, y, fill_color(tile, i));
    y = top;
  }
}

/* What is too short to be seen beside the span that fills the column, yet there. */
static void paint_short(const UnparkTile *tile, int x, const float *cover, guint solid) {
  int y = tile->height;
  for (guint i = 0; i < N_FILLS; i++) {
    if (cover[i] <= 0 || i == solid)
      continue;
    int top = MAX(y - least_px(i), 0);
    fill_column(tile, x, top, y, fill_color(tile, i));
    y = top;
  }
}

static void paint_columns(const UnparkTile *tile, const Columns *c, UnparkLaneKind kind) {
  for (int x = 0; x < tile->width; x++) {
    if (!c->solid[x]) {
      paint_mixed(tile, x, c->cover[x], kind);
      continue;
    }
    guint32 rgb = fill_color(tile, c->solid[x] - 1u);
    fill_column(tile, x, 0, tile->height, c->edge[x] ? shade(rgb, tile->dark) : rgb);
    paint_short(tile, x, c->cover[x], c->solid[x] - 1u);
  }
}

void unpark_raster_spans(const UnparkTile *tile, UnparkStore *store, const UnparkItem *items,
                         guint n, UnparkLaneKind kind) {
  double end = tile->from_ns + tile->width * tile->ns_per_px;
  Columns columns;
  memset(&columns, 0, sizeof columns);
  g_assert(tile->width <= UNPARK_TILE_WIDTH);
  for (guint i = unpark_items_first(items, n, tile->from_ns);
       i < n && (double)items[i].start_ns < end; i++) {
    double x0 = ((double)items[i].start_ns - tile->from_ns) / tile->ns_per_px;
    double x1 = ((double)items[i].end_ns - tile->from_ns) / tile->ns_per_px;
    guint class_id = unpark_item_class(store, &items[i]);
    guint faint = tile->test && !tile->test(&items[i], tile->test_data) ? UNPARK_N_CLASSES : 0;
    if (items[i].count == 1 && x1 - x0 >= SOLID_PX)
      cover_solid(&columns, tile, x0, x1, class_id + faint);
    else
      cover_mixed(&columns, tile, x0, x1, &items[i], class_id, faint);
  }
  paint_columns(tile, &columns, kind);
}

/* Mean numbers by state and column. */
static void sum_columns(const UnparkTile *tile, const UnparkItem *items, guint n,
                        float (*mean)[UNPARK_N_STATES]) {
  double end = tile->from_ns + tile->width * tile->ns_per_px;
  for (guint i = unpark_items_first(items, n, tile->from_ns);
       i < n && (double)items[i].start_ns < end; i++) {
    double x0 = ((double)items[i].start_ns - tile->from_ns) / tile->ns_per_px;
    double x1 = ((double)items[i].end_ns - tile->from_ns) / tile->ns_per_px;
    int to = (int)MIN(ceil(x1), tile->width);
    for (int x = (int)MAX(floor(x0), 0); x < to; x++) {
      float width = (float)(MIN(x1, x + 1) - MAX(x0, x));
      for (guint s = 0; s < UNPARK_N_STATES; s++)
        mean[x][s] += width * items[i].mean[s];
    }
  }
}

void unpark_raster_density(const UnparkTile *tile, const UnparkItem *items, guint n, double peak,
                           double active_peak, gboolean without_waiting) {
  static const struct {
    UnparkState state;
    guint class_id;
  } stack[] = {
      {UNPARK_STATE_RUNNING, UNPARK_CLASS_RUNNING},
      {UNPARK_STATE_RUNNABLE, UNPARK_CLASS_RUNNABLE},
      {UNPARK_STATE_SYSCALL, UNPARK_CLASS_SYSCALL},
  };
  float mean[UNPARK_TILE_WIDTH][UNPARK_N_STATES] = {{0}};
  peak = MAX(peak, 1e-3);
  double per_active =
      MAX(tile->height / peak, tile->height * UNPARK_ACTIVE_PART / MAX(active_peak, 1e-3));
  if (active_peak > peak * UNPARK_ACTIVE_PART / 2)
    per_active = tile->height / peak;
  if (without_waiting)
    per_active = tile->height / MAX(active_peak, 1e-3);
  sum_columns(tile, items, n, mean);
  for (int x = 0; x < tile->width; x++) {
    double all = 0, sum = 0;
    int y = tile->height;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      all += (double)mean[x][s];
    if (all <= 0)
      continue;
    int silhouette = tile->height - MAX((int)floor(all / peak * tile->height + 0.5), MIN_PX);
    if (without_waiting)
      silhouette = tile->height - MIN_PX;
    if (mean[x][UNPARK_STATE_WAITING] > 0)
      fill_column(tile, x, MAX(silhouette, 0), y,
                  unpark_palette_fill(UNPARK_CLASS_WAIT, tile->dark));
    for (guint s = 0; s < G_N_ELEMENTS(stack); s++) {
      double value = (double)mean[x][stack[s].state];
      sum += value;
      if (value <= 0)
        continue;
      int top = tile->height - (int)floor(sum * per_active + 0.5);
      /* Little is not nothing. */
      top = CLAMP(MIN(top, y - least_px(stack[s].class_id)), 0, tile->height);
      fill_column(tile, x, top, y, unpark_palette_fill(stack[s].class_id, tile->dark));
      y = top;
    }
  }
}

/* The last sample not after ns; -1: none. */
static int sample_before(const UnparkSample *samples, guint n, double ns) {
  guint low = 0, high = n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double)samples[middle].time_ns <= ns)
      low = middle + 1;
    else
      high = middle;
  }
  return (int)low - 1;
}

void unpark_raster_plot(const UnparkTile *tile, const UnparkSample *samples, guint n, double top,
                        guint32 rgb, gboolean fill) {
  int at = sample_before(samples, n, tile->from_ns);
  guint32 area = 0x38000000u | ((rgb >> 16 & 255) * 0x38 / 255) << 16 |
                 ((rgb >> 8 & 255) * 0x38 / 255) << 8 | (rgb & 255) * 0x38 / 255;
  for (int x = 0; x < tile->width; x++) {
    double end = tile->from_ns + (x + 1) * tile->ns_per_px;
    double low = INFINITY, high = -INFINITY;
    if (at >= 0)
      low = high = samples[at].value;
    while (at + 1 < (int)n && (double)samples[at + 1].time_ns < end) {
      at++;
      low = MIN(low, samples[at].value);
      high = MAX(high, samples[at].value);
    }
    if (!(high >= low))
      continue;
    int y0 = (int)((1 - CLAMP(high / top, 0, 1)) * (tile->height - 2));
    int y1 = (int)((1 - CLAMP(low / top, 0, 1)) * (tile->height - 2)) + 1;
    guint32 *p = tile->pixels + x;
    if (fill)
      for (int y = y1 + 1; y < tile->height; y++)
        p[(gsize)y * (gsize)tile->width] = area;
    fill_column(tile, x, y0, MIN(y1 + 1, tile->height), rgb);
  }
}

void unpark_raster_stretches(const UnparkTile *tile, const UnparkStretch *stretches, guint n,
                             guint32 rgb, int y0, int y1) {
  double end = tile->from_ns + tile->width * tile->ns_per_px;
  for (guint i = 0; i < n && (double)stretches[i].start_ns < end; i++) {
    if ((double)stretches[i].end_ns < tile->from_ns - tile->ns_per_px)
      continue;
    double x0 = floor(((double)stretches[i].start_ns - tile->from_ns) / tile->ns_per_px + 0.5);
    double x1 = floor(((double)stretches[i].end_ns - tile->from_ns) / tile->ns_per_px + 0.5);
    int from = (int)MAX(x0, 0);
    int to = (int)MIN(MAX(x1, x0 + 1), tile->width);
    for (int x = from; x < to; x++)
      fill_column(tile, x, y0, y1, rgb);
  }
}
