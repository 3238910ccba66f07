/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/palette.h"

#include <math.h>

/* {light, dark}, by class. */
static const guint32 standard[UNPARK_N_CLASSES][2] = {
    [UNPARK_CLASS_NONE] = {0xa9b4bf, 0x5a6672},
    [UNPARK_CLASS_RUNNING] = {0x26834a, 0x25a56a},
    [UNPARK_CLASS_RUNNABLE] = {0xf9983a, 0xffd28a},
    [UNPARK_CLASS_SYSCALL] = {0x6f2da0, 0x9a55cb},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_OTHER] = {0xccd5de, 0x46515d},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYNC] = {0xb3c6e6, 0x3d5478},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_CHANNEL] = {0xb3d7dd, 0x30585f},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SELECT] = {0xc3dcd6, 0x3b5850},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_NETWORK] = {0xcac8ea, 0x4b4a74},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SLEEP] = {0xdbdfe3, 0x3a4148},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYSCALL] = {0xd6c5e0, 0x57456a},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_GC] = {0xe0d6b6, 0x5c5436},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYSTEM] = {0xe3e6e9, 0x343a40},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_FOREVER] = {0xe9bfc4, 0x70404a},
    [UNPARK_CLASS_GC_WORK] = {0xa8841a, 0xd8b64a},
};

/* What differs from the standard; black stands for nothing. */
static const guint32 blue_orange[UNPARK_N_CLASSES][2] = {
    [UNPARK_CLASS_RUNNING] = {0x0072b2, 0x3d9be0},
    [UNPARK_CLASS_RUNNABLE] = {0xe69f00, 0xffc857},
    [UNPARK_CLASS_SYSCALL] = {0x6b3d12, 0xb06a30},
    [UNPARK_CLASS_GC_WORK] = {0x2a8a7a, 0x58c4b0},
};

static const guint32 grey[UNPARK_N_CLASSES][2] = {
    [UNPARK_CLASS_NONE] = {0xa0a0a0, 0x5c5c5c},
    [UNPARK_CLASS_RUNNING] = {0x1f1f1f, 0xf2f2f2},
    [UNPARK_CLASS_RUNNABLE] = {0x8f8f8f, 0xb4b4b4},
    [UNPARK_CLASS_SYSCALL] = {0x5a5a5a, 0x7c7c7c},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_OTHER] = {0xd2d2d2, 0x404040},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYNC] = {0xc6c6c6, 0x4a4a4a},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_CHANNEL] = {0xcccccc, 0x464646},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SELECT] = {0xd6d6d6, 0x424242},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_NETWORK] = {0xc9c9c9, 0x4d4d4d},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SLEEP] = {0xe0e0e0, 0x363636},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYSCALL] = {0xc2c2c2, 0x505050},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_GC] = {0xdadada, 0x3c3c3c},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_SYSTEM] = {0xe6e6e6, 0x303030},
    [UNPARK_CLASS_WAIT + UNPARK_WAIT_FOREVER] = {0xbebebe, 0x545454},
    [UNPARK_CLASS_GC_WORK] = {0x757575, 0x989898},
};

static const guint32 (*const palettes[UNPARK_N_PALETTES])[2] = {standard, blue_orange, grey};
static gint chosen; /* read by every thread that paints */

static const guint32 inks[UNPARK_N_INKS][2] = {
    [UNPARK_INK_BACKGROUND] = {0xffffff, 0x1e1e1e}, [UNPARK_INK_STRIPE] = {0xf6f5f4, 0x282828},
    [UNPARK_INK_LINE] = {0xe2e1df, 0x3a3a3a},       [UNPARK_INK_TEXT] = {0x2e3436, 0xf0f0f0},
    [UNPARK_INK_DIM_TEXT] = {0x5e6468, 0xa9acaf},   [UNPARK_INK_ACCENT] = {0x1c71d8, 0x78aeed},
    [UNPARK_INK_GC] = {0xa8841a, 0xd8b64a},         [UNPARK_INK_STW] = {0xc01c28, 0xff7b63},
    [UNPARK_INK_TASK] = {0x4a8fb0, 0x6fb4d4},       [UNPARK_INK_HEAP] = {0x1a6fb5, 0x62a8e5},
    [UNPARK_INK_GOAL] = {0xb5566a, 0xe08a9c},
};

guint unpark_class_of(UnparkState state, UnparkWait wait) {
  switch (state) {
  case UNPARK_STATE_RUNNING:
    return UNPARK_CLASS_RUNNING;
  case UNPARK_STATE_RUNNABLE:
    return UNPARK_CLASS_RUNNABLE;
  case UNPARK_STATE_SYSCALL:
    return UNPARK_CLASS_SYSCALL;
  case UNPARK_STATE_WAITING:
    return UNPARK_CLASS_WAIT + (wait < UNPARK_N_WAITS ? wait : UNPARK_WAIT_OTHER);
  case UNPARK_STATE_GONE:
  default:
    return UNPARK_CLASS_NONE;
  }
}

void unpark_palette_choose(UnparkPalette palette) {
  g_atomic_int_set(&chosen, palette < UNPARK_N_PALETTES ? (gint)palette : UNPARK_PALETTE_STANDARD);
}

guint32 unpark_palette_fill(guint class_id, gboolean dark) {
  guint class = class_id < UNPARK_N_CLASSES ? class_id : UNPARK_CLASS_NONE;
  guint32 own = palettes[g_atomic_int_get(&chosen)][class][dark ? 1 : 0];
  return own ? own : standard[class][dark ? 1 : 0];
}

guint32 unpark_palette_ink(UnparkInk ink, gboolean dark) {
  return inks[ink < UNPARK_N_INKS ? ink : UNPARK_INK_TEXT][dark ? 1 : 0];
}

static double luminance(guint32 rgb) {
  static const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (int i = 0; i < 3; i++) {
    double c = ((rgb >> (16 - 8 * i)) & 255) / 255.0;
    sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double unpark_palette_contrast(guint32 a, guint32 b) {
  double la = luminance(a), lb = luminance(b);
  return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

double unpark_palette_lightness(guint32 rgb) {
  double y = luminance(rgb);
  return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y;
}

guint32 unpark_palette_text(guint class_id, gboolean dark) {
  guint32 fill = unpark_palette_fill(class_id, dark);
  return unpark_palette_contrast(fill, 0x000000) >= unpark_palette_contrast(fill, 0xffffff)
             ? 0x000000
             : 0xffffff;
}

void unpark_palette_set_source(cairo_t *cr, guint32 rgb, double alpha) {
  cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                        (rgb & 255) / 255.0, alpha);
}
