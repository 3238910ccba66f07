/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the Parquet writer share. */
#pragma once

#include <zstd.h>

#include "model/parquet/parquet.h"

/* ---- Thrift's compact protocol (thrift.apache.org, "Thrift Compact protocol encoding") ----------
 */

#define UNPARK_THRIFT_DEPTH 8

typedef enum {
  UNPARK_THRIFT_I32 = 5,
  UNPARK_THRIFT_BINARY = 8,
  UNPARK_THRIFT_STRUCT = 12,
} UnparkThriftType;

typedef struct {
  GByteArray *out;
  gint16 last[UNPARK_THRIFT_DEPTH]; /* the last field of each struct that is open */
  guint depth;
} UnparkThrift;

/* The outermost struct is open. `out` is the caller's. */
void unpark_thrift_init(UnparkThrift *t, GByteArray *out);
/* Ends the innermost struct. */
void unpark_thrift_end(UnparkThrift *t);
void unpark_thrift_bool(UnparkThrift *t, gint16 field, gboolean value);
void unpark_thrift_byte(UnparkThrift *t, gint16 field, gint8 value);
void unpark_thrift_i32(UnparkThrift *t, gint16 field, gint32 value);
void unpark_thrift_i64(UnparkThrift *t, gint16 field, gint64 value);
void unpark_thrift_binary(UnparkThrift *t, gint16 field, const void *bytes, gsize size);
void unpark_thrift_text(UnparkThrift *t, gint16 field, const char *text);
/* A struct as a field; unpark_thrift_end() ends it. */
void unpark_thrift_struct(UnparkThrift *t, gint16 field);
/* A list of `n`; its elements follow. */
void unpark_thrift_list(UnparkThrift *t, gint16 field, UnparkThriftType of, guint n);
/* Elements. */
void unpark_thrift_item_i32(UnparkThrift *t, gint32 value);
void unpark_thrift_item_text(UnparkThrift *t, const char *text);
void unpark_thrift_item_struct(UnparkThrift *t);
/* Seven bits a byte, as Parquet has its numbers of few bits, too. */
void unpark_thrift_varint(GByteArray *out, guint64 value);

/* ---- Numbers of few bits: runs and packed groups of eight
 * ----------------------------------------
 */

/* Bits that hold all of 0 to `largest`. */
guint unpark_hybrid_width(guint32 largest);
void unpark_hybrid_append(GByteArray *to, const guint32 *values, guint n, guint width);

/* ---- A column of the row group
 * ---------------------------------------------------------------------
 */

typedef struct {
  const char *text;
  gsize size;
} UnparkParquetSlice;

typedef struct {
  char *name;
  UnparkParquetType type;
  guint n_rows, n_values, size; /* rows; of them not NULL; room in the arrays */
  gint64 *values;               /* those that are not NULL: numbers, bits of a double, codes */
  guint8 *present;              /* by row */
  UnparkParquetText text;       /* NULL: the texts are our own */
  gpointer text_data;
  GHashTable *codes;   /* UnparkParquetSlice -> code + 1, of our own texts */
  GPtrArray *slices;   /* by code */
  GStringChunk *bytes; /* their bytes */
  gsize n_bytes;
} UnparkParquetBuffer;

void unpark_parquet_buffer_init(UnparkParquetBuffer *b, const UnparkParquetColumn *column);
void unpark_parquet_buffer_clear(UnparkParquetBuffer *b);
/* Forgets the rows: the row group is written. */
void unpark_parquet_buffer_reset(UnparkParquetBuffer *b);
/* Room for `n` more rows. */
void unpark_parquet_buffer_reserve(UnparkParquetBuffer *b, guint n);
gint64 unpark_parquet_buffer_code(UnparkParquetBuffer *b, const char *text, gsize size);
UnparkParquetSlice unpark_parquet_buffer_text(const UnparkParquetBuffer *b, gint64 code);

static inline gboolean unpark_parquet_is_text(UnparkParquetType type) {
  return type == UNPARK_PARQUET_TEXT || type == UNPARK_PARQUET_BYTES;
}

/* The Type of parquet.thrift. */
static inline int unpark_parquet_physical_type(UnparkParquetType type) {
  enum { INT64 = 2, DOUBLE = 5, BYTE_ARRAY = 6 };

  if (unpark_parquet_is_text(type))
    return BYTE_ARRAY;
  return type == UNPARK_PARQUET_REAL ? DOUBLE : INT64;
}

/* ---- The dictionary of a column of the row group ------------------------------------------------
 */

#define UNPARK_PARQUET_DICTIONARY_ENTRIES ((guint)32768)

typedef struct {
  gint64 *keys;   /* by entry */
  guint n;        /* entries */
  guint32 *table; /* entry + 1 by hash; 0: free */
  guint32 *index; /* entry by value */
  guint index_size;
} UnparkParquetDictionary;

void unpark_parquet_dictionary_init(UnparkParquetDictionary *d);
void unpark_parquet_dictionary_clear(UnparkParquetDictionary *d);
/* FALSE: the values are better written as they are. */
gboolean unpark_parquet_dictionary_build(UnparkParquetDictionary *d, const UnparkParquetBuffer *b);

/* ---- Where it goes
 * ---------------------------------------------------------------------------------
 */

typedef struct {
  int fd;
  GByteArray *held; /* not yet written */
  guint64 at;       /* bytes given so far */
  int failure;      /* errno of the first failed write; everything after it is dropped */
} UnparkParquetSink;

void unpark_parquet_sink_bytes(UnparkParquetSink *sink, const void *bytes, gsize size);

/* What encoding takes again and again. */
typedef struct {
  ZSTD_CCtx *zstd;
  GByteArray *page, *packed, *head;
  guint32 *levels;
  guint levels_size;
  UnparkParquetDictionary dictionary;
} UnparkParquetWork;

/* Writes the column's pages, and appends its ColumnChunk to `t` as an element of a list. Adds its
 * sizes, with and without compression. */
void unpark_parquet_chunk_write(UnparkParquetBuffer *b, UnparkParquetWork *work,
                                UnparkParquetSink *sink, UnparkThrift *t, gint64 *packed,
                                gint64 *unpacked);
