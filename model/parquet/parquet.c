/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/parquet/parquet.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "model/base/error.h"
#include "model/base/types.h"
#include "model/parquet/private.h"

#define MAGIC "PAR1"
#define HELD_BYTES ((guint)256 * 1024)
/* Bytes of texts that were copied after which a row group ends. */
#define GROUP_TEXT_BYTES ((gsize)32 << 20)

/* Of parquet.thrift. */
enum { REPEAT_OPTIONAL = 1 };
enum { CONVERTED_UTF8 = 0, CONVERTED_INT_64 = 18 };
enum { LOGICAL_STRING = 1, LOGICAL_TIMESTAMP = 8, LOGICAL_INTEGER = 10 };
enum { UNIT_NANOS = 3 };

struct _UnparkParquet {
  UnparkParquetSink sink;
  UnparkParquetWork work;
  UnparkParquetBuffer *columns;
  guint n_columns;
  GPtrArray *notes;      /* key, value, key, value ... */
  GByteArray *groups;    /* RowGroup structs */
  UnparkThrift groups_t; /* writes them */
  guint n_groups;
  guint64 n_rows; /* of finished row groups */
  guint pending;  /* rows of this one */
};

/* ---- Where it goes ------------------------------------------------------------------------- */

static void write_all(UnparkParquetSink *sink, const guint8 *bytes, gsize size) {
  while (size > 0 && !sink->failure) {
    gssize n = write(sink->fd, bytes, size);

    if (n >= 0) {
      bytes += n;
      size -= (gsize)n;
    } else if (errno != EINTR) {
      sink->failure = errno;
    }
  }
}

static void flush(UnparkParquetSink *sink) {
  write_all(sink, sink->held->data, sink->held->len);
  g_byte_array_set_size(sink->held, 0);
}

void unpark_parquet_sink_bytes(UnparkParquetSink *sink, const void *bytes, gsize size) {
  sink->at += size;
  if (size > HELD_BYTES - sink->held->len) {
    flush(sink);
    if (size > HELD_BYTES) {
      write_all(sink, bytes, size);
      return;
    }
  }
  g_byte_array_append(sink->held, bytes, (guint)size);
}

static gboolean is_written(const UnparkParquet *p, GError **error) {
  int code = p->sink.failure;

  if (!code)
    return TRUE;
  if (code == ENOSPC || code == EDQUOT)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE, _("Cannot write the table: %s"),
                g_strerror(code));
  else
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code),
                _("Cannot write the table: %s"), g_strerror(code));
  return FALSE;
}

/* ---- Beginning ------------------------------------------------------------------------------- */

UnparkParquet *unpark_parquet_new(int fd, const UnparkParquetColumn *columns, guint n) {
  UnparkParquet *p = g_new0(UnparkParquet, 1);

  p->sink.fd = fd;
  p->sink.held = g_byte_array_sized_new(HELD_BYTES);
  p->work.zstd = ZSTD_createCCtx();
  if (!p->work.zstd)
    g_error("zstd: out of memory");
  p->work.page = g_byte_array_new();
  p->work.packed = g_byte_array_new();
  p->work.head = g_byte_array_new();
  unpark_parquet_dictionary_init(&p->work.dictionary);
  p->columns = g_new0(UnparkParquetBuffer, n);
  p->n_columns = n;
  for (guint i = 0; i < n; i++)
    unpark_parquet_buffer_init(&p->columns[i], &columns[i]);
  p->notes = g_ptr_array_new_with_free_func(g_free);
  p->groups = g_byte_array_new();
  unpark_thrift_init(&p->groups_t, p->groups);
  unpark_parquet_sink_bytes(&p->sink, MAGIC, 4);
  return p;
}

void unpark_parquet_free(UnparkParquet *p) {
  if (!p)
    return;
  for (guint i = 0; i < p->n_columns; i++)
    unpark_parquet_buffer_clear(&p->columns[i]);
  g_free(p->columns);
  g_byte_array_unref(p->sink.held);
  ZSTD_freeCCtx(p->work.zstd);
  g_byte_array_unref(p->work.page);
  g_byte_array_unref(p->work.packed);
  g_byte_array_unref(p->work.head);
  g_free(p->work.levels);
  unpark_parquet_dictionary_clear(&p->work.dictionary);
  g_ptr_array_unref(p->notes);
  g_byte_array_unref(p->groups);
  g_free(p);
}

