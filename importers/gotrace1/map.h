/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash map from 64-bit ids, which a file chooses freely, to 32-bit numbers.
 *
 * Keys are mixed with a number of this process, so that no file can make them collide on
 * purpose; therefore nothing may depend on the order inside. 16 bytes an entry, half empty
 * at worst. Zero-initialise. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 key;
  guint32 value;
  guint32 used;
} UnparkV1MapEntry;

typedef struct {
  UnparkV1MapEntry *entries;
  guint32 mask; /* entries - 1 */
  guint32 n;
  guint64 seed;
} UnparkV1Map;

void unpark_v1_map_set(UnparkV1Map *map, guint64 key, guint32 value);
void unpark_v1_map_remove(UnparkV1Map *map, guint64 key);
void unpark_v1_map_clear(UnparkV1Map *map);

static inline guint32 unpark_v1_map_home(const UnparkV1Map *map, guint64 key) {
  key = (key ^ map->seed) * G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
  key = (key ^ (key >> 32)) * G_GUINT64_CONSTANT(0xc4ceb9fe1a85ec53);
  return (guint32)(key >> 32) & map->mask;
}

/* TRUE and *value if the key is there. */
static inline gboolean unpark_v1_map_get(const UnparkV1Map *map, guint64 key, guint32 *value) {
  if (G_UNLIKELY(!map->entries))
    return FALSE;
  for (guint32 at = unpark_v1_map_home(map, key); map->entries[at].used;
       at = (at + 1) & map->mask) {
    if (map->entries[at].key == key) {
      *value = map->entries[at].value;
      return TRUE;
    }
  }
  return FALSE;
}

/* The same for ids that a writer numbers from 1 on: those in a dense array, others hashed.
 * Zero-initialise. */
typedef struct {
  guint32 *dense; /* value + 1 by id; 0: not there */
  guint32 n_dense, n;
  UnparkV1Map others;
} UnparkV1Ids;

void unpark_v1_ids_set(UnparkV1Ids *ids, guint64 id, guint32 value); /* value < G_MAXUINT32 */
void unpark_v1_ids_clear(UnparkV1Ids *ids);

static inline gboolean unpark_v1_ids_get(const UnparkV1Ids *ids, guint64 id, guint32 *value) {
  if (G_LIKELY(id < ids->n_dense && ids->dense[id])) {
    *value = ids->dense[id] - 1;
    return TRUE;
  }
  return unpark_v1_map_get(&ids->others, id, value);
}
