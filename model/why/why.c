/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/why.h"

#include <string.h>

#include "model/base/times.h"
#include "model/why/wait-lane.h"

/* One goroutine that is being walked backwards, down to a floor. */
typedef struct {
  gint64 goroutine, floor_ns;
  UnparkSpot spot;    /* the span last seen; kind 0: none yet */
  guint32 stop_stack; /* where it was when the stretch that comes next ended */
  gint64 after_ns;    /* when its next span begins, of kind `after` (0: not known) */
  guint16 after;
  gboolean collects; /* it is the collector's own goroutine */
  gboolean known;    /* it is in the table of goroutines */
} Frame;

typedef struct {
  UnparkStore *store;
  UnparkWalker walker;
  GArray *frames;     /* Frame; the last one is walked */
  GHashTable *walked; /* ids of the goroutines in frames */
  GArray *links;      /* UnparkLink */
  gint64 now_ns;      /* everything after it is explained */
  gint64 from_ns;     /* of the asked time */
  gint64 to_ns;
  guint limit;
  UnparkChain *chain;
} Walk;

const char *unpark_link_kind_name(UnparkLinkKind kind) {
  static const char *const names[] = {"ran",     "late",    "waited",  "created", "slept",
                                      "network", "syscall", "gc",      "nobody",  "open",
                                      "began",   "cycle",   "unknown", "cut",     "timer"};
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == UNPARK_N_LINK_KINDS);
  return (guint)kind < G_N_ELEMENTS(names) ? names[kind] : "";
}

/* ---- frames and links ------------------------------------------------------------- */

static gboolean is_collector(const char *name) {
  static const char *const names[] = {"runtime.gcBgMarkWorker", "runtime.bgsweep",
                                      "runtime.bgscavenge"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_has_prefix(name, names[i]))
      return TRUE;
  return FALSE;
}

static void push(Walk *walk, gint64 goroutine, gint64 floor_ns, guint32 stop_stack) {
  const UnparkGoroutine *g = unpark_store_goroutine(walk->store, goroutine);
  Frame frame = {.goroutine = goroutine,
                 .floor_ns = floor_ns,
                 .stop_stack = stop_stack,
                 .known = g != NULL,
                 .collects = g && is_collector(unpark_store_string(walk->store, g->name_id))};
  g_array_append_val(walk->frames, frame);
  g_hash_table_add(walk->walked, g_memdup2(&goroutine, sizeof goroutine));
  walk->chain->max_depth = MAX(walk->chain->max_depth, walk->frames->len - 1);
}

static void pop(Walk *walk) {
  const Frame *top = &g_array_index(walk->frames, Frame, walk->frames->len - 1);
  g_hash_table_remove(walk->walked, &top->goroutine);
  g_array_set_size(walk->frames, walk->frames->len - 1);
}

/* A link about [from_ns, now], as far as it is in the asked time. */
static UnparkLink *add(Walk *walk, UnparkLinkKind kind, const Frame *frame, const UnparkSpan *span,
                       gint64 from_ns) {
  UnparkLink link = {.kind = kind,
                     .depth = walk->frames->len - 1,
                     .goroutine = frame->goroutine,
                     .from_ns = MIN(from_ns, walk->to_ns),
                     .to_ns = MIN(walk->now_ns, walk->to_ns),
                     .other = UNPARK_NONE};
  if (span) {
    link.span = *span;
    link.stack = span->stack;
  }
  g_array_append_val(walk->links, link);
  return &g_array_index(walk->links, UnparkLink, walk->links->len - 1);
}

/* A link that explains [from_ns, now]; that part is done with. */
static UnparkLink *explain(Walk *walk, UnparkLinkKind kind, const Frame *frame,
                           const UnparkSpan *span, gint64 from_ns) {
  UnparkLink *link = add(walk, kind, frame, span, from_ns);
  link->share_ns = link->to_ns - link->from_ns;
  walk->now_ns = from_ns;
  if (link->share_ns == 0 && from_ns >= walk->to_ns) { /* after the asked time */
    g_array_set_size(walk->links, walk->links->len - 1);
    return NULL;
  }
  return link;
}

/* ---- waits ---------------------------------------------------------------------------- */

/* Whether the waker closed the connection or changed its deadline, rather than just having
 * been the one that asked the system which connections are ready. */
static gboolean ended_network_wait(UnparkStore *store, guint32 waker_stack) {
  guint n;
  gboolean found = FALSE;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, waker_stack, 0, &n);
  for (guint i = 0; i < n && !found; i++)
    found = g_str_has_prefix(frames[i].function, "internal/poll.");
  return found;
}

