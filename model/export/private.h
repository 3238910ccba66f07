/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/export/export.h"
#include "model/parquet/parquet.h"

/* Writes the rows of one of the public tables that are no columns of blocks. */
gboolean unpark_export_rows_of(UnparkStore *store, const char *table, int fd,
                               GCancellable *cancellable, GError **error);

/* Closes `fd`, of which everything is on the disk then if it is `ok`. FALSE: it was not, or that
 * failed: *error, with the file's name. */
gboolean unpark_export_close(int fd, gboolean ok, const char *path, GError **error);

/* Sets *error from errno, with the file's name. FALSE. */
gboolean unpark_export_fail(GError **error, int code, const char *path);
