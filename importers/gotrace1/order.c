/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/order.h"

/* Parts of a second: 200 µs; and 1 µs if it is known that events were lost, when one that may
 * not come most likely waits for these. */
#define SLACK_PART 5000
#define SLACK_PART_LOSSY 1000000
/* How many samples are looked at for one of a goroutine in a syscall. */
#define SAMPLES_AHEAD_MAX 100000u

/* ---- The frontier ------------------------------------------------------------ */

static inline gboolean earlier(const UnparkV1Cursor *a, const UnparkV1Cursor *b) {
  return a->event.ticks < b->event.ticks;
}

static void push(UnparkV1Order *order, UnparkV1Cursor *cursor) {
  guint at = order->n_heap++;

  while (at > 0 && earlier(cursor, order->heap[(at - 1) / 2])) {
    order->heap[at] = order->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  order->heap[at] = cursor;
}

/* The last one takes the root's place and sinks; of equal ones, it stays above. */
static UnparkV1Cursor *pop(UnparkV1Order *order) {
  UnparkV1Cursor *root = order->heap[0];
  UnparkV1Cursor *sinking = order->heap[--order->n_heap];
  guint at = 0;

  for (;;) {
    guint child = at * 2 + 1;
    if (child >= order->n_heap)
      break;
    if (child + 1 < order->n_heap && earlier(order->heap[child + 1], order->heap[child]))
      child++;
    if (!earlier(order->heap[child], sinking))
      break;
    order->heap[at] = order->heap[child];
    at = child;
  }
  order->heap[at] = sinking;
  return root;
}

/* Takes one out of those that wait; the last one comes to its place. */
static UnparkV1Cursor *stop_waiting(UnparkV1Order *order, guint at) {
  UnparkV1Cursor *cursor = order->waiting[at];
  order->waiting[at] = order->waiting[--order->n_waiting];
  return cursor;
}

/* CPU samples go with the events, on a processor of their own. */
static gboolean step_sample(UnparkV1Order *order) {
  const GArray *samples = order->index->samples;

  if (++order->sample >= samples->len)
    return FALSE;
  order->samples->event.ticks = g_array_index(samples, UnparkV1Sample, order->sample).ticks;
  return TRUE;
}

/* FALSE: the cursor has no more. */
static gboolean step(UnparkV1Order *order, UnparkV1Cursor *cursor) {
  return cursor == order->samples ? step_sample(order) : unpark_v1_cursor_next(cursor);
}

static void add_new(UnparkV1Order *order, UnparkV1Cursor *cursor) {
  if (!step(order, cursor))
    return;
  order->waiting[order->n_waiting++] = cursor;
  order->n_new++;
}

void unpark_v1_order_init(UnparkV1Order *order, const UnparkV1Index *index,
                          UnparkV1Goroutines *goroutines, guint64 ticks_per_second) {
  guint n = index->procs->len;
  gboolean lossy;

  *order = (UnparkV1Order){
      .index = index, .goroutines = goroutines, .sample = G_MAXUINT, .first_waiting = G_MAXINT64};
  lossy = index->n_faults > 0 || index->cut || index->ticks_per_second == 0;
  order->slack = (gint64)(ticks_per_second / (lossy ? SLACK_PART_LOSSY : SLACK_PART));
  order->cursors = g_new0(UnparkV1Cursor, n + 1);
  order->waiting = g_new0(UnparkV1Cursor *, n + 1);
  order->heap = g_new0(UnparkV1Cursor *, n + 1);
  for (guint i = 0; i < n; i++) {
    unpark_v1_cursor_init(&order->cursors[i], index, i);
    add_new(order, &order->cursors[i]);
  }
  order->samples = &order->cursors[n];
  order->samples->event.type = UNPARK_V1_CPU_SAMPLE;
  add_new(order, order->samples);
}

void unpark_v1_order_clear(UnparkV1Order *order) {
  g_clear_pointer(&order->cursors, g_free);
  g_clear_pointer(&order->waiting, g_free);
  g_clear_pointer(&order->heap, g_free);
}

/* ---- Which events may come ----------------------------------------------------- */

typedef enum { NOT_READY, READY, READY_BY_CGO } Readiness;

static Readiness start_readiness(const UnparkV1Event *event, const UnparkV1Goroutine *g) {
  if (!event->local && g->seq != event->args[1])
    return NOT_READY;
  if (g->status == UNPARK_V1_RUNNABLE)
    return READY;
  return g->status == UNPARK_V1_WAITING && g->in_syscall ? READY_BY_CGO : NOT_READY;
}

static Readiness readiness(const UnparkV1Event *event, const UnparkV1Goroutine *g) {
  switch (event->type) {
  case UNPARK_V1_GO_CREATE:
    return g->status == UNPARK_V1_DEAD && g->seq == 0 ? READY : NOT_READY;
  case UNPARK_V1_GO_WAITING:
  case UNPARK_V1_GO_IN_SYSCALL:
    return g->status == UNPARK_V1_RUNNABLE && g->seq == 1 ? READY : NOT_READY;
  case UNPARK_V1_GO_START:
  case UNPARK_V1_GO_START_LABEL:
    return start_readiness(event, g);
  case UNPARK_V1_GO_SYS_EXIT:
    if (g->status == UNPARK_V1_DEAD && g->seq == 0 && event->args[1] == 1 && !event->local)
      return READY_BY_CGO;
    G_GNUC_FALLTHROUGH;
  case UNPARK_V1_GO_UNBLOCK:
    return g->status == UNPARK_V1_WAITING && (event->local || g->seq == event->args[1]) ? READY
                                                                                        : NOT_READY;
  default:
    return g->status == UNPARK_V1_RUNNING ? READY : NOT_READY;
  }
}

/* What the event makes of its goroutine, whether that was ready or not. */
static UnparkV1Goroutine *transition(UnparkV1Order *order, UnparkV1Cursor *cursor) {
  const UnparkV1Event *event = &cursor->event;
  UnparkV1Goroutine *g;

  if (event->type == UNPARK_V1_GC_START) {
    order->gc_seq = event->args[0] + 1;
    order->look_at_all = TRUE;
  }
  if (event->subject == 0)
    return NULL;
  g = unpark_v1_goroutines_again(order->goroutines, cursor->goroutine, event->subject);
  if (g->awaited)
    order->look_at_all = TRUE;
  g->awaited = FALSE;
  g->in_syscall = event->type == UNPARK_V1_GO_IN_SYSCALL || event->type == UNPARK_V1_GO_SYS_BLOCK;
  switch (event->type) {
  case UNPARK_V1_GO_CREATE:
    g->seq = 1;
    g->status = UNPARK_V1_RUNNABLE;
    break;
  case UNPARK_V1_GO_WAITING:
  case UNPARK_V1_GO_IN_SYSCALL:
    g->seq = 2;
    g->status = UNPARK_V1_WAITING;
    break;
  case UNPARK_V1_GO_START:
  case UNPARK_V1_GO_START_LABEL:
    g->seq = (event->local ? g->seq : event->args[1]) + 1;
    g->status = UNPARK_V1_RUNNING;
    break;
  case UNPARK_V1_GO_UNBLOCK:
  case UNPARK_V1_GO_SYS_EXIT:
    g->seq = (event->local ? g->seq : event->args[1]) + 1;
    g->status = UNPARK_V1_RUNNABLE;
    break;
  case UNPARK_V1_GO_SCHED:
  case UNPARK_V1_GO_PREEMPT:
    g->status = UNPARK_V1_RUNNABLE;
    break;
  default:
    g->status = UNPARK_V1_WAITING;
    break;
  }
  return g;
}

/* May the cursor's event come? If not, its goroutine is awaited. */
static gboolean may_come(UnparkV1Order *order, UnparkV1Cursor *cursor) {
  const UnparkV1Event *event = &cursor->event;
  UnparkV1Goroutine *g;
  Readiness ready;

  if (event->type == UNPARK_V1_GC_START)
    return event->args[0] == order->gc_seq;
  if (event->subject == 0)
    return TRUE;
  g = unpark_v1_goroutines_again(order->goroutines, cursor->goroutine, event->subject);
  cursor->goroutine = g;
  ready = readiness(event, g);
  g->awaited |= ready == NOT_READY;
  order->n_cgo += ready == READY_BY_CGO;
  return ready != NOT_READY;
}

static void note_forced(UnparkV1Order *order, const UnparkV1Event *event) {
  if (order->n_forced++ > 0)
    return;
  order->forced_g = event->subject;
  order->forced_type = event->type;
  order->forced_ticks = event->ticks;
}

/* Brings what may come from those that wait to the frontier. */
static void fill_frontier(UnparkV1Order *order) {
  guint i = order->look_at_all ? 0 : order->n_waiting - order->n_new;

  if (order->look_at_all)
    order->first_waiting = G_MAXINT64;
  while (i < order->n_waiting) {
    UnparkV1Cursor *cursor = order->waiting[i];
    if (may_come(order, cursor)) {
      push(order, stop_waiting(order, i));
    } else {
      order->first_waiting = MIN(order->first_waiting, cursor->event.ticks);
      i++;
    }
  }
  order->n_new = 0;
  order->look_at_all = FALSE;
}

/* Nothing that may come is near the earliest of those that wait: what it waits for was lost.
 */
static UnparkV1Cursor *force(UnparkV1Order *order) {
  guint first = 0;

  for (guint i = 1; i < order->n_waiting; i++)
    if (earlier(order->waiting[i], order->waiting[first]))
      first = i;
  note_forced(order, &order->waiting[first]->event);
  order->look_at_all = TRUE;
  return stop_waiting(order, first);
}

/* The cursor whose event comes next; NULL: there is none. */
static inline UnparkV1Cursor *choose(UnparkV1Order *order) {
  gint64 ticks = order->n_heap > 0 ? order->heap[0]->event.ticks : G_MAXINT64;

  if (G_LIKELY(order->n_heap > 0 && ticks <= order->first_waiting))
    return pop(order);
  if (order->n_heap > 0 && ticks - order->first_waiting <= order->slack) {
    order->n_late++;
    return pop(order);
  }
  return order->n_waiting > 0 ? force(order) : NULL;
}

/* A syscall's return before `ticks` that was not shown so far. */
static gboolean find_exit(UnparkV1Order *order, gint64 ticks, UnparkV1Item *item) {
  const GArray *exits = order->index->exits;

  while (order->next_exit < exits->len) {
    const UnparkV1Exit *exit = &g_array_index(exits, UnparkV1Exit, order->next_exit);
    UnparkV1Goroutine *g;
    order->exit_ticks = exit->real;
    if (exit->real >= ticks)
      return FALSE;
    order->next_exit++;
    g = unpark_v1_goroutines_find(order->goroutines, exit->g);
    /* If it has not even begun, the time is wrong: the event will do. */
    if (!g || g->status != UNPARK_V1_WAITING || !g->in_syscall || g->exit_shown)
      continue;
    g->exit_shown = exit->written;
    *item = (UnparkV1Item){.kind = UNPARK_V1_ITEM_EXIT, .exit = exit, .subject = g};
    return TRUE;
  }
  order->exit_ticks = G_MAXINT64;
  return FALSE;
}

/* TRUE: the event is a return that was shown already. */
static gboolean was_shown(const UnparkV1Event *event, UnparkV1Goroutine *g) {
  gboolean shown;

  if (event->type != UNPARK_V1_GO_SYS_EXIT || !g)
    return FALSE;
  shown = g->exit_shown == event->ticks;
  g->exit_shown = 0;
  return shown;
}

/* The time of the event that comes next; G_MAXINT64: there is none. */
static inline gint64 next_ticks(const UnparkV1Order *order) {
  return MIN(order->first_waiting, order->n_heap > 0 ? order->heap[0]->event.ticks : G_MAXINT64);
}

gboolean unpark_v1_order_next(UnparkV1Order *order, UnparkV1Item *item) {
  for (;;) {
    UnparkV1Goroutine *subject;
    UnparkV1Cursor *cursor;

    if (order->current)
      add_new(order, order->current);
    order->current = NULL;
    fill_frontier(order);
    if (order->exit_ticks < next_ticks(order) && find_exit(order, next_ticks(order), item))
      return TRUE;
    cursor = order->current = choose(order);
    if (!cursor)
      return FALSE;
    if (cursor == order->samples) {
      *item = (UnparkV1Item){
          .kind = UNPARK_V1_ITEM_SAMPLE,
          .sample = &g_array_index(order->index->samples, UnparkV1Sample, order->sample)};
      return TRUE;
    }
    subject = transition(order, cursor);
    if (was_shown(&cursor->event, subject))
      continue;
    *item = (UnparkV1Item){.kind = UNPARK_V1_ITEM_EVENT,
                           .proc = cursor->proc,
                           .event = &cursor->event,
                           .subject = subject,
                           .cursor = cursor};
    return TRUE;
  }
}

gboolean unpark_v1_order_syscall_blocks(const UnparkV1Order *order, const UnparkV1Item *item) {
  const GArray *samples = order->index->samples;
  guint last = MIN(samples->len, order->sample + SAMPLES_AHEAD_MAX);
  gint64 ticks;

  if (!unpark_v1_cursor_syscall_blocks(item->cursor, &ticks))
    return FALSE;
  /* A CPU sample of the goroutine counts as its next event, as in the Go project's reader. */
  for (guint i = order->sample; i < last; i++) {
    const UnparkV1Sample *sample = &g_array_index(samples, UnparkV1Sample, i);
    if (sample->ticks >= ticks)
      break;
    if (sample->g == item->event->g)
      return FALSE;
  }
  return TRUE;
}
