/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/store/store.h"

#define STORE_SUFFIX ".unpark"
#define LOCK_SUFFIX ".lock"
#define SLOT_PREFIX "import-"
/* A slot's files without a lock file, of a process killed between two steps. */
#define ORPHAN_AGE_S 3600

struct _UnparkCache {
  char *dir;
  guint64 max_bytes;
};

struct _UnparkCacheLease {
  char *store_path, *lock_path;
  int fd;
};

struct _UnparkCacheSlot {
  char *dir, *name; /* name: "import-NAME" */
  char *store_path, *lock_path;
  int fd;
};

static void set_file_error(GError **error, int code, const char *what, const char *path) {
  g_autofree char *name = g_filename_display_name(path);

  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s %s: %s", what, name,
              g_strerror(code));
}

/* ---- Settings -------------------------------------------------------------------- */

/* A relative $XDG_CACHE_HOME is to be ignored, says its specification; GLib does not. */
char *unpark_cache_default_dir(void) {
  const char *base = g_get_user_cache_dir();

  return g_path_is_absolute(base)
             ? g_build_filename(base, "unpark", "stores", NULL)
             : g_build_filename(g_get_home_dir(), ".cache", "unpark", "stores", NULL);
}

gboolean unpark_cache_parse_size(const char *text, guint64 *bytes) {
  static const char units[] = "KMGT";
  char *end;
  guint64 n, factor = 1;

  if (!g_ascii_isdigit(*text))
    return FALSE;
  errno = 0;
  n = g_ascii_strtoull(text, &end, 10);
  if (errno)
    return FALSE;
  if (*end) {
    const char *unit = strchr(units, g_ascii_toupper(*end));

    if (!unit || !(end[1] == '\0' || g_ascii_strcasecmp(end + 1, "B") == 0 ||
                   g_ascii_strcasecmp(end + 1, "iB") == 0))
      return FALSE;
    factor = G_GUINT64_CONSTANT(1) << (10 * (unit - units + 1));
  }
  return g_uint64_checked_mul(bytes, n, factor);
}

guint64 unpark_cache_size_setting(guint64 fallback) {
  const char *text = g_getenv("UNPARK_CACHE_SIZE");
  guint64 bytes;

  return text && unpark_cache_parse_size(text, &bytes) ? bytes : fallback;
}

/* ---- Locks -------------------------------------------------------------------------- */

/* Opens (creates) and locks `path`. Whoever removes a lock file holds its lock, so a
 * file that is no longer at `path` once we have the lock was removed: try again. -1: errno. */
static int lock_file(const char *path, int operation) {
  for (;;) {
    struct stat ours, there;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int code;

    if (fd < 0)
      return -1;
    while (flock(fd, operation) != 0)
      if (errno != EINTR) {
        code = errno;
        close(fd);
        errno = code;
        return -1;
      }
    if (fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino &&
        ours.st_dev == there.st_dev)
      return fd;
    close(fd);
  }
}

/* ---- The folder ------------------------------------------------------------------------ */

static void remove_slot_files(const char *dir, const char *slot_name) {
  g_autofree char *lock_name = g_strconcat(slot_name, LOCK_SUFFIX, NULL);
  g_autofree char *lock_path = g_build_filename(dir, lock_name, NULL);
  g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
  gsize n = strlen(slot_name);
  const char *name;

  while (listing && (name = g_dir_read_name(listing)))
    if (strncmp(name, slot_name, n) == 0 && name[n] == '.' && strcmp(name, lock_name) != 0) {
      g_autofree char *path = g_build_filename(dir, name, NULL);

      g_unlink(path);
    }
  g_unlink(lock_path);
}

