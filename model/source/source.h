/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source files on this computer: a recording names paths of the machine that built the program, and
 * with -trimpath only "MODULE@VERSION/PATH" or "PACKAGE/FILE.go".
 *
 * What a recording says is not trusted: only regular files are opened, and of a limited size.
 * Worker.
 */
#pragma once

#include <gio/gio.h>

/* Paths that begin with `from`, at an element's end, are looked for below `to`. */
typedef struct {
  char *from, *to;
} UnparkSourceMapping;

/* Places to look at, in this order: mappings, the path itself, `folders` with the path and its
 * endings, Go's own sources, the module cache. NULL-terminated lists that may be NULL. */
typedef struct {
  const UnparkSourceMapping *mappings; /* ends with a NULL from */
  const char *const *folders;
  /* "go1.27.1", of the recording: its lines are not those of another release, so that only sources
   * of Go with the same first two numbers are taken. NULL or "": any. */
  const char *go_version;
} UnparkSourcePlaces;

/* The file that is meant; NULL if there is none. Free with g_free(). */
char *unpark_source_find(const char *file, const UnparkSourcePlaces *places);

/* Its lines, without their ends; what is not UTF-8 is made so. NULL with an error that names the
 * file: it cannot be read, is not a regular file, or is larger than 16 MiB. Free with g_strfreev().
 */
char **unpark_source_read(const char *path, GError **error);

/* What leads from `file` to a file in `folder`: the mapping for it and its neighbours. FALSE: there
 * is no file of such an ending in it. Clear with unpark_source_mapping_clear(). */
gboolean unpark_source_mapping_of(const char *file, const char *folder,
                                  UnparkSourceMapping *mapping);
void unpark_source_mapping_clear(UnparkSourceMapping *mapping);
