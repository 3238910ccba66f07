/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From samples to values by node to rows by function. */
#include "model/tables/profile-table.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/tables/profile-table-private.h"

enum { S_ID, S_PROFILE, S_STACK };
enum { V_SAMPLE, V_INDEX, V_VALUE };

/* ---- Samples ---------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  guint32 stack;
} Sample;

typedef struct {
  GArray *samples; /* Sample, ascending ids */
  guint cursor;    /* values come in the order of samples: the next is near */
} Samples;

static int compare_samples(const void *a, const void *b) {
  const Sample *x = a, *y = b;
  return (x->id > y->id) - (x->id < y->id);
}

static GArray *read_samples(UnparkStore *store, gint64 profile, GCancellable *cancellable,
                            GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_SAMPLE);
  g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(Sample));
  gboolean sorted = TRUE;
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return NULL;
    g_autoptr(UnparkDecoded) d = unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_SAMPLE,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return NULL;
    for (guint i = 0; i < d->n; i++) {
      gint64 stack = d->columns[S_STACK][i];
      Sample sample = {.id = d->columns[S_ID][i],
                       .stack = stack > 0 && stack <= G_MAXUINT32 ? (guint32)stack : 0};
      if (d->columns[S_PROFILE][i] != profile)
        continue;
      if (samples->len > 0 && g_array_index(samples, Sample, samples->len - 1).id > sample.id)
        sorted = FALSE;
      g_array_append_val(samples, sample);
    }
  }
  if (!sorted)
    qsort(samples->data, samples->len, sizeof(Sample), compare_samples);
  return g_steal_pointer(&samples);
}

/* NULL if there is no such sample in the profile. */
static const Sample *find_sample(Samples *s, gint64 id) {
  const Sample *samples = (const Sample *)(gpointer)s->samples->data;
  guint low = 0, high = s->samples->len;
  for (guint step = 0; step < 2 && s->cursor + step < high; step++)
    if (samples[s->cursor + step].id == id) {
      s->cursor += step;
      return &samples[s->cursor];
    }
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (samples[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == s->samples->len || samples[low].id != id)
    return NULL;
  s->cursor = low;
  return &samples[low];
}

static void add_value(UnparkProfileTable *table, UnparkProfileTree *tree, const Sample *sample,
                      gint64 value) {
  guint64 size = unpark_profile_size(value);
  table->n_samples++;
  table->total = unpark_time_add(table->total, value);
  table->magnitude =
      unpark_time_add(table->magnitude, size > G_MAXINT64 ? G_MAXINT64 : (gint64)size);
  if (sample->stack == 0 || sample->stack > tree->stacks->n_stacks)
    return;
  guint32 node = tree->stacks->stack_node[sample->stack - 1];
  if (node > 0)
    tree->self[node - 1] = unpark_time_add(tree->self[node - 1], value);
}

/* `seen`: by node - 1, set where a sample with a value ends. */
static gboolean add_values(UnparkProfileTable *table, UnparkProfileTree *tree, GArray *samples,
                           gint64 index, guint8 *seen, GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list =
      unpark_store_blocks(tree->store, (UnparkFact)UNPARK_TABLE_SAMPLE_VALUE);
  Samples lookup = {.samples = samples};
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(tree->store, (UnparkFact)UNPARK_TABLE_SAMPLE_VALUE, &list->blocks[b],
                            UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      const Sample *sample;
      gint64 value = d->columns[V_VALUE][i];
      if (d->columns[V_INDEX][i] != index || value == 0 ||
          !(sample = find_sample(&lookup, d->columns[V_SAMPLE][i])))
        continue;
      add_value(table, tree, sample, value);
      if (sample->stack > 0 && sample->stack <= tree->stacks->n_stacks &&
          tree->stacks->stack_node[sample->stack - 1] > 0)
        seen[tree->stacks->stack_node[sample->stack - 1] - 1] = 1;
    }
  }
  return TRUE;
}

/* ---- Tree ---------------------------------------------------------------------------------- */

