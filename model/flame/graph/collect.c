/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a source and a scope to weighed stacks: what the collectors share. */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/private.h"

/* So many entries are gathered before equal ones are joined again. */
#define COMPACT_AT 65536

/* ---- Sums ------------------------------------------------------------------------------ */

static int by_place(const void *a, const void *b) {
  const UnparkFlameEntry *x = a, *y = b;
  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->node < y->node ? -1 : x->node > y->node;
}

/* Joins entries of one group and node. In time order they stay apart. */
static void compact(UnparkFlameCollector *c) {
  GArray *entries = c->input->entries;
  UnparkFlameEntry *e = (UnparkFlameEntry *)(void *)entries->data;
  guint n = 0;
  if (entries->len > 1)
    qsort(e, entries->len, sizeof *e, by_place);
  if (c->spec->order == UNPARK_FLAME_BY_TIME)
    return;
  for (guint i = 0; i < entries->len; i++) {
    if (n > 0 && by_place(&e[n - 1], &e[i]) == 0) {
      e[n - 1].value = unpark_time_add(e[n - 1].value, e[i].value);
      e[n - 1].count += e[i].count;
    } else {
      e[n++] = e[i];
    }
  }
  g_array_set_size(entries, n);
  c->compact_at = MAX(COMPACT_AT, n * 2);
}

void unpark_flame_add_node(UnparkFlameCollector *c, guint32 group, guint32 node, gint64 time_ns,
                           gint64 value) {
  gboolean in_order = c->spec->order == UNPARK_FLAME_BY_TIME;
  if (value == 0)
    return;
  c->input->total = unpark_time_add(c->input->total, value);
  if (group == 0 && !in_order && c->dense) {
    c->dense[node].value = unpark_time_add(c->dense[node].value, value);
    c->dense[node].count++;
    return;
  }
  UnparkFlameEntry entry = {group, node, in_order ? time_ns : 0, value, 1};
  g_array_append_val(c->input->entries, entry);
  if (!in_order && c->input->entries->len >= c->compact_at)
    compact(c);
}

void unpark_flame_add(UnparkFlameCollector *c, guint32 group, guint32 stack, gint64 time_ns,
                      gint64 value) {
  guint32 node = stack > 0 && stack <= c->stacks->n_stacks ? c->stacks->stack_node[stack - 1] : 0;
  unpark_flame_add_node(c, group, node, time_ns, value);
}

static void spill_dense(UnparkFlameCollector *c) {
  for (guint i = 0; c->dense && i <= c->input->n_nodes; i++)
    if (c->dense[i].value != 0) {
      UnparkFlameEntry entry = {0, i, 0, c->dense[i].value, c->dense[i].count};
      g_array_append_val(c->input->entries, entry);
    }
  g_clear_pointer(&c->dense, g_free);
}

/* ---- Groups ------------------------------------------------------------------------------ */

guint32 unpark_flame_group(UnparkFlameCollector *c, const char *text) {
  gpointer id;
  if (!text || !*text)
    text = _("(none)");
  if (g_hash_table_lookup_extended(c->input->group_ids, text, NULL, &id))
    return GPOINTER_TO_UINT(id);
  char *copy = g_strdup(text);
  guint32 index = c->input->groups->len;
  g_ptr_array_add(c->input->groups, copy);
  g_hash_table_insert(c->input->group_ids, copy, GUINT_TO_POINTER(index));
  return index;
}

guint32 unpark_flame_group_of(UnparkFlameCollector *c, gint64 goroutine, const char *state) {
  const UnparkGoroutine *g;
  switch (c->spec->grouping) {
  case UNPARK_FLAME_BY_STATE:
    return unpark_flame_group(c, state);
  case UNPARK_FLAME_BY_ENTRY:
    g = unpark_store_goroutine(c->store, goroutine);
    return unpark_flame_group(c, g ? unpark_store_string(c->store, g->name_id) : "");
  case UNPARK_FLAME_BY_GOROUTINE: {
    g_autofree char *text = NULL;
    g = unpark_store_goroutine(c->store, goroutine);
    text = g ? g_strdup_printf("G %" G_GINT64_FORMAT " %s", goroutine,
                               unpark_store_string(c->store, g->name_id))
             : g_strdup(_("(no goroutine)"));
    return unpark_flame_group(c, text);
  }
  default:
    return 0;
  }
}

/* ---- Inputs -------------------------------------------------------------------------------- */

void unpark_flame_input_free(UnparkFlameInput *input) {
  for (guint i = 0; i < G_N_ELEMENTS(input->owned); i++)
    g_free(input->owned[i]);
  g_array_unref(input->entries);
  g_hash_table_unref(input->group_ids);
  g_ptr_array_unref(input->groups);
  g_free(input->unit);
  g_free(input->title);
  g_free(input);
}

static UnparkFlameInput *input_new(UnparkStore *store, const UnparkStacks *stacks) {
  UnparkFlameInput *input = g_new0(UnparkFlameInput, 1);
  input->store = store;
  input->n_nodes = stacks->n_nodes;
  input->n_frames = stacks->n_frames;
  input->node_parent = stacks->node_parent;
  input->node_frame = stacks->node_frame;
  input->frames = stacks->frames;
  input->entries = g_array_new(FALSE, FALSE, sizeof(UnparkFlameEntry));
  input->groups = g_ptr_array_new_with_free_func(g_free);
  input->group_ids = g_hash_table_new(g_str_hash, g_str_equal);
  g_ptr_array_add(input->groups, NULL);
  return input;
}

static gboolean run(UnparkFlameCollector *c) {
  switch (c->spec->source.kind) {
  case UNPARK_FLAME_OFF_CPU:
  case UNPARK_FLAME_SCHED:
  case UNPARK_FLAME_WAKER:
    return unpark_flame_collect_spans(c);
  case UNPARK_FLAME_SAMPLES:
    return unpark_flame_collect_samples(c);
  case UNPARK_FLAME_REGIONS:
    return unpark_flame_collect_regions(c);
  default:
    return unpark_flame_collect_rows(c);
  }
}

UnparkFlameInput *unpark_flame_collect(UnparkStore *store, const UnparkFlameSpec *spec,
                                       GCancellable *cancellable, GError **error) {
  UnparkFlameCollector c = {.store = store,
                            .spec = spec,
                            .cancellable = cancellable,
                            .error = error,
                            .compact_at = COMPACT_AT,
                            .trace_start_ns = unpark_store_source(store)->start_ns,
                            .trace_end_ns = unpark_store_source(store)->end_ns};
  gboolean ok;
  c.stacks = unpark_store_stacks(store, error);
  if (!c.stacks)
    return NULL;
  c.input = input_new(store, c.stacks);
  if (spec->source.kind != UNPARK_FLAME_REGIONS)
    c.dense = g_new0(UnparkFlameSum, (gsize)c.stacks->n_nodes + 1);
  ok = unpark_flame_scope_begin(&c) && run(&c);
  if (ok) {
    spill_dense(&c);
    compact(&c);
  }
  g_free(c.dense);
  g_clear_pointer(&c.intervals, g_hash_table_unref);
  if (ok)
    return c.input;
  unpark_flame_input_free(c.input);
  return NULL;
}
