/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a debug=1 profile, and its lines of values. */
#pragma once

#include "importers/text/lines.h"

typedef enum {
  UNPARK_DEBUG1_COUNT, /* "goroutine profile: total 3" */
  UNPARK_DEBUG1_HEAP,  /* "heap profile: 9: 1187328 [9: 1187328] @ heap/8192" */
  UNPARK_DEBUG1_CYCLES /* "--- mutex:", "--- contention:" */
} UnparkDebug1Form;

typedef struct {
  UnparkDebug1Form form;
  UnparkText name;         /* COUNT: of the profile; CYCLES: "mutex" or "block" */
  gboolean scale;          /* HEAP: values are samples of one in `period` bytes */
  gboolean has_alloc;      /* HEAP: allocations are counted apart */
  gboolean addresses_only; /* not written by Go: no names, but a memory map behind the records */
  gint64 period;
  gint64 cycles_per_second; /* CYCLES: 0 if not told */
  gint64 duration_ns;       /* CYCLES: UNPARK_NONE */
} UnparkDebug1Head;

#define UNPARK_DEBUG1_VALUES_MAX 4

/* TRUE if the line is a head. */
gboolean unpark_debug1_head(UnparkText line, UnparkDebug1Head *head);
/* CYCLES: a line "sampling period=1" after the head. FALSE if it is none. */
gboolean unpark_debug1_attribute(UnparkText line, UnparkDebug1Head *head);
/* Names of the values. */
guint unpark_debug1_types(const UnparkDebug1Head *head, const char *name,
                          const char *types[UNPARK_DEBUG1_VALUES_MAX],
                          const char *units[UNPARK_DEBUG1_VALUES_MAX]);
/* Takes the values and " @" off a record's line. `block_size`: HEAP: bytes of one object, else
 * UNPARK_NONE. FALSE if the line is no record. */
gboolean unpark_debug1_values(const UnparkDebug1Head *head, UnparkText *line,
                              gint64 values[UNPARK_DEBUG1_VALUES_MAX], gint64 *block_size);

/* A sample of S bytes is taken with probability 1 - exp(-S / period): makes of what was sampled
 * what there was. */
void unpark_debug1_scale_heap(gint64 period, gint64 *count, gint64 *size);
