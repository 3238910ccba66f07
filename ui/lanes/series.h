/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runtime's own story: collector phases, stop-the-world, heap and goal, GOMAXPROCS.
 * Read once from the store in a worker; afterwards immutable, any thread. Who reads those of one
 * store while somebody has them gets the same ones. */
#pragma once

#include "model/base/id-set.h"
#include "model/lanes/tracks.h"
#include "model/store/store.h"
#include "ui/lanes/lane-raster.h"

/* How many tasks of a name are under way. */
typedef struct {
  guint32 name_id;
  GArray *samples; /* of UnparkSample */
  double top;
} UnparkTaskCount;

typedef struct {
  gatomicrefcount refs;
  UnparkStore *store;
  GArray *heap, *goal, *gomaxprocs; /* of UnparkSample, ascending */
  GArray *gc, *stw;                 /* of UnparkStretch, ascending */
  GArray *task_counts;              /* of UnparkTaskCount */
  UnparkTrackIndex *tracks;
  double top_bytes;              /* largest of heap and goal */
  double top_procs, least_procs; /* equal: it never changed */
} UnparkSeries;

/* Worker; waits if another one reads the same. NULL with `error`. */
UnparkSeries *unpark_series_read(UnparkStore *store, GCancellable *cancellable, GError **error);
UnparkSeries *unpark_series_ref(UnparkSeries *series);
void unpark_series_unref(UnparkSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSeries, unpark_series_unref)

/* How many tasks of each name were under way, of those in `passing` (NULL: of all).
 * UnparkTaskCount; unref it. Any thread; sorts all their beginnings and ends. */
GArray *unpark_task_counts_new(const UnparkTrackIndex *tracks, const UnparkIdSet *passing);
/* NULL if there is no task of that name. */
const UnparkTaskCount *unpark_task_counts_of(const GArray *counts, guint32 name_id);
/* What samples, each valid until the next, were in a time. */
typedef struct {
  double least, most, mean; /* the mean by time */
  gint64 least_ns, most_ns; /* when it was so first */
  guint n;                  /* samples in that time */
} UnparkSeriesStats;
/* FALSE if nothing is known of that time. */
gboolean unpark_series_stats(const GArray *samples, gint64 from_ns, gint64 to_ns,
                             UnparkSeriesStats *stats);
/* The collection that ended last before `ns`; NULL: there is none. */
const UnparkStretch *unpark_series_last_gc(const UnparkSeries *series, gint64 ns);
/* The place of the first sample after `ns`; their number if there is none. */
guint unpark_series_after(const GArray *samples, gint64 ns);
/* The last value at `ns`; FALSE if there is none yet. */
gboolean unpark_series_at(const GArray *samples, gint64 ns, double *value);
