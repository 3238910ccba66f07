/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public tables of SQL (docs: the README's table) as files for a warehouse.
 *
 *   FOLDER/table=NAME/date=YYYY-MM-DD/source=HASH/part-N.parquet
 *
 * A file is written beside its place and renamed when it is whole. The file of the table `source`
 * comes last and, when a source is exported again, goes first: a source that has a row there is
 * whole. Worker.
 */
#pragma once

#include <gio/gio.h>

#include "model/sources/sources.h"
#include "model/sql/query.h"
#include "model/store/store.h"

typedef struct _UnparkExport UnparkExport;

/* Makes `folder` where it is missing, and removes what exports that were killed left in it. */
UnparkExport *unpark_export_begin(const char *folder, GError **error);
/* Removes what is not finished. */
void unpark_export_free(UnparkExport *export);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkExport, unpark_export_free)

/* Where the table that is being written goes. */
typedef struct _UnparkExportTarget UnparkExportTarget;
/* A new file for the table's rows, its next part. It is closed by unpark_export_close_part(). -1:
 * *error. */
int unpark_export_open_part(UnparkExportTarget *target, GError **error);
/* FALSE: it could not be written wholly. */
gboolean unpark_export_close_part(UnparkExportTarget *target, int fd, GError **error);

/* Writes all rows of `table`, in at least one part. */
typedef gboolean (*UnparkExportTable)(UnparkStore *store, const char *table,
                                      UnparkExportTarget *target, GCancellable *cancellable,
                                      GError **error);
/* As Parquet. */
gboolean unpark_export_parquet(UnparkStore *store, const char *table, UnparkExportTarget *target,
                               GCancellable *cancellable, GError **error);
/* As CSV: texts in quotation marks, NULL as nothing, so that the two differ. */
gboolean unpark_export_csv(UnparkStore *store, const char *table, UnparkExportTarget *target,
                           GCancellable *cancellable, GError **error);

typedef struct {
  const char *hash;      /* of the source: 16 hexadecimal digits */
  const char *date;      /* YYYY-MM-DD */
  const char *extension; /* "parquet" */
  UnparkExportTable write;
} UnparkExportOptions;

/* Every table of what kind of source it is. What was exported of the same hash is replaced. */
gboolean unpark_export_source(UnparkExport *export, UnparkStore *store,
                              const UnparkExportOptions *options, GCancellable *cancellable,
                              GError **error);

/* The first 16 digits of the SHA-256 of the file at `path`: the same file has the same hash
 * wherever it is. Free with g_free(). */
char *unpark_export_hash(const char *path, GCancellable *cancellable, GError **error);
/* When it was recorded, or else the file at `path` was last changed (or today where there is no
 * file), in UTC. Free with g_free(). */
char *unpark_export_date(UnparkStore *store, const char *path);

/* The rows of a statement to `fd`. Its columns' types are those of its values, for which it is run
 * twice: INT64, DOUBLE, text, or bytes; numbers and texts mixed are texts. `bounds`: timeout, limit
 * and scope of each run; NULL: none. Errors are those of unpark_query_sources(), too. */
gboolean unpark_export_query(const UnparkSources *sources, const char *sql,
                             const UnparkQuery *bounds, int fd, GCancellable *cancellable,
                             GError **error);
/* The same to a file at `path`, which appears when it is whole. */
gboolean unpark_export_query_file(const UnparkSources *sources, const char *sql,
                                  const UnparkQuery *bounds, const char *path,
                                  GCancellable *cancellable, GError **error);

/* A new file beside `path`, which becomes `path` when it is whole. */
typedef struct {
  char *path, *temp;
  int fd;
} UnparkExportFile;

gboolean unpark_export_file_open(UnparkExportFile *file, const char *path, GError **error);
/* `ok` FALSE: what was written is thrown away, and FALSE is the answer. */
gboolean unpark_export_file_close(UnparkExportFile *file, gboolean ok, GError **error);
