/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/vtab.h"

#include <string.h>

#include "model/base/times.h"
#include "model/sql/texts.h"
#include "model/sql/values.h"

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
  const UnparkSqlView *view;
  guint n_columns; /* of the view */
  guint first;     /* number of its first column: 1 after `source` */
  guint32 times;   /* bit mask of its columns that are times of the axis */
} Table;

/* Consecutive blocks whose lanes ascend: a segment of the import. */
typedef struct {
  guint next, end; /* blocks */
  UnparkDecoded *d;
  guint row;
  gint64 base; /* zone lane of d, for numbered rows */
  gint64 block_id;
} Run;

typedef struct {
  sqlite3_vtab_cursor base;
  guint32 used, columns; /* of the fact: that the statement needs; and that the scope does, too */
  gboolean ordered;      /* by goroutine and start */
  guint source, end;     /* the one that is read, and the last one after it */
  gint64 lane_from, lane_to;
  gint64 from_ns, to_ns; /* on the common axis */
  GArray *runs;          /* Run; in block order there is one */
  guint run;             /* current */
  gboolean eof;
  gboolean every_row; /* of one run: nothing has to be asked of them */
  gint64 last;        /* the goroutine that was asked for last, and whether it is in the scope */
  gboolean last_in;
} Cursor;

int unpark_vtab_declare(sqlite3 *db, UnparkVtabContext *context, const char *sql) {
  context->declaring = TRUE;
  int code = sqlite3_declare_vtab(db, sql);
  context->declaring = FALSE;
  return code;
}

int unpark_vtab_fail(sqlite3_vtab *vtab, const GError *error) {
  sqlite3_free(vtab->zErrMsg);
  vtab->zErrMsg = sqlite3_mprintf("%s", error->message);
  return SQLITE_ERROR;
}

static int x_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab,
                     char **message) {
  UnparkVtabContext *context = aux;
  const UnparkSqlView *view = unpark_sql_view_of(argv[0]);
  (void)argc;
  (void)message;
  g_return_val_if_fail(view, SQLITE_INTERNAL);
  Table *table = sqlite3_malloc(sizeof *table);
  if (!table)
    return SQLITE_NOMEM;
  *table = (Table){.context = context,
                   .view = view,
                   .n_columns = unpark_sql_n_columns(view),
                   .first = context->n > 1 ? 1 : 0};
  GString *sql = g_string_new(UNPARK_VTAB_CREATE(context));
  for (guint i = 0; i < table->n_columns; i++) {
    g_string_append_printf(sql, "%s\"%s\" %s", i ? ", " : "", view->columns[i].name,
                           view->columns[i].type);
    table->times |= unpark_sql_is_time(&view->columns[i]) ? 1u << i : 0;
  }
  g_string_append_c(sql, ')');
  int code = unpark_vtab_declare(db, context, sql->str);
  g_string_free(sql, TRUE);
  *vtab = &table->base;
  return code;
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  Table *table = (Table *)vtab;
  return unpark_vtab_plan(table->context, table->view, info);
}

/* ---- reading ------------------------------------------------------------------------ */

static int x_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out) {
  (void)vtab;
  Cursor *cursor = g_new0(Cursor, 1);
  cursor->runs = g_array_new(FALSE, TRUE, sizeof(Run));
  *out = &cursor->base;
  return SQLITE_OK;
}

static void clear_runs(Cursor *cursor) {
  for (guint i = 0; i < cursor->runs->len; i++)
    unpark_decoded_unref(g_array_index(cursor->runs, Run, i).d);
  g_array_set_size(cursor->runs, 0);
}

static int x_close(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  clear_runs(cursor);
  g_array_unref(cursor->runs);
  g_free(cursor);
  return SQLITE_OK;
}

static const UnparkSourceEntry *source_of(const Table *table, const Cursor *cursor) {
  return &table->context->sources[cursor->source];
}

/* NULL: all rows. */
static const UnparkQueryScope *scope_of(const Table *table, const Cursor *cursor) {
  return table->context->scopes ? table->context->scopes[cursor->source] : NULL;
}

/* Neighbours are mostly of the same goroutine. */
static gboolean in_goroutines(Cursor *cursor, const UnparkQueryScope *scope, gint64 goroutine) {
  if (goroutine != cursor->last) {
    cursor->last = goroutine;
    cursor->last_in = unpark_id_set_has(&scope->goroutines, goroutine);
  }
  return cursor->last_in;
}

static gboolean passes_a_test(UnparkStore *store, const UnparkQueryScope *scope,
                              const UnparkDecoded *d, guint i) {
  for (guint t = 0; t < scope->n_tests; t++)
    if (unpark_span_test_passes(store, &scope->tests[t], d, i))
      return TRUE;
  return scope->n_tests == 0;
}

