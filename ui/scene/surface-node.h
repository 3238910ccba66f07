/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images drawn by the renderer that draws with cairo, without copies of their pixels: cairo keeps a
 * copy of every surface that is drawn into a recording, and GTK one of every texture. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

/* A source that shows the image surface, which must not change any more; free with
 * cairo_pattern_destroy(). Pixels are not smoothed. */
cairo_pattern_t *unpark_surface_pattern(cairo_surface_t *surface);
/* A node that draws it with its upper left corner at the origin, `scale` device pixels a pixel.
 * Free with gsk_render_node_unref(). */
GskRenderNode *unpark_surface_node(cairo_surface_t *surface, double scale);
