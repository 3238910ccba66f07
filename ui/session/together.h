/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of one tab: a session for each, all on one axis of time.
 *
 * Every file keeps a session of its own, so that a view of one file knows nothing of the others:
 * its store is shifted, and the times of its session are those of the axis. What is about all of
 * them is shared here: the visible and the selected time, the filter, which of them one looks at,
 * and that only one thing is picked. Main thread only.
 */
#pragma once

#include "ui/session/session.h"

#define UNPARK_TYPE_TOGETHER (unpark_together_get_type())
G_DECLARE_FINAL_TYPE(UnparkTogether, unpark_together, UNPARK, TOGETHER, GObject)

/* Signals: "changed" (other files, or other offsets), "current-changed". */
UnparkTogether *unpark_together_new(void);

/* Stores whose times are those of the axis (unpark_sources_settle()), and a session for each, in
 * the same order. What is visible stays in its place in the first file. */
void unpark_together_set(UnparkTogether *self, UnparkSources *sources,
                         UnparkSession *const *sessions);

/* NULL: the session's file is open alone. Not owned. */
UnparkTogether *unpark_together_of(UnparkSession *session);
guint unpark_together_get_n(UnparkTogether *self);
/* Owned by `self`. */
UnparkSession *unpark_together_get_session(UnparkTogether *self, guint index);
UnparkSources *unpark_together_get_sources(UnparkTogether *self);
/* -1: it is of another group. */
int unpark_together_find(UnparkTogether *self, UnparkSession *session);

/* The file that views of a single one are about. It follows what is picked and revealed. */
guint unpark_together_get_current(UnparkTogether *self);
void unpark_together_set_current(UnparkTogether *self, guint index);

/* The ends of the axis: of all files. */
gint64 unpark_together_get_start(UnparkTogether *self);
gint64 unpark_together_get_end(UnparkTogether *self);
