/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of flame graphs in files: by pango, every script, in the system's monospaced font. No GTK:
 * unpark-cli uses it as well. Any thread. */
#pragma once

#include "model/flame/picture/cairo.h"

/* An UnparkFlameDrawText. */
void unpark_flame_draw_text_pango(cairo_t *cr, double x, double y, const char *text, double size,
                                  gboolean bold, double width);
