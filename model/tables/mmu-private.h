/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about mutator utilization share. */
#pragma once

#include "model/tables/mmu.h"

typedef enum { UNPARK_MMU_EVENT_PROCS, UNPARK_MMU_EVENT_STW, UNPARK_MMU_EVENT_PROC } UnparkMmuType;

typedef struct {
  gint64 time_ns;
  gint64 proc; /* of PROC; of PROCS how many there are from now on */
  gint8 delta; /* 1: begins, -1: ends */
  guint8 type; /* UnparkMmuType */
  guint8 rank; /* among equal times */
} UnparkMmuEvent;

/* Events in order. NULL with *error. */
GArray *unpark_mmu_load(UnparkStore *store, guint flags, GCancellable *cancellable, GError **error);

/* The time of the next event of any kind after each of the ascending `times`, in their place; the
 * end of the trace where there is none. FALSE with *error. */
gboolean unpark_mmu_next_times(UnparkStore *store, GArray *times, GCancellable *cancellable,
                               GError **error);