/* `name` is a file of a slot: its lock is free only if its process is gone. */
static void remove_if_stale(const char *dir, const char *name) {
  g_autofree char *slot_name = g_strndup(name, strcspn(name, "."));
  g_autofree char *lock_name = g_strconcat(slot_name, LOCK_SUFFIX, NULL);
  g_autofree char *lock_path = g_build_filename(dir, lock_name, NULL);
  GStatBuf st;
  int fd;

  if (g_stat(lock_path, &st) != 0) {
    g_autofree char *path = g_build_filename(dir, name, NULL);

    if (g_stat(path, &st) == 0 && st.st_mtime + ORPHAN_AGE_S < g_get_real_time() / G_USEC_PER_SEC)
      g_unlink(path);
    return;
  }
  fd = lock_file(lock_path, LOCK_EX | LOCK_NB);
  if (fd < 0)
    return;
  remove_slot_files(dir, slot_name);
  close(fd);
}

static gboolean clean_folder(const char *dir, GError **error) {
  g_autoptr(GDir) listing = g_dir_open(dir, 0, error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;

  if (!listing)
    return FALSE;
  while ((name = g_dir_read_name(listing)))
    if (g_str_has_prefix(name, SLOT_PREFIX))
      g_ptr_array_add(names, g_strdup(name));
  for (guint i = 0; i < names->len; i++)
    remove_if_stale(dir, g_ptr_array_index(names, i));
  return TRUE;
}

/* Another user who may write in the folder could put a store there in the place of ours. */
static gboolean is_private(const char *dir, GError **error) {
  g_autofree char *name = g_filename_display_name(dir);
  struct stat st;

  if (stat(dir, &st) != 0) {
    set_file_error(error, errno, _("Cannot use the cache folder"), dir);
    return FALSE;
  }
  if (st.st_uid == geteuid() && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
    return TRUE;
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM,
              _("The cache folder %s is not used, because other users may write to it"), name);
  return FALSE;
}

UnparkCache *unpark_cache_open(const char *dir, guint64 max_bytes, GError **error) {
  g_autoptr(UnparkCache) cache = g_new0(UnparkCache, 1);

  cache->dir = dir ? g_strdup(dir) : unpark_cache_default_dir();
  cache->max_bytes = max_bytes;
  if (g_mkdir_with_parents(cache->dir, 0700) != 0) {
    set_file_error(error, errno, _("Cannot create the cache folder"), cache->dir);
    return NULL;
  }
  if (access(cache->dir, R_OK | W_OK | X_OK) != 0) {
    set_file_error(error, errno, _("Cannot use the cache folder"), cache->dir);
    return NULL;
  }
  if (!is_private(cache->dir, error) || !clean_folder(cache->dir, error))
    return NULL;
  return g_steal_pointer(&cache);
}

void unpark_cache_free(UnparkCache *cache) {
  if (!cache)
    return;
  g_free(cache->dir);
  g_free(cache);
}

guint64 unpark_cache_max_bytes(const UnparkCache *cache) {
  return cache->max_bytes;
}

char *unpark_cache_key(const char *path, GError **error) {
  g_autofree char *real = realpath(path, NULL);
  g_autofree char *identity = NULL;
  struct stat st;

  if (!real || stat(real, &st) != 0) {
    set_file_error(error, errno, _("Cannot open"), path);
    return NULL;
  }
  if (!S_ISREG(st.st_mode)) {
    g_autofree char *name = g_filename_display_name(path);

    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _("%s is not a regular file"), name);
    return NULL;
  }
  identity =
      g_strdup_printf("%d|%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT ".%09ld|%" G_GINT64_FORMAT
                      ".%09ld|%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT "|%s",
                      UNPARK_SCHEMA_VERSION, UNPARK_VERSION, unpark_cache_build, (gint64)st.st_size,
                      (gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (gint64)st.st_ctim.tv_sec,
                      st.st_ctim.tv_nsec, (guint64)st.st_dev, (guint64)st.st_ino, real);
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1);
}

/* ---- Leases ------------------------------------------------------------------------------ */

UnparkCacheLease *unpark_cache_lease(UnparkCache *cache, const char *key, GError **error) {
  g_autoptr(UnparkCacheLease) lease = g_new0(UnparkCacheLease, 1);
  g_autofree char *base = g_build_filename(cache->dir, key, NULL);

  lease->store_path = g_strconcat(base, STORE_SUFFIX, NULL);
  lease->lock_path = g_strconcat(base, LOCK_SUFFIX, NULL);
  lease->fd = lock_file(lease->lock_path, LOCK_SH);
  if (lease->fd < 0) {
    set_file_error(error, errno, _("Cannot lock"), lease->lock_path);
    return NULL;
  }
  futimens(lease->fd, NULL); /* used just now; without it the order of removal is off, no more */
  return g_steal_pointer(&lease);
}

