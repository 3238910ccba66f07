/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the frames of a flame graph are on a strip of some width: arithmetic, no display.
 *
 * What is narrower than `min_px` is folded together with its neighbours into one item that counts
 * them, found by bisection: the cost goes by pixels and rows, not by the tree. Any thread.
 */
#pragma once

#include "model/flame/graph/flame.h"

typedef struct {
  guint32 node;     /* the frame; of folded ones the first */
  guint32 n_folded; /* 0: a frame of its own; else frames in it, all below them included */
  float x, width;   /* pixels, cut at the strip's sides */
} UnparkFlameItem;

typedef struct {
  UnparkFlameItem *items; /* by row, then from left to right */
  guint n_items;
  guint *rows; /* items of row r: rows[r] .. rows[r + 1] - 1; row 0 is the root */
  guint n_rows;
  guint64 n_frames, n_folded;
} UnparkFlameLayout;

/* The part [from, to) of the horizontal axis (in units of weight) on `width` pixels; `max_rows`
 * 0: all. Free with unpark_flame_layout_clear(). */
void unpark_flame_layout(const UnparkFlame *flame, double from, double to, double width,
                         double min_px, guint max_rows, UnparkFlameLayout *layout);
void unpark_flame_layout_clear(UnparkFlameLayout *layout);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UnparkFlameLayout, unpark_flame_layout_clear)

/* The item at a point; NULL if there is none. */
const UnparkFlameItem *unpark_flame_layout_find(const UnparkFlameLayout *layout, guint row,
                                                double x);

/* The longest form of a name that fits into `cells` character cells: whole, without the path of
 * its package, without the package, or its beginning and "…". "" if nothing sensible fits. Wide
 * characters take two cells. Free with g_free(). */
char *unpark_flame_label(const char *text, guint cells);
guint unpark_flame_cells(const char *text);
