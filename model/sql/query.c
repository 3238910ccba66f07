/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/query.h"

#include <glib/gi18n.h>
#include <sqlite3.h>
#include <string.h>

#include "model/base/error.h"
#include "model/sql/functions.h"
#include "model/sql/pushdown.h"
#include "model/sql/vtab.h"
#include "model/store/decode.h"
#include "model/store/guard.h"

#define STEPS_PER_CHECK 2000
/* One function takes no longer over it than a person waits. */
#define MAX_VALUE_BYTES (4 << 20)
#define BUSY_MS 20000

typedef struct {
  sqlite3 *db;
  sqlite3_stmt *statement;
  UnparkQueryBounds bounds;
  UnparkVtabContext context;
  int *error_at;
  gboolean refused; /* the authorizer said no */
} Run;

static int stop_if_over(void *data) {
  return unpark_query_over(&((Run *)data)->bounds);
}

static gboolean reading_pragma(const char *name) {
  static const char *const names[] = {"table_info",      "table_xinfo",   "table_list",
                                      "database_list",   "function_list", "collation_list",
                                      "compile_options", "pragma_list",   "module_list"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_ascii_strcasecmp(name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

static int authorize(void *data, int action, const char *a, const char *b, const char *c,
                     const char *d) {
  Run *run = data;
  (void)c;
  (void)d;
  if (run->context.declaring)
    return SQLITE_OK;
  switch (action) {
  case SQLITE_SELECT:
  case SQLITE_READ:
  case SQLITE_RECURSIVE:
    return SQLITE_OK;
  case SQLITE_FUNCTION:
    if (b && g_ascii_strcasecmp(b, "load_extension") != 0)
      return SQLITE_OK;
    break;
  case SQLITE_PRAGMA:
    if (a && reading_pragma(a))
      return SQLITE_OK;
    break;
  default:
    break;
  }
  run->refused = TRUE;
  return SQLITE_DENY;
}

static void set_sql_error(Run *run, GError **error) {
  int code = sqlite3_errcode(run->db);
  /* What SQLite itself says of writing to a table whose module cannot. */
  if (g_str_has_suffix(sqlite3_errmsg(run->db), "may not be modified"))
    run->refused = TRUE;
  if (code == SQLITE_INTERRUPT && g_cancellable_is_cancelled(run->bounds.cancellable))
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The query was cancelled."));
  else if (code == SQLITE_INTERRUPT)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_TIMEOUT,
                _("The query took longer than allowed. Narrow it down or allow more time."));
  else if (run->refused)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_READ_ONLY,
                _("Queries can only read: this statement would change the store, attach another "
                  "database or load an extension."));
  else {
    int at = sqlite3_error_offset(run->db);
    if (run->error_at)
      *run->error_at = at;
    if (at >= 0)
      g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL, "%s (at character %d)",
                  sqlite3_errmsg(run->db), at + 1);
    else
      g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL, "%s", sqlite3_errmsg(run->db));
  }
}

/* Of several sources no file is open: every table is virtual. */
static sqlite3 *open_database(const UnparkVtabContext *context, GError **error) {
  if (context->n > 1)
    return unpark_guard_open_empty(error);
  return unpark_guard_open(unpark_store_path(context->sources->store), UNPARK_GUARD_QUERY, BUSY_MS,
                           error);
}

static gboolean open_connection(Run *run, GError **error) {
  run->context.bounds = &run->bounds;
  run->db = open_database(&run->context, error);
  if (!run->db)
    return FALSE;
  sqlite3_limit(run->db, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
  int code = unpark_functions_register(run->db);
  if (code == SQLITE_OK)
    code = unpark_vtab_register(run->db, &run->context);
  if (code == SQLITE_OK)
    code = unpark_vtab_register_frames(run->db, &run->context);
  if (code == SQLITE_OK)
    code = unpark_vtab_register_sources(run->db, &run->context);
  if (code == SQLITE_OK)
    code = unpark_vtab_register_traces(run->db, &run->context);
  /* Totals are of all spans. */
  if (code == SQLITE_OK && !run->context.scopes)
    code = unpark_vtab_register_totals(run->db, &run->context);
  if (code != SQLITE_OK) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, _("“%s” cannot be queried: %s"),
                unpark_store_path(run->context.sources->store), sqlite3_errmsg(run->db));
    return FALSE;
  }
  sqlite3_set_authorizer(run->db, authorize, run);
  sqlite3_progress_handler(run->db, STEPS_PER_CHECK, stop_if_over, run);
  return TRUE;
}

