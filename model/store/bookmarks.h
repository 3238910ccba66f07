/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places in a trace that the user marked, with a note: rows of the store's table `bookmark`.
 *
 * The only thing that is ever written into a finished store. Each call opens a short connection of
 * its own, so that every other connection can stay read-only; another program that has the store
 * open goes on reading. Worker functions all. Errors: UNPARK_ERROR_STORE, with the reason (the
 * file is write-protected, the disk is full).
 */
#pragma once

#include <gio/gio.h>

#include "model/store/store.h"

typedef struct {
  gint64 id; /* 0: not written yet */
  gint64 time_ns;
  gint64 goroutine; /* UNPARK_NONE: of the time alone */
  char *note;       /* never NULL */
} UnparkBookmark;

UnparkBookmark *unpark_bookmark_copy(const UnparkBookmark *bookmark);
void unpark_bookmark_free(UnparkBookmark *bookmark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkBookmark, unpark_bookmark_free)

/* FALSE while an import still writes the store: only its importer may. Any thread. */
gboolean unpark_bookmarks_can_write(UnparkStore *store);

/* All of them, ascending by time; an array of UnparkBookmark that owns them. */
GPtrArray *unpark_bookmarks_read(UnparkStore *store, GError **error);
/* Writes a new one (id 0; *id tells its number) or the changed one of that id. One that was removed
 * comes back with the id it had. */
gboolean unpark_bookmarks_write(UnparkStore *store, const UnparkBookmark *bookmark, gint64 *id,
                                GError **error);
gboolean unpark_bookmarks_remove(UnparkStore *store, gint64 id, GError **error);

/* Copies the whole store, bookmarks and all, to `path`: a file of its own that needs neither the
 * source nor the cache. It appears complete or not at all; a file that was there is replaced.
 * Errors also: G_IO_ERROR_CANCELLED. */
gboolean unpark_store_save_as(UnparkStore *store, const char *path, GCancellable *cancellable,
                              GError **error);
