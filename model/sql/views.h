/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public tables of SQL, as views of facts: which fact, which columns, which
 * rows. docs for users: the README's table of SQL names. Columns are added, never
 * renamed. */
#pragma once

#include "model/sql/query.h"
#include "model/store/decode.h"

/* How a public column is made of the fact's columns. */
typedef enum {
  VIEW_NUMBER,     /* column `a`; NONE is NULL */
  VIEW_STRING,     /* text of string id `a` */
  VIEW_STACK,      /* stack id `a`; 0 is NULL */
  VIEW_SUM,        /* a + b */
  VIEW_DIFFERENCE, /* a - b; NULL if either is */
  VIEW_SCOPE,      /* UnparkScope in a as text */
  VIEW_ROW_ID,     /* number of the row: zone lane + row */
  VIEW_STATE,      /* of a span's kind */
  VIEW_REASON,
  VIEW_CAUSE,
  VIEW_PROC, /* of executing spans */
  VIEW_THREAD,
  VIEW_WAKER,      /* of waiting spans */
  VIEW_NEXT_PROC,  /* of runnable spans: where they then ran */
  VIEW_ANY_WAKER,  /* of runnable spans: who made them so */
  VIEW_NODE_DEPTH, /* depth of the node in a */
} UnparkSqlKind;

typedef enum {
  ROLE_NONE,
  ROLE_LANE,  /* the zone's lane */
  ROLE_START, /* not before the zone's start, not after its end */
  ROLE_END
} UnparkSqlRole;

typedef struct {
  const char *name, *type; /* SQL type */
  UnparkSqlKind kind;
  gint8 a, b;
  UnparkSqlRole role;
} UnparkSqlColumn;

typedef enum {
  ROWS_ALL,
  ROWS_WITH_PROC,   /* executions on a processor */
  ROWS_WITH_THREAD, /* executions on a known thread */
  ROWS_LATENCY,     /* runnable spans that ended in running */
} UnparkSqlRows;

/* When a row is within an UnparkQueryScope. */
typedef enum {
  WITHIN_ALWAYS,
  WITHIN_GOROUTINES, /* the fact's column `within_column` is one of the goroutines */
  WITHIN_SPANS,      /* and the span passes one of the tests */
  WITHIN_TASKS,      /* the task is one of the tasks */
  WITHIN_RANGES      /* of a goroutine: one of the goroutines */
} UnparkSqlWithin;

typedef struct {
  const char *name;
  UnparkFact fact;
  UnparkSqlRows rows;
  gboolean lane_sorted; /* within each block, and in runs of blocks */
  UnparkSqlColumn columns[16];
  UnparkSqlWithin within;
  gint8 within_column;
} UnparkSqlView;

extern const UnparkSqlView unpark_sql_views[];
extern const guint unpark_n_sql_views;

guint unpark_sql_n_columns(const UnparkSqlView *view);
/* Whether the column is a time of the axis, to which a source's offset is added: not a duration,
 * and not a Unix time. */
gboolean unpark_sql_is_time(const UnparkSqlColumn *column);
/* Bit mask of the fact's columns that the view's columns in `used` (SQLite's colUsed) need. */
guint32 unpark_sql_needs(const UnparkSqlView *view, guint64 used);
/* The same of what tells whether a row is within the scope. */
guint32 unpark_sql_needs_within(const UnparkSqlView *view, const UnparkQueryScope *scope);
