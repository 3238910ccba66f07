/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/spans/states.h"

struct _UnparkSpanStates {
  GPtrArray *by_source; /* Lanes; NULL: nothing of that source was read */
};

typedef struct {
  UnparkLaneItems *lanes;
  guint n;
  GHashTable *index; /* goroutine to UnparkLaneItems */
} Lanes;

static void lanes_free(gpointer data) {
  Lanes *lanes = data;
  if (!lanes)
    return;
  g_hash_table_unref(lanes->index);
  unpark_lane_items_free(lanes->lanes, lanes->n);
  g_free(lanes);
}

void unpark_span_states_free(UnparkSpanStates *states) {
  g_ptr_array_unref(states->by_source);
  g_free(states);
}

static GArray *keys_of(const GArray *goroutines, guint source) {
  GArray *keys = g_array_new(FALSE, FALSE, sizeof(UnparkLaneKey));
  for (guint i = 0; i < goroutines->len; i++) {
    const UnparkSpanGoroutine *g = &g_array_index(goroutines, UnparkSpanGoroutine, i);
    const UnparkLaneKey key = {UNPARK_LANE_GOROUTINE, g->goroutine};
    if (g->source == source)
      g_array_append_val(keys, key);
  }
  return keys;
}

UnparkSpanStates *unpark_span_states_new(UnparkSpanLayout *layout, const GArray *goroutines,
                                         gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                         GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSpanStates) states = g_new0(UnparkSpanStates, 1);
  guint n_sources;
  const UnparkSourceEntry *entries = unpark_sources_entries(layout->sources, &n_sources);
  states->by_source = g_ptr_array_new_with_free_func(lanes_free);
  for (guint s = 0; s < n_sources; s++) {
    g_autoptr(GArray) keys = keys_of(goroutines, s);
    g_ptr_array_add(states->by_source, NULL);
    if (keys->len == 0)
      continue;
    UnparkLaneItems *items =
        unpark_store_lanes(entries[s].store, (const UnparkLaneKey *)(gconstpointer)keys->data,
                           keys->len, from_ns, to_ns, resolution_ns, cancellable, error);
    if (!items)
      return NULL;
    Lanes *lanes = g_new(Lanes, 1);
    *lanes = (Lanes){items, keys->len, g_hash_table_new(g_int64_hash, g_int64_equal)};
    for (guint i = 0; i < lanes->n; i++)
      g_hash_table_insert(lanes->index, &items[i].key.id, &items[i]);
    states->by_source->pdata[s] = lanes;
  }
  return g_steal_pointer(&states);
}

const UnparkLaneItems *unpark_span_states_of(const UnparkSpanStates *states, guint16 source,
                                             gint64 goroutine) {
  const Lanes *lanes = source < states->by_source->len ? states->by_source->pdata[source] : NULL;
  return lanes ? g_hash_table_lookup(lanes->index, &goroutine) : NULL;
}
