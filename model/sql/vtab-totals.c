/* SPDX-License-Identifier: GPL-3.0-or-later */
/* span_total: counts and sums of all spans by source and kind, summed block by block. */
#include "model/base/times.h"
#include "model/sql/vtab.h"

enum { COL_STATE, COL_REASON, COL_SPANS, COL_TOTAL, COL_LEAST, COL_MOST };

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
  int first; /* number of the column `state`: 1 after `source` */
} Table;

typedef struct {
  gint64 spans, total, least, most;
} Total;

typedef struct {
  sqlite3_vtab_cursor base;
  guint source;
  Total *totals; /* by kind */
  guint kind, n_kinds;
} Cursor;

static int x_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab,
                     char **message) {
  (void)argc;
  (void)argv;
  (void)message;
  Table *table = sqlite3_malloc(sizeof *table);
  if (!table)
    return SQLITE_NOMEM;
  *table = (Table){.context = aux};
  table->first = table->context->n > 1 ? 1 : 0;
  *vtab = &table->base;
  g_autofree char *sql = g_strconcat(UNPARK_VTAB_CREATE(table->context),
                                     "state TEXT, reason TEXT, spans INTEGER, total_ns INTEGER, "
                                     "least_ns INTEGER, most_ns INTEGER)",
                                     NULL);
  return unpark_vtab_declare(db, aux, sql);
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  (void)vtab;
  info->estimatedCost = 1000;
  info->estimatedRows = 50;
  return SQLITE_OK;
}

static int x_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out) {
  (void)vtab;
  Cursor *cursor = g_new0(Cursor, 1);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int x_close(sqlite3_vtab_cursor *base) {
  g_free(((Cursor *)base)->totals);
  g_free(base);
  return SQLITE_OK;
}

static void add_block(Cursor *cursor, const UnparkDecoded *d) {
  const gint64 *kinds = d->columns[SPAN_KIND], *durations = d->columns[SPAN_DURATION];
  for (guint i = 0; i < d->n; i++) {
    if (kinds[i] < 0 || kinds[i] >= cursor->n_kinds)
      continue;
    Total *t = &cursor->totals[kinds[i]];
    if (t->spans++ == 0)
      t->least = t->most = durations[i];
    unpark_time_sum(&t->total, durations[i]);
    t->least = MIN(t->least, durations[i]);
    t->most = MAX(t->most, durations[i]);
  }
}

/* Adds up the spans of the current source. */
static int sum_source(Table *table, Cursor *cursor) {
  UnparkStore *store = table->context->sources[cursor->source].store;
  const UnparkBlockList *list = unpark_store_blocks(store, UNPARK_FACT_SPAN);
  g_free(cursor->totals);
  cursor->n_kinds = unpark_store_n_kinds(store);
  cursor->totals = g_new0(Total, cursor->n_kinds + 1);
  cursor->kind = 0;
  for (guint b = 0; b < list->n; b++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(UnparkDecoded) d = unpark_store_decode(store, UNPARK_FACT_SPAN, &list->blocks[b],
                                                     1u << SPAN_KIND | 1u << SPAN_DURATION, &error);
    if (!d)
      return unpark_vtab_fail(&table->base, error);
    if (unpark_query_over(table->context->bounds))
      return SQLITE_INTERRUPT;
    add_block(cursor, d);
  }
  return SQLITE_OK;
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  for (;;) {
    do
      cursor->kind++;
    while (cursor->kind < cursor->n_kinds && cursor->totals[cursor->kind].spans == 0);
    if (cursor->kind < cursor->n_kinds || ++cursor->source >= table->context->n)
      return SQLITE_OK;
    int code = sum_source(table, cursor);
    if (code != SQLITE_OK)
      return code;
  }
}

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  (void)plan;
  (void)codes;
  (void)argc;
  (void)argv;
  cursor->source = 0;
  int code = sum_source((Table *)base->pVtab, cursor);
  return code == SQLITE_OK ? x_next(base) : code;
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->source >= ((Table *)base->pVtab)->context->n;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  *rowid = (gint64)((Cursor *)base)->source << 16 | ((Cursor *)base)->kind;
  return SQLITE_OK;
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  const Table *table = (const Table *)base->pVtab;
  const UnparkSourceEntry *source = &table->context->sources[cursor->source];
  const UnparkKind *kind = unpark_store_kind(source->store, (guint16)cursor->kind);
  const Total *t = &cursor->totals[cursor->kind];
  const gint64 numbers[] = {0, 0, t->spans, t->total, t->least, t->most};
  n -= table->first;
  if (n < 0)
    sqlite3_result_int64(c, source->id);
  else if (n == COL_STATE)
    sqlite3_result_text(c, unpark_state_name(kind->state), -1, SQLITE_STATIC);
  else if (n == COL_REASON)
    sqlite3_result_text(c, kind->reason, -1, SQLITE_STATIC);
  else
    sqlite3_result_int64(c, numbers[n]);
  return SQLITE_OK;
}

int unpark_vtab_register_totals(sqlite3 *db, UnparkVtabContext *context) {
  static const sqlite3_module module = {
      .xConnect = x_connect,
      .xBestIndex = x_best_index,
      .xDisconnect = x_disconnect,
      .xOpen = x_open,
      .xClose = x_close,
      .xFilter = x_filter,
      .xNext = x_next,
      .xEof = x_eof,
      .xColumn = x_column,
      .xRowid = x_rowid,
  };
  return sqlite3_create_module(db, "span_total", &module, context);
}
