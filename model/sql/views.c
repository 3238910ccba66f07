/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/views.h"

#include "model/base/tables.h"

#define INT(name, kind, a, role)                                                                   \
  { name, "INTEGER", VIEW_##kind, a, -1, ROLE_##role }
#define NUM(name, a)                                                                               \
  { name, "INTEGER", VIEW_NUMBER, a, -1, ROLE_NONE }
#define TEXT(name, a)                                                                              \
  { name, "TEXT", VIEW_STRING, a, -1, ROLE_NONE }
#define STACK(name, a)                                                                             \
  { name, "INTEGER", VIEW_STACK, a, -1, ROLE_NONE }
#define SUM(name, a, b, role)                                                                      \
  { name, "INTEGER", VIEW_SUM, a, b, ROLE_##role }

const UnparkSqlView unpark_sql_views[] = {
    {"goroutine",
     UNPARK_FACT_GOROUTINE,
     ROWS_ALL,
     FALSE,
     {INT("id", NUMBER, G_ID, LANE), TEXT("name", G_NAME), NUM("parent", G_PARENT),
      STACK("create_stack", G_CREATE_STACK), INT("create_ns", NUMBER, G_CREATE, START),
      NUM("start_ns", G_START), NUM("end_ns", G_END), NUM("running_ns", G_RUNNING),
      NUM("runnable_ns", G_RUNNABLE), NUM("waiting_ns", G_WAITING), NUM("syscall_ns", G_SYSCALL),
      NUM("span_count", G_SPAN_COUNT), NUM("system", G_SYSTEM),
      NUM("longest_wait_ns", G_LONGEST_WAIT)},
     WITHIN_GOROUTINES,
     G_ID},
    {"span",
     UNPARK_FACT_SPAN,
     ROWS_ALL,
     TRUE,
     {INT("goroutine", NUMBER, SPAN_LANE, LANE),
      INT("start_ns", NUMBER, SPAN_START, START),
      SUM("end_ns", SPAN_START, SPAN_DURATION, END),
      NUM("duration_ns", SPAN_DURATION),
      {"state", "TEXT", VIEW_STATE, SPAN_KIND, -1, ROLE_NONE},
      {"reason", "TEXT", VIEW_REASON, SPAN_KIND, -1, ROLE_NONE},
      STACK("stack", SPAN_STACK),
      INT("proc", PROC, SPAN_PLACE, NONE),
      INT("thread", THREAD, SPAN_PLACE, NONE),
      INT("waker", WAKER, SPAN_WAKER, NONE),
      STACK("waker_stack", SPAN_WAKER_STACK)},
     WITHIN_SPANS,
     SPAN_LANE},
    {"proc_span",
     UNPARK_FACT_EXEC,
     ROWS_WITH_PROC,
     TRUE,
     {INT("proc", NUMBER, EXEC_PROC, LANE), INT("start_ns", NUMBER, EXEC_START, START),
      SUM("end_ns", EXEC_START, EXEC_DURATION, END), NUM("duration_ns", EXEC_DURATION),
      NUM("goroutine", EXEC_GOROUTINE), NUM("thread", EXEC_THREAD)},
     WITHIN_GOROUTINES,
     EXEC_GOROUTINE},
    {"thread_span",
     UNPARK_FACT_EXEC,
     ROWS_WITH_THREAD,
     FALSE,
     {NUM("thread", EXEC_THREAD), INT("start_ns", NUMBER, EXEC_START, START),
      SUM("end_ns", EXEC_START, EXEC_DURATION, END), NUM("duration_ns", EXEC_DURATION),
      NUM("goroutine", EXEC_GOROUTINE), INT("proc", NUMBER, EXEC_PROC, LANE)},
     WITHIN_GOROUTINES,
     EXEC_GOROUTINE},
    {"sched_latency",
     UNPARK_FACT_SPAN,
     ROWS_LATENCY,
     TRUE,
     {INT("goroutine", NUMBER, SPAN_LANE, LANE),
      INT("start_ns", NUMBER, SPAN_START, START),
      NUM("duration_ns", SPAN_DURATION),
      {"cause", "TEXT", VIEW_CAUSE, SPAN_KIND, -1, ROLE_NONE},
      INT("proc", NEXT_PROC, SPAN_PLACE, NONE),
      INT("waker", ANY_WAKER, SPAN_WAKER, NONE)},
     WITHIN_GOROUTINES,
     SPAN_LANE},
    {"metric",
     (UnparkFact)UNPARK_TABLE_METRIC,
     ROWS_ALL,
     FALSE,
     {TEXT("name", 0), INT("time_ns", NUMBER, 1, START), NUM("value", 2)}},
    {"range",
     (UnparkFact)UNPARK_TABLE_RANGE,
     ROWS_ALL,
     FALSE,
     {TEXT("name", 0),
      {"scope", "TEXT", VIEW_SCOPE, 1, -1, ROLE_NONE},
      NUM("scope_id", 2),
      INT("start_ns", NUMBER, 3, START),
      INT("end_ns", NUMBER, 4, END),
      {"duration_ns", "INTEGER", VIEW_DIFFERENCE, 4, 3, ROLE_NONE},
      STACK("stack", 5)},
     WITHIN_RANGES,
     RANGE_SCOPE_ID},
    {"task",
     (UnparkFact)UNPARK_TABLE_TASK,
     ROWS_ALL,
     FALSE,
     {INT("id", NUMBER, 0, LANE), NUM("parent", 1), TEXT("name", 2), NUM("goroutine", 3),
      INT("start_ns", NUMBER, 4, START), INT("end_ns", NUMBER, 5, END)},
     WITHIN_TASKS,
     TASK_GOROUTINE},
    {"region",
     (UnparkFact)UNPARK_TABLE_REGION,
     ROWS_ALL,
     FALSE,
     {NUM("task", 0), INT("goroutine", NUMBER, 1, LANE), TEXT("name", 2),
      INT("start_ns", NUMBER, 3, START), INT("end_ns", NUMBER, 4, END), NUM("depth", 5)},
     WITHIN_GOROUTINES,
     REGION_GOROUTINE},
    {"log",
     (UnparkFact)UNPARK_TABLE_LOG,
     ROWS_ALL,
     FALSE,
     {NUM("task", 0), INT("goroutine", NUMBER, 1, LANE), INT("time_ns", NUMBER, 2, START),
      TEXT("category", 3), TEXT("message", 4)},
     WITHIN_GOROUTINES,
     LOG_GOROUTINE},
    {"cpu_sample",
     (UnparkFact)UNPARK_TABLE_CPU_SAMPLE,
     ROWS_ALL,
     FALSE,
     {INT("time_ns", NUMBER, 0, START), INT("goroutine", NUMBER, 1, LANE), NUM("proc", 2),
      NUM("thread", 3), STACK("stack", 4)},
     WITHIN_GOROUTINES,
     SAMPLE_GOROUTINE},
    {"goroutine_label",
     (UnparkFact)UNPARK_TABLE_LABEL,
     ROWS_ALL,
     FALSE,
     {INT("goroutine", NUMBER, 0, LANE), INT("time_ns", NUMBER, 1, START), TEXT("label", 2)},
     WITHIN_GOROUTINES,
     0},
    {"clock_snapshot",
     (UnparkFact)UNPARK_TABLE_CLOCK,
     ROWS_ALL,
     FALSE,
     {INT("time_ns", NUMBER, CLOCK_TIME, START), NUM("mono_ns", CLOCK_MONO),
      NUM("wall_ns", CLOCK_WALL)}},
    {"stack",
     UNPARK_FACT_STACK,
     ROWS_ALL,
     TRUE,
     {INT("id", ROW_ID, -1, LANE), INT("depth", NODE_DEPTH, 0, NONE)}},
    {"profile",
     (UnparkFact)UNPARK_TABLE_PROFILE,
     ROWS_ALL,
     FALSE,
     {INT("id", NUMBER, 0, LANE), TEXT("kind", 1), NUM("period", 2), TEXT("period_type", 3),
      TEXT("period_unit", 4), NUM("time_wall_ns", 5), NUM("duration_ns", 6),
      TEXT("default_type", 7)}},
    {"sample_type",
     (UnparkFact)UNPARK_TABLE_SAMPLE_TYPE,
     ROWS_ALL,
     FALSE,
     {INT("profile", NUMBER, 0, LANE), NUM("idx", 1), TEXT("type", 2), TEXT("unit", 3)}},
    {"sample",
     (UnparkFact)UNPARK_TABLE_SAMPLE,
     ROWS_ALL,
     TRUE,
     {INT("id", NUMBER, 0, LANE), NUM("profile", 1), STACK("stack", 2)}},
    {"sample_value",
     (UnparkFact)UNPARK_TABLE_SAMPLE_VALUE,
     ROWS_ALL,
     TRUE,
     {INT("sample", NUMBER, 0, LANE), NUM("idx", 1), NUM("value", 2)}},
    {"sample_label",
     (UnparkFact)UNPARK_TABLE_SAMPLE_LABEL,
     ROWS_ALL,
     TRUE,
     {INT("sample", NUMBER, 0, LANE), TEXT("key", 1), TEXT("text", 2), NUM("number", 3),
      TEXT("unit", 4)}},
    {"mapping",
     (UnparkFact)UNPARK_TABLE_MAPPING,
     ROWS_ALL,
     FALSE,
     {NUM("profile", 0), INT("id", NUMBER, 1, LANE), NUM("start", 2), NUM("limit", 3),
      NUM("offset", 4), TEXT("file", 5), TEXT("build_id", 6)}},
    {"dump_goroutine",
     (UnparkFact)UNPARK_TABLE_DUMP_GOROUTINE,
     ROWS_ALL,
     FALSE,
     {INT("id", NUMBER, 0, LANE), TEXT("state", 1), NUM("wait_minutes", 2),
      NUM("locked_to_thread", 3), STACK("stack", 4), STACK("create_stack", 5), NUM("creator", 6),
      NUM("count", 7)}},
    {"race",
     (UnparkFact)UNPARK_TABLE_RACE,
     ROWS_ALL,
     FALSE,
     {INT("id", NUMBER, 0, LANE), TEXT("kind", 1), NUM("address", 2), NUM("goroutine", 3),
      STACK("stack", 4), TEXT("previous_kind", 5), NUM("previous_goroutine", 6),
      STACK("previous_stack", 7), STACK("goroutine_create_stack", 8),
      STACK("previous_create_stack", 9)}},
};

const guint unpark_n_sql_views = G_N_ELEMENTS(unpark_sql_views);

guint unpark_sql_n_columns(const UnparkSqlView *view) {
  guint n = 0;
  while (n < G_N_ELEMENTS(view->columns) && view->columns[n].name)
    n++;
  return n;
}

gboolean unpark_sql_is_time(const UnparkSqlColumn *column) {
  static const char *const names[] = {"start_ns", "end_ns", "create_ns", "time_ns", NULL};
  return g_strv_contains(names, column->name);
}

guint32 unpark_sql_needs(const UnparkSqlView *view, guint64 used) {
  guint32 needs = 0;
  const UnparkFactSpec *spec = &unpark_facts[view->fact];
  if (spec->lane >= 0)
    needs |= 1u << spec->lane;
  for (guint i = 0; i < unpark_sql_n_columns(view); i++) {
    const UnparkSqlColumn *column = &view->columns[i];
    if (!(used & (guint64)1 << i))
      continue;
    if (column->a >= 0)
      needs |= 1u << column->a;
    if (column->b >= 0)
      needs |= 1u << column->b;
    if (column->kind == VIEW_PROC || column->kind == VIEW_THREAD || column->kind == VIEW_WAKER ||
        column->kind == VIEW_NEXT_PROC || column->kind == VIEW_ANY_WAKER)
      needs |= 1u << SPAN_KIND;
  }
  if (view->rows == ROWS_LATENCY)
    needs |= 1u << SPAN_KIND | 1u << SPAN_PLACE;
  if (view->rows == ROWS_WITH_THREAD)
    needs |= 1u << EXEC_THREAD;
  return needs;
}

guint32 unpark_sql_needs_within(const UnparkSqlView *view, const UnparkQueryScope *scope) {
  guint32 needs = 1u << view->within_column;
  if (!scope || view->within == WITHIN_ALWAYS)
    return 0;
  if (view->within == WITHIN_SPANS && scope->n_tests > 0)
    needs |= unpark_span_test_columns(scope->tests, scope->n_tests);
  if (view->within == WITHIN_RANGES)
    needs |= 1u << RANGE_SCOPE;
  if (view->within == WITHIN_TASKS)
    needs |= 1u << TASK_ID;
  return needs;
}
