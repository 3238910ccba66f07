/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/parquet/private.h"

#define TABLE_BITS 16
#define TABLE_SIZE (1u << TABLE_BITS)
/* Of a dictionary of texts. */
#define MOST_BYTES ((gsize)1 << 20)

void unpark_parquet_dictionary_init(UnparkParquetDictionary *d) {
  memset(d, 0, sizeof *d);
  d->keys = g_new(gint64, UNPARK_PARQUET_DICTIONARY_ENTRIES);
  d->table = g_new(guint32, TABLE_SIZE);
}

void unpark_parquet_dictionary_clear(UnparkParquetDictionary *d) {
  g_clear_pointer(&d->keys, g_free);
  g_clear_pointer(&d->table, g_free);
  g_clear_pointer(&d->index, g_free);
}

static guint hash(gint64 key) {
  return (guint)((guint64)key * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) >> (64 - TABLE_BITS));
}

/* The entry of `key`, a new one where there is none. FALSE: there is no more room. */
static gboolean place(UnparkParquetDictionary *d, gint64 key, guint32 *entry) {
  guint at = hash(key);

  for (; d->table[at]; at = (at + 1) % TABLE_SIZE)
    if (d->keys[d->table[at] - 1] == key) {
      *entry = d->table[at] - 1;
      return TRUE;
    }
  if (d->n == UNPARK_PARQUET_DICTIONARY_ENTRIES)
    return FALSE;
  d->keys[d->n] = key;
  *entry = d->n;
  d->table[at] = ++d->n;
  return TRUE;
}

/* Bytes of the entries. */
static gsize entries_size(const UnparkParquetDictionary *d, const UnparkParquetBuffer *b) {
  gsize size = 0;

  if (!unpark_parquet_is_text(b->type))
    return (gsize)d->n * 8;
  for (guint i = 0; i < d->n && size <= MOST_BYTES; i++)
    size += 4 + unpark_parquet_buffer_text(b, d->keys[i]).size;
  return size;
}

gboolean unpark_parquet_dictionary_build(UnparkParquetDictionary *d, const UnparkParquetBuffer *b) {
  gint64 last = 0;
  guint32 entry = 0;

  if (b->n_values == 0)
    return FALSE;
  if (d->index_size < b->n_values) {
    d->index_size = b->size;
    g_free(d->index);
    d->index = g_new(guint32, d->index_size);
  }
  d->n = 0;
  memset(d->table, 0, TABLE_SIZE * sizeof *d->table);
  for (guint i = 0; i < b->n_values; i++) {
    if ((i == 0 || b->values[i] != last) && !place(d, b->values[i], &entry))
      return FALSE;
    last = b->values[i];
    d->index[i] = entry;
  }
  gsize entries = entries_size(d, b);
  gsize indices = (gsize)b->n_values * unpark_hybrid_width(d->n - 1) / 8;
  if (unpark_parquet_is_text(b->type))
    return entries <= MOST_BYTES;
  return entries + indices < (gsize)b->n_values * 8;
}
