/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes through one function: its callers, its callees, the heaviest stacks. */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/tables/profile-table-private.h"

/* Frames of a stack that are named; the outermost ones of deeper stacks are only counted. */
#define MAX_FRAMES 256

typedef struct {
  guint32 node;
  gint64 value;
} Heavy;

typedef struct {
  UnparkProfileTree *tree;
  guint32 row;
  gint64 *values[2];   /* callers, callees by row */
  guint32 *on_path[2]; /* edges of the path, likewise */
  guint32 depth;       /* frames of the function on the path */
  GArray *path;        /* nodes */
  Heavy heavy[UNPARK_PROFILE_PEEK_STACKS + 1];
  guint n_heavy;
} Walk;

enum { CALLERS, CALLEES };

/* Enters (step 1) or leaves (step -1) a node whose caller, if it has one, is on the path. */
static void step_edge(Walk *w, guint32 node, int step) {
  guint32 parent = w->tree->stacks->node_parent[node - 1];
  guint32 row = unpark_profile_row_of(w->tree, node);
  gint64 sum = w->tree->sum[node - 1];
  w->depth += row == w->row ? (guint32)step : 0;
  if (parent == 0)
    return;
  guint32 above = unpark_profile_row_of(w->tree, parent);
  const guint32 other[2] = {above, row};
  const gboolean is_edge[2] = {row == w->row, above == w->row};
  for (guint side = CALLERS; side <= CALLEES; side++) {
    if (!is_edge[side])
      continue;
    guint32 *on_path = &w->on_path[side][other[side]];
    if (step > 0 && *on_path == 0)
      w->values[side][other[side]] = unpark_time_add(w->values[side][other[side]], sum);
    *on_path += (guint32)step;
  }
}

/* Kept in descending order; there are few. */
static void note_heavy(Walk *w, guint32 node) {
  gint64 value = w->tree->self[node - 1];
  guint64 size = unpark_profile_size(value);
  guint at = w->n_heavy;
  if (value == 0)
    return;
  while (at > 0 && unpark_profile_size(w->heavy[at - 1].value) < size) {
    w->heavy[at] = w->heavy[at - 1];
    at--;
  }
  if (at == UNPARK_PROFILE_PEEK_STACKS)
    return;
  w->heavy[at] = (Heavy){node, value};
  w->n_heavy = MIN(w->n_heavy + 1, UNPARK_PROFILE_PEEK_STACKS);
}

static gboolean walk(Walk *w, GCancellable *cancellable, GError **error) {
  const UnparkProfileTree *tree = w->tree;
  for (guint i = 0; i < tree->n_order; i++) {
    guint32 node = tree->order[i], parent = tree->stacks->node_parent[node - 1];
    if (unpark_profile_stop(i, cancellable, error))
      return FALSE;
    while (w->path->len > 0 && g_array_index(w->path, guint32, w->path->len - 1) != parent) {
      step_edge(w, g_array_index(w->path, guint32, w->path->len - 1), -1);
      g_array_set_size(w->path, w->path->len - 1);
    }
    step_edge(w, node, 1);
    g_array_append_val(w->path, node);
    if (w->depth > 0)
      note_heavy(w, node);
  }
  return TRUE;
}

static int compare_edges(const void *a, const void *b) {
  const UnparkProfileEdge *x = a, *y = b;
  guint64 xs = unpark_profile_size(x->value), ys = unpark_profile_size(y->value);
  if (xs != ys)
    return xs > ys ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static UnparkProfileEdge *collect_edges(const gint64 *values, guint n_rows, guint *n) {
  GArray *edges = g_array_new(FALSE, FALSE, sizeof(UnparkProfileEdge));
  for (guint row = 0; row < n_rows; row++)
    if (values[row] != 0) {
      UnparkProfileEdge edge = {row, values[row]};
      g_array_append_val(edges, edge);
    }
  *n = edges->len;
  if (edges->len > 1)
    qsort(edges->data, edges->len, sizeof(UnparkProfileEdge), compare_edges);
  return (UnparkProfileEdge *)(gpointer)g_array_free(edges, FALSE);
}

static void describe_stack(UnparkProfileTable *table, const Heavy *heavy,
                           UnparkProfileStack *stack) {
  UnparkProfileTree *tree = table->tree;
  GPtrArray *functions = g_ptr_array_new();
  stack->value = heavy->value;
  for (guint32 node = heavy->node; node != 0; node = tree->stacks->node_parent[node - 1]) {
    if (functions->len < MAX_FRAMES)
      g_ptr_array_add(functions, g_strdup(table->rows[unpark_profile_row_of(tree, node)].function));
    else
      stack->n_omitted++;
  }
  stack->n_functions = functions->len;
  g_ptr_array_add(functions, NULL);
  stack->functions = (char **)g_ptr_array_free(functions, FALSE);
}

UnparkProfilePeek *unpark_profile_table_peek(UnparkProfileTable *table, guint32 row,
                                             GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkProfilePeek) peek = g_new0(UnparkProfilePeek, 1);
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_return_val_if_fail(row < table->n_rows, NULL);
  g_autofree gint64 *callers = g_new0(gint64, table->n_rows);
  g_autofree gint64 *callees = g_new0(gint64, table->n_rows);
  g_autofree guint32 *from = g_new0(guint32, table->n_rows), *to = g_new0(guint32, table->n_rows);
  Walk w = {.tree = table->tree,
            .row = row,
            .values = {callers, callees},
            .on_path = {from, to},
            .path = path};
  if (!walk(&w, cancellable, error))
    return NULL;
  peek->row = row;
  peek->callers = collect_edges(callers, table->n_rows, &peek->n_callers);
  peek->callees = collect_edges(callees, table->n_rows, &peek->n_callees);
  peek->stacks = g_new0(UnparkProfileStack, w.n_heavy + 1);
  peek->n_stacks = w.n_heavy;
  for (guint i = 0; i < w.n_heavy; i++)
    describe_stack(table, &w.heavy[i], &peek->stacks[i]);
  return g_steal_pointer(&peek);
}

void unpark_profile_peek_free(UnparkProfilePeek *peek) {
  if (!peek)
    return;
  for (guint i = 0; i < peek->n_stacks; i++)
    g_strfreev(peek->stacks[i].functions);
  g_free(peek->stacks);
  g_free(peek->callers);
  g_free(peek->callees);
  g_free(peek);
}
