/* Pictures of pieces of lanes, kept while they are on screen and a little longer.
 *
 * A tile is UNPARK_TILE_WIDTH device pixels of one row at one zoom; tile k begins at k times its
 * width from time 0. Main thread only.
 */
#pragma once

#include <gdk/gdk.h>

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
/* A surface of the same pixels; made at the first call. */
cairo_surface_t *unpark_picture_surface(UnparkPicture *picture);

/* NULL if there is none; *serial: of the data it was made from. Owned by the cache. */
UnparkPicture *unpark_tile_cache_get(UnparkTileCache *cache, const UnparkTileKey *key,
                                     guint *serial);

/* Takes the pixels (g_malloc'ed, UNPARK_TILE_WIDTH * key->height). */
UnparkPicture *unpark_tile_cache_put(UnparkTileCache *cache, const UnparkTileKey *key, guint serial,
                                     guint32 *pixels);
/* Forgets what has not been used for long, when there is much. Once a frame. */
void unpark_tile_cache_trim(UnparkTileCache *cache);
