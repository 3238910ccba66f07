/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources that are rows of a table: CPU samples, creation, dumps, races, regions. */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/flame/graph/private.h"

typedef struct {
  gint64 *values;
  guint n, columns;
} Rows;

static gboolean load(UnparkFlameCollector *c, int table, Rows *rows) {
  GError *error = NULL;
  rows->values = unpark_store_rows(c->store, table, c->spec->scope.from_ns, c->spec->scope.to_ns,
                                   &rows->n, &rows->columns, c->cancellable, &error);
  if (!error)
    return TRUE;
  g_propagate_error(c->error, error);
  return FALSE;
}

static void describe(UnparkFlameCollector *c, const char *unit) {
  c->input->unit = g_strdup(unit);
  c->input->title = unpark_flame_source_title(&c->spec->source);
}

static gboolean collect_cpu(UnparkFlameCollector *c) {
  Rows rows;
  describe(c, "samples");
  if (!load(c, UNPARK_TABLE_CPU_SAMPLE, &rows))
    return FALSE;
  for (guint i = 0; i < rows.n; i++) {
    const gint64 *row = rows.values + (gsize)i * rows.columns;
    if (unpark_flame_overlap(c, row[1], row[0], row[0]) < 0)
      continue;
    unpark_flame_add(c, unpark_flame_group_of(c, row[1], ""), (guint32)row[4], row[0], 1);
  }
  g_free(rows.values);
  return TRUE;
}

static gboolean collect_creation(UnparkFlameCollector *c) {
  guint n;
  const UnparkGoroutine *g = unpark_store_goroutines(c->store, &n, c->error);
  describe(c, "goroutines");
  if (!g)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!g[i].create_stack || unpark_flame_overlap(c, g[i].id, g[i].create_ns, g[i].create_ns) < 0)
      continue;
    unpark_flame_add(c, unpark_flame_group_of(c, g[i].id, ""), g[i].create_stack, g[i].create_ns,
                     1);
  }
  return TRUE;
}

/* id, state, wait_minutes, locked_to_thread, stack, create_stack, creator, count */
static gboolean collect_dump(UnparkFlameCollector *c) {
  Rows rows;
  describe(c, "goroutines");
  if (!load(c, UNPARK_TABLE_DUMP_GOROUTINE, &rows))
    return FALSE;
  for (guint i = 0; i < rows.n; i++) {
    const gint64 *row = rows.values + (gsize)i * rows.columns;
    guint32 group = 0;
    if (c->spec->grouping == UNPARK_FLAME_BY_STATE)
      group = unpark_flame_group(c, unpark_store_string(c->store, (guint32)row[1]));
    else if (c->spec->grouping == UNPARK_FLAME_BY_GOROUTINE && row[0] != UNPARK_NONE) {
      g_autofree char *text = g_strdup_printf("G %" G_GINT64_FORMAT, row[0]);
      group = unpark_flame_group(c, text);
    }
    unpark_flame_add(c, group, (guint32)row[4], 0, row[7] == UNPARK_NONE ? 1 : row[7]);
  }
  g_free(rows.values);
  return TRUE;
}

/* id, kind, address, goroutine, stack, previous_kind, previous_goroutine, previous_stack,
 * goroutine_create_stack, previous_create_stack */
static gboolean collect_races(UnparkFlameCollector *c) {
  Rows rows;
  describe(c, "count");
  if (!load(c, UNPARK_TABLE_RACE, &rows))
    return FALSE;
  for (guint i = 0; i < rows.n; i++) {
    const gint64 *row = rows.values + (gsize)i * rows.columns;
    g_autofree char *previous =
        g_strdup_printf(_("previous %s"), unpark_store_string(c->store, (guint32)row[5]));
    guint32 created = unpark_flame_group(c, _("goroutine created"));
    guint32 now = unpark_flame_group(c, unpark_store_string(c->store, (guint32)row[1]));
    unpark_flame_add(c, now, (guint32)row[4], 0, 1);
    if (row[7] > 0)
      unpark_flame_add(c, unpark_flame_group(c, previous), (guint32)row[7], 0, 1);
    for (guint k = 8; k <= 9; k++)
      if (row[k] > 0)
        unpark_flame_add(c, created, (guint32)row[k], 0, 1);
  }
  g_free(rows.values);
  return TRUE;
}

gboolean unpark_flame_collect_rows(UnparkFlameCollector *c) {
  switch (c->spec->source.kind) {
  case UNPARK_FLAME_CPU:
    return collect_cpu(c);
  case UNPARK_FLAME_CREATION:
    return collect_creation(c);
  case UNPARK_FLAME_GOROUTINES:
    return collect_dump(c);
  default:
    return collect_races(c);
  }
}

/* ---- Regions ------------------------------------------------------------------------------ */

