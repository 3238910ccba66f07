/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map from ids (goroutines, processors, threads, tasks) to structs.
 *
 * The runtime counts its ids up, so sixteen neighbours lie side by side in memory; longer stretches
 * are spread, or finding what is not there would be a walk along all of them. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 id;
  gpointer value; /* NULL: free */
} GotraceMapSlot;

typedef struct {
  GotraceMapSlot *slots; /* mask + 1, a power of two; open addressing */
  gsize mask, count;
} GotraceMap;

void gotrace_map_init(GotraceMap *map);
/* `destroy`, if not NULL, of every value. */
void gotrace_map_clear(GotraceMap *map, GDestroyNotify destroy);
/* `id` must not be in the map, `value` not NULL. */
void gotrace_map_insert(GotraceMap *map, guint64 id, gpointer value);
/* Nothing happens if it is not there. */
void gotrace_map_remove(GotraceMap *map, guint64 id);

static inline gsize gotrace_map_hash(guint64 id) {
  return (gsize)((((id >> 4) * 0x9E3779B97F4A7C15u) >> 24 << 4) + (id & 15));
}

/* NULL if it is not there. */
static inline gpointer gotrace_map_get(const GotraceMap *map, guint64 id) {
  gsize i = gotrace_map_hash(id) & map->mask;
  while (map->slots[i].value && map->slots[i].id != id)
    i = (i + 1) & map->mask;
  return map->slots[i].value;
}
