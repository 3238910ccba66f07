/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings and stacks, loaded at first use. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/printable.h"
#include "model/store/private.h"

/* One allocation: the pointers, then the texts. */
static char **unpack_strings(const guint8 *bytes, gsize size, guint count) {
  const guint8 *p = bytes, *end = bytes + size;
  char **texts = g_malloc(count * sizeof(char *) + size + count);
  char *at = (char *)(texts + count);
  for (guint i = 0; i < count; i++) {
    guint64 len;
    if (!unpark_get_varint(&p, end, &len) || len > (guint64)(end - p)) {
      g_free(texts);
      return NULL;
    }
    memcpy(at, p, len);
    unpark_printable_clean(at, len);
    at[len] = '\0';
    texts[i] = at;
    at += len + 1;
    p += len;
  }
  return texts;
}

static gint find_block(const UnparkBlockList *list, gint64 id) {
  guint low = 0, high = list->n;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (list->blocks[middle].lane_max < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < list->n && list->blocks[low].lane_min <= id ? (gint)low : -1;
}

/* The texts of a block, decoded at first use; the lock is held. */
static char **load_strings(UnparkStore *store, const UnparkBlockInfo *info, gint block) {
  char **texts = store->strings[block];
  gsize size;
  if (texts)
    return texts;
  g_autofree guint8 *bytes = unpark_blocks_bytes(store->blocks, info, &size, NULL);
  texts = bytes ? unpack_strings(bytes, size, info->count) : NULL;
  if (!texts) { /* a damaged block: its texts are empty, what needs them goes on */
    texts = g_new(char *, info->count + 1);
    for (guint i = 0; i < info->count; i++)
      texts[i] = (char *)"";
  }
  g_atomic_pointer_set(&store->strings[block], texts);
  return texts;
}

static const char *string_of(UnparkStore *store, guint32 id, gboolean locked) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_STRING);
  gint block = id ? find_block(list, id) : -1;
  if (block < 0)
    return "";
  const UnparkBlockInfo *info = &list->blocks[block];
  char **texts = g_atomic_pointer_get(&store->strings[block]);
  if (!texts && locked) {
    texts = load_strings(store, info, block);
  } else if (!texts) {
    g_mutex_lock(&store->lock);
    texts = load_strings(store, info, block);
    g_mutex_unlock(&store->lock);
  }
  return texts[(gint64)id - info->lane_min]; /* the index has been checked */
}

const char *unpark_store_string(UnparkStore *store, guint32 id) {
  return string_of(store, id, FALSE);
}

const char *unpark_store_string_locked(UnparkStore *store, guint32 id) {
  return string_of(store, id, TRUE);
}

/* A column of a numbered fact as an array by number - 1. It grows with what is really there. */
static guint32 *load_column(UnparkStore *store, UnparkFact fact, guint column, guint *n,
                            GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, fact);
  g_autoptr(GArray) values = g_array_sized_new(FALSE, FALSE, sizeof(guint32), 1);
  for (guint b = 0; b < list->n; b++) {
    guint at = values->len;
    g_autoptr(UnparkDecoded) d =
        unpark_blocks_get(store->blocks, fact, &list->blocks[b], 1u << column, error);
    if (!d)
      return NULL;
    g_array_set_size(values, at + d->n);
    guint32 *row = &g_array_index(values, guint32, at);
    for (guint i = 0; i < d->n; i++)
      row[i] = (guint32)d->columns[column][i];
  }
  *n = values->len;
  return (guint32 *)g_array_free(g_steal_pointer(&values), FALSE);
}

static gint64 *load_frames(UnparkStore *store, guint *n, GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_FRAME);
  g_autoptr(GArray) frames = g_array_sized_new(FALSE, FALSE, sizeof(gint64[4]), 1);
  for (guint b = 0; b < list->n; b++) {
    guint at = frames->len;
    g_autoptr(UnparkDecoded) d = unpark_blocks_get(store->blocks, UNPARK_FACT_FRAME,
                                                   &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return NULL;
    g_array_set_size(frames, at + d->n);
    gint64 *row = (gint64 *)frames->data + (gsize)at * 4;
    for (guint i = 0; i < d->n; i++, row += 4)
      for (guint c = 0; c < 4; c++)
        row[c] = d->columns[c][i];
  }
  *n = frames->len;
  return (gint64 *)g_array_free(g_steal_pointer(&frames), FALSE);
}

/* Parents come before their children and frames exist, or the tree is not walked. */
static gboolean check_stacks(const UnparkStacks *s) {
  for (guint i = 0; i < s->n_nodes; i++)
    if (s->node_parent[i] > i || s->node_frame[i] > s->n_frames)
      return FALSE;
  for (guint i = 0; i < s->n_stacks; i++)
    if (s->stack_node[i] > s->n_nodes)
      return FALSE;
  return TRUE;
}

static UnparkStacks *load_stacks(UnparkStore *store, GError **error) {
  UnparkStacks *s = g_new0(UnparkStacks, 1);
  if ((s->stack_node = load_column(store, UNPARK_FACT_STACK, 0, &s->n_stacks, error)) &&
      (s->node_parent = load_column(store, UNPARK_FACT_NODE, 0, &s->n_nodes, error)) &&
      (s->node_frame = load_column(store, UNPARK_FACT_NODE, 1, &s->n_nodes, error)) &&
      (s->node_depth = load_column(store, UNPARK_FACT_NODE, 2, &s->n_nodes, error)) &&
      (s->frames = load_frames(store, &s->n_frames, error))) {
    if (check_stacks(s))
      return s;
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, _("The stacks of “%s” are damaged."),
                store->path);
  }
  g_free(s->stack_node);
  g_free(s->node_parent);
  g_free(s->node_frame);
  g_free(s->node_depth);
  g_free(s->frames);
  g_free(s);
  return NULL;
}

const UnparkStacks *unpark_store_stacks(UnparkStore *store, GError **error) {
  g_mutex_lock(&store->lock);
  if (!store->stacks)
    store->stacks = load_stacks(store, error);
  const UnparkStacks *stacks = store->stacks;
  g_mutex_unlock(&store->lock);
  return stacks;
}

UnparkFrame *unpark_store_stack(UnparkStore *store, guint32 stack, guint limit, guint *n) {
  const UnparkStacks *s = stack ? unpark_store_stacks(store, NULL) : NULL;
  *n = 0;
  if (!s || stack > s->n_stacks)
    return NULL;
  guint32 node = s->stack_node[stack - 1];
  GArray *frames = g_array_new(FALSE, TRUE, sizeof(UnparkFrame));
  for (; node && (limit == 0 || frames->len < limit); node = s->node_parent[node - 1]) {
    const gint64 *row = s->frames + ((gsize)MAX(s->node_frame[node - 1], 1) - 1) * 4;
    UnparkFrame frame = {.function_id = (guint32)row[0],
                         .file_id = (guint32)row[1],
                         .line = (guint32)row[2],
                         .inlined = row[3] != 0};
    frame.function = unpark_store_string(store, frame.function_id);
    frame.file = unpark_store_string(store, frame.file_id);
    g_array_append_val(frames, frame);
  }
  *n = frames->len;
  return (UnparkFrame *)g_array_free(frames, FALSE);
}