/* Callers stand before what they call, so one walk backwards sums up. */
static void cumulate(UnparkProfileTree *tree, guint8 *seen) {
  const UnparkStacks *s = tree->stacks;
  for (guint i = 0; i < s->n_nodes; i++)
    tree->sum[i] = tree->self[i];
  for (guint i = s->n_nodes; i-- > 0;) {
    guint32 parent = s->node_parent[i];
    if (!seen[i])
      continue;
    tree->n_order++;
    if (parent == 0)
      continue;
    seen[parent - 1] = 1;
    tree->sum[parent - 1] = unpark_time_add(tree->sum[parent - 1], tree->sum[i]);
  }
}

/* The seen nodes, each after its caller and before its caller's next callee. */
static void order(UnparkProfileTree *tree, const guint8 *seen) {
  const UnparkStacks *s = tree->stacks;
  g_autofree guint32 *first = g_new0(guint32, (gsize)s->n_nodes + 1); /* child, by node; 0: root */
  g_autofree guint32 *next = g_new0(guint32, (gsize)s->n_nodes + 1);
  guint n = 0;
  tree->order = g_new(guint32, (gsize)tree->n_order + 1);
  for (guint node = s->n_nodes; node > 0; node--)
    if (seen[node - 1]) {
      next[node] = first[s->node_parent[node - 1]];
      first[s->node_parent[node - 1]] = node;
    }
  for (guint32 node = first[0]; node != 0;) {
    tree->order[n++] = node;
    if (first[node]) {
      node = first[node];
      continue;
    }
    while (node != 0 && !next[node])
      node = s->node_parent[node - 1];
    node = node ? next[node] : 0;
  }
}

