/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public tables as SQLite virtual tables. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "model/spans/traces.h"
#include "model/sql/query.h"
#include "model/sql/views.h"
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

/* Where there are several sources, every table begins with a column `source`, the number of the
 * one that the row is of, and times are those of the common axis. */
typedef struct {
  const UnparkSourceEntry *sources;
  guint n; /* at least 1 */
  UnparkQueryBounds *bounds;
  const UnparkQueryScope *const *scopes; /* by source, NULL: all there is; NULL: of all of them */
  UnparkTraces *traces; /* of several sources, made at first use by vtab-traces.c */
  gboolean declaring;   /* SQLite is reading a table's declaration, not the user's SQL */
} UnparkVtabContext;

/* How every declaration begins. */
#define UNPARK_VTAB_CREATE(context)                                                                \
  ((context)->n > 1 ? "CREATE TABLE x(source INTEGER, " : "CREATE TABLE x(")

/* Registers all tables; `context` must outlive the connection. SQLite's result code. */
int unpark_vtab_register(sqlite3 *db, UnparkVtabContext *context);
/* stack_frame, which is made of the tree of stacks. */
int unpark_vtab_register_frames(sqlite3 *db, UnparkVtabContext *context);
/* trace_span, trace_span_attribute, trace_span_event, trace_span_link, service_hop. */
int unpark_vtab_register_traces(sqlite3 *db, UnparkVtabContext *context);
/* All spans; owned by the context or the store. */
const UnparkTraces *unpark_vtab_traces(UnparkVtabContext *context, GError **error);
/* span_total(state, reason, spans, total_ns, least_ns, most_ns): what sums over all spans are
 * read from, see pushdown.h. */
int unpark_vtab_register_totals(sqlite3 *db, UnparkVtabContext *context);

/* source, import_note: where there are several sources, which no one file has; process_source. */
int unpark_vtab_register_sources(sqlite3 *db, UnparkVtabContext *context);

/* ---- Planning --------------------------------------------------------------------------- */

/* idxNum: rows come by goroutine and start. */
#define UNPARK_VTAB_LANE_ORDER 1
/* idxStr: a letter for each argument, "/", the columns that are used in hexadecimal digits. 's':
 * the source; 'a', 'b', 'l': the lane is at least, at most or just this; 'f', 't', 'x': the time
 * is not before, not after or just this. */
#define UNPARK_VTAB_SOURCE 's'

/* xBestIndex of a table that is made of blocks. */
int unpark_vtab_plan(const UnparkVtabContext *context, const UnparkSqlView *view,
                     sqlite3_index_info *info);

/* Of the other tables: the constraint "column = value" that can be used; -1: none. */
int unpark_vtab_find_equal(const sqlite3_index_info *info, int column);

/* ---- Shared by the tables ------------------------------------------------------------------ */

int unpark_vtab_declare(sqlite3 *db, UnparkVtabContext *context, const char *sql);
int unpark_vtab_fail(sqlite3_vtab *vtab, const GError *error);
/* A text of the store as a result, cut off where it is longer than 1 MiB: no query fails because of
 * one name. */
void unpark_vtab_text(sqlite3_context *c, const char *text);
