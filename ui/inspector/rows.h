/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks, regions, ranges, logs and CPU samples for the inspector: what a worker reads of them. */
#pragma once

#include "model/store/row-at.h"
#include "model/base/tables.h"
#include "ui/inspector/parts.h"

/* One row and its number. */
typedef struct {
  int table; /* UnparkTable */
  gint64 number;
  gint64 values[UNPARK_ROW_COLUMNS];
} UnparkRowFacts;

/* The time the row covers, open ends put at the trace's. */
void unpark_row_time(UnparkStore *store, const UnparkRowFacts *row, gint64 *from_ns, gint64 *to_ns);
UnparkPick unpark_row_pick(UnparkStore *store, const UnparkRowFacts *row);
/* Worker. The task of that id; FALSE without *error: there is none (0 is the background task). */
gboolean unpark_row_find_task(UnparkStore *store, gint64 id, UnparkRowFacts *task,
                              GCancellable *cancellable, GError **error);
/* A link to a task, region or log: its name, and how long it was (or when). */
void unpark_parts_row(UnparkParts *p, const char *before, const UnparkRowFacts *row);
