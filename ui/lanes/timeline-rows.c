/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lanes/timeline-rows.h"

#include <string.h>

#include "model/base/free-later.h"
#include "model/base/times.h"
#include "ui/text/format.h"

enum { SECTION_HEIGHT = 26, PLOT_HEIGHT = 44, GC_HEIGHT = 22 };
/* By UnparkLaneHeight. */
static const guint lane_heights[] = {16, 22, 34};
static const guint group_heights[] = {22, 30, 44};
/* Levels of regions that lanes of tasks have at most. */
#define TASK_LEVELS 3

typedef struct {
  guint32 name_id;
  gboolean system;
  const char *name;
  GArray *members; /* const UnparkGoroutine * */
  gint64 value;
  gint64 from_ns, to_ns; /* when any of them is there */
  gint64 total_ns[UNPARK_N_STATES];
} Group;

typedef struct {
  UnparkRows *rows;
  GArray *out; /* UnparkRow */
  const UnparkRowOptions *options;
  UnparkSection section;
  const UnparkGoroutine *all;
  guint n_all;
} Builder;

static void group_free(gpointer data) {
  g_array_unref(((Group *)data)->members);
  g_free(data);
}

char *unpark_open_name(UnparkRowType type, UnparkSection section, gint64 id, const char *name) {
  switch (type) {
  case UNPARK_ROW_GROUP:
    return g_strdup_printf("%s %s", section == UNPARK_SECTION_SYSTEM ? "system" : "group", name);
  case UNPARK_ROW_TASK_GROUP:
    return g_strdup_printf("tasks %s", name);
  case UNPARK_ROW_GOROUTINE:
    return g_strdup_printf("lane %" G_GINT64_FORMAT, id);
  case UNPARK_ROW_SECTION:
  default:
    return g_strdup_printf("section %d", (int)section);
  }
}

gboolean unpark_row_is_open(const UnparkRowOptions *options, UnparkRowType type,
                            UnparkSection section, gint64 id, const char *name) {
  g_autofree char *key = unpark_open_name(type, section, id, name);
  gboolean by_default = FALSE;
  if (type == UNPARK_ROW_SECTION)
    by_default = section != UNPARK_SECTION_THREADS && section != UNPARK_SECTION_SYSTEM;
  else if (type == UNPARK_ROW_GROUP || type == UNPARK_ROW_TASK_GROUP)
    by_default = options->all_open;
  return g_hash_table_contains(options->open, key) != by_default;
}

/* Smaller comes first. */
static gint64 sort_value(const UnparkGoroutine *g, UnparkSort sort) {
  switch (sort) {
  case UNPARK_SORT_WAITING:
    return -g->total_ns[UNPARK_STATE_WAITING];
  case UNPARK_SORT_RUNNABLE:
    return -g->total_ns[UNPARK_STATE_RUNNABLE];
  case UNPARK_SORT_LONGEST:
    return -g->longest_wait_ns;
  case UNPARK_SORT_CREATION:
    return g->create_ns;
  case UNPARK_SORT_NAME:
  case UNPARK_SORT_NUMBER:
  case UNPARK_N_SORTS:
  default:
    return g->id;
  }
}

static gint64 combine(gint64 a, gint64 b, UnparkSort sort) {
  return sort == UNPARK_SORT_WAITING || sort == UNPARK_SORT_RUNNABLE ? a + b : MIN(a, b);
}

/* What a header shows beside the name. */
static gint64 shown_value(gint64 value, UnparkSort sort) {
  switch (sort) {
  case UNPARK_SORT_WAITING:
  case UNPARK_SORT_RUNNABLE:
  case UNPARK_SORT_LONGEST:
    return -value;
  case UNPARK_SORT_CREATION:
    return value;
  case UNPARK_SORT_NAME:
  case UNPARK_SORT_NUMBER:
  case UNPARK_N_SORTS:
  default:
    return UNPARK_NONE;
  }
}

