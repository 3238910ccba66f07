/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/parquet/private.h"

static guint slice_hash(gconstpointer data) {
  const UnparkParquetSlice *slice = data;
  guint64 h = G_GUINT64_CONSTANT(14695981039346656037); /* FNV-1a */

  for (gsize i = 0; i < slice->size; i++)
    h = (h ^ (guint8)slice->text[i]) * G_GUINT64_CONSTANT(1099511628211);
  return (guint)(h ^ h >> 32);
}

static gboolean slice_equal(gconstpointer a, gconstpointer b) {
  const UnparkParquetSlice *x = a, *y = b;

  return x->size == y->size && (x->size == 0 || memcmp(x->text, y->text, x->size) == 0);
}

void unpark_parquet_buffer_init(UnparkParquetBuffer *b, const UnparkParquetColumn *column) {
  memset(b, 0, sizeof *b);
  b->name = g_strdup(column->name);
  b->type = column->type;
  if (!unpark_parquet_is_text(b->type))
    return;
  b->codes = g_hash_table_new(slice_hash, slice_equal);
  b->slices = g_ptr_array_new_with_free_func(g_free);
  b->bytes = g_string_chunk_new(64 * 1024);
}

void unpark_parquet_buffer_clear(UnparkParquetBuffer *b) {
  g_clear_pointer(&b->name, g_free);
  g_clear_pointer(&b->values, g_free);
  g_clear_pointer(&b->present, g_free);
  g_clear_pointer(&b->codes, g_hash_table_unref);
  g_clear_pointer(&b->slices, g_ptr_array_unref);
  g_clear_pointer(&b->bytes, g_string_chunk_free);
}

void unpark_parquet_buffer_reset(UnparkParquetBuffer *b) {
  b->n_rows = b->n_values = 0;
  b->n_bytes = 0;
  if (!b->codes)
    return;
  g_hash_table_remove_all(b->codes);
  g_ptr_array_set_size(b->slices, 0);
  g_string_chunk_clear(b->bytes);
}

void unpark_parquet_buffer_reserve(UnparkParquetBuffer *b, guint n) {
  if (b->size - b->n_rows >= n)
    return;
  b->size = MAX(MAX(b->size * 2, b->n_rows + n), 1024);
  b->values = g_renew(gint64, b->values, b->size);
  b->present = g_renew(guint8, b->present, b->size);
}

gint64 unpark_parquet_buffer_code(UnparkParquetBuffer *b, const char *text, gsize size) {
  UnparkParquetSlice slice = {text, size};
  gpointer found = g_hash_table_lookup(b->codes, &slice);

  if (found)
    return GPOINTER_TO_UINT(found) - 1;
  UnparkParquetSlice *copy = g_new(UnparkParquetSlice, 1);
  *copy = (UnparkParquetSlice){g_string_chunk_insert_len(b->bytes, text, (gssize)size), size};
  g_ptr_array_add(b->slices, copy);
  g_hash_table_insert(b->codes, copy, GUINT_TO_POINTER(b->slices->len));
  b->n_bytes += size;
  return b->slices->len - 1;
}

UnparkParquetSlice unpark_parquet_buffer_text(const UnparkParquetBuffer *b, gint64 code) {
  UnparkParquetSlice slice = {0};

  if (!b->text)
    return *(const UnparkParquetSlice *)b->slices->pdata[code];
  slice.text = b->text(code, &slice.size, b->text_data);
  return slice;
}
