/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SQLite understands besides the names of tables and columns. Constant; any thread. */
#pragma once

#include <glib.h>

/* NULL-terminated lists. Keywords are in capitals, functions without parentheses. */
const char *const *unpark_sql_keywords(void);
const char *const *unpark_sql_functions(void);
/* The ith value that a column of that name takes, from 0, such as "waiting" of state; NULL: there
 * are no more, or there is no such list. */
const char *unpark_sql_value(const char *column, guint i);
