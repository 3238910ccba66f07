/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a draft to the tree: totals from the leaves up, children in order, depth first. */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/colour.h"
#include "model/flame/graph/private.h"

typedef struct {
  const UnparkFlameDraft *draft;
  const UnparkFlameName *names;
  UnparkFlameOrder order;
  guint n;
  const gint64 *times;       /* by draft node; NULL: none */
  gint64 *total[2], *weight; /* by draft node; total[1] NULL without a base */
  guint32 *first, *children; /* children of i: children[first[i] .. first[i + 1]) */
} Finish;

static gint64 scaled(gint64 value, double scale) {
  double d = (double)value * scale;
  if (scale == 1.0)
    return value;
  return d >= 9.2e18 ? G_MAXINT64 : d <= -9.2e18 ? -G_MAXINT64 : (gint64)(d < 0 ? d - .5 : d + .5);
}

/* Widths: never less than what the children take. */
static void add_up(Finish *f) {
  for (guint32 i = f->n; i-- > 0;) {
    gint64 own = unpark_flame_abs(f->draft[i].self[0]);
    if (f->total[1])
      own = MAX(own, unpark_flame_abs(f->draft[i].self[1]));
    for (guint side = 0; side < 2 && f->total[side]; side++)
      f->total[side][i] = unpark_time_add(f->total[side][i], f->draft[i].self[side]);
    f->weight[i] = unpark_time_add(f->weight[i], own);
    if (i == 0)
      break;
    guint32 parent = f->draft[i].parent;
    for (guint side = 0; side < 2 && f->total[side]; side++)
      f->total[side][parent] = unpark_time_add(f->total[side][parent], f->total[side][i]);
    f->weight[parent] = unpark_time_add(f->weight[parent], f->weight[i]);
  }
}

static void list_children(Finish *f) {
  for (guint32 i = 1; i < f->n; i++)
    f->first[f->draft[i].parent + 1]++;
  for (guint32 i = 0; i < f->n; i++)
    f->first[i + 1] += f->first[i];
  g_autofree guint32 *next = g_memdup2(f->first, (gsize)f->n * sizeof *next);
  for (guint32 i = 1; i < f->n; i++)
    f->children[next[f->draft[i].parent]++] = i;
}

static int by_order(const void *a, const void *b, gpointer data) {
  const Finish *f = data;
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  if (f->order == UNPARK_FLAME_HEAVY && f->weight[x] != f->weight[y])
    return f->weight[x] > f->weight[y] ? -1 : 1;
  int names = strcmp(f->names[f->draft[x].name].text, f->names[f->draft[y].name].text);
  return names != 0 ? names : x < y ? -1 : x > y;
}

/* Depth first, with a stack of its own: depth is the file's to choose. */
static void number(Finish *f, UnparkFlame *flame) {
  g_autofree guint32 *new_id = g_new(guint32, f->n);
  g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(guint32));
  guint32 at = 0, root = 0;
  g_array_append_val(todo, root);
  while (todo->len > 0) {
    guint32 i = g_array_index(todo, guint32, todo->len - 1);
    guint32 from = f->first[i], n = f->first[i + 1] - from;
    guint32 parent = new_id[f->draft[i].parent];
    UnparkFlameNode *node = &flame->nodes[at];
    g_array_set_size(todo, todo->len - 1);
    new_id[i] = at;
    *node = (UnparkFlameNode){.parent = i == 0 ? 0 : parent,
                              .end = at + 1,
                              .name = f->draft[i].name,
                              .depth = i == 0 ? 0 : flame->nodes[parent].depth + 1,
                              .total = f->total[0][i],
                              .self = f->draft[i].self[0],
                              .count = f->draft[i].count,
                              .base_total = f->total[1] ? f->total[1][i] : 0,
                              .base_self = f->total[1] ? f->draft[i].self[1] : 0,
                              .weight = f->weight[i]};
    flame->max_depth = MAX(flame->max_depth, node->depth);
    if (flame->times)
      flame->times[at] = f->times[i];
    at++;
    if (f->order != UNPARK_FLAME_BY_TIME && n > 1)
      g_qsort_with_data(f->children + from, (int)n, sizeof(guint32), by_order, f);
    for (guint32 k = n; k-- > 0;)
      g_array_append_val(todo, f->children[from + k]);
  }
}

static void place_all(UnparkFlame *flame) {
  g_autofree gint64 *next = g_new0(gint64, flame->n_nodes); /* where the next child begins */
  for (guint32 i = 1; i < flame->n_nodes; i++) {
    UnparkFlameNode *node = &flame->nodes[i];
    node->start = next[node->parent];
    next[node->parent] = unpark_time_add(node->start, node->weight);
    next[i] = node->start;
  }
  for (guint32 i = flame->n_nodes; i-- > 1;) {
    UnparkFlameNode *parent = &flame->nodes[flame->nodes[i].parent];
    parent->end = MAX(parent->end, flame->nodes[i].end);
  }
}

void unpark_flame_weigh(UnparkFlame *flame, gboolean base) {
  for (guint32 i = 0; i < flame->n_nodes; i++)
    flame->nodes[i].weight =
        unpark_flame_abs(base ? flame->nodes[i].base_self : flame->nodes[i].self);
  for (guint32 i = flame->n_nodes; i-- > 1;) {
    UnparkFlameNode *parent = &flame->nodes[flame->nodes[i].parent];
    parent->weight = unpark_time_add(parent->weight, flame->nodes[i].weight);
  }
  place_all(flame);
}

UnparkFlame *unpark_flame_builder_finish(UnparkFlameBuilder *b, UnparkFlameNames *names,
                                         UnparkFlameOrder order, gboolean has_base, double scale) {
  UnparkFlame *flame = g_new0(UnparkFlame, 1);
  b->nodes[0].name = unpark_flame_names_special(names, UNPARK_NAME_ROOT, _("all"));
  for (guint32 i = 0; has_base && i < b->n; i++)
    b->nodes[i].self[1] = scaled(b->nodes[i].self[1], scale);
  Finish f = {.draft = b->nodes,
              .names = (const UnparkFlameName *)(void *)names->names->data,
              .order = order,
              .n = b->n,
              .total = {g_new0(gint64, b->n), has_base ? g_new0(gint64, b->n) : NULL},
              .weight = g_new0(gint64, b->n),
              .first = g_new0(guint32, (gsize)b->n + 1),
              .children = g_new(guint32, b->n)};
  g_clear_pointer(&b->table, g_free);
  if (b->times) {
    f.times = (const gint64 *)(const void *)b->times->data;
    flame->times = g_new(gint64, b->n);
  }
  add_up(&f);
  list_children(&f);
  flame->ref_count = 1;
  flame->n_nodes = b->n;
  flame->nodes = g_new(UnparkFlameNode, b->n);
  flame->n_cut = b->n_cut;
  flame->has_base = has_base;
  flame->base_scale = scale;
  number(&f, flame);
  place_all(flame);
  g_free(f.total[0]);
  g_free(f.total[1]);
  g_free(f.weight);
  g_free(f.first);
  g_free(f.children);
  unpark_flame_builder_clear(b);
  flame->n_names = names->names->len;
  flame->names = (UnparkFlameName *)(void *)g_array_free(g_steal_pointer(&names->names), FALSE);
  flame->texts = names;
  unpark_flame_colour_packages(flame, NULL);
  return flame;
}
