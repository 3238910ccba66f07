/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program says itself: tasks, regions, logs, labels; and metrics. */
#include "importers/gotrace/order.h"
#include "importers/gotrace/wire.h"

static GotraceResult metric(GotraceOrder *o, GotraceCursor *c, guint32 name) {
  const gint64 row[] = {name, gotrace_stamp(o, c->time), (gint64)c->args[0]};
  unpark_writer_append(o->writer, UNPARK_TABLE_METRIC, row);
  return GOTRACE_DONE;
}

static gint64 number(guint64 id) {
  return id == NO_TASK ? UNPARK_NONE : (gint64)id;
}

void gotrace_write_task(GotraceOrder *o, const GotraceTask *task, gint64 end_ns) {
  const gint64 row[] = {number(task->id), task->parent,   task->name,
                        task->goroutine,  task->start_ns, end_ns};
  unpark_writer_append(o->writer, UNPARK_TABLE_TASK, row);
}

static GotraceResult task_begin(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (gotrace_map_get(&o->tasks, c->args[0]))
    return GOTRACE_BAD;
  GotraceTask *task = g_new(GotraceTask, 1);
  *task = (GotraceTask){.id = c->args[0],
                        .parent = c->args[1] == 0 ? UNPARK_NONE : number(c->args[1]),
                        .name = gotrace_string(o->generation, c->args[2]),
                        .goroutine = m->g->id,
                        .start_ns = gotrace_stamp(o, c->time)};
  gotrace_map_insert(&o->tasks, task->id, task);
  return GOTRACE_DONE;
}

static GotraceResult task_end(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceTask *task = gotrace_map_get(&o->tasks, c->args[0]);
  GotraceTask unknown = {
      .id = c->args[0], .parent = UNPARK_NONE, .goroutine = m->g->id, .start_ns = UNPARK_NONE};
  gotrace_write_task(o, task ? task : &unknown, gotrace_stamp(o, c->time));
  if (task) {
    gotrace_map_remove(&o->tasks, task->id);
    g_free(task);
  }
  return GOTRACE_DONE;
}

static void write_region(GotraceOrder *o, const GotraceRegion *region, gint64 goroutine,
                         guint depth, gint64 end_ns) {
  const gint64 row[] = {number(region->task), goroutine, region->name,
                        region->start_ns,     end_ns,    depth};
  unpark_writer_append(o->writer, UNPARK_TABLE_REGION, row);
}

void gotrace_close_regions(GotraceOrder *o, GotraceGo *g) {
  if (!g->regions)
    return;
  for (guint i = g->regions->len; i > 0; i--)
    write_region(o, &g_array_index(g->regions, GotraceRegion, i - 1), g->id, i - 1, UNPARK_NONE);
  g_array_set_size(g->regions, 0);
}

static GotraceResult region_begin(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GotraceRegion region = {.task = c->args[0],
                          .name = gotrace_string(o->generation, c->args[1]),
                          .start_ns = gotrace_stamp(o, c->time)};
  if (!m->g->regions)
    m->g->regions = g_array_new(FALSE, FALSE, sizeof(GotraceRegion));
  g_array_append_val(m->g->regions, region);
  return GOTRACE_DONE;
}

static GotraceResult region_end(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  GArray *regions = m->g->regions;
  guint32 name = gotrace_string(o->generation, c->args[1]);
  if (!regions || regions->len == 0) {
    /* It began before the trace did. */
    GotraceRegion before = {.task = c->args[0], .name = name, .start_ns = UNPARK_NONE};
    write_region(o, &before, m->g->id, 0, gotrace_stamp(o, c->time));
    return GOTRACE_DONE;
  }
  GotraceRegion region = g_array_index(regions, GotraceRegion, regions->len - 1);
  if (region.task != c->args[0] || region.name != name)
    return GOTRACE_BAD;
  g_array_set_size(regions, regions->len - 1);
  write_region(o, &region, m->g->id, regions->len, gotrace_stamp(o, c->time));
  return GOTRACE_DONE;
}

static guint32 message_of(GotraceOrder *o, guint64 category, guint64 message) {
  const char *name = NULL, *text = NULL;
  guint name_len = 0, len = 0;
  if (!gotrace_string_text(o->generation, message, &text, &len) || len != sizeof(guint64) ||
      !gotrace_string_text(o->generation, category, &name, &name_len))
    return gotrace_string(o->generation, message);
  return unpark_writer_message(o->writer, name, name_len, text, len);
}

static GotraceResult user_log(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  const gint64 row[] = {number(c->args[0]), m->g->id, gotrace_stamp(o, c->time),
                        gotrace_string(o->generation, c->args[1]),
                        message_of(o, c->args[1], c->args[2])};
  unpark_writer_append(o->writer, UNPARK_TABLE_LOG, row);
  return GOTRACE_DONE;
}

static GotraceResult label(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  const gint64 row[] = {m->g->id, gotrace_stamp(o, c->time),
                        gotrace_string(o->generation, c->args[0])};
  unpark_writer_append(o->writer, UNPARK_TABLE_LABEL, row);
  return GOTRACE_DONE;
}

GotraceResult gotrace_user_event(GotraceOrder *o, GotraceCursor *c, GotraceThread *m) {
  if (c->type == EV_HEAP_ALLOC || c->type == EV_HEAP_GOAL)
    return m->id != -1 && m->p
               ? metric(o, c, c->type == EV_HEAP_ALLOC ? o->names.heap : o->names.goal)
               : GOTRACE_BAD;
  if (!gotrace_has_all(m))
    return GOTRACE_BAD;
  switch (c->type) {
  case EV_PROCS_CHANGE:
    return metric(o, c, o->names.procs);
  case EV_GO_LABEL:
    return label(o, c, m);
  case EV_USER_TASK_BEGIN:
    return task_begin(o, c, m);
  case EV_USER_TASK_END:
    return task_end(o, c, m);
  case EV_USER_REGION_BEGIN:
    return region_begin(o, c, m);
  case EV_USER_REGION_END:
    return region_end(o, c, m);
  default:
    return user_log(o, c, m);
  }
}
