/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of a query an error is about. No GTK. Any thread. */
#pragma once

#include <glib.h>

/* `at`: where SQLite found it, a byte of `sql`, or -1 where it does not tell; then a name that
 * `message` quotes is looked for. *from to *to: the bytes of the word there, never empty. FALSE: no
 * place is known. */
gboolean unpark_sql_error_place(const char *sql, int at, const char *message, gsize *from,
                                gsize *to);
