/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutine lanes: closes spans, keeps totals, fills segments. The hot path: a few
 * nanoseconds an event. */
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/writer/large.h"
#include "model/writer/private.h"

#define LIVE_CHECK_SPANS 16384
#define LIVE_FIRST_COMMIT_US 60000
#define LIVE_COMMIT_US 400000

/* Lanes begin at cache lines of their own. */
#define LANE_SIZE ((sizeof(UnparkLane) + 63) & ~(gsize)63)
#define LANES_PER_SLAB 256

/* Of executions, as many as fill two units of large memory together with the spans and their
 * lanes; more have memory of their own. */
#define SPAN_BYTES (UNPARK_SEGMENT_SPANS * (sizeof(UnparkPackedSpan) + sizeof(guint32)))
#define FIRST_EXECS ((guint)((2 * UNPARK_LARGE_UNIT - SPAN_BYTES) / sizeof(UnparkExecRecord)))

/* Sorting reads spans at random: huge pages spare it most misses of the TLB. */
static void new_records(UnparkSegment *segment) {
  segment->spans = unpark_large_new(SPAN_BYTES + FIRST_EXECS * sizeof(UnparkExecRecord));
  segment->span_lanes = (guint32 *)(segment->spans + UNPARK_SEGMENT_SPANS);
  segment->execs = (UnparkExecRecord *)(segment->span_lanes + UNPARK_SEGMENT_SPANS);
  segment->execs_capacity = FIRST_EXECS;
}

static GMutex pool_lock;
static UnparkSegment *pool[4];

UnparkSegment *unpark_segment_new(gint64 from_ns) {
  UnparkSegment *segment = NULL;
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool) && !segment; i++)
    segment = g_steal_pointer(&pool[i]);
  g_mutex_unlock(&pool_lock);
  if (!segment) {
    segment = g_new0(UnparkSegment, 1);
    new_records(segment);
    segment->wide = g_array_new(FALSE, FALSE, sizeof(UnparkSpanRecord));
    segment->lanes = g_array_new(FALSE, FALSE, sizeof(UnparkSegmentLane));
    segment->open = g_array_new(FALSE, FALSE, sizeof(UnparkOpenSpan));
  }
  segment->from_ns = from_ns;
  return segment;
}

static void destroy_segment(UnparkSegment *segment) {
  g_free(segment->spans);
  g_free(segment->more_execs);
  g_array_unref(segment->wide);
  g_array_unref(segment->lanes);
  g_array_unref(segment->open);
  g_free(segment);
}

void unpark_segment_free(UnparkSegment *segment) {
  g_clear_pointer(&segment->kind_state, g_free);
  g_clear_pointer(&segment->places, g_array_unref);
  segment->n_spans = segment->n_execs = 0;
  g_array_set_size(segment->wide, 0);
  g_array_set_size(segment->lanes, 0);
  g_array_set_size(segment->open, 0);
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool) && segment; i++)
    if (!pool[i])
      pool[i] = g_steal_pointer(&segment);
  g_mutex_unlock(&pool_lock);
  if (segment)
    destroy_segment(segment);
}

/* Nothing is imported any more: gives the pool's memory back. */
static void empty_pool(void) {
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool); i++)
    g_clear_pointer(&pool[i], destroy_segment);
  g_mutex_unlock(&pool_lock);
}

static void collect_open(UnparkWriter *w, UnparkSegment *segment) {
  for (guint i = 0; i < w->open->len; i++) {
    const UnparkLane *lane = w->open->pdata[i];
    if (!lane->kind || lane->open_ns >= segment->to_ns)
      continue;
    UnparkOpenSpan open = {.id = lane->id,
                           .start = lane->open_ns,
                           .name = lane->name,
                           .kind = lane->kind,
                           .lane = lane->segment == w->segment_number ? (gint32)lane->segment_lane
                                                                      : -1};
    g_array_append_val(segment->open, open);
    if (open.lane >= 0)
      g_array_index(segment->lanes, UnparkSegmentLane, open.lane).name = lane->name;
  }
}

