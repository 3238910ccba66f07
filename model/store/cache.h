/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of files that were opened before, so that opening them again is immediate.
 *
 * One folder, $XDG_CACHE_HOME/unpark/stores, shared by every process of the user:
 *
 *   KEY.unpark          a complete store; KEY tells the source file's identity
 *   KEY.lock            locked (shared) by whoever uses the store; its time is the last use, its
 *                       text what the store's file looked like when it was last known to be whole
 *   import-NAME.unpark  a store in the making, and the writer's temporary files of that name
 *   import-NAME.lock    locked (exclusive) by the process that makes it
 *
 * Locks are flock(): they go with their process, however it ends, so what a killed
 * process left is found by its lock being free, and removed. Stores appear by rename:
 * two processes that open one file at once both import, and the second uses the
 * first's store. Least recently used stores are removed beyond the size limit, never
 * one that is in use.
 *
 * Worker functions all (they touch the disk), any thread; an object is used by one
 * thread at a time. Errors: G_FILE_ERROR with the folder's or file's name.
 */
#pragma once

#include <gio/gio.h>

#define UNPARK_CACHE_DEFAULT_SIZE (G_GUINT64_CONSTANT(8) << 30)

typedef struct _UnparkCache UnparkCache;
typedef struct _UnparkCacheLease UnparkCacheLease;
typedef struct _UnparkCacheSlot UnparkCacheSlot;

/* $XDG_CACHE_HOME/unpark/stores, where that is an absolute path, else ~/.cache/unpark/stores; free
 * with g_free(). */
char *unpark_cache_default_dir(void);

/* "4G", "500M", "1000000" (bytes; K, M, G, T are powers of 1024). FALSE: not a size. */
gboolean unpark_cache_parse_size(const char *text, guint64 *bytes);

/* $UNPARK_CACHE_SIZE where it is a size, else `fallback`. 0 means: keep nothing. */
guint64 unpark_cache_size_setting(guint64 fallback);

/* Creates the folder where needed and removes what killed processes left. Fails if
 * nothing can be written there, or if others may write there, too. `dir` NULL: the default. */
UnparkCache *unpark_cache_open(const char *dir, guint64 max_bytes, GError **error);
void unpark_cache_free(UnparkCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkCache, unpark_cache_free)

/* A sum over the sources that decide what a store holds; made by the build. */
extern const char unpark_cache_build[];

/* Identity of the regular file at `path`: where it is, size, times of its content and of its
 * change, inode, and what wrote the store: schema, version and build of this program. NULL with an
 * error if there is no such regular file. */
char *unpark_cache_key(const char *path, GError **error);

/* ---- Using a store ------------------------------------------------------------ */

/* Marks the place of `key`'s store as in use (now the most recently used), whether the
 * store exists or not. Hold it while the store is open. */
UnparkCacheLease *unpark_cache_lease(UnparkCache *cache, const char *key, GError **error);
const char *unpark_cache_lease_path(const UnparkCacheLease *lease);
void unpark_cache_lease_free(UnparkCacheLease *lease);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkCacheLease, unpark_cache_lease_free)

/* Notes size and times of the store's file, which is whole; and whether they still are the same.
 * Where they are not, it was written to (a bookmark, or damage): look at every block. */
void unpark_cache_lease_stamp(UnparkCacheLease *lease);
gboolean unpark_cache_lease_is_unchanged(const UnparkCacheLease *lease);

/* The store cannot be used: removes it. FALSE if somebody else has it in use. */
gboolean unpark_cache_lease_discard(UnparkCacheLease *lease);

/* ---- Making a store ------------------------------------------------------------ */

/* A name for a store in the making that no other process takes. */
UnparkCacheSlot *unpark_cache_slot_new(UnparkCache *cache, GError **error);
const char *unpark_cache_slot_path(const UnparkCacheSlot *slot);

/* Moves the finished store of `slot` to the place of `lease`. Where a store of the same key has
 * appeared meanwhile that one stays, and the slot's is removed: open lease's path next. */
gboolean unpark_cache_slot_publish(UnparkCacheSlot *slot, UnparkCacheLease *lease, GError **error);

/* Removes every file of the slot that was not published. */
void unpark_cache_slot_free(UnparkCacheSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkCacheSlot, unpark_cache_slot_free)

/* ---- Size ------------------------------------------------------------------------ */

/* Removes least recently used stores, none in use, until at most `max_bytes` are left;
 * returns the bytes freed. */
guint64 unpark_cache_trim(UnparkCache *cache, guint64 max_bytes);
/* The bytes of all complete stores. */
guint64 unpark_cache_used(UnparkCache *cache);
/* The limit given to unpark_cache_open(). */
guint64 unpark_cache_max_bytes(const UnparkCache *cache);
