/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/replay.h"

#include <string.h>

static void init_kinds(UnparkV1Replay *replay) {
  static const struct {
    UnparkState state;
    UnparkCause cause;
    const char *reason;
  } kinds[UNPARK_N_V1_KINDS] = {
      [UNPARK_V1_KIND_RUNNING] = {UNPARK_STATE_RUNNING, UNPARK_CAUSE_NONE, ""},
      [UNPARK_V1_KIND_SYSCALL] = {UNPARK_STATE_SYSCALL, UNPARK_CAUSE_NONE, ""},
      [UNPARK_V1_KIND_LISTED] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_NONE, ""},
      [UNPARK_V1_KIND_CREATED] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_CREATED, ""},
      [UNPARK_V1_KIND_WOKEN] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_WOKEN, ""},
      [UNPARK_V1_KIND_PREEMPTED] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_PREEMPTED, "preempted"},
      [UNPARK_V1_KIND_YIELDED] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_YIELD, "runtime.Gosched"},
      [UNPARK_V1_KIND_RETURNED] = {UNPARK_STATE_RUNNABLE, UNPARK_CAUSE_SYSCALL, ""},
      [UNPARK_V1_KIND_FOREVER] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "forever"},
      [UNPARK_V1_KIND_SLEEP] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "sleep"},
      [UNPARK_V1_KIND_BLOCK] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, ""},
      [UNPARK_V1_KIND_SEND] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "chan send"},
      [UNPARK_V1_KIND_RECV] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "chan receive"},
      [UNPARK_V1_KIND_SELECT] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "select"},
      [UNPARK_V1_KIND_SYNC] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "sync"},
      [UNPARK_V1_KIND_COND] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "sync.(*Cond).Wait"},
      [UNPARK_V1_KIND_NET] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE, "network"},
      [UNPARK_V1_KIND_ASSIST] = {UNPARK_STATE_WAITING, UNPARK_CAUSE_NONE,
                                 "GC mark assist wait for work"},
  };

  for (guint i = 0; i < UNPARK_N_V1_KINDS; i++)
    replay->kinds[i] = unpark_writer_kind(
        replay->writer, kinds[i].state,
        unpark_writer_string(replay->writer, kinds[i].reason, strlen(kinds[i].reason)),
        kinds[i].cause);
}

static void set_thread(UnparkV1Replay *replay, UnparkV1Proc *proc, gint64 thread) {
  proc->thread = thread;
  proc->place =
      proc->pid < 0 && thread < 0 ? 0 : unpark_writer_place(replay->writer, proc->pid, thread);
  proc->parked = thread < 0 ? 0 : unpark_writer_place(replay->writer, -1, thread);
}

void unpark_v1_replay_init(UnparkV1Replay *replay, const UnparkV1Index *index,
                           UnparkV1Goroutines *goroutines, guint64 ticks_per_second) {
  *replay = (UnparkV1Replay){.writer = index->tables->writer,
                             .tables = index->tables,
                             .goroutines = goroutines,
                             .n_procs = index->procs->len,
                             .version = index->version,
                             .listing = TRUE};
  unpark_v1_clock_init(&replay->clock, ticks_per_second);
  replay->listed = g_array_new(FALSE, FALSE, sizeof(guint64));
  replay->procs = g_new0(UnparkV1Proc, replay->n_procs);
  for (guint i = 0; i < replay->n_procs; i++) {
    UnparkV1Proc *proc = &replay->procs[i];
    proc->pid = g_array_index(index->procs, UnparkV1ProcBatches, i).pid;
    proc->sweep_start = UNPARK_NONE;
    set_thread(replay, proc, -1);
  }
  init_kinds(replay);
  unpark_v1_ranges_init(replay);
  unpark_v1_annotations_init(replay);
}

/* ---- States ------------------------------------------------------------------ */

static UnparkState state_of(UnparkV1Kind kind) {
  if (kind == UNPARK_V1_KIND_RUNNING)
    return UNPARK_STATE_RUNNING;
  if (kind == UNPARK_V1_KIND_SYSCALL)
    return UNPARK_STATE_SYSCALL;
  return kind < UNPARK_V1_KIND_FOREVER ? UNPARK_STATE_RUNNABLE : UNPARK_STATE_WAITING;
}

static void leave_proc(UnparkV1Goroutine *g) {
  if (g->proc)
    g->proc->running = NULL;
  g->proc = NULL;
}

