/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session of a tab with several files as a small text file: which they are, from where it is
 * kept, and how far each was moved by hand. GKeyFile; names of files are percent-encoded.
 *
 *   [Unpark Session]
 *   Version=1
 *
 *   [File 1]
 *   Path=gateway.trace
 *   MoveNs=0
 */
#pragma once

#include "ui/sources/bundle.h"

/* Main thread. What to write to a file in that folder; free with g_free(). */
char *unpark_sources_session_text(UnparkBundle *bundle, GFile *folder);

/* Worker. Whether it begins as such a file does. */
gboolean unpark_sources_session_is(GFile *file);
/* Worker. GFile, each with its unpark_sources_file_move(). It is of a stranger: only regular files
 * of this computer are named, and not too many. NULL with `error`. */
GPtrArray *unpark_sources_session_read(GFile *file, GError **error);

/* How far the session that named the file wants it moved, ns; 0 of others. */
gint64 unpark_sources_file_move(GFile *file);
