/* The row tables that views read with unpark_store_rows(): their numbers, and the columns used
 * here. They repeat what model/store-writer.h lists for writers, which views may not include;
 * tests/test-ui-tables.c compares the two. */
#pragma once

enum {
  UNPARK_ROWS_METRIC,
  UNPARK_ROWS_RANGE,
  UNPARK_ROWS_TASK,
  UNPARK_ROWS_REGION,
  UNPARK_ROWS_LOG,
  UNPARK_ROWS_CPU_SAMPLE,
};

enum { UNPARK_METRIC_NAME, UNPARK_METRIC_TIME, UNPARK_METRIC_VALUE };
enum {
  UNPARK_RANGE_NAME,
  UNPARK_RANGE_SCOPE,
  UNPARK_RANGE_SCOPE_ID,
  UNPARK_RANGE_START,
  UNPARK_RANGE_END,
  UNPARK_RANGE_STACK
};
enum {
  UNPARK_TASK_ID,
  UNPARK_TASK_PARENT,
  UNPARK_TASK_NAME,
  UNPARK_TASK_GOROUTINE,
  UNPARK_TASK_START,
  UNPARK_TASK_END
};
