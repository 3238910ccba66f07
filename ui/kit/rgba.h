/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours of palette.h, and of the flame graph, as GTK takes them. Main thread only. */
#pragma once

#include <adwaita.h>

#include "ui/kit/palette.h"

/* `rgb`: 0xRRGGBB; `alpha`: 0 to 1. */
static inline GdkRGBA unpark_rgba(guint32 rgb, double alpha) {
  return (GdkRGBA){(float)(rgb >> 16 & 255) / 255.0f, (float)(rgb >> 8 & 255) / 255.0f,
                   (float)(rgb & 255) / 255.0f, (float)alpha};
}

/* As the window is now, light or dark. */
static inline GdkRGBA unpark_ink(UnparkInk ink, double alpha) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  return unpark_rgba(unpark_palette_ink(ink, dark), alpha);
}

/* The legend of states: the squares of the text, "■", in the colours that running, runnable,
 * waiting and system call have now, in this order. */
PangoAttrList *unpark_rgba_squares(const char *text);
