/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples between the two passes: their bytes, one after another, as they came.
 *
 * Up to 8 MiB stay in memory; then everything goes to a file in the temporary folder that has
 * lost its name, so that nothing is left behind. One pass of writing, then one of reading. */
#pragma once

#include <gio/gio.h>

typedef struct {
  int fd; /* -1: all in memory */
  guint8 *buffer;
  gsize size, at; /* bytes in buffer; position of the reader in it */
  gsize capacity;
  guint64 count;
  guint64 file_size, file_at;
} UnparkSpool;

void unpark_spool_init(UnparkSpool *spool);
void unpark_spool_clear(UnparkSpool *spool);

/* UNPARK_ERROR_NO_SPACE or G_FILE_ERROR if the temporary file cannot be written. */
gboolean unpark_spool_add(UnparkSpool *spool, const guint8 *bytes, guint32 size, GError **error);
/* No more will be added. */
gboolean unpark_spool_rewind(UnparkSpool *spool, GError **error);
/* NULL at the end, or with an error. The bytes are valid until the next call. */
const guint8 *unpark_spool_next(UnparkSpool *spool, guint32 *size, GError **error);
