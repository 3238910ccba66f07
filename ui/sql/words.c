/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/words.h"

const char *const *unpark_sql_keywords(void) {
  static const char *const words[] = {"SELECT",
                                      "FROM",
                                      "WHERE",
                                      "GROUP BY",
                                      "ORDER BY",
                                      "LIMIT",
                                      "JOIN",
                                      "LEFT JOIN",
                                      "ON",
                                      "AND",
                                      "OR",
                                      "NOT",
                                      "AS",
                                      "DESC",
                                      "ASC",
                                      "DISTINCT",
                                      "HAVING",
                                      "BETWEEN",
                                      "IN",
                                      "IS NULL",
                                      "IS NOT NULL",
                                      "LIKE",
                                      "GLOB",
                                      "CASE",
                                      "WHEN",
                                      "THEN",
                                      "ELSE",
                                      "END",
                                      "WITH",
                                      "RECURSIVE",
                                      "UNION",
                                      "UNION ALL",
                                      "EXCEPT",
                                      "INTERSECT",
                                      "EXISTS",
                                      "OFFSET",
                                      "OVER",
                                      "PARTITION BY",
                                      "CAST",
                                      "COLLATE",
                                      "USING",
                                      "VALUES",
                                      "FILTER",
                                      "CROSS JOIN",
                                      "NULLS LAST",
                                      "NULLS FIRST",
                                      "EXPLAIN QUERY PLAN",
                                      "NULL",
                                      NULL};
  return words;
}

const char *const *unpark_sql_functions(void) {
  static const char *const words[] = {
      "count",        "sum",          "avg",          "min",        "max",
      "total",        "group_concat", "time_sum",     "round",      "abs",
      "length",       "substr",       "instr",        "replace",    "lower",
      "upper",        "trim",         "ltrim",        "rtrim",      "coalesce",
      "ifnull",       "nullif",       "iif",          "printf",     "format",
      "typeof",       "row_number",   "rank",         "dense_rank", "ntile",
      "percent_rank", "cume_dist",    "lag",          "lead",       "first_value",
      "last_value",   "nth_value",    "json_extract", "hex",        "quote",
      "date",         "datetime",     "strftime",     NULL};
  return words;
}

const char *const *unpark_sql_values(const char *column) {
  static const char *const states[] = {"running", "runnable", "waiting", "syscall", NULL};
  static const char *const causes[] = {"created", "woken", "preempted", "syscall", "yield", NULL};
  static const char *const reasons[] = {"chan receive",
                                        "chan send",
                                        "select",
                                        "sync",
                                        "sync.(*Cond).Wait",
                                        "sleep",
                                        "network",
                                        "preempted",
                                        "forever",
                                        "wait until GC ends",
                                        "wait for debug call",
                                        "GC mark assist wait for work",
                                        "GC background sweeper wait",
                                        "GC weak to strong wait",
                                        "system goroutine wait",
                                        NULL};
  static const char *const severities[] = {"info", "warning", "error", NULL};
  if (g_ascii_strcasecmp(column, "state") == 0)
    return states;
  if (g_ascii_strcasecmp(column, "cause") == 0)
    return causes;
  if (g_ascii_strcasecmp(column, "reason") == 0)
    return reasons;
  if (g_ascii_strcasecmp(column, "severity") == 0)
    return severities;
  return NULL;
}
