/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files are meant where files and folders are opened together. Main thread only. */
#pragma once

#include <gio/gio.h>

/* GFile, in the order in which they were given; none, and why, if a session cannot be read. */
typedef void (*UnparkSourcesFound)(GPtrArray *files, const GError *error, gpointer data);

/* Of a folder: the files in it, not those in folders below, in the order of their names; of hidden
 * files none. Of a session: the files that it names. A worker looks. */
void unpark_sources_find_files(GFile *const *files, guint n, UnparkSourcesFound done,
                               gpointer data);
