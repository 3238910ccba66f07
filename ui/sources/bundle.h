/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of one tab: opens more beside the first, puts all on one axis of time, moves one by
 * hand, takes one out, and takes that back. All work is done by a worker; while it runs, another
 * wish waits for its end. Main thread only.
 */
#pragma once

#include "ui/session/together.h"
#include "ui/sources/opening.h"

#define UNPARK_TYPE_BUNDLE (unpark_bundle_get_type())
G_DECLARE_FINAL_TYPE(UnparkBundle, unpark_bundle, UNPARK, BUNDLE, GObject)

/* Signals: "changed" (other files, or at other times), "busy-changed", "failed" (message).
 * The first file is open: the session has its store. */
UnparkBundle *unpark_bundle_new(GFile *file, UnparkOpening *opening, UnparkSession *session);

/* One that is there already is left out, and said so. */
void unpark_bundle_add(UnparkBundle *self, GFile *const *files, guint n);
/* The file is to be later by `ns` than its clock says. */
void unpark_bundle_move(UnparkBundle *self, guint index, gint64 ns);
/* The last one stays. */
void unpark_bundle_remove(UnparkBundle *self, guint index);
gboolean unpark_bundle_can_undo(UnparkBundle *self);
/* Back to what was before the last change. */
void unpark_bundle_undo(UnparkBundle *self);
void unpark_bundle_cancel(UnparkBundle *self);

gboolean unpark_bundle_is_busy(UnparkBundle *self);
/* The name of the file that is being opened; NULL: none is. */
const char *unpark_bundle_get_opening(UnparkBundle *self);

guint unpark_bundle_get_n(UnparkBundle *self);
GFile *unpark_bundle_get_file(UnparkBundle *self, guint index);
/* The last part of the file's path. */
const char *unpark_bundle_get_name(UnparkBundle *self, guint index);
gint64 unpark_bundle_get_move(UnparkBundle *self, guint index);
UnparkSession *unpark_bundle_get_session(UnparkBundle *self, guint index);
UnparkTogether *unpark_bundle_get_together(UnparkBundle *self);
