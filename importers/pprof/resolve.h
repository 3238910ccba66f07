/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the passes: locations, lines and functions become the writer's frames. */
#pragma once

#include "importers/pprof/kind.h"
#include "importers/pprof/tables.h"

/* Frames by location: frames[first[i]] .. frames[first[i + 1] - 1], innermost first. */
typedef struct {
  UnparkIdMap map; /* location ids */
  guint32 *first, *frames;
  guint8 *unlocks; /* by location: TRUE if one of its functions gives a lock back */
} UnparkPprofFrames;

/* Frees the tables of locations, lines and functions. */
void unpark_pprof_resolve(UnparkPprofTables *tables, const UnparkPprofWords *words,
                          UnparkPprofFrames *frames);
void unpark_pprof_frames_clear(UnparkPprofFrames *frames);
