#include "importers/gotrace1/map.h"

#define FIRST_SIZE 256u

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