/* TRUE if there is nothing but white space, semicolons and comments. */
static gboolean is_blank(sqlite3 *db, const char *sql) {
  sqlite3_stmt *rest = NULL;
  while (*sql) {
    const char *tail;
    if (sqlite3_prepare_v2(db, sql, -1, &rest, &tail) != SQLITE_OK)
      return FALSE;
    if (rest) {
      sqlite3_finalize(rest);
      return FALSE;
    }
    if (tail == sql)
      break;
    sql = tail;
  }
  return TRUE;
}

static gboolean prepare(Run *run, const char *sql, GError **error) {
  const char *tail;
  g_autofree char *pushed = run->context.scopes ? NULL : unpark_pushdown(sql);
  if (pushed && sqlite3_prepare_v2(run->db, pushed, -1, &run->statement, NULL) == SQLITE_OK)
    return TRUE;
  run->refused = FALSE;
  if (sqlite3_prepare_v2(run->db, sql, -1, &run->statement, &tail) != SQLITE_OK) {
    set_sql_error(run, error);
    return FALSE;
  }
  if (!run->statement) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL, _("The query is empty."));
    return FALSE;
  }
  if (!is_blank(run->db, tail)) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL,
                _("There is more than one statement; run them one at a time."));
    return FALSE;
  }
  if (!sqlite3_stmt_readonly(run->statement)) {
    run->refused = TRUE;
    set_sql_error(run, error);
    return FALSE;
  }
  return TRUE;
}

static int bind_value(sqlite3_stmt *s, int i, const UnparkValue *value) {
  switch (value->type) {
  case UNPARK_VALUE_INT:
    return sqlite3_bind_int64(s, i, value->integer);
  case UNPARK_VALUE_REAL:
    return sqlite3_bind_double(s, i, value->real);
  case UNPARK_VALUE_TEXT:
    return sqlite3_bind_text(s, i, value->text, (int)value->size, SQLITE_TRANSIENT);
  case UNPARK_VALUE_BLOB:
    return sqlite3_bind_blob(s, i, value->text, (int)value->size, SQLITE_TRANSIENT);
  default:
    return sqlite3_bind_null(s, i);
  }
}

/* The value of the parameter that the statement calls `name`, with its sign; NULL: there is none.
 */
static const UnparkValue *find_parameter(const UnparkQuery *query, const char *name) {
  for (guint i = 0; name && i < query->n_parameters; i++)
    if (strcmp(query->parameters[i].name, name + 1) == 0)
      return &query->parameters[i].value;
  return NULL;
}

