/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read-only SQL over a store, or over several that are read as one: the public tables of every kind
 * of source.
 *
 * A statement that would write, attach, or load an extension is refused with
 * UNPARK_ERROR_READ_ONLY. Runs on the calling (worker) thread, on its own connection;
 * cancellable at any moment; bounded by timeout and row limit.
 */
#pragma once

#include "model/base/id-set.h"
#include "model/store/span-match.h"
#include "model/sources/sources.h"
#include "model/store/store.h"

typedef enum {
  UNPARK_VALUE_NULL,
  UNPARK_VALUE_INT,
  UNPARK_VALUE_REAL,
  UNPARK_VALUE_TEXT,
  UNPARK_VALUE_BLOB
} UnparkValueType;

typedef struct {
  UnparkValueType type;
  gint64 integer;
  double real;
  const char *text; /* TEXT (UTF-8, NUL-terminated) and BLOB; valid during the call */
  gsize size;       /* bytes of text */
} UnparkValue;

/* Which rows of a trace's tables there are: those of these goroutines. Rows of no goroutine are not
 * there, but for tables and ranges that are of the whole program. */
typedef struct {
  UnparkIdSet goroutines;
  const UnparkIdSet *tasks;    /* rows of task; NULL: those that such a goroutine began */
  const UnparkSpanTest *tests; /* rows of span: one of them is true; none: any row */
  guint n_tests;
} UnparkQueryScope;

/* What :NAME, @NAME or $NAME in the statement stands for. */
typedef struct {
  const char *name; /* without the sign */
  UnparkValue value;
} UnparkQueryParameter;

typedef struct {
  /* Once, before the first row. May be NULL. FALSE stops. */
  gboolean (*columns)(const char *const *names, guint n, gpointer data);
  /* FALSE stops; that is no error. */
  gboolean (*row)(const UnparkValue *values, guint n, gpointer data);
  double timeout_s;              /* 0: none; then UNPARK_ERROR_TIMEOUT */
  guint64 limit;                 /* rows; 0: all */
  const UnparkQueryScope *scope; /* NULL: all there is; of several sources: see `scopes` */
  /* Of several sources: a scope for each, NULL: all there is; or NULL: all there is of all. */
  const UnparkQueryScope *const *scopes;
  /* NULL: none is given, and what the statement names is NULL. Otherwise all that it names must be
   * here; more may be. */
  const UnparkQueryParameter *parameters;
  guint n_parameters;
  int *error_at; /* the byte of `sql` that UNPARK_ERROR_SQL is about; -1: not known */
} UnparkQuery;

/* `truncated` (may be NULL): TRUE if the limit cut rows off. Errors: UNPARK_ERROR_SQL (SQLite's
 * message, with the position where known), READ_ONLY, TIMEOUT, G_IO_ERROR_CANCELLED. */
gboolean unpark_store_query(UnparkStore *store, const char *sql, const UnparkQuery *query,
                            gpointer data, gboolean *truncated, GCancellable *cancellable,
                            GError **error);

/* The same over sources that are aligned. Of more than one, every table begins with the column
 * `source` (process_source.id), ids are unique only together with it, and times are those of the
 * common axis; of one, this is unpark_store_query(). */
gboolean unpark_query_sources(const UnparkSources *sources, const char *sql,
                              const UnparkQuery *query, gpointer data, gboolean *truncated,
                              GCancellable *cancellable, GError **error);