const char *unpark_cache_lease_path(const UnparkCacheLease *lease) {
  return lease->store_path;
}

/* What the store's file looks like from outside; NULL: it is not there. */
static char *outside_of(const char *store_path) {
  struct stat st;

  if (stat(store_path, &st) != 0)
    return NULL;
  return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT
                         ".%09ld %" G_GUINT64_FORMAT "\n",
                         (gint64)st.st_size, (gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
                         (gint64)st.st_ctim.tv_sec, st.st_ctim.tv_nsec, (guint64)st.st_ino);
}

void unpark_cache_lease_stamp(UnparkCacheLease *lease) {
  g_autofree char *now = outside_of(lease->store_path);

  /* A stamp that is missing or torn costs a look at the store next time, no more. */
  gboolean cleared = now && ftruncate(lease->fd, 0) == 0;

  if (cleared && pwrite(lease->fd, now, strlen(now), 0) < 0)
    g_debug("%s: %s", lease->lock_path, g_strerror(errno));
}

gboolean unpark_cache_lease_is_unchanged(const UnparkCacheLease *lease) {
  g_autofree char *now = outside_of(lease->store_path);
  char then[160] = "";

  return now && pread(lease->fd, then, sizeof then - 1, 0) > 0 && strcmp(now, then) == 0;
}

void unpark_cache_lease_free(UnparkCacheLease *lease) {
  if (!lease)
    return;
  if (lease->fd >= 0) {
    /* A lock for a store that never came to be is not left behind. */
    if (!g_file_test(lease->store_path, G_FILE_TEST_EXISTS) &&
        flock(lease->fd, LOCK_EX | LOCK_NB) == 0 &&
        !g_file_test(lease->store_path, G_FILE_TEST_EXISTS))
      g_unlink(lease->lock_path);
    close(lease->fd);
  }
  g_free(lease->store_path);
  g_free(lease->lock_path);
  g_free(lease);
}

gboolean unpark_cache_lease_discard(UnparkCacheLease *lease) {
  gboolean ours = flock(lease->fd, LOCK_EX | LOCK_NB) == 0;

  if (ours)
    g_unlink(lease->store_path);
  /* A failed attempt loses the shared lock as well. */
  while (flock(lease->fd, LOCK_SH) != 0 && errno == EINTR)
    ;
  return ours;
}

/* ---- Slots --------------------------------------------------------------------------------- */

UnparkCacheSlot *unpark_cache_slot_new(UnparkCache *cache, GError **error) {
  g_autoptr(UnparkCacheSlot) slot = g_new0(UnparkCacheSlot, 1);
  g_autofree char *unique = g_uuid_string_random();
  g_autofree char *store_name = NULL;
  g_autofree char *lock_name = NULL;

  slot->fd = -1;
  slot->dir = g_strdup(cache->dir);
  slot->name = g_strconcat(SLOT_PREFIX, unique, NULL);
  store_name = g_strconcat(slot->name, STORE_SUFFIX, NULL);
  lock_name = g_strconcat(slot->name, LOCK_SUFFIX, NULL);
  slot->store_path = g_build_filename(cache->dir, store_name, NULL);
  slot->lock_path = g_build_filename(cache->dir, lock_name, NULL);
  slot->fd = lock_file(slot->lock_path, LOCK_EX);
  if (slot->fd < 0) {
    set_file_error(error, errno, _("Cannot write in the cache folder"), cache->dir);
    return NULL;
  }
  return g_steal_pointer(&slot);
}

const char *unpark_cache_slot_path(const UnparkCacheSlot *slot) {
  return slot->store_path;
}

