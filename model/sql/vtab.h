/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public tables as SQLite virtual tables. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "model/sql/query.h"
#include "model/store/decode.h"

/* What a query's tables ask now and then; the progress handler, too. TRUE: stop. */
typedef struct {
  GCancellable *cancellable;
  gint64 deadline_us; /* monotonic; 0: none */
} UnparkQueryBounds;

static inline gboolean unpark_query_over(const UnparkQueryBounds *bounds) {
  return g_cancellable_is_cancelled(bounds->cancellable) ||
         (bounds->deadline_us && g_get_monotonic_time() > bounds->deadline_us);
}

typedef struct {
  UnparkStore *store;
  UnparkQueryBounds *bounds;
  const UnparkQueryScope *scope; /* NULL: all there is */
  gboolean declaring;            /* SQLite is reading a table's declaration, not the user's SQL */
} UnparkVtabContext;

/* Registers all tables; `context` must outlive the connection. SQLite's result code. */
int unpark_vtab_register(sqlite3 *db, UnparkVtabContext *context);
/* stack_frame, which is made of the tree of stacks. */
int unpark_vtab_register_frames(sqlite3 *db, UnparkVtabContext *context);
/* span_total(state, reason, spans, total_ns, least_ns, most_ns): what sums over all spans are
 * read from, see pushdown.h. */
int unpark_vtab_register_totals(sqlite3 *db, UnparkVtabContext *context);

/* Shared by the tables. */
int unpark_vtab_declare(sqlite3 *db, UnparkVtabContext *context, const char *sql);
int unpark_vtab_fail(sqlite3_vtab *vtab, const GError *error);
/* A text of the store as a result, cut off where it is longer than 1 MiB: no query fails because of
 * one name. */
void unpark_vtab_text(sqlite3_context *c, const char *text);