void unpark_parquet_note(UnparkParquet *p, const char *key, const char *value) {
  g_ptr_array_add(p->notes, g_utf8_make_valid(key, -1));
  g_ptr_array_add(p->notes, g_utf8_make_valid(value, -1));
}

void unpark_parquet_set_texts(UnparkParquet *p, guint column, UnparkParquetText text,
                              gpointer data) {
  p->columns[column].text = text;
  p->columns[column].text_data = data;
}

/* ---- Values ------------------------------------------------------------------------------------
 */

void unpark_parquet_numbers(UnparkParquet *p, guint column, const gint64 *values, guint n) {
  UnparkParquetBuffer *b = &p->columns[column];
  guint8 *present;
  gint64 *to;

  unpark_parquet_buffer_reserve(b, n);
  present = b->present + b->n_rows;
  to = b->values + b->n_values;
  for (guint i = 0; i < n; i++) {
    present[i] = values[i] != UNPARK_NONE;
    *to = values[i];
    to += present[i];
  }
  b->n_rows += n;
  b->n_values = (guint)(to - b->values);
}

void unpark_parquet_null(UnparkParquet *p, guint column) {
  UnparkParquetBuffer *b = &p->columns[column];

  unpark_parquet_buffer_reserve(b, 1);
  b->present[b->n_rows++] = FALSE;
}

void unpark_parquet_number(UnparkParquet *p, guint column, gint64 value) {
  UnparkParquetBuffer *b = &p->columns[column];

  unpark_parquet_buffer_reserve(b, 1);
  b->present[b->n_rows++] = TRUE;
  b->values[b->n_values++] = value;
}

void unpark_parquet_real(UnparkParquet *p, guint column, double value) {
  gint64 bits;

  memcpy(&bits, &value, sizeof bits);
  unpark_parquet_number(p, column, bits);
}

void unpark_parquet_text(UnparkParquet *p, guint column, const char *text, gsize size) {
  UnparkParquetBuffer *b = &p->columns[column];

  g_return_if_fail(b->codes && !b->text);
  unpark_parquet_number(p, column, unpark_parquet_buffer_code(b, text, size));
}

/* ---- Row groups ---------------------------------------------------------------------------------
 */

static void write_group(UnparkParquet *p) {
  UnparkThrift *t = &p->groups_t;
  gint64 packed = 0, unpacked = 0, at = (gint64)p->sink.at;

  unpark_thrift_item_struct(t);
  unpark_thrift_list(t, 1, UNPARK_THRIFT_STRUCT, p->n_columns);
  for (guint i = 0; i < p->n_columns; i++) {
    unpark_parquet_chunk_write(&p->columns[i], &p->work, &p->sink, t, &packed, &unpacked);
    unpark_parquet_buffer_reset(&p->columns[i]);
  }
  unpark_thrift_i64(t, 2, unpacked);
  unpark_thrift_i64(t, 3, p->pending);
  unpark_thrift_i64(t, 5, at);
  unpark_thrift_i64(t, 6, packed);
  unpark_thrift_end(t);
  p->n_groups++;
  p->n_rows += p->pending;
  p->pending = 0;
}

gboolean unpark_parquet_rows(UnparkParquet *p, guint n, GError **error) {
  gsize texts = 0;

  p->pending += n;
  for (guint i = 0; i < p->n_columns; i++) {
    g_return_val_if_fail(p->columns[i].n_rows == p->pending, FALSE);
    texts += p->columns[i].n_bytes;
  }
  if (p->pending >= UNPARK_PARQUET_GROUP_ROWS || texts >= GROUP_TEXT_BYTES)
    write_group(p);
  return is_written(p, error);
}

/* ---- The footer
 * ------------------------------------------------------------------------------------ */