/* Who ends the wait, or creates. */
typedef struct {
  gint64 g;
  guint32 stack;
} Waker;
static const Waker nobody = {UNPARK_NONE, 0};

/* The goroutine's state is that of `kind` from `time_ns` on. */
static void enter(UnparkV1Replay *replay, UnparkV1Goroutine *g, gint64 time_ns, UnparkV1Kind kind,
                  guint32 stack, Waker waker) {
  UnparkState state = state_of(kind);

  if (!g->lane)
    g->lane = unpark_writer_lane_new(replay->writer, (gint64)g->id, time_ns, UNPARK_NONE, 0);
  if (g->state == state) {
    if (g->proc)
      unpark_lane_move(replay->writer, g->lane, time_ns, g->proc->place);
    return;
  }
  g->state = (guint8)state;
  unpark_lane_switch(replay->writer, g->lane, time_ns, replay->kinds[kind], stack,
                     g->proc ? g->proc->place : 0, waker.g, waker.stack);
}

/* The state of a goroutine that was there before the trace began. Behind the list only damage says
 * so, even of one that has ended already. */
static void enter_listed(UnparkV1Replay *replay, UnparkV1Goroutine *g, gint64 time_ns,
                         UnparkV1Kind kind) {
  gboolean from_begin = replay->listing && !g->lane;

  g->expected = FALSE;
  enter(replay, g, from_begin ? unpark_v1_clock_begin(&replay->clock) : time_ns, kind, 0, nobody);
}

/* The goroutine that an event happened on; NULL: none is known. */
static UnparkV1Goroutine *acting(UnparkV1Replay *replay, UnparkV1Proc *proc,
                                 const UnparkV1Event *event) {
  if (event->g != 0)
    return unpark_v1_goroutines_again(replay->goroutines, proc->running, event->g);
  replay->n_meaningless++;
  return NULL;
}

/* The same, for what only a running goroutine can do. */
static UnparkV1Goroutine *runner(UnparkV1Replay *replay, UnparkV1Proc *proc,
                                 const UnparkV1Event *event) {
  UnparkV1Goroutine *g = acting(replay, proc, event);

  if (g && (g->state != UNPARK_STATE_RUNNING || g->proc != proc))
    replay->n_contradicted++;
  return g;
}

static void start(UnparkV1Replay *replay, UnparkV1Proc *proc, UnparkV1Goroutine *g,
                  gint64 time_ns) {
  UnparkV1Goroutine *before = proc->running;

  if (!g) { /* a damaged event: goroutine 0 never runs */
    replay->n_contradicted++;
    return;
  }
  if (before && before != g) {
    /* How it left was lost. */
    replay->n_contradicted++;
    leave_proc(before);
    enter(replay, before, time_ns, UNPARK_V1_KIND_BLOCK, 0, nobody);
  }
  leave_proc(g);
  g->proc = proc;
  proc->running = g;
  if (replay->listing)
    enter_listed(replay, g, time_ns, UNPARK_V1_KIND_RUNNING);
  else
    enter(replay, g, time_ns, UNPARK_V1_KIND_RUNNING, 0, nobody);
}

static void stop(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                 gint64 time_ns, UnparkV1Kind kind) {
  UnparkV1Goroutine *g = runner(replay, proc, event);

  if (!g)
    return;
  leave_proc(g);
  enter(replay, g, time_ns, kind, unpark_v1_tables_stack(replay->tables, event->stack), nobody);
}

static void end(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                gint64 time_ns) {
  UnparkV1Goroutine *g = runner(replay, proc, event);

  if (!g)
    return;
  leave_proc(g);
  unpark_v1_ranges_end_goroutine(replay, g);
  unpark_v1_annotations_end_goroutine(replay, g, time_ns);
  if (g->lane)
    unpark_lane_end(replay->writer, g->lane, time_ns);
  unpark_v1_goroutines_remove(replay->goroutines, g);
}

