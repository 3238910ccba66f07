/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public table as CSV (RFC 4180): a header, texts in quotation marks, NULL as nothing at all, so
 * that it differs from an empty text. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "model/export/private.h"
#include "model/sql/reader.h"

#define HELD_BYTES ((gsize)256 * 1024)

typedef struct {
  int fd, failure;
  GString *held;
  gboolean any; /* the line has a value */
} Csv;

static void flush(Csv *csv) {
  const char *p = csv->held->str;
  gsize size = csv->held->len;

  while (size > 0 && !csv->failure) {
    gssize n = write(csv->fd, p, size);

    if (n < 0 && errno != EINTR)
      csv->failure = errno;
    if (n > 0) {
      p += n;
      size -= (gsize)n;
    }
  }
  g_string_truncate(csv->held, 0);
}

static void next_value(Csv *csv) {
  if (csv->any)
    g_string_append_c(csv->held, ',');
  csv->any = TRUE;
}

static void put_null(Csv *csv) {
  next_value(csv);
}

static void put_number(Csv *csv, gint64 value) {
  char text[24];

  next_value(csv);
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  g_string_append(csv->held, text);
}

static void put_text(Csv *csv, const char *text, gsize size) {
  const char *end = text + size;

  next_value(csv);
  g_string_append_c(csv->held, '"');
  while (text < end) {
    const char *quote = memchr(text, '"', (gsize)(end - text));
    const char *stop = quote ? quote + 1 : end;

    g_string_append_len(csv->held, text, stop - text);
    if (quote)
      g_string_append_c(csv->held, '"');
    text = stop;
  }
  g_string_append_c(csv->held, '"');
}

/* FALSE: writing failed. */
static gboolean end_line(Csv *csv) {
  g_string_append_c(csv->held, '\n');
  csv->any = FALSE;
  if (csv->held->len >= HELD_BYTES)
    flush(csv);
  return csv->failure == 0;
}

/* ---- Of blocks --------------------------------------------------------------------------------
 */

static void put_rows(Csv *csv, UnparkSqlReader *rows, gint64 *const *columns, guint n) {
  guint n_columns = unpark_sql_reader_n_columns(rows);

  for (guint i = 0; i < n; i++) {
    for (guint c = 0; c < n_columns; c++) {
      gint64 value = columns[c][i];
      gsize size;

      if (value == UNPARK_NONE) {
        put_null(csv);
      } else if (unpark_sql_reader_is_text(rows, c)) {
        const char *text = unpark_sql_reader_text(rows, c, value, &size);
        put_text(csv, text, size);
      } else {
        put_number(csv, value);
      }
    }
    end_line(csv);
  }
}

static gboolean write_blocks(Csv *csv, UnparkSqlReader *rows, GCancellable *cancellable,
                             GError **error) {
  gint64 *const *columns;
  guint n = 1;

  for (guint c = 0; c < unpark_sql_reader_n_columns(rows); c++) {
    const char *name = unpark_sql_reader_name(rows, c);
    put_text(csv, name, strlen(name));
  }
  end_line(csv);
  while (n > 0 && !csv->failure) {
    if (!unpark_sql_reader_next(rows, &columns, &n, cancellable, error))
      return FALSE;
    put_rows(csv, rows, columns, n);
  }
  return TRUE;
}

/* ---- Of a statement
 * ------------------------------------------------------------------------------ */

static gboolean take_columns(const char *const *names, guint n, gpointer data) {
  for (guint i = 0; i < n; i++)
    put_text(data, names[i], strlen(names[i]));
  return end_line(data);
}

/* The tables that are no columns of blocks have numbers and texts only. */
static gboolean take_row(const UnparkValue *values, guint n, gpointer data) {
  for (guint i = 0; i < n; i++)
    if (values[i].type == UNPARK_VALUE_INT)
      put_number(data, values[i].integer);
    else if (values[i].type == UNPARK_VALUE_TEXT)
      put_text(data, values[i].text, values[i].size);
    else
      put_null(data);
  return end_line(data);
}

gboolean unpark_export_csv(UnparkStore *store, const char *table, UnparkExportTarget *target,
                           GCancellable *cancellable, GError **error) {
  static const UnparkQuery query = {.columns = take_columns, .row = take_row};
  g_autoptr(UnparkSqlReader) rows = unpark_sql_reader_new(store, table);
  Csv csv = {.fd = unpark_export_open_part(target, error), .held = g_string_new(NULL)};
  gboolean ok = csv.fd >= 0;

  if (ok && rows) {
    ok = write_blocks(&csv, rows, cancellable, error);
  } else if (ok) {
    g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", table);
    ok = unpark_store_query(store, sql, &query, &csv, NULL, cancellable, error);
  }
  flush(&csv);
  g_string_free(csv.held, TRUE);
  if (ok && csv.failure)
    ok = unpark_export_fail(error, csv.failure, table);
  if (csv.fd >= 0)
    ok = unpark_export_close_part(target, csv.fd, ok ? error : NULL) && ok;
  return ok;
}
