/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minimum mutator utilization: the least share of the processors that the program itself had in
 * any stretch of a given length, while the garbage collector took the rest.
 *
 * As Go's own reader computes it (internal/trace/gc.go, MutatorUtilizationV2 and MMUCurve): what
 * the switches name takes a whole processor while it runs on it, stop-the-world takes all. Its
 * peculiarities are kept, so that the numbers are those of go tool trace:
 *   - of changes at one time the lowest stays until the next event of any kind;
 *   - a mark worker that starts again is counted twice and stops once: its processor stays taken;
 *   - what begins before GOMAXPROCS is first told is not counted, but its end is.
 * One is not: of an assist that was going on when the trace began, a store has the time at which it
 * was first told, from which on it counts here; the reference corrects what came before.
 * UNPARK_MMU_EXACT has none of the last two: workers count from their label to their stop, and
 * GOMAXPROCS is what is told first from the beginning of the trace on.
 */
#pragma once

#include "model/store/store.h"

typedef enum {
  UNPARK_MMU_STW = 1 << 0,    /* stop-the-world of the collector */
  UNPARK_MMU_GC = 1 << 1,     /* background mark workers, but for idle ones */
  UNPARK_MMU_ASSIST = 1 << 2, /* goroutines that help marking because they allocate */
  UNPARK_MMU_SWEEP = 1 << 3,
  /* Each processor by itself; dedicated workers, which take a processor away from all, do not
   * count. Else one share of all processors. */
  UNPARK_MMU_PER_PROC = 1 << 4,
  UNPARK_MMU_EXACT = 1 << 5,
} UnparkMmuFlags;

#define UNPARK_MMU_ALL (UNPARK_MMU_STW | UNPARK_MMU_GC | UNPARK_MMU_ASSIST | UNPARK_MMU_SWEEP)

/* The program's share from a time on, 0 to 1. */
typedef struct {
  gint64 time_ns;
  double share;
} UnparkMmuChange;

typedef struct {
  UnparkMmuChange *changes; /* ascending; the last, at the end of the trace, is 0 */
  double *sums;             /* of share * ns up to each of them */
  guint n;
} UnparkMmuSeries;

/* A stretch of the asked length. */
typedef struct {
  gint64 start_ns;
  double share;
} UnparkMmuWindow;

/* Immutable. */
typedef struct {
  UnparkMmuSeries *series; /* one; with PER_PROC one for each processor that there was */
  guint n_series;          /* 0: the trace does not have GOMAXPROCS */
} UnparkMmu;

/* Worker. NULL with *error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkMmu *unpark_mmu_new(UnparkStore *store, guint flags, GCancellable *cancellable,
                          GError **error);
void unpark_mmu_free(UnparkMmu *mmu);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkMmu, unpark_mmu_free)

/* Any thread. The least share of all stretches of `window_ns`; a longer one than a series counts
 * as all of it. 1 without series, 0 for a length of 0. */
double unpark_mmu_least(const UnparkMmu *mmu, gint64 window_ns);
/* Any thread. Up to `n` stretches with the least shares that do not overlap, the least first. */
guint unpark_mmu_worst(const UnparkMmu *mmu, gint64 window_ns, UnparkMmuWindow *worst, guint n);
/* Any thread. The lengths to ask for: 1, 2 and 5 of each power of ten from 1 µs on that are at most
 * the duration, and the duration. An array of gint64. */
GArray *unpark_mmu_windows(const UnparkMmu *mmu);