static void create(UnparkV1Replay *replay, const UnparkV1Event *event, UnparkV1Goroutine *g,
                   gint64 time_ns) {
  Waker creator = {unpark_v1_shown_id(event->g),
                   unpark_v1_tables_stack(replay->tables, event->stack)};

  if (g->lane) { /* it was there already: its end was lost */
    replay->n_contradicted++;
    leave_proc(g);
    unpark_v1_annotations_end_goroutine(replay, g, time_ns);
    unpark_lane_end(replay->writer, g->lane, time_ns);
    g->state = UNPARK_STATE_GONE;
  }
  g->lane =
      unpark_writer_lane_new(replay->writer, (gint64)g->id, time_ns, creator.g, creator.stack);
  enter(replay, g, time_ns, UNPARK_V1_KIND_CREATED,
        unpark_v1_tables_stack(replay->tables, event->args[1]), creator);
}

static void unblock(UnparkV1Replay *replay, const UnparkV1Event *event, UnparkV1Goroutine *g,
                    gint64 time_ns) {
  Waker waker = {unpark_v1_shown_id(event->g),
                 unpark_v1_tables_stack(replay->tables, event->stack)};

  if (g->lane && g->state != UNPARK_STATE_WAITING) {
    replay->n_meaningless++;
    return;
  }
  enter(replay, g, time_ns, UNPARK_V1_KIND_WOKEN, 0, waker);
}

static void enter_syscall(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                          gint64 raw, gboolean blocks) {
  UnparkV1Goroutine *g = runner(replay, proc, event);
  gint64 time_ns = unpark_v1_clock_show(&replay->clock, raw);

  if (g)
    enter(replay, g, time_ns, UNPARK_V1_KIND_SYSCALL,
          unpark_v1_tables_stack(replay->tables, event->stack), nobody);
  if (blocks)
    return;
  time_ns = unpark_v1_clock_show(&replay->clock, raw + 1);
  if (g)
    enter(replay, g, time_ns, UNPARK_V1_KIND_RUNNING, 0, nobody);
}

/* The processor goes on without the goroutine in a syscall. */
static void lose_proc(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Event *event,
                      gint64 raw) {
  UnparkV1Goroutine *g = acting(replay, proc, event);

  if (!g || !g->lane)
    return;
  leave_proc(g);
  unpark_lane_move(replay->writer, g->lane, unpark_v1_clock_beside(&replay->clock, raw),
                   proc->parked);
}

static void exit_syscall(UnparkV1Replay *replay, UnparkV1Goroutine *g, gint64 time_ns) {
  leave_proc(g);
  enter(replay, g, time_ns, UNPARK_V1_KIND_RETURNED, 0, nobody);
}

/* ---- The list of what was there when the trace began -------------------------- */

/* Those about which nothing else was said were runnable. */
static void end_listing(UnparkV1Replay *replay, gint64 raw) {
  for (guint i = 0; i < replay->listed->len; i++) {
    guint64 id = g_array_index(replay->listed, guint64, i);
    UnparkV1Goroutine *g = unpark_v1_goroutines_find(replay->goroutines, id);
    if (!g || !g->expected)
      continue;
    enter_listed(replay, g, unpark_v1_clock_show(&replay->clock, raw), UNPARK_V1_KIND_LISTED);
  }
  g_array_set_size(replay->listed, 0);
  replay->listing = FALSE;
}

/* While the list is written the world stands still: only the network poller may wake
 * goroutines. Other events mean that the first GOMAXPROCS event was lost. */
static gboolean ends_listing(guint type) {
  switch (type) {
  case UNPARK_V1_GO_END:
  case UNPARK_V1_GO_STOP:
  case UNPARK_V1_GO_SCHED:
  case UNPARK_V1_GO_PREEMPT:
  case UNPARK_V1_GO_SLEEP:
  case UNPARK_V1_GO_BLOCK:
  case UNPARK_V1_GO_BLOCK_SEND:
  case UNPARK_V1_GO_BLOCK_RECV:
  case UNPARK_V1_GO_BLOCK_SELECT:
  case UNPARK_V1_GO_BLOCK_SYNC:
  case UNPARK_V1_GO_BLOCK_COND:
  case UNPARK_V1_GO_BLOCK_NET:
  case UNPARK_V1_GO_BLOCK_GC:
  case UNPARK_V1_GO_SYSCALL:
  case UNPARK_V1_GO_SYS_BLOCK:
    return TRUE;
  default:
    return FALSE;
  }
}

/* ---- Events ------------------------------------------------------------------ */

