/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts as SQL gives them. Any thread. */
#pragma once

#include <glib.h>

/* Several of these fit into a row that SQLite sorts, see query.c. */
#define UNPARK_SQL_TEXT_BYTES (1 << 20)

/* NULL: `text` is short enough, and *size is its length. Else what is left of it, with "…" at its
 * end; free with g_free(). No query fails because of one name. */
char *unpark_sql_cut_text(const char *text, gsize *size);
