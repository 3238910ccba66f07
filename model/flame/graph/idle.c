/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which waits are idleness: of pollers, which wait for the world outside, and of workers that have
 * no work. Nothing in a trace says so; three things tell:
 *
 *   - the reason (the runtime calls its own workers idle), or that the wait lasts from end to end
 * of the trace, during which nobody asked the goroutine for anything;
 *   - a frame of the standard library that waits for whatever comes next: the next connection, the
 *     next request on one, the next signal;
 *   - that a goroutine waits again and again in the function it started in, without a call between:
 *     the loop of a worker or a ticker. Once is not enough: the result of one call is waited for
 *     like that, too. */
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/idle.h"

typedef enum { NOT_KNOWN, BUSY, POLLER, RUNTIME, LOOP } Place;

/* Waits of one goroutine at one place, which count if there are no more of them. */
typedef struct {
  gint64 goroutine;
  guint32 stack, group;
  guint n;
  gint64 time_ns, value;
} Held;

struct _UnparkFlameIdle {
  UnparkFlameCollector *c;
  guint8 *places; /* Place, by stack */
  GHashTable *held;
};

static guint held_hash(gconstpointer key) {
  const Held *held = key;
  return g_int64_hash(&held->goroutine) * 31 + held->stack * 2654435761u + held->group;
}

static gboolean held_equal(gconstpointer a, gconstpointer b) {
  const Held *x = a, *y = b;
  return x->goroutine == y->goroutine && x->stack == y->stack && x->group == y->group;
}

UnparkFlameIdle *unpark_flame_idle_new(UnparkFlameCollector *c) {
  UnparkFlameIdle *idle = g_new0(UnparkFlameIdle, 1);
  idle->c = c;
  idle->places = g_new0(guint8, (gsize)c->stacks->n_stacks + 1);
  idle->held = g_hash_table_new_full(held_hash, held_equal, g_free, NULL);
  return idle;
}

void unpark_flame_idle_free(UnparkFlameIdle *idle) {
  if (!idle)
    return;
  g_free(idle->places);
  g_hash_table_unref(idle->held);
  g_free(idle);
}

/* ---- Places ----------------------------------------------------------------------------- */

/* Frames in which nothing is waited for but what may come; `caller`: only if it is called by that.
 */
static const struct {
  const char *function, *caller;
} pollers[] = {
    {"internal/poll.(*FD).Accept", NULL},
    {"net/http.(*connReader).backgroundRead", NULL},
    {"bufio.(*Reader).Peek", "net/http.(*conn).serve"},
    {"net/http.(*conn).readRequest", NULL},
    {"net/http.(*persistConn).readLoop", NULL},
    {"net/http.(*persistConn).writeLoop", NULL},
    {"net/http.(*http2serverConn).readFrames", NULL},
    {"net/http.(*http2clientConnReadLoop).run", NULL},
    {"golang.org/x/net/http2.(*serverConn).readFrames", NULL},
    {"golang.org/x/net/http2.(*clientConnReadLoop).run", NULL},
    {"google.golang.org/grpc/internal/transport.(*http2Client).reader", NULL},
    {"google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams", NULL},
    {"google.golang.org/grpc/internal/transport.(*loopyWriter).run", NULL},
    {"database/sql.(*DB).connectionOpener", NULL},
    {"os/signal.signal_recv", NULL},
};

static gboolean is_poller(const char *function, const char *caller) {
  for (gsize i = 0; i < G_N_ELEMENTS(pollers); i++)
    if (strcmp(pollers[i].function, function) == 0 &&
        (!pollers[i].caller || strcmp(pollers[i].caller, caller) == 0))
      return TRUE;
  return FALSE;
}

static const char *function_of(const UnparkFlameIdle *idle, guint32 node) {
  const UnparkStacks *stacks = idle->c->stacks;
  guint32 frame = node > 0 ? stacks->node_frame[node - 1] : 0;
  const gint64 *row = frame > 0 ? stacks->frames + ((gsize)frame - 1) * 4 : NULL;
  return row ? unpark_store_string(idle->c->store, (guint32)row[0]) : "";
}

