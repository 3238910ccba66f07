/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/map.h"

#define FIRST_SLOTS 256

void gotrace_map_init(GotraceMap *map) {
  map->mask = FIRST_SLOTS - 1;
  map->count = 0;
  map->slots = g_new0(GotraceMapSlot, FIRST_SLOTS);
}

void gotrace_map_clear(GotraceMap *map, GDestroyNotify destroy) {
  for (gsize i = 0; destroy && i <= map->mask; i++)
    if (map->slots[i].value)
      destroy(map->slots[i].value);
  g_clear_pointer(&map->slots, g_free);
}

static void put(GotraceMap *map, guint64 id, gpointer value) {
  gsize i = gotrace_map_hash(id) & map->mask;
  while (map->slots[i].value)
    i = (i + 1) & map->mask;
  map->slots[i] = (GotraceMapSlot){id, value};
}

void gotrace_map_insert(GotraceMap *map, guint64 id, gpointer value) {
  if (++map->count * 2 > map->mask) {
    GotraceMapSlot *old = map->slots;
    gsize n = map->mask + 1;
    map->mask = n * 2 - 1;
    map->slots = g_new0(GotraceMapSlot, n * 2);
    for (gsize i = 0; i < n; i++)
      if (old[i].value)
        put(map, old[i].id, old[i].value);
    g_free(old);
  }
  put(map, id, value);
}

void gotrace_map_remove(GotraceMap *map, guint64 id) {
  gsize i = gotrace_map_hash(id) & map->mask;
  while (map->slots[i].value && map->slots[i].id != id)
    i = (i + 1) & map->mask;
  if (!map->slots[i].value)
    return;
  map->count--;
  /* What follows and could stand here moves up, so that nothing is looked for behind a hole. */
  for (gsize next = (i + 1) & map->mask; map->slots[next].value; next = (next + 1) & map->mask) {
    gsize home = gotrace_map_hash(map->slots[next].id) & map->mask;
    if (((next - home) & map->mask) >= ((next - i) & map->mask)) {
      map->slots[i] = map->slots[next];
      i = next;
    }
  }
  map->slots[i] = (GotraceMapSlot){0};
}