/* Besides goroutines, only timers send on channels: the runtime runs them without a goroutine. */
static gboolean ended_by_timer(Walk *walk, const Frame *frame, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(walk->store, span->kind);
  const UnparkKind *after = unpark_store_kind(walk->store, frame->after);
  if (!kind || !after || after->cause != UNPARK_CAUSE_WOKEN || frame->after_ns != span->end_ns ||
      !unpark_store_source(walk->store)->complete)
    return FALSE;
  return kind->wait == UNPARK_WAIT_SELECT ||
         (kind->wait == UNPARK_WAIT_CHANNEL && strstr(kind->reason, "receive"));
}

/* The link that a wait is by itself; WAITED: it is explained by its waker. */
static UnparkLinkKind classify_wait(Walk *walk, const Frame *frame, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(walk->store, span->kind);
  UnparkWait wait = kind ? kind->wait : UNPARK_WAIT_OTHER;
  if (wait == UNPARK_WAIT_SLEEP)
    return UNPARK_LINK_SLEPT;
  if (wait == UNPARK_WAIT_SYSCALL)
    return UNPARK_LINK_SYSCALL;
  /* "preempted": stopped so that its stack can be scanned. */
  if (wait == UNPARK_WAIT_GC || (kind && strcmp(kind->reason, "preempted") == 0))
    return UNPARK_LINK_GC;
  if (wait == UNPARK_WAIT_NETWORK &&
      (span->waker == UNPARK_NONE || !ended_network_wait(walk->store, span->waker_stack)))
    return UNPARK_LINK_NETWORK;
  if (span->waker != UNPARK_NONE)
    return UNPARK_LINK_WAITED;
  gboolean open = span->end_ns >= unpark_store_source(walk->store)->end_ns;
  if (open)
    return UNPARK_LINK_OPEN;
  return ended_by_timer(walk, frame, span) ? UNPARK_LINK_TIMER : UNPARK_LINK_NOBODY;
}

/* One goroutine that is already being walked cannot explain itself. */
static void explain_cycle(Walk *walk, const Frame *frame, gint64 other, gint64 from_ns) {
  UnparkLink *link = explain(walk, UNPARK_LINK_CYCLE, frame, NULL, from_ns);
  if (link) {
    link->depth++;
    link->other = other;
  }
  walk->chain->cycle = TRUE;
}

static void step_wait(Walk *walk, Frame *frame, const UnparkSpan *span, gint64 from_ns) {
  UnparkLinkKind kind = classify_wait(walk, frame, span);
  frame->stop_stack = span->stack;
  if (from_ns >= walk->to_ns) { /* after the asked time */
    walk->now_ns = from_ns;
    return;
  }
  if (kind != UNPARK_LINK_WAITED || span->end_ns > walk->now_ns) {
    explain(walk, kind, frame, span, from_ns);
    return;
  }
  add(walk, kind, frame, span, from_ns)->other = span->waker;
  if (g_hash_table_contains(walk->walked, &span->waker))
    explain_cycle(walk, frame, span->waker, from_ns);
  else
    push(walk, span->waker, from_ns, span->waker_stack);
}

/* ---- walking -------------------------------------------------------------------------------- */

/* Before the goroutine's first span. */
static void step_beginning(Walk *walk, const Frame *frame) {
  const UnparkGoroutine *g = unpark_store_goroutine(walk->store, frame->goroutine);
  const UnparkKind *first = unpark_store_kind(walk->store, frame->spot.span.kind);
  const Frame at = *frame;
  if (!g || g->parent == UNPARK_NONE || !first || first->cause != UNPARK_CAUSE_CREATED) {
    explain(walk, g ? UNPARK_LINK_BEGAN : UNPARK_LINK_UNKNOWN, &at, NULL, at.floor_ns);
    return;
  }
  UnparkLink *link = add(walk, UNPARK_LINK_CREATED, &at, &at.spot.span, walk->now_ns);
  link->other = g->parent;
  link->stack = g->create_stack; /* the go statement; the span's own is where it was to begin */
  if (g_hash_table_contains(walk->walked, &g->parent)) {
    explain_cycle(walk, &at, g->parent, at.floor_ns);
  } else {
    pop(walk);
    push(walk, g->parent, at.floor_ns, g->create_stack);
  }
}

