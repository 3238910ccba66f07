/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/open.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "model/base/error.h"
#include "model/store/cache.h"
#include "model/store/verify.h"

struct _UnparkOpened {
  UnparkStore *store;
  UnparkCacheLease *lease; /* a store of the cache */
  UnparkCacheSlot *slot;   /* a temporary store in the cache's folder */
  char *temp_dir;          /* a temporary store elsewhere */
  char *warning;
};

/* One call of unpark_open(). */
typedef struct {
  const char *path;
  const UnparkOpenOptions *options;
  UnparkProgress *progress;
  GCancellable *cancellable;
  UnparkCache *cache; /* NULL: cannot be used */
  UnparkOpened *opened;
} Opening;

void unpark_opened_free(UnparkOpened *opened) {
  if (!opened)
    return;
  gboolean damaged = opened->store && unpark_store_is_damaged(opened->store);
  g_clear_pointer(&opened->store, unpark_store_unref);
  if (opened->lease && damaged)
    unpark_cache_lease_discard(opened->lease);
  unpark_cache_lease_free(opened->lease);
  unpark_cache_slot_free(opened->slot);
  if (opened->temp_dir) {
    g_autofree char *store = g_build_filename(opened->temp_dir, "temporary.unpark", NULL);

    g_unlink(store);
    g_rmdir(opened->temp_dir);
  }
  g_free(opened->temp_dir);
  g_free(opened->warning);
  g_free(opened);
}

UnparkStore *unpark_opened_store(UnparkOpened *opened) {
  return opened->store;
}

const char *unpark_opened_warning(const UnparkOpened *opened) {
  return opened->warning;
}

static void warn(Opening *o, const GError *reason) {
  if (!o->opened->warning)
    o->opened->warning =
        g_strdup_printf(_("%s%s The file is imported to a temporary folder, and again next time."),
                        reason->message, g_str_has_suffix(reason->message, ".") ? "" : ".");
}

static void open_cache(Opening *o) {
  guint64 size = o->options->cache_size;
  g_autoptr(GError) error = NULL;

  if (size == 0)
    size = unpark_cache_size_setting(UNPARK_CACHE_DEFAULT_SIZE);
  o->cache = unpark_cache_open(o->options->cache_dir, size, &error);
  if (!o->cache)
    warn(o, error);
}

/* Imports to `store_path`; when the disk is full, once more after emptying the cache. */
static gboolean import(Opening *o, const char *store_path, GError **error) {
  g_autoptr(GError) failure = NULL;

  if (unpark_import(o->path, store_path, o->options->live, o->progress, o->cancellable, &failure))
    return TRUE;
  if (o->cache && strcmp(o->path, "-") != 0 &&
      g_error_matches(failure, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE) &&
      unpark_cache_trim(o->cache, 0) > 0)
    return unpark_import(o->path, store_path, o->options->live, o->progress, o->cancellable, error);
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean open_temporary(Opening *o, GError **error) {
  g_autofree char *path = NULL;

  if (o->cache)
    o->opened->slot = unpark_cache_slot_new(o->cache, NULL);
  if (o->opened->slot) {
    path = g_strdup(unpark_cache_slot_path(o->opened->slot));
  } else {
    o->opened->temp_dir = g_dir_make_tmp("unpark-XXXXXX", error);
    if (!o->opened->temp_dir)
      return FALSE;
    path = g_build_filename(o->opened->temp_dir, "temporary.unpark", NULL);
  }
  if (!import(o, path, error))
    return FALSE;
  o->opened->store = unpark_store_open(path, error);
  return o->opened->store != NULL;
}

/* The cached store, if there is one that can be used. What is damaged is imported again. */
static gboolean open_hit(Opening *o) {
  const char *path = unpark_cache_lease_path(o->opened->lease);

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return FALSE;
  o->opened->store = unpark_store_open(path, NULL);
  if (o->opened->store && !unpark_cache_lease_is_unchanged(o->opened->lease)) {
    if (unpark_store_verify(o->opened->store, o->cancellable, NULL))
      unpark_cache_lease_stamp(o->opened->lease);
    else
      g_clear_pointer(&o->opened->store, unpark_store_unref);
  }
  return o->opened->store != NULL;
}

/* Imports into the cache. FALSE without `error`: the cache cannot take it. */
static gboolean open_miss(Opening *o, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(UnparkCacheSlot) slot = NULL;
  const char *path = unpark_cache_lease_path(o->opened->lease);

  if (g_file_test(path, G_FILE_TEST_EXISTS) && !unpark_cache_lease_discard(o->opened->lease))
    return FALSE;
  slot = unpark_cache_slot_new(o->cache, &failure);
  if (!slot) {
    warn(o, failure);
    return FALSE;
  }
  if (!import(o, unpark_cache_slot_path(slot), error))
    return FALSE;
  if (!unpark_cache_slot_publish(slot, o->opened->lease, &failure)) {
    warn(o, failure);
    path = unpark_cache_slot_path(slot);
  }
  o->opened->store = unpark_store_open(path, error);
  if (failure)
    o->opened->slot = g_steal_pointer(&slot);
  return o->opened->store != NULL;
}

/* FALSE without `error`: not by way of the cache. */
static gboolean open_cached(Opening *o, GError **error) {
  g_autofree char *key = NULL;
  g_autoptr(GError) failure = NULL;

  if (!o->cache || unpark_cache_max_bytes(o->cache) == 0 || o->options->no_cache)
    return FALSE;
  key = unpark_cache_key(o->path, &failure);
  if (key)
    o->opened->lease = unpark_cache_lease(o->cache, key, &failure);
  if (!o->opened->lease) {
    warn(o, failure);
    return FALSE;
  }
  if (open_hit(o))
    return TRUE;
  if (!open_miss(o, error))
    return FALSE;
  if (!o->opened->slot)
    unpark_cache_lease_stamp(o->opened->lease);
  unpark_cache_trim(o->cache, unpark_cache_max_bytes(o->cache));
  return TRUE;
}

static gboolean open_any(Opening *o, GError **error) {
  g_autoptr(GError) failure = NULL;
  struct stat st;
  gboolean regular = strcmp(o->path, "-") != 0 && stat(o->path, &st) == 0 && S_ISREG(st.st_mode);

  if (regular && unpark_store_is_store_file(o->path)) {
    o->opened->store = unpark_store_open(o->path, error);
    return o->opened->store != NULL;
  }
  open_cache(o);
  if (regular && open_cached(o, &failure))
    return TRUE;
  if (g_error_matches(failure, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE)) {
    /* Temporary files may lie on another disk. */
    warn(o, failure);
    g_clear_pointer(&o->cache, unpark_cache_free);
    g_clear_error(&failure);
  }
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return open_temporary(o, error);
}

UnparkOpened *unpark_open(const char *path, const UnparkOpenOptions *options,
                          UnparkProgress *progress, GCancellable *cancellable, GError **error) {
  static const UnparkOpenOptions defaults = {0};
  g_autoptr(UnparkOpened) opened = g_new0(UnparkOpened, 1);
  /* The name outlives the working directory: it is kept in the store. */
  g_autofree char *full =
      strcmp(path, "-") == 0 ? g_strdup(path) : g_canonicalize_filename(path, NULL);
  Opening o = {
      .path = full,
      .options = options ? options : &defaults,
      .progress = progress,
      .cancellable = cancellable,
      .opened = opened,
  };
  gboolean ok = open_any(&o, error);

  unpark_cache_free(o.cache);
  return ok ? g_steal_pointer(&opened) : NULL;
}
