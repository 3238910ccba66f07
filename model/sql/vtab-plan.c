/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xBestIndex of the tables that are made of blocks. */
#include "model/sql/vtab.h"

/* The column's place in the view; -1: it is `source`, or the row's number. */
static int view_column(const UnparkVtabContext *context, int column) {
  return context->n > 1 ? column - 1 : column;
}

static gboolean is_source(const UnparkVtabContext *context, int column) {
  return context->n > 1 && column == 0;
}

/* What a constraint tells of the zone; 0: nothing. */
static char zone_code(UnparkSqlRole role, int op) {
  gboolean lane = role == ROLE_LANE;
  if (role == ROLE_NONE)
    return 0;
  switch (op) {
  case SQLITE_INDEX_CONSTRAINT_EQ:
    return lane ? 'l' : 'x';
  case SQLITE_INDEX_CONSTRAINT_GT:
  case SQLITE_INDEX_CONSTRAINT_GE:
    return lane ? 'a' : 'f';
  case SQLITE_INDEX_CONSTRAINT_LT:
  case SQLITE_INDEX_CONSTRAINT_LE:
    return lane ? 'b' : 't';
  default:
    return 0;
  }
}

static char code_of(const UnparkVtabContext *context, const UnparkSqlView *view, int column,
                    int op) {
  if (is_source(context, column))
    return op == SQLITE_INDEX_CONSTRAINT_EQ ? UNPARK_VTAB_SOURCE : 0;
  return zone_code(view->columns[view_column(context, column)].role, op);
}

/* Whether rows come in the wanted order: all of a source, then all of the next. `one`: they are of
 * one source. */
static gboolean comes_in_order(const UnparkVtabContext *context, const UnparkSqlView *view,
                               const sqlite3_index_info *info, gboolean one, gboolean *by_lane) {
  int i = 0, n = info->nOrderBy;
  if (n > 0 && is_source(context, info->aOrderBy[0].iColumn) && (!info->aOrderBy[0].desc || one))
    i = 1;
  else if (!one)
    return FALSE;
  *by_lane = i < n;
  if (n - i > 2 || (*by_lane && !view->lane_sorted))
    return FALSE;
  for (int first = i; i < n; i++) {
    int column = info->aOrderBy[i].iColumn;
    UnparkSqlRole role = i == first ? ROLE_LANE : ROLE_START;
    if (info->aOrderBy[i].desc || column < 0 || is_source(context, column) ||
        view->columns[view_column(context, column)].role != role)
      return FALSE;
  }
  return n > 0;
}

static double count_rows(const UnparkVtabContext *context, const UnparkSqlView *view) {
  double rows = 10;
  for (guint i = 0; i < context->n; i++)
    rows += (double)unpark_store_blocks(context->sources[i].store, view->fact)->rows;
  return rows;
}

int unpark_vtab_plan(const UnparkVtabContext *context, const UnparkSqlView *view,
                     sqlite3_index_info *info) {
  double rows = count_rows(context, view);
  gboolean one = context->n == 1, by_lane = FALSE;
  g_autoptr(GString) plan = g_string_new(NULL);
  for (int i = 0; i < info->nConstraint; i++) {
    int column = info->aConstraint[i].iColumn;
    if (!info->aConstraint[i].usable || column < 0)
      continue;
    char code = code_of(context, view, column, info->aConstraint[i].op);
    if (!code)
      continue;
    g_string_append_c(plan, code);
    info->aConstraintUsage[i].argvIndex = (int)plan->len;
    one = one || code == UNPARK_VTAB_SOURCE;
    rows /= code == 'l' ? 10000 : code == 'x' ? 1000 : code == UNPARK_VTAB_SOURCE ? context->n : 4;
  }
  if (comes_in_order(context, view, info, one, &by_lane)) {
    info->idxNum |= by_lane ? UNPARK_VTAB_LANE_ORDER : 0;
    info->orderByConsumed = 1;
  }
  g_string_append_printf(plan, "/%" G_GINT64_MODIFIER "x", (guint64)info->colUsed);
  info->idxStr = sqlite3_mprintf("%s", plan->str);
  info->needToFreeIdxStr = 1;
  info->estimatedRows = (sqlite3_int64)MAX(rows, 1);
  info->estimatedCost = MAX(rows, 1) + 100;
  return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

int unpark_vtab_find_equal(const sqlite3_index_info *info, int column) {
  for (int i = 0; i < info->nConstraint; i++)
    if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == column &&
        info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ)
      return i;
  return -1;
}