static int compare_goroutines(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkGoroutine *ga = *(const UnparkGoroutine *const *)a;
  const UnparkGoroutine *gb = *(const UnparkGoroutine *const *)b;
  UnparkSort sort = *(const UnparkSort *)data;
  gint64 va = sort_value(ga, sort), vb = sort_value(gb, sort);
  if (va != vb)
    return va < vb ? -1 : 1;
  return ga->id < gb->id ? -1 : ga->id > gb->id;
}

static int compare_groups(gconstpointer a, gconstpointer b, gpointer data) {
  const Group *ga = *(Group *const *)a;
  const Group *gb = *(Group *const *)b;
  UnparkSort sort = *(const UnparkSort *)data;
  if (sort != UNPARK_SORT_NAME && ga->value != gb->value)
    return ga->value < gb->value ? -1 : 1;
  int order = g_ascii_strcasecmp(unpark_format_function_short(ga->name),
                                 unpark_format_function_short(gb->name));
  return order ? order : (ga->name_id > gb->name_id) - (ga->name_id < gb->name_id);
}

static UnparkRow *add(Builder *b, UnparkRowType type, gint64 id, guint depth, guint height) {
  UnparkRow row = {.type = (guint8)type,
                   .section = (guint8)b->section,
                   .depth = (guint8)depth,
                   .height = (guint16)height,
                   .bar = (guint16)height,
                   .id = id,
                   .y = b->rows->height,
                   .from_ns = G_MININT64,
                   .to_ns = G_MAXINT64,
                   .value = UNPARK_NONE};
  b->rows->height += height;
  g_array_append_val(b->out, row);
  return &g_array_index(b->out, UnparkRow, b->out->len - 1);
}

/* TRUE if the section is open. */
static gboolean add_section(Builder *b, UnparkSection section, guint count) {
  b->section = section;
  UnparkRow *row = add(b, UNPARK_ROW_SECTION, section, 0, SECTION_HEIGHT);
  row->expandable = TRUE;
  row->expanded = unpark_row_is_open(b->options, UNPARK_ROW_SECTION, section, 0, NULL);
  row->count = count;
  row->partial = b->options->only_active && section >= UNPARK_SECTION_TASKS;
  return row->expanded;
}

static guint lane_height(const Builder *b) {
  return lane_heights[b->options->lane_height];
}

static guint group_height(const Builder *b) {
  return group_heights[b->options->lane_height];
}

/* Makes room below the bar. */
static void add_levels(Builder *b, UnparkRow *row, guint regions, guint stacks) {
  guint more = (regions ? regions * UNPARK_LEVEL_HEIGHT + UNPARK_LEVEL_GAP : 0) +
               (stacks ? stacks * UNPARK_LEVEL_HEIGHT + UNPARK_LEVEL_GAP : 0);
  row->region_levels = (guint8)regions;
  row->stack_levels = (guint8)stacks;
  if (more == 0)
    return;
  more += 2; /* before the next lane */
  row->height = (guint16)(row->height + more);
  b->rows->height += more;
}

static gboolean is_active(const UnparkRowOptions *o, gint64 from_ns, gint64 to_ns) {
  return !o->only_active || (from_ns <= o->active_to_ns && to_ns >= o->active_from_ns);
}

static gint64 end_of(const UnparkGoroutine *g) {
  return g->end_ns == UNPARK_NONE ? G_MAXINT64 : g->end_ns;
}

static gboolean mostly_waits(const gint64 total_ns[UNPARK_N_STATES]) {
  double sum = 0;
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    sum += (double)total_ns[s];
  return (double)total_ns[UNPARK_STATE_WAITING] > sum * UNPARK_WAITS_PART;
}

