/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the public tables have, for whoever reads them: a statement row by row (vtab.c), or all of a
 * table by columns (reader.c). Any thread. */
#pragma once

#include "model/base/tables.h"
#include "model/sql/views.h"

/* NULL: there is no table of that name that is made of blocks. */
const UnparkSqlView *unpark_sql_view_of(const char *table);

/* Whether the fact's row is one of the view's. */
static inline gboolean unpark_sql_has_row(UnparkStore *store, const UnparkSqlView *view,
                                          const UnparkDecoded *d, guint i) {
  switch (view->rows) {
  case ROWS_ALL:
    return TRUE;
  case ROWS_WITH_PROC:
    return d->columns[EXEC_PROC][i] >= 0;
  case ROWS_WITH_THREAD:
    return d->columns[EXEC_THREAD][i] >= 0;
  case ROWS_LATENCY:
    return unpark_span_state(store, d, i) == UNPARK_STATE_RUNNABLE &&
           unpark_span_place(store, d, i) != 0;
  }
  return FALSE;
}

/* What stands for NULL in the fact's column, besides UNPARK_NONE: of stacks the id 0; of
 * executions the processor -1. */
static inline gint64 unpark_sql_null(const UnparkSqlView *view, const UnparkSqlColumn *column) {
  if (column->kind == VIEW_STACK)
    return 0;
  return column->a == EXEC_PROC && view->fact == UNPARK_FACT_EXEC ? -1 : UNPARK_NONE;
}

/* Of VIEW_STATE, VIEW_REASON and VIEW_CAUSE; NULL: there is none of that id. */
const UnparkKind *unpark_sql_kind(UnparkStore *store, gint64 id);
/* Of VIEW_PROC, VIEW_THREAD, VIEW_WAKER, VIEW_NEXT_PROC and VIEW_ANY_WAKER; UNPARK_NONE: NULL. */
gint64 unpark_sql_span_value(UnparkStore *store, UnparkSqlKind what, const UnparkDecoded *d,
                             guint i);
/* Of VIEW_NODE_DEPTH; UNPARK_NONE: NULL. */
gint64 unpark_sql_depth(UnparkStore *store, gint64 node);
