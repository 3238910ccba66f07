/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "importers/gotrace1/replay.h"

/* A region's end looks at most this deep for its begin. */
#define REGION_LOOK_MAX 256u

struct _UnparkV1Region {
  UnparkV1Region *outer;
  guint64 task;
  guint64 name; /* the file's id */
  gint64 start;
  guint32 depth;
};

typedef struct {
  guint64 id, parent;
  gint64 g; /* shown id */
  gint64 start;
  guint32 name; /* writer's */
  guint32 next; /* unused: the next unused one */
  gboolean is_open;
} Task;

void unpark_v1_annotations_init(UnparkV1Replay *replay) {
  replay->tasks = g_array_new(FALSE, FALSE, sizeof(Task));
}

/* ---- Tasks ------------------------------------------------------------------- */

static void write_task(UnparkV1Replay *replay, const Task *task, gint64 end_ns) {
  gint64 row[] = {(gint64)task->id, task->parent == 0 ? UNPARK_NONE : (gint64)task->parent,
                  task->name,       task->g,
                  task->start,      end_ns};
  unpark_writer_append(replay->writer, UNPARK_TABLE_TASK, row);
}

static void create_task(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  Task task = {.id = event->args[0],
               .parent = event->args[1],
               .g = unpark_v1_shown_id(event->g),
               .start = time_ns,
               .name = unpark_v1_tables_string(replay->tables, event->args[2]),
               .is_open = TRUE};
  guint32 i;

  if (unpark_v1_map_get(&replay->task_by_id, task.id, &i)) { /* how that one ended was lost */
    write_task(replay, &g_array_index(replay->tasks, Task, i), UNPARK_NONE);
    g_array_index(replay->tasks, Task, i) = task;
    return;
  }
  i = replay->tasks->len;
  if (replay->unused_task > 0) {
    i = replay->unused_task - 1;
    replay->unused_task = g_array_index(replay->tasks, Task, i).next;
    g_array_index(replay->tasks, Task, i) = task;
  } else {
    g_array_append_val(replay->tasks, task);
  }
  unpark_v1_map_set(&replay->task_by_id, task.id, i);
}

static void end_task(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  Task unknown = {.id = event->args[0], .g = unpark_v1_shown_id(event->g), .start = UNPARK_NONE};
  Task *task;
  guint32 i;

  if (!unpark_v1_map_get(&replay->task_by_id, unknown.id, &i)) { /* older than the trace */
    write_task(replay, &unknown, time_ns);
    return;
  }
  task = &g_array_index(replay->tasks, Task, i);
  write_task(replay, task, time_ns);
  task->is_open = FALSE;
  task->next = replay->unused_task;
  replay->unused_task = i + 1;
  unpark_v1_map_remove(&replay->task_by_id, unknown.id);
}

/* ---- Regions ----------------------------------------------------------------- */

static void write_region(UnparkV1Replay *replay, guint64 g, const UnparkV1Region *region,
                         gint64 end_ns) {
  gint64 row[] = {(gint64)region->task,
                  unpark_v1_shown_id(g),
                  unpark_v1_tables_string(replay->tables, region->name),
                  region->start,
                  end_ns,
                  region->depth};
  unpark_writer_append(replay->writer, UNPARK_TABLE_REGION, row);
}

static void begin_region(UnparkV1Replay *replay, UnparkV1Goroutine *g, const UnparkV1Event *event,
                         gint64 time_ns) {
  UnparkV1Region *region = g_new(UnparkV1Region, 1);

  *region = (UnparkV1Region){.outer = g->regions,
                             .task = event->args[0],
                             .name = event->args[2],
                             .start = time_ns,
                             .depth = g->regions ? g->regions->depth + 1 : 0};
  g->regions = region;
}

static void pop_region(UnparkV1Replay *replay, UnparkV1Goroutine *g, gint64 end_ns) {
  UnparkV1Region *region = g->regions;

  g->regions = region->outer;
  write_region(replay, g->id, region, end_ns);
  g_free(region);
}

static void end_region(UnparkV1Replay *replay, UnparkV1Goroutine *g, const UnparkV1Event *event,
                       gint64 time_ns) {
  UnparkV1Region *region = g->regions;
  guint depth = 0;

  if (!region) { /* older than the trace */
    UnparkV1Region unknown = {.task = event->args[0], .name = event->args[2], .start = UNPARK_NONE};
    write_region(replay, g->id, &unknown, time_ns);
    return;
  }
  while (region && depth < REGION_LOOK_MAX &&
         (region->task != event->args[0] || region->name != event->args[2])) {
    region = region->outer;
    depth++;
  }
  if (depth > 0)
    replay->n_odd_regions++;
  if (!region || depth == REGION_LOOK_MAX)
    return;
  /* Inner ones whose end was lost end with it. */
  for (guint i = 0; i <= depth; i++)
    pop_region(replay, g, time_ns);
}

void unpark_v1_annotations_end_goroutine(UnparkV1Replay *replay, UnparkV1Goroutine *goroutine,
                                         gint64 end_ns) {
  while (goroutine->regions)
    pop_region(replay, goroutine, end_ns);
}

/* ---- Events ------------------------------------------------------------------ */

static void write_log(UnparkV1Replay *replay, const UnparkV1Event *event, gint64 time_ns) {
  guint32 category = unpark_v1_tables_string(replay->tables, event->args[1]);
  const char *name = unpark_writer_text(replay->writer, category);
  gint64 row[] = {(gint64)event->args[0], unpark_v1_shown_id(event->g), time_ns, category,
                  unpark_writer_message(replay->writer, name, strlen(name),
                                        (const char *)event->text, event->text_size)};
  unpark_writer_append(replay->writer, UNPARK_TABLE_LOG, row);
}

void unpark_v1_annotations_event(UnparkV1Replay *replay, const UnparkV1Event *event,
                                 gint64 time_ns) {
  UnparkV1Goroutine *g = NULL;

  switch (event->type) {
  case UNPARK_V1_USER_TASK_CREATE:
    create_task(replay, event, time_ns);
    break;
  case UNPARK_V1_USER_TASK_END:
    end_task(replay, event, time_ns);
    break;
  case UNPARK_V1_USER_LOG:
    write_log(replay, event, time_ns);
    break;
  default:
    if (event->g != 0)
      g = unpark_v1_goroutines_get(replay->goroutines, event->g);
    if (g && event->args[1] == 0)
      begin_region(replay, g, event, time_ns);
    else if (g && event->args[1] == 1)
      end_region(replay, g, event, time_ns);
    else
      replay->n_odd_regions++;
    break;
  }
}

void unpark_v1_annotations_finish(UnparkV1Replay *replay) {
  for (guint i = 0; i < replay->tasks->len; i++) {
    const Task *task = &g_array_index(replay->tasks, Task, i);
    if (task->is_open)
      write_task(replay, task, UNPARK_NONE);
  }
}
