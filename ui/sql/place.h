/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a row of a result to the timeline. Main thread only. */
#pragma once

#include "ui/session/session.h"
#include "ui/sql/result.h"

/* Goes to the goroutine and time that the row names: columns goroutine, waker, or id, and start_ns
 * or time_ns with duration_ns or end_ns. Does nothing if it names none, or the file is no trace. */
void unpark_sql_go_to_row(UnparkSession *session, const UnparkSqlResult *result, guint row);
