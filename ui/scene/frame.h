/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame of the timeline while it is painted: what its painters share; paint.c, tiles.c,
 * labels.c, edges.c, picked.c and overlay.c. Main thread only. */
#pragma once

#include "ui/kit/rgba.h"
#include "ui/kit/text-cache.h"
#include "ui/scene/scene.h"
#include "ui/scene/tile-cache.h"

#define UNPARK_N_FALLBACK_ZOOMS 4

/* What one frame leaves for the next. */
typedef struct {
  UnparkTileCache *tiles;
  double zooms[UNPARK_N_FALLBACK_ZOOMS]; /* at which lanes were painted lately, newest first */
  guint n_lanes;                         /* that the last frame showed something of */
} UnparkFrameCache;

typedef struct {
  /* Filled in by whoever wants a frame. */
  const UnparkScene *scene;
  UnparkFrameCache *cache;
  UnparkTextCache *texts;
  GtkSnapshot *snapshot;
  double scale;           /* device pixels a pixel */
  gboolean surfaces;      /* the renderer draws with cairo */
  gboolean in_full;       /* for a file: everything sharp, shapes instead of pixels, no focus */
  int focus_row;          /* -1: none */
  gboolean focus_visible; /* with an outline */

  /* Filled in by unpark_frame_paint(). */
  double zoom; /* ns per device pixel, the tiles' */
  double left; /* device pixel of the view's left edge, from time 0 */
  gboolean dark;
  gint64 deadline_us;  /* what is not ready by then is left to the next frame */
  guint texts_before;  /* laid out before this frame */
  gboolean incomplete; /* the frame ended before everything was sharp */
} UnparkSceneFrame;

/* Everything. Afterwards `incomplete` tells whether another frame should follow at once. */
void unpark_frame_paint(UnparkSceneFrame *f);

static inline GdkRGBA unpark_frame_ink(const UnparkSceneFrame *f, UnparkInk name, double alpha) {
  return unpark_rgba(unpark_palette_ink(name, f->dark), alpha);
}

static inline void unpark_frame_box(const UnparkSceneFrame *f, double x, double y, double width,
                                    double height, GdkRGBA color) {
  gtk_snapshot_append_color(f->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static inline void unpark_frame_text(const UnparkSceneFrame *f, UnparkTextStyle style,
                                     const char *what, double x, double y, GdkRGBA color) {
  unpark_text_cache_append(f->texts, f->snapshot, style, what, x, y, &color);
}

/* The room between the bars of neighbouring lanes, px. */
double unpark_frame_row_gap(const UnparkRow *row);

/* FALSE if there is nothing to paint of the row's lane. *data is NULL for plots. */
gboolean unpark_frame_row_data(const UnparkSceneFrame *f, const UnparkRow *row,
                               const UnparkLaneData **data);

/* tiles.c: what the row shows there is not what the filter asks for. */
gboolean unpark_frame_is_faint(const UnparkSceneFrame *f, const UnparkRow *row,
                               const UnparkItem *item);

/* tiles.c: the lane's bars from cached pictures, or as shapes in a picture for a file. */
void unpark_frame_paint_tiles(UnparkSceneFrame *f, const UnparkRow *row, const UnparkLaneData *data,
                              double y, double height);

/* picked.c: a frame of so many px in the colour of what is picked. */
void unpark_frame_outline(const UnparkSceneFrame *f, double x, double y, double width,
                          double height, double thickness);
/* picked.c: around what is picked, if the row's lane shows it. */
void unpark_frame_paint_picked(UnparkSceneFrame *f, const UnparkRow *row, double y);

/* marked.c: around what another view has marked in the row's lane; and where all of that begins. */
void unpark_frame_paint_marked(UnparkSceneFrame *f, const UnparkRow *row, double y);
void unpark_frame_paint_marked_ticks(const UnparkSceneFrame *f);

/* labels.c: texts upon spans, regions, frames and stretches, where they fit. */
void unpark_frame_paint_labels(UnparkSceneFrame *f, const UnparkRow *row, double y);

/* edges.c: where something is being read, below the bars. */
void unpark_frame_paint_coming(UnparkSceneFrame *f, const UnparkRow *row, double y);
/* edges.c: the scale of plots, and ways to what is outside of the visible time. */
void unpark_frame_paint_edges(UnparkSceneFrame *f, const UnparkRow *row, double y);

/* overlay.c: over the lanes, after everything else: the wait chain, wake-ups, creations,
 * bookmarks. It costs little (well under a millisecond) and is right for lanes that are far out of
 * sight. Nothing there waits or allocates for each goroutine. */
void unpark_frame_paint_overlay(const UnparkSceneFrame *f);
