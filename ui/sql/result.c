/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/result.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  UnparkSqlResult *result;
} Reading;

static gboolean on_columns(const char *const *names, guint n, gpointer data) {
  UnparkSqlResult *result = ((Reading *)data)->result;
  result->columns = g_strdupv((char **)names);
  result->n_columns = n;
  result->numeric = g_malloc((gsize)n + 1);
  memset(result->numeric, 1, n);
  return TRUE;
}

/* Bytes as a person reads them: "X'00FF'". */
static char *blob_text(const UnparkValue *value) {
  GString *text = g_string_new("X'");
  for (gsize i = 0; i < MIN(value->size, 4096); i++)
    g_string_append_printf(text, "%02X", (guint8)value->text[i]);
  g_string_append(text, value->size > 4096 ? "…'" : "'");
  return g_string_free(text, FALSE);
}

static char *value_text(const UnparkValue *value) {
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  switch (value->type) {
  case UNPARK_VALUE_INT:
    return g_strdup_printf("%" G_GINT64_FORMAT, value->integer);
  case UNPARK_VALUE_REAL:
    return g_strdup(g_ascii_formatd(buf, sizeof buf, "%.15g", value->real));
  case UNPARK_VALUE_TEXT:
    return g_utf8_make_valid(value->text, (gssize)value->size);
  case UNPARK_VALUE_BLOB:
    return blob_text(value);
  default:
    return NULL;
  }
}

static gboolean on_row(const UnparkValue *values, guint n, gpointer data) {
  UnparkSqlResult *result = ((Reading *)data)->result;
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = value_text(&values[i]);
    g_ptr_array_add(result->cells, text ? g_string_chunk_insert(result->texts, text) : NULL);
    if (values[i].type == UNPARK_VALUE_TEXT || values[i].type == UNPARK_VALUE_BLOB)
      result->numeric[i] = 0;
  }
  result->n_rows++;
  return TRUE;
}

UnparkTemplateValues *unpark_sql_bind_template(const char *sql, UnparkQuery *query,
                                               GError **error) {
  if (!unpark_template_is(sql))
    return NULL;
  g_autoptr(UnparkTemplate) template = unpark_template_parse(sql, "SQL", error);
  if (!template)
    return NULL;
  UnparkTemplateValues *values = unpark_template_values_new(template);
  query->parameters = unpark_template_values_get(values, &query->n_parameters);
  return values;
}

UnparkSqlResult *unpark_sql_result_new(const UnparkSources *sources, const char *sql, int *error_at,
                                       GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSqlResult) result = g_atomic_rc_box_new0(UnparkSqlResult);
  UnparkQuery query = {
      .columns = on_columns, .row = on_row, .limit = UNPARK_SQL_MAX_ROWS, .error_at = error_at};
  g_autoptr(GError) wrong = NULL;
  g_autoptr(UnparkTemplateValues) values = unpark_sql_bind_template(sql, &query, &wrong);
  Reading reading = {result};
  gint64 begun = g_get_monotonic_time();
  result->cells = g_ptr_array_new();
  result->texts = g_string_chunk_new(64 * 1024);
  if (wrong) {
    *error_at = -1;
    g_propagate_error(error, g_steal_pointer(&wrong));
    return NULL;
  }
  if (!unpark_query_sources(sources, sql, &query, &reading, &result->truncated, cancellable, error))
    return NULL;
  result->took_us = g_get_monotonic_time() - begun;
  return g_steal_pointer(&result);
}

UnparkSqlResult *unpark_sql_result_ref(UnparkSqlResult *result) {
  return g_atomic_rc_box_acquire(result);
}

static void result_clear(gpointer box) {
  UnparkSqlResult *result = box;
  g_strfreev(result->columns);
  g_free(result->numeric);
  g_ptr_array_unref(result->cells);
  g_string_chunk_free(result->texts);
}

void unpark_sql_result_unref(UnparkSqlResult *result) {
  g_atomic_rc_box_release_full(result, result_clear);
}

const char *unpark_sql_result_cell(const UnparkSqlResult *result, guint row, guint column) {
  return g_ptr_array_index(result->cells, row * result->n_columns + column);
}

int unpark_sql_result_column(const UnparkSqlResult *result, const char *name) {
  for (guint i = 0; i < result->n_columns; i++)
    if (g_str_equal(result->columns[i], name))
      return (int)i;
  return -1;
}

gboolean unpark_sql_result_int(const UnparkSqlResult *result, guint row, int column,
                               gint64 *value) {
  const char *text = column < 0 ? NULL : unpark_sql_result_cell(result, row, (guint)column);
  return text && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, value, NULL);
}

int unpark_sql_result_compare(const UnparkSqlResult *result, guint row_a, guint row_b,
                              guint column) {
  const char *a = unpark_sql_result_cell(result, row_a, column);
  const char *b = unpark_sql_result_cell(result, row_b, column);
  gint64 x, y;
  if (!a || !b)
    return (a == NULL) - (b == NULL);
  if (!result->numeric[column])
    return strcmp(a, b);
  if (g_ascii_string_to_signed(a, 10, G_MININT64, G_MAXINT64, &x, NULL) &&
      g_ascii_string_to_signed(b, 10, G_MININT64, G_MAXINT64, &y, NULL))
    return (x > y) - (x < y);
  double p = g_ascii_strtod(a, NULL), q = g_ascii_strtod(b, NULL);
  return (p > q) - (p < q);
}

/* ---- Text ------------------------------------------------------------------------------- */

static void append_tsv(GString *text, const char *cell) {
  for (; cell && *cell; cell++)
    g_string_append_c(text, *cell == '\t' || *cell == '\n' || *cell == '\r' ? ' ' : *cell);
}

static void append_csv(GString *text, const char *cell) {
  if (!cell || !strpbrk(cell, ",\"\r\n")) {
    g_string_append(text, cell ? cell : "");
    return;
  }
  g_string_append_c(text, '"');
  for (; *cell; cell++) {
    if (*cell == '"')
      g_string_append_c(text, '"');
    g_string_append_c(text, *cell);
  }
  g_string_append_c(text, '"');
}

static char *to_text(const UnparkSqlResult *result, void (*append)(GString *, const char *),
                     char separator, const char *end) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < result->n_columns; i++) {
    if (i > 0)
      g_string_append_c(text, separator);
    append(text, result->columns[i]);
  }
  g_string_append(text, end);
  for (guint row = 0; row < result->n_rows; row++) {
    for (guint i = 0; i < result->n_columns; i++) {
      if (i > 0)
        g_string_append_c(text, separator);
      append(text, unpark_sql_result_cell(result, row, i));
    }
    g_string_append(text, end);
  }
  return g_string_free(text, FALSE);
}

char *unpark_sql_result_tsv(const UnparkSqlResult *result) {
  return to_text(result, append_tsv, '\t', "\n");
}

char *unpark_sql_result_csv(const UnparkSqlResult *result) {
  return to_text(result, append_csv, ',', "\r\n");
}