static void add_goroutine(Builder *b, const UnparkGoroutine *g, guint depth) {
  const UnparkRowOptions *o = b->options;
  const UnparkTrackIndex *index = o->track_index;
  gsize at = (gsize)(g - b->all);
  guint regions = index && at < index->n_goroutines ? index->region_levels[at] : 0;
  gboolean open = g_hash_table_size(o->open) > 0 &&
                  unpark_row_is_open(o, UNPARK_ROW_GOROUTINE, b->section, g->id, NULL);
  UnparkRow *row = add(b, UNPARK_ROW_GOROUTINE, g->id, depth, lane_height(b));
  row->name = g->name;
  row->count = 1;
  row->from_ns = g->create_ns;
  row->to_ns = end_of(g);
  row->value = shown_value(sort_value(g, o->sort), o->sort);
  row->expandable = TRUE;
  row->expanded = open;
  add_levels(b, row, open || o->show_regions ? regions : 0,
             open || o->show_stacks ? UNPARK_STACK_LEVELS : 0);
}

static void add_group(Builder *b, Group *group) {
  if (group->members->len == 1) {
    add_goroutine(b, g_array_index(group->members, const UnparkGoroutine *, 0), 1);
    return;
  }
  UnparkRow *row = add(b, UNPARK_ROW_GROUP, group->name_id, 1, group_height(b));
  gboolean open =
      unpark_row_is_open(b->options, UNPARK_ROW_GROUP, b->section, group->name_id, group->name);
  row->expandable = TRUE;
  row->expanded = open;
  row->name = group->name;
  row->count = group->members->len;
  row->from_ns = group->from_ns;
  row->to_ns = group->to_ns;
  row->waits = mostly_waits(group->total_ns);
  row->value = shown_value(group->value, b->options->sort);
  if (!open)
    return;
  UnparkSort sort = b->options->sort;
  g_array_sort_with_data(group->members, compare_goroutines, &sort);
  for (guint i = 0; i < group->members->len; i++)
    add_goroutine(b, g_array_index(group->members, const UnparkGoroutine *, i), 2);
}

/* Before the member is added. */
static void extend(Group *group, gint64 from_ns, gint64 to_ns) {
  gboolean first = group->members->len == 0;
  group->from_ns = first ? from_ns : MIN(group->from_ns, from_ns);
  group->to_ns = first ? to_ns : MAX(group->to_ns, to_ns);
}

static void take_member(Group *group, const UnparkGoroutine *g) {
  extend(group, g->create_ns, end_of(g));
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    unpark_time_sum(&group->total_ns[s], g->total_ns[s]);
  g_array_append_val(group->members, g);
}

/* The groups of one kind in order. */
static GPtrArray *collect(Builder *b, const UnparkGoroutine *all, guint n, gboolean system,
                          guint *count) {
  g_autoptr(GHashTable) by_name = g_hash_table_new(NULL, NULL);
  GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
  UnparkSort sort = b->options->sort;
  *count = 0;
  for (guint i = 0; i < n; i++) {
    const UnparkGoroutine *g = &all[i];
    if (g->system != system ||
        (b->options->passing && !unpark_id_set_has(b->options->passing, g->id)))
      continue;
    ++*count;
    if (!is_active(b->options, g->create_ns, end_of(g)))
      continue;
    gpointer key = GUINT_TO_POINTER(g->name_id);
    Group *group = g_hash_table_lookup(by_name, key);
    gint64 value = sort_value(g, sort);
    if (!group) {
      group = g_new0(Group, 1);
      group->name_id = g->name_id;
      group->system = system;
      group->name = g->name;
      group->members = g_array_new(FALSE, FALSE, sizeof(UnparkGoroutine *));
      group->value = value;
      g_hash_table_insert(by_name, key, group);
      g_ptr_array_add(groups, group);
    } else {
      group->value = combine(group->value, value, sort);
    }
    take_member(group, g);
  }
  g_ptr_array_sort_with_data(groups, compare_groups, &sort);
  return groups;
}

static void add_goroutines(Builder *b, const UnparkGoroutine *all, guint n, gboolean system) {
  guint count;
  g_autoptr(GPtrArray) groups = collect(b, all, n, system, &count);
  b->rows->n_goroutines += count;
  if (count == 0 ||
      !add_section(b, system ? UNPARK_SECTION_SYSTEM : UNPARK_SECTION_GOROUTINES, count))
    return;
  for (guint i = 0; i < groups->len; i++)
    add_group(b, groups->pdata[i]);
}