static gboolean bind(Run *run, const UnparkQuery *query, GError **error) {
  int n = query->parameters ? sqlite3_bind_parameter_count(run->statement) : 0;
  for (int i = 1; i <= n; i++) {
    const char *name = sqlite3_bind_parameter_name(run->statement, i);
    const UnparkValue *value = find_parameter(query, name);
    if (!value) {
      g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL,
                  _("The statement has a parameter without a value: %s"), name ? name : "?");
      return FALSE;
    }
    if (bind_value(run->statement, i, value) != SQLITE_OK) {
      set_sql_error(run, error);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean tell_columns(Run *run, const UnparkQuery *query, gpointer data) {
  guint n = (guint)sqlite3_column_count(run->statement);
  g_autofree const char **names = g_new0(const char *, n + 1);
  if (!query->columns)
    return TRUE;
  for (guint i = 0; i < n; i++) {
    const char *name = sqlite3_column_name(run->statement, (int)i);
    names[i] = name ? name : "";
  }
  return query->columns(names, n, data);
}

static void take_value(sqlite3_stmt *s, int i, UnparkValue *value) {
  *value = (UnparkValue){0};
  switch (sqlite3_column_type(s, i)) {
  case SQLITE_INTEGER:
    value->type = UNPARK_VALUE_INT;
    value->integer = sqlite3_column_int64(s, i);
    break;
  case SQLITE_FLOAT:
    value->type = UNPARK_VALUE_REAL;
    value->real = sqlite3_column_double(s, i);
    break;
  case SQLITE_TEXT:
    value->type = UNPARK_VALUE_TEXT;
    value->text = (const char *)sqlite3_column_text(s, i);
    value->size = (gsize)sqlite3_column_bytes(s, i);
    break;
  case SQLITE_BLOB:
    value->type = UNPARK_VALUE_BLOB;
    value->text = sqlite3_column_blob(s, i);
    value->size = (gsize)sqlite3_column_bytes(s, i);
    break;
  default:
    break;
  }
}

static gboolean run_rows(Run *run, const UnparkQuery *query, gpointer data, gboolean *truncated,
                         GError **error) {
  guint n = (guint)sqlite3_column_count(run->statement);
  g_autofree UnparkValue *values = g_new(UnparkValue, n + 1);
  int step;
  if (!tell_columns(run, query, data))
    return TRUE;
  for (guint64 rows = 0; (step = sqlite3_step(run->statement)) == SQLITE_ROW; rows++) {
    if (query->limit && rows == query->limit) {
      *truncated = TRUE;
      return TRUE;
    }
    for (guint i = 0; i < n; i++)
      take_value(run->statement, (int)i, &values[i]);
    if (query->row && !query->row(values, n, data))
      return TRUE;
  }
  if (step == SQLITE_DONE)
    return TRUE;
  set_sql_error(run, error);
  return FALSE;
}

static gboolean run_query(const UnparkSourceEntry *sources, guint n,
                          const UnparkQueryScope *const *scopes, const char *sql,
                          const UnparkQuery *query, gpointer data, gboolean *truncated,
                          GCancellable *cancellable, GError **error) {
  Run run = {.bounds = {.cancellable = cancellable},
             .context = {.sources = sources, .n = n, .scopes = scopes},
             .error_at = query->error_at};
  gboolean cut = FALSE;
  if (run.error_at)
    *run.error_at = -1;
  if (query->timeout_s > 0)
    run.bounds.deadline_us =
        g_get_monotonic_time() + (gint64)(MIN(query->timeout_s, 1e9) * G_USEC_PER_SEC);
  gboolean ok = open_connection(&run, error) && prepare(&run, sql, error) &&
                bind(&run, query, error) && run_rows(&run, query, data, &cut, error);
  sqlite3_finalize(run.statement);
  sqlite3_close(run.db);
  unpark_traces_free(run.context.traces);
  if (truncated)
    *truncated = cut;
  return ok;
}

gboolean unpark_store_query(UnparkStore *store, const char *sql, const UnparkQuery *query,
                            gpointer data, gboolean *truncated, GCancellable *cancellable,
                            GError **error) {
  const UnparkSourceEntry source = unpark_sources_single(store);
  return run_query(&source, 1, query->scope ? &query->scope : NULL, sql, query, data, truncated,
                   cancellable, error);
}

gboolean unpark_query_sources(const UnparkSources *sources, const char *sql,
                              const UnparkQuery *query, gpointer data, gboolean *truncated,
                              GCancellable *cancellable, GError **error) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  const UnparkQueryScope *const *scopes = query->scopes  ? query->scopes
                                          : query->scope ? &query->scope
                                                         : NULL;
  g_return_val_if_fail(n > 0 && (n == 1 || !query->scope), FALSE);
  return run_query(entries, n, scopes, sql, query, data, truncated, cancellable, error);
}
