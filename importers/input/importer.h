/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an importer is: a name, a sniff of the first bytes and an import function, bytes in, writer
 * calls out. importers/registry/registry.c lists them.
 */
#pragma once

#include <gio/gio.h>

#include "importers/input/input.h"
#include "model/writer/writer.h"

/* A sniff sees at most this many bytes (fewer if the file is shorter). */
#define UNPARK_SNIFF_SIZE 65536

typedef struct {
  const char *name;  /* as in source.importer: "gotrace", "pprof", "goroutine-dump", ... */
  const char *title; /* for people, translatable: "Go execution trace" */
  /* TRUE if the (unpacked) bytes are this format, even of a version that is not read:
   * then import says so. Pure; never reads outside `head`. */
  gboolean (*sniff)(const guint8 *head, gsize size);
  /* Of text formats: what a line is like that makes a file one, translatable, for the message that
   * a file is none. NULL: a binary format. */
  const char *expects;
  /* Of formats in which every line counts: the first line of the head, from 1, that could not be
   * read; 0 if there is none. May be NULL. */
  guint64 (*first_unread)(const guint8 *head, gsize size);
  /* Reads all of `input` and writes it; calls unpark_writer_finish() never (the caller
   * does), but sets `*duration_ns` and `*complete`. Tolerated faults become notes.
   * FALSE with `error` only if nothing could be used, on cancellation or if the
   * writer failed. Worker thread. */
  gboolean (*import)(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                     gboolean *complete, GCancellable *cancellable, GError **error);
} UnparkImporter;