static void add_pinned(Builder *b, const UnparkGoroutine *all, guint n) {
  guint count = g_hash_table_size(b->options->pinned);
  if (count == 0 || !add_section(b, UNPARK_SECTION_PINNED, count))
    return;
  for (guint i = 0; i < n; i++)
    if (g_hash_table_contains(b->options->pinned, &all[i].id))
      add_goroutine(b, &all[i], 1);
}

/* What was added until now stays at the top. */
static void end_pinned(Builder *b) {
  b->rows->n_pinned = b->out->len;
  b->rows->pinned_height = b->rows->height;
}

static gboolean all_wait(const Builder *b) {
  gint64 total_ns[UNPARK_N_STATES] = {0};
  for (guint i = 0; i < b->n_all; i++)
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      unpark_time_sum(&total_ns[s], b->all[i].total_ns[s]);
  return mostly_waits(total_ns);
}

static void add_runtime(Builder *b) {
  const UnparkRowOptions *o = b->options;
  if (!add_section(b, UNPARK_SECTION_RUNTIME, 0))
    return;
  add(b, UNPARK_ROW_STATES, 0, 1, PLOT_HEIGHT)->waits = all_wait(b);
  if (o->has_gc)
    add(b, UNPARK_ROW_GC, 0, 1, GC_HEIGHT);
  if (o->has_stw)
    add(b, UNPARK_ROW_STW, 0, 1, GC_HEIGHT);
  if (o->has_heap)
    add(b, UNPARK_ROW_HEAP, 0, 1, PLOT_HEIGHT);
  if (o->has_gomaxprocs)
    add(b, UNPARK_ROW_THREADS, 0, 1, 30);
}

static void add_ids(Builder *b, UnparkSection section, UnparkRowType type, const gint64 *ids,
                    guint n) {
  if (n == 0 || !add_section(b, section, n))
    return;
  for (guint i = 0; i < n; i++)
    add(b, type, ids[i], 1, lane_height(b));
}

/* ---- tasks ------------------------------------------------------------------------- */

static gint64 task_value(const UnparkTask *task, UnparkSort sort) {
  switch (sort) {
  case UNPARK_SORT_WAITING:
  case UNPARK_SORT_RUNNABLE:
  case UNPARK_SORT_LONGEST:
    return -(task->end_ns - task->start_ns);
  case UNPARK_SORT_CREATION:
    return task->start_ns;
  case UNPARK_SORT_NAME:
  case UNPARK_SORT_NUMBER:
  case UNPARK_N_SORTS:
  default:
    return task->id;
  }
}

static int compare_tasks(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTask *ta = *(const UnparkTask *const *)a, *tb = *(const UnparkTask *const *)b;
  UnparkSort sort = *(const UnparkSort *)data;
  gint64 va = task_value(ta, sort), vb = task_value(tb, sort);
  if (va != vb)
    return va < vb ? -1 : 1;
  return ta->id < tb->id ? -1 : ta->id > tb->id;
}

static void add_task(Builder *b, const UnparkTask *task, const char *name, guint depth) {
  UnparkRow *row = add(b, UNPARK_ROW_TASK, task->id, depth, lane_height(b));
  row->name = name;
  row->count = 1;
  row->from_ns = task->start_ns;
  row->to_ns = task->end_ns;
  row->value = task->end_ns - task->start_ns;
  add_levels(b, row, MIN(task->n_regions, TASK_LEVELS), 0);
}

