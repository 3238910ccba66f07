/* Lanes as pixels: what a tile of a lane looks like. Arithmetic only, no GTK; any thread.
 *
 * A tile is `width` columns of device pixels from `from_ns` on, one column every `ns_per_px`.
 * Pixels are premultiplied ARGB in native byte order (GDK_MEMORY_DEFAULT, CAIRO_FORMAT_ARGB32),
 * row after row without padding; what no item covers stays transparent.
 */
#pragma once

#include "model/store.h"
#include "ui/palette.h"

/* At most so many columns. */
#define UNPARK_TILE_WIDTH 512

typedef struct {
  double from_ns, ns_per_px;
  int width, height;
  gboolean dark;
  guint32 *pixels; /* width * height; zeroed by the caller */
} UnparkTile;

/* A lane of single spans. A span of some pixels' width is drawn as itself; where spans share a
 * pixel, its column is divided by their shares of time. */
void unpark_raster_spans(const UnparkTile *tile, UnparkStore *store, const UnparkItem *items,
                         guint n);

/* Many goroutines: stacked from below running, runnable, syscall, waiting; full height is `peak`
 * goroutines. */
void unpark_raster_density(const UnparkTile *tile, const UnparkItem *items, guint n, double peak);

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
} UnparkStretch;
void unpark_raster_stretches(const UnparkTile *tile, const UnparkStretch *stretches, guint n,
                             guint32 rgb, int y0, int y1);

/* The class of an item's colour. */
guint unpark_item_class(UnparkStore *store, const UnparkItem *item);
