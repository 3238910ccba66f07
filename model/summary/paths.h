/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files a list of files and folders means. Worker. */
#pragma once

#include <gio/gio.h>

/* Adds the regular files below `path`, which may be a file itself, in the order of their names.
 * Hidden ones and links to folders are left out, but not `path` itself. FALSE: a folder cannot be
 * read, or G_IO_ERROR_CANCELLED; what was found before is there. `path` need not exist: it is added
 * then, and whoever opens it fails. */
gboolean unpark_paths_add(GPtrArray *paths, const char *path, GCancellable *cancellable,
                          GError **error);
