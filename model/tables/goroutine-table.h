/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines in numbers, and the functions they started in: what each did in a part of the trace.
 *
 * One scan over four columns of the span blocks, on two threads, and one over the ranges; sums are
 * those of the parts of spans that lie in the asked time. Rows of goroutines that did nothing then
 * are left out.
 */
#pragma once

#include "model/store/store.h"

/* Sums of one goroutine, or of all that started in one function. */
typedef struct {
  gint64 state_ns[UNPARK_N_STATES];
  gint64 wait_ns[UNPARK_N_WAITS]; /* of the waiting time, by what it was for */
  gint64 longest_wait_ns;         /* of one wait, within the asked time */
  guint64 n_spans;
} UnparkTally;

typedef struct {
  gint64 id;
  UnparkTally tally;
  gint64 longest_start_ns; /* of the longest wait; UNPARK_NONE */
  gint64 assist_ns;        /* helping the garbage collector mark, within the asked time */
  guint32 function;        /* index into functions */
} UnparkGoroutineRow;

typedef struct {
  const char *name;     /* "" if not known; of the store */
  guint32 name_id;      /* string id: the group on the timeline */
  guint32 first, count; /* its rows, by id */
  UnparkTally tally;
  gint64 assist_ns;
  /* Of its rows: created and ended within the asked time, and there at its end. */
  guint32 created, ended, alive;
  /* How long its goroutines were there within the asked time, all states together; percentiles are
   * exact (nearest rank). */
  gint64 mean_ns, p50_ns, p90_ns, p99_ns;
  gboolean system; /* of the runtime itself */
} UnparkFunctionRow;

/* Immutable; atomically reference-counted; keeps the store alive. Any thread. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
  UnparkGoroutineRow *rows; /* by function */
  guint n_rows;
  UnparkFunctionRow *functions; /* most waiting first, those of the runtime after all others */
  guint n_functions;
} UnparkGoroutineTable;

/* Worker. [G_MININT64 + 1, G_MAXINT64]: the whole trace. `ids`: ascending, the goroutines that
 * count; NULL: all. NULL with *error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkGoroutineTable *unpark_goroutine_table_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                                 const gint64 *ids, guint n_ids,
                                                 GCancellable *cancellable, GError **error);
UnparkGoroutineTable *unpark_goroutine_table_ref(UnparkGoroutineTable *table);
void unpark_goroutine_table_unref(UnparkGoroutineTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkGoroutineTable, unpark_goroutine_table_unref)

/* All of it together. */
void unpark_tally_add(UnparkTally *into, const UnparkTally *from);
gint64 unpark_tally_total(const UnparkTally *tally);
