/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What part of a flame graph is on screen, how it gets from one part to another, and where the
 * keyboard goes. Arithmetic; no GTK. Main thread or any other.
 *
 * A part is a range of the horizontal axis, in the units of UnparkFlameNode.start and weight.
 */
#pragma once

#include "model/flame/graph/layout.h"

typedef struct {
  double from, to;
} UnparkFlameRange;

UnparkFlameRange unpark_flame_range_of(const UnparkFlame *flame, guint32 node);
gboolean unpark_flame_range_equal(const UnparkFlameRange *a, const UnparkFlameRange *b);
/* On the way from `a` (t = 0) to `b` (t = 1): what is at one place on the screen in both stays
 * there, and the zoom grows evenly. */
UnparkFlameRange unpark_flame_range_between(const UnparkFlameRange *a, const UnparkFlameRange *b,
                                            double t);
/* Time to way: quick at first, gentle at the end. */
double unpark_flame_ease(double t);
/* `factor` > 1: closer, around the place at `share` of the width. Never beyond [0, whole], never
 * closer than a thousandth of one unit of weight. */
UnparkFlameRange unpark_flame_range_zoom(const UnparkFlameRange *range, double share, double factor,
                                         double whole);
/* By a share of the width. */
UnparkFlameRange unpark_flame_range_pan(const UnparkFlameRange *range, double share, double whole);

/* The innermost frame that covers the whole range; 0 at least. */
guint32 unpark_flame_cover(const UnparkFlame *flame, const UnparkFlameRange *range);
/* The frame of `in` with the same names all the way from the root; 0 if there is none. */
guint32 unpark_flame_same_place(const UnparkFlame *of, guint32 node, const UnparkFlame *in);

/* ---- Walking --------------------------------------------------------------------------- */

typedef enum {
  UNPARK_FLAME_OUTWARDS, /* the caller */
  UNPARK_FLAME_INWARDS,  /* the widest callee */
  UNPARK_FLAME_LEFT,     /* the next frame of that depth */
  UNPARK_FLAME_RIGHT,
  UNPARK_FLAME_FIRST, /* of that depth */
  UNPARK_FLAME_LAST,
} UnparkFlameStep;

/* Among the frames of the layout that are not folded. Where there is none: `node` itself. */
guint32 unpark_flame_walk(const UnparkFlame *flame, const UnparkFlameLayout *layout, guint32 node,
                          UnparkFlameStep step);
/* The item that is the frame, or of which the frame is a folded part; NULL if it is not in the
 * layout. */
const UnparkFlameItem *unpark_flame_layout_item(const UnparkFlame *flame,
                                                const UnparkFlameLayout *layout, guint32 node);
/* The next frame in the order of the tree whose name matches, around the end; 0: none does. */
guint32 unpark_flame_next_match(const UnparkFlame *flame, const UnparkFlameMatches *matches,
                                guint32 node, gboolean backwards);