static void put_logical_type(UnparkThrift *t, UnparkParquetType type) {
  switch (type) {
  case UNPARK_PARQUET_INT:
    unpark_thrift_struct(t, 10);
    unpark_thrift_struct(t, LOGICAL_INTEGER);
    unpark_thrift_byte(t, 1, 64);
    unpark_thrift_bool(t, 2, TRUE);
    break;
  case UNPARK_PARQUET_TIME:
    unpark_thrift_struct(t, 10);
    unpark_thrift_struct(t, LOGICAL_TIMESTAMP);
    unpark_thrift_bool(t, 1, TRUE);
    unpark_thrift_struct(t, 2);
    unpark_thrift_struct(t, UNIT_NANOS);
    unpark_thrift_end(t);
    unpark_thrift_end(t);
    break;
  case UNPARK_PARQUET_TEXT:
    unpark_thrift_struct(t, 10);
    unpark_thrift_struct(t, LOGICAL_STRING);
    break;
  case UNPARK_PARQUET_REAL:
  case UNPARK_PARQUET_BYTES:
    return;
  }
  unpark_thrift_end(t);
  unpark_thrift_end(t);
}

static void put_schema(UnparkParquet *p, UnparkThrift *t) {
  unpark_thrift_list(t, 2, UNPARK_THRIFT_STRUCT, p->n_columns + 1);
  unpark_thrift_item_struct(t);
  unpark_thrift_text(t, 4, "schema");
  unpark_thrift_i32(t, 5, (gint32)p->n_columns);
  unpark_thrift_end(t);
  for (guint i = 0; i < p->n_columns; i++) {
    UnparkParquetType type = p->columns[i].type;

    unpark_thrift_item_struct(t);
    unpark_thrift_i32(t, 1, unpark_parquet_physical_type(type));
    unpark_thrift_i32(t, 3, REPEAT_OPTIONAL);
    unpark_thrift_text(t, 4, p->columns[i].name);
    if (type == UNPARK_PARQUET_TEXT)
      unpark_thrift_i32(t, 6, CONVERTED_UTF8);
    else if (type == UNPARK_PARQUET_INT)
      unpark_thrift_i32(t, 6, CONVERTED_INT_64);
    put_logical_type(t, type);
    unpark_thrift_end(t);
  }
}

static void put_notes(UnparkParquet *p, UnparkThrift *t) {
  if (p->notes->len == 0)
    return;
  unpark_thrift_list(t, 5, UNPARK_THRIFT_STRUCT, p->notes->len / 2);
  for (guint i = 0; i < p->notes->len; i += 2) {
    unpark_thrift_item_struct(t);
    unpark_thrift_text(t, 1, p->notes->pdata[i]);
    unpark_thrift_text(t, 2, p->notes->pdata[i + 1]);
    unpark_thrift_end(t);
  }
}

gboolean unpark_parquet_finish(UnparkParquet *p, GError **error) {
  g_autoptr(GByteArray) footer = g_byte_array_new();
  UnparkThrift t;
  guint32 size;

  if (p->pending > 0)
    write_group(p);
  unpark_thrift_init(&t, footer);
  unpark_thrift_i32(&t, 1, 2);
  put_schema(p, &t);
  unpark_thrift_i64(&t, 3, (gint64)p->n_rows);
  unpark_thrift_list(&t, 4, UNPARK_THRIFT_STRUCT, p->n_groups);
  g_byte_array_append(footer, p->groups->data, p->groups->len);
  put_notes(p, &t);
  /* "unpark version X (build Y)" is the form that readers know to take apart. */
  unpark_thrift_text(&t, 6, "unpark version " UNPARK_VERSION " (build " UNPARK_VERSION ")");
  /* Without an order readers do not trust least and greatest. */
  unpark_thrift_list(&t, 7, UNPARK_THRIFT_STRUCT, p->n_columns);
  for (guint i = 0; i < p->n_columns; i++) {
    unpark_thrift_item_struct(&t);
    unpark_thrift_struct(&t, 1);
    unpark_thrift_end(&t);
    unpark_thrift_end(&t);
  }
  unpark_thrift_end(&t);
  unpark_parquet_sink_bytes(&p->sink, footer->data, footer->len);
  size = GUINT32_TO_LE(footer->len);
  unpark_parquet_sink_bytes(&p->sink, &size, 4);
  unpark_parquet_sink_bytes(&p->sink, MAGIC, 4);
  flush(&p->sink);
  return is_written(p, error);
}

guint64 unpark_parquet_n_rows(const UnparkParquet *p) {
  return p->n_rows + p->pending;
}
