/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long things took, as distributions: waiting for a processor, waits, system calls, pauses of
 * the runtime, regions and tasks.
 *
 * One scan over the needed columns of the blocks, on two threads: about 0.3 s for 20 million
 * spans. What touches the asked time counts with its whole length; what had not ended when the
 * trace did, or began before it, does not count, for its length is not known.
 */
#pragma once

#include "model/base/histogram.h"
#include "model/store/store.h"

typedef enum {
  UNPARK_LATENCY_SCHED,   /* runnable until it ran: the rows of sched_latency */
  UNPARK_LATENCY_WAIT,    /* waiting */
  UNPARK_LATENCY_SYSCALL, /* in system calls */
  UNPARK_LATENCY_RUN,     /* running without a break */
  UNPARK_LATENCY_RANGE,   /* collections, stop-the-world, assists, sweeps */
  UNPARK_LATENCY_REGION,
  UNPARK_LATENCY_TASK,
  UNPARK_N_LATENCIES
} UnparkLatencyMeasure;

/* Any thread. Whether the store has anything of it; the answer is immediate. */
gboolean unpark_latency_applies(UnparkStore *store, UnparkLatencyMeasure measure);

typedef enum {
  UNPARK_LATENCY_BY_NAME,  /* cause, reason, name of range, region or task */
  UNPARK_LATENCY_BY_ENTRY, /* function that the goroutine started in */
  UNPARK_LATENCY_BY_PROC,  /* processor of the span, as SQL has it; of ranges that are of one */
} UnparkLatencyGrouping;

typedef struct {
  UnparkLatencyMeasure measure;
  UnparkLatencyGrouping grouping;
  gint64 from_ns, to_ns;    /* [G_MININT64 + 1, G_MAXINT64]: all */
  const gint64 *goroutines; /* ascending ids; NULL: all. Must outlive the call only */
  guint n_goroutines;
  const char *prefix; /* of ranges: only those whose name begins with it; NULL: all */
} UnparkLatencySpec;

/* One of those that took longest. */
typedef struct {
  gint64 goroutine; /* UNPARK_NONE: of a range that is not about one */
  gint64 start_ns, end_ns;
  const char *entry; /* function the goroutine started in; "" if not known; of the store */
} UnparkLatencyCase;

#define UNPARK_LATENCY_CASES 200   /* kept by series */
#define UNPARK_LATENCY_COLUMNS 240 /* of the heat map */
#define UNPARK_LATENCY_ROWS 108    /* three to a power of two, from 32 ns on */
#define UNPARK_LATENCY_SERIES 1024 /* more are one, the last, with the name "" */

typedef struct {
  /* As the trace has it; "" if it has none. Causes: unpark_cause_name(). Of a processor its
   * number. */
  char *name;
  UnparkState state;
  UnparkWait wait; /* kind of the wait, for its colour */
  UnparkHistogram histogram;
  guint64 key;              /* of the store: what its rows have in common */
  guint32 *heat;            /* COLUMNS * ROWS counts, by column: time of the beginning */
  UnparkLatencyCase *cases; /* longest first */
  guint n_cases;
} UnparkLatencySeries;

/* Immutable; atomically reference-counted; keeps the store alive. Any thread. */
typedef struct {
  UnparkStore *store;
  UnparkLatencyMeasure measure;
  UnparkLatencyGrouping grouping;
  gint64 heat_from_ns, heat_to_ns; /* time of the heat map's columns; from < to */
  UnparkLatencySeries all;
  UnparkLatencySeries *series; /* greatest total first */
  guint n_series;
} UnparkLatency;

/* Row 0: everything; row i: series i - 1. */
static inline const UnparkLatencySeries *unpark_latency_row(const UnparkLatency *latency,
                                                            guint32 row) {
  return row == 0 ? &latency->all : &latency->series[row - 1];
}

/* ---- Those of some lengths ----------------------------------------------------------------- */

#define UNPARK_LATENCY_LIST 100000 /* more are counted, but only the longest so many are listed */

/* All of a row whose length is in [from_ns, to_ns). Immutable; atomically reference-counted; keeps
 * the store alive. Any thread. */
typedef struct {
  UnparkLatency *latency;
  gint64 from_ns, to_ns;
  UnparkLatencyCase *cases; /* longest first */
  guint n;
  guint64 n_all;
} UnparkLatencyList;

/* Worker. `spec`: what `latency` was made with. NULL with *error: as unpark_latency_new(). */
UnparkLatencyList *unpark_latency_list_new(UnparkLatency *latency, const UnparkLatencySpec *spec,
                                           guint32 row, gint64 from_ns, gint64 to_ns,
                                           GCancellable *cancellable, GError **error);
UnparkLatencyList *unpark_latency_list_ref(UnparkLatencyList *list);
void unpark_latency_list_unref(UnparkLatencyList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkLatencyList, unpark_latency_list_unref)

/* ---- The heat map --------------------------------------------------------------------------- */

/* Row 0 begins at 0, row i at unpark_latency_row_from(i); the last has no end. */
double unpark_latency_row_from(guint row);

/* Worker. NULL with *error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkLatency *unpark_latency_new(UnparkStore *store, const UnparkLatencySpec *spec,
                                  GCancellable *cancellable, GError **error);
UnparkLatency *unpark_latency_ref(UnparkLatency *latency);
void unpark_latency_unref(UnparkLatency *latency);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkLatency, unpark_latency_unref)