gboolean unpark_writer_has_older(UnparkWriter *w, const char *function) {
  for (guint i = 0; i < w->open->len; i++) {
    const UnparkLane *lane = w->open->pdata[i];
    if (lane->parent == UNPARK_NONE && strcmp(unpark_intern_text(w, lane->name), function) == 0)
      return TRUE;
  }
  return FALSE;
}

static void emit_goroutine(UnparkWriter *w, const UnparkLane *lane, UnparkFact fact, gint64 now_ns);

/* Shows a live reader what there is so far. */
static void commit(UnparkWriter *w, gint64 now_ns) {
  for (guint i = 0; i < w->open->len; i++)
    emit_goroutine(w, w->open->pdata[i], UNPARK_FACT_GOROUTINE_OPEN, now_ns);
  unpark_writer_commit(w, now_ns);
}

/* Closes the current segment at `to_ns` and gives it to the sink. */
static void cut(UnparkWriter *w, gint64 to_ns, gboolean last) {
  UnparkSegment *segment = w->segment;
  if (segment->n_spans > 0 || segment->n_execs > 0 || last) {
    segment->to_ns = to_ns;
    segment->kind_state = g_new(guint8, w->n_kinds + 1);
    for (guint i = 0; i <= w->n_kinds; i++)
      segment->kind_state[i] = (guint8)w->kind_states[i];
    segment->places = g_array_copy(w->places);
    collect_open(w, segment);
    unpark_sink_give(w->sink, unpark_segment_job, segment);
    w->segment = last ? NULL : unpark_segment_new(to_ns);
    w->segment_number++;
  }
  if (w->live && !last) {
    gint64 now_us = g_get_monotonic_time();
    gint64 pause = w->generation == 0 ? LIVE_FIRST_COMMIT_US : LIVE_COMMIT_US;
    if (now_us - w->last_commit_us > pause)
      commit(w, to_ns);
  }
}

static void cut_if_due(UnparkWriter *w, gint64 now_ns) {
  UnparkSegment *segment = w->segment;
  if (segment->n_spans == UNPARK_SEGMENT_SPANS)
    cut(w, now_ns, FALSE);
  else if (w->live && segment->n_spans % LIVE_CHECK_SPANS == 0) {
    gint64 pause = w->generation == 0 ? LIVE_FIRST_COMMIT_US : LIVE_COMMIT_US;
    if (g_get_monotonic_time() - w->last_commit_us > pause)
      cut(w, now_ns, FALSE);
  }
}

static void enter_segment(UnparkWriter *w, UnparkLane *lane) {
  UnparkSegmentLane entry = {.id = lane->id, .start = lane->open_ns, .name = lane->name};
  lane->segment = w->segment_number;
  lane->segment_lane = w->segment->lanes->len;
  g_array_append_val(w->segment->lanes, entry);
}

static void put_wide(UnparkSegment *segment, UnparkPackedSpan *span, const UnparkLane *lane,
                     gint64 duration, guint32 place, gint64 waker, guint32 waker_stack) {
  UnparkSpanRecord wide = {.start = lane->open_ns,
                           .duration = duration,
                           .waker = waker,
                           .stack = lane->stack,
                           .waker_stack = waker_stack,
                           .place = place,
                           .kind = lane->kind};
  span->kind = UNPARK_WIDE_SPAN;
  span->stack = segment->wide->len;
  span->duration = 0;
  g_array_append_val(segment->wide, wide);
}

