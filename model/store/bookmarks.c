/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/bookmarks.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "model/base/error.h"
#include "model/base/times.h"
#include "model/store/guard.h"
#include "model/store/private.h"
#include "model/store/stale-temps.h"

#define BUSY_MS 5000
/* Pages that are copied between two looks at the cancellable: some megabytes. */
#define COPY_PAGES 256

UnparkBookmark *unpark_bookmark_copy(const UnparkBookmark *bookmark) {
  UnparkBookmark *copy = g_memdup2(bookmark, sizeof *bookmark);
  copy->note = g_strdup(bookmark->note);
  return copy;
}

void unpark_bookmark_free(UnparkBookmark *bookmark) {
  if (!bookmark)
    return;
  g_free(bookmark->note);
  g_free(bookmark);
}

gboolean unpark_bookmarks_can_write(UnparkStore *store) {
  return !store->live;
}

/* ---- connections ---------------------------------------------------------------------- */

static gboolean fail(sqlite3 *db, int code, const char *path, GError **error) {
  const char *why = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  g_set_error(error, UNPARK_ERROR, code == SQLITE_FULL ? UNPARK_ERROR_NO_SPACE : UNPARK_ERROR_STORE,
              "“%s”: %s", path, why);
  return FALSE;
}

/* Runs one statement that changes something. */
static gboolean run(UnparkStore *store, const char *sql, const UnparkBookmark *b, gint64 *id,
                    GError **error) {
  sqlite3 *db = unpark_guard_open(unpark_store_path(store), UNPARK_GUARD_WRITE, BUSY_MS, error);
  sqlite3_stmt *s = NULL;
  if (!db)
    return FALSE;
  int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
  if (code == SQLITE_OK) {
    if (b->id != 0)
      sqlite3_bind_int64(s, 1, b->id);
    sqlite3_bind_int64(s, 2, unpark_time_subtract(b->time_ns, unpark_store_shift(store)));
    if (b->goroutine != UNPARK_NONE)
      sqlite3_bind_int64(s, 3, b->goroutine);
    sqlite3_bind_text(s, 4, b->note ? b->note : "", -1, SQLITE_STATIC);
    code = sqlite3_step(s);
  }
  gboolean ok = code == SQLITE_DONE || fail(db, code, unpark_store_path(store), error);
  if (ok && id)
    *id = sqlite3_last_insert_rowid(db);
  sqlite3_finalize(s);
  sqlite3_close(db);
  return ok;
}

/* ---- bookmarks ---------------------------------------------------------------------------- */

GPtrArray *unpark_bookmarks_read(UnparkStore *store, GError **error) {
  sqlite3 *db = unpark_guard_open(unpark_store_path(store), UNPARK_GUARD_READ, BUSY_MS, error);
  sqlite3_stmt *s = NULL;
  if (!db)
    return NULL;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_bookmark_free);
  int code = sqlite3_prepare_v2(
      db, "SELECT id, time_ns, goroutine, note FROM bookmark ORDER BY time_ns, id", -1, &s, NULL);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(s);
    if (code != SQLITE_ROW)
      break;
    UnparkBookmark *b = g_new0(UnparkBookmark, 1);
    const char *note = (const char *)sqlite3_column_text(s, 3);
    b->id = sqlite3_column_int64(s, 0);
    b->time_ns = unpark_time_clamp(
        unpark_time_add(unpark_time_clamp(sqlite3_column_int64(s, 1)), unpark_store_shift(store)));
    b->goroutine =
        sqlite3_column_type(s, 2) == SQLITE_NULL ? UNPARK_NONE : sqlite3_column_int64(s, 2);
    b->note = note ? g_utf8_make_valid(note, -1) : g_strdup("");
    g_ptr_array_add(all, b);
  }
  gboolean ok = code == SQLITE_DONE || fail(db, code, unpark_store_path(store), error);
  sqlite3_finalize(s);
  sqlite3_close(db);
  return ok ? g_steal_pointer(&all) : NULL;
}

gboolean unpark_bookmarks_write(UnparkStore *store, const UnparkBookmark *bookmark, gint64 *id,
                                GError **error) {
  return run(store, "INSERT OR REPLACE INTO bookmark(id, time_ns, goroutine, note) VALUES(?,?,?,?)",
             bookmark, id, error);
}

gboolean unpark_bookmarks_remove(UnparkStore *store, gint64 id, GError **error) {
  const UnparkBookmark which = {.id = id, .goroutine = UNPARK_NONE};
  return run(store, "DELETE FROM bookmark WHERE id = ?1", &which, NULL, error);
}

/* ---- a file of its own ---------------------------------------------------------------------- */

static gboolean copy_pages(sqlite3 *from, sqlite3 *to, GCancellable *cancellable, int *code,
                           GError **error) {
  sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
  if (!backup) {
    *code = sqlite3_errcode(to);
    return TRUE;
  }
  gboolean ok = TRUE;
  do {
    *code = sqlite3_backup_step(backup, COPY_PAGES);
    ok = !g_cancellable_set_error_if_cancelled(cancellable, error);
    if (*code == SQLITE_BUSY || *code == SQLITE_LOCKED)
      sqlite3_sleep(20);
  } while (ok && (*code == SQLITE_OK || *code == SQLITE_BUSY || *code == SQLITE_LOCKED));
  int finish = sqlite3_backup_finish(backup);
  *code = *code == SQLITE_DONE ? finish : *code;
  return ok;
}

static gboolean copy_to(UnparkStore *store, const char *temp, GCancellable *cancellable,
                        GError **error) {
  sqlite3 *from = unpark_guard_open(unpark_store_path(store), UNPARK_GUARD_READ, BUSY_MS, error);
  sqlite3 *to = NULL;
  if (!from)
    return FALSE;
  int code = sqlite3_open_v2(
      temp, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  gboolean ok = TRUE;
  if (code == SQLITE_OK) {
    /* A file that appears only when it is whole needs no journal. */
    sqlite3_exec(to, "PRAGMA journal_mode=OFF", NULL, NULL, NULL);
    ok = copy_pages(from, to, cancellable, &code, error);
  }
  if (ok && code != SQLITE_OK)
    ok = fail(to, code, temp, error);
  sqlite3_close(from);
  sqlite3_close(to);
  return ok;
}

gboolean unpark_store_save_as(UnparkStore *store, const char *path, GCancellable *cancellable,
                              GError **error) {
  g_autofree char *temp =
      g_strdup_printf("%s.%d-%u.tmp", path, (int)getpid(), g_random_int() % 1000000);
  unpark_remove_stale_temps(path);
  if (!unpark_bookmarks_can_write(store)) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE,
                _("The file is still being read. Save it when it is complete."));
    return FALSE;
  }
  gboolean ok = copy_to(store, temp, cancellable, error);
  if (ok && g_rename(temp, path) != 0) {
    int failure = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "“%s”: %s", path,
                g_strerror(failure));
    ok = FALSE;
  }
  if (!ok)
    g_unlink(temp);
  return ok;
}
