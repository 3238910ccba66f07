/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes as pixels: what a tile of a lane looks like. Arithmetic only, no GTK; any thread.
 *
 * A tile is `width` columns of device pixels from `from_ns` on, one column every `ns_per_px`.
 * Pixels are premultiplied ARGB in native byte order (GDK_MEMORY_DEFAULT, CAIRO_FORMAT_ARGB32),
 * row after row without padding; what no item covers stays transparent.
 */
#pragma once

#include "model/lanes/tracks.h"
#include "model/store/store.h"
#include "ui/kit/palette.h"

/* Whether an item is what one looks for; what is not, is drawn faintly. */
typedef gboolean (*UnparkItemTest)(const UnparkItem *item, gpointer data);

/* At most so many columns. */
#define UNPARK_TILE_WIDTH 512

typedef struct {
  double from_ns, ns_per_px;
  int width, height;
  gboolean dark;
  guint32 *pixels;     /* width * height; zeroed by the caller */
  UnparkItemTest test; /* NULL: everything is; of spans only */
  gpointer test_data;
} UnparkTile;

/* A goroutine is in some state as long as it lives; a processor or thread may be idle. */
typedef enum { UNPARK_LANE_OF_STATES, UNPARK_LANE_OF_WORK } UnparkLaneKind;

/* A lane of single spans. A span of some pixels' width is drawn as itself; where spans share a
 * pixel, its column is divided by their shares of time, and however short, none disappears. */
void unpark_raster_spans(const UnparkTile *tile, UnparkStore *store, const UnparkItem *items,
                         guint n, UnparkLaneKind kind);

/* Many goroutines. What waits, with all else, is a silhouette of which `peak` goroutines are the
 * full height; upon it, stacked from below, running, runnable and in system calls. They have a
 * scale of their own if they are few beside those that wait: `active_peak` of them reach up to
 * UNPARK_ACTIVE_PART of the height. */
#define UNPARK_ACTIVE_PART 0.6
/* `without_waiting`: the silhouette is a line at the bottom, and `active_peak` is the full height.
 */
void unpark_raster_density(const UnparkTile *tile, const UnparkItem *items, guint n, double peak,
                           double active_peak, gboolean without_waiting);

/* A quantity over time: samples ascending in time, each valid until the next; `top` is the value
 * at full height. `fill`: area below the line as well. */
typedef struct {
  gint64 time_ns;
  double value;
} UnparkSample;
void unpark_raster_plot(const UnparkTile *tile, const UnparkSample *samples, guint n, double top,
                        guint32 rgb, gboolean fill);

/* Stretches of time, ascending by start, at least a pixel each, over rows [y0, y1). */
typedef struct {
  gint64 start_ns, end_ns;
  const char *name; /* lives as long as the store */
  gint64 row;       /* of its table */
} UnparkStretch;
void unpark_raster_stretches(const UnparkTile *tile, const UnparkStretch *stretches, guint n,
                             guint32 rgb, int y0, int y1);

/* Regions (or frames) in levels from y0 down. */
void unpark_raster_track(const UnparkTile *tile, const UnparkTrackSpan *spans, guint n, int y0,
                         int level_height, gboolean functions);
/* What the runtime had a lane do (mark assists, sweeps), as a band of that height at the upper edge
 * of its spans; faint where the tile's test says so of the span below. */
void unpark_raster_ranges(const UnparkTile *tile, const UnparkTrackSpan *ranges, guint n,
                          int height, const UnparkItem *items, guint n_items);
/* A colour that says that this is not what one looks for. */
guint32 unpark_raster_faint(guint32 rgb, gboolean dark);
/* Logs at the upper edge, CPU samples at the lower one. */
void unpark_raster_marks(const UnparkTile *tile, const UnparkMark *marks, guint n);
/* The colour of a region or frame: a class of model/flame/graph/colour.h. */
guint unpark_track_class(const char *name, gboolean is_function);

/* The class of an item's colour. */
guint unpark_item_class(UnparkStore *store, const UnparkItem *item);