/* `extra`: the waker's stack where the goroutine waits, its place in other states. */
static inline void put_span(UnparkSegment *segment, const UnparkLane *lane, gint64 duration,
                            guint32 place, gint64 waker, guint32 waker_stack) {
  UnparkPackedSpan *span = &segment->spans[segment->n_spans];
  guint64 waker_code = waker == UNPARK_NONE ? 0 : (guint64)waker + 1;
  guint32 extra = lane->state == UNPARK_STATE_WAITING ? waker_stack : place;
  segment->span_lanes[segment->n_spans] = lane->segment_lane;
  segment->n_spans++;
  if (G_UNLIKELY(((guint64)duration | waker_code) > G_MAXUINT32 || extra > G_MAXUINT16)) {
    put_wide(segment, span, lane, duration, place, waker, waker_stack);
    return;
  }
  span->duration = (guint32)duration;
  span->waker = (guint32)waker_code;
  span->stack = lane->stack;
  span->extra = (guint16)extra;
  span->kind = lane->kind;
}

/* Writes the open span down as ended at `time_ns`. */
static inline void close_span(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint32 next_place,
                              gint64 waker, guint32 waker_stack) {
  UnparkSegment *segment = w->segment;
  gint64 duration = time_ns - lane->open_ns;
  if (G_UNLIKELY(lane->segment != w->segment_number))
    enter_segment(w, lane);
  unpark_time_sum(&lane->total_ns[lane->state], duration);
  lane->span_count++;
  if (lane->state == UNPARK_STATE_WAITING) {
    lane->last_waker = waker;
    lane->longest_wait_ns = MAX(lane->longest_wait_ns, duration);
    put_span(segment, lane, duration, 0, waker, waker_stack);
  } else if (lane->state == UNPARK_STATE_RUNNABLE) {
    put_span(segment, lane, duration, next_place, lane->last_waker, 0);
    lane->last_waker = UNPARK_NONE;
  } else {
    put_span(segment, lane, duration, lane->place, UNPARK_NONE, 0);
  }
  if (G_UNLIKELY(segment->n_spans % LIVE_CHECK_SPANS == 0)) {
    lane->open_ns = time_ns; /* a cut must not take the span for an open one as well */
    cut_if_due(w, time_ns);
  }
}

static G_GNUC_NO_INLINE void grow_execs(UnparkSegment *segment) {
  UnparkExecRecord *more =
      unpark_large_new(2 * (gsize)segment->execs_capacity * sizeof(UnparkExecRecord));
  memcpy(more, segment->execs, segment->n_execs * sizeof(UnparkExecRecord));
  g_free(segment->more_execs);
  segment->execs = segment->more_execs = more;
  segment->execs_capacity *= 2;
}

static inline void close_exec(UnparkWriter *w, UnparkLane *lane, gint64 time_ns) {
  UnparkSegment *segment = w->segment;
  if (G_UNLIKELY(segment->n_execs == segment->execs_capacity))
    grow_execs(segment);
  UnparkExecRecord *exec = &segment->execs[segment->n_execs++];
  exec->start = lane->exec_ns;
  exec->duration = time_ns - lane->exec_ns;
  exec->goroutine = lane->id;
  exec->place = lane->exec_place;
  lane->exec_place = 0;
}

static inline void set_exec(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint32 place) {
  if (lane->exec_place == place)
    return;
  if (lane->exec_place)
    close_exec(w, lane, time_ns);
  lane->exec_place = place;
  lane->exec_ns = time_ns;
}

static UnparkLane *new_lane(UnparkWriter *w) {
  if (!w->free_lanes) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, LANES_PER_SLAB * LANE_SIZE) != 0)
      g_error("out of memory: %u lanes", LANES_PER_SLAB);
    g_ptr_array_add(w->lane_slabs, memory);
    for (guint i = 0; i < LANES_PER_SLAB; i++) {
      UnparkLane *lane = (UnparkLane *)((guint8 *)memory + i * LANE_SIZE);
      lane->next_free = w->free_lanes;
      w->free_lanes = lane;
    }
  }
  UnparkLane *lane = w->free_lanes;
  w->free_lanes = lane->next_free;
  memset(lane, 0, sizeof *lane);
  return lane;
}

static void free_lane(UnparkWriter *w, UnparkLane *lane) {
  lane->next_free = w->free_lanes;
  w->free_lanes = lane;
}

