/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap profiles of jemalloc, which Go programs meet through C libraries:
 *
 *   heap_v2/524288
 *     t*: 30: 2100000 [40: 4000000]      all threads: objects, bytes in use [ever allocated]
 *   @ 0x401010 0x401100
 *     t*: 20: 1311120 [25: 2000000]
 *     t0: 12: 786672 [15: 1200000]       thread 0
 *
 * then a memory map. Each thread's part of a stack is a sample; values are scaled as in other
 * sampled heap profiles. Source of format facts: jemalloc's prof_dump, and pprof's test profiles
 * of it. */
#pragma once

#include "importers/legacy/legacy.h"
#include "importers/text/lines.h"

/* "heap_v2/524288"; *rate may be NULL. */
gboolean unpark_jemalloc_head(UnparkText line, gint64 *rate);

/* After the head, up to the memory map, whose first line *line is then. */
gboolean unpark_jemalloc_read(UnparkLegacy *legacy, UnparkLines *lines, gint64 rate,
                              UnparkText *line, GError **error);
