/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of events between threads, and the state of G, P and M.
 *
 * Each thread's events are in order; between threads only sequence numbers, states
 * and (roughly) time tell. An event is tried when it is the earliest; if the state of
 * what it names does not allow it yet, other threads go first. The rules are those of the
 * Go project's reader (internal/trace/order.go), so that intact traces give the same
 * events with the same times. Where that reader gives up, this one goes on: an
 * event that contradicts the state is left out, and when nothing can go on the
 * earliest event is forced; both are counted as notes.
 */
#pragma once

#include "importers/gotrace/frontier.h"
#include "importers/gotrace/generation.h"
#include "importers/gotrace/map.h"

typedef struct {
  guint64 generation, seq;
} GotraceSeq;

/* A range (GC assist, stop-the-world, sweep) that has begun. */
typedef struct {
  guint8 type;  /* its begin event */
  guint32 name; /* store string */
  guint32 stack;
  gint64 start_ns;
} GotraceRange;

typedef struct {
  guint64 task;
  guint32 name;
  gint64 start_ns;
} GotraceRegion;

/* A cache line each. */
typedef struct {
  _Alignas(64) gint64 id;
  UnparkLane *lane;
  GotraceSeq seq;
  guint8 status;         /* GO_BAD: has ended; forgotten when the generation is over */
  gboolean ended_listed; /* in GotraceOrder.ended */
  GArray *ranges;        /* GotraceRange; NULL: none yet */
  GArray *regions;       /* GotraceRegion */
} GotraceGo;

typedef struct {
  gint64 id;
  GotraceSeq seq;
  guint8 status;
  GotraceThread *thread; /* who has it bound; NULL */
  GArray *ranges;
} GotraceProc;

#define GOTRACE_KNOWN_PLACES 65

struct _GotraceThread {
  gint64 id;    /* -1: events of no thread */
  GotraceGo *g; /* NULL: none */
  GotraceProc *p;
  guint32 place;                        /* of p and this thread */
  guint32 places[GOTRACE_KNOWN_PLACES]; /* by proc + 1; 0: not asked for yet */
};

typedef enum { GOTRACE_GC_UNKNOWN, GOTRACE_GC_OFF, GOTRACE_GC_ON } GotraceGc;

typedef struct {
  guint64 string; /* generation's id; 0: free */
  guint16 wait, stop;
} GotraceReasonKinds;

/* Of the table that is looked at before the hash table. */
typedef struct {
  gint64 id;
  GotraceGo *g; /* NULL: none */
  const UnparkLane *lane;
} GotraceGoSlot;

#define GOTRACE_GO_CACHE 8192 /* slots; a power of two */

typedef struct {
  guint64 id;
  gint64 parent; /* UNPARK_NONE */
  guint32 name;
  gint64 goroutine, start_ns;
} GotraceTask;

/* The concurrent mark phase, as far as it is known. */
typedef struct {
  GotraceGc phase;
  guint64 seq;
  gint64 start_ns;
  guint32 stack;
} GotraceMark;

/* The writer's ids of kinds and names that most events need. */
typedef struct {
  guint16 running, syscall, runnable, waiting, created, woken, syscall_ended;
} GotraceKinds;
typedef struct {
  guint32 gc, sweep, assist, procs, heap, goal;
} GotraceNames;

/* What is said about the trace at its end. */
typedef struct {
  guint64 events, left_out, forced, alloc_free;
  char *first_fault; /* where the first fault was */
} GotraceCounts;

typedef struct {
  UnparkWriter *writer;
  GotraceGeneration *generation;
  gint64 t0, last;          /* absolute ns: trace time 0, last event's time */
  gint64 sync_ns;           /* trace time of the generation's start */
  guint64 first_generation; /* 0: none yet */
  gboolean force;
  GArray *present; /* lost.h; NULL: nothing is known to be missing in the generation */

  GotraceMap gos, procs, threads; /* id -> struct */
  GotraceGoSlot *go_cache;        /* direct-mapped before the hash table */
  GPtrArray *free_gos, *ended;    /* GotraceGo */
  GPtrArray *go_slabs;            /* their memory */
  GotraceMap tasks;               /* id -> GotraceTask */
  GotraceMark mark;

  GotraceKinds kinds;
  GotraceReasonKinds reasons[256];
  guint32 reason_preempted;
  GotraceNames names;
  GotraceFrontier frontier;
  guint sample; /* next of generation->samples */
  GotraceCounts counts;
} GotraceOrder;

