/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/lost.h"

#include "importers/gotrace/wire.h"

/* An event that is this far behind others waits no longer. */
#define WAIT_NS ((gint64)20000000)

typedef enum { OF_GO = 1, OF_PROC, OF_GC } Whose;

/* Two different ones that get equal keys would only make an event wait longer. */
static guint64 key_of(Whose whose, guint64 id, guint64 seq) {
  guint64 key = (id << 2 | whose) * 0x9e3779b97f4a7c15u;

  key = (key ^ key >> 29 ^ seq) * 0xbf58476d1ce4e5b9u;
  return key ^ key >> 32;
}

static gint compare_keys(gconstpointer a, gconstpointer b) {
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;

  return x < y ? -1 : x > y;
}

static void add(GArray *index, Whose whose, guint64 id, guint64 seq) {
  guint64 key = key_of(whose, id, seq);

  g_array_append_val(index, key);
}

/* ---- The index --------------------------------------------------------------------------- */

/* `proc`: the one that the thread has as far as its own events tell. */
static void add_event(GArray *index, guint8 type, const guint64 *args, guint64 *proc) {
  switch (type) {
  case EV_GO_CREATE:
  case EV_GO_CREATE_BLOCKED:
  case EV_GO_CREATE_SYSCALL:
  case EV_GO_STATUS:
  case EV_GO_STATUS_STACK:
    add(index, OF_GO, args[0], 0);
    break;
  case EV_GO_START:
  case EV_GO_UNBLOCK:
  case EV_GO_SWITCH:
  case EV_GO_SWITCH_DESTROY:
    add(index, OF_GO, args[0], args[1]);
    break;
  case EV_PROC_STATUS:
    add(index, OF_PROC, args[0], 0);
    if (args[1] == PROC_RUNNING || args[1] == PROC_SYSCALL)
      *proc = args[0];
    break;
  case EV_PROC_START:
    *proc = args[0];
    add(index, OF_PROC, args[0], args[1]);
    break;
  case EV_PROC_STEAL:
    add(index, OF_PROC, args[0], args[1]);
    break;
  case EV_GO_SYSCALL_BEGIN:
    add(index, OF_PROC, *proc, args[0]);
    break;
  case EV_GC_ACTIVE:
  case EV_GC_BEGIN:
  case EV_GC_END:
    add(index, OF_GC, 0, args[0]);
    break;
  default:
    break;
  }
}

static void add_batch(GArray *index, const GotraceBatch *batch, guint64 *proc) {
  const guint8 *p = batch->data, *end = p + batch->size;

  while (p < end) {
    guint8 type = *p++;
    guint n = gotrace_timed_args[type];
    guint64 values[5] = {0};

    if (n == 0)
      return;
    for (guint i = 0; i < n; i++)
      if (!gotrace_varint(&p, end, &values[i]))
        return;
    add_event(index, type, values + 1, proc);
  }
}

GArray *gotrace_lost_index(const GotraceGeneration *g) {
  GArray *index = g_array_new(FALSE, FALSE, sizeof(guint64));

  for (guint i = 0; i < g->threads->len; i++) {
    guint64 proc = G_MAXUINT64;

    for (const GotraceBatch *batch = g_array_index(g->threads, GotraceThreadBatches, i).first;
         batch; batch = batch->next)
      add_batch(index, batch, &proc);
  }
  g_array_sort(index, compare_keys);
  return index;
}

static gboolean is_there(GotraceOrder *o, Whose whose, guint64 id, guint64 seq) {
  guint64 key = key_of(whose, id, seq);

  return g_array_binary_search(o->present, &key, compare_keys, NULL);
}

/* ---- What an event waits for ---------------------------------------------------------------- */

GotraceThread *gotrace_thread_of(GotraceOrder *o, const GotraceGo *g) {
  for (gsize i = 0; i <= o->threads.mask; i++) {
    GotraceThread *m = o->threads.slots[i].value;

    if (m && m->g == g)
      return m;
  }
  return NULL;
}

/* The thread has no more events in this generation. */
static gboolean is_over(GotraceOrder *o, const GotraceThread *m) {
  for (guint i = 0; m && i < o->frontier.n; i++)
    if (o->frontier.heap[i].cursor->thread == m)
      return FALSE;
  return TRUE;
}

/* The event with this number cannot follow `before` for want of those between them. */
static gboolean misses(GotraceOrder *o, Whose whose, guint64 id, guint64 seq,
                       const GotraceSeq *before) {
  if (!before || before->generation != o->generation->number)
    return !is_there(o, whose, id, 0);
  return seq <= before->seq || (seq != before->seq + 1 && !is_there(o, whose, id, seq - 1));
}

static gboolean go_is_lost(GotraceOrder *o, const GotraceCursor *c) {
  const GotraceGo *g = gotrace_find_go(o, c->args[0]);

  if (misses(o, OF_GO, c->args[0], c->args[1], g ? &g->seq : NULL))
    return TRUE;
  if (!g || !gotrace_follows(o, c->args[1], &g->seq))
    return FALSE;
  /* Only its own thread can bring it on from here. */
  return (g->status != GO_RUNNING && g->status != GO_SYSCALL) ||
         is_over(o, gotrace_thread_of(o, g));
}

static gboolean proc_is_lost(GotraceOrder *o, const GotraceCursor *c) {
  const GotraceProc *p = gotrace_find_proc(o, c->args[0]), *own = c->thread->p;

  if (misses(o, OF_PROC, c->args[0], c->args[1], p ? &p->seq : NULL))
    return TRUE;
  if (!p || !gotrace_follows(o, c->args[1], &p->seq))
    return FALSE;
  if (c->type == EV_PROC_STEAL)
    return TRUE; /* whatever makes it possible has a number */
  if (p->status != PROC_IDLE)
    return is_over(o, p->thread);
  return own && !is_there(o, OF_PROC, (guint64)own->id, own->seq.seq + 1);
}

gboolean gotrace_is_lost(GotraceOrder *o, const GotraceCursor *c) {
  const GotraceProc *own = c->thread->p;

  if (o->last - c->time > WAIT_NS)
    return TRUE;
  switch (c->type) {
  case EV_GO_START:
  case EV_GO_UNBLOCK:
  case EV_GO_SWITCH:
  case EV_GO_SWITCH_DESTROY:
    return go_is_lost(o, c);
  case EV_PROC_START:
  case EV_PROC_STEAL:
    return proc_is_lost(o, c);
  case EV_GO_SYSCALL_END_BLOCKED:
    return own && !is_there(o, OF_PROC, (guint64)own->id, own->seq.seq + 1);
  case EV_GC_ACTIVE:
  case EV_GC_BEGIN:
  case EV_GC_END:
    return c->args[0] <= o->mark.seq || !is_there(o, OF_GC, 0, c->args[0] - 1);
  default:
    return FALSE;
  }
}
