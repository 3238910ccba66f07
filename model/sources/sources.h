/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files that are read as one: each in a store of its own, all on one axis of time.
 *
 * The axis begins where the earliest file that knows its time begins. A time of a store is one of
 * the axis when the file's offset is added; a file that does not say when it was recorded begins
 * with the axis. Durations are never changed.
 *
 *   sources = unpark_sources_new();
 *   unpark_sources_add(sources, store, "gateway.trace");
 *   unpark_sources_add(sources, other, "order.trace");
 *   unpark_sources_align(sources, &error);
 *
 * Built by one thread (worker); once aligned it does not change and any thread may read it, and
 * take references to it.
 */
#pragma once

#include "model/store/store.h"

typedef struct _UnparkSources UnparkSources;

/* What a file's place on the axis is known by, from the least certain to the most. */
typedef enum {
  UNPARK_SOURCES_CLOCK_NONE,      /* nothing */
  UNPARK_SOURCES_CLOCK_START,     /* the Unix time at which it began, said once */
  UNPARK_SOURCES_CLOCK_WALL,      /* the time of day, read while it was recorded */
  UNPARK_SOURCES_CLOCK_MONOTONIC, /* the monotonic clock of the host, with other processes there */
  UNPARK_SOURCES_CLOCK_SPANS,     /* unpark_sources_place(): the spans whose ids it logs */
  UNPARK_SOURCES_CLOCK_HAND,      /* unpark_sources_move() */
} UnparkSourcesClock;

/* "none", "start", "wall", "monotonic", "spans", "hand": process_source.certainty. */
const char *unpark_sources_clock_name(UnparkSourcesClock clock);

typedef struct {
  gint64 id; /* from 1, in the order in which they were added */
  UnparkStore *store;
  const char *path; /* as the user named it */
  gint64 offset_ns;
  gint64 add_ns; /* of it, what is to be added to the times of `store`: of a store that is shifted
                    (unpark_store_shift()), less */
  UnparkSourcesClock clock;
} UnparkSourceEntry;

UnparkSources *unpark_sources_new(void);
/* Of a single store, whose times are not moved. */
UnparkSources *unpark_sources_of(UnparkStore *store);
UnparkSources *unpark_sources_ref(UnparkSources *sources);
void unpark_sources_unref(UnparkSources *sources);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSources, unpark_sources_unref)

/* Keeps a reference to the store and copies the path. */
void unpark_sources_add(UnparkSources *sources, UnparkStore *store, const char *path);

/* Before aligning: file number `index`, from 0, is to be later by `ns` than its clock says. */
void unpark_sources_move(UnparkSources *sources, guint index, gint64 ns);

/* Finds the offsets. Worker. FALSE: a store is damaged, or the disk failed. */
gboolean unpark_sources_align(UnparkSources *sources, GError **error);

/* After aligning: file number `index`, which says nothing of its time, is at `offset_ns`, where the
 * spans are that it served. */
void unpark_sources_place(UnparkSources *sources, guint index, gint64 offset_ns);

/* After aligning: every store in which something is to be added to times is replaced by the same
 * one shifted, so that times of all stores are those of the axis. Worker. FALSE: a store cannot be
 * opened again. */
gboolean unpark_sources_settle(UnparkSources *sources, GError **error);

/* Owned by `sources`. */
const UnparkSourceEntry *unpark_sources_entries(const UnparkSources *sources, guint *n);

/* What a single store is: number 1, not moved. It borrows from the store. */
UnparkSourceEntry unpark_sources_single(UnparkStore *store);

/* Made once, when it is first asked for, and owned by `sources`: what all the stores say together.
 * There is one of it. Any thread; a failure is tried again the next time. */
gpointer unpark_sources_attachment(UnparkSources *sources,
                                   gpointer (*make)(UnparkSources *, GError **),
                                   GDestroyNotify destroy, GError **error);
