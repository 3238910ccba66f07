/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/lane-cache.h"

#include <math.h>
#include <string.h>

#include "ui/kit/worker.h"

/* One worker call: enough to be worth it, few enough to show something soon. */
#define MAX_KEYS_PER_JOB 24
/* Lanes that are kept when they scroll out of sight. */
#define MAX_LANES 800

/* Its own key: the lane's key is what it begins with. */
typedef struct {
  UnparkLaneData data;
  guint64 used;
} Entry;

typedef struct {
  UnparkStore *store;
  GArray *keys; /* UnparkLaneKey; UnparkTrackKey if it is about tracks */
  gboolean tracks;
  gint64 from_ns, to_ns, resolution_ns;
} Job;

struct _UnparkLaneCache {
  void (*changed)(gpointer data);
  gpointer user_data;
  UnparkStore *store;
  GHashTable *entries; /* UnparkLaneKey (inside the entry) to Entry */
  guint64 clock;
  guint serial;

  UnparkWorker worker;
  const Job *job; /* owned by the worker; NULL: none */

  GArray *wanted;
  double from_ns, to_ns, ns_per_px;
};

static guint key_hash(gconstpointer p) {
  const UnparkLaneKey *key = p;
  return g_int64_hash(&key->id) * 31 + (guint)key->type;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const UnparkLaneKey *ka = a, *kb = b;
  return ka->id == kb->id && ka->type == kb->type;
}

static void entry_free(gpointer data) {
  Entry *entry = data;
  g_free(entry->data.lane.items);
  unpark_lane_tracks_clear(&entry->data.tracks);
  g_free(entry);
}

static void job_free(gpointer data) {
  Job *job = data;
  unpark_store_unref(job->store);
  g_array_unref(job->keys);
  g_free(job);
}

UnparkLaneCache *unpark_lane_cache_new(void (*changed)(gpointer data), gpointer data) {
  UnparkLaneCache *cache = g_new0(UnparkLaneCache, 1);
  cache->changed = changed;
  cache->user_data = data;
  cache->entries = g_hash_table_new_full(key_hash, key_equal, NULL, entry_free);
  cache->wanted = g_array_new(FALSE, FALSE, sizeof(UnparkLaneWish));
  return cache;
}

static void cancel_job(UnparkLaneCache *cache) {
  unpark_worker_cancel(&cache->worker);
  cache->job = NULL;
}

void unpark_lane_cache_free(UnparkLaneCache *cache) {
  cancel_job(cache);
  g_hash_table_unref(cache->entries);
  g_array_unref(cache->wanted);
  g_clear_pointer(&cache->store, unpark_store_unref);
  g_free(cache);
}

void unpark_lane_cache_set_store(UnparkLaneCache *cache, UnparkStore *store) {
  GHashTableIter iter;
  Entry *entry;
  if (store == cache->store)
    return;
  cancel_job(cache);
  g_clear_pointer(&cache->store, unpark_store_unref);
  cache->store = unpark_store_ref(store);
  g_hash_table_iter_init(&iter, cache->entries);
  while (g_hash_table_iter_next(&iter, NULL, (gpointer *)&entry))
    entry->data.stale = entry->data.tracks_stale = TRUE;
}

const UnparkLaneData *unpark_lane_cache_get(UnparkLaneCache *cache, const UnparkLaneKey *key) {
  Entry *entry = g_hash_table_lookup(cache->entries, key);
  if (!entry)
    return NULL;
  entry->used = ++cache->clock;
  return &entry->data;
}

gboolean unpark_lane_cache_is_busy(UnparkLaneCache *cache) {
  return cache->job != NULL;
}

/* Forgets the half of the lanes that were not used for the longest time. */
static void trim(UnparkLaneCache *cache) {
  GHashTableIter iter;
  Entry *entry;
  guint64 limit;
  if (g_hash_table_size(cache->entries) <= MAX_LANES)
    return;
  limit = cache->clock > MAX_LANES ? cache->clock - MAX_LANES / 2 : 0;
  g_hash_table_iter_init(&iter, cache->entries);
  while (g_hash_table_iter_next(&iter, NULL, (gpointer *)&entry))
    if (entry->used < limit)
      g_hash_table_iter_remove(&iter);
}

