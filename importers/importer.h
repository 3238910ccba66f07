/* What an importer is, and the list of them.
 *
 * An importer is a name, a sniff of the first bytes and an import function: bytes
 * in, store-writer calls out. The list is ordered: the first whose sniff says yes
 * gets the file, so strict signatures stand before loose ones.
 */
#pragma once

#include <gio/gio.h>

#include "importers/input.h"
#include "model/store-writer.h"

/* A sniff sees at most this many bytes (fewer if the file is shorter). */
#define UNPARK_SNIFF_SIZE 65536

typedef struct {
  const char *name;  /* as in source.importer: "gotrace", "pprof", "goroutine-dump", ... */
  const char *title; /* for people, translatable: "Go execution trace" */
  /* TRUE if the (unpacked) bytes are this format, even of a version that is not read:
   * then import says so. Pure; never reads outside `head`. */
  gboolean (*sniff)(const guint8 *head, gsize size);
  /* Reads all of `input` and writes it; calls unpark_writer_finish() never (the caller
   * does), but sets `*duration_ns` and `*complete`. Tolerated faults become notes.
   * FALSE with `error` only if nothing could be used, on cancellation or if the
   * writer failed. Worker thread. */
  gboolean (*import)(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                     gboolean *complete, GCancellable *cancellable, GError **error);
} UnparkImporter;

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
