/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of importers, and the whole way from a file to a store.
 *
 * The list is ordered: the first importer whose sniff says yes gets the file, so strict signatures
 * come before loose ones.
 */
#pragma once

#include "importers/input/importer.h"

/* NULL-terminated, in order of sniffing. */
extern const UnparkImporter *const unpark_importers[];

/* The whole way: opens, sniffs, imports into a new store at `store_path`.
 * `path`: a file name, or "-" for standard input (then `display_name` is shown).
 * `progress` may be NULL. On failure nothing is left at `store_path`.
 * An unknown file gives UNPARK_ERROR_UNKNOWN_FORMAT with one sentence: which file,
 * what it looked like, what was expected. */
typedef struct _UnparkProgress UnparkProgress;
gboolean unpark_import(const char *path, const char *store_path, gboolean live,
                       UnparkProgress *progress, GCancellable *cancellable, GError **error);

/* Shared between the importing thread and whoever shows progress; all fields are
 * read and written atomically. Zero-initialise; must outlive the import. */
struct _UnparkProgress {
  guint64 bytes_done;  /* of the file as it lies on disk (packed bytes) */
  guint64 bytes_total; /* 0: not known (standard input) */
  guint generation;    /* grows when a live store shows more */
  char *temp_path;     /* live store, set before generation becomes 1; owned by the import,
                          valid until it returns */
};
