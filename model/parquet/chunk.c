/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column of a row group as pages: a dictionary where it helps, then definition levels and values.
 */
#include <math.h>
#include <string.h>

#include "model/base/types.h"
#include "model/parquet/private.h"

/* Of parquet.thrift. */
enum { ENCODING_PLAIN = 0, ENCODING_RLE = 3, ENCODING_RLE_DICTIONARY = 8 };
enum { CODEC_UNCOMPRESSED = 0, CODEC_ZSTD = 6 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2 };

#define PAGE_ROWS ((guint)131072)
#define PAGE_BYTES ((guint)1 << 20)
#define ZSTD_LEVEL 1
/* Columns with less are not compressed. */
#define SMALL_BYTES ((gsize)512)
/* Longer texts are not repeated as least or greatest. */
#define MOST_STATISTIC ((gsize)256)

typedef struct {
  UnparkParquetBuffer *b;
  UnparkParquetWork *work;
  UnparkParquetSink *sink;
  gboolean dictionary, compress;
  guint n_pages;
  gint64 packed, unpacked;
  gint64 dictionary_at, data_at;
} Chunk;

static void append_le32(GByteArray *to, guint32 value) {
  guint32 le = GUINT32_TO_LE(value);

  g_byte_array_append(to, (const guint8 *)&le, 4);
}

static void append_numbers(GByteArray *to, const gint64 *values, guint n) {
  guint at = to->len;

  g_byte_array_set_size(to, at + n * 8);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  if (n > 0)
    memcpy(to->data + at, values, (gsize)n * 8);
#else
  for (guint i = 0; i < n; i++) {
    gint64 le = GINT64_TO_LE(values[i]);
    memcpy(to->data + at + (gsize)i * 8, &le, 8);
  }
#endif
}

/* A text fit for its column: what is not UTF-8 is made so, into *valid. */
static UnparkParquetSlice get_text(const UnparkParquetBuffer *b, gint64 code, char **valid) {
  UnparkParquetSlice slice = unpark_parquet_buffer_text(b, code);

  if (b->type == UNPARK_PARQUET_BYTES || g_utf8_validate_len(slice.text, slice.size, NULL))
    return slice;
  *valid = g_utf8_make_valid(slice.text, (gssize)slice.size);
  return (UnparkParquetSlice){*valid, strlen(*valid)};
}

static void append_text(GByteArray *to, const UnparkParquetBuffer *b, gint64 code) {
  g_autofree char *valid = NULL;
  UnparkParquetSlice slice = get_text(b, code, &valid);

  append_le32(to, (guint32)slice.size);
  g_byte_array_append(to, (const guint8 *)slice.text, (guint)slice.size);
}

static void append_values(GByteArray *to, const UnparkParquetBuffer *b, const gint64 *values,
                          guint n) {
  if (!unpark_parquet_is_text(b->type)) {
    append_numbers(to, values, n);
    return;
  }
  for (guint i = 0; i < n; i++)
    append_text(to, b, values[i]);
}

/* ---- Pages --------------------------------------------------------------------------------- */

/* work->page is the page's content. */
static void write_page(Chunk *c, int type, gint32 n, int encoding) {
  UnparkParquetWork *work = c->work;
  const GByteArray *body = work->page;
  UnparkThrift t;

  if (c->compress) {
    g_byte_array_set_size(work->packed, (guint)ZSTD_compressBound(body->len));
    gsize size = ZSTD_compressCCtx(work->zstd, work->packed->data, work->packed->len, body->data,
                                   body->len, ZSTD_LEVEL);
    if (ZSTD_isError(size))
      g_error("zstd: %s", ZSTD_getErrorName(size)); /* there is room: only memory can be missing */
    g_byte_array_set_size(work->packed, (guint)size);
    body = work->packed;
  }
  g_byte_array_set_size(work->head, 0);
  unpark_thrift_init(&t, work->head);
  unpark_thrift_i32(&t, 1, type);
  unpark_thrift_i32(&t, 2, (gint32)work->page->len);
  unpark_thrift_i32(&t, 3, (gint32)body->len);
  unpark_thrift_struct(&t, type == PAGE_DATA ? 5 : 7);
  unpark_thrift_i32(&t, 1, n);
  unpark_thrift_i32(&t, 2, encoding);
  if (type == PAGE_DATA) {
    unpark_thrift_i32(&t, 3, ENCODING_RLE);
    unpark_thrift_i32(&t, 4, ENCODING_RLE);
  }
  unpark_thrift_end(&t);
  unpark_thrift_end(&t);
  c->unpacked += work->head->len + work->page->len;
  c->packed += work->head->len + body->len;
  unpark_parquet_sink_bytes(c->sink, work->head->data, work->head->len);
  unpark_parquet_sink_bytes(c->sink, body->data, body->len);
}

