/* stack_frame(stack, depth, function, file, line, inlined) */
#include "model/vtab.h"

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

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  (void)vtab;
  info->estimatedCost = 1e9;
  info->estimatedRows = 1000000;
  for (int i = 0; i < info->nConstraint; i++)
    if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == COL_STACK &&
        info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
      info->aConstraintUsage[i].argvIndex = 1;
      info->idxNum = 1;
      info->estimatedCost = 20;
      info->estimatedRows = 20;
      break;
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

static void begin_stack(Cursor *cursor) {
  cursor->depth = 0;
  cursor->node = 0;
  for (; cursor->stack <= cursor->last; cursor->stack++) {
    cursor->node = cursor->stacks->stack_node[cursor->stack - 1];
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
  if (plan == 1) {
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
  cursor->node = cursor->stacks->node_parent[cursor->node - 1];
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
    sqlite3_result_text(c, unpark_store_string(store, (guint32)row[n - COL_FUNCTION]), -1,
                        SQLITE_STATIC);
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
