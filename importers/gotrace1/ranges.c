/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "importers/gotrace1/replay.h"

enum { RANGE_GC, RANGE_SWEEP, RANGE_ASSIST, RANGE_STOP };
enum { METRIC_PROCS, METRIC_HEAP, METRIC_GOAL };

/* Open stop-the-world ranges: one, unless the trace is damaged. */
#define STOPS_MAX 64u

typedef struct {
  guint32 name;
  gint64 g; /* shown id */
  gint64 start;
  guint32 stack;
} Stop;

static guint32 intern(UnparkV1Replay *replay, const char *text) {
  return unpark_writer_string(replay->writer, text, strlen(text));
}

void unpark_v1_ranges_init(UnparkV1Replay *replay) {
  replay->range_names[RANGE_GC] = intern(replay, "GC concurrent mark phase");
  replay->range_names[RANGE_SWEEP] = intern(replay, "GC incremental sweep");
  replay->range_names[RANGE_ASSIST] = intern(replay, "GC mark assist");
  replay->range_names[RANGE_STOP] = intern(replay, "stop-the-world ()");
  replay->metric_names[METRIC_PROCS] = intern(replay, "/sched/gomaxprocs:threads");
  replay->metric_names[METRIC_HEAP] = intern(replay, "/memory/classes/heap/objects:bytes");
  replay->metric_names[METRIC_GOAL] = intern(replay, "/gc/heap/goal:bytes");
  replay->stop_name = replay->range_names[RANGE_STOP];
  replay->stops = g_array_new(FALSE, FALSE, sizeof(Stop));
  replay->gc_start = UNPARK_NONE;
}

static void write_range(UnparkV1Replay *replay, guint32 name, UnparkScope scope, gint64 scope_id,
                        gint64 start, gint64 end, guint32 stack) {
  gint64 row[] = {name, scope, scope_id, start, end, stack};
  unpark_writer_append(replay->writer, UNPARK_TABLE_RANGE, row);
}

static void write_metric(UnparkV1Replay *replay, guint metric, gint64 time_ns, guint64 value) {
  gint64 row[] = {replay->metric_names[metric], time_ns, (gint64)value};
  unpark_writer_append(replay->writer, UNPARK_TABLE_METRIC, row);
}

/* Why the world is stopped, by the number of the event: two before Go 1.21. */
static guint32 stop_name(UnparkV1Replay *replay, guint64 number) {
  static const char *const reasons[] = {"",
                                        "GC mark termination",
                                        "GC sweep termination",
                                        "write heap dump",
                                        "goroutine profile",
                                        "goroutine profile cleanup",
                                        "all goroutine stack trace",
                                        "read mem stats",
                                        "AllThreadsSyscall",
                                        "GOMAXPROCS",
                                        "start trace",
                                        "stop trace",
                                        "CountPagesInUse (test)",
                                        "ReadMetricsSlow (test)",
                                        "ReadMemStatsSlow (test)",
                                        "PageCachePagesLeaked (test)",
                                        "ResetDebugLog (test)"};
  g_autofree char *name = NULL;

  if (replay->version < 21)
    number = number < 2 ? number + 1 : 0;
  if (number >= G_N_ELEMENTS(reasons))
    number = 0;
  name = g_strdup_printf("stop-the-world (%s)", reasons[number]);
  return intern(replay, name);
}

/* The place of the open range of this name and goroutine; stops->len: there is none. */
static guint find_stop(const UnparkV1Replay *replay, gint64 g) {
  guint i = 0;

  for (; i < replay->stops->len; i++) {
    const Stop *stop = &g_array_index(replay->stops, Stop, i);
    if (stop->name == replay->stop_name && stop->g == g)
      break;
  }
  return i;
}

static void begin_stop(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  Stop stop = {.g = unpark_v1_shown_id(event->g), .start = time_ns};

  stop.name = replay->stop_name = stop_name(replay, event->args[0]);
  if (find_stop(replay, stop.g) == replay->stops->len && replay->stops->len < STOPS_MAX)
    g_array_append_val(replay->stops, stop);
}

static void end_stop(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  guint i = find_stop(replay, unpark_v1_shown_id(event->g));
  Stop stop;

  if (i == replay->stops->len)
    return;
  stop = g_array_index(replay->stops, Stop, i);
  g_array_remove_index(replay->stops, i);
  write_range(replay, stop.name, UNPARK_SCOPE_GOROUTINE, stop.g, stop.start, time_ns, stop.stack);
}

