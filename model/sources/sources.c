/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sources/sources.h"

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/sources/clock.h"

struct _UnparkSources {
  gatomicrefcount refs;
  GArray *entries;      /* UnparkSourceEntry */
  GArray *moves;        /* gint64 for each: 0: not moved */
  gint64 start_wall_ns; /* Unix time of the axis' 0; UNPARK_NONE */
  GMutex attaching;     /* unpark_sources_attachment() */
  gpointer attached;
  GDestroyNotify attached_free;
};

const char *unpark_sources_clock_name(UnparkSourcesClock clock) {
  static const char *const names[] = {"none", "start", "wall", "monotonic", "spans", "hand"};

  return names[clock];
}

static void clear_entry(gpointer data) {
  UnparkSourceEntry *entry = data;

  unpark_store_unref(entry->store);
  g_free((char *)entry->path);
}

UnparkSources *unpark_sources_new(void) {
  UnparkSources *sources = g_new0(UnparkSources, 1);

  g_atomic_ref_count_init(&sources->refs);
  g_mutex_init(&sources->attaching);
  sources->entries = g_array_new(FALSE, FALSE, sizeof(UnparkSourceEntry));
  g_array_set_clear_func(sources->entries, clear_entry);
  sources->moves = g_array_new(FALSE, FALSE, sizeof(gint64));
  return sources;
}

UnparkSources *unpark_sources_ref(UnparkSources *sources) {
  g_atomic_ref_count_inc(&sources->refs);
  return sources;
}

void unpark_sources_unref(UnparkSources *sources) {
  if (!sources || !g_atomic_ref_count_dec(&sources->refs))
    return;
  if (sources->attached)
    sources->attached_free(sources->attached);
  g_mutex_clear(&sources->attaching);
  g_array_unref(sources->entries);
  g_array_unref(sources->moves);
  g_free(sources);
}

static UnparkSourceEntry *entry_at(const UnparkSources *sources, guint i) {
  return &g_array_index(sources->entries, UnparkSourceEntry, i);
}

void unpark_sources_add(UnparkSources *sources, UnparkStore *store, const char *path) {
  const UnparkSourceEntry entry = {
      .id = sources->entries->len + 1, .store = unpark_store_ref(store), .path = g_strdup(path)};
  const gint64 move = 0;

  g_array_append_val(sources->entries, entry);
  g_array_append_val(sources->moves, move);
}

void unpark_sources_move(UnparkSources *sources, guint index, gint64 ns) {
  g_return_if_fail(index < sources->moves->len);
  g_array_index(sources->moves, gint64, index) = unpark_time_clamp(ns);
}

UnparkSourceEntry unpark_sources_single(UnparkStore *store) {
  gboolean snapshots = unpark_store_count(store, UNPARK_TABLE_CLOCK) > 0 ||
                       unpark_store_source(store)->kind == UNPARK_SOURCE_SPANS;
  gboolean start = unpark_store_source(store)->start_wall_ns > 0;

  return (UnparkSourceEntry){.id = 1,
                             .store = store,
                             .path = unpark_store_source(store)->path,
                             .clock = snapshots ? UNPARK_SOURCES_CLOCK_WALL
                                      : start   ? UNPARK_SOURCES_CLOCK_START
                                                : UNPARK_SOURCES_CLOCK_NONE};
}

/* Where the earliest of them begins; UNPARK_NONE: none is known. */
static gint64 earliest(const UnparkSourcesTime *times, guint n) {
  gint64 first = UNPARK_NONE;

  for (guint i = 0; i < n; i++)
    if (times[i].wall_ns != UNPARK_NONE && (first == UNPARK_NONE || times[i].wall_ns < first))
      first = times[i].wall_ns;
  return first;
}

gboolean unpark_sources_align(UnparkSources *sources, GError **error) {
  guint n = sources->entries->len;
  g_autofree UnparkSourcesTime *times = g_new0(UnparkSourcesTime, n + 1);

  for (guint i = 0; i < n; i++)
    if (!unpark_sources_time_read(entry_at(sources, i)->store, &times[i], error))
      return FALSE;
  unpark_sources_times_agree(times, n);
  sources->start_wall_ns = earliest(times, n);
  for (guint i = 0; i < n; i++) {
    UnparkSourceEntry *entry = entry_at(sources, i);
    gint64 move = g_array_index(sources->moves, gint64, i), wall = times[i].wall_ns;

    entry->offset_ns = unpark_time_add(
        wall == UNPARK_NONE ? 0 : unpark_time_subtract(wall, sources->start_wall_ns), move);
    entry->add_ns = unpark_time_subtract(entry->offset_ns, unpark_store_shift(entry->store));
    entry->clock = move != 0 ? UNPARK_SOURCES_CLOCK_HAND : times[i].clock;
  }
  return TRUE;
}

void unpark_sources_place(UnparkSources *sources, guint index, gint64 offset_ns) {
  g_return_if_fail(index < sources->entries->len);
  UnparkSourceEntry *entry = entry_at(sources, index);
  entry->offset_ns = offset_ns;
  entry->add_ns = unpark_time_subtract(offset_ns, unpark_store_shift(entry->store));
  entry->clock = UNPARK_SOURCES_CLOCK_SPANS;
}

gboolean unpark_sources_settle(UnparkSources *sources, GError **error) {
  for (guint i = 0; i < sources->entries->len; i++) {
    UnparkSourceEntry *entry = entry_at(sources, i);
    UnparkStore *store;

    if (entry->add_ns == 0)
      continue;
    store = unpark_store_open_shifted(unpark_store_path(entry->store), entry->offset_ns, error);
    if (!store)
      return FALSE;
    unpark_store_unref(entry->store);
    entry->store = store;
    entry->add_ns = 0;
  }
  return TRUE;
}

const UnparkSourceEntry *unpark_sources_entries(const UnparkSources *sources, guint *n) {
  *n = sources->entries->len;
  return (const UnparkSourceEntry *)(void *)sources->entries->data;
}

UnparkSources *unpark_sources_of(UnparkStore *store) {
  UnparkSources *sources = unpark_sources_new();

  unpark_sources_add(sources, store, unpark_store_source(store)->path);
  entry_at(sources, 0)->clock = unpark_sources_single(store).clock;
  return sources;
}

gpointer unpark_sources_attachment(UnparkSources *sources,
                                   gpointer (*make)(UnparkSources *, GError **),
                                   GDestroyNotify destroy, GError **error) {
  g_mutex_lock(&sources->attaching);
  if (!sources->attached) {
    sources->attached = make(sources, error);
    sources->attached_free = destroy;
  }
  gpointer attached = sources->attached;
  g_mutex_unlock(&sources->attaching);
  return attached;
}
