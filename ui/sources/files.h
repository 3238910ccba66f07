/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files are meant where files and folders are opened together. Main thread only. */
#pragma once

#include <gio/gio.h>

/* `done` gets GFile, in the order in which they were given. Of a folder: the files in it, not those
 * in folders below, in the order of their names; of hidden files none. A worker looks. */
void unpark_sources_find_files(GFile *const *files, guint n,
                                void (*done)(GPtrArray *files, gpointer data), gpointer data);
