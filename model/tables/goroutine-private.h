/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the goroutine table share. */
#pragma once

#include "model/tables/goroutine-table.h"

/* Worker. Of a table whose rows and functions are in order: assists, what was created, ended and is
 * alive, and how long goroutines were there. FALSE with *error. */
gboolean unpark_goroutine_table_fill(UnparkGoroutineTable *table, GCancellable *cancellable,
                                     GError **error);
