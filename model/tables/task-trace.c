/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/task-trace.h"

#include <stdlib.h>

#include "model/tables/task-private.h"

/* Pixels that states are worth reading for: of a wide window. */
#define RESOLUTION 1500

#define NO_NODE G_MAXUINT

/* A line before it has its place. */
typedef struct {
  UnparkTraceLine line;
  guint parent, first_child, last_child, next;
  guint outer;    /* of a region: what its goroutine was in when it began */
  gint64 above;   /* of a child task: id of its parent */
  gint64 nesting; /* of a region: how deep its goroutine was in regions */
} Node;

typedef struct {
  UnparkTaskTable *table;
  UnparkTaskTrace *trace;
  GHashTable *tasks; /* id -> node of the task + 1 */
  GArray *nodes;     /* Node; the tasks come first */
} Build;

static Node *node_at(const Build *b, guint i) {
  return &g_array_index(b->nodes, Node, i);
}

/* ---- reading ---------------------------------------------------------------------------- */

static void add_node(Build *b, Node *node) {
  if (b->nodes->len >= UNPARK_TRACE_LINES) {
    b->trace->n_left_out++;
    return;
  }
  node->parent = node->first_child = node->last_child = node->next = node->outer = NO_NODE;
  g_array_append_val(b->nodes, *node);
}

static const char *text_of(const Build *b, gint64 id) {
  return id > 0 ? unpark_store_string(b->table->store, (guint32)id) : "";
}

static void add_task(Build *b, const UnparkTaskRow *task, guint32 name_id) {
  Node node = {.above = task->parent,
               .line = {.type = UNPARK_TRACE_TASK,
                        .start_ns = task->start_ns,
                        .end_ns = task->end_ns,
                        .goroutine = task->goroutine,
                        .number = task->number,
                        .task = task->id,
                        .name = text_of(b, name_id),
                        .category = "",
                        .lane = UNPARK_TRACE_NOBODY}};
  if (g_hash_table_contains(b->tasks, &task->id)) /* a circle, or the same twice */
    return;
  unpark_task_time(b->table->store, task->start_ns, task->end_ns, &node.line.from_ns,
                   &node.line.to_ns);
  if (b->nodes->len >= UNPARK_TRACE_TASKS) {
    b->trace->n_left_out++;
    return;
  }
  add_node(b, &node);
  g_hash_table_insert(b->tasks, g_memdup2(&task->id, sizeof task->id),
                      GUINT_TO_POINTER(b->nodes->len));
}

