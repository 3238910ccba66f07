/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/map.h"

#include <string.h>

#define FIRST_SIZE 256u
#define ALWAYS_DENSE 65536u

static UnparkV1MapEntry *find_place(const UnparkV1Map *map, guint64 key) {
  guint32 at = unpark_v1_map_home(map, key);

  while (map->entries[at].used && map->entries[at].key != key)
    at = (at + 1) & map->mask;
  return &map->entries[at];
}

static void grow(UnparkV1Map *map) {
  UnparkV1MapEntry *old = map->entries;
  guint32 n_old = old ? map->mask + 1 : 0;
  guint32 n_new = old ? n_old * 2 : FIRST_SIZE;

  if (!old)
    map->seed = (guint64)g_random_int() << 32 | g_random_int();
  map->entries = g_new0(UnparkV1MapEntry, n_new);
  map->mask = n_new - 1;
  for (guint32 i = 0; i < n_old; i++)
    if (old[i].used)
      *find_place(map, old[i].key) = old[i];
  g_free(old);
}

void unpark_v1_map_set(UnparkV1Map *map, guint64 key, guint32 value) {
  UnparkV1MapEntry *entry;

  if (!map->entries || map->n >= map->mask - map->mask / 4)
    grow(map);
  entry = find_place(map, key);
  map->n += !entry->used;
  *entry = (UnparkV1MapEntry){.key = key, .value = value, .used = 1};
}

/* Open addressing without tombstones: entries behind the hole that may not lie behind a
 * hole move into it. */
void unpark_v1_map_remove(UnparkV1Map *map, guint64 key) {
  guint32 hole, at;

  if (!map->entries)
    return;
  hole = (guint32)(find_place(map, key) - map->entries);
  if (!map->entries[hole].used)
    return;
  map->n--;
  for (at = (hole + 1) & map->mask; map->entries[at].used; at = (at + 1) & map->mask) {
    guint32 home = unpark_v1_map_home(map, map->entries[at].key);
    if (((at - home) & map->mask) >= ((at - hole) & map->mask)) {
      map->entries[hole] = map->entries[at];
      hole = at;
    }
  }
  map->entries[hole].used = 0;
}

void unpark_v1_map_clear(UnparkV1Map *map) {
  g_clear_pointer(&map->entries, g_free);
  *map = (UnparkV1Map){0};
}

void unpark_v1_ids_set(UnparkV1Ids *ids, guint64 id, guint32 value) {
  guint32 value_there;

  /* Room for more ids than there are: stacks do not come in the order of theirs. */
  if (id >= ids->n_dense && id < ALWAYS_DENSE + (guint64)ids->n * 2 && id < G_MAXUINT32 / 4) {
    guint32 n = (guint32)id * 2 + FIRST_SIZE;
    ids->dense = g_renew(guint32, ids->dense, n);
    memset(ids->dense + ids->n_dense, 0, (n - ids->n_dense) * sizeof *ids->dense);
    ids->n_dense = n;
  }
  ids->n += !unpark_v1_ids_get(ids, id, &value_there);
  if (id < ids->n_dense && !unpark_v1_map_get(&ids->others, id, &value_there))
    ids->dense[id] = value + 1;
  else
    unpark_v1_map_set(&ids->others, id, value);
}

void unpark_v1_ids_clear(UnparkV1Ids *ids) {
  g_free(ids->dense);
  unpark_v1_map_clear(&ids->others);
  *ids = (UnparkV1Ids){0};
}
