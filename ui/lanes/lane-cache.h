/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the lanes on screen, and the fetching of the rest in workers.
 *
 * Data of a lane cover more time than was asked for, at a resolution of a power of two, so that
 * pans and small zooms need nothing new. Old data stay until newer come; a result that arrives
 * after the store or the wish has changed is dropped. Main thread only.
 */
#pragma once

#include "model/lanes/tracks.h"
#include "model/store/store.h"

typedef struct {
  UnparkLaneItems lane;
  gint64 from_ns, to_ns;
  gint64 resolution_ns;
  double peak;    /* most goroutines at once seen so far at this zoom; 1 for lanes of one */
  double active;  /* the same of those that did not wait */
  guint serial;   /* another one for other data */
  gboolean stale; /* of an earlier store */

  /* Regions, logs, samples, stacks: they come after the states. */
  UnparkLaneTracks tracks;
  gint64 tracks_from_ns, tracks_to_ns, tracks_resolution_ns; /* 0: none yet */
  gboolean tracks_stacks, tracks_stale;
} UnparkLaneData;

/* One lane that is wanted. */
typedef struct {
  UnparkLaneKey key;
  gboolean tracks; /* what lies below and upon its states too */
  gboolean stacks;
} UnparkLaneWish;

typedef struct _UnparkLaneCache UnparkLaneCache;

/* `changed` is called when data have come. */
UnparkLaneCache *unpark_lane_cache_new(void (*changed)(gpointer data), gpointer data);
void unpark_lane_cache_free(UnparkLaneCache *cache);

void unpark_lane_cache_set_store(UnparkLaneCache *cache, UnparkStore *store);

/* NULL if nothing is known of it. Valid until the main loop runs. */
const UnparkLaneData *unpark_lane_cache_get(UnparkLaneCache *cache, const UnparkLaneKey *key);

/* What is on screen now, the most important first; at `ns_per_px` for a device pixel. Starts
 * fetching what is missing. Call it whenever that changes. */
void unpark_lane_cache_want(UnparkLaneCache *cache, const UnparkLaneWish *wishes, guint n,
                            double from_ns, double to_ns, double ns_per_px);
/* TRUE while something is being fetched. */
gboolean unpark_lane_cache_is_busy(UnparkLaneCache *cache);