static gboolean is_within(const Table *table, Cursor *cursor, const UnparkDecoded *d, guint i) {
  const UnparkQueryScope *scope = scope_of(table, cursor);
  if (!scope || table->view->within == WITHIN_ALWAYS)
    return TRUE;
  gint64 value = d->columns[table->view->within_column][i];
  switch (table->view->within) {
  case WITHIN_TASKS:
    return scope->tasks ? unpark_id_set_has(scope->tasks, d->columns[TASK_ID][i])
                        : in_goroutines(cursor, scope, value);
  case WITHIN_RANGES:
    return d->columns[RANGE_SCOPE][i] != UNPARK_SCOPE_GOROUTINE ||
           in_goroutines(cursor, scope, value);
  case WITHIN_SPANS:
    return in_goroutines(cursor, scope, value) &&
           passes_a_test(source_of(table, cursor)->store, scope, d, i);
  default:
    return in_goroutines(cursor, scope, value);
  }
}

/* Whether the row is of the lanes asked for. */
static gboolean lane_fits(const Cursor *cursor, const UnparkSqlView *view, const Run *run) {
  gint8 lane = unpark_facts[view->fact].lane;
  gint64 value = lane >= 0 ? run->d->columns[lane][run->row] : run->base + run->row;
  return value >= cursor->lane_from && value <= cursor->lane_to;
}

/* A time of the axis as one of the source; what has no bound has none. */
static gint64 time_in(const UnparkSourceEntry *source, gint64 t) {
  return t == G_MININT64 || t == G_MAXINT64 ? t : unpark_time_subtract(t, source->add_ns);
}

/* Opens the next block of the run that may hold rows. d NULL: the run is over. */
static gboolean next_block(Table *table, Cursor *cursor, Run *run, GError **error) {
  const UnparkSourceEntry *source = source_of(table, cursor);
  gint64 from_ns = time_in(source, cursor->from_ns), to_ns = time_in(source, cursor->to_ns);
  const UnparkBlockList *list = unpark_store_blocks(source->store, table->view->fact);
  const UnparkFactSpec *spec = &unpark_facts[table->view->fact];
  g_clear_pointer(&run->d, unpark_decoded_unref);
  for (; run->next < run->end; run->next++) {
    const UnparkBlockInfo *info = &list->blocks[run->next];
    if (info->lane_min > cursor->lane_to || info->lane_max < cursor->lane_from ||
        (spec->start >= 0 && (info->time_min > to_ns || info->time_max < from_ns)))
      continue;
    if (unpark_query_over(table->context->bounds))
      return TRUE; /* the caller sees it, too */
    run->d = unpark_store_decode(source->store, table->view->fact, info, cursor->columns, error);
    run->base = info->lane_min;
    run->block_id = info->id;
    run->row = 0;
    run->next++;
    if (run->d && table->view->lane_sorted && spec->lane >= 0) {
      guint last;
      unpark_rows_between(run->d->columns[spec->lane], run->d->n, cursor->lane_from,
                          cursor->lane_to, &run->row, &last);
    }
    return run->d != NULL;
  }
  return TRUE;
}

/* Moves the run to its first row from the current one on that belongs. */
static gboolean settle(Table *table, Cursor *cursor, Run *run, GError **error) {
  UnparkStore *store = source_of(table, cursor)->store;
  for (;;) {
    if (!run->d) {
      if (!next_block(table, cursor, run, error))
        return FALSE;
      if (!run->d)
        return TRUE;
    }
    for (; run->row < run->d->n; run->row++)
      if (lane_fits(cursor, table->view, run) &&
          unpark_sql_has_row(store, table->view, run->d, run->row) &&
          is_within(table, cursor, run->d, run->row))
        return TRUE;
    g_clear_pointer(&run->d, unpark_decoded_unref);
  }
}

static gint64 run_lane(const Table *table, const Run *run) {
  gint8 lane = unpark_facts[table->view->fact].lane;
  return lane >= 0 ? run->d->columns[lane][run->row] : run->base + run->row;
}

/* The run with the least lane; of equal ones the first, which is the earliest in time. */
static void choose_run(Table *table, Cursor *cursor) {
  gint64 least = 0;
  cursor->eof = TRUE;
  for (guint i = 0; i < cursor->runs->len; i++) {
    const Run *run = &g_array_index(cursor->runs, Run, i);
    if (run->d && (cursor->eof || run_lane(table, run) < least)) {
      least = run_lane(table, run);
      cursor->run = i;
      cursor->eof = FALSE;
    }
  }
}

