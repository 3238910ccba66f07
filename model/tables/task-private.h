/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about tasks share; nobody else includes it. */
#pragma once

#include "model/base/times.h"
#include "model/store/row-at.h"
#include "model/base/tables.h"
#include "model/store/decode.h"
#include "model/tables/task-table.h"

/* Times lie within the trace whatever a store says; UNPARK_NONE stays. */
static inline gint64 unpark_task_clip(UnparkStore *store, gint64 ns) {
  return ns == UNPARK_NONE
             ? ns
             : CLAMP(ns, unpark_store_source(store)->start_ns, unpark_store_source(store)->end_ns);
}

/* Begin and end of a row, put at the trace's ends where it does not have them; from <= to. FALSE:
 * it has not both. */
static inline gboolean unpark_task_time(UnparkStore *store, gint64 start_ns, gint64 end_ns,
                                        gint64 *from_ns, gint64 *to_ns) {
  gint64 start = unpark_task_clip(store, start_ns), end = unpark_task_clip(store, end_ns);
  gboolean both = start != UNPARK_NONE && end != UNPARK_NONE && start <= end;
  *from_ns = start == UNPARK_NONE ? unpark_store_source(store)->start_ns : start;
  *to_ns = both || (start == UNPARK_NONE && end != UNPARK_NONE)
               ? end
               : unpark_store_source(store)->end_ns;
  return both;
}

/* Whether the goroutine that began the task worked for it all the time: it has regions of it, or
 * nobody has. */
static inline gboolean unpark_task_kept(gboolean own_regions, gboolean other_regions) {
  return own_regions || !other_regions;
}

/* NULL is allowed. */
void unpark_task_states_free(UnparkTaskStates *states);
