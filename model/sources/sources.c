/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sources/sources.h"

#include "model/base/times.h"

struct _UnparkSources {
  GArray *entries; /* UnparkSourceEntry */
  GArray *moves;   /* gint64 for each: 0: not moved */
};

const char *unpark_sources_clock_name(UnparkSourcesClock clock) {
  static const char *const names[] = {"none", "start", "hand"};

  return names[clock];
}

static void clear_entry(gpointer data) {
  UnparkSourceEntry *entry = data;

  unpark_store_unref(entry->store);
  g_free((char *)entry->path);
}

UnparkSources *unpark_sources_new(void) {
  UnparkSources *sources = g_new0(UnparkSources, 1);

  sources->entries = g_array_new(FALSE, FALSE, sizeof(UnparkSourceEntry));
  g_array_set_clear_func(sources->entries, clear_entry);
  sources->moves = g_array_new(FALSE, FALSE, sizeof(gint64));
  return sources;
}

void unpark_sources_free(UnparkSources *sources) {
  if (!sources)
    return;
  g_array_unref(sources->entries);
  g_array_unref(sources->moves);
  g_free(sources);
}

static UnparkSourceEntry *entry_at(const UnparkSources *sources, guint i) {
  return &g_array_index(sources->entries, UnparkSourceEntry, i);
}

void unpark_sources_add(UnparkSources *sources, UnparkStore *store, const char *path) {
  const UnparkSourceEntry entry = {.id = sources->entries->len + 1,
                                   .store = unpark_store_ref(store),
                                   .path = g_strdup(path),
                                   .pid = UNPARK_NONE};
  const gint64 move = 0;

  g_array_append_val(sources->entries, entry);
  g_array_append_val(sources->moves, move);
}

void unpark_sources_move(UnparkSources *sources, guint index, gint64 ns) {
  g_return_if_fail(index < sources->moves->len);
  g_array_index(sources->moves, gint64, index) = unpark_time_clamp(ns);
}

/* Unix time of the store's time 0; UNPARK_NONE: not known. */
static gint64 wall_of(UnparkStore *store) {
  gint64 wall = unpark_store_source(store)->start_wall_ns;

  return wall > 0 ? wall : UNPARK_NONE;
}

static UnparkSourcesClock clock_of(gint64 wall, gint64 move) {
  return move != 0             ? UNPARK_SOURCES_CLOCK_HAND
         : wall != UNPARK_NONE ? UNPARK_SOURCES_CLOCK_START
                               : UNPARK_SOURCES_CLOCK_NONE;
}

UnparkSourceEntry unpark_sources_single(UnparkStore *store) {
  return (UnparkSourceEntry){.id = 1,
                             .store = store,
                             .path = unpark_store_source(store)->path,
                             .pid = UNPARK_NONE,
                             .clock = clock_of(wall_of(store), 0)};
}

void unpark_sources_align(UnparkSources *sources) {
  gint64 first = G_MAXINT64;

  for (guint i = 0; i < sources->entries->len; i++) {
    gint64 wall = wall_of(entry_at(sources, i)->store);
    if (wall != UNPARK_NONE)
      first = MIN(first, wall);
  }
  for (guint i = 0; i < sources->entries->len; i++) {
    UnparkSourceEntry *entry = entry_at(sources, i);
    gint64 wall = wall_of(entry->store), move = g_array_index(sources->moves, gint64, i);

    entry->offset_ns = unpark_time_add(wall == UNPARK_NONE ? 0 : wall - first, move);
    entry->clock = clock_of(wall, move);
  }
}

const UnparkSourceEntry *unpark_sources_entries(const UnparkSources *sources, guint *n) {
  *n = sources->entries->len;
  return (const UnparkSourceEntry *)(void *)sources->entries->data;
}

UnparkSources *unpark_sources_of(UnparkStore *store) {
  UnparkSources *sources = unpark_sources_new();

  unpark_sources_add(sources, store, unpark_store_source(store)->path);
  unpark_sources_align(sources);
  return sources;
}
