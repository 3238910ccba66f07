/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours of states, the same everywhere, for light and dark.
 *
 * A class is a state, with waiting split by kind. No GTK: colours are 0xRRGGBB. Told apart by
 * hue and by lightness, safe for the common colour-vision deficiencies; tests/test-ui-palette.c
 * holds the promise. Any thread.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

#include "model/base/types.h"

/* running, runnable, syscall and one class for each kind of wait. */
enum {
  UNPARK_CLASS_NONE, /* a processor that runs something, of no known state */
  UNPARK_CLASS_RUNNING,
  UNPARK_CLASS_RUNNABLE,
  UNPARK_CLASS_SYSCALL,
  UNPARK_CLASS_WAIT,                                         /* + UnparkWait */
  UNPARK_CLASS_GC_WORK = UNPARK_CLASS_WAIT + UNPARK_N_WAITS, /* on processors and threads */
  UNPARK_N_CLASSES
};

/* Other colours of charts. */
typedef enum {
  UNPARK_INK_BACKGROUND, /* behind lanes */
  UNPARK_INK_STRIPE,     /* every second lane, lane headers */
  UNPARK_INK_LINE,       /* separators, grid */
  UNPARK_INK_TEXT,
  UNPARK_INK_DIM_TEXT,
  UNPARK_INK_ACCENT, /* selection, focus, the visible window */
  UNPARK_INK_GC,
  UNPARK_INK_STW,
  UNPARK_INK_HEAP,
  UNPARK_INK_GOAL,
  UNPARK_INK_TASK,
  UNPARK_N_INKS
} UnparkInk;

/* Which colours the states have. */
typedef enum {
  UNPARK_PALETTE_STANDARD,
  UNPARK_PALETTE_BLUE_ORANGE,
  UNPARK_PALETTE_GREY, /* for printing: by lightness alone */
  UNPARK_N_PALETTES
} UnparkPalette;

/* Of the whole process, from now on. */
void unpark_palette_choose(UnparkPalette palette);

guint unpark_class_of(UnparkState state, UnparkWait wait);
guint32 unpark_palette_fill(guint class_id, gboolean dark);
/* Black or white, whichever is read best on the fill. */
guint32 unpark_palette_text(guint class_id, gboolean dark);
guint32 unpark_palette_ink(UnparkInk ink, gboolean dark);

/* WCAG contrast ratio, 1 to 21. */
double unpark_palette_contrast(guint32 a, guint32 b);
/* CIE L*, 0 to 100. */
double unpark_palette_lightness(guint32 rgb);

/* What cairo draws next is drawn in this colour (0xRRGGBB). */
void unpark_palette_set_source(cairo_t *cr, guint32 rgb, double alpha);