static UnparkV1Kind stop_kind(guint type) {
  switch (type) {
  case UNPARK_V1_GO_STOP:
    return UNPARK_V1_KIND_FOREVER;
  case UNPARK_V1_GO_SCHED:
    return UNPARK_V1_KIND_YIELDED;
  case UNPARK_V1_GO_PREEMPT:
    return UNPARK_V1_KIND_PREEMPTED;
  case UNPARK_V1_GO_SLEEP:
    return UNPARK_V1_KIND_SLEEP;
  case UNPARK_V1_GO_BLOCK_SEND:
    return UNPARK_V1_KIND_SEND;
  case UNPARK_V1_GO_BLOCK_RECV:
    return UNPARK_V1_KIND_RECV;
  case UNPARK_V1_GO_BLOCK_SELECT:
    return UNPARK_V1_KIND_SELECT;
  case UNPARK_V1_GO_BLOCK_SYNC:
    return UNPARK_V1_KIND_SYNC;
  case UNPARK_V1_GO_BLOCK_COND:
    return UNPARK_V1_KIND_COND;
  case UNPARK_V1_GO_BLOCK_NET:
    return UNPARK_V1_KIND_NET;
  case UNPARK_V1_GO_BLOCK_GC:
    return UNPARK_V1_KIND_ASSIST;
  default:
    return UNPARK_V1_KIND_BLOCK;
  }
}

/* The goroutine's labels (what a GC worker does) are an event of their own. */
static void label(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  gint64 row[] = {unpark_v1_shown_id(event->g), time_ns,
                  unpark_v1_tables_string(replay->tables, event->args[2])};
  unpark_writer_append(replay->writer, UNPARK_TABLE_LABEL, row);
}

/* Events that take a time, which has been given to them: `time_ns`. */
static void replay_timed(UnparkV1Replay *replay, UnparkV1Proc *proc, const UnparkV1Item *item,
                         gint64 raw, gint64 time_ns) {
  const UnparkV1Event *event = item->event;
  UnparkV1Goroutine *g = item->subject;

  switch (event->type) {
  case UNPARK_V1_PROC_START:
    set_thread(replay, proc, event->args[0] <= G_MAXINT32 ? (gint64)event->args[0] : -1);
    break;
  case UNPARK_V1_PROC_STOP:
    set_thread(replay, proc, -1);
    break;
  case UNPARK_V1_GO_CREATE:
    create(replay, event, g, time_ns);
    break;
  case UNPARK_V1_GO_START:
    start(replay, proc, g, time_ns);
    break;
  case UNPARK_V1_GO_START_LABEL:
    start(replay, proc, g, time_ns);
    label(replay, event, unpark_v1_clock_show(&replay->clock, raw));
    break;
  case UNPARK_V1_GO_END:
    end(replay, proc, event, time_ns);
    break;
  case UNPARK_V1_GO_UNBLOCK:
    unblock(replay, event, g, time_ns);
    break;
  case UNPARK_V1_GO_SYS_EXIT:
    exit_syscall(replay, g, time_ns);
    break;
  case UNPARK_V1_GO_WAITING:
  case UNPARK_V1_GO_IN_SYSCALL:
    enter_listed(replay, g, time_ns,
                 event->type == UNPARK_V1_GO_WAITING ? UNPARK_V1_KIND_BLOCK
                                                     : UNPARK_V1_KIND_SYSCALL);
    break;
  case UNPARK_V1_USER_TASK_CREATE:
  case UNPARK_V1_USER_TASK_END:
  case UNPARK_V1_USER_REGION:
  case UNPARK_V1_USER_LOG:
    unpark_v1_annotations_event(replay, event, time_ns);
    break;
  case UNPARK_V1_GOMAXPROCS:
  case UNPARK_V1_HEAP_ALLOC:
  case UNPARK_V1_HEAP_GOAL:
  case UNPARK_V1_GC_START:
  case UNPARK_V1_GC_DONE:
  case UNPARK_V1_STW_START:
  case UNPARK_V1_STW_DONE:
  case UNPARK_V1_GC_SWEEP_START:
  case UNPARK_V1_GC_SWEEP_DONE:
  case UNPARK_V1_GC_MARK_ASSIST_START:
  case UNPARK_V1_GC_MARK_ASSIST_DONE:
    unpark_v1_ranges_event(replay, proc, event, time_ns);
    break;
  default:
    stop(replay, proc, event, time_ns, stop_kind(event->type));
    break;
  }
}