static void add_task_group(Builder *b, Group *group) {
  UnparkSort sort = b->options->sort;
  if (group->members->len == 1) {
    add_task(b, g_array_index(group->members, const UnparkTask *, 0), group->name, 1);
    return;
  }
  UnparkRow *row = add(b, UNPARK_ROW_TASK_GROUP, group->name_id, 1, group_height(b));
  row->expandable = TRUE;
  row->expanded = unpark_row_is_open(b->options, UNPARK_ROW_TASK_GROUP, b->section, group->name_id,
                                     group->name);
  row->name = group->name;
  row->count = group->members->len;
  row->from_ns = group->from_ns;
  row->to_ns = group->to_ns;
  row->value = shown_value(group->value, sort);
  if (!row->expanded)
    return;
  g_array_sort_with_data(group->members, compare_tasks, &sort);
  for (guint i = 0; i < group->members->len; i++)
    add_task(b, g_array_index(group->members, const UnparkTask *, i), group->name, 2);
}

static void add_tasks(Builder *b) {
  const UnparkTrackIndex *index = b->options->track_index;
  g_autoptr(GHashTable) by_name = g_hash_table_new(NULL, NULL);
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
  UnparkSort sort = b->options->sort;
  guint count = 0;
  for (guint i = 0; index && i < index->n_tasks; i++) {
    const UnparkTask *task = &index->tasks[i];
    if (b->options->passing_tasks && !unpark_id_set_has(b->options->passing_tasks, task->id))
      continue;
    count++;
    if (!is_active(b->options, task->start_ns, task->end_ns))
      continue;
    gint64 value = task_value(task, sort);
    Group *group = g_hash_table_lookup(by_name, GUINT_TO_POINTER(task->name_id));
    if (!group) {
      group = g_new0(Group, 1);
      group->name_id = task->name_id;
      group->name = task->name;
      group->members = g_array_new(FALSE, FALSE, sizeof(UnparkTask *));
      group->value = value;
      g_hash_table_insert(by_name, GUINT_TO_POINTER(task->name_id), group);
      g_ptr_array_add(groups, group);
    } else {
      group->value = combine(group->value, value, sort);
    }
    extend(group, task->start_ns, task->end_ns);
    g_array_append_val(group->members, task);
  }
  g_ptr_array_sort_with_data(groups, compare_groups, &sort);
  if (count == 0 || !add_section(b, UNPARK_SECTION_TASKS, count))
    return;
  for (guint i = 0; i < groups->len; i++)
    add_task_group(b, groups->pdata[i]);
}

UnparkRows *unpark_rows_build(UnparkStore *store, const UnparkRowOptions *options,
                              GCancellable *cancellable, GError **error) {
  guint n, n_ids;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, error);
  if (!all && n > 0)
    return NULL;
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return NULL;
  UnparkRows *rows = g_new0(UnparkRows, 1);
  g_atomic_ref_count_init(&rows->refs);
  rows->store = unpark_store_ref(store);
  Builder b = {rows, g_array_new(FALSE, FALSE, sizeof(UnparkRow)), options, 0, all, n};
  add_pinned(&b, all, n);
  end_pinned(&b);
  add_runtime(&b);
  const gint64 *ids = unpark_store_procs(store, &n_ids);
  add_ids(&b, UNPARK_SECTION_PROCS, UNPARK_ROW_PROC, ids, n_ids);
  ids = unpark_store_threads(store, &n_ids);
  add_ids(&b, UNPARK_SECTION_THREADS, UNPARK_ROW_THREAD, ids, n_ids);
  add_tasks(&b);
  add_goroutines(&b, all, n, FALSE);
  add_goroutines(&b, all, n, TRUE);
  rows->n = b.out->len;
  /* A growing array has up to twice the room that is needed. */
  rows->rows = g_renew(UnparkRow, (gpointer)g_array_free(b.out, FALSE), rows->n);
  rows->n_all = n;
  unpark_rows_index(rows);
  return rows;
}

UnparkRows *unpark_rows_ref(UnparkRows *rows) {
  g_atomic_ref_count_inc(&rows->refs);
  return rows;
}

static void rows_free(gpointer data) {
  UnparkRows *rows = data;
  unpark_store_unref(rows->store);
  g_free(rows->rows);
  g_free(rows->index);
  g_free(rows);
}

void unpark_rows_unref(UnparkRows *rows) {
  if (g_atomic_ref_count_dec(&rows->refs))
    unpark_free_later(rows, rows_free);
}
