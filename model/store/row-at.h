/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the small tables (tasks, regions, ranges, logs, samples) by number, and by whom and when
 * they are about. A row's number counts from 0 in the order of unpark_store_rows() of all time. */
#pragma once

#include "model/store/store.h"

#define UNPARK_ROW_COLUMNS 16

/* Worker. Copies the row's columns (as listed in model/writer/writer.h) to `values`. FALSE without
 * *error set: there is no such row. */
gboolean unpark_store_row(UnparkStore *store, int table, gint64 number,
                          gint64 values[UNPARK_ROW_COLUMNS], GError **error);

/* FALSE stops. `values` is valid during the call. */
typedef gboolean (*UnparkRowVisit)(gint64 number, const gint64 *values, gpointer data);

/* Worker. The rows that touch [from_ns, to_ns] and, if `lane` is not UNPARK_NONE, are of that lane:
 * goroutine of regions, logs and samples, id of tasks. */
gboolean unpark_store_visit_rows(UnparkStore *store, int table, gint64 lane, gint64 from_ns,
                                 gint64 to_ns, UnparkRowVisit visit, gpointer data,
                                 GCancellable *cancellable, GError **error);