UnparkLane *unpark_writer_lane_new(UnparkWriter *w, gint64 id, gint64 time_ns, gint64 parent,
                                   guint32 create_stack) {
  time_ns = unpark_time_clamp(time_ns);
  UnparkLane *lane = g_hash_table_size(w->parked) > 0 ? g_hash_table_lookup(w->parked, &id) : NULL;
  if (lane) {
    g_hash_table_steal(w->parked, &id);
  } else {
    lane = new_lane(w);
    lane->id = id;
    lane->parent = parent;
    lane->create_ns = time_ns;
    lane->create_stack = create_stack;
    lane->first_run_ns = UNPARK_NONE;
  }
  lane->last_waker = parent;
  lane->segment = G_MAXUINT32;
  lane->slot = w->open->len;
  g_ptr_array_add(w->open, lane);
  return lane;
}

gint64 unpark_lane_id(const UnparkLane *lane) {
  return lane->id;
}

void unpark_lane_saw_stack(UnparkWriter *w, UnparkLane *lane, guint32 stack) {
  if (lane->name || !stack)
    return;
  lane->name = unpark_writer_stack_root(w, stack);
  if (lane->name && lane->segment == w->segment_number)
    g_array_index(w->segment->lanes, UnparkSegmentLane, lane->segment_lane).name = lane->name;
}

void unpark_lane_switch(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint16 kind,
                        guint32 stack, guint32 place, gint64 waker, guint32 waker_stack) {
  time_ns = unpark_time_clamp(time_ns);
  UnparkState state = w->kind_states[kind];
  gboolean executes = state == UNPARK_STATE_RUNNING || state == UNPARK_STATE_SYSCALL;
  if (lane->kind)
    close_span(w, lane, time_ns, state == UNPARK_STATE_RUNNING ? place : 0, waker, waker_stack);
  else
    w->source.start_ns = MIN(w->source.start_ns, time_ns);
  set_exec(w, lane, time_ns, executes ? place : 0);
  lane->open_ns = time_ns;
  lane->kind = kind;
  lane->state = (guint8)state;
  lane->stack = stack;
  lane->place = executes ? place : 0;
  if (G_UNLIKELY(!lane->name))
    unpark_lane_saw_stack(w, lane, stack);
  if (G_UNLIKELY(state == UNPARK_STATE_RUNNING && !lane->has_run)) {
    lane->has_run = TRUE;
    lane->first_run_ns = time_ns;
  }
}

void unpark_lane_move(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint32 place) {
  time_ns = unpark_time_clamp(time_ns);
  if (lane->state == UNPARK_STATE_RUNNING || lane->state == UNPARK_STATE_SYSCALL)
    set_exec(w, lane, time_ns, place);
}

void unpark_writer_lost_stacks(UnparkWriter *w) {
  w->lost_stacks = TRUE;
}

/* The runtime's own goroutines: those that started in package runtime, except for the main
 * goroutine. One without a name is the runtime's if it never ran: the runtime has several that
 * wait from before the trace until its end, without a stack. One that ran may be anybody's. */
static gboolean is_system(UnparkWriter *w, const UnparkLane *lane) {
  const char *name = unpark_intern_text(w, lane->name);
  if (!*name)
    return !w->lost_stacks && !lane->has_run;
  return g_str_has_prefix(name, "runtime.") && strcmp(name, "runtime.main") != 0;
}

