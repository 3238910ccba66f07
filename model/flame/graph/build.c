/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts of trees: nodes as they come, then totals, order and depth-first numbering. */
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/private.h"

#define NO_NODE G_MAXUINT32
/* So many children are looked through one by one. */
#define FEW_CHILDREN 8

void unpark_flame_builder_init(UnparkFlameBuilder *b) {
  *b = (UnparkFlameBuilder){.size = 256, .table_size = 1024};
  b->nodes = g_new(UnparkFlameDraft, b->size);
  b->table = g_new0(guint32, b->table_size);
  b->nodes[0] = (UnparkFlameDraft){0};
  b->n = 1;
}

void unpark_flame_builder_add(UnparkFlameBuilder *b, guint32 node, guint side, gint64 value,
                              gint64 count) {
  UnparkFlameDraft *draft = &b->nodes[node];
  draft->self[side] = unpark_time_add(draft->self[side], value);
  if (side == 0)
    draft->count += count;
}

void unpark_flame_builder_clear(UnparkFlameBuilder *b) {
  g_clear_pointer(&b->nodes, g_free);
  g_clear_pointer(&b->table, g_free);
  g_clear_pointer(&b->times, g_array_unref);
}

/* A child of its own, never found again. */
static guint32 append(UnparkFlameBuilder *b, guint32 parent, guint32 name) {
  if (b->n == b->size) {
    b->size *= 2;
    b->nodes = g_renew(UnparkFlameDraft, b->nodes, b->size);
  }
  b->nodes[b->n] = (UnparkFlameDraft){.parent = parent, .name = name};
  return b->n++;
}

static guint slot_of(const UnparkFlameBuilder *b, guint32 parent, guint32 name) {
  guint64 hash = ((guint64)parent << 32 | name) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  guint slot = (guint)(hash >> 32) & (b->table_size - 1);
  while (b->table[slot] &&
         (b->nodes[b->table[slot]].parent != parent || b->nodes[b->table[slot]].name != name))
    slot = (slot + 1) & (b->table_size - 1);
  return slot;
}

static void put_in_table(UnparkFlameBuilder *b, guint32 node) {
  if (++b->n_in_table > b->table_size / 2) {
    g_autofree guint32 *old = b->table;
    guint size = b->table_size;
    b->table_size *= 2;
    b->table = g_new0(guint32, b->table_size);
    for (guint i = 0; i < size; i++)
      if (old[i])
        b->table[slot_of(b, b->nodes[old[i]].parent, b->nodes[old[i]].name)] = old[i];
  }
  b->table[slot_of(b, b->nodes[node].parent, b->nodes[node].name)] = node;
}

static guint32 add_child(UnparkFlameBuilder *b, guint32 parent, guint32 name) {
  guint32 made = append(b, parent, name);
  b->nodes[made].next = b->nodes[parent].first;
  b->nodes[parent].first = made;
  return made;
}

/* Most frames have few callees, and stacks come in an order in which they were made lately: a short
 * list is at hand where a large table is not. */
guint32 unpark_flame_builder_child(UnparkFlameBuilder *b, guint32 parent, guint32 name) {
  guint32 child = b->nodes[parent].first, made;
  guint n = 0;
  for (; child && n < FEW_CHILDREN; child = b->nodes[child].next, n++)
    if (b->nodes[child].name == name)
      return child;
  if (n < FEW_CHILDREN)
    return add_child(b, parent, name);
  if (child) {
    made = b->table[slot_of(b, parent, name)];
    if (made)
      return made;
  } else { /* now they are many */
    for (child = b->nodes[parent].first; child; child = b->nodes[child].next)
      put_in_table(b, child);
  }
  made = add_child(b, parent, name);
  put_in_table(b, made);
  return made;
}

/* ---- Inserting, outermost frames first ----------------------------------------------------- */

typedef struct {
  UnparkFlameBuilder *b;
  UnparkFlameNames *names;
  const UnparkFlameInput *input;
  const UnparkFlameFilter *filter;
  const UnparkFlameSpec *spec;
  guint32 *out;     /* by node: its node in the draft; NO_NODE: not yet in this group */
  GArray *touched;  /* nodes to forget when the group ends */
  GArray *path;     /* guint32: scratch */
  guint32 no_stack; /* name */
} Insert;

static guint32 group_node(Insert *in, guint32 group) {
  if (group == 0)
    return 0;
  return unpark_flame_builder_child(
      in->b, 0,
      unpark_flame_names_special(in->names, UNPARK_NAME_GROUP,
                                 g_ptr_array_index(in->input->groups, group)));
}

static guint32 step(Insert *in, guint32 node, guint32 above) {
  guint32 name = unpark_flame_filter_name(in->filter, in->input, node);
  if (name == UNPARK_FLAME_NO_NAME || !unpark_flame_filter_shows(in->filter, in->spec, node))
    return above;
  if (in->spec->collapse && above != 0 && in->b->nodes[above].name == name)
    return above;
  return unpark_flame_builder_child(in->b, above, name);
}

/* The draft's node of a stack, and all above it. */
static guint32 place(Insert *in, guint32 group, guint32 node) {
  guint32 above;
  g_array_set_size(in->path, 0);
  while (node > 0 && in->out[node] == NO_NODE) {
    g_array_append_val(in->path, node);
    node = in->input->node_parent[node - 1];
  }
  above = node > 0 ? in->out[node] : group_node(in, group);
  for (guint i = in->path->len; i-- > 0;) {
    guint32 inner = g_array_index(in->path, guint32, i);
    above = in->out[inner] = step(in, inner, above);
    if (group > 0) /* without groups nothing is ever forgotten */
      g_array_append_val(in->touched, inner);
  }
  return above;
}

