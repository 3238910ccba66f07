/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SQLite understands besides the names of tables and columns. Constant; any thread. */
#pragma once

#include <glib.h>

/* NULL-terminated lists. Keywords are in capitals, functions without parentheses. */
const char *const *unpark_sql_keywords(void);
const char *const *unpark_sql_functions(void);
/* The values that a column of that name takes, such as "waiting" of state; NULL if there is no such
 * list. */
const char *const *unpark_sql_values(const char *column);
