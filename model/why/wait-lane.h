/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking along one goroutine's spans, at any place of a store of any size. Model's own files
 * only; worker; a walker is used by one thread. */
#pragma once

#include "model/store/decode.h"

typedef struct {
  UnparkStore *store;
  GCancellable *cancellable;
  const UnparkBlockList *list;
  gint64 *time_max;       /* by block: greatest time_max up to and with it */
  UnparkDecoded *decoded; /* of `block`; NULL: none yet */
  guint block;
} UnparkWalker;

/* A span and where it is. */
typedef struct {
  UnparkSpan span;
  guint block, row;
} UnparkSpot;

typedef enum {
  UNPARK_WALK_FAILED, /* *error is set */
  UNPARK_WALK_NONE,
  UNPARK_WALK_FOUND,
} UnparkWalk;

void unpark_walker_init(UnparkWalker *walker, UnparkStore *store, GCancellable *cancellable);
void unpark_walker_clear(UnparkWalker *walker);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UnparkWalker, unpark_walker_clear)

/* The last span of the goroutine that starts before `time_ns` (it may also end before it). `near`
 * (may be NULL, may be `spot`): a span of the goroutine that is likely next to it. */
UnparkWalk unpark_walker_before(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                                const UnparkSpot *near, UnparkSpot *spot, GError **error);

/* The span that a person means by that time: the one with start <= time < end, or, where there is
 * none, one that starts or ends at that time. */
UnparkWalk unpark_walker_at(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                            UnparkSpot *spot, GError **error);

/* Every span of the goroutine, in order. */
typedef void (*UnparkSpanFunc)(const UnparkSpan *span, gpointer data);
gboolean unpark_walker_each(UnparkWalker *walker, gint64 goroutine, UnparkSpanFunc each,
                            gpointer data, GError **error);
