/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans that a view has marked, for the timeline to show: those of some length, say. They go with
 * the session; "marks-changed" tells when there are others. Main thread only, but for
 * unpark_marked_new(). */
#pragma once

#include "ui/session/session.h"

typedef struct {
  gint64 goroutine; /* UNPARK_NONE: of none */
  gint64 start_ns, end_ns;
} UnparkMarkedSpan;

/* Immutable; atomically reference-counted. */
typedef struct {
  UnparkMarkedSpan *spans; /* by goroutine, then by start */
  gint64 *starts;          /* of all, ascending */
  guint n;
} UnparkMarked;

/* Any thread; sorts. `spans` is copied. */
UnparkMarked *unpark_marked_new(const UnparkMarkedSpan *spans, guint n);
UnparkMarked *unpark_marked_ref(UnparkMarked *marked);
void unpark_marked_unref(UnparkMarked *marked);

/* Any thread. Those of a goroutine from the one before `from_ns` on; NULL and *n 0: none. */
const UnparkMarkedSpan *unpark_marked_of(const UnparkMarked *marked, gint64 goroutine,
                                         gint64 from_ns, guint *n);
/* Any thread. The first start at `from_ns` or later; `n` if there is none. */
guint unpark_marked_find_start(const UnparkMarked *marked, gint64 from_ns);

/* Shows them instead of those before; NULL: none. Takes a reference of its own. */
void unpark_marked_show(UnparkSession *session, UnparkMarked *marked);
/* Owned by the session; NULL: nothing is marked. */
const UnparkMarked *unpark_marked_get(UnparkSession *session);
