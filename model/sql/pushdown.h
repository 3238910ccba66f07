/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over all spans without a row for each.
 *
 * SQLite takes about 70 ns a row and virtual table, 1.5 s for 20 million spans. A
 * statement that only counts and sums spans by state and reason,
 *
 *   SELECT state, count(*), sum(duration_ns) FROM span GROUP BY state
 *
 * is therefore asked of span_total, a table of one row per (state, reason), and per source where
 * there are several, that is summed block by block. So is every statement whose items, conditions,
 * groups and order are made of state, reason, source, counts, and sums, means and extremes of
 * durations, with names for them or without. Statements of any other shape are left alone.
 */
#pragma once

#include <glib.h>

/* The statement over span_total, or NULL if `sql` is of another shape. Free with g_free(). */
char *unpark_pushdown(const char *sql);