/* The first child whose parent is not less. */
static guint find_children(const UnparkTaskTable *table, gint64 parent) {
  guint low = 0, high = table->n_children;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (table->children[middle].parent < parent)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The task, its children, theirs, and so on. */
static void add_family(Build *b, guint32 row) {
  const UnparkTaskTable *table = b->table;
  const UnparkTaskRow *root = &table->rows[row];
  add_task(b, root, table->kinds[root->kind].name_id);
  for (guint i = 0; i < b->nodes->len; i++) {
    gint64 id = node_at(b, i)->line.task;
    for (guint c = find_children(table, id); c < table->n_children; c++) {
      const UnparkTaskRow *child = &table->children[c];
      if (child->parent != id)
        break;
      add_task(b, child, child->kind);
    }
  }
  b->trace->from_ns = node_at(b, 0)->line.from_ns;
  b->trace->to_ns = node_at(b, 0)->line.to_ns;
  for (guint i = 1; i < b->nodes->len; i++) {
    b->trace->from_ns = MIN(b->trace->from_ns, node_at(b, i)->line.from_ns);
    b->trace->to_ns = MAX(b->trace->to_ns, node_at(b, i)->line.to_ns);
  }
}

static gboolean take_region(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  Node node = {.nesting = v[REGION_DEPTH],
               .line = {.type = UNPARK_TRACE_REGION,
                        .start_ns = unpark_task_clip(b->table->store, v[REGION_START]),
                        .end_ns = unpark_task_clip(b->table->store, v[REGION_END]),
                        .goroutine = v[REGION_GOROUTINE],
                        .number = number,
                        .task = v[REGION_TASK],
                        .category = "",
                        .lane = UNPARK_TRACE_NOBODY}};
  if (!g_hash_table_contains(b->tasks, &v[REGION_TASK]))
    return TRUE;
  unpark_task_time(b->table->store, v[REGION_START], v[REGION_END], &node.line.from_ns,
                   &node.line.to_ns);
  node.line.name = text_of(b, v[REGION_NAME]);
  add_node(b, &node);
  return TRUE;
}

static gboolean take_log(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  gint64 time = unpark_task_clip(b->table->store, v[LOG_TIME]);
  if (!g_hash_table_contains(b->tasks, &v[LOG_TASK]) || time == UNPARK_NONE)
    return TRUE;
  Node node = {.line = {.type = UNPARK_TRACE_LOG,
                        .start_ns = time,
                        .end_ns = time,
                        .from_ns = time,
                        .to_ns = time,
                        .goroutine = v[LOG_GOROUTINE],
                        .number = number,
                        .task = v[LOG_TASK],
                        .name = text_of(b, v[LOG_MESSAGE]),
                        .category = text_of(b, v[LOG_CATEGORY]),
                        .lane = UNPARK_TRACE_NOBODY}};
  add_node(b, &node);
  return TRUE;
}

static gboolean read_lines(Build *b, GCancellable *cancellable, GError **error) {
  UnparkStore *store = b->table->store;
  return unpark_store_visit_rows(store, UNPARK_TABLE_REGION, UNPARK_NONE, b->trace->from_ns,
                                 b->trace->to_ns, take_region, b, cancellable, error) &&
         unpark_store_visit_rows(store, UNPARK_TABLE_LOG, UNPARK_NONE, b->trace->from_ns,
                                 b->trace->to_ns, take_log, b, cancellable, error);
}

/* ---- the tree --------------------------------------------------------------------------- */

static void hang(Build *b, guint child, guint parent) {
  Node *above = node_at(b, parent);
  node_at(b, child)->parent = parent;
  if (above->last_child == NO_NODE)
    above->first_child = child;
  else
    node_at(b, above->last_child)->next = child;
  above->last_child = child;
}

static int by_start(gconstpointer a, gconstpointer b, gpointer data) {
  const Build *build = data;
  guint x = *(const guint *)a, y = *(const guint *)b;
  const Node *p = node_at(build, x), *q = node_at(build, y);
  if (p->line.from_ns != q->line.from_ns)
    return p->line.from_ns < q->line.from_ns ? -1 : 1;
  /* What holds others before what it holds. */
  if ((p->line.type == UNPARK_TRACE_LOG) != (q->line.type == UNPARK_TRACE_LOG))
    return p->line.type == UNPARK_TRACE_LOG ? 1 : -1;
  if (p->nesting != q->nesting)
    return p->nesting < q->nesting ? -1 : 1;
  if (p->line.to_ns != q->line.to_ns)
    return p->line.to_ns > q->line.to_ns ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* The innermost region that the goroutine is in at that time; NO_NODE. */
static guint open_at(const Build *b, GHashTable *innermost, gint64 goroutine, gint64 ns) {
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(innermost, &goroutine)) - 1;
  while (at != NO_NODE && node_at(b, at)->line.to_ns <= ns)
    at = node_at(b, at)->outer;
  return at;
}

/* The innermost region for the task in which a line begins, and which holds all of it if it is a
 * region; else the task. */
static guint holder(const Build *b, guint open, const UnparkTraceLine *line, guint task) {
  gboolean whole = line->type == UNPARK_TRACE_REGION;
  for (; open != NO_NODE; open = node_at(b, open)->outer) {
    const UnparkTraceLine *region = &node_at(b, open)->line;
    if (region->task == node_at(b, task)->line.task && region->to_ns > line->from_ns &&
        (!whole || region->to_ns >= line->to_ns))
      return open;
  }
  return task;
}

/* The node of the task that a line belongs to: a child task to its parent. */
static guint task_above(const Build *b, const Node *node) {
  const gint64 *id = node->line.type == UNPARK_TRACE_TASK ? &node->above : &node->line.task;
  return GPOINTER_TO_UINT(g_hash_table_lookup(b->tasks, id)) - 1;
}

static void build_tree(Build *b) {
  guint n = b->nodes->len;
  g_autofree guint *order = g_new(guint, (gsize)n + 1);
  /* goroutine -> node of its innermost region + 1 */
  g_autoptr(GHashTable) innermost =
      g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data(order, (gint)n, sizeof *order, by_start, b);
  for (guint i = 0; i < n; i++) {
    Node *node = node_at(b, order[i]);
    if (order[i] == 0) /* the root */
      continue;
    guint open = open_at(b, innermost, node->line.goroutine, node->line.from_ns);
    hang(b, order[i], holder(b, open, &node->line, task_above(b, node)));
    if (node->line.type != UNPARK_TRACE_REGION)
      continue;
    node->outer = open;
    g_hash_table_insert(innermost, g_memdup2(&node->line.goroutine, sizeof(gint64)),
                        GUINT_TO_POINTER(order[i] + 1));
  }
}

static void write_lines(Build *b) {
  UnparkTaskTrace *trace = b->trace;
  guint at = 0, depth = 0;
  trace->lines = g_new(UnparkTraceLine, (gsize)b->nodes->len + 1);
  while (at != NO_NODE) {
    Node *node = node_at(b, at);
    node->line.depth = depth;
    trace->lines[trace->n_lines++] = node->line;
    if (node->first_child != NO_NODE) {
      at = node->first_child;
      depth++;
      continue;
    }
    while (at != NO_NODE && node_at(b, at)->next == NO_NODE) {
      at = node_at(b, at)->parent;
      depth--;
    }
    if (at != NO_NODE)
      at = node_at(b, at)->next;
  }
}

/* ---- who worked ------------------------------------------------------------------------- */

static guint lane_of(GHashTable *lanes, GArray *keys, gint64 goroutine) {
  guint found = GPOINTER_TO_UINT(g_hash_table_lookup(lanes, &goroutine));
  if (found > 0)
    return found - 1;
  if (goroutine == UNPARK_NONE || keys->len >= UNPARK_TRACE_LANES)
    return UNPARK_TRACE_NOBODY;
  const UnparkLaneKey key = {UNPARK_LANE_GOROUTINE, goroutine};
  g_array_append_val(keys, key);
  g_hash_table_insert(lanes, g_memdup2(&goroutine, sizeof goroutine), GUINT_TO_POINTER(keys->len));
  return keys->len - 1;
}

static gboolean read_states(Build *b, GCancellable *cancellable, GError **error) {
  UnparkTaskTrace *trace = b->trace;
  g_autoptr(GHashTable) lanes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(GHashTable) own = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GHashTable) others = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(UnparkLaneKey));
  for (guint i = 0; i < trace->n_lines; i++) {
    const UnparkTraceLine *line = &trace->lines[i];
    const Node *task = node_at(b, GPOINTER_TO_UINT(g_hash_table_lookup(b->tasks, &line->task)) - 1);
    if (line->type == UNPARK_TRACE_REGION)
      g_hash_table_add(task->line.goroutine == line->goroutine ? own : others,
                       (gpointer)&line->task);
  }
  for (guint i = 0; i < trace->n_lines; i++) {
    UnparkTraceLine *line = &trace->lines[i];
    if (line->type == UNPARK_TRACE_REGION ||
        (line->type == UNPARK_TRACE_TASK &&
         unpark_task_kept(g_hash_table_contains(own, &line->task),
                          g_hash_table_contains(others, &line->task))))
      line->lane = lane_of(lanes, keys, line->goroutine);
  }
  if (keys->len == 0)
    return TRUE;
  gint64 length = trace->to_ns - trace->from_ns;
  trace->lanes = unpark_store_lanes(trace->store, (const UnparkLaneKey *)(const void *)keys->data,
                                    keys->len, trace->from_ns, trace->to_ns,
                                    MAX(length / RESOLUTION, 1), cancellable, error);
  trace->n_lanes = trace->lanes ? keys->len : 0;
  return trace->lanes != NULL;
}

