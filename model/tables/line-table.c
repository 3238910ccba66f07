/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/line-table.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/tables/profile-table-private.h"

#define NO_ROW G_MAXUINT32

typedef struct {
  guint32 function, file, line; /* ids of strings */
} Key;

static guint key_hash(gconstpointer key) {
  const Key *k = key;
  return (k->function * 31u + k->file) * 31u + k->line;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(Key)) == 0;
}

typedef struct {
  const UnparkProfileTree *tree;
  UnparkLinesBy by;
  UnparkLineWanted wanted;
  gpointer data;
  guint32 *frame_row; /* by frame - 1; NO_ROW: not wanted */
  GArray *rows;       /* UnparkLineRow */
} Lines;

/* Rows for the frames that are wanted, without values. */
static gboolean make_rows(Lines *lines, GCancellable *cancellable, GError **error) {
  const UnparkStacks *s = lines->tree->stacks;
  g_autoptr(GHashTable) by_key = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
  for (guint i = 0; i < s->n_frames; i++) {
    const gint64 *frame = s->frames + (gsize)i * 4;
    guint32 function = (guint32)frame[0];
    Key key = {lines->by == UNPARK_LINES_BY_FILE ? 0 : function, (guint32)frame[1],
               (guint32)frame[2]};
    gpointer found;
    if (unpark_profile_stop(i, cancellable, error))
      return FALSE;
    lines->frame_row[i] = NO_ROW;
    if (g_hash_table_lookup_extended(by_key, &key, NULL, &found)) {
      lines->frame_row[i] = GPOINTER_TO_UINT(found);
      continue;
    }
    UnparkLineRow row = {.function = unpark_store_string(lines->tree->store, function),
                         .file = unpark_store_string(lines->tree->store, key.file),
                         .line = key.line};
    if (!lines->wanted(row.function, row.file, lines->data))
      continue;
    lines->frame_row[i] = lines->rows->len;
    g_hash_table_insert(by_key, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(lines->rows->len));
    g_array_append_val(lines->rows, row);
  }
  return TRUE;
}

static guint32 row_of(const Lines *lines, guint32 node) {
  guint32 frame = lines->tree->stacks->node_frame[node - 1];
  return frame > 0 ? lines->frame_row[frame - 1] : NO_ROW;
}

/* Depth first, with what is on the way: a line that calls itself counts once. */
static gboolean fill_rows(Lines *lines, GCancellable *cancellable, GError **error) {
  const UnparkProfileTree *tree = lines->tree;
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autofree guint32 *on_path = g_new0(guint32, (gsize)lines->rows->len + 1);
  for (guint i = 0; i < tree->n_order; i++) {
    guint32 node = tree->order[i], parent = tree->stacks->node_parent[node - 1];
    guint32 row = row_of(lines, node);
    if (unpark_profile_stop(i, cancellable, error))
      return FALSE;
    while (path->len > 0 && g_array_index(path, guint32, path->len - 1) != parent) {
      guint32 left = row_of(lines, g_array_index(path, guint32, path->len - 1));
      if (left != NO_ROW)
        on_path[left]--;
      g_array_set_size(path, path->len - 1);
    }
    g_array_append_val(path, node);
    if (row == NO_ROW)
      continue;
    UnparkLineRow *r = &g_array_index(lines->rows, UnparkLineRow, row);
    r->flat = unpark_time_add(r->flat, tree->self[node - 1]);
    if (on_path[row]++ == 0)
      r->cumulative = unpark_time_add(r->cumulative, tree->sum[node - 1]);
  }
  return TRUE;
}

static int compare_lines(const void *a, const void *b) {
  const UnparkLineRow *x = a, *y = b;
  int files = strcmp(x->file, y->file);
  return files != 0 ? files : (x->line > y->line) - (x->line < y->line);
}

static int compare_functions(const void *a, const void *b) {
  const UnparkLineRow *x = a, *y = b;
  int files = strcmp(x->file, y->file), functions = strcmp(x->function, y->function);
  return files != 0 ? files : functions != 0 ? functions : compare_lines(a, b);
}

UnparkLineTable *unpark_line_table_new(UnparkProfileTable *table, UnparkLinesBy by,
                                       UnparkLineWanted wanted, gpointer data,
                                       GCancellable *cancellable, GError **error) {
  const UnparkProfileTree *tree = table->tree;
  g_autofree guint32 *frame_row = g_new(guint32, (gsize)tree->stacks->n_frames + 1);
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(UnparkLineRow));
  Lines lines = {tree, by, wanted, data, frame_row, rows};
  if (!make_rows(&lines, cancellable, error) || !fill_rows(&lines, cancellable, error))
    return NULL;
  UnparkLineTable *result = g_new0(UnparkLineTable, 1);
  result->table = unpark_profile_table_ref(table);
  result->rows = g_new(UnparkLineRow, (gsize)rows->len + 1);
  for (guint i = 0; i < rows->len; i++) {
    const UnparkLineRow *row = &g_array_index(rows, UnparkLineRow, i);
    if (row->flat != 0 || row->cumulative != 0)
      result->rows[result->n_rows++] = *row;
  }
  if (result->n_rows > 1)
    qsort(result->rows, result->n_rows, sizeof *result->rows,
          by == UNPARK_LINES_BY_FILE ? compare_lines : compare_functions);
  return result;
}

void unpark_line_table_free(UnparkLineTable *lines) {
  if (!lines)
    return;
  unpark_profile_table_unref(lines->table);
  g_free(lines->rows);
  g_free(lines);
}
