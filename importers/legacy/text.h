/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Older profiles as text, whose stacks are addresses: heap ("@ heapz_v2", "@ heapprofile"), growth
 * and fragmentation of the heap, contention, threads; with a memory map behind.
 *
 * Source of format facts: parseHeap(), parseContention() and parseThread() of
 * github.com/google/pprof/profile. */
#pragma once

#include "importers/legacy/legacy.h"
#include "importers/text/lines.h"

/* TRUE if the line, the first that is no comment, is the head of such a profile. */
gboolean unpark_legacy_text_head(UnparkText line);

gboolean unpark_legacy_text_read(UnparkLegacy *legacy, UnparkLines *lines, GError **error);
