/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/goroutines.h"

#define CHUNK 1024u

static UnparkV1Goroutine *at(const UnparkV1Goroutines *all, guint32 i) {
  return (UnparkV1Goroutine *)all->chunks->pdata[i / CHUNK] + i % CHUNK;
}

void unpark_v1_goroutines_init(UnparkV1Goroutines *all) {
  *all = (UnparkV1Goroutines){.chunks = g_ptr_array_new_with_free_func(g_free),
                              .unused = g_array_new(FALSE, FALSE, sizeof(guint32))};
}

void unpark_v1_goroutines_clear(UnparkV1Goroutines *all) {
  unpark_v1_map_clear(&all->by_id);
  g_clear_pointer(&all->chunks, g_ptr_array_unref);
  g_clear_pointer(&all->unused, g_array_unref);
}

UnparkV1Goroutine *unpark_v1_goroutines_find(const UnparkV1Goroutines *all, guint64 id) {
  guint32 i;
  return unpark_v1_map_get(&all->by_id, id, &i) ? at(all, i) : NULL;
}

UnparkV1Goroutine *unpark_v1_goroutines_get(UnparkV1Goroutines *all, guint64 id) {
  guint32 i;
  UnparkV1Goroutine *goroutine;

  if (unpark_v1_map_get(&all->by_id, id, &i))
    return at(all, i);
  if (all->unused->len > 0) {
    i = g_array_index(all->unused, guint32, all->unused->len - 1);
    g_array_set_size(all->unused, all->unused->len - 1);
  } else {
    i = all->n++;
    if (i / CHUNK == all->chunks->len)
      g_ptr_array_add(all->chunks, g_new0(UnparkV1Goroutine, CHUNK));
  }
  goroutine = at(all, i);
  *goroutine = (UnparkV1Goroutine){
      .id = id, .in_use = TRUE, .state = UNPARK_STATE_GONE, .assist_start = UNPARK_NONE};
  unpark_v1_map_set(&all->by_id, id, i);
  return goroutine;
}

void unpark_v1_goroutines_remove(UnparkV1Goroutines *all, UnparkV1Goroutine *goroutine) {
  guint32 i;

  if (!unpark_v1_map_get(&all->by_id, goroutine->id, &i))
    return;
  unpark_v1_map_remove(&all->by_id, goroutine->id);
  goroutine->in_use = FALSE;
  g_array_append_val(all->unused, i);
}

void unpark_v1_goroutines_foreach(UnparkV1Goroutines *all, UnparkV1GoroutineFunc func,
                                  gpointer data) {
  for (guint32 i = 0; i < all->n; i++) {
    UnparkV1Goroutine *goroutine = at(all, i);
    if (goroutine->in_use)
      func(goroutine, data);
  }
}
