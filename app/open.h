/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a name to an open store: what both programs do when a file is opened.
 *
 *   an Unpark store           opened as it is
 *   an ordinary file          the cached store of its identity, or an import into the cache
 *   "-", a pipe, a device     an import into a temporary store, removed afterwards
 *
 * Where the cache folder cannot be used the import goes to a temporary store in the
 * folder for temporary files, and `warning` says so. Worker.
 */
#pragma once

#include "importers/registry/registry.h"
#include "model/store/store.h"

typedef struct {
  gboolean live;         /* let others look into the store while the import runs */
  gboolean no_cache;     /* import again, and keep nothing */
  const char *cache_dir; /* NULL: the user's cache */
  guint64 cache_size;    /* bytes; 0: $UNPARK_CACHE_SIZE or the default */
} UnparkOpenOptions;

typedef struct _UnparkOpened UnparkOpened;

/* `options` and `progress` may be NULL. Errors: those of unpark_import() and
 * unpark_store_open(). */
UnparkOpened *unpark_open(const char *path, const UnparkOpenOptions *options,
                          UnparkProgress *progress, GCancellable *cancellable, GError **error);

/* Lets go of the cached store, or removes the temporary one: only when every reference to
 * the store is given back (its queries open the file again by name). */
void unpark_opened_free(UnparkOpened *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkOpened, unpark_opened_free)

UnparkStore *unpark_opened_store(UnparkOpened *opened); /* owned by `opened` */
/* What is not as it should be with the cache, for people; NULL: nothing. */
const char *unpark_opened_warning(const UnparkOpened *opened);
