/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory maps as they stand behind the samples of older profiles: lines of /proc/self/maps, or
 * "00400000-00fcb000: /usr/bin/server".
 *
 * Source of format facts: ParseProcMaps(), massageMappings() and remapMappingIDs() of
 * github.com/google/pprof/profile. */
#pragma once

#include "importers/text/lines.h"

typedef struct {
  guint64 start, limit, offset;
  char *file, *build_id; /* never NULL */
} UnparkMapping;

/* More mappings of code than any process has; further ones are counted. */
#define UNPARK_MAPS_MAX 4096

typedef struct _UnparkMaps UnparkMaps;

UnparkMaps *unpark_maps_new(void);
void unpark_maps_free(UnparkMaps *maps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkMaps, unpark_maps_free)

/* TRUE if a map begins after this line. */
gboolean unpark_maps_begin(UnparkText line);
/* A line of the map; others are left alone. */
void unpark_maps_line(UnparkMaps *maps, UnparkText line);
/* All lines have come: joins what was split, puts the program itself first. */
void unpark_maps_end(UnparkMaps *maps);

/* The file that holds the address; "" if none does. After unpark_maps_end(). */
const char *unpark_maps_file(UnparkMaps *maps, guint64 address);

/* Rows of the table mapping. After all addresses have been asked for: a mapping whose first part
 * was not in the file grows by them. */
void unpark_maps_write(const UnparkMaps *maps, UnparkWriter *writer);
guint64 unpark_maps_dropped(const UnparkMaps *maps);
