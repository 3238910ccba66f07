/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/tile-cache.h"

#include <string.h>

#include "ui/lanes/lane-raster.h"
#include "ui/scene/surface-node.h"

/* Pixels kept, in bytes. */
#define MAX_BYTES (48 * 1024 * 1024)

struct _UnparkPicture {
  UnparkTileKey key;
  cairo_surface_t *surface;
  GdkTexture *texture; /* NULL until somebody wants it */
  GskRenderNode *node; /* the same; for node_scale */
  double node_scale;
  guint serial;
  GList link; /* in `recent`, data is the tile */
};

struct _UnparkTileCache {
  GHashTable *tiles;
  GQueue recent; /* least recently used first */
  gsize bytes;
};

static guint key_hash(gconstpointer p) {
  const UnparkTileKey *key = p;
  return g_int64_hash(&key->row_id) * 31 + g_int64_hash(&key->index) * 17 +
         g_double_hash(&key->ns_per_px) + (guint)key->row_type * 7919;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const UnparkTileKey *ka = a, *kb = b;
  return ka->row_type == kb->row_type && ka->row_id == kb->row_id && ka->index == kb->index &&
         ka->ns_per_px == kb->ns_per_px && ka->height == kb->height;
}

static void tile_free(gpointer data) {
  UnparkPicture *tile = data;
  g_clear_object(&tile->texture);
  g_clear_pointer(&tile->node, gsk_render_node_unref);
  cairo_surface_destroy(tile->surface);
  g_free(tile);
}

UnparkTileCache *unpark_tile_cache_new(void) {
  UnparkTileCache *cache = g_new0(UnparkTileCache, 1);
  cache->tiles = g_hash_table_new_full(key_hash, key_equal, NULL, tile_free);
  g_queue_init(&cache->recent);
  return cache;
}

void unpark_tile_cache_clear(UnparkTileCache *cache) {
  g_queue_init(&cache->recent);
  g_hash_table_remove_all(cache->tiles);
  cache->bytes = 0;
}

void unpark_tile_cache_free(UnparkTileCache *cache) {
  unpark_tile_cache_clear(cache);
  g_hash_table_unref(cache->tiles);
  g_free(cache);
}

static gsize tile_bytes(const UnparkTileKey *key) {
  return sizeof(guint32) * UNPARK_TILE_WIDTH * (gsize)key->height;
}

GdkTexture *unpark_picture_texture(UnparkPicture *tile) {
  if (!tile->texture) {
    g_autoptr(GBytes) pixels = g_bytes_new_with_free_func(
        cairo_image_surface_get_data(tile->surface), tile_bytes(&tile->key),
        (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(tile->surface));
    tile->texture = gdk_memory_texture_new(UNPARK_TILE_WIDTH, tile->key.height, GDK_MEMORY_DEFAULT,
                                           pixels, sizeof(guint32) * UNPARK_TILE_WIDTH);
  }
  return tile->texture;
}

cairo_surface_t *unpark_picture_surface(UnparkPicture *tile) {
  return tile->surface;
}

GskRenderNode *unpark_picture_node(UnparkPicture *tile, double scale) {
  if (tile->node && tile->node_scale == scale)
    return tile->node;
  g_clear_pointer(&tile->node, gsk_render_node_unref);
  tile->node_scale = scale;
  tile->node = unpark_surface_node(tile->surface, scale);
  return tile->node;
}

UnparkPicture *unpark_tile_cache_get(UnparkTileCache *cache, const UnparkTileKey *key,
                                     guint *serial) {
  UnparkPicture *tile = g_hash_table_lookup(cache->tiles, key);
  if (!tile)
    return NULL;
  g_queue_unlink(&cache->recent, &tile->link);
  g_queue_push_tail_link(&cache->recent, &tile->link);
  *serial = tile->serial;
  return tile;
}

static void forget(UnparkTileCache *cache, UnparkPicture *tile) {
  g_queue_unlink(&cache->recent, &tile->link);
  cache->bytes -= tile_bytes(&tile->key);
  g_hash_table_remove(cache->tiles, &tile->key);
}

cairo_surface_t *unpark_tile_surface_new(int height) {
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, UNPARK_TILE_WIDTH, height);
  g_assert(cairo_image_surface_get_stride(surface) == (int)sizeof(guint32) * UNPARK_TILE_WIDTH);
  return surface;
}

UnparkPicture *unpark_tile_cache_put(UnparkTileCache *cache, const UnparkTileKey *key, guint serial,
                                     cairo_surface_t *surface) {
  UnparkPicture *tile = g_hash_table_lookup(cache->tiles, key);
  if (tile)
    forget(cache, tile);
  tile = g_new0(UnparkPicture, 1);
  tile->key = *key;
  tile->serial = serial;
  tile->link.data = tile;
  tile->surface = surface;
  g_hash_table_insert(cache->tiles, &tile->key, tile);
  g_queue_push_tail_link(&cache->recent, &tile->link);
  cache->bytes += tile_bytes(key);
  return tile;
}

void unpark_tile_cache_trim(UnparkTileCache *cache) {
  while (cache->bytes > MAX_BYTES && cache->recent.head)
    forget(cache, cache->recent.head->data);
}
