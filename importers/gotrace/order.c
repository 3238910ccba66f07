/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/order.h"

#include <stdlib.h>
#include <string.h>

#include "importers/gotrace/lost.h"
#include "importers/gotrace/wire.h"

#define EVENTS_PER_CHECK 65536
#define GOS_PER_SLAB 256

/* ---- what there is --------------------------------------------------------------- */

static void go_slab_free(gpointer data) {
  GotraceGo *gos = data;
  for (guint i = 0; i < GOS_PER_SLAB; i++) {
    g_clear_pointer(&gos[i].ranges, g_array_unref);
    g_clear_pointer(&gos[i].regions, g_array_unref);
  }
  g_free(gos);
}

static void proc_free(gpointer data) {
  GotraceProc *p = data;
  g_clear_pointer(&p->ranges, g_array_unref);
  g_free(p);
}

GotraceOrder *gotrace_order_new(UnparkWriter *writer) {
  GotraceOrder *o = g_new0(GotraceOrder, 1);
  o->writer = writer;
  gotrace_map_init(&o->gos);
  gotrace_map_init(&o->procs);
  gotrace_map_init(&o->threads);
  gotrace_map_init(&o->tasks);
  o->go_cache = g_new0(GotraceGoSlot, GOTRACE_GO_CACHE);
  o->free_gos = g_ptr_array_new();
  o->ended = g_ptr_array_new();
  o->go_slabs = g_ptr_array_new_with_free_func(go_slab_free);
  o->kinds.running = unpark_writer_kind(writer, UNPARK_STATE_RUNNING, 0, UNPARK_CAUSE_NONE);
  o->kinds.syscall = unpark_writer_kind(writer, UNPARK_STATE_SYSCALL, 0, UNPARK_CAUSE_NONE);
  o->kinds.runnable = unpark_writer_kind(writer, UNPARK_STATE_RUNNABLE, 0, UNPARK_CAUSE_NONE);
  o->kinds.waiting = unpark_writer_kind(writer, UNPARK_STATE_WAITING, 0, UNPARK_CAUSE_NONE);
  o->kinds.created = unpark_writer_kind(writer, UNPARK_STATE_RUNNABLE, 0, UNPARK_CAUSE_CREATED);
  o->kinds.woken = unpark_writer_kind(writer, UNPARK_STATE_RUNNABLE, 0, UNPARK_CAUSE_WOKEN);
  o->kinds.syscall_ended =
      unpark_writer_kind(writer, UNPARK_STATE_RUNNABLE, 0, UNPARK_CAUSE_SYSCALL);
#define NAME(text) unpark_writer_string(writer, text, strlen(text))
  o->reason_preempted = NAME("preempted");
  o->names.gc = NAME("GC concurrent mark phase");
  o->names.sweep = NAME("GC incremental sweep");
  o->names.assist = NAME("GC mark assist");
  o->names.procs = NAME("/sched/gomaxprocs:threads");
  o->names.heap = NAME("/memory/classes/heap/objects:bytes");
  o->names.goal = NAME("/gc/heap/goal:bytes");
#undef NAME
  return o;
}

void gotrace_order_free(GotraceOrder *o) {
  if (!o)
    return;
  gotrace_map_clear(&o->gos, NULL);
  gotrace_map_clear(&o->procs, proc_free);
  gotrace_map_clear(&o->threads, g_free);
  gotrace_map_clear(&o->tasks, g_free);
  g_ptr_array_unref(o->free_gos);
  g_ptr_array_unref(o->ended);
  g_ptr_array_unref(o->go_slabs);
  g_free(o->go_cache);
  g_clear_pointer(&o->present, g_array_unref);
  g_free(o->frontier.heap);
  g_free(o->counts.first_fault);
  g_free(o);
}

GotraceGo *gotrace_find_go_slowly(GotraceOrder *o, guint64 id) {
  GotraceGo *g = gotrace_map_get(&o->gos, id);
  if (!g || g->status == GO_BAD)
    return NULL;
  o->go_cache[id & (GOTRACE_GO_CACHE - 1)] = (GotraceGoSlot){(gint64)id, g, g->lane};
  return g;
}

gboolean gotrace_has_ended(GotraceOrder *o, guint64 id) {
  const GotraceGo *g = gotrace_map_get(&o->gos, id);
  return g && g->status == GO_BAD;
}

