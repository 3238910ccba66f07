/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks in numbers, by name: how long they took, where their time went, what regions they have.
 *
 * The table is one pass over tasks, regions and logs; the states take a scan over the spans, on two
 * threads, and come later. What touches the asked time counts with its whole length. A task has a
 * length if the trace has both its begin and its end; one without is unfinished: it counts as such
 * and for its states, and in none of the lengths.
 *
 * What a task's time by state is. A region is a stretch of a goroutine's work for a task, a task
 * may begin in one goroutine and end in another, and the trace does not tell in which it ended. So:
 *   - a goroutine's time counts while it is in one of the task's regions;
 *   - that of the goroutine that began the task counts from its begin to its end, unless only
 *     others have regions of the task: then it was handed on to them;
 *   - overlapping stretches of one goroutine count once;
 *   - what child tasks did counts for them.
 * The sum over goroutines may be more, or less, than the task took.
 */
#pragma once

#include "model/tables/goroutine-table.h"

typedef struct {
  gint64 id;
  gint64 parent;           /* id; UNPARK_NONE */
  gint64 goroutine;        /* that began it; UNPARK_NONE */
  gint64 start_ns, end_ns; /* UNPARK_NONE: before the trace; after it */
  gint64 length_ns;        /* within the trace, whether finished or not */
  guint32 number;          /* row of the table `task` */
  guint32 kind;            /* index into kinds */
  guint32 n_goroutines;    /* that took part: began it, or had regions or logs of it */
  guint32 n_regions, n_logs;
} UnparkTaskRow;

/* Regions of one name in tasks of one name. */
typedef struct {
  const char *name; /* "" if it has none; of the store */
  guint32 name_id;
  guint32 kind;
  guint32 n_unfinished; /* not in the numbers below */
  guint64 count;        /* finished */
  gint64 total_ns, longest_ns;
  gint64 longest_start_ns, longest_end_ns, longest_goroutine, longest_number; /* UNPARK_NONE */
} UnparkTaskRegion;

typedef struct {
  const char *name; /* "" if it has none, or it began before the trace; of the store */
  guint32 name_id;
  guint32 first, count; /* its rows, the longest first */
  guint32 n_unfinished; /* of them */
  /* Of those that finished; percentiles are exact (nearest rank). 0 if there are none. */
  gint64 total_ns, p50_ns, p95_ns, p99_ns, longest_ns;
  guint32 first_region, n_regions; /* greatest total first */
} UnparkTaskKind;

/* Where the time went: sums by state, and of the waiting by what for. */
#define UNPARK_TASK_PARTS (3 + UNPARK_N_WAITS)
typedef struct {
  UnparkTally *kinds;                /* by kind */
  gint64 (*rows)[UNPARK_TASK_PARTS]; /* by row: running, runnable, syscall, waits */
} UnparkTaskStates;

/* Atomically reference-counted; keeps the store alive. Never changes but for `states`. Any thread.
 */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
  UnparkTaskRow *rows; /* by kind */
  guint n_rows;
  UnparkTaskKind *kinds; /* greatest total first */
  guint n_kinds;
  UnparkTaskRegion *regions; /* by kind */
  guint n_regions;
  guint32 *by_id; /* rows, ascending by id */
  /* All tasks of the trace that have a parent, ascending by that; `kind` is the name's string id,
   * and what took part is not counted. */
  UnparkTaskRow *children;
  guint n_children;
  UnparkTaskStates *states; /* NULL until counted: unpark_task_table_states() */
} UnparkTaskTable;

typedef struct {
  gint64 from_ns, to_ns;    /* [G_MININT64 + 1, G_MAXINT64]: all */
  const gint64 *goroutines; /* ascending ids: one of them took part; NULL: all */
  guint n_goroutines;
  const gint64 *tasks; /* ascending ids; NULL: all */
  guint n_tasks;
} UnparkTaskSpec;

/* Any thread. Whether there are tasks; the answer is immediate. */
gboolean unpark_tasks_apply(UnparkStore *store);

/* Worker. NULL with *error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED. */
UnparkTaskTable *unpark_task_table_new(UnparkStore *store, const UnparkTaskSpec *spec,
                                       GCancellable *cancellable, GError **error);
UnparkTaskTable *unpark_task_table_ref(UnparkTaskTable *table);
void unpark_task_table_unref(UnparkTaskTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTaskTable, unpark_task_table_unref)

/* Worker. Counts the time by state and puts it into the table; at once if it was counted before.
 * FALSE with *error as above. */
gboolean unpark_task_table_count(UnparkTaskTable *table, GCancellable *cancellable, GError **error);
/* Any thread. NULL: not counted yet. */
const UnparkTaskStates *unpark_task_table_states(const UnparkTaskTable *table);
/* Any thread. All zero if not counted yet. */
void unpark_task_row_tally(const UnparkTaskTable *table, guint32 row, UnparkTally *tally);

/* Tasks of one name on average. */
typedef struct {
  guint n; /* of how many; 0: there are none, and the rest is 0 */
  gint64 length_ns;
  gint64 parts_ns[UNPARK_TASK_PARTS]; /* 0 until the states are counted */
} UnparkTaskMean;

/* Any thread. Of the finished tasks of the kind, the longest first, those from the share `from` to
 * `to` (0.4 to 0.6: the typical ones), but at least one. */
void unpark_task_mean_of(const UnparkTaskTable *table, guint32 kind, double from, double to,
                         UnparkTaskMean *mean);

/* The row of that task; NULL: it is not in the table. */
const UnparkTaskRow *unpark_task_table_find(const UnparkTaskTable *table, gint64 id);
gboolean unpark_task_row_finished(const UnparkTaskRow *row);