static void step_span(Walk *walk, Frame *frame, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(walk->store, span->kind);
  gint64 from_ns = MAX(span->start_ns, frame->floor_ns);
  UnparkLink *link;
  switch (kind ? kind->state : UNPARK_STATE_WAITING) {
  case UNPARK_STATE_RUNNING:
    link = explain(walk, frame->collects ? UNPARK_LINK_GC : UNPARK_LINK_RAN, frame, span, from_ns);
    if (link)
      link->stack = frame->stop_stack ? frame->stop_stack : span->stack;
    frame->stop_stack = span->stack;
    break;
  case UNPARK_STATE_RUNNABLE:
    explain(walk, UNPARK_LINK_LATE, frame, span, from_ns);
    frame->stop_stack = span->stack;
    break;
  case UNPARK_STATE_SYSCALL:
    explain(walk, UNPARK_LINK_SYSCALL, frame, span, from_ns);
    frame->stop_stack = span->stack;
    break;
  default:
    step_wait(walk, frame, span, from_ns);
  }
}

static void note_after(Walk *walk, guint index, const UnparkSpan *span) {
  Frame *frame = &g_array_index(walk->frames, Frame, index);
  frame->after = span->kind;
  frame->after_ns = span->start_ns;
}

/* What the goroutine that is asked about did next. */
static gboolean look_after(Walk *walk, gint64 goroutine, gint64 end_ns, GError **error) {
  UnparkSpot next;
  UnparkWalk found = unpark_walker_at(&walk->walker, goroutine, end_ns, &next, error);
  if (found == UNPARK_WALK_FOUND)
    note_after(walk, 0, &next.span);
  return found != UNPARK_WALK_FAILED;
}

/* One span of the goroutine that is being walked. */
static gboolean step(Walk *walk, GError **error) {
  Frame *frame = &g_array_index(walk->frames, Frame, walk->frames->len - 1);
  UnparkSpot spot;
  if (walk->now_ns <= frame->floor_ns) {
    pop(walk);
    return TRUE;
  }
  UnparkWalk found =
      frame->known ? unpark_walker_before(&walk->walker, frame->goroutine, walk->now_ns,
                                          frame->spot.span.kind ? &frame->spot : NULL, &spot, error)
                   : UNPARK_WALK_NONE;
  if (found == UNPARK_WALK_FAILED)
    return FALSE;
  if (found == UNPARK_WALK_NONE) {
    step_beginning(walk, frame);
  } else if (spot.span.end_ns < walk->now_ns) {
    explain(walk, UNPARK_LINK_UNKNOWN, frame, NULL, MAX(spot.span.end_ns, frame->floor_ns));
    frame->stop_stack = 0;
  } else {
    guint index = walk->frames->len - 1; /* there may be one on top of it then */
    frame->spot = spot;
    step_span(walk, frame, &spot.span);
    note_after(walk, index, &spot.span);
  }
  return TRUE;
}

