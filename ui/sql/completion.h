/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be written at a place of a query: tables after FROM, columns of the tables that the
 * query names, their aliases, values of columns that have few, functions and keywords. No GTK. Any
 * thread. */
#pragma once

#include "model/base/types.h"

typedef enum {
  UNPARK_SQL_COLUMN,
  UNPARK_SQL_TABLE,
  UNPARK_SQL_NAME, /* that the query itself gives: a table of WITH, a column after AS */
  UNPARK_SQL_VALUE,
  UNPARK_SQL_FUNCTION,
  UNPARK_SQL_KEYWORD
} UnparkSqlProposalKind;

typedef struct {
  char *text;         /* as it is to be inserted */
  const char *detail; /* of a column its table; NULL. Static */
  UnparkSqlProposalKind kind;
  guint rank; /* private: how far down it is */
} UnparkSqlProposal;

/* Proposals for the word that ends at byte `cursor` of `text`, the best first; *from is where that
 * word begins. The array is empty if nothing fits, or, unless `asked`, if nothing is begun and the
 * place does not suggest what comes. Free with g_ptr_array_unref(). */
GPtrArray *unpark_sql_complete(const char *text, gsize cursor, UnparkSourceKind kind,
                               gboolean asked, gsize *from);