/* Ids beyond 63 bits cannot be shown, and there is no goroutine 0. */
static gboolean has_impossible_id(const UnparkV1Event *event) {
  if (event->g > G_MAXINT64 || event->subject > G_MAXINT64)
    return TRUE;
  switch (event->type) {
  case UNPARK_V1_GO_CREATE:
  case UNPARK_V1_GO_UNBLOCK:
  case UNPARK_V1_GO_SYS_EXIT:
  case UNPARK_V1_GO_START:
  case UNPARK_V1_GO_START_LABEL:
  case UNPARK_V1_GO_WAITING:
  case UNPARK_V1_GO_IN_SYSCALL:
    return event->subject == 0;
  default:
    return FALSE;
  }
}

static void replay_event(UnparkV1Replay *replay, const UnparkV1Order *order,
                         const UnparkV1Item *item) {
  const UnparkV1Event *event = item->event;
  UnparkV1Proc *proc = &replay->procs[item->proc];
  gint64 raw = unpark_v1_clock_raw(&replay->clock, event->ticks);

  if (G_UNLIKELY(has_impossible_id(event))) {
    replay->n_meaningless++;
    return;
  }
  if (G_UNLIKELY(replay->listing)) {
    if (event->type == UNPARK_V1_GO_CREATE) {
      item->subject->expected = TRUE;
      g_array_append_val(replay->listed, event->args[0]);
      return;
    }
    if (event->type == UNPARK_V1_GOMAXPROCS || ends_listing(event->type))
      end_listing(replay, raw);
    if (event->type == UNPARK_V1_GOMAXPROCS)
      return;
  }
  if (event->type == UNPARK_V1_GO_SYSCALL)
    enter_syscall(replay, proc, event, raw, unpark_v1_order_syscall_blocks(order, item));
  else if (event->type == UNPARK_V1_GO_SYS_BLOCK)
    lose_proc(replay, proc, event, raw);
  else if (event->type != UNPARK_V1_FUTILE_WAKEUP)
    replay_timed(replay, proc, item, raw, unpark_v1_clock_show(&replay->clock, raw));
}

static void replay_sample(UnparkV1Replay *replay, const UnparkV1Sample *sample) {
  gint64 raw = unpark_v1_clock_raw(&replay->clock, sample->ticks);
  gint64 row[] = {unpark_v1_clock_show(&replay->clock, raw), unpark_v1_shown_id(sample->g),
                  sample->pid < 0 ? UNPARK_NONE : sample->pid, UNPARK_NONE,
                  unpark_v1_tables_stack(replay->tables, sample->stack)};

  unpark_writer_append(replay->writer, UNPARK_TABLE_CPU_SAMPLE, row);
}

void unpark_v1_replay_item(UnparkV1Replay *replay, const UnparkV1Order *order,
                           const UnparkV1Item *item) {
  switch (item->kind) {
  case UNPARK_V1_ITEM_EVENT:
    replay_event(replay, order, item);
    break;
  case UNPARK_V1_ITEM_EXIT: {
    gint64 raw = unpark_v1_clock_raw(&replay->clock, item->exit->real);
    exit_syscall(replay, item->subject, unpark_v1_clock_show(&replay->clock, raw));
    break;
  }
  case UNPARK_V1_ITEM_SAMPLE:
    replay_sample(replay, item->sample);
    break;
  }
}

static void finish_goroutine(UnparkV1Goroutine *g, gpointer data) {
  UnparkV1Replay *replay = data;

  unpark_v1_ranges_end_goroutine(replay, g);
  unpark_v1_annotations_end_goroutine(replay, g, UNPARK_NONE);
}

gint64 unpark_v1_replay_finish(UnparkV1Replay *replay) {
  if (replay->listing)
    end_listing(replay, MAX(replay->clock.last, 0));
  unpark_v1_goroutines_foreach(replay->goroutines, finish_goroutine, replay);
  unpark_v1_ranges_finish(replay);
  unpark_v1_annotations_finish(replay);
  return unpark_v1_clock_end(&replay->clock);
}

void unpark_v1_replay_clear(UnparkV1Replay *replay) {
  g_clear_pointer(&replay->procs, g_free);
  g_clear_pointer(&replay->listed, g_array_unref);
  g_clear_pointer(&replay->stops, g_array_unref);
  g_clear_pointer(&replay->tasks, g_array_unref);
  unpark_v1_map_clear(&replay->task_by_id);
}
