/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a statement as Parquet. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/error.h"
#include "model/export/private.h"

/* Columns of the tables that are no columns of blocks which are texts, or numbers with a fraction;
 * all others are whole numbers. */
static const char *const text_columns[] = {
    "path",           "importer", "format",  "go_version", "severity",    "name",    "detail",
    "function",       "file",     "kind",    "trace_id",   "span_id",     "service", "host",
    "parent_span_id", "status",   "message", "certainty",  "trace_state", "scope",   "key",
    "text",           NULL};
/* An attribute's number stands in its text, too, to the last digit. */
static const char *const real_columns[] = {"number", "adjusted_count", NULL};

static UnparkParquetType type_of_column(const char *name) {
  return g_strv_contains(text_columns, name)   ? UNPARK_PARQUET_TEXT
         : g_strv_contains(real_columns, name) ? UNPARK_PARQUET_REAL
                                               : UNPARK_PARQUET_INT;
}

typedef struct {
  GPtrArray *names;
  GArray *types; /* UnparkParquetType */
  GArray *seen;  /* gboolean: there was a value */
  const char *table;
  int fd;
  UnparkParquet *parquet;
  GError *error;
} Result;

/* Parquet has a column of a name once: "count", "count_2" ... */
static char *unique_name(const GPtrArray *names, const char *name) {
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  char *unique = g_strdup(*valid ? valid : "column");

  for (guint i = 2; g_ptr_array_find_with_equal_func((GPtrArray *)names, unique, g_str_equal, NULL);
       i++) {
    g_free(unique);
    unique = g_strdup_printf("%s_%u", *valid ? valid : "column", i);
  }
  return unique;
}

static gboolean take_columns(const char *const *names, guint n, gpointer data) {
  Result *r = data;

  for (guint i = 0; i < n; i++) {
    UnparkParquetType type = r->table ? type_of_column(names[i]) : UNPARK_PARQUET_INT;
    gboolean seen = r->table != NULL;

    g_ptr_array_add(r->names, unique_name(r->names, names[i]));
    g_array_append_val(r->types, type);
    g_array_append_val(r->seen, seen);
  }
  return TRUE;
}

static UnparkParquetType type_of(UnparkValueType type) {
  switch (type) {
  case UNPARK_VALUE_REAL:
    return UNPARK_PARQUET_REAL;
  case UNPARK_VALUE_TEXT:
    return UNPARK_PARQUET_TEXT;
  case UNPARK_VALUE_BLOB:
    return UNPARK_PARQUET_BYTES;
  default:
    return UNPARK_PARQUET_INT;
  }
}

/* What holds values of both types. */
static UnparkParquetType common_type(UnparkParquetType a, UnparkParquetType b) {
  if (a == b)
    return a;
  if (a == UNPARK_PARQUET_BYTES || b == UNPARK_PARQUET_BYTES)
    return UNPARK_PARQUET_BYTES;
  if (a == UNPARK_PARQUET_TEXT || b == UNPARK_PARQUET_TEXT)
    return UNPARK_PARQUET_TEXT;
  return UNPARK_PARQUET_REAL;
}

static gboolean take_types(const UnparkValue *values, guint n, gpointer data) {
  Result *r = data;

  for (guint i = 0; i < n; i++) {
    UnparkParquetType *type = &g_array_index(r->types, UnparkParquetType, i);
    gboolean *seen = &g_array_index(r->seen, gboolean, i);

    if (values[i].type == UNPARK_VALUE_NULL)
      continue;
    *type = *seen ? common_type(*type, type_of(values[i].type)) : type_of(values[i].type);
    *seen = TRUE;
  }
  return TRUE;
}

/* A number in a column of texts. */
static void put_as_text(UnparkParquet *parquet, guint i, const UnparkValue *value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (value->type == UNPARK_VALUE_INT)
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value->integer);
  else
    g_ascii_dtostr(text, sizeof text, value->real);
  unpark_parquet_text(parquet, i, text, strlen(text));
}