static void tree_free(UnparkProfileTree *tree) {
  if (!tree)
    return;
  g_free(tree->self);
  g_free(tree->sum);
  g_free(tree->order);
  g_free(tree->frame_row);
  unpark_store_unref(tree->store);
  g_free(tree);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

#define NO_ROW G_MAXUINT32

static guint32 row_of_function(GArray *rows, GHashTable *by_function, UnparkStore *store,
                               const gint64 *frame) {
  gpointer id = GUINT_TO_POINTER((guint)frame[0]), found;
  if (g_hash_table_lookup_extended(by_function, id, NULL, &found))
    return GPOINTER_TO_UINT(found);
  guint32 row = rows->len;
  UnparkProfileRow fresh = {.function = unpark_store_string(store, (guint32)frame[0]),
                            .file = unpark_store_string(store, (guint32)frame[1])};
  g_array_append_val(rows, fresh);
  g_hash_table_insert(by_function, id, GUINT_TO_POINTER(row));
  return row;
}

/* Rows for the functions that are in the tree, without values. */
static gboolean make_rows(UnparkProfileTree *tree, GArray *rows, GCancellable *cancellable,
                          GError **error) {
  static const gint64 unknown[4];
  const UnparkStacks *s = tree->stacks;
  g_autoptr(GHashTable) by_function = g_hash_table_new(NULL, NULL);
  tree->frame_row = g_new(guint32, (gsize)s->n_frames + 1);
  memset(tree->frame_row, 0xff, ((gsize)s->n_frames + 1) * sizeof *tree->frame_row);
  for (guint i = 0; i < tree->n_order; i++) {
    guint32 frame = s->node_frame[tree->order[i] - 1];
    if (unpark_profile_stop(i, cancellable, error))
      return FALSE;
    if (tree->frame_row[frame] == NO_ROW)
      tree->frame_row[frame] = row_of_function(
          rows, by_function, tree->store, frame ? s->frames + ((gsize)frame - 1) * 4 : unknown);
  }
  return TRUE;
}

static gboolean fill_rows(UnparkProfileTree *tree, GArray *rows, GCancellable *cancellable,
                          GError **error) {
  const UnparkStacks *s = tree->stacks;
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autofree guint32 *on_path = g_new0(guint32, (gsize)rows->len + 1);
  for (guint i = 0; i < tree->n_order; i++) {
    guint32 node = tree->order[i], parent = s->node_parent[node - 1];
    guint32 row = unpark_profile_row_of(tree, node);
    UnparkProfileRow *r = &g_array_index(rows, UnparkProfileRow, row);
    if (unpark_profile_stop(i, cancellable, error))
      return FALSE;
    while (path->len > 0 && g_array_index(path, guint32, path->len - 1) != parent) {
      guint32 left = g_array_index(path, guint32, path->len - 1);
      on_path[unpark_profile_row_of(tree, left)]--;
      g_array_set_size(path, path->len - 1);
    }
    r->flat = unpark_time_add(r->flat, tree->self[node - 1]);
    if (on_path[row]++ == 0)
      r->cumulative = unpark_time_add(r->cumulative, tree->sum[node - 1]);
    g_array_append_val(path, node);
  }
  return TRUE;
}

typedef struct {
  UnparkProfileRow row;
  guint32 before;
} Sortable;

static int compare_rows(const void *a, const void *b) {
  const UnparkProfileRow *x = &((const Sortable *)a)->row, *y = &((const Sortable *)b)->row;
  guint64 xf = unpark_profile_size(x->flat), yf = unpark_profile_size(y->flat);
  guint64 xc = unpark_profile_size(x->cumulative), yc = unpark_profile_size(y->cumulative);
  if (xf != yf)
    return xf > yf ? -1 : 1;
  if (xc != yc)
    return xc > yc ? -1 : 1;
  return strcmp(x->function, y->function);
}

static void sort_rows(UnparkProfileTable *table, UnparkProfileTree *tree, GArray *rows) {
  guint n = rows->len;
  g_autofree Sortable *sortable = g_new(Sortable, (gsize)n + 1);
  g_autofree guint32 *after = g_new(guint32, (gsize)n + 1);
  for (guint i = 0; i < n; i++)
    sortable[i] = (Sortable){g_array_index(rows, UnparkProfileRow, i), i};
  if (n > 1)
    qsort(sortable, n, sizeof *sortable, compare_rows);
  table->n_rows = n;
  table->rows = g_new(UnparkProfileRow, (gsize)n + 1);
  for (guint i = 0; i < n; i++) {
    table->rows[i] = sortable[i].row;
    after[sortable[i].before] = i;
  }
  for (guint f = 0; f <= tree->stacks->n_frames; f++)
    if (tree->frame_row[f] != NO_ROW)
      tree->frame_row[f] = after[tree->frame_row[f]];
}

/* ---- Table ------------------------------------------------------------------------------ */

UnparkProfileTable *unpark_profile_table_empty(UnparkStore *store, GError **error) {
  g_autoptr(UnparkProfileTable) table = g_atomic_rc_box_new0(UnparkProfileTable);
  UnparkProfileTree *tree = g_new0(UnparkProfileTree, 1);
  table->tree = tree;
  tree->store = unpark_store_ref(store);
  tree->stacks = unpark_store_stacks(store, error);
  if (!tree->stacks)
    return NULL;
  tree->self = g_new0(gint64, (gsize)tree->stacks->n_nodes + 1);
  tree->sum = g_new(gint64, (gsize)tree->stacks->n_nodes + 1);
  return g_steal_pointer(&table);
}

gboolean unpark_profile_table_sum(UnparkProfileTable *table, guint8 *seen,
                                  GCancellable *cancellable, GError **error) {
  UnparkProfileTree *tree = table->tree;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(UnparkProfileRow));
  cumulate(tree, seen);
  order(tree, seen);
  if (!make_rows(tree, rows, cancellable, error) || !fill_rows(tree, rows, cancellable, error))
    return FALSE;
  sort_rows(table, tree, rows);
  return TRUE;
}

UnparkProfileTable *unpark_profile_table_new(UnparkStore *store, gint64 profile, gint64 index,
                                             GCancellable *cancellable, GError **error) {
  g_autoptr(GArray) samples = read_samples(store, profile, cancellable, error);
  g_autoptr(UnparkProfileTable) table = samples ? unpark_profile_table_empty(store, error) : NULL;
  if (!table)
    return NULL;
  UnparkProfileTree *tree = table->tree;
  g_autofree guint8 *seen = g_new0(guint8, (gsize)tree->stacks->n_nodes + 1);
  return add_values(table, tree, samples, index, seen, cancellable, error) &&
                 unpark_profile_table_sum(table, seen, cancellable, error)
             ? g_steal_pointer(&table)
             : NULL;
}

UnparkProfileTable *unpark_profile_table_ref(UnparkProfileTable *table) {
  return g_atomic_rc_box_acquire(table);
}

static void table_clear(gpointer data) {
  UnparkProfileTable *table = data;
  tree_free(table->tree);
  g_free(table->rows);
}

void unpark_profile_table_unref(UnparkProfileTable *table) {
  if (table)
    g_atomic_rc_box_release_full(table, table_clear);
}
