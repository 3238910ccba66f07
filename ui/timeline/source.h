/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the rows of the timeline come from: built in a worker whenever the store, what passes the
 * filter, the order or what is open changes. What was being built for an earlier wish is dropped.
 *
 * A plain struct within the timeline. Main thread only.
 */
#pragma once

#include "model/filter/filter.h"
#include "ui/kit/worker.h"
#include "ui/lanes/series.h"
#include "ui/session/session.h"
#include "ui/timeline/opened.h"

/* What is different from before. */
typedef struct {
  const UnparkRows *before; /* the rows until now; NULL: these are the first */
  gboolean series, filter;  /* there are others */
} UnparkTimelineChange;

typedef struct {
  gpointer owner;         /* borrowed */
  UnparkSession *session; /* borrowed; NULL once stopped */
  /* The rows have come; with `error` set none have, and the ones before are kept. */
  void (*built)(gpointer owner, const UnparkTimelineChange *change);

  /* What the rows are built from. */
  UnparkOpenedRowsRows opened;
  GHashTable *pinned; /* set of gint64* goroutine ids */
  UnparkSort sort;
  UnparkLaneHeight lane_height;
  gboolean regions, stacks; /* of every lane, below its states */
  gboolean only_active;     /* list what is there in the visible time */

  gboolean hide_waiting; /* how lanes look: no other rows */

  /* What came of it. */
  UnparkRows *rows;             /* NULL before the first */
  UnparkSeries *series;         /* of the rows' store; NULL before the first */
  UnparkFilterResult *filtered; /* of the rows; NULL: nothing is filtered */
  GArray *task_counts;          /* UnparkTaskCount of tasks that pass; NULL: all do */
  char *error;                  /* why there are no rows; NULL */

  UnparkWorker worker; /* the running build */
} UnparkTimelineSource;

/* With what was chosen in the last run. */
void unpark_timeline_source_init(UnparkTimelineSource *self, gpointer owner,
                                 void (*built)(gpointer owner, const UnparkTimelineChange *change));
/* Nothing is built from here on. */
void unpark_timeline_source_stop(UnparkTimelineSource *self);
void unpark_timeline_source_clear(UnparkTimelineSource *self);

/* While the filter runs, nothing: it is to be called again when that is ready. */
void unpark_timeline_source_rebuild(UnparkTimelineSource *self);
/* The rows are not yet those of the session's filter. */
gboolean unpark_timeline_source_is_filtering(const UnparkTimelineSource *self);
