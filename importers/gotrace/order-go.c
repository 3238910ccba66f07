/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines: created, started, stopped, blocked, woken, in system calls. */
#include <string.h>

#include "importers/gotrace/lost.h"
#include "importers/gotrace/order.h"
#include "importers/gotrace/reasons.h"
#include "importers/gotrace/wire.h"

/* A trace that was cut off does not have the texts of the reasons in its last generation. */
static guint32 reason_string(GotraceOrder *o, guint64 string, gboolean stops) {
  const char *text;
  guint len;
  if (!gotrace_string_text(o->generation, string, &text, &len) &&
      (text = gotrace_usual_reason(o->generation->version, string, stops)))
    return unpark_writer_string(o->writer, text, strlen(text));
  return gotrace_string(o->generation, string);
}

/* Kinds of a reason: what GoBlock and GoStop with it mean. */
static const GotraceReasonKinds *reason_kinds(GotraceOrder *o, guint64 string, gboolean stops) {
  GotraceReasonKinds *entry = &o->reasons[string & 255];
  if (G_LIKELY(entry->string == string && (stops ? entry->stop : entry->wait)))
    return entry;
  if (entry->string != string)
    *entry = (GotraceReasonKinds){.string = string};
  guint32 reason = reason_string(o, string, stops);
  if (stops) {
    gboolean preempted = reason == o->reason_preempted;
    entry->stop = unpark_writer_kind(o->writer, UNPARK_STATE_RUNNABLE, reason,
                                     preempted ? UNPARK_CAUSE_PREEMPTED : UNPARK_CAUSE_YIELD);
  } else {
    entry->wait = unpark_writer_kind(o->writer, UNPARK_STATE_WAITING, reason, UNPARK_CAUSE_NONE);
  }
  return entry;
}

static inline void enter(GotraceOrder *o, GotraceGo *g, gint64 time_ns, guint16 kind, guint32 stack,
                         guint32 place) {
  unpark_lane_switch(o->writer, g->lane, time_ns, kind, stack, place, UNPARK_NONE, 0);
}

static inline gint64 current_id(const GotraceThread *m) {
  return m->g ? m->g->id : UNPARK_NONE;
}

/* In the middle of a damaged trace: a goroutine that was never heard of. */
static GotraceGo *invent(GotraceOrder *o, guint64 id, guint8 status, gint64 time_ns) {
  GotraceGo *g = gotrace_add_go(o, id, status);
  g->lane = unpark_writer_lane_new(o->writer, g->id, time_ns, UNPARK_NONE, 0);
  return g;
}

/* Takes g off a thread that other events contradict. */
static void evict(GotraceOrder *o, GotraceThread *m, gint64 time_ns) {
  GotraceGo *g = m->g;
  m->g = NULL;
  if (!g || g->status == GO_BAD)
    return;
  g->status = GO_WAITING;
  enter(o, g, time_ns, o->kinds.waiting, 0, 0);
}

static gboolean runs(const GotraceOrder *o, const GotraceThread *m) {
  return m->id != -1 && m->g && m->g->status == GO_RUNNING && (m->p || o->force);
}

/* g was last heard of on a thread whose further events are missing. */
static void leave_other_thread(GotraceOrder *o, GotraceGo *g) {
  GotraceThread *other = g ? gotrace_thread_of(o, g) : NULL;
  if (other)
    other->g = NULL;
}

static GotraceResult go_create(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->id == -1 || (!m->p && !o->force) || (m->g && m->g->status != GO_RUNNING) ||
      (gint64)c->args[0] < 0 || gotrace_find_go(o, c->args[0]))
    return GOTRACE_BAD;
  gboolean blocked = c->type == EV_GO_CREATE_BLOCKED;
  GotraceGo *g = gotrace_add_go(o, c->args[0], blocked ? GO_WAITING : GO_RUNNABLE);
  gint64 time = gotrace_stamp(o, c->time), creator = current_id(m);
  guint32 stack = gotrace_stack(o->generation, c->args[1]);
  g->lane = unpark_writer_lane_new(o->writer, g->id, time, creator,
                                   gotrace_stack(o->generation, c->args[2]));
  enter(o, g, time, blocked ? o->kinds.waiting : o->kinds.created, stack, 0);
  return GOTRACE_DONE;
}