static void add_go_slab(GotraceOrder *o) {
  void *memory = NULL;
  if (posix_memalign(&memory, sizeof(GotraceGo), GOS_PER_SLAB * sizeof(GotraceGo)) != 0)
    g_error("out of memory: %d goroutines", GOS_PER_SLAB);
  memset(memory, 0, GOS_PER_SLAB * sizeof(GotraceGo));
  g_ptr_array_add(o->go_slabs, memory);
  for (guint i = GOS_PER_SLAB; i > 0; i--)
    g_ptr_array_add(o->free_gos, (GotraceGo *)memory + i - 1);
}

static GotraceGo *new_go(GotraceOrder *o, guint64 id) {
  if (o->free_gos->len == 0)
    add_go_slab(o);
  GotraceGo *g = g_ptr_array_steal_index_fast(o->free_gos, o->free_gos->len - 1);
  g->id = (gint64)id;
  gotrace_map_insert(&o->gos, (guint64)g->id, g);
  return g;
}

GotraceGo *gotrace_add_go(GotraceOrder *o, guint64 id, guint8 status) {
  GotraceGo *g = gotrace_map_get(&o->gos, id);
  if (!g)
    g = new_go(o, id);
  g->status = status;
  gotrace_set_seq(o, &g->seq, 0);
  return g;
}

void gotrace_remove_go(GotraceOrder *o, GotraceGo *g) {
  gotrace_close_ranges(o, g->ranges, UNPARK_SCOPE_GOROUTINE, g->id);
  gotrace_close_regions(o, g);
  GotraceGoSlot *slot = &o->go_cache[(guint64)g->id & (GOTRACE_GO_CACHE - 1)];
  if (slot->g == g)
    *slot = (GotraceGoSlot){0};
  g->status = GO_BAD;
  g->lane = NULL;
  if (!g->ended_listed)
    g_ptr_array_add(o->ended, g);
  g->ended_listed = TRUE;
}

/* Forgets those that have ended. No thread has one: it left its thread when it ended, or another
 * thread that claimed it in a damaged trace lets go of it here. */
static void forget_ended(GotraceOrder *o) {
  for (gsize i = 0; i <= o->threads.mask; i++) {
    GotraceThread *m = o->threads.slots[i].value;
    if (m && m->g && m->g->status == GO_BAD)
      m->g = NULL;
  }
  for (guint i = 0; i < o->ended->len; i++) {
    GotraceGo *g = o->ended->pdata[i];
    if (i + 8 < o->ended->len)
      __builtin_prefetch(o->ended->pdata[i + 8]);
    g->ended_listed = FALSE;
    if (g->status != GO_BAD)
      continue;
    gotrace_map_remove(&o->gos, (guint64)g->id);
    g_ptr_array_add(o->free_gos, g);
  }
  g_ptr_array_set_size(o->ended, 0);
}

GotraceProc *gotrace_find_proc(GotraceOrder *o, guint64 id) {
  return gotrace_map_get(&o->procs, id);
}

GotraceProc *gotrace_add_proc(GotraceOrder *o, guint64 id, guint8 status) {
  GotraceProc *p = g_new0(GotraceProc, 1);
  p->id = (gint64)id;
  p->status = status;
  gotrace_set_seq(o, &p->seq, 0);
  gotrace_map_insert(&o->procs, (guint64)p->id, p);
  return p;
}

GotraceThread *gotrace_find_thread(GotraceOrder *o, guint64 id) {
  return gotrace_map_get(&o->threads, id);
}

GotraceThread *gotrace_add_thread(GotraceOrder *o, guint64 id) {
  GotraceThread *m = g_new0(GotraceThread, 1);
  m->id = (gint64)id;
  m->place = unpark_writer_place(o->writer, -1, m->id);
  gotrace_map_insert(&o->threads, (guint64)m->id, m);
  return m;
}

static guint32 place_of(GotraceOrder *o, GotraceThread *m, gint64 proc) {
  if (proc < -1 || proc + 1 >= GOTRACE_KNOWN_PLACES)
    return unpark_writer_place(o->writer, proc, m->id);
  guint32 *place = &m->places[proc + 1];
  if (!*place)
    *place = unpark_writer_place(o->writer, proc, m->id);
  return *place;
}