GotraceOrder *gotrace_order_new(UnparkWriter *writer);
void gotrace_order_free(GotraceOrder *o);

/* Orders and writes all events of a closed generation. `damaged`: parts of it are known to be
 * missing. FALSE on cancellation or a writer's failure. */
gboolean gotrace_order_run(GotraceOrder *o, GotraceGeneration *g, gboolean damaged,
                           GCancellable *cancellable, GError **error);
/* The end of the trace: writes what is open. Returns the duration. */
gint64 gotrace_order_finish(GotraceOrder *o);

/* ---- between the order-*.c files ------------------------------------------------- */

/* What became of an event. */
typedef enum {
  GOTRACE_DONE,
  GOTRACE_LATER, /* not yet: others first */
  GOTRACE_BAD    /* contradicts the state; left out */
} GotraceResult;

/* Trace time of an event: strictly increasing over all events. */
static inline gint64 gotrace_stamp(GotraceOrder *o, gint64 time) {
  if (G_UNLIKELY(time <= o->last))
    time = o->last + 1;
  o->last = time;
  return time - o->t0;
}

static inline gboolean gotrace_follows(GotraceOrder *o, guint64 seq, const GotraceSeq *before) {
  return before->generation == o->generation->number && seq == before->seq + 1;
}

static inline void gotrace_set_seq(GotraceOrder *o, GotraceSeq *seq, guint64 value) {
  seq->generation = o->generation->number;
  seq->seq = value;
}

GotraceGo *gotrace_find_go_slowly(GotraceOrder *o, guint64 id);
/* NULL if it does not exist. */
static inline GotraceGo *gotrace_find_go(GotraceOrder *o, guint64 id) {
  const GotraceGoSlot *slot = &o->go_cache[id & (GOTRACE_GO_CACHE - 1)];
  if (G_LIKELY(slot->g && slot->id == (gint64)id && slot->g->status != 0))
    return slot->g;
  return gotrace_find_go_slowly(o, id);
}
GotraceGo *gotrace_add_go(GotraceOrder *o, guint64 id, guint8 status);
void gotrace_remove_go(GotraceOrder *o, GotraceGo *g);
/* Whether one of that id has ended in this generation. */
gboolean gotrace_has_ended(GotraceOrder *o, guint64 id);
GotraceProc *gotrace_find_proc(GotraceOrder *o, guint64 id);
GotraceProc *gotrace_add_proc(GotraceOrder *o, guint64 id, guint8 status);
GotraceThread *gotrace_find_thread(GotraceOrder *o, guint64 id);
GotraceThread *gotrace_add_thread(GotraceOrder *o, guint64 id);
/* Binds p (NULL: none) to the thread, and moves its goroutine's lane there at `time_ns`. */
void gotrace_bind(GotraceOrder *o, GotraceThread *m, GotraceProc *p, gint64 time_ns);

/* What deals with an event, by its type; NULL for bytes that are no timed event. */
typedef GotraceResult (*GotraceHandler)(GotraceOrder *o, GotraceCursor *c, GotraceThread *m);
extern const GotraceHandler gotrace_handlers[256];

GotraceResult gotrace_proc_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m);
GotraceResult gotrace_range_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m);
GotraceResult gotrace_user_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m);
/* Writes ranges and regions that a goroutine leaves open. */
void gotrace_close_ranges(GotraceOrder *o, GArray *ranges, UnparkScope scope, gint64 id);
void gotrace_close_regions(GotraceOrder *o, GotraceGo *g);
void gotrace_write_task(GotraceOrder *o, const GotraceTask *task, gint64 end_ns);

/* The context that most events need: a thread with a processor and a goroutine. */
static inline gboolean gotrace_has_all(const GotraceThread *m) {
  return m->id != -1 && m->p && m->g && m->g->status != 0;
}
