/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "model/export/private.h"
#include "model/sql/schema.h"

#define STAGING ".unpark-export-"
/* The table whose row says that a source is whole. */
#define LAST_TABLE "source"

struct _UnparkExport {
  char *folder, *staging;
  int lock; /* of the staging folder, held while we live */
};

struct _UnparkExportTarget {
  const UnparkExport *export;
  const char *table;
  guint n_parts;
  char *path; /* of the open part */
};

/* ---- The folder in which files are written --------------------------------------------------- */

/* Files only: there are no folders in it. */
static void remove_folder(const char *path) {
  g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_unlink(file);
  }
  g_rmdir(path);
}

/* The descriptor of a folder that no other process has locked; -1: it is in use, or gone. */
static int lock_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}

/* A process that was killed has no lock any more. */
static void remove_stale(const char *folder) {
  g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *path = NULL;
    int fd;

    if (!g_str_has_prefix(name, STAGING))
      continue;
    path = g_build_filename(folder, name, NULL);
    fd = lock_folder(path);
    if (fd < 0)
      continue;
    remove_folder(path);
    close(fd);
  }
}

UnparkExport *unpark_export_begin(const char *folder, GError **error) {
  g_autoptr(UnparkExport) export = g_new0(UnparkExport, 1);

  export->lock = -1;
  export->folder = g_strdup(folder);
  if (g_mkdir_with_parents(folder, 0777) != 0) {
    unpark_export_fail(error, errno, folder);
    return NULL;
  }
  remove_stale(folder);
  /* Between its making and its lock another process may take it for stale. */
  for (guint i = 0; i < 100 && export->lock < 0; i++) {
    g_free(export->staging);
    export->staging = g_build_filename(folder, STAGING "XXXXXX", NULL);
    if (!g_mkdtemp_full(export->staging, 0777)) {
      unpark_export_fail(error, errno, folder);
      g_clear_pointer(&export->staging, g_free);
      return NULL;
    }
    export->lock = lock_folder(export->staging);
  }
  return g_steal_pointer(&export);
}

void unpark_export_free(UnparkExport *export) {
  if (!export)
    return;
  if (export->staging)
    remove_folder(export->staging);
  if (export->lock >= 0)
    close(export->lock);
  g_free(export->staging);
  g_free(export->folder);
  g_free(export);
}

/* ---- The parts of a table
 * ------------------------------------------------------------------------ */

static char *staged_path(const UnparkExport *export, const char *table, guint part) {
  g_autofree char *name = g_strdup_printf("%s-%u.tmp", table, part);

  return g_build_filename(export->staging, name, NULL);
}

int unpark_export_open_part(UnparkExportTarget *target, GError **error) {
  int fd;

  g_free(target->path);
  target->path = staged_path(target->export, target->table, target->n_parts);
  fd = open(target->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    unpark_export_fail(error, errno, target->path);
  else
    target->n_parts++;
  return fd;
}

gboolean unpark_export_close_part(UnparkExportTarget *target, int fd, GError **error) {
  return unpark_export_close(fd, TRUE, target->path, error);
}

/* ---- Into place
 * ------------------------------------------------------------------------------------- */

/* "part-7.parquet" is 7; -1: it is no part of the format. */
static gint64 part_number(const char *name, const char *extension) {
  char *end;
  guint64 n;

  if (!g_str_has_prefix(name, "part-") || !g_ascii_isdigit(name[5]))
    return -1;
  n = g_ascii_strtoull(name + 5, &end, 10);
  return *end == '.' && strcmp(end + 1, extension) == 0 && n < G_MAXINT32 ? (gint64)n : -1;
}

/* The parts from number `from` on. */
static void remove_parts(const char *folder, const char *extension, guint from) {
  g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *path = NULL;

    if (part_number(name, extension) < (gint64)from)
      continue;
    path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
}

/* Of every date but `keep` (NULL: of every one): a file whose time is not recorded may have been
 * touched since. */
static void remove_dates(const UnparkExport *export, const char *table, const char *keep,
                         const UnparkExportOptions *options) {
  g_autofree char *top = g_strdup_printf("%s/table=%s", export->folder, table);
  g_autofree char *source = g_strdup_printf("source=%s", options->hash);
  g_autoptr(GDir) listing = g_dir_open(top, 0, NULL);
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *date = g_build_filename(top, name, NULL);
    g_autofree char *folder = g_build_filename(date, source, NULL);

    if (!g_str_has_prefix(name, "date=") || (keep && strcmp(name + 5, keep) == 0) ||
        !g_file_test(folder, G_FILE_TEST_IS_DIR))
      continue;
    remove_parts(folder, options->extension, 0);
    g_rmdir(folder); /* unless something else is there */
    g_rmdir(date);
  }
}

static gboolean publish(const UnparkExport *export, const char *table, guint n_parts,
                        const UnparkExportOptions *options, GError **error) {
  g_autofree char *folder = g_strdup_printf("%s/table=%s/date=%s/source=%s", export->folder, table,
                                            options->date, options->hash);

  if (g_mkdir_with_parents(folder, 0777) != 0)
    return unpark_export_fail(error, errno, folder);
  for (guint i = 0; i < n_parts; i++) {
    g_autofree char *from = staged_path(export, table, i);
    g_autofree char *to = g_strdup_printf("%s/part-%u.%s", folder, i, options->extension);

    if (g_rename(from, to) != 0)
      return unpark_export_fail(error, errno, to);
  }
  remove_parts(folder, options->extension, n_parts);
  remove_dates(export, table, options->date, options);
  return TRUE;
}

gboolean unpark_export_source(UnparkExport *export, UnparkStore *store,
                              const UnparkExportOptions *options, GCancellable *cancellable,
                              GError **error) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  g_autofree guint *parts = g_new0(guint, n);
  guint last = 0;

  for (guint i = 0; i < n; i++) {
    UnparkExportTarget target = {.export = export, .table = tables[i].name};
    gboolean ok = tables[i].session ||
                  !unpark_sql_table_is_of(&tables[i], unpark_store_source(store)->kind) ||
                  options->write(store, tables[i].name, &target, cancellable, error);

    g_free(target.path);
    parts[i] = target.n_parts;
    if (!ok)
      return FALSE;
    if (strcmp(tables[i].name, LAST_TABLE) == 0)
      last = i;
  }
  remove_dates(export, LAST_TABLE, NULL, options);
  for (guint i = 0; i < n; i++)
    if (i != last && parts[i] > 0 && !publish(export, tables[i].name, parts[i], options, error))
      return FALSE;
  return publish(export, tables[last].name, parts[last], options, error);
}
