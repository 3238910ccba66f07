/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/idmap.h"

static inline gsize slot_of(const UnparkIdMap *map, guint64 id) {
  guint64 h = (id ^ map->seed) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);

  h ^= h >> 32;
  h *= G_GUINT64_CONSTANT(0xd6e8feb86659fd93);
  h ^= h >> 32;
  return (gsize)(h ^ (map->seed << 1)) & map->mask;
}

static gsize find_slot(const UnparkIdMap *map, guint64 id) {
  gsize slot = slot_of(map, id);

  while (map->keys[slot] && map->keys[slot] != id)
    slot = (slot + 1) & map->mask;
  return slot;
}

/* FALSE if the id is there already. */
static gboolean add(UnparkIdMap *map, guint64 id, guint32 position) {
  gsize slot;

  if (map->dense) {
    if (map->dense[id])
      return FALSE;
    map->dense[id] = position + 1;
    return TRUE;
  }
  slot = find_slot(map, id);
  if (map->keys[slot])
    return FALSE;
  map->keys[slot] = id;
  map->positions[slot] = position;
  return TRUE;
}

static void reserve(UnparkIdMap *map, guint64 max_id, guint32 n) {
  *map = (UnparkIdMap){0};
  if (max_id < (guint64)n * 4 + 1024) {
    map->n_dense = max_id + 1;
    map->dense = g_new0(guint32, map->n_dense);
    return;
  }
  map->mask = 15;
  while (map->mask / 2 < n)
    map->mask = map->mask * 2 + 1;
  map->keys = g_new0(guint64, map->mask + 1);
  map->positions = g_new(guint32, map->mask + 1);
  map->seed = (guint64)g_random_int() << 32 | g_random_int();
}

void unpark_id_map_build(UnparkIdMap *map, const guint64 *first, gsize stride, guint32 n,
                         guint64 *repeated, guint64 *zero) {
  guint64 max_id = 0;

  for (guint32 i = 0; i < n; i++) {
    const guint64 *id = (const guint64 *)(const void *)((const guint8 *)first + i * stride);
    max_id = MAX(max_id, *id);
  }
  reserve(map, max_id, n);
  *repeated = *zero = 0;
  for (guint32 i = 0; i < n; i++) {
    const guint64 *id = (const guint64 *)(const void *)((const guint8 *)first + i * stride);
    if (*id == 0)
      (*zero)++;
    else if (!add(map, *id, i))
      (*repeated)++;
  }
}

guint32 unpark_id_map_hashed(const UnparkIdMap *map, guint64 id) {
  gsize slot;

  if (!map->keys || id == 0)
    return UNPARK_ID_MISSING;
  slot = find_slot(map, id);
  return map->keys[slot] ? map->positions[slot] : UNPARK_ID_MISSING;
}

void unpark_id_map_clear(UnparkIdMap *map) {
  g_clear_pointer(&map->dense, g_free);
  g_clear_pointer(&map->keys, g_free);
  g_clear_pointer(&map->positions, g_free);
}