static void emit_goroutine(UnparkWriter *w, const UnparkLane *lane, UnparkFact fact,
                           gint64 now_ns) {
  gint64 row[] = {[G_ID] = lane->id,
                  [G_PARENT] = lane->parent,
                  [G_CREATE] = lane->create_ns,
                  [G_START] = lane->first_run_ns,
                  [G_END] = UNPARK_NONE,
                  [G_CREATE_STACK] = lane->create_stack,
                  [G_RUNNING] = lane->total_ns[UNPARK_STATE_RUNNING],
                  [G_RUNNABLE] = lane->total_ns[UNPARK_STATE_RUNNABLE],
                  [G_WAITING] = lane->total_ns[UNPARK_STATE_WAITING],
                  [G_SYSCALL] = lane->total_ns[UNPARK_STATE_SYSCALL],
                  [G_LONGEST_WAIT] = lane->longest_wait_ns,
                  [G_NAME] = lane->name,
                  [G_SPAN_COUNT] = lane->span_count,
                  [G_SYSTEM] = is_system(w, lane)};
  if (!lane->kind)
    row[G_END] = lane->open_ns;
  else if (fact == UNPARK_FACT_GOROUTINE_OPEN)
    unpark_time_sum(&row[G_RUNNING + lane->state], now_ns - lane->open_ns);
  unpark_rows_append(w, fact, row);
}

static void forget(UnparkWriter *w, UnparkLane *lane) {
  UnparkLane *last = w->open->pdata[w->open->len - 1];
  last->slot = lane->slot;
  w->open->pdata[lane->slot] = last;
  g_ptr_array_set_size(w->open, (gint)w->open->len - 1);
}

void unpark_lane_end(UnparkWriter *w, UnparkLane *lane, gint64 time_ns) {
  time_ns = unpark_time_clamp(time_ns);
  gboolean in_syscall = lane->kind && lane->state == UNPARK_STATE_SYSCALL;
  if (lane->kind)
    close_span(w, lane, time_ns, 0, UNPARK_NONE, 0);
  set_exec(w, lane, time_ns, 0);
  lane->kind = 0;
  lane->open_ns = time_ns;
  forget(w, lane);
  if (in_syscall && !g_hash_table_contains(w->parked, &lane->id)) {
    /* A cgo callback's goroutine: the thread comes back with the same one. */
    g_hash_table_insert(w->parked, &lane->id, lane);
    return;
  }
  emit_goroutine(w, lane, UNPARK_FACT_GOROUTINE, time_ns);
  free_lane(w, lane);
}

static gint by_id(gconstpointer a, gconstpointer b) {
  const UnparkLane *x = *(UnparkLane *const *)a, *y = *(UnparkLane *const *)b;
  return x->id < y->id ? -1 : x->id > y->id;
}

void unpark_lanes_finish(UnparkWriter *w, gint64 end_ns) {
  end_ns = unpark_time_clamp(end_ns);
  GHashTableIter iter;
  gpointer value;
  g_ptr_array_sort(w->open, by_id);
  for (guint i = 0; i < w->open->len; i++) {
    UnparkLane *lane = w->open->pdata[i];
    if (lane->kind)
      close_span(w, lane, MAX(end_ns, lane->open_ns), 0, UNPARK_NONE, 0);
    lane->open_ns = MAX(end_ns, lane->open_ns); /* a cut meanwhile must not count it again */
    if (lane->exec_place)
      close_exec(w, lane, MAX(end_ns, lane->exec_ns));
  }
  GPtrArray *all = g_ptr_array_new();
  for (guint i = 0; i < w->open->len; i++)
    g_ptr_array_add(all, w->open->pdata[i]);
  g_hash_table_iter_init(&iter, w->parked);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    g_ptr_array_add(all, value);
  g_ptr_array_sort(all, by_id);
  for (guint i = 0; i < all->len; i++)
    emit_goroutine(w, all->pdata[i], UNPARK_FACT_GOROUTINE, end_ns);
  g_ptr_array_unref(all);
  /* Nothing is open any more: the last segment must not count these spans twice. */
  for (guint i = 0; i < w->open->len; i++)
    ((UnparkLane *)w->open->pdata[i])->kind = 0;
  cut(w, end_ns, TRUE);
}

void unpark_lanes_free(UnparkWriter *w) {
  g_ptr_array_unref(w->open);
  g_hash_table_unref(w->parked);
  g_ptr_array_unref(w->lane_slabs);
  g_clear_pointer(&w->segment, unpark_segment_free);
  empty_pool();
}
