/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where this person keeps sources: remembered between runs. Main thread only. */
#pragma once

#include "model/source/source.h"

/* An array of UnparkSourceMapping that ends with one of NULL: latest first. */
GArray *unpark_source_mappings_get(void);
/* Removes the one that leads from `from` to `to`. */
void unpark_source_mappings_remove(const char *from, const char *to);
/* As a person types it: paths that begin with `from` are below the folder `to`. FALSE: one of them
 * is empty, or `from` has a "=" in it. */
gboolean unpark_source_mappings_add_pair(const char *from, const char *to);
/* A folder that a person chose for `file`: remembers what leads there. FALSE: no file of that name
 * is in it. */
gboolean unpark_source_mappings_add(const char *file, const char *folder);