static gboolean walk_back(Walk *walk, GError **error) {
  guint steps = 0;
  while (walk->frames->len > 0) {
    if (steps++ % 256 == 0 && g_cancellable_set_error_if_cancelled(walk->walker.cancellable, error))
      return FALSE;
    if (walk->links->len + 2 >= walk->limit && walk->now_ns > walk->from_ns) {
      const Frame nobody = {.goroutine = UNPARK_NONE};
      explain(walk, UNPARK_LINK_CUT, &nobody, NULL, walk->from_ns);
      walk->chain->cut = TRUE;
      break;
    }
    if (!step(walk, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- sums ---- */

static guint sum_hash(gconstpointer data) {
  const UnparkLinkSum *sum = data;
  return (guint)sum->goroutine * 2654435761u ^ (guint)sum->kind << 16 ^ sum->span_kind;
}

static gboolean sum_equal(gconstpointer a, gconstpointer b) {
  const UnparkLinkSum *x = a, *y = b;
  return x->goroutine == y->goroutine && x->kind == y->kind && x->span_kind == y->span_kind;
}

static gint by_share(gconstpointer a, gconstpointer b) {
  const UnparkLinkSum *x = a, *y = b;
  if (x->share_ns != y->share_ns)
    return x->share_ns < y->share_ns ? 1 : -1;
  return x->goroutine < y->goroutine ? -1 : x->goroutine > y->goroutine;
}

static void sum_up(UnparkChain *chain) {
  g_autoptr(GHashTable) table = g_hash_table_new_full(sum_hash, sum_equal, g_free, NULL);
  GArray *sums = g_array_new(FALSE, FALSE, sizeof(UnparkLinkSum));
  GHashTableIter iter;
  gpointer key;
  for (guint i = 0; i < chain->n_links; i++) {
    const UnparkLink *link = &chain->links[i];
    UnparkLinkSum fresh = {
        .kind = link->kind, .span_kind = link->span.kind, .goroutine = link->goroutine};
    if (link->share_ns == 0)
      continue;
    UnparkLinkSum *sum = g_hash_table_lookup(table, &fresh);
    if (!sum)
      g_hash_table_add(table, sum = g_memdup2(&fresh, sizeof fresh));
    unpark_time_sum(&sum->share_ns, link->share_ns);
    sum->count++;
    if (link->share_ns > sum->longest_ns) {
      sum->longest_ns = link->share_ns;
      sum->stack = link->stack;
    }
  }
  g_hash_table_iter_init(&iter, table);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_array_append_vals(sums, key, 1);
  g_array_sort(sums, by_share);
  chain->n_sums = sums->len;
  chain->sums = (UnparkLinkSum *)g_array_free(sums, FALSE);
}

/* ---- asking ---- */

/* Explains [from_ns, to_ns] of the goroutine; what it did at to_ns lasted until `end_ns`. */
static UnparkChain *run(Walk *walk, const UnparkSpan *span, gint64 goroutine, gint64 from_ns,
                        gint64 to_ns, gint64 end_ns, GError **error) {
  UnparkChain *chain = walk->chain = g_new0(UnparkChain, 1);
  chain->refs = 1;
  chain->goroutine = goroutine;
  chain->from_ns = walk->from_ns = from_ns;
  chain->to_ns = walk->to_ns = to_ns;
  if (span)
    chain->span = *span;
  walk->now_ns = end_ns;
  walk->links = g_array_new(FALSE, TRUE, sizeof(UnparkLink));
  walk->frames = g_array_new(FALSE, TRUE, sizeof(Frame));
  walk->walked = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  push(walk, goroutine, from_ns, 0);
  gboolean ok = look_after(walk, goroutine, end_ns, error) && walk_back(walk, error);
  g_array_unref(walk->frames);
  g_hash_table_unref(walk->walked);
  chain->n_links = walk->links->len;
  chain->links = (UnparkLink *)g_array_free(walk->links, FALSE);
  if (ok)
    sum_up(chain);
  else
    g_clear_pointer(&chain, unpark_chain_unref);
  return chain;
}

UnparkChain *unpark_chain_of_wait(UnparkStore *store, gint64 goroutine, gint64 at_ns, guint limit,
                                  GCancellable *cancellable, GError **error) {
  Walk walk = {.store = store, .limit = limit ? limit : UNPARK_CHAIN_LINKS};
  UnparkSpot spot;
  UnparkChain *chain = NULL;
  if (!unpark_store_goroutines(store, NULL, error))
    return NULL;
  unpark_walker_init(&walk.walker, store, cancellable);
  if (unpark_walker_at(&walk.walker, goroutine, at_ns, &spot, error) == UNPARK_WALK_FOUND)
    chain = run(&walk, &spot.span, goroutine, spot.span.start_ns, spot.span.end_ns,
                spot.span.end_ns, error);
  unpark_walker_clear(&walk.walker);
  return chain;
}

UnparkChain *unpark_chain_of_range(UnparkStore *store, gint64 goroutine, gint64 from_ns,
                                   gint64 to_ns, guint limit, GCancellable *cancellable,
                                   GError **error) {
  Walk walk = {.store = store, .limit = limit ? limit : UNPARK_CHAIN_LINKS};
  UnparkSpot spot;
  UnparkChain *chain = NULL;
  if (to_ns < from_ns || !unpark_store_goroutines(store, NULL, error))
    return NULL;
  unpark_walker_init(&walk.walker, store, cancellable);
  UnparkWalk found = unpark_walker_before(&walk.walker, goroutine, to_ns, NULL, &spot, error);
  if (found == UNPARK_WALK_FOUND)
    chain = run(&walk, NULL, goroutine, from_ns, to_ns, MAX(spot.span.end_ns, to_ns), error);
  unpark_walker_clear(&walk.walker);
  return chain;
}

UnparkChain *unpark_chain_ref(UnparkChain *chain) {
  g_atomic_int_inc(&chain->refs);
  return chain;
}

void unpark_chain_unref(UnparkChain *chain) {
  if (!chain || !g_atomic_int_dec_and_test(&chain->refs))
    return;
  g_free(chain->links);
  g_free(chain->sums);
  g_free(chain);
}
