/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processors: which thread has which. */
#include "importers/gotrace/order.h"
#include "importers/gotrace/wire.h"

/* Takes p away from whoever has it. */
static void unbind(GotraceOrder *o, GotraceProc *p, gint64 time_ns) {
  if (p->thread)
    gotrace_bind(o, p->thread, NULL, time_ns);
}

static GotraceResult proc_start(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceProc *p = gotrace_find_proc(o, c->args[0]);
  if (!o->force &&
      (!p || p->status != PROC_IDLE || !gotrace_follows(o, c->args[1], &p->seq) || m->p))
    return GOTRACE_LATER;
  if (m->id == -1)
    return GOTRACE_BAD;
  gint64 time = gotrace_stamp(o, c->time);
  if (o->force) {
    if (!p)
      p = gotrace_add_proc(o, c->args[0], PROC_IDLE);
    unbind(o, p, time);
    if (m->p)
      m->p->status = PROC_IDLE;
  }
  p->status = PROC_RUNNING;
  gotrace_set_seq(o, &p->seq, c->args[1]);
  gotrace_bind(o, m, p, time);
  return GOTRACE_DONE;
}

static GotraceResult proc_stop(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (m->id == -1 || !m->p || (m->p->status != PROC_RUNNING && m->p->status != PROC_SYSCALL))
    return GOTRACE_BAD;
  m->p->status = PROC_IDLE;
  gotrace_bind(o, m, NULL, gotrace_stamp(o, c->time));
  return GOTRACE_DONE;
}

static GotraceResult proc_steal(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceProc *p = gotrace_find_proc(o, c->args[0]);
  if (!o->force && (!p || (p->status != PROC_SYSCALL && p->status != PROC_SYSCALL_ABANDONED) ||
                    !gotrace_follows(o, c->args[1], &p->seq)))
    return GOTRACE_LATER;
  if (!p || m->id == -1)
    return GOTRACE_BAD;
  gboolean abandoned = p->status == PROC_SYSCALL_ABANDONED;
  if (!abandoned && !o->force) {
    GotraceThread *from = (gint64)c->args[2] == m->id ? m : gotrace_find_thread(o, c->args[2]);
    if (!from || from->p != p)
      return GOTRACE_BAD;
  }
  gint64 time = gotrace_stamp(o, c->time);
  p->status = PROC_IDLE;
  gotrace_set_seq(o, &p->seq, c->args[1]);
  if (!abandoned)
    unbind(o, p, time);
  return GOTRACE_DONE;
}

static GotraceResult proc_status(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  guint64 status = c->args[1];
  GotraceProc *p = gotrace_find_proc(o, c->args[0]);
  if (status == PROC_BAD || status >= PROC_N_STATUS)
    return GOTRACE_BAD;
  gint64 time = gotrace_stamp(o, c->time);
  if (!p) {
    p = gotrace_add_proc(o, c->args[0], (guint8)status);
  } else if (status != PROC_SYSCALL_ABANDONED ||
             (p->status != PROC_SYSCALL && p->status != PROC_SYSCALL_ABANDONED)) {
    if (p->status != status) {
      /* Events between the generations are missing: what the runtime says now counts. */
      unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "proc-status", 1,
                         "Processor %" G_GINT64_FORMAT " is in another state than its events tell.",
                         p->id);
      p->status = (guint8)status;
    }
  }
  gotrace_set_seq(o, &p->seq, 0);
  if ((status == PROC_RUNNING || status == PROC_SYSCALL) && m->id != -1 && m->p != p) {
    unbind(o, p, time);
    gotrace_bind(o, m, p, time);
  }
  return GOTRACE_DONE;
}

GotraceResult gotrace_proc_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  switch (c->type) {
  case EV_PROC_START:
    return proc_start(o, c, m);
  case EV_PROC_STOP:
    return proc_stop(o, c, m);
  case EV_PROC_STEAL:
    return proc_steal(o, c, m);
  default:
    return proc_status(o, c, m);
  }
}
