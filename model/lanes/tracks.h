/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn below and upon the states of a lane: regions, logs, CPU samples, stacks, and what
 * the runtime had it do. */
#pragma once

#include "model/store/store.h"

/* ---- what there is, once for a store --------------------------------------------------- */

typedef struct {
  gint64 id, parent, goroutine; /* parent, goroutine: UNPARK_NONE */
  gint64 start_ns, end_ns;      /* clipped to the trace */
  gint64 row;                   /* of UNPARK_TABLE_TASK */
  guint32 name_id;
  guint32 n_regions;
  const char *name; /* lives as long as the store, as those below */
} UnparkTask;

/* It never changes; any thread. */
typedef struct {
  gatomicrefcount refs;
  /* How deep regions of a goroutine are nested, 0: it has none; in the order of
   * unpark_store_goroutines(). */
  guint8 *region_levels;
  guint n_goroutines;
  UnparkTask *tasks; /* ascending by id */
  guint n_tasks;
  /* Goroutines that take part in a task: with a region or a log of it. Those of tasks[i], without
   * the one that began it: members[first_member[i]] up to members[first_member[i + 1]],
   * ascending. NULL if there are no tasks. */
  guint32 *first_member;
  gint64 *members;
} UnparkTrackIndex;

/* Worker. Of a live store it is empty: reading everything again at every look would slow the
 * import. */
UnparkTrackIndex *unpark_track_index_read(UnparkStore *store, GCancellable *cancellable,
                                          GError **error);
UnparkTrackIndex *unpark_track_index_ref(UnparkTrackIndex *index);
void unpark_track_index_unref(UnparkTrackIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTrackIndex, unpark_track_index_unref)
/* NULL if there is none of that id. */
const UnparkTask *unpark_track_index_task(const UnparkTrackIndex *index, gint64 id);

/* ---- tracks of lanes ---------------------------------------------------------------------- */

/* Regions deeper than so many levels are not drawn. */
#define UNPARK_TRACK_LEVELS 6
/* Stacks show so many of the innermost frames of one's own code. */
#define UNPARK_STACK_LEVELS 5

typedef struct {
  gint64 start_ns, end_ns;
  gint64 row;       /* of UNPARK_TABLE_REGION or UNPARK_TABLE_RANGE; UNPARK_NONE for frames */
  const char *name; /* region, or function; of the longest if count > 1 */
  guint32 name_id;
  guint32 count; /* so many in a place where only one can be seen */
  guint8 level;  /* 0: outermost */
} UnparkTrackSpan;

typedef enum { UNPARK_MARK_LOG, UNPARK_MARK_SAMPLE } UnparkMarkType;

typedef struct {
  gint64 time_ns;
  gint64 row;       /* of UNPARK_TABLE_LOG or UNPARK_TABLE_CPU_SAMPLE */
  const char *text; /* message; NULL of a sample */
  guint32 stack_id; /* of a sample */
  guint32 count;
  guint8 type; /* UnparkMarkType */
} UnparkMark;

typedef struct {
  UnparkLaneKey key;        /* GOROUTINE, TASK or PROC */
  UnparkTrackSpan *regions; /* ascending by level, then start */
  guint n_regions;
  UnparkMark *marks; /* ascending by time */
  guint n_marks;
  UnparkTrackSpan *frames; /* like regions; level 0 is the outermost shown */
  guint n_frames;
  /* Ranges of this goroutine (mark assists) or processor (sweeps), all of level 0; without those
   * that stop the world, which have a lane of their own. */
  UnparkTrackSpan *ranges;
  guint n_ranges;
} UnparkLaneTracks;

typedef struct {
  UnparkLaneKey key;
  gboolean stacks; /* frames are wanted */
} UnparkTrackKey;

/* Worker. Things shorter than the resolution share one entry with their neighbours. The result
 * is an array of n_keys; lanes of other types than GOROUTINE, TASK and PROC stay empty. */
UnparkLaneTracks *unpark_store_tracks(UnparkStore *store, const UnparkTrackKey *keys, guint n_keys,
                                      gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                      GCancellable *cancellable, GError **error);
void unpark_lane_tracks_free(UnparkLaneTracks *tracks, guint n);
/* Frees what one of them holds. */
void unpark_lane_tracks_clear(UnparkLaneTracks *tracks);
