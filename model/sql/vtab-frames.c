/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stack_frame(stack, depth, function, file, line, inlined) */
#include "model/sql/vtab.h"

enum { PLAN_STACK = 1, PLAN_DEPTH = 2 };
enum { COL_STACK, COL_DEPTH, COL_FUNCTION, COL_FILE, COL_LINE, COL_INLINED };

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
} Table;

typedef struct {
  sqlite3_vtab_cursor base;
  const UnparkStacks *stacks;
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
  *vtab = &table->base;
  return unpark_vtab_declare(db, aux,
                             "CREATE TABLE x(stack INTEGER, depth INTEGER, function TEXT, "
                             "file TEXT, line INTEGER, inlined INTEGER)");
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

/* The constraint "column = value" that can be used; -1: none. */
static int find_equal(const sqlite3_index_info *info, int column) {
  for (int i = 0; i < info->nConstraint; i++)
    if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == column &&
        info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ)
      return i;
  return -1;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  (void)vtab;
  info->estimatedCost = 1e9;
  info->estimatedRows = 1000000;
  int n = 0, by_stack = find_equal(info, COL_STACK), by_depth = find_equal(info, COL_DEPTH);
  if (by_stack >= 0) {
    info->aConstraintUsage[by_stack].argvIndex = ++n;
    info->idxNum |= PLAN_STACK;
    info->estimatedCost = 20;
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

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  g_autoptr(GError) error = NULL;
  (void)codes;
  (void)argc;
  cursor->stacks = unpark_store_stacks(table->context->store, &error);
  if (!cursor->stacks)
    return unpark_vtab_fail(&table->base, error);
  cursor->stack = 1;
  cursor->last = cursor->stacks->n_stacks;
  cursor->only = -1;
  if (plan & PLAN_DEPTH) {
    sqlite3_value *depth = argv[plan & PLAN_STACK ? 1 : 0];
    /* SQLite compares once more; what is no number of a frame finds none. */
    if (sqlite3_value_numeric_type(depth) != SQLITE_INTEGER || sqlite3_value_int64(depth) < 0)
      cursor->last = 0;
    else
      cursor->only = sqlite3_value_int64(depth);
  }
  if (plan & PLAN_STACK && cursor->last > 0) {
    gint64 id = sqlite3_value_int64(argv[0]);
    gboolean known = sqlite3_value_numeric_type(argv[0]) == SQLITE_INTEGER && id >= 1 &&
                     id <= (gint64)cursor->stacks->n_stacks;
    cursor->stack = known ? (guint64)id : 1;
    cursor->last = known ? (guint64)id : 0;
  }
  begin_stack(cursor);
  return SQLITE_OK;
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  cursor->node = cursor->only >= 0 ? 0 : cursor->stacks->node_parent[cursor->node - 1];
  cursor->depth++;
  if (!cursor->node) {
    cursor->stack++;
    begin_stack(cursor);
    if (unpark_query_over(table->context->bounds))
      return SQLITE_INTERRUPT;
  }
  return SQLITE_OK;
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->stack > ((Cursor *)base)->last;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  const Cursor *cursor = (const Cursor *)base;
  *rowid = (gint64)(cursor->stack << 24 | cursor->depth);
  return SQLITE_OK;
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  UnparkStore *store = ((Table *)base->pVtab)->context->store;
  guint32 frame = cursor->stacks->node_frame[cursor->node - 1];
  static const gint64 unknown[4];
  const gint64 *row = frame ? cursor->stacks->frames + ((gsize)frame - 1) * 4 : unknown;
  switch (n) {
  case COL_STACK:
    sqlite3_result_int64(c, (gint64)cursor->stack);
    break;
  case COL_DEPTH:
    sqlite3_result_int64(c, cursor->depth);
    break;
  case COL_FUNCTION:
  case COL_FILE:
    unpark_vtab_text(c, unpark_store_string(store, (guint32)row[n - COL_FUNCTION]));
    break;
  default:
    sqlite3_result_int64(c, row[n - COL_FUNCTION]);
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
