/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the way back after a fault in a version 1 trace.
 *
 * Nothing in the format marks the beginning of a record, so a place is believed when what
 * follows reads well for a while: a batch's head with a time near the known ones; a row of
 * stacks and strings, whose numbers fit together exactly; or a row of events, which go on
 * with the batch, a few events later. */
#pragma once

#include "importers/gotrace1/wire.h"

typedef struct {
  const guint8 *end;
  guint version;
  gint64 first_ticks, last_ticks; /* of everything so far; both 0 if there was nothing */
  gboolean in_batch;              /* a row of events could go on with a batch */
} UnparkV1Resync;

typedef enum {
  UNPARK_V1_FOUND_NOTHING,
  UNPARK_V1_FOUND_BATCH,
  UNPARK_V1_FOUND_TABLES, /* stacks and strings: no times are known here */
  UNPARK_V1_FOUND_EVENTS, /* of the same batch */
} UnparkV1Found;

/* Searches from `*p`, and moves it to what was found, or to the end. */
UnparkV1Found unpark_v1_resync(const UnparkV1Resync *resync, const guint8 **p);
