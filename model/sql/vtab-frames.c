/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stack_frame(stack, depth, function, file, line, inlined) */
#include "model/sql/vtab.h"

enum { PLAN_STACK = 1, PLAN_DEPTH = 2, PLAN_SOURCE = 4 };
enum { COL_STACK, COL_DEPTH, COL_FUNCTION, COL_FILE, COL_LINE, COL_INLINED };

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
  int first; /* number of the column `stack`: 1 after `source` */
} Table;

typedef struct {
  sqlite3_vtab_cursor base;
  guint source, end; /* the one that is read, and the one after the last */
  const UnparkStacks *stacks;
  gint64 wanted;       /* the one stack that is asked for; 0: all */
  guint64 stack, last; /* stack ids from..to */
  guint32 node;
  guint depth;
  gint64 only; /* the one depth that is asked for; -1: all */
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
  g_autofree char *sql =
      g_strconcat(UNPARK_VTAB_CREATE(table->context),
                  "stack INTEGER, depth INTEGER, function TEXT, file TEXT, line INTEGER, "
                  "inlined INTEGER)",
                  NULL);
  return unpark_vtab_declare(db, aux, sql);
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  const Table *table = (const Table *)vtab;
  int by_source = table->first ? unpark_vtab_find_equal(info, 0) : -1;
  int by_stack = unpark_vtab_find_equal(info, table->first + COL_STACK);
  int by_depth = unpark_vtab_find_equal(info, table->first + COL_DEPTH);
  int n = 0;
  info->estimatedCost = 1e9;
  info->estimatedRows = 1000000;
  if (by_source >= 0) {
    info->aConstraintUsage[by_source].argvIndex = ++n;
    info->idxNum |= PLAN_SOURCE;
    info->estimatedCost /= table->context->n;
  }
  if (by_stack >= 0) {
    info->aConstraintUsage[by_stack].argvIndex = ++n;
    info->idxNum |= PLAN_STACK;
    info->estimatedCost = by_source < 0 ? 20 * table->context->n : 20;
    info->estimatedRows = 20;
  }
  if (by_depth >= 0) {
    info->aConstraintUsage[by_depth].argvIndex = ++n;
    info->idxNum |= PLAN_DEPTH;
    info->estimatedCost /= 2;
    info->estimatedRows = by_stack >= 0 ? 1 : 100000;
  }
  return SQLITE_OK;
}

static int x_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out) {
  (void)vtab;
  Cursor *cursor = g_new0(Cursor, 1);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int x_close(sqlite3_vtab_cursor *base) {
  g_free(base);
  return SQLITE_OK;
}

/* The first frame that is wanted of this stack or, if it has none, of those after it. */
static void begin_stack(Cursor *cursor) {
  for (; cursor->stack <= cursor->last; cursor->stack++) {
    cursor->depth = 0;
    cursor->node = cursor->stacks->stack_node[cursor->stack - 1];
    while (cursor->node && cursor->only > (gint64)cursor->depth) {
      cursor->node = cursor->stacks->node_parent[cursor->node - 1];
      cursor->depth++;
    }
    if (cursor->node)
      break;
  }
}

/* Goes on with the sources from the current one on until there is a row. */
static int open_source(Table *table, Cursor *cursor) {
  for (; cursor->source < cursor->end; cursor->source++) {
    g_autoptr(GError) error = NULL;
    cursor->stacks = unpark_store_stacks(table->context->sources[cursor->source].store, &error);
    if (!cursor->stacks)
      return unpark_vtab_fail(&table->base, error);
    cursor->stack = cursor->wanted ? (guint64)cursor->wanted : 1;
    cursor->last = cursor->stacks->n_stacks;
    if (cursor->wanted)
      cursor->last = MIN(cursor->last, cursor->stack);
    begin_stack(cursor);
    if (cursor->stack <= cursor->last)
      break;
    if (unpark_query_over(table->context->bounds))
      return SQLITE_INTERRUPT;
  }
  return SQLITE_OK;
}

/* A number that may be asked for, from `least` on; -1: nothing is equal to the value. SQLite
 * compares once more. */
static gint64 number_of(sqlite3_value *value, gint64 least) {
  if (sqlite3_value_numeric_type(value) != SQLITE_INTEGER)
    return -1;
  return sqlite3_value_int64(value) >= least ? sqlite3_value_int64(value) : -1;
}

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  gint64 source = 1;
  int i = 0;
  (void)codes;
  (void)argc;
  if (plan & PLAN_SOURCE)
    source = number_of(argv[i++], 1);
  cursor->wanted = plan & PLAN_STACK ? number_of(argv[i++], 1) : 0;
  cursor->only = plan & PLAN_DEPTH ? number_of(argv[i], 0) : -1;
  cursor->source = 0;
  cursor->end = table->context->n;
  if (plan & PLAN_SOURCE) {
    cursor->source = (guint)CLAMP(source - 1, 0, (gint64)table->context->n);
    cursor->end = MIN(cursor->end, cursor->source + 1);
  }
  if (source < 0 || cursor->wanted < 0 || (plan & PLAN_DEPTH && cursor->only < 0))
    cursor->source = cursor->end;
  return open_source(table, cursor);
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  cursor->node = cursor->only >= 0 ? 0 : cursor->stacks->node_parent[cursor->node - 1];
  cursor->depth++;
  if (cursor->node)
    return SQLITE_OK;
  cursor->stack++;
  begin_stack(cursor);
  if (unpark_query_over(table->context->bounds))
    return SQLITE_INTERRUPT;
  if (cursor->stack <= cursor->last)
    return SQLITE_OK;
  cursor->source++;
  return open_source(table, cursor);
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->source >= ((Cursor *)base)->end;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  const Cursor *cursor = (const Cursor *)base;
  *rowid = (gint64)((guint64)cursor->source << 56 | cursor->stack << 24 | cursor->depth);
  return SQLITE_OK;
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  const Table *table = (const Table *)base->pVtab;
  const UnparkSourceEntry *source = &table->context->sources[cursor->source];
  guint32 frame = cursor->stacks->node_frame[cursor->node - 1];
  static const gint64 unknown[4];
  const gint64 *row = frame ? cursor->stacks->frames + ((gsize)frame - 1) * 4 : unknown;
  switch (n - table->first) {
  case -1:
    sqlite3_result_int64(c, source->id);
    break;
  case COL_STACK:
    sqlite3_result_int64(c, (gint64)cursor->stack);
    break;
  case COL_DEPTH:
    sqlite3_result_int64(c, cursor->depth);
    break;
  case COL_FUNCTION:
  case COL_FILE:
    unpark_vtab_text(
        c, unpark_store_string(source->store, (guint32)row[n - table->first - COL_FUNCTION]));
    break;
  default:
    sqlite3_result_int64(c, row[n - table->first - COL_FUNCTION]);
    break;
  }
  return SQLITE_OK;
}

int unpark_vtab_register_frames(sqlite3 *db, UnparkVtabContext *context) {
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
  return sqlite3_create_module(db, "stack_frame", &module, context);
}