void gotrace_bind(GotraceOrder *o, GotraceThread *m, GotraceProc *p, gint64 time_ns) {
  if (m->p == p)
    return;
  if (m->p && m->p->thread == m)
    m->p->thread = NULL;
  m->p = p;
  if (p)
    p->thread = m;
  m->place = place_of(o, m, p ? p->id : -1);
  if (m->g && m->g->lane)
    unpark_lane_move(o->writer, m->g->lane, time_ns, m->place);
}

/* ---- reading events ----------------------------------------------------------------- */

/* From here on events of this generation may wait for what is not there. */
static void something_is_missing(GotraceOrder *o) {
  if (!o->present)
    o->present = gotrace_lost_index(o->generation);
}

static void leave_batch(GotraceOrder *o, GotraceCursor *c) {
  guint64 at = c->batch->offset + (guint64)(c->p - c->batch->data);
  unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "damaged-batch", 1,
                     "The events of thread %" G_GINT64_FORMAT " at offset %" G_GUINT64_FORMAT
                     " are damaged; bytes left out at the end of their batch: %d.",
                     c->thread->id, at, (int)(c->end - c->p));
  c->p = c->end;
  something_is_missing(o);
}

/* Time difference to the event before, in ns. */
static inline gint64 difference(const GotraceGeneration *g, guint64 ticks) {
  /* Whole numbers below 2^53 multiply as exactly as doubles do, and faster. */
  if (G_LIKELY(g->clock.whole_tick && ticks < G_MAXUINT32))
    return (gint64)(ticks * g->clock.whole_tick);
  return gotrace_ns(g->clock.tick_ns, ticks);
}

static inline gboolean read_arguments(GotraceCursor *c, guint n, guint64 *ticks) {
  const guint8 *p = c->p + 1;
  if (G_LIKELY(c->end - c->p >= GOTRACE_MAX_EVENT)) {
    if (!gotrace_varint_fast(&p, ticks))
      return FALSE;
    for (guint i = 0; i + 1 < n; i++)
      if (!gotrace_varint_fast(&p, &c->args[i]))
        return FALSE;
  } else {
    if (!gotrace_varint(&p, c->end, ticks))
      return FALSE;
    for (guint i = 0; i + 1 < n; i++)
      if (!gotrace_varint(&p, c->end, &c->args[i]))
        return FALSE;
  }
  c->p = p;
  return TRUE;
}

/* Reads the event at the cursor. FALSE: the bytes are no event. */
static inline gboolean decode(GotraceOrder *o, GotraceCursor *c) {
  guint64 ticks;
  guint8 type = *c->p;
  guint n = gotrace_timed_args[type];
  if (G_UNLIKELY(n == 0) || G_UNLIKELY(!read_arguments(c, n, &ticks)))
    return FALSE;
  c->type = type;
  c->time = c->last_time + difference(o->generation, ticks);
  if (G_UNLIKELY(c->time > G_MAXINT64 / 2))
    c->time = G_MAXINT64 / 2;
  c->last_time = c->time;
  if (type == EV_GO_START || type == EV_GO_UNBLOCK) {
    /* It is used some events later: its memory may come meanwhile. */
    const GotraceGoSlot *slot = &o->go_cache[c->args[0] & (GOTRACE_GO_CACHE - 1)];
    if (slot->lane && slot->id == (gint64)c->args[0]) {
      __builtin_prefetch(slot->g);
      __builtin_prefetch(slot->lane);
      __builtin_prefetch((const char *)slot->lane + 64);
    }
  }
  return TRUE;
}

/* FALSE: the thread has no more events in this generation. */
static inline gboolean next_event(GotraceOrder *o, GotraceCursor *c) {
  for (;;) {
    while (G_UNLIKELY(c->p == c->end)) {
      if (c->started)
        c->batch = c->batch->next;
      c->started = TRUE;
      if (!c->batch)
        return FALSE;
      c->p = c->batch->data;
      c->end = c->p + c->batch->size;
      c->last_time = gotrace_ns(o->generation->clock.tick_ns, c->batch->time);
    }
    if (G_LIKELY(decode(o, c)))
      return TRUE;
    leave_batch(o, c);
  }
}

/* ---- one event ------------------------------------------------------------------------ */

static void note_fault(GotraceOrder *o, const GotraceCursor *c, const char *what) {
  if (o->counts.first_fault)
    return;
  o->counts.first_fault =
      g_strdup_printf("%s of thread %" G_GINT64_FORMAT " at offset %" G_GUINT64_FORMAT " %s",
                      gotrace_event_name(c->type), c->thread->id,
                      c->batch->offset + (guint64)(c->p - c->batch->data), what);
}

