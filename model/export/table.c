/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public table as Parquet. */
#include "model/export/export.h"

#include "model/export/private.h"
#include "model/sql/reader.h"

/* A part has so many rows, and some more: whoever reads many parts reads them at once. */
#define PART_ROWS ((guint64)8 << 20)

typedef struct {
  UnparkSqlReader *rows;
  guint column;
} Texts;

static const char *get_text(gint64 code, gsize *size, gpointer data) {
  const Texts *texts = data;

  return unpark_sql_reader_text(texts->rows, texts->column, code, size);
}

static UnparkParquet *new_writer(UnparkSqlReader *rows, Texts *texts, const char *table, int fd) {
  guint n = unpark_sql_reader_n_columns(rows);
  g_autofree UnparkParquetColumn *columns = g_new0(UnparkParquetColumn, n);
  UnparkParquet *parquet;

  for (guint i = 0; i < n; i++)
    columns[i] = (UnparkParquetColumn){unpark_sql_reader_name(rows, i),
                                       unpark_sql_reader_is_text(rows, i) ? UNPARK_PARQUET_TEXT
                                                                          : UNPARK_PARQUET_INT};
  parquet = unpark_parquet_new(fd, columns, n);
  for (guint i = 0; i < n; i++) {
    texts[i] = (Texts){rows, i};
    if (columns[i].type == UNPARK_PARQUET_TEXT)
      unpark_parquet_set_texts(parquet, i, get_text, &texts[i]);
  }
  unpark_parquet_note(parquet, "unpark.table", table);
  return parquet;
}

/* At most PART_ROWS rows and a batch. *over: there are no more. */
static gboolean write_part(UnparkSqlReader *rows, const char *table, int fd, gboolean *over,
                           GCancellable *cancellable, GError **error) {
  guint n_columns = unpark_sql_reader_n_columns(rows), n;
  g_autofree Texts *texts = g_new0(Texts, n_columns);
  g_autoptr(UnparkParquet) parquet = new_writer(rows, texts, table, fd);
  gint64 *const *columns;

  *over = FALSE;
  while (unpark_parquet_n_rows(parquet) < PART_ROWS) {
    if (!unpark_sql_reader_next(rows, &columns, &n, cancellable, error))
      return FALSE;
    *over = n == 0;
    if (*over)
      break;
    for (guint i = 0; i < n_columns; i++)
      unpark_parquet_numbers(parquet, i, columns[i], n);
    if (!unpark_parquet_rows(parquet, n, error))
      return FALSE;
  }
  return unpark_parquet_finish(parquet, error);
}

gboolean unpark_export_parquet(UnparkStore *store, const char *table, UnparkExportTarget *target,
                               GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSqlReader) rows = unpark_sql_reader_new(store, table);
  gboolean over = FALSE;

  while (!over) {
    int fd = unpark_export_open_part(target, error);
    gboolean ok = fd >= 0;

    if (ok && rows) {
      ok = write_part(rows, table, fd, &over, cancellable, error);
    } else if (ok) {
      ok = unpark_export_rows_of(store, table, fd, cancellable, error);
      over = TRUE;
    }
    if (fd >= 0)
      ok = unpark_export_close_part(target, fd, ok ? error : NULL) && ok;
    if (!ok)
      return FALSE;
  }
  return TRUE;
}
