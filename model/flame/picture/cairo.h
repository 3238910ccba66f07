/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs as PDF and PNG, and on any cairo surface. Any thread. */
#pragma once

#include <cairo.h>

#include "model/flame/picture/export.h"

/* Draws one line of text with its baseline at (x, y), in the current colour. `size` in the units
 * of the current matrix; `width` is the room: what is longer is cut off. */
typedef void (*UnparkFlameDrawText)(cairo_t *cr, double x, double y, const char *text, double size,
                                    gboolean bold, double width);

/* `draw_text` NULL: cairo's own, which knows no font but one: for text of one script only. */
void unpark_flame_draw(const UnparkFlameSheet *sheet, cairo_t *cr, UnparkFlameDrawText draw_text);

gboolean unpark_flame_write_pdf(const UnparkFlameSheet *sheet, UnparkFlameDrawText draw_text,
                                GOutputStream *out, GCancellable *cancellable, GError **error);
/* `scale`: pixels of the picture per pixel of the sheet: 1, 2 ... G_IO_ERROR_INVALID_ARGUMENT if
 * that is larger than a PNG can be here (32767 pixels a side). */
gboolean unpark_flame_write_png(const UnparkFlameSheet *sheet, double scale,
                                UnparkFlameDrawText draw_text, GOutputStream *out,
                                GCancellable *cancellable, GError **error);