static void write_dictionary(Chunk *c) {
  UnparkParquetDictionary *d = &c->work->dictionary;

  c->dictionary_at = (gint64)c->sink->at;
  g_byte_array_set_size(c->work->page, 0);
  append_values(c->work->page, c->b, d->keys, d->n);
  write_page(c, PAGE_DICTIONARY, (gint32)d->n, ENCODING_PLAIN);
}

/* Which of the rows are NULL. */
static void append_levels(Chunk *c, guint row, guint n) {
  UnparkParquetWork *work = c->work;
  guint at = work->page->len;

  if (work->levels_size < n) {
    g_free(work->levels);
    work->levels_size = MAX(n, PAGE_ROWS);
    work->levels = g_new(guint32, work->levels_size);
  }
  for (guint i = 0; i < n; i++)
    work->levels[i] = c->b->present[row + i];
  append_le32(work->page, 0);
  unpark_hybrid_append(work->page, work->levels, n, 1);
  guint32 size = GUINT32_TO_LE(work->page->len - at - 4);
  memcpy(work->page->data + at, &size, 4);
}

/* Rows from `row` on that fit a page, and their values. */
static guint page_rows(const Chunk *c, guint row, guint value, guint *n_values) {
  const UnparkParquetBuffer *b = c->b;
  gboolean texts = unpark_parquet_is_text(b->type) && !c->dictionary;
  gsize size = 0;
  guint n = 0;

  *n_values = 0;
  for (; n < PAGE_ROWS && row + n < b->n_rows; n++) {
    if (!b->present[row + n])
      continue;
    if (texts) {
      size += 4 + unpark_parquet_buffer_text(b, b->values[value + *n_values]).size;
      if (size > PAGE_BYTES && *n_values > 0)
        break;
    }
    (*n_values)++;
  }
  return n;
}

static void write_data(Chunk *c) {
  UnparkParquetDictionary *d = &c->work->dictionary;
  GByteArray *page = c->work->page;
  guint8 width = (guint8)unpark_hybrid_width(c->dictionary ? d->n - 1 : 0);
  guint n_values;

  c->data_at = (gint64)c->sink->at;
  for (guint row = 0, value = 0, n; row < c->b->n_rows; row += n, value += n_values) {
    n = page_rows(c, row, value, &n_values);
    g_byte_array_set_size(page, 0);
    append_levels(c, row, n);
    if (c->dictionary) {
      g_byte_array_append(page, &width, 1);
      unpark_hybrid_append(page, d->index + value, n_values, width);
    } else {
      append_values(page, c->b, c->b->values + value, n_values);
    }
    write_page(c, PAGE_DATA, (gint32)n, c->dictionary ? ENCODING_RLE_DICTIONARY : ENCODING_PLAIN);
    c->n_pages++;
  }
}

/* ---- Statistics -------------------------------------------------------------------------------
 */

static int compare_slices(const UnparkParquetSlice *a, const UnparkParquetSlice *b) {
  gsize both = MIN(a->size, b->size);
  int order = both > 0 ? memcmp(a->text, b->text, both) : 0; /* an empty one may have no address */

  return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* Least and greatest as bytes; FALSE: they are left out. */
static gboolean bounds_of_texts(const UnparkParquetBuffer *b, const gint64 *codes, guint n,
                                GByteArray *least, GByteArray *most) {
  for (guint i = 0; i < n; i++) {
    g_autofree char *valid = NULL;
    UnparkParquetSlice text = get_text(b, codes[i], &valid);
    UnparkParquetSlice low = {(const char *)least->data, least->len};
    UnparkParquetSlice high = {(const char *)most->data, most->len};

    if (text.size > MOST_STATISTIC)
      return FALSE;
    if (i == 0 || compare_slices(&text, &low) < 0) {
      g_byte_array_set_size(least, 0);
      g_byte_array_append(least, (const guint8 *)text.text, (guint)text.size);
    }
    if (i == 0 || compare_slices(&text, &high) > 0) {
      g_byte_array_set_size(most, 0);
      g_byte_array_append(most, (const guint8 *)text.text, (guint)text.size);
    }
  }
  return n > 0;
}

/* Where a NaN is, nothing is least or greatest; 0 and -0 are each the other's neighbour. */
static gboolean bounds_of_reals(const gint64 *values, guint n, GByteArray *least,
                                GByteArray *most) {
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < n; i++) {
    double value;

    memcpy(&value, &values[i], sizeof value);
    if (isnan(value))
      return FALSE;
    low = MIN(low, value);
    high = MAX(high, value);
  }
  if (fpclassify(low) == FP_ZERO)
    low = -0.0;
  if (fpclassify(high) == FP_ZERO)
    high = 0.0;
  gint64 bits[2];
  memcpy(&bits[0], &low, 8);
  memcpy(&bits[1], &high, 8);
  append_numbers(least, &bits[0], 1);
  append_numbers(most, &bits[1], 1);
  return n > 0;
}

