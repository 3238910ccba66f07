/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges: the garbage collector's phases, stop-the-world, sweeps and assists. */
#include <string.h>

#include "importers/gotrace/order.h"
#include "importers/gotrace/wire.h"

static void write_range(GotraceOrder *o, const GotraceRange *range, UnparkScope scope, gint64 id,
                        gint64 end_ns) {
  const gint64 row[] = {range->name, scope, id, range->start_ns, end_ns, range->stack};
  unpark_writer_append(o->writer, UNPARK_TABLE_RANGE, row);
}

void gotrace_close_ranges(GotraceOrder *o, GArray *ranges, UnparkScope scope, gint64 id) {
  if (!ranges)
    return;
  for (guint i = 0; i < ranges->len; i++)
    write_range(o, &g_array_index(ranges, GotraceRange, i), scope, id, UNPARK_NONE);
  g_array_set_size(ranges, 0);
}

/* "stop-the-world (KIND)", without the kind where it is not in the file. */
static guint32 stw_name(GotraceOrder *o, guint64 string) {
  const char *text = "";
  guint len = 0;
  if (!gotrace_string_text(o->generation, string, &text, &len))
    return unpark_writer_string(o->writer, "stop-the-world", strlen("stop-the-world"));
  g_autofree char *name = g_strdup_printf("stop-the-world (%.*s)", (int)len, text);
  return unpark_writer_string(o->writer, name, strlen(name));
}

/* Index of a range of this begin event, any name if `name` is 0; -1. */
static gint find_range(const GArray *ranges, guint8 type, guint32 name) {
  for (guint i = 0; ranges && i < ranges->len; i++) {
    const GotraceRange *range = &g_array_index(ranges, GotraceRange, i);
    if (range->type == type && (!name || range->name == name))
      return (gint)i;
  }
  return -1;
}

static GotraceResult begin(GotraceOrder *o, GotraceCursor *c, GArray **ranges, guint8 type,
                           guint32 name, guint64 stack) {
  if (find_range(*ranges, type, name) >= 0)
    return GOTRACE_BAD;
  if (!*ranges)
    *ranges = g_array_new(FALSE, FALSE, sizeof(GotraceRange));
  GotraceRange range = {.type = type,
                        .name = name,
                        .stack = gotrace_stack(o->generation, stack),
                        .start_ns = gotrace_stamp(o, c->time)};
  g_array_append_val(*ranges, range);
  return GOTRACE_DONE;
}

/* A range that goes on from before: new in the first generation, known later. */
static GotraceResult active(GotraceOrder *o, GotraceCursor *c, GArray **ranges, guint8 type,
                            guint32 name) {
  gboolean first = o->generation->number == o->first_generation;
  gboolean known = find_range(*ranges, type, name) >= 0;
  if (!known)
    return first || o->force ? begin(o, c, ranges, type, name, 0) : GOTRACE_BAD;
  if (first)
    return GOTRACE_BAD;
  gotrace_stamp(o, c->time);
  return GOTRACE_DONE;
}

static GotraceResult end(GotraceOrder *o, GotraceCursor *c, GArray *ranges, guint8 type,
                         UnparkScope scope, gint64 id) {
  gint i = find_range(ranges, type, 0);
  if (i < 0)
    return GOTRACE_BAD;
  GotraceRange range = g_array_index(ranges, GotraceRange, i);
  g_array_remove_index_fast(ranges, (guint)i);
  write_range(o, &range, scope, id, gotrace_stamp(o, c->time));
  return GOTRACE_DONE;
}

