/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking through all spans for those that pass a test: column by column, no rows are made. */
#pragma once

#include "model/store/store.h"

/* All of it has to be true of one span. */
typedef struct {
  const guint8 *kinds; /* by kind id, below unpark_store_n_kinds(): TRUE passes; NULL: any */
  gint64 min_ns, max_ns;
  gint64 waker;         /* UNPARK_NONE: anybody or nobody */
  const guint8 *stacks; /* by stack id, below n_stacks: TRUE passes; NULL: any or none */
  guint n_stacks;
} UnparkSpanTest;

typedef struct {
  gint64 goroutine, start_ns, end_ns;
  guint16 test; /* that it passes */
  guint16 kind;
} UnparkSpanMatch;

/* In no order; FALSE stops. */
typedef gboolean (*UnparkMatchVisit)(const UnparkSpanMatch *match, gpointer data);

/* Worker. A span that passes several tests is visited for each. FALSE and *error on failure. */
gboolean unpark_store_match_spans(UnparkStore *store, const UnparkSpanTest *tests, guint n_tests,
                                  UnparkMatchVisit visit, gpointer data, GCancellable *cancellable,
                                  GError **error);
