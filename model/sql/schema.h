/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public tables of SQL and their columns, for completion and help. Constant; any thread. */
#pragma once

#include <glib.h>

#include "model/base/types.h"

typedef struct {
  const char *name;
  const char *const *columns; /* NULL-terminated */
  UnparkSourceKind kind;      /* what kind of source fills it */
  gboolean always;            /* every kind does */
  gboolean session;           /* of what is open together, not of a file: not to be exported */
} UnparkSqlTableInfo;

const UnparkSqlTableInfo *unpark_sql_tables(guint *n);
/* Whether sources of that kind fill the table. */
gboolean unpark_sql_table_is_of(const UnparkSqlTableInfo *table, UnparkSourceKind kind);

/* A query worth asking of a kind of source. */
typedef struct {
  const char *title; /* translatable */
  const char *sql;
  UnparkSourceKind kind;
} UnparkSqlExample;

const UnparkSqlExample *unpark_sql_examples(guint *n);
