/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes Parquet: flat tables of numbers and texts, in row groups of a bounded size.
 *
 * The format is that of parquet.thrift of Apache Parquet, version 1 pages: PLAIN and
 * RLE_DICTIONARY, definition levels for NULL, zstd (small columns as they are), least and greatest
 * value and the number of NULLs of every column of a row group. Every column may hold NULL.
 *
 * One thread at a time. Rows are collected column by column; unpark_parquet_rows() ends them, and
 * writes a row group when enough are there. Memory: a row group, whatever the size of the file.
 * A file is whole only after unpark_parquet_finish(): give it its name then.
 */
#pragma once

#include <glib.h>

/* Rows after which a row group is written; one call may add some more. */
#define UNPARK_PARQUET_GROUP_ROWS ((guint)262144)

typedef enum {
  UNPARK_PARQUET_INT,   /* INT64 */
  UNPARK_PARQUET_TIME,  /* INT64, a TIMESTAMP: nanoseconds of Unix time, UTC */
  UNPARK_PARQUET_REAL,  /* DOUBLE */
  UNPARK_PARQUET_TEXT,  /* BYTE_ARRAY, a STRING; what is not UTF-8 becomes U+FFFD */
  UNPARK_PARQUET_BYTES, /* BYTE_ARRAY */
} UnparkParquetType;

typedef struct {
  const char *name; /* UTF-8; no two are equal */
  UnparkParquetType type;
} UnparkParquetColumn;

typedef struct _UnparkParquet UnparkParquet;

/* Writes to `fd` from where it stands, which has to be the beginning of a file; `fd` remains the
 * caller's. The columns are copied. */
UnparkParquet *unpark_parquet_new(int fd, const UnparkParquetColumn *columns, guint n);
/* Does not end the file. */
void unpark_parquet_free(UnparkParquet *parquet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkParquet, unpark_parquet_free)

/* Key and value in the file's metadata; before the end. */
void unpark_parquet_note(UnparkParquet *parquet, const char *key, const char *value);

/* A TEXT column whose values are given as codes: the text of one, valid until the row group is
 * written, which is within unpark_parquet_rows() or unpark_parquet_finish(). */
typedef const char *(*UnparkParquetText)(gint64 code, gsize *size, gpointer data);
void unpark_parquet_set_texts(UnparkParquet *parquet, guint column, UnparkParquetText text,
                              gpointer data);

/* Values of an INT or TIME column, or codes of a TEXT column; UNPARK_NONE is NULL. */
void unpark_parquet_numbers(UnparkParquet *parquet, guint column, const gint64 *values, guint n);

/* One value. A number may be any of 64 bits. `text` is copied; it is not for columns of codes. */
void unpark_parquet_null(UnparkParquet *parquet, guint column);
void unpark_parquet_number(UnparkParquet *parquet, guint column, gint64 value);
void unpark_parquet_real(UnparkParquet *parquet, guint column, double value);
void unpark_parquet_text(UnparkParquet *parquet, guint column, const char *text, gsize size);

/* Every column has got `n` more values. FALSE: writing failed; the errors of G_FILE_ERROR, and
 * UNPARK_ERROR_NO_SPACE. */
gboolean unpark_parquet_rows(UnparkParquet *parquet, guint n, GError **error);
/* The last row group and the footer, all of it handed to the system. */
gboolean unpark_parquet_finish(UnparkParquet *parquet, GError **error);

guint64 unpark_parquet_n_rows(const UnparkParquet *parquet);