/* A scale that jumps while one pans would be unreadable: at one zoom peaks only grow. Means over
 * longer stretches have lower ones, so that another zoom has a scale of its own. */
static void update_peaks(UnparkLaneData *data) {
  const UnparkLaneItems *lane = &data->lane;
  data->peak = MAX(data->peak, 1);
  if (lane->key.type != UNPARK_LANE_GROUP && lane->key.type != UNPARK_LANE_ALL)
    return;
  for (guint i = 0; i < lane->n_items; i++) {
    const float *mean = lane->items[i].mean;
    double active = (double)(mean[UNPARK_STATE_RUNNING] + mean[UNPARK_STATE_RUNNABLE] +
                             mean[UNPARK_STATE_SYSCALL]);
    data->active = MAX(data->active, active);
    data->peak = MAX(data->peak, active + (double)mean[UNPARK_STATE_WAITING]);
  }
}

static void keep(UnparkLaneCache *cache, const Job *job, UnparkLaneItems *lane) {
  Entry *entry = g_hash_table_lookup(cache->entries, &lane->key);
  if (!entry) {
    entry = g_new0(Entry, 1);
    entry->data.lane.key = lane->key;
    g_hash_table_add(cache->entries, entry);
  }
  UnparkLaneData *data = &entry->data;
  g_free(data->lane.items);
  data->lane = *lane;
  data->from_ns = job->from_ns;
  data->to_ns = job->to_ns;
  if (data->resolution_ns != job->resolution_ns)
    data->peak = data->active = 0;
  data->resolution_ns = job->resolution_ns;
  data->stale = FALSE;
  update_peaks(data);
  data->serial = ++cache->serial;
  entry->used = ++cache->clock;
  lane->items = NULL;
}

static void keep_tracks(UnparkLaneCache *cache, const Job *job, const UnparkTrackKey *wish,
                        UnparkLaneTracks *tracks) {
  Entry *entry = g_hash_table_lookup(cache->entries, &tracks->key);
  if (!entry) /* forgotten meanwhile */
    return;
  UnparkLaneData *data = &entry->data;
  unpark_lane_tracks_clear(&data->tracks);
  data->tracks = *tracks;
  data->tracks_from_ns = job->from_ns;
  data->tracks_to_ns = job->to_ns;
  data->tracks_resolution_ns = job->resolution_ns;
  data->tracks_stacks = wish->stacks;
  data->tracks_stale = FALSE;
  data->serial = ++cache->serial;
  memset(tracks, 0, sizeof *tracks);
}

typedef struct {
  UnparkLaneItems *lanes; /* one of the two */
  UnparkLaneTracks *tracks;
  guint n;
} Fetched;

static void fetched_free(gpointer data) {
  Fetched *fetched = data;
  unpark_lane_items_free(fetched->lanes, fetched->n);
  unpark_lane_tracks_free(fetched->tracks, fetched->n);
  g_free(fetched);
}

static void start(UnparkLaneCache *cache);

static void on_fetched(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkLaneCache *cache = owner;
  const Job *job = data;
  Fetched *fetched = result;
  cache->job = NULL;
  if (error)
    g_warning("Lanes cannot be read: %s", error->message);
  if (!fetched)
    return;
  for (guint i = 0; i < fetched->n; i++)
    if (job->tracks)
      keep_tracks(cache, job, &g_array_index(job->keys, UnparkTrackKey, i), &fetched->tracks[i]);
    else
      keep(cache, job, &fetched->lanes[i]);
  trim(cache);
  cache->changed(cache->user_data);
  if (!cache->job)
    start(cache);
  fetched_free(fetched);
}

static gpointer fetch(gpointer data, GCancellable *cancellable, GError **error) {
  const Job *job = data;
  Fetched fetched = {.n = job->keys->len};
  if (job->tracks)
    fetched.tracks = unpark_store_tracks(
        job->store, (const UnparkTrackKey *)(gconstpointer)job->keys->data, job->keys->len,
        job->from_ns, job->to_ns, job->resolution_ns, cancellable, error);
  else
    fetched.lanes = unpark_store_lanes(
        job->store, (const UnparkLaneKey *)(gconstpointer)job->keys->data, job->keys->len,
        job->from_ns, job->to_ns, job->resolution_ns, cancellable, error);
  return fetched.tracks || fetched.lanes ? g_memdup2(&fetched, sizeof fetched) : NULL;
}