static GotraceResult go_create_syscall(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->id == -1 || m->g || (gint64)c->args[0] < 0 || gotrace_find_go(o, c->args[0]))
    return GOTRACE_BAD;
  GotraceGo *g = gotrace_add_go(o, c->args[0], GO_SYSCALL);
  gint64 time = gotrace_stamp(o, c->time);
  g->lane = unpark_writer_lane_new(o->writer, g->id, time, UNPARK_NONE, 0);
  enter(o, g, time, o->kinds.syscall, 0, m->place);
  m->g = g;
  return GOTRACE_DONE;
}

static GotraceResult go_start(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceGo *g = gotrace_find_go(o, c->args[0]);
  if (!o->force) {
    if (!g || g->status != GO_RUNNABLE || !gotrace_follows(o, c->args[1], &g->seq))
      return GOTRACE_LATER;
    if (m->id == -1 || !m->p || m->g)
      return GOTRACE_BAD;
  }
  if (m->id == -1 || (gint64)c->args[0] < 0)
    return GOTRACE_BAD;
  gint64 time = gotrace_stamp(o, c->time);
  if (G_UNLIKELY(o->force)) {
    leave_other_thread(o, g);
    if (m->g)
      evict(o, m, time);
    if (!g)
      g = invent(o, c->args[0], GO_RUNNABLE, time);
  }
  g->status = GO_RUNNING;
  gotrace_set_seq(o, &g->seq, c->args[1]);
  m->g = g;
  enter(o, g, time, o->kinds.running, 0, m->place);
  return GOTRACE_DONE;
}

/* GoDestroy, GoStop, GoBlock: the running goroutine leaves its thread. */
static GotraceResult go_leave(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (!runs(o, m))
    return GOTRACE_BAD;
  GotraceGo *g = m->g;
  gint64 time = gotrace_stamp(o, c->time);
  m->g = NULL;
  if (c->type == EV_GO_DESTROY) {
    unpark_lane_end(o->writer, g->lane, time);
    gotrace_remove_go(o, g);
    return GOTRACE_DONE;
  }
  gboolean stops = c->type == EV_GO_STOP;
  const GotraceReasonKinds *kinds = reason_kinds(o, c->args[0], stops);
  guint32 stack = gotrace_stack(o->generation, c->args[1]);
  g->status = stops ? GO_RUNNABLE : GO_WAITING;
  enter(o, g, time, stops ? kinds->stop : kinds->wait, stack, 0);
  return GOTRACE_DONE;
}

static GotraceResult go_unblock(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceGo *g = gotrace_find_go(o, c->args[0]);
  if (!o->force && (!g || g->status != GO_WAITING || !gotrace_follows(o, c->args[1], &g->seq)))
    return GOTRACE_LATER;
  if ((gint64)c->args[0] < 0)
    return GOTRACE_BAD;
  gint64 time = gotrace_stamp(o, c->time);
  if (!g)
    g = invent(o, c->args[0], GO_WAITING, time);
  else if (g->status != GO_WAITING)
    leave_other_thread(o, g);
  g->status = GO_RUNNABLE;
  gotrace_set_seq(o, &g->seq, c->args[1]);
  unpark_lane_switch(o->writer, g->lane, time, o->kinds.woken, 0, 0, current_id(m),
                     gotrace_stack(o->generation, c->args[2]));
  return GOTRACE_DONE;
}

/* A coroutine switch is three events: the next one is woken, the current one blocks or ends, the
 * next one starts. */
static GotraceResult go_switch(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (!runs(o, m))
    return GOTRACE_BAD;
  GotraceGo *current = m->g, *next = gotrace_find_go(o, c->args[0]);
  if (!o->force &&
      (!next || next->status != GO_WAITING || !gotrace_follows(o, c->args[1], &next->seq)))
    return GOTRACE_LATER;
  if ((gint64)c->args[0] < 0 || next == current)
    return GOTRACE_BAD;
  gint64 time = gotrace_stamp(o, c->time);
  if (!next)
    next = invent(o, c->args[0], GO_WAITING, time);
  else if (next->status != GO_WAITING)
    leave_other_thread(o, next);
  unpark_lane_switch(o->writer, next->lane, time, o->kinds.woken, 0, 0, current->id, 0);
  time = gotrace_stamp(o, c->time);
  if (c->type == EV_GO_SWITCH) {
    current->status = GO_WAITING;
    enter(o, current, time, o->kinds.waiting, 0, 0);
  } else {
    unpark_lane_end(o->writer, current->lane, time);
    gotrace_remove_go(o, current);
  }
  next->status = GO_RUNNING;
  gotrace_set_seq(o, &next->seq, c->args[1]);
  m->g = next;
  enter(o, next, gotrace_stamp(o, c->time), o->kinds.running, 0, m->place);
  o->counts.events += 2;
  return GOTRACE_DONE;
}

