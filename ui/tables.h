/* The row tables that views read with unpark_store_rows(): their numbers. They repeat what
 * model/store-writer.h lists for writers, which views may not include; tests/ui-tables.c compares
 * the two. Their columns are those of model/row-columns.h. */
#pragma once

#include "model/row-columns.h"

enum {
  UNPARK_ROWS_METRIC,
  UNPARK_ROWS_RANGE,
  UNPARK_ROWS_TASK,
  UNPARK_ROWS_REGION,
  UNPARK_ROWS_LOG,
  UNPARK_ROWS_CPU_SAMPLE,
};