static void end_gc(UnparkV1Replay *replay, gint64 end_ns) {
  if (replay->gc_start != UNPARK_NONE)
    write_range(replay, replay->range_names[RANGE_GC], UNPARK_SCOPE_GLOBAL, UNPARK_NONE,
                replay->gc_start, end_ns, replay->gc_stack);
  replay->gc_start = UNPARK_NONE;
}

static void end_sweep(UnparkV1Replay *replay, UnparkV1Proc *proc, gint64 end_ns) {
  if (proc->sweep_start != UNPARK_NONE)
    write_range(replay, replay->range_names[RANGE_SWEEP], UNPARK_SCOPE_PROC,
                proc->pid < 0 ? UNPARK_NONE : proc->pid, proc->sweep_start, end_ns,
                proc->sweep_stack);
  proc->sweep_start = UNPARK_NONE;
}

static void end_assist(UnparkV1Replay *replay, UnparkV1Goroutine *g, gint64 end_ns) {
  if (g->assist_start != UNPARK_NONE)
    write_range(replay, replay->range_names[RANGE_ASSIST], UNPARK_SCOPE_GOROUTINE,
                unpark_v1_shown_id(g->id), g->assist_start, end_ns, g->assist_stack);
  g->assist_start = UNPARK_NONE;
}

static void begin(UnparkV1Replay *replay, gint64 *start, guint32 *stack, const UnparkV1Event *event,
                  gint64 time_ns) {
  if (*start != UNPARK_NONE)
    return;
  *start = time_ns;
  *stack = unpark_v1_tables_stack(replay->tables, event->stack);
}

static void assist(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  UnparkV1Goroutine *g;

  if (event->g == 0)
    return;
  g = unpark_v1_goroutines_get(replay->goroutines, event->g);
  if (event->type == UNPARK_V1_GC_MARK_ASSIST_START)
    begin(replay, &g->assist_start, &g->assist_stack, event, time_ns);
  else
    end_assist(replay, g, time_ns);
}

void unpark_v1_ranges_event(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                            gint64 time_ns) {
  switch (event->type) {
  case UNPARK_V1_GOMAXPROCS:
    write_metric(replay, METRIC_PROCS, time_ns, event->args[0]);
    break;
  case UNPARK_V1_HEAP_ALLOC:
    write_metric(replay, METRIC_HEAP, time_ns, event->args[0]);
    break;
  case UNPARK_V1_HEAP_GOAL:
    write_metric(replay, METRIC_GOAL, time_ns, event->args[0]);
    break;
  case UNPARK_V1_GC_START:
    begin(replay, &replay->gc_start, &replay->gc_stack, event, time_ns);
    break;
  case UNPARK_V1_GC_DONE:
    end_gc(replay, time_ns);
    break;
  case UNPARK_V1_STW_START:
    begin_stop(replay, event, time_ns);
    break;
  case UNPARK_V1_STW_DONE:
    end_stop(replay, event, time_ns);
    break;
  case UNPARK_V1_GC_SWEEP_START:
    begin(replay, &proc->sweep_start, &proc->sweep_stack, event, time_ns);
    break;
  case UNPARK_V1_GC_SWEEP_DONE:
    end_sweep(replay, proc, time_ns);
    break;
  default:
    assist(replay, event, time_ns);
    break;
  }
}

void unpark_v1_ranges_end_goroutine(UnparkV1Replay *replay, UnparkV1Goroutine *goroutine) {
  end_assist(replay, goroutine, UNPARK_NONE);
}

void unpark_v1_ranges_finish(UnparkV1Replay *replay) {
  for (guint i = 0; i < replay->stops->len; i++) {
    const Stop *stop = &g_array_index(replay->stops, Stop, i);
    write_range(replay, stop->name, UNPARK_SCOPE_GOROUTINE, stop->g, stop->start, UNPARK_NONE,
                stop->stack);
  }
  for (guint i = 0; i < replay->n_procs; i++)
    end_sweep(replay, &replay->procs[i], UNPARK_NONE);
  end_gc(replay, UNPARK_NONE);
}