/* An event that contradicts the state: what is known to be missing explains it, or it is left
 * out. */
static G_GNUC_NO_INLINE void settle(GotraceOrder *o, GotraceCursor *c) {
  gboolean forced = o->force;
  if (o->present && !forced) {
    note_fault(o, c, "has no place in the order of events");
    o->force = TRUE;
    gboolean done = gotrace_handlers[c->type](o, c, c->thread) == GOTRACE_DONE;
    o->force = FALSE;
    o->counts.forced += done;
    if (done)
      return;
  }
  note_fault(o, c, "contradicts what came before");
  o->counts.left_out++;
  something_is_missing(o);
}

/* Tries the event of cursor number i; if it is through, reads the thread's next one. */
static G_ALWAYS_INLINE inline gboolean advance(GotraceOrder *o, guint i) {
  GotraceCursor *c = o->frontier.heap[i].cursor;
  GotraceResult result = gotrace_handlers[c->type](o, c, c->thread);
  if (result == GOTRACE_LATER && !o->force)
    return FALSE;
  if (G_UNLIKELY(result != GOTRACE_DONE))
    settle(o, c);
  o->counts.events++;
  if (G_UNLIKELY(!next_event(o, c)))
    gotrace_frontier_remove(&o->frontier, i);
  else if (i == 0)
    gotrace_frontier_update_first(&o->frontier);
  else
    gotrace_frontier_update(&o->frontier, i);
  return TRUE;
}

/* The earliest event is taken at its word. */
static void force_earliest(GotraceOrder *o) {
  note_fault(o, o->frontier.heap[0].cursor, "has no place in the order of events");
  o->counts.forced++;
  o->force = TRUE;
  advance(o, 0);
  o->force = FALSE;
}

static G_GNUC_NO_INLINE void advance_any(GotraceOrder *o) {
  gotrace_frontier_sort(&o->frontier);
  if (G_UNLIKELY(o->present) && gotrace_is_lost(o, o->frontier.heap[0].cursor)) {
    force_earliest(o);
    return;
  }
  for (guint i = 1; i < o->frontier.n; i++)
    if (advance(o, i))
      return;
  /* The reference stops here. */
  something_is_missing(o);
  force_earliest(o);
}

static void write_sample(GotraceOrder *o, const GotraceSample *s) {
  const gint64 row[] = {gotrace_stamp(o, s->time), s->goroutine < 0 ? UNPARK_NONE : s->goroutine,
                        s->proc < 0 ? UNPARK_NONE : s->proc,
                        s->thread < 0 ? UNPARK_NONE : s->thread,
                        gotrace_stack(o->generation, s->stack)};
  unpark_writer_append(o->writer, UNPARK_TABLE_CPU_SAMPLE, row);
  o->counts.events++;
}

/* ---- a generation ------------------------------------------------------------------------- */

/* Every generation reads the clocks once. */
static void take_snapshot(GotraceOrder *o, const GotraceClock *clock) {
  gint64 time = gotrace_ns(clock->tick_ns, clock->snapshot_ticks) - o->t0;
  const gint64 row[] = {unpark_time_clamp(time), clock->snapshot_mono_ns, clock->snapshot_wall_ns};
  if (clock->snapshot_wall_ns == UNPARK_NONE)
    return;
  unpark_writer_append(o->writer, UNPARK_TABLE_CLOCK, row);
  if (o->generation->number == o->first_generation)
    unpark_writer_set_source(o->writer, UNPARK_SOURCE_TRACE, NULL, NULL, NULL,
                             clock->snapshot_wall_ns - time);
}

static void begin_generation(GotraceOrder *o, GotraceGeneration *g, GotraceCursor *cursors) {
  gint64 start = gotrace_ns(g->clock.tick_ns, g->clock.min_ticks);
  o->generation = g;
  o->sample = 0;
  memset(o->reasons, 0, sizeof o->reasons);
  if (o->first_generation == 0) {
    o->first_generation = g->number;
    gotrace_stamp(o, start);
    o->t0 = o->last;
    o->sync_ns = 0;
  } else {
    o->sync_ns = gotrace_stamp(o, start);
  }
  if (g->clock.has_snapshot)
    take_snapshot(o, &g->clock);
  gotrace_frontier_init(&o->frontier);
  for (guint i = 0; i < g->threads->len; i++) {
    const GotraceThreadBatches *batches = &g_array_index(g->threads, GotraceThreadBatches, i);
    GotraceCursor *c = &cursors[i];
    c->batch = batches->first;
    c->thread = gotrace_find_thread(o, batches->thread);
    if (!c->thread)
      c->thread = gotrace_add_thread(o, batches->thread);
    if (next_event(o, c))
      gotrace_frontier_insert(&o->frontier, c);
  }
}