static gboolean put_value(UnparkParquet *parquet, guint i, UnparkParquetType type,
                          const UnparkValue *value) {
  gboolean text = value->type == UNPARK_VALUE_TEXT || value->type == UNPARK_VALUE_BLOB;

  if (value->type == UNPARK_VALUE_NULL) {
    unpark_parquet_null(parquet, i);
  } else if (type == UNPARK_PARQUET_TEXT || type == UNPARK_PARQUET_BYTES) {
    if (text)
      unpark_parquet_text(parquet, i, value->text ? value->text : "", value->size);
    else
      put_as_text(parquet, i, value);
  } else if (type == UNPARK_PARQUET_REAL && !text) {
    unpark_parquet_real(parquet, i,
                        value->type == UNPARK_VALUE_INT ? (double)value->integer : value->real);
  } else if (value->type == UNPARK_VALUE_INT) {
    unpark_parquet_number(parquet, i, value->integer);
  } else {
    return FALSE;
  }
  return TRUE;
}

static gboolean take_row(const UnparkValue *values, guint n, gpointer data) {
  Result *r = data;

  for (guint i = 0; i < n; i++)
    if (!put_value(r->parquet, i, g_array_index(r->types, UnparkParquetType, i), &values[i])) {
      g_set_error(&r->error, UNPARK_ERROR, UNPARK_ERROR_SQL,
                  _("The column “%s” had values of other types when the query was run again"),
                  (const char *)r->names->pdata[i]);
      return FALSE;
    }
  return unpark_parquet_rows(r->parquet, 1, &r->error);
}

static UnparkParquet *new_writer(const Result *r) {
  g_autofree UnparkParquetColumn *columns = g_new0(UnparkParquetColumn, r->names->len + 1);
  UnparkParquet *parquet;

  for (guint i = 0; i < r->names->len; i++)
    columns[i] =
        (UnparkParquetColumn){r->names->pdata[i], g_array_index(r->types, UnparkParquetType, i)};
  parquet = unpark_parquet_new(r->fd, columns, r->names->len);
  if (r->table)
    unpark_parquet_note(parquet, "unpark.table", r->table);
  return parquet;
}

static gboolean run(const UnparkSources *sources, const char *sql, Result *r,
                    const UnparkQuery *bounds, GCancellable *cancellable, GError **error) {
  UnparkQuery look = *bounds, write = *bounds;
  gboolean ok;

  r->names = g_ptr_array_new_with_free_func(g_free);
  r->types = g_array_new(FALSE, FALSE, sizeof(UnparkParquetType));
  r->seen = g_array_new(FALSE, FALSE, sizeof(gboolean));
  look.columns = take_columns;
  look.row = r->table ? NULL : take_types;
  look.limit = r->table ? 1 : bounds->limit; /* the types of a public table are known */
  write.columns = NULL;
  write.row = take_row;
  ok = unpark_query_sources(sources, sql, &look, r, NULL, cancellable, error);
  if (ok) {
    r->parquet = new_writer(r);
    ok = unpark_query_sources(sources, sql, &write, r, NULL, cancellable, error);
    if (ok && r->error) {
      g_propagate_error(error, g_steal_pointer(&r->error));
      ok = FALSE;
    }
    ok = ok && unpark_parquet_finish(r->parquet, error);
    unpark_parquet_free(r->parquet);
  }
  g_clear_error(&r->error);
  g_ptr_array_unref(r->names);
  g_array_unref(r->types);
  g_array_unref(r->seen);
  return ok;
}

gboolean unpark_export_rows_of(UnparkStore *store, const char *table, int fd,
                               GCancellable *cancellable, GError **error) {
  static const UnparkQuery bounds = {0};
  g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", table);
  g_autoptr(UnparkSources) sources = unpark_sources_of(store);
  Result r = {.table = table, .fd = fd};

  return run(sources, sql, &r, &bounds, cancellable, error);
}

gboolean unpark_export_query(const UnparkSources *sources, const char *sql,
                             const UnparkQuery *bounds, int fd, GCancellable *cancellable,
                             GError **error) {
  static const UnparkQuery none = {0};
  Result r = {.fd = fd};

  return run(sources, sql, &r, bounds ? bounds : &none, cancellable, error);
}

gboolean unpark_export_query_file(const UnparkSources *sources, const char *sql,
                                  const UnparkQuery *bounds, const char *path,
                                  GCancellable *cancellable, GError **error) {
  UnparkExportFile file;
  gboolean ok;

  if (!unpark_export_file_open(&file, path, error))
    return FALSE;
  ok = unpark_export_query(sources, sql, bounds, file.fd, cancellable, error);
  return unpark_export_file_close(&file, ok, error);
}