static GotraceResult syscall_begin(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (!runs(o, m))
    return GOTRACE_BAD;
  if (m->p && !gotrace_follows(o, c->args[0], &m->p->seq) && !o->present)
    unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "proc-sequence", 1,
                       "A system call of goroutine %" G_GINT64_FORMAT
                       " does not follow its processor's events.",
                       m->g->id);
  m->g->status = GO_SYSCALL;
  if (m->p) {
    m->p->status = PROC_SYSCALL;
    gotrace_set_seq(o, &m->p->seq, c->args[0]);
  }
  enter(o, m->g, gotrace_stamp(o, c->time), o->kinds.syscall,
        gotrace_stack(o->generation, c->args[1]), m->place);
  return GOTRACE_DONE;
}

static GotraceResult syscall_end(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  gboolean has_proc = m->p && m->p->status == PROC_SYSCALL;
  if (m->id == -1 || !m->g || m->g->status != GO_SYSCALL || (!has_proc && !o->force))
    return GOTRACE_BAD;
  m->g->status = GO_RUNNING;
  if (m->p)
    m->p->status = PROC_RUNNING;
  enter(o, m->g, gotrace_stamp(o, c->time), o->kinds.running, 0, m->place);
  return GOTRACE_DONE;
}

static GotraceResult syscall_end_blocked(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->p && m->p->status == PROC_SYSCALL) {
    if (!o->force)
      return GOTRACE_LATER; /* its processor is about to be taken */
    m->p->status = PROC_IDLE;
    gotrace_bind(o, m, NULL, o->last - o->t0);
  }
  if (m->id == -1 || !m->g || m->g->status != GO_SYSCALL)
    return GOTRACE_BAD;
  GotraceGo *g = m->g;
  g->status = GO_RUNNABLE;
  m->g = NULL;
  enter(o, g, gotrace_stamp(o, c->time), o->kinds.syscall_ended, 0, 0);
  return GOTRACE_DONE;
}

static GotraceResult go_destroy_syscall(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->id == -1 || !m->g || m->g->status != GO_SYSCALL || (m->p && m->p->status != PROC_SYSCALL))
    return GOTRACE_BAD;
  GotraceGo *g = m->g;
  if (m->p) {
    /* The thread may come back as another: its processor is given up here, which is an
     * event of its own. */
    m->p->status = PROC_SYSCALL_ABANDONED;
    gotrace_bind(o, m, NULL, gotrace_stamp(o, c->time));
    o->counts.events++;
  }
  m->g = NULL;
  unpark_lane_end(o->writer, g->lane, gotrace_stamp(o, c->time));
  gotrace_remove_go(o, g);
  return GOTRACE_DONE;
}

/* ---- status at the start of a generation ------------------------------------------- */

static guint16 status_kind(GotraceOrder *o, guint64 status) {
  switch (status) {
  case GO_RUNNABLE:
    return o->kinds.runnable;
  case GO_RUNNING:
    return o->kinds.running;
  case GO_SYSCALL:
    return o->kinds.syscall;
  default:
    return o->kinds.waiting;
  }
}

/* The thread that g is on, where its status says that it is on one. NULL: contradiction. */
static GotraceThread *status_thread(GotraceOrder *o, GotraceCursor *c, GotraceThread *m,
                                    GotraceGo *g, gboolean *binds) {
  guint64 status = c->args[2];
  gint64 thread = (gint64)c->args[1];
  *binds = status == GO_RUNNING || (status == GO_SYSCALL && thread == m->id);
  if (status != GO_SYSCALL || thread == m->id || thread == -1)
    return m;
  GotraceThread *other = gotrace_find_thread(o, c->args[1]);
  if (!other) {
    other = gotrace_add_thread(o, c->args[1]);
    *binds = TRUE;
  } else if (other->g != g) {
    *binds = other->g == NULL; /* events are missing */
  }
  return other;
}