static const UnparkWork fetching = {fetch, on_fetched, job_free, fetched_free};

static gboolean covers(gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                       const UnparkLaneCache *cache) {
  gint64 first = unpark_store_source(cache->store)->start_ns;
  gint64 end = unpark_store_source(cache->store)->end_ns;
  return (double)from_ns <= MAX(cache->from_ns, (double)first) &&
         (double)to_ns >= MIN(cache->to_ns, (double)end) &&
         (double)resolution_ns <= cache->ns_per_px &&
         (resolution_ns == 1 || (double)resolution_ns * 8 > cache->ns_per_px);
}

/* Collects what is wanted and not there; at most one job's worth. */
static GArray *missing_lanes(UnparkLaneCache *cache) {
  GArray *keys = g_array_new(FALSE, FALSE, sizeof(UnparkLaneKey));
  for (guint i = 0; i < cache->wanted->len && keys->len < MAX_KEYS_PER_JOB; i++) {
    const UnparkLaneWish *wish = &g_array_index(cache->wanted, UnparkLaneWish, i);
    const Entry *entry = g_hash_table_lookup(cache->entries, &wish->key);
    if (!entry || entry->data.stale ||
        !covers(entry->data.from_ns, entry->data.to_ns, entry->data.resolution_ns, cache))
      g_array_append_val(keys, wish->key);
  }
  return keys;
}

static GArray *missing_tracks(UnparkLaneCache *cache) {
  GArray *keys = g_array_new(FALSE, FALSE, sizeof(UnparkTrackKey));
  for (guint i = 0; i < cache->wanted->len && keys->len < MAX_KEYS_PER_JOB; i++) {
    const UnparkLaneWish *wish = &g_array_index(cache->wanted, UnparkLaneWish, i);
    const Entry *entry = g_hash_table_lookup(cache->entries, &wish->key);
    const UnparkTrackKey key = {wish->key, wish->stacks};
    if (wish->tracks && entry &&
        (entry->data.tracks_stale || entry->data.tracks_resolution_ns == 0 ||
         (wish->stacks && !entry->data.tracks_stacks) ||
         !covers(entry->data.tracks_from_ns, entry->data.tracks_to_ns,
                 entry->data.tracks_resolution_ns, cache)))
      g_array_append_val(keys, key);
  }
  return keys;
}

static void start(UnparkLaneCache *cache) {
  if (!cache->store)
    return;
  g_autoptr(GArray) keys = missing_lanes(cache);
  gboolean tracks = keys->len == 0;
  if (tracks) {
    g_array_unref(keys);
    keys = missing_tracks(cache);
  }
  if (keys->len == 0)
    return;
  double length = cache->to_ns - cache->from_ns;
  gint64 first = unpark_store_source(cache->store)->start_ns;
  gint64 end = unpark_store_source(cache->store)->end_ns;
  Job *job = g_new0(Job, 1);
  job->store = unpark_store_ref(cache->store);
  job->keys = g_array_ref(keys);
  job->tracks = tracks;
  job->from_ns = (gint64)MAX(cache->from_ns - length * 0.75, (double)first);
  job->to_ns = (gint64)MIN(ceil(cache->to_ns + length * 0.75), (double)MAX(end, 1));
  job->resolution_ns = (gint64)1 << (int)CLAMP(floor(log2(MAX(cache->ns_per_px, 1))), 0, 50);
  cache->job = job;
  unpark_worker_run(&cache->worker, cache, &fetching, job);
}

void unpark_lane_cache_want(UnparkLaneCache *cache, const UnparkLaneWish *wishes, guint n,
                            double from_ns, double to_ns, double ns_per_px) {
  g_array_set_size(cache->wanted, 0);
  g_array_append_vals(cache->wanted, wishes, n);
  cache->from_ns = from_ns;
  cache->to_ns = to_ns;
  cache->ns_per_px = ns_per_px;
  if (!cache->store)
    return;
  /* What is under way is let go only if its result would not fit the view any more, or if states
   * would wait for it. */
  g_autoptr(GArray) lanes = missing_lanes(cache);
  if (cache->job && !(cache->job->tracks && lanes->len > 0) &&
      covers(cache->job->from_ns, cache->job->to_ns, cache->job->resolution_ns, cache))
    return;
  cancel_job(cache);
  start(cache);
}