/* The time before which events go first: that of the next sample. */
static gint64 sample_time(const GotraceOrder *o) {
  const GArray *samples = o->generation->samples;
  return o->sample < samples->len ? g_array_index(samples, GotraceSample, o->sample).time
                                  : G_MAXINT64;
}

/* Up to `n` steps. FALSE: nothing is left. */
static gboolean run_some(GotraceOrder *o, guint n) {
  GotraceFrontier *f = &o->frontier;
  gint64 next_sample = sample_time(o);
  for (; n > 0; n--) {
    /* An empty heap's first entry is its end, which is later than any sample. */
    if (G_UNLIKELY(next_sample < f->heap[0].time)) {
      write_sample(o, &g_array_index(o->generation->samples, GotraceSample, o->sample));
      o->sample++;
      next_sample = sample_time(o);
      continue;
    }
    if (G_UNLIKELY(f->n == 0))
      return FALSE;
    if (G_UNLIKELY(!advance(o, 0)))
      advance_any(o);
  }
  return TRUE;
}

gboolean gotrace_order_run(GotraceOrder *o, GotraceGeneration *g, gboolean damaged,
                           GCancellable *cancellable, GError **error) {
  g_autofree GotraceCursor *cursors = g_new0(GotraceCursor, g->threads->len);
  o->generation = g;
  if (damaged)
    something_is_missing(o);
  begin_generation(o, g, cursors);
  while (run_some(o, EVENTS_PER_CHECK))
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !unpark_writer_check(o->writer, error))
      return FALSE;
  forget_ended(o);
  o->generation = NULL;
  g_clear_pointer(&o->present, g_array_unref);
  return !g_cancellable_set_error_if_cancelled(cancellable, error) &&
         unpark_writer_check(o->writer, error);
}

static void note_faults(GotraceOrder *o) {
  const char *first = o->counts.first_fault ? o->counts.first_fault : "";
  if (o->counts.left_out > 0)
    unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "inconsistent-event", o->counts.left_out,
                       "Events that contradict the state of their goroutine, processor or thread "
                       "were left out. The first: %s.",
                       first);
  if (o->counts.forced > 0)
    unpark_writer_note(o->writer, UNPARK_NOTE_WARNING, "unordered-event", o->counts.forced,
                       "Events whose predecessors are missing were taken at their time. The first: "
                       "%s.",
                       first);
  if (o->counts.alloc_free > 0)
    unpark_writer_note(o->writer, UNPARK_NOTE_INFO, "alloc-free-events", o->counts.alloc_free,
                       "Experimental events of single allocations "
                       "(GODEBUG=traceallocfree=1) were read over.");
}

gint64 gotrace_order_finish(GotraceOrder *o) {
  gint64 end_ns = o->first_generation ? gotrace_stamp(o, o->last) : 0;
  for (gsize i = 0; i <= o->gos.mask; i++) {
    GotraceGo *g = o->gos.slots[i].value;
    if (!g)
      continue;
    gotrace_close_ranges(o, g->ranges, UNPARK_SCOPE_GOROUTINE, g->id);
    gotrace_close_regions(o, g);
  }
  for (gsize i = 0; i <= o->procs.mask; i++) {
    GotraceProc *p = o->procs.slots[i].value;
    if (p)
      gotrace_close_ranges(o, p->ranges, UNPARK_SCOPE_PROC, p->id);
  }
  if (o->mark.phase == GOTRACE_GC_ON) {
    const gint64 row[] = {o->names.gc,      UNPARK_SCOPE_GLOBAL, UNPARK_NONE,
                          o->mark.start_ns, UNPARK_NONE,         o->mark.stack};
    unpark_writer_append(o->writer, UNPARK_TABLE_RANGE, row);
  }
  for (gsize i = 0; i <= o->tasks.mask; i++)
    if (o->tasks.slots[i].value)
      gotrace_write_task(o, o->tasks.slots[i].value, UNPARK_NONE);
  unpark_writer_count_events(o->writer, o->counts.events);
  note_faults(o);
  return end_ns;
}
