/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which goroutine of which execution trace a span ran on. Steps, each with what the ones
 * before left:
 *
 *   ids        a trace logs the span's id; the log's goroutine is the span's
 *   processes  which trace recorded the process of a span: where its ids are logged, or else where
 *              tasks of the names of its spans begin and end when these do
 *   tasks      OpenTelemetry's SDK makes a task for a span, of the span's name, right after the
 *              span begins and right after it ends, within the task of the span's parent
 *   labels     a dump has goroutines whose labels have the span's id
 *
 * A task is given to one span only. Times are those of the common axis.
 */
#pragma once

#include "model/spans/private.h"

typedef struct {
  guint32 name; /* text of the spans */
  gint64 id, parent, goroutine;
  gint64 start_ns, end_ns; /* end: UNPARK_NONE: not over */
  gboolean taken;
} UnparkJoinTask;

/* Of one source. */
typedef struct {
  UnparkJoinTask *tasks; /* by name and start; only those of a name that a span has */
  guint n;
  guint *by_id;          /* numbers of tasks, by their id */
  guint *by_parent;      /* numbers of tasks, by parent, name and start */
  gint64 from_ns, to_ns; /* that the trace covers */
  gint32 process;        /* whose it is; -1: nobody's */
} UnparkJoinTrace;

typedef struct {
  UnparkTraces *traces;
  const UnparkSourceEntry *sources;
  guint n_sources;
  UnparkJoinTrace *of; /* by source; nothing in it for other kinds of source */
  guint32 *process;    /* by resource: number of its process */
  guint n_processes;
  guint32 *votes; /* by process and source: logged ids */
} UnparkJoin;

/* Of the tasks with this id; NULL: there is none. */
UnparkJoinTask *unpark_join_task(const UnparkJoinTrace *trace, gint64 id);
/* The numbers [*first, *last) of by_parent with this parent and name. */
void unpark_join_children(const UnparkJoinTrace *trace, gint64 parent, guint32 name, guint *first,
                          guint *last);
/* The numbers [*first, *last) of tasks with this name. */
void unpark_join_named(const UnparkJoinTrace *trace, guint32 name, guint *first, guint *last);

/* Worker. Reads the tasks of all traces. */
gboolean unpark_join_read(UnparkJoin *join, GError **error);
void unpark_join_clear(UnparkJoin *join);

/* How badly the task's times fit the span's. It begins and ends after the span by microseconds, but
 * as late as a processor is busy where the goroutine is preempted in between, which rarely befalls
 * both: so it is the sum of the logarithms of both. */
double unpark_join_misfit(const UnparkTraceSpan *span, const UnparkJoinTask *task);
/* Of a beginning and an end that are both 2 ms late, or one 5 us and the other 0.3 s. */
#define UNPARK_JOIN_MISFIT 12.0
/* Tasks that begin in this time about a span's beginning may be its own; of one name, so many are
 * looked at. */
#define UNPARK_JOIN_BEFORE_NS 1000000
#define UNPARK_JOIN_AFTER_NS 400000000
#define UNPARK_JOIN_LOOKS 256
/* The first of the tasks [first, last), of one name, that begins at `time_ns` or later. */
guint unpark_join_from(const UnparkJoinTrace *trace, guint first, guint last, gint64 time_ns);

/* unpark_traces_join(); without `ids`, as if no trace logged any. */
gboolean unpark_traces_join_by(UnparkTraces *traces, const UnparkSourceEntry *sources, guint n,
                               gboolean ids, GError **error);

/* The steps. */
gboolean unpark_join_ids(UnparkJoin *join, GError **error);
void unpark_join_processes(UnparkJoin *join);
void unpark_join_tasks(UnparkJoin *join);
gboolean unpark_join_labels(UnparkJoin *join, GError **error);

static inline void unpark_join_set(UnparkTraceSpan *span, guint source, gint64 goroutine,
                                   gint64 task, UnparkTraceCertainty certainty) {
  span->join = (UnparkTraceJoin){goroutine, task, (guint16)source, (guint8)certainty};
}
