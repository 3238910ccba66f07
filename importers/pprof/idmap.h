/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a profile's own ids (any 64-bit numbers but 0) to positions in an array.
 *
 * Dense ids, which is what every known writer uses, cost 4 bytes each; scattered ones are
 * hashed with a key of this process, so that no file can make them collide on purpose. */
#pragma once

#include <glib.h>

typedef struct {
  guint32 *dense; /* position + 1 by id; NULL: hashed */
  guint64 n_dense;
  guint64 *keys; /* 0: free */
  guint32 *positions;
  gsize mask;
  guint64 seed;
} UnparkIdMap;

#define UNPARK_ID_MISSING G_MAXUINT32

/* `first`: the id of element 0; one every `stride` bytes; n < 2^32 - 1. Of elements with one id
 * the first stands; id 0 is never found. Both are counted in *repeated and *zero. */
void unpark_id_map_build(UnparkIdMap *map, const guint64 *first, gsize stride, guint32 n,
                         guint64 *repeated, guint64 *zero);
void unpark_id_map_clear(UnparkIdMap *map);

guint32 unpark_id_map_hashed(const UnparkIdMap *map, guint64 id);

static inline guint32 unpark_id_map_find(const UnparkIdMap *map, guint64 id) {
  if (!map->dense)
    return unpark_id_map_hashed(map, id);
  return id < map->n_dense ? map->dense[id] - 1 : UNPARK_ID_MISSING;
}
