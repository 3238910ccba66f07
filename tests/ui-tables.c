/* Views and writers number the tables of rows alike. */
#include "ui/tables.h"
#include "model/store-writer.h"

#define SAME(name) G_STATIC_ASSERT((int)UNPARK_ROWS_##name == (int)UNPARK_TABLE_##name)
SAME(METRIC);
SAME(RANGE);
SAME(TASK);
SAME(REGION);
SAME(LOG);
SAME(CPU_SAMPLE);
