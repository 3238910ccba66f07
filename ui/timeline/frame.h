/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame of the timeline while it is painted: what its painters share; paint.c,
 * tiles.c, labels.c and picked.c only. Main thread only. */
#pragma once

#include "ui/kit/palette.h"
#include "ui/timeline/private.h"

typedef struct {
  UnparkTimeline *self;
  GtkSnapshot *snapshot;
  UnparkTimeAxis axis;
  double zoom; /* ns per device pixel, the tiles' */
  double left; /* device pixel of the view's left edge, from time 0 */
  double scale;
  double width, height; /* of the widget */
  UnparkPanes panes;
  gboolean dark;
  gboolean surfaces; /* the renderer draws with cairo */
} UnparkTimelineFrame;

static inline GdkRGBA unpark_frame_rgba(guint32 rgb, double alpha) {
  return (GdkRGBA){(float)((rgb >> 16) & 255) / 255.0f, (float)((rgb >> 8) & 255) / 255.0f,
                   (float)(rgb & 255) / 255.0f, (float)alpha};
}

static inline GdkRGBA unpark_frame_ink(const UnparkTimelineFrame *f, UnparkInk name, double alpha) {
  return unpark_frame_rgba(unpark_palette_ink(name, f->dark), alpha);
}

static inline void unpark_frame_box(const UnparkTimelineFrame *f, double x, double y, double width,
                                    double height, GdkRGBA color) {
  gtk_snapshot_append_color(f->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static inline void unpark_frame_text(const UnparkTimelineFrame *f, UnparkTextStyle style,
                                     const char *what, double x, double y, GdkRGBA color) {
  unpark_text_cache_append(f->self->texts, f->snapshot, style, what, x, y, &color);
}

/* The room between the bars of neighbouring lanes, px. */
double unpark_frame_row_gap(const UnparkRow *row);

/* FALSE if there is nothing to paint of the row's lane. *data is NULL for plots. */
gboolean unpark_frame_row_data(const UnparkTimelineFrame *f, const UnparkRow *row,
                               const UnparkLaneData **data);

/* tiles.c: what the row shows there is not what the filter asks for. */
gboolean unpark_frame_is_faint(const UnparkTimelineFrame *f, const UnparkRow *row,
                               const UnparkItem *item);

/* tiles.c: the lane's bars from cached pictures, or as shapes in a picture for a file. */
void unpark_frame_paint_tiles(UnparkTimelineFrame *f, const UnparkRow *row,
                              const UnparkLaneData *data, double y, double height);

/* picked.c: a frame of so many px in the colour of what is picked. */
void unpark_frame_outline(const UnparkTimelineFrame *f, double x, double y, double width,
                          double height, double thickness);
/* picked.c: around what is picked, if the row's lane shows it. */
void unpark_frame_paint_picked(UnparkTimelineFrame *f, const UnparkRow *row, double y);

/* labels.c: texts upon spans, regions, frames and stretches, where they fit. */
void unpark_frame_paint_labels(UnparkTimelineFrame *f, const UnparkRow *row, double y);