static void forget(Insert *in) {
  for (guint i = 0; i < in->touched->len; i++)
    in->out[g_array_index(in->touched, guint32, i)] = NO_NODE;
  g_array_set_size(in->touched, 0);
}

static gboolean is_bare(const Insert *in, guint32 at, guint32 group) {
  return at == 0 || (group > 0 && in->b->nodes[at].parent == 0);
}

static gboolean insert_sums(Insert *in, guint side, GCancellable *cancellable, GError **error) {
  guint32 group = 0;
  for (guint i = 0; i < in->input->entries->len; i++) {
    const UnparkFlameEntry *e = &g_array_index(in->input->entries, UnparkFlameEntry, i);
    guint32 at;
    if ((i & 0xffff) == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (e->group != group && group == 0) /* what group 0 has touched is not written down */
      memset(in->out, 0xff, ((gsize)in->input->n_nodes + 1) * sizeof *in->out);
    else if (e->group != group)
      forget(in);
    group = e->group;
    if (!unpark_flame_filter_keeps(in->filter, in->spec, e->node))
      continue;
    at = place(in, group, e->node);
    /* Everything of it hidden: pprof leaves such a sample out as well. */
    if (is_bare(in, at, group) && in->filter->node_flags)
      continue;
    if (is_bare(in, at, group))
      at = unpark_flame_builder_child(in->b, at, in->no_stack);
    unpark_flame_builder_add(in->b, at, side, e->value, e->count);
  }
  return TRUE;
}

/* ---- In time order -------------------------------------------------------------------------- */

/* The names of a stack from the outermost frame in, into in->path. */
static void names_of(Insert *in, guint32 group, guint32 node) {
  guint32 last = NO_NODE;
  guint n = 0;
  g_array_set_size(in->path, 0);
  for (; node > 0; node = in->input->node_parent[node - 1]) {
    guint32 name = unpark_flame_filter_name(in->filter, in->input, node);
    if (name == UNPARK_FLAME_NO_NAME || !unpark_flame_filter_shows(in->filter, in->spec, node) ||
        (in->spec->collapse && name == last))
      continue;
    g_array_append_val(in->path, name);
    last = name;
  }
  if (in->path->len == 0)
    g_array_append_val(in->path, in->no_stack);
  if (group > 0) {
    guint32 name = unpark_flame_names_special(in->names, UNPARK_NAME_GROUP,
                                              g_ptr_array_index(in->input->groups, group));
    g_array_append_val(in->path, name);
  }
  for (n = 0; n < in->path->len / 2; n++) {
    guint32 *names = (guint32 *)(void *)in->path->data;
    guint32 swap = names[n];
    names[n] = names[in->path->len - 1 - n];
    names[in->path->len - 1 - n] = swap;
  }
}

static gboolean insert_in_time(Insert *in, guint side, GCancellable *cancellable, GError **error) {
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint32)); /* nodes of the last one */
  /* Of a profile it is the samples' number. */
  if (in->spec->source.kind != UNPARK_FLAME_SAMPLES && in->b->n == 1) {
    gint64 start = in->input->entries->len > 0
                       ? g_array_index(in->input->entries, UnparkFlameEntry, 0).time_ns
                       : 0;
    in->b->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(in->b->times, start);
  }
  for (guint i = 0; i < in->input->entries->len; i++) {
    const UnparkFlameEntry *e = &g_array_index(in->input->entries, UnparkFlameEntry, i);
    guint same = 0;
    guint32 at = 0;
    if ((i & 0xfff) == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (!unpark_flame_filter_keeps(in->filter, in->spec, e->node))
      continue;
    names_of(in, e->group, e->node);
    while (same < open->len && same < in->path->len &&
           in->b->nodes[g_array_index(open, guint32, same)].name ==
               g_array_index(in->path, guint32, same))
      same++;
    g_array_set_size(open, same);
    at = same > 0 ? g_array_index(open, guint32, same - 1) : 0;
    for (; same < in->path->len; same++) {
      at = append(in->b, at, g_array_index(in->path, guint32, same));
      if (in->b->times)
        g_array_append_val(in->b->times, e->time_ns);
      g_array_append_val(open, at);
    }
    unpark_flame_builder_add(in->b, at, side, e->value, e->count);
  }
  return TRUE;
}

gboolean unpark_flame_insert(UnparkFlameBuilder *b, UnparkFlameNames *names,
                             const UnparkFlameInput *input, const UnparkFlameFilter *filter,
                             const UnparkFlameSpec *spec, guint side, GCancellable *cancellable,
                             GError **error) {
  Insert in = {.b = b,
               .names = names,
               .input = input,
               .filter = filter,
               .spec = spec,
               .out = g_new(guint32, (gsize)input->n_nodes + 1),
               .touched = g_array_new(FALSE, FALSE, sizeof(guint32)),
               .path = g_array_new(FALSE, FALSE, sizeof(guint32)),
               .no_stack = unpark_flame_no_stack(names)};
  gboolean ok = TRUE;
  memset(in.out, 0xff, ((gsize)input->n_nodes + 1) * sizeof *in.out);
  if (spec->order == UNPARK_FLAME_BY_TIME)
    ok = insert_in_time(&in, side, cancellable, error);
  else
    ok = insert_sums(&in, side, cancellable, error);
  g_free(in.out);
  g_array_unref(in.touched);
  g_array_unref(in.path);
  return ok;
}
