/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees with the innermost frames first: stacks are walked from their ends outwards, all at once
 * level by level, and what has met in one frame is joined there. */
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/private.h"

/* Beyond so many steps, frames that weigh less than 1 / CUT_SHARE of all are not walked on. */
#define MANY_STEPS G_GUINT64_CONSTANT(40000000)
#define CUT_SHARE 50000

/* Weight that has come as far as a node of the input. */
typedef struct {
  guint32 node;
  guint32 name; /* of the node */
  gint64 value, count;
} Bit;

/* The bits from `first` on (as far as the next level's) share the draft's node `at`. */
typedef struct {
  guint32 at;
  guint first;
} Level;

typedef struct {
  UnparkFlameBuilder *b;
  UnparkFlameNames *names;
  const UnparkFlameInput *input;
  const UnparkFlameFilter *filter;
  const UnparkFlameSpec *spec;
  guint side;
  gboolean unbound; /* CALLERS: the frames above the function are shown as well */
  GArray *bits, *levels;
  gint64 floor;
} Invert;

static gboolean shows(const Invert *in, guint32 node) {
  if (in->unbound)
    return !in->filter->node_flags || !(in->filter->node_flags[node] & FLAME_HIDDEN);
  return unpark_flame_filter_shows(in->filter, in->spec, node);
}

/* The nearest node from `node` outwards whose frame is shown and (when collapsing) not `below`. */
static guint32 climb(const Invert *in, guint32 node, guint32 below, guint32 *name) {
  for (; node > 0; node = in->input->node_parent[node - 1]) {
    *name = unpark_flame_filter_name(in->filter, in->input, node);
    if (*name == UNPARK_FLAME_NO_NAME || !shows(in, node))
      continue;
    if (!in->spec->collapse || *name != below)
      return node;
  }
  return 0;
}

static int by_name(const void *a, const void *b) {
  const Bit *x = a, *y = b;
  if (x->name != y->name)
    return x->name < y->name ? -1 : 1;
  return x->node < y->node ? -1 : x->node > y->node;
}

/* Sorted, equal ones joined; returns how many are left. */
static guint join(Bit *bits, guint n) {
  guint kept = 0;
  if (n > 1)
    qsort(bits, n, sizeof *bits, by_name);
  for (guint i = 0; i < n; i++) {
    if (kept > 0 && by_name(&bits[kept - 1], &bits[i]) == 0) {
      bits[kept - 1].value = unpark_time_add(bits[kept - 1].value, bits[i].value);
      bits[kept - 1].count += bits[i].count;
    } else {
      bits[kept++] = bits[i];
    }
  }
  return kept;
}

/* Bits of one name, one step outwards: a level below `at`, unless all of them end. */
static void advance(Invert *in, guint32 at, const Bit *run, guint n) {
  guint32 child = unpark_flame_builder_child(in->b, at, run[0].name);
  Level next = {child, in->bits->len};
  gint64 weight = 0;
  for (guint i = 0; i < n; i++)
    weight = unpark_time_add(weight, unpark_flame_abs(run[i].value));
  for (guint i = 0; i < n; i++) {
    Bit bit = run[i];
    guint32 outer = in->input->node_parent[bit.node - 1];
    bit.node = weight < in->floor ? 0 : climb(in, outer, run[i].name, &bit.name);
    if (bit.node == 0)
      unpark_flame_builder_add(in->b, child, in->side, bit.value, bit.count);
    else
      g_array_append_val(in->bits, bit);
  }
  in->b->n_cut += weight < in->floor;
  if (in->bits->len > next.first)
    g_array_append_val(in->levels, next);
}

/* Takes the last level, which owns the last bits, and puts its children's in their place. */
static void expand(Invert *in) {
  Level level = g_array_index(in->levels, Level, in->levels->len - 1);
  Bit *bits = &g_array_index(in->bits, Bit, level.first);
  guint n = join(bits, in->bits->len - level.first);
  g_autofree Bit *run = g_memdup2(bits, (gsize)n * sizeof *bits);
  g_array_set_size(in->levels, in->levels->len - 1);
  g_array_set_size(in->bits, level.first);
  for (guint from = 0, to; from < n; from = to) {
    for (to = from; to < n && run[to].name == run[from].name;)
      to++;
    advance(in, level.at, run + from, to - from);
  }
}