static GotraceResult gc_begin(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  gboolean starts = c->type == EV_GC_BEGIN, first = o->mark.phase == GOTRACE_GC_UNKNOWN;
  gboolean initial = starts ? first : o->generation->number == o->first_generation;
  if (initial) {
    if (!first)
      return GOTRACE_BAD;
  } else {
    if (c->args[0] != o->mark.seq + 1 && !o->force)
      return GOTRACE_LATER;
    if ((starts == (o->mark.phase == GOTRACE_GC_ON)) || !(gotrace_has_all(m) || o->force))
      return GOTRACE_BAD;
  }
  gint64 time = gotrace_stamp(o, c->time);
  o->mark.seq = c->args[0];
  if (o->mark.phase == GOTRACE_GC_ON)
    return GOTRACE_DONE; /* goes on in a new generation */
  o->mark.phase = GOTRACE_GC_ON;
  o->mark.start_ns = time;
  o->mark.stack = starts ? gotrace_stack(o->generation, c->args[1]) : 0;
  return GOTRACE_DONE;
}

static GotraceResult gc_end(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (c->args[0] != o->mark.seq + 1 && !o->force)
    return GOTRACE_LATER;
  if (o->mark.phase != GOTRACE_GC_ON || !(gotrace_has_all(m) || o->force))
    return GOTRACE_BAD;
  GotraceRange range = {.name = o->names.gc, .stack = o->mark.stack, .start_ns = o->mark.start_ns};
  o->mark.seq = c->args[0];
  o->mark.phase = GOTRACE_GC_OFF;
  write_range(o, &range, UNPARK_SCOPE_GLOBAL, UNPARK_NONE, gotrace_stamp(o, c->time));
  return GOTRACE_DONE;
}

static GotraceResult sweep_active(GotraceOrder *o, GotraceCursor *c) {
  GotraceProc *p = gotrace_find_proc(o, c->args[0]);
  return p ? active(o, c, &p->ranges, EV_GC_SWEEP_BEGIN, o->names.sweep) : GOTRACE_BAD;
}

static GotraceResult assist_active(GotraceOrder *o, GotraceCursor *c) {
  GotraceGo *g = gotrace_find_go(o, c->args[0]);
  return g ? active(o, c, &g->ranges, EV_GC_MARK_ASSIST_BEGIN, o->names.assist) : GOTRACE_BAD;
}

GotraceResult gotrace_range_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  gboolean has_proc = m->id != -1 && m->p, has_all = gotrace_has_all(m);
  switch (c->type) {
  case EV_GC_ACTIVE:
  case EV_GC_BEGIN:
    return gc_begin(o, c, m);
  case EV_GC_END:
    return gc_end(o, c, m);
  case EV_GC_SWEEP_ACTIVE:
    return sweep_active(o, c);
  case EV_GC_SWEEP_BEGIN:
    return has_proc ? begin(o, c, &m->p->ranges, EV_GC_SWEEP_BEGIN, o->names.sweep, c->args[0])
                    : GOTRACE_BAD;
  case EV_GC_SWEEP_END:
    return has_proc ? end(o, c, m->p->ranges, EV_GC_SWEEP_BEGIN, UNPARK_SCOPE_PROC, m->p->id)
                    : GOTRACE_BAD;
  case EV_GC_MARK_ASSIST_ACTIVE:
    return assist_active(o, c);
  case EV_GC_MARK_ASSIST_BEGIN:
    return has_all ? begin(o, c, &m->g->ranges, c->type, o->names.assist, c->args[0]) : GOTRACE_BAD;
  case EV_GC_MARK_ASSIST_END:
    return has_all
               ? end(o, c, m->g->ranges, EV_GC_MARK_ASSIST_BEGIN, UNPARK_SCOPE_GOROUTINE, m->g->id)
               : GOTRACE_BAD;
  case EV_STW_BEGIN:
    return has_all ? begin(o, c, &m->g->ranges, c->type, stw_name(o, c->args[0]), c->args[1])
                   : GOTRACE_BAD;
  case EV_STW_END:
    return has_all ? end(o, c, m->g->ranges, EV_STW_BEGIN, UNPARK_SCOPE_GOROUTINE, m->g->id)
                   : GOTRACE_BAD;
  default:
    return GOTRACE_BAD;
  }
}