/* ---- all of it -------------------------------------------------------------------------- */

UnparkTaskTrace *unpark_task_trace_new(UnparkTaskTable *table, guint32 row,
                                       GCancellable *cancellable, GError **error) {
  g_return_val_if_fail(row < table->n_rows, NULL);
  g_autoptr(UnparkTaskTrace) trace = g_atomic_rc_box_new0(UnparkTaskTrace);
  trace->store = unpark_store_ref(table->store);
  Build b = {.table = table,
             .trace = trace,
             .tasks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
             .nodes = g_array_new(FALSE, FALSE, sizeof(Node))};
  add_family(&b, row);
  gboolean ok = read_lines(&b, cancellable, error);
  if (ok) {
    build_tree(&b);
    write_lines(&b);
    ok = read_states(&b, cancellable, error);
  }
  g_hash_table_unref(b.tasks);
  g_array_unref(b.nodes);
  return ok ? g_steal_pointer(&trace) : NULL;
}

UnparkTaskTrace *unpark_task_trace_ref(UnparkTaskTrace *trace) {
  return g_atomic_rc_box_acquire(trace);
}

static void trace_clear(gpointer box) {
  UnparkTaskTrace *trace = box;
  if (trace->lanes)
    unpark_lane_items_free(trace->lanes, trace->n_lanes);
  g_free(trace->lines);
  unpark_store_unref(trace->store);
}

void unpark_task_trace_unref(UnparkTaskTrace *trace) {
  g_atomic_rc_box_release_full(trace, trace_clear);
}
