/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting of rows that a store does not keep in the wanted order. */
#pragma once

#include <gio/gio.h>

typedef struct _UnparkRowSort UnparkRowSort;

/* Rows of `n_columns` numbers, ascending by the columns `first` and `second` (-1: none), equal ones
 * as they were added. Bounded memory: what is more than some 60 MB waits in a temporary file. */
UnparkRowSort *unpark_row_sort_new(guint n_columns, gint first, gint second);
void unpark_row_sort_free(UnparkRowSort *sort);
gboolean unpark_row_sort_add(UnparkRowSort *sort, gint64 *const *columns, guint n, GError **error);
/* No more rows are added. */
gboolean unpark_row_sort_end(UnparkRowSort *sort, GError **error);
/* At most `room` of the next rows; 0: there are no more. */
gboolean unpark_row_sort_take(UnparkRowSort *sort, gint64 *const *columns, guint room, guint *n,
                              GError **error);