gboolean unpark_cache_slot_publish(UnparkCacheSlot *slot, UnparkCacheLease *lease, GError **error) {
  /* link() instead of rename(): never replaces a store that another process has open. */
  if (link(slot->store_path, lease->store_path) == 0 || errno == EEXIST)
    return TRUE;
  /* A file system without hard links: two names cannot race there better than this. */
  if (!g_file_test(lease->store_path, G_FILE_TEST_EXISTS) &&
      g_rename(slot->store_path, lease->store_path) == 0)
    return TRUE;
  set_file_error(error, errno, _("Cannot write"), lease->store_path);
  return FALSE;
}

void unpark_cache_slot_free(UnparkCacheSlot *slot) {
  if (!slot)
    return;
  if (slot->fd >= 0) {
    remove_slot_files(slot->dir, slot->name);
    close(slot->fd);
  }
  g_free(slot->dir);
  g_free(slot->name);
  g_free(slot->store_path);
  g_free(slot->lock_path);
  g_free(slot);
}

/* ---- Size ------------------------------------------------------------------------------------ */

typedef struct {
  char *store_path, *lock_path;
  guint64 size;
  gint64 used_ns; /* last use, Unix time */
} CacheEntry;

static void entry_clear(gpointer data) {
  CacheEntry *entry = data;

  g_free(entry->store_path);
  g_free(entry->lock_path);
}

static gint64 mtime_ns(const struct stat *st) {
  return (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static int compare_use(gconstpointer a, gconstpointer b) {
  gint64 x = ((const CacheEntry *)a)->used_ns, y = ((const CacheEntry *)b)->used_ns;

  return (x > y) - (x < y);
}

/* Every complete store, least recently used first. */
static GArray *list_stores(const char *dir) {
  GArray *entries = g_array_new(FALSE, TRUE, sizeof(CacheEntry));
  g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
  const char *name;

  g_array_set_clear_func(entries, entry_clear);
  while (listing && (name = g_dir_read_name(listing))) {
    CacheEntry entry = {0};
    g_autofree char *base = NULL;
    struct stat st;

    if (g_str_has_prefix(name, SLOT_PREFIX) || !g_str_has_suffix(name, STORE_SUFFIX))
      continue;
    entry.store_path = g_build_filename(dir, name, NULL);
    base = g_strndup(entry.store_path, strlen(entry.store_path) - strlen(STORE_SUFFIX));
    entry.lock_path = g_strconcat(base, LOCK_SUFFIX, NULL);
    if (stat(entry.store_path, &st) != 0) {
      entry_clear(&entry);
      continue;
    }
    entry.size = (guint64)st.st_size;
    entry.used_ns = mtime_ns(&st);
    if (stat(entry.lock_path, &st) == 0)
      entry.used_ns = mtime_ns(&st);
    g_array_append_val(entries, entry);
  }
  g_array_sort(entries, compare_use);
  return entries;
}

/* FALSE: it is in use, or could not be removed. */
static gboolean remove_entry(const CacheEntry *entry) {
  int fd = lock_file(entry->lock_path, LOCK_EX | LOCK_NB);
  gboolean removed;

  if (fd < 0)
    return FALSE;
  removed = g_unlink(entry->store_path) == 0;
  g_unlink(entry->lock_path);
  close(fd);
  return removed;
}

static guint64 sum_sizes(const GArray *entries) {
  guint64 total = 0;

  for (guint i = 0; i < entries->len; i++)
    total += g_array_index(entries, CacheEntry, i).size;
  return total;
}

guint64 unpark_cache_used(UnparkCache *cache) {
  g_autoptr(GArray) entries = list_stores(cache->dir);

  return sum_sizes(entries);
}

guint64 unpark_cache_trim(UnparkCache *cache, guint64 max_bytes) {
  g_autoptr(GArray) entries = list_stores(cache->dir);
  guint64 total = sum_sizes(entries), freed = 0;

  for (guint i = 0; i < entries->len && total - freed > max_bytes; i++) {
    const CacheEntry *entry = &g_array_index(entries, CacheEntry, i);

    if (remove_entry(entry))
      freed += entry->size;
  }
  return freed;
}
