/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A libFuzzer target of one importer: the bytes go through the input (which may unpack them) to
 * the importer whatever its sniff says, and the writer fills a store that is thrown away. */
#pragma once

#include <glib/gstdio.h>
#include <stdint.h>

#include "importers/registry/registry.h"

static inline int unpark_fuzz_import(const UnparkImporter *importer, const uint8_t *data,
                                     size_t size) {
  static char *path;
  g_autoptr(UnparkInput) input = unpark_input_from_memory(data, size);
  g_autoptr(UnparkWriter) writer = NULL;
  g_autoptr(GError) error = NULL;
  gint64 duration_ns = 0;
  gboolean complete = TRUE, ok;

  if (!path) {
    g_autofree char *dir = g_dir_make_tmp("unpark-fuzz-XXXXXX", NULL);
    path = g_build_filename(dir, "store", NULL);
  }
  importer->sniff(data, MIN(size, UNPARK_SNIFF_SIZE));
  writer = unpark_writer_new(path, FALSE, &error);
  if (!writer)
    g_error("%s", error->message);
  ok = importer->import(input, writer, &duration_ns, &complete, NULL, &error);
  /* A failure says why; success leaves no error. */
  if (ok != (error == NULL) || duration_ns < 0)
    g_error("%s: result and error disagree", importer->name);
  return 0;
}
