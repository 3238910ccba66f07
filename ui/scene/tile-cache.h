/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of pieces of lanes, kept while they are on screen and a little longer.
 *
 * A tile is UNPARK_TILE_WIDTH device pixels of one row at one zoom; tile k begins at k times its
 * width from time 0. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  int row_type;
  gint64 row_id;
  gint64 index;
  double ns_per_px; /* device pixels */
  int height;       /* device pixels */
} UnparkTileKey;

typedef struct _UnparkTileCache UnparkTileCache;

UnparkTileCache *unpark_tile_cache_new(void);
void unpark_tile_cache_free(UnparkTileCache *cache);
void unpark_tile_cache_clear(UnparkTileCache *cache);

/* One picture, in the form that the renderer can show without copying it: textures live with a
 * graphics card, the renderer without one reads surfaces. */
typedef struct _UnparkPicture UnparkPicture;

/* A texture; made at the first call. */
GdkTexture *unpark_picture_texture(UnparkPicture *picture);
/* The surface that it was made of. */
cairo_surface_t *unpark_picture_surface(UnparkPicture *picture);
/* A node that draws the surface with its upper left corner at the origin, `scale` device pixels a
 * pixel; made at the first call. */
GskRenderNode *unpark_picture_node(UnparkPicture *picture, double scale);

/* NULL if there is none; *serial: of the data it was made from. Owned by the cache. */
UnparkPicture *unpark_tile_cache_get(UnparkTileCache *cache, const UnparkTileKey *key,
                                     guint *serial);

/* UNPARK_TILE_WIDTH * height transparent pixels, row after row without padding. */
cairo_surface_t *unpark_tile_surface_new(int height);
/* Takes the surface, on which everything is drawn. */
UnparkPicture *unpark_tile_cache_put(UnparkTileCache *cache, const UnparkTileKey *key, guint serial,
                                     cairo_surface_t *surface);
/* Forgets what has not been used for long, when there is much. Once a frame. */
void unpark_tile_cache_trim(UnparkTileCache *cache);