/* A region of one goroutine; depth is how many are open around it. */
typedef struct {
  gint64 goroutine, start, end, depth, name, self;
  guint32 node;
} Region;

typedef struct {
  GArray *parents, *frames_of; /* guint32 by node - 1 */
  GArray *frames;              /* gint64, four a frame */
  GHashTable *nodes;           /* (parent, name) -> node */
  GHashTable *frame_ids;       /* name -> frame */
} RegionTree;

static int by_goroutine(const void *a, const void *b) {
  const Region *x = a, *y = b;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return x->depth < y->depth ? -1 : x->depth > y->depth;
}

static guint32 region_node(RegionTree *tree, guint32 parent, guint32 name) {
  gint64 key = (gint64)((guint64)parent << 32 | name);
  gpointer found = g_hash_table_lookup(tree->nodes, &key);
  if (found)
    return GPOINTER_TO_UINT(found);
  guint32 frame = GPOINTER_TO_UINT(g_hash_table_lookup(tree->frame_ids, GUINT_TO_POINTER(name)));
  if (!frame) {
    const gint64 row[4] = {name, 0, 0, 0};
    g_array_append_vals(tree->frames, row, 4);
    frame = tree->frames->len / 4;
    g_hash_table_insert(tree->frame_ids, GUINT_TO_POINTER(name), GUINT_TO_POINTER(frame));
  }
  g_array_append_val(tree->parents, parent);
  g_array_append_val(tree->frames_of, frame);
  g_hash_table_insert(tree->nodes, g_memdup2(&key, sizeof key),
                      GUINT_TO_POINTER(tree->parents->len));
  return tree->parents->len;
}

/* Counts the regions of all goroutines: what the inner ones take, the outer ones have not. */
static void count_regions(UnparkFlameCollector *c, RegionTree *tree, Region *regions, guint n) {
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < n; i++) {
    Region *r = &regions[i];
    gint64 time = unpark_flame_overlap(c, r->goroutine, r->start, r->end);
    Region *outer = NULL;
    while (open->len > 0) {
      outer = &regions[g_array_index(open, guint, open->len - 1)];
      if (outer->goroutine == r->goroutine && outer->depth < r->depth && outer->end >= r->start)
        break;
      outer = NULL;
      g_array_set_size(open, open->len - 1);
    }
    r->node = region_node(tree, outer ? outer->node : 0, (guint32)r->name);
    r->self = time;
    if (outer && time > 0 && outer->self > 0)
      outer->self -= MIN(time, outer->self);
    g_array_append_val(open, i);
  }
  for (guint i = 0; i < n; i++)
    if (regions[i].self >= 0)
      unpark_flame_add_node(c, unpark_flame_group_of(c, regions[i].goroutine, ""), regions[i].node,
                            regions[i].start, c->spec->source.count ? 1 : regions[i].self);
}

static void take_tree(UnparkFlameInput *input, RegionTree *tree) {
  input->are_regions = TRUE;
  input->n_nodes = tree->parents->len;
  input->n_frames = tree->frames->len / 4;
  input->owned[0] = g_array_free(tree->parents, FALSE);
  input->owned[1] = g_array_free(tree->frames_of, FALSE);
  input->owned[2] = g_array_free(tree->frames, FALSE);
  input->node_parent = input->owned[0];
  input->node_frame = input->owned[1];
  input->frames = input->owned[2];
  g_hash_table_unref(tree->nodes);
  g_hash_table_unref(tree->frame_ids);
}

gboolean unpark_flame_collect_regions(UnparkFlameCollector *c) {
  Rows rows;
  describe(c, c->spec->source.count ? "count" : "nanoseconds");
  if (!load(c, UNPARK_TABLE_REGION, &rows))
    return FALSE;
  g_autofree Region *regions = g_new0(Region, rows.n + 1);
  RegionTree tree = {.parents = g_array_new(FALSE, FALSE, sizeof(guint32)),
                     .frames_of = g_array_new(FALSE, FALSE, sizeof(guint32)),
                     .frames = g_array_new(FALSE, FALSE, sizeof(gint64)),
                     .nodes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                     .frame_ids = g_hash_table_new(NULL, NULL)};
  for (guint i = 0; i < rows.n; i++) {
    const gint64 *row = rows.values + (gsize)i * rows.columns;
    regions[i] = (Region){.goroutine = row[1],
                          .name = row[2],
                          .start = row[3] == UNPARK_NONE ? c->trace_start_ns : row[3],
                          .end = row[4] == UNPARK_NONE ? MAX(c->trace_end_ns, row[3]) : row[4],
                          .depth = row[5]};
  }
  g_free(rows.values);
  if (rows.n > 1)
    qsort(regions, rows.n, sizeof *regions, by_goroutine);
  count_regions(c, &tree, regions, rows.n);
  take_tree(c->input, &tree);
  return TRUE;
}