static void split_runs(const Table *table, Cursor *cursor) {
  const UnparkBlockList *list =
      unpark_store_blocks(source_of(table, cursor)->store, table->view->fact);
  Run run = {.end = list->n};
  for (guint b = 1; cursor->ordered && b < list->n; b++)
    if (list->blocks[b].lane_min < list->blocks[b - 1].lane_max) {
      run.end = b;
      g_array_append_val(cursor->runs, run);
      run = (Run){.next = b, .end = list->n};
    }
  g_array_append_val(cursor->runs, run);
}

/* Lower or upper bound of a constraint's value; reals are rounded outwards. FALSE: text and the
 * like, which tell nothing. */
static gboolean bound(sqlite3_value *value, gint64 *low, gint64 *high) {
  switch (sqlite3_value_type(value)) {
  case SQLITE_INTEGER:
    *low = *high = sqlite3_value_int64(value);
    return TRUE;
  case SQLITE_FLOAT: {
    double v = sqlite3_value_double(value);
    if (!(v > -9e18 && v < 9e18))
      return FALSE;
    *low = (gint64)v - 1;
    *high = (gint64)v + 1;
    return TRUE;
  }
  default:
    return FALSE;
  }
}

static void narrow(Cursor *cursor, char code, gint64 low, gint64 high) {
  if (code == 'l' || code == 'a')
    cursor->lane_from = MAX(cursor->lane_from, low);
  if (code == 'l' || code == 'b')
    cursor->lane_to = MIN(cursor->lane_to, high);
  if (code == 'x' || code == 'f')
    cursor->from_ns = MAX(cursor->from_ns, low);
  if (code == 'x' || code == 't')
    cursor->to_ns = MIN(cursor->to_ns, high);
}

static int finish_step(Table *table, gboolean ok, GError *error) {
  if (!ok) {
    int code = unpark_vtab_fail(&table->base, error);
    g_error_free(error);
    return code;
  }
  return unpark_query_over(table->context->bounds) ? SQLITE_INTERRUPT : SQLITE_OK;
}

/* Begins to read the current source. */
static gboolean open_source(Table *table, Cursor *cursor, GError **error) {
  const UnparkQueryScope *scope = scope_of(table, cursor);
  gboolean ok = TRUE;

  clear_runs(cursor);
  cursor->columns = cursor->used | unpark_sql_needs_within(table->view, scope);
  cursor->last = UNPARK_NONE;
  cursor->last_in = FALSE;
  split_runs(table, cursor);
  cursor->every_row = table->view->rows == ROWS_ALL && cursor->runs->len == 1 &&
                      cursor->lane_from == G_MININT64 && cursor->lane_to == G_MAXINT64 &&
                      (!scope || table->view->within == WITHIN_ALWAYS);
  for (guint i = 0; ok && i < cursor->runs->len; i++)
    ok = settle(table, cursor, &g_array_index(cursor->runs, Run, i), error);
  choose_run(table, cursor);
  return ok;
}

/* When a source has no more rows, goes on with the next. */
static gboolean next_source(Table *table, Cursor *cursor, GError **error) {
  while (cursor->eof && cursor->source < cursor->end &&
         !unpark_query_over(table->context->bounds)) {
    cursor->source++;
    if (!open_source(table, cursor, error))
      return FALSE;
  }
  return TRUE;
}

/* Narrows down which sources are read. */
static void narrow_sources(const Table *table, Cursor *cursor, gint64 low, gint64 high) {
  const UnparkSourceEntry *sources = table->context->sources;
  while (cursor->source < cursor->end && sources[cursor->source].id < low)
    cursor->source++;
  while (cursor->end > cursor->source && sources[cursor->end].id > high)
    cursor->end--;
  if (sources[cursor->source].id < low || sources[cursor->end].id > high)
    cursor->lane_to = G_MININT64; /* no row is of such a lane */
}

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  const char *used = strchr(codes, '/');
  guint64 columns = g_ascii_strtoull(used + 1, NULL, 16) >> table->first;
  GError *error = NULL;

  cursor->used = unpark_sql_needs(table->view, columns);
  cursor->ordered = (plan & UNPARK_VTAB_LANE_ORDER) != 0;
  cursor->source = 0;
  cursor->end = table->context->n - 1;
  cursor->lane_from = cursor->from_ns = G_MININT64;
  cursor->lane_to = cursor->to_ns = G_MAXINT64;
  for (int i = 0; i < argc; i++) {
    gint64 low, high;
    if (!bound(argv[i], &low, &high))
      continue;
    if (codes[i] == UNPARK_VTAB_SOURCE)
      narrow_sources(table, cursor, low, high);
    else
      narrow(cursor, codes[i], low, high);
  }
  gboolean ok = open_source(table, cursor, &error) && next_source(table, cursor, &error);
  return finish_step(table, ok, error);
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  Run *run = &g_array_index(cursor->runs, Run, cursor->run);
  gint64 lane = run_lane(table, run);
  GError *error = NULL;
  run->row++;
  if (G_LIKELY(cursor->every_row && run->row < run->d->n))
    return SQLITE_OK;
  gboolean had_block = run->row < run->d->n;
  gboolean ok = settle(table, cursor, run, &error);
  if (cursor->runs->len == 1)
    cursor->eof = run->d == NULL;
  else if (!run->d || run_lane(table, run) != lane)
    choose_run(table, cursor);
  ok = ok && next_source(table, cursor, &error);
  return had_block && ok ? SQLITE_OK : finish_step(table, ok, error);
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->eof;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  const Cursor *cursor = (const Cursor *)base;
  const Run *run = &g_array_index(cursor->runs, Run, cursor->run);
  *rowid = (gint64)cursor->source << 48 | (run->block_id * UNPARK_BLOCK_ROWS * 2 + run->row);
  return SQLITE_OK;
}

