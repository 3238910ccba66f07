/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours of frames: by package, by kind of code, by change. 0xRRGGBB; any thread.
 *
 * A colour class is the same in light and dark and in every output. Kinds and changes differ in
 * lightness as well as hue, and stay apart under the common colour-vision deficiencies.
 */
#pragma once

#include "model/flame/graph/flame.h"

typedef enum {
  UNPARK_FLAME_COLOUR_PACKAGE,
  UNPARK_FLAME_COLOUR_KIND,
  UNPARK_FLAME_COLOUR_CHANGE, /* only with a base */
} UnparkFlameColouring;

enum {
  UNPARK_FLAME_CLASS_PACKAGE, /* + 0 .. 10, and 11 for all others */
  UNPARK_FLAME_CLASS_USER = 12,
  UNPARK_FLAME_CLASS_STANDARD,
  UNPARK_FLAME_CLASS_RUNTIME,
  UNPARK_FLAME_CLASS_GROUP,  /* groups, regions, the root */
  UNPARK_FLAME_CLASS_CHANGE, /* + 0 .. 8: much less ... same ... much more */
  UNPARK_FLAME_CLASS_MATCH = UNPARK_FLAME_CLASS_CHANGE + 9,
  UNPARK_FLAME_CLASS_FOLDED,
  UNPARK_FLAME_N_CLASSES
};

/* Gives each package a colour of its own, the one with most of the picture first; beyond eleven
 * they share one. The colours are those of `like`, as far as it has the packages (NULL: its own).
 * Every new tree has its own; only while nobody else has the tree. */
void unpark_flame_colour_packages(UnparkFlame *flame, const UnparkFlame *like);

guint unpark_flame_class(const UnparkFlame *flame, guint32 node, UnparkFlameColouring colouring);
guint32 unpark_flame_fill(guint class_id, gboolean dark);
/* Of text on the fill. */
guint32 unpark_flame_ink(guint class_id, gboolean dark);
/* Behind the frames; text on it; less important text. */
guint32 unpark_flame_paper(gboolean dark);
guint32 unpark_flame_paper_ink(gboolean dark, gboolean dim);

typedef struct {
  guint class_id;
  char *text; /* translated */
} UnparkFlameLegend;

/* What the colours that are drawn mean, the user's own package first; elements are
 * UnparkFlameLegend, owned by the array. */
GPtrArray *unpark_flame_legend(const UnparkFlame *flame, UnparkFlameColouring colouring);