/* What a loop waits with. */
static gboolean is_primitive(const char *function) {
  return (g_str_has_prefix(function, "runtime.") && strcmp(function, "runtime.main") != 0) ||
         g_str_has_prefix(function, "time.Sleep") ||
         g_str_has_prefix(function, "sync.(*Cond).Wait") ||
         g_str_has_prefix(function, "sync.runtime_notifyListWait");
}

/* From the innermost frame outwards. */
static Place look_at(const UnparkFlameIdle *idle, guint32 stack) {
  const UnparkStacks *stacks = idle->c->stacks;
  guint32 node = stacks->stack_node[stack - 1];
  gboolean direct = TRUE; /* nothing but what waits so far */
  Place place = BUSY;
  while (node > 0) {
    guint32 parent = stacks->node_parent[node - 1];
    const char *function = function_of(idle, node);
    if (is_poller(function, function_of(idle, parent)))
      return POLLER;
    if (parent == 0 && direct) /* a worker of the runtime, or a loop of the program's */
      place = is_primitive(function) ? RUNTIME : LOOP;
    direct = direct && is_primitive(function);
    node = parent;
  }
  return place;
}

static Place place_of(UnparkFlameIdle *idle, guint32 stack) {
  if (stack == 0 || stack > idle->c->stacks->n_stacks)
    return BUSY;
  if (idle->places[stack] == NOT_KNOWN)
    idle->places[stack] = (guint8)look_at(idle, stack);
  return (Place)idle->places[stack];
}

/* ---- Waits ------------------------------------------------------------------------------- */

/* What a loop may wait for without anybody being late. */
static gboolean may_idle(const UnparkKind *kind) {
  switch (kind->wait) {
  case UNPARK_WAIT_CHANNEL:
  case UNPARK_WAIT_SELECT:
  case UNPARK_WAIT_SLEEP:
    return TRUE;
  case UNPARK_WAIT_SYNC:
    return strstr(kind->reason, "Cond") || strstr(kind->reason, "condition");
  default:
    return FALSE;
  }
}

static void hold(UnparkFlameIdle *idle, const UnparkSpan *span, guint32 group, gint64 value) {
  Held key = {.goroutine = span->goroutine, .stack = span->stack, .group = group};
  Held *held = g_hash_table_lookup(idle->held, &key);
  if (!held) {
    held = g_memdup2(&key, sizeof key);
    held->time_ns = span->start_ns;
    g_hash_table_add(idle->held, held);
  }
  held->n++;
  held->value = unpark_time_add(held->value, value);
}

gboolean unpark_flame_idle_takes(UnparkFlameIdle *idle, const UnparkSpan *span, guint32 group,
                                 gint64 value) {
  const UnparkKind *kind = unpark_store_kind(idle->c->store, span->kind);
  if (!kind || kind->state != UNPARK_STATE_WAITING)
    return FALSE;
  if (kind->wait == UNPARK_WAIT_SYSTEM || strstr(kind->reason, "(idle)") ||
      (span->start_ns <= idle->c->trace_start_ns && span->end_ns >= idle->c->trace_end_ns))
    return TRUE;
  switch (place_of(idle, span->stack)) {
  case RUNTIME:
    return TRUE;
  case POLLER: /* a lock is a lock there, too */
    return kind->wait != UNPARK_WAIT_SYNC && kind->wait != UNPARK_WAIT_GC;
  case LOOP:
    if (!may_idle(kind))
      return FALSE;
    hold(idle, span, group, value);
    return TRUE;
  case NOT_KNOWN:
  case BUSY:
  default:
    return FALSE;
  }
}

void unpark_flame_idle_release(UnparkFlameIdle *idle) {
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, idle->held);
  while (g_hash_table_iter_next(&iter, &key, NULL)) {
    const Held *held = key;
    if (held->n == 1)
      unpark_flame_add(idle->c, held->group, held->stack, held->time_ns, held->value);
  }
}