static gboolean bounds_of_ints(const gint64 *values, guint n, GByteArray *least, GByteArray *most) {
  gint64 low = G_MAXINT64, high = G_MININT64;

  for (guint i = 0; i < n; i++) {
    low = MIN(low, values[i]);
    high = MAX(high, values[i]);
  }
  append_numbers(least, &low, 1);
  append_numbers(most, &high, 1);
  return n > 0;
}

static void put_statistics(const Chunk *c, UnparkThrift *t) {
  const UnparkParquetDictionary *d = &c->work->dictionary;
  const gint64 *values = c->dictionary ? d->keys : c->b->values;
  guint n = c->dictionary ? d->n : c->b->n_values;
  g_autoptr(GByteArray) least = g_byte_array_new();
  g_autoptr(GByteArray) most = g_byte_array_new();
  gboolean known;

  if (unpark_parquet_is_text(c->b->type))
    known = bounds_of_texts(c->b, values, n, least, most);
  else if (c->b->type == UNPARK_PARQUET_REAL)
    known = bounds_of_reals(values, n, least, most);
  else
    known = bounds_of_ints(values, n, least, most);
  unpark_thrift_struct(t, 12);
  unpark_thrift_i64(t, 3, c->b->n_rows - c->b->n_values);
  if (known) {
    unpark_thrift_binary(t, 5, most->data, most->len);
    unpark_thrift_binary(t, 6, least->data, least->len);
    unpark_thrift_bool(t, 7, TRUE);
    unpark_thrift_bool(t, 8, TRUE);
  }
  unpark_thrift_end(t);
}

/* ---- The chunk's metadata
 * ------------------------------------------------------------------------ */

static void put_chunk(const Chunk *c, UnparkThrift *t) {
  unpark_thrift_item_struct(t);
  unpark_thrift_i64(t, 2, c->dictionary ? c->dictionary_at : c->data_at);
  unpark_thrift_struct(t, 3);
  unpark_thrift_i32(t, 1, unpark_parquet_physical_type(c->b->type));
  unpark_thrift_list(t, 2, UNPARK_THRIFT_I32, c->dictionary ? 3 : 2);
  unpark_thrift_item_i32(t, ENCODING_PLAIN);
  unpark_thrift_item_i32(t, ENCODING_RLE);
  if (c->dictionary)
    unpark_thrift_item_i32(t, ENCODING_RLE_DICTIONARY);
  unpark_thrift_list(t, 3, UNPARK_THRIFT_BINARY, 1);
  unpark_thrift_item_text(t, c->b->name);
  unpark_thrift_i32(t, 4, c->compress ? CODEC_ZSTD : CODEC_UNCOMPRESSED);
  unpark_thrift_i64(t, 5, c->b->n_rows);
  unpark_thrift_i64(t, 6, c->unpacked);
  unpark_thrift_i64(t, 7, c->packed);
  unpark_thrift_i64(t, 9, c->data_at);
  if (c->dictionary)
    unpark_thrift_i64(t, 11, c->dictionary_at);
  put_statistics(c, t);
  unpark_thrift_end(t);
  unpark_thrift_end(t);
}

/* What the pages take without compression, about. */
static gsize raw_size(const Chunk *c) {
  const UnparkParquetDictionary *d = &c->work->dictionary;

  if (c->dictionary)
    return (gsize)d->n * 8 + (gsize)c->b->n_values * unpark_hybrid_width(d->n - 1) / 8;
  return (gsize)c->b->n_values * 8;
}

void unpark_parquet_chunk_write(UnparkParquetBuffer *b, UnparkParquetWork *work,
                                UnparkParquetSink *sink, UnparkThrift *t, gint64 *packed,
                                gint64 *unpacked) {
  Chunk c = {.b = b, .work = work, .sink = sink};

  c.dictionary = unpark_parquet_dictionary_build(&work->dictionary, b);
  c.compress = raw_size(&c) >= SMALL_BYTES;
  if (c.dictionary)
    write_dictionary(&c);
  write_data(&c);
  put_chunk(&c, t);
  *packed += c.packed;
  *unpacked += c.unpacked;
}
