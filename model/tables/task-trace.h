/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task as a tree: its regions, its logs and its child tasks, each where it belongs, and what
 * the goroutines did meanwhile.
 */
#pragma once

#include "model/tables/task-table.h"

/* Tasks below one that are followed, lines, and goroutines whose states are read. */
#define UNPARK_TRACE_TASKS 1000
#define UNPARK_TRACE_LINES 5000
#define UNPARK_TRACE_LANES 100

typedef enum { UNPARK_TRACE_TASK, UNPARK_TRACE_REGION, UNPARK_TRACE_LOG } UnparkTraceType;

typedef struct {
  UnparkTraceType type;
  guint depth;             /* 0: the task itself */
  gint64 start_ns, end_ns; /* UNPARK_NONE: before the trace; after it. Of a log: when */
  gint64 from_ns, to_ns;   /* the same within the trace */
  gint64 goroutine;        /* TASK: that began it; UNPARK_NONE */
  gint64 number;           /* row of the table `task`, `region` or `log` */
  gint64 task;             /* id of the task it is, or is of */
  const char *name;        /* LOG: the message; "" if there is none; of the store */
  const char *category;    /* LOG; else "" */
  /* Index into lanes: who worked; UNPARK_TRACE_NOBODY: a log, a task that was handed on, or a
   * goroutine of which nothing is known. */
  guint lane;
} UnparkTraceLine;

#define UNPARK_TRACE_NOBODY G_MAXUINT

/* Immutable; atomically reference-counted; keeps the store alive. Any thread. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns; /* of the task and all below it */
  /* In the order of a tree: what begins first, first. */
  UnparkTraceLine *lines;
  guint n_lines;
  guint64 n_left_out; /* there are more than fit */
  UnparkLaneItems *lanes;
  guint n_lanes;
} UnparkTaskTrace;

/* Worker. Of the task in row `row` of the table. NULL with *error: UNPARK_ERROR_STORE,
 * G_IO_ERROR_CANCELLED. */
UnparkTaskTrace *unpark_task_trace_new(UnparkTaskTable *table, guint32 row,
                                       GCancellable *cancellable, GError **error);
UnparkTaskTrace *unpark_task_trace_ref(UnparkTaskTrace *trace);
void unpark_task_trace_unref(UnparkTaskTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTaskTrace, unpark_task_trace_unref)