/* CALLERS: everything below the outermost call of the function belongs to that call. */
static guint32 outermost_call(const Invert *in, guint32 node) {
  while (node > 0 && !(in->filter->node_flags[node] & FLAME_IS_TOP))
    node = in->input->node_parent[node - 1];
  return node;
}

static void start(Invert *in, guint32 at, const UnparkFlameEntry *e) {
  gboolean callers = in->spec->part == UNPARK_FLAME_CALLERS;
  Bit bit = {.value = e->value, .count = e->count};
  if (!unpark_flame_filter_keeps(in->filter, in->spec, e->node))
    return;
  bit.node = climb(in, callers ? outermost_call(in, e->node) : e->node, G_MAXUINT32, &bit.name);
  if (bit.node > 0)
    g_array_append_val(in->bits, bit);
  else if (!in->filter->node_flags)
    unpark_flame_builder_add(
        in->b, unpark_flame_builder_child(in->b, at, unpark_flame_no_stack(in->names)), in->side,
        e->value, e->count);
}

/* Entries [from, to), all of one group. */
static gboolean invert_group(Invert *in, guint from, guint to, GCancellable *cancellable,
                             GError **error) {
  const UnparkFlameEntry *entries = &g_array_index(in->input->entries, UnparkFlameEntry, 0);
  guint32 group = entries[from].group;
  Level root = {0, 0};
  guint64 turn = 0;
  if (group > 0)
    root.at = unpark_flame_builder_child(
        in->b, 0,
        unpark_flame_names_special(in->names, UNPARK_NAME_GROUP,
                                   g_ptr_array_index(in->input->groups, group)));
  for (guint i = from; i < to; i++)
    start(in, root.at, &entries[i]);
  if (in->bits->len > 0)
    g_array_append_val(in->levels, root);
  while (in->levels->len > 0) {
    if ((turn++ & 0xff) == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    expand(in);
  }
  return TRUE;
}

/* Walks that would take too long leave out what nobody sees. */
static gint64 floor_of(const UnparkFlameInput *input) {
  g_autofree guint32 *depth = g_new0(guint32, (gsize)input->n_nodes + 1);
  guint64 steps = 0;
  gint64 total = 0;
  for (guint32 node = 1; node <= input->n_nodes; node++)
    depth[node] = depth[input->node_parent[node - 1]] + 1;
  for (guint i = 0; i < input->entries->len; i++) {
    const UnparkFlameEntry *e = &g_array_index(input->entries, UnparkFlameEntry, i);
    steps += depth[e->node];
    total = unpark_time_add(total, unpark_flame_abs(e->value));
  }
  return steps > MANY_STEPS ? total / CUT_SHARE : 0;
}

gboolean unpark_flame_insert_inverted(UnparkFlameBuilder *b, UnparkFlameNames *names,
                                      const UnparkFlameInput *input,
                                      const UnparkFlameFilter *filter, const UnparkFlameSpec *spec,
                                      guint side, GCancellable *cancellable, GError **error) {
  Invert in = {.b = b,
               .names = names,
               .input = input,
               .filter = filter,
               .spec = spec,
               .side = side,
               .unbound = spec->part == UNPARK_FLAME_CALLERS,
               .bits = g_array_new(FALSE, FALSE, sizeof(Bit)),
               .levels = g_array_new(FALSE, FALSE, sizeof(Level)),
               .floor = floor_of(input)};
  gboolean ok = TRUE;
  for (guint from = 0, to; from < input->entries->len && ok; from = to) {
    guint32 group = g_array_index(input->entries, UnparkFlameEntry, from).group;
    for (to = from; to < input->entries->len &&
                    g_array_index(input->entries, UnparkFlameEntry, to).group == group;)
      to++;
    ok = invert_group(&in, from, to, cancellable, error);
  }
  g_array_unref(in.bits);
  g_array_unref(in.levels);
  return ok;
}