/* ---- values ---------------------------------------------------------------------------- */

static void result_number(sqlite3_context *c, gint64 value) {
  if (value == UNPARK_NONE)
    sqlite3_result_null(c);
  else
    sqlite3_result_int64(c, value);
}

void unpark_vtab_text(sqlite3_context *c, const char *text) {
  gsize size;
  g_autofree char *cut = unpark_sql_cut_text(text, &size);

  /* A text of the store lives as long as the store. */
  sqlite3_result_text(c, cut ? cut : text, (int)size, cut ? SQLITE_TRANSIENT : SQLITE_STATIC);
}

static void result_kind(sqlite3_context *c, UnparkStore *store, UnparkSqlKind what, gint64 id) {
  const UnparkKind *kind = unpark_sql_kind(store, id);
  if (!kind)
    sqlite3_result_null(c);
  else if (what == VIEW_STATE)
    unpark_vtab_text(c, unpark_state_name(kind->state));
  else if (what == VIEW_REASON)
    unpark_vtab_text(c, kind->reason);
  else
    unpark_vtab_text(c, unpark_cause_name(kind->cause));
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  const Table *table = (const Table *)base->pVtab;
  const UnparkSourceEntry *source = source_of(table, cursor);
  UnparkStore *store = source->store;
  const Run *run = &g_array_index(cursor->runs, Run, cursor->run);
  const UnparkDecoded *d = run->d;
  guint i = run->row;

  if (n < (int)table->first) {
    sqlite3_result_int64(c, source->id);
    return SQLITE_OK;
  }
  n -= (int)table->first;
  const UnparkSqlColumn *column = &table->view->columns[n];
  gint64 a = column->a >= 0 ? d->columns[column->a][i] : 0;
  gint64 offset_ns = table->times & 1u << n ? source->add_ns : 0;

  switch (column->kind) {
  case VIEW_NUMBER:
  case VIEW_STACK:
    result_number(c, a == unpark_sql_null(table->view, column) || a == UNPARK_NONE
                         ? UNPARK_NONE
                         : unpark_time_add(a, offset_ns));
    break;
  case VIEW_STRING:
    if (a != UNPARK_NONE)
      unpark_vtab_text(c, unpark_store_string(store, (guint32)a));
    break;
  case VIEW_SUM:
    sqlite3_result_int64(c, unpark_time_add(a + d->columns[column->b][i], offset_ns));
    break;
  case VIEW_DIFFERENCE:
    if (a != UNPARK_NONE && d->columns[column->b][i] != UNPARK_NONE)
      sqlite3_result_int64(c, a - d->columns[column->b][i]);
    break;
  case VIEW_SCOPE:
    unpark_vtab_text(c, unpark_scope_name((UnparkScope)a));
    break;
  case VIEW_ROW_ID:
    sqlite3_result_int64(c, run->base + i);
    break;
  case VIEW_STATE:
  case VIEW_REASON:
  case VIEW_CAUSE:
    result_kind(c, store, column->kind, a);
    break;
  case VIEW_NODE_DEPTH:
    result_number(c, unpark_sql_depth(store, a));
    break;
  default:
    result_number(c, unpark_sql_span_value(store, column->kind, d, i));
    break;
  }
  return SQLITE_OK;
}

int unpark_vtab_register(sqlite3 *db, UnparkVtabContext *context) {
  /* No xCreate: the tables are simply there. */
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
  int code = SQLITE_OK;
  for (guint i = 0; i < unpark_n_sql_views && code == SQLITE_OK; i++)
    code = sqlite3_create_module(db, unpark_sql_views[i].name, &module, context);
  return code;
}
