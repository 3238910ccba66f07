/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/words.h"

#include "model/base/types.h"

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

const char *unpark_sql_value(const char *column, guint i) {
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
                                        "system goroutine wait"};
  guint cause = UNPARK_CAUSE_NONE + 1 + i;
  if (g_ascii_strcasecmp(column, "state") == 0)
    return i < UNPARK_N_STATES ? unpark_state_name((UnparkState)i) : NULL;
  if (g_ascii_strcasecmp(column, "cause") == 0)
    return cause < UNPARK_N_CAUSES ? unpark_cause_name((UnparkCause)cause) : NULL;
  if (g_ascii_strcasecmp(column, "reason") == 0)
    return i < G_N_ELEMENTS(reasons) ? reasons[i] : NULL;
  if (g_ascii_strcasecmp(column, "severity") == 0)
    return i <= UNPARK_NOTE_ERROR ? unpark_severity_name((UnparkSeverity)i) : NULL;
  return NULL;
}
