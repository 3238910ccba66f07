/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a public table of SQL as columns of numbers, many at a time: what takes all of a
 * table needs no statement, and 10 ns a value instead of some 50.
 *
 * Values and names are those of SQL. Rows ascend by lane (the goroutine, where the table has one
 * of its own) and start. Worker; one thread at a time.
 */
#pragma once

#include <gio/gio.h>

#include "model/store/store.h"

typedef struct _UnparkSqlReader UnparkSqlReader;

/* All rows of `table`. NULL: it is none of those that are made of blocks (source, import_note,
 * stack_frame): query it. */
UnparkSqlReader *unpark_sql_reader_new(UnparkStore *store, const char *table);
void unpark_sql_reader_free(UnparkSqlReader *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSqlReader, unpark_sql_reader_free)

guint unpark_sql_reader_n_columns(const UnparkSqlReader *rows);
const char *unpark_sql_reader_name(const UnparkSqlReader *rows, guint column);
/* Its values are texts, given as codes. */
gboolean unpark_sql_reader_is_text(const UnparkSqlReader *rows, guint column);
/* The text of a code: at most 1 MiB, as in SQL, longer ones cut off. It lives until the next
 * call. */
const char *unpark_sql_reader_text(UnparkSqlReader *rows, guint column, gint64 code, gsize *size);

/* The next rows, some thousands: columns[COLUMN][ROW], valid until the next call; UNPARK_NONE is
 * NULL. *n 0: there are no more. FALSE: damaged, the disk failed, or G_IO_ERROR_CANCELLED. */
gboolean unpark_sql_reader_next(UnparkSqlReader *rows, gint64 *const **columns, guint *n,
                                GCancellable *cancellable, GError **error);