static GotraceResult go_status(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  guint64 status = c->args[2];
  gboolean binds;
  if (status == GO_BAD || status >= GO_N_STATUS || (gint64)c->args[0] < 0 ||
      (status == GO_SYSCALL && (gint64)c->args[1] == -1))
    return GOTRACE_BAD;
  GotraceGo *g = gotrace_find_go(o, c->args[0]);
  gint64 time = gotrace_stamp(o, c->time), from = time;
  gboolean changes = !g || g->status != status;
  if (!g) {
    if (!gotrace_has_ended(o, c->args[0]))
      from = o->sync_ns;
    if (o->first_generation != o->generation->number)
      unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "goroutine-status", 1,
                         "Goroutine %" G_GUINT64_FORMAT
                         " was never created, but is there in generation %" G_GUINT64_FORMAT ".",
                         c->args[0], o->generation->number);
    g = invent(o, c->args[0], (guint8)status, from);
  } else if (changes) {
    unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "goroutine-status", 1,
                       "Goroutine %" G_GINT64_FORMAT " is in another state than its events tell.",
                       g->id);
    g->status = (guint8)status;
  }
  gotrace_set_seq(o, &g->seq, 0);
  GotraceThread *on = status_thread(o, c, m, g, &binds);
  if (binds && on->id != -1 && on->g != g) {
    if (on->g && on->g->status != GO_BAD)
      evict(o, on, time);
    on->g = g;
  }
  if (changes)
    enter(o, g, from, status_kind(o, status),
          c->type == EV_GO_STATUS_STACK ? gotrace_stack(o->generation, c->args[3]) : 0, on->place);
  return GOTRACE_DONE;
}

/* ---- all events ---------------------------------------------------------------------- */

static GotraceResult alloc_free(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->id == -1)
    return GOTRACE_BAD;
  gotrace_stamp(o, c->time);
  o->counts.alloc_free++;
  return GOTRACE_DONE;
}

const GotraceHandler gotrace_handlers[256] = {
    [EV_PROCS_CHANGE] = gotrace_user_event,
    [EV_PROC_START] = gotrace_proc_event,
    [EV_PROC_STOP] = gotrace_proc_event,
    [EV_PROC_STEAL] = gotrace_proc_event,
    [EV_PROC_STATUS] = gotrace_proc_event,
    [EV_GO_CREATE] = go_create,
    [EV_GO_CREATE_SYSCALL] = go_create_syscall,
    [EV_GO_START] = go_start,
    [EV_GO_DESTROY] = go_leave,
    [EV_GO_DESTROY_SYSCALL] = go_destroy_syscall,
    [EV_GO_STOP] = go_leave,
    [EV_GO_BLOCK] = go_leave,
    [EV_GO_UNBLOCK] = go_unblock,
    [EV_GO_SYSCALL_BEGIN] = syscall_begin,
    [EV_GO_SYSCALL_END] = syscall_end,
    [EV_GO_SYSCALL_END_BLOCKED] = syscall_end_blocked,
    [EV_GO_STATUS] = go_status,
    [EV_STW_BEGIN] = gotrace_range_event,
    [EV_STW_END] = gotrace_range_event,
    [EV_GC_ACTIVE] = gotrace_range_event,
    [EV_GC_BEGIN] = gotrace_range_event,
    [EV_GC_END] = gotrace_range_event,
    [EV_GC_SWEEP_ACTIVE] = gotrace_range_event,
    [EV_GC_SWEEP_BEGIN] = gotrace_range_event,
    [EV_GC_SWEEP_END] = gotrace_range_event,
    [EV_GC_MARK_ASSIST_ACTIVE] = gotrace_range_event,
    [EV_GC_MARK_ASSIST_BEGIN] = gotrace_range_event,
    [EV_GC_MARK_ASSIST_END] = gotrace_range_event,
    [EV_HEAP_ALLOC] = gotrace_user_event,
    [EV_HEAP_GOAL] = gotrace_user_event,
    [EV_GO_LABEL] = gotrace_user_event,
    [EV_USER_TASK_BEGIN] = gotrace_user_event,
    [EV_USER_TASK_END] = gotrace_user_event,
    [EV_USER_REGION_BEGIN] = gotrace_user_event,
    [EV_USER_REGION_END] = gotrace_user_event,
    [EV_USER_LOG] = gotrace_user_event,
    [EV_GO_SWITCH] = go_switch,
    [EV_GO_SWITCH_DESTROY] = go_switch,
    [EV_GO_CREATE_BLOCKED] = go_create,
    [EV_GO_STATUS_STACK] = go_status,
    [EV_ALLOC_FREE_FIRST] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 1] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 2] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 3] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 4] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 5] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 6] = alloc_free,
    [EV_ALLOC_FREE_FIRST + 7] = alloc_free,
    [EV_ALLOC_FREE_LAST] = alloc_free,
};
