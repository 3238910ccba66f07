/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data races of a report, each with both accesses.
 *
 * Plain structs, immutable once made: any thread may read them. Texts belong to the store, which
 * the list keeps alive.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  const char *kind; /* "read", "write", "atomic read", "atomic write"; "" if it is not told */
  gint64 goroutine; /* UNPARK_NONE: not told; 1 is the main goroutine */
  guint32 stack;    /* where it was; 0: could not be restored */
  guint32 create_stack;
  /* The innermost frame that is the user's own; else the innermost one. "" without a stack. */
  const char *function, *file;
  guint32 line;
} UnparkRaceAccess;

typedef struct {
  gint64 id; /* as they stand in the report, from 1 */
  gboolean has_address;
  guint64 address;
  UnparkRaceAccess now, previous;
} UnparkRace;

/* Atomically reference-counted. */
typedef struct {
  UnparkStore *store;
  UnparkRace *races; /* in the report's order */
  guint n_races;
} UnparkRaceList;

/* Any thread. Whether the source is a race report. */
gboolean unpark_race_exists(UnparkStore *store);

/* Worker. `is_own`: whether a function is the user's own, neither runtime nor standard library.
 * NULL with an error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkRaceList *unpark_race_list_new(UnparkStore *store, gboolean (*is_own)(const char *function),
                                     GCancellable *cancellable, GError **error);
UnparkRaceList *unpark_race_list_ref(UnparkRaceList *list);
void unpark_race_list_unref(UnparkRaceList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRaceList, unpark_race_list_unref)

/* Worker. By race: 1 if each word of the text is in a kind of access, in a function or file of its
 * four stacks (the innermost UNPARK_RACE_FRAMES frames), or is its address ("0xc00001c078") or a
 * goroutine ("13", "G13"); any letter case. Free with g_free(); NULL only when cancelled. */
#define UNPARK_RACE_FRAMES 200
guint8 *unpark_race_list_match(UnparkRaceList *list, const char *text, GCancellable *cancellable,
                               GError **error);
