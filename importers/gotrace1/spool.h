/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unpacked bytes of a source, for reading anywhere in them.
 *
 * Small ones stay in memory; larger ones go to an unlinked temporary file in the folder
 * where the store is written, mapped read-only. Pages that were given back with
 * unpark_v1_spool_forget() cost no memory and come again when touched. */
#pragma once

#include "importers/input/input.h"

typedef struct {
  const guint8 *data;
  gsize size;
  /* Private. */
  guint8 *memory;
  gsize capacity;
  int fd;
  gboolean mapped;
} UnparkV1Spool;

/* Takes the rest of `input`. `folder`: for the temporary file. If the input fails in the
 * middle (damaged packing), what came before is kept and `damage` set.
 * Errors: cancelled, G_FILE_ERROR and UNPARK_ERROR_NO_SPACE of the temporary file. */
gboolean unpark_v1_spool_fill(UnparkV1Spool *spool, UnparkInput *input, const char *folder,
                              GError **damage, GCancellable *cancellable, GError **error);
void unpark_v1_spool_clear(UnparkV1Spool *spool);

/* These bytes are not needed for now. */
void unpark_v1_spool_forget(const UnparkV1Spool *spool, gsize from, gsize to);
