/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/place.h"

static gboolean find_int(const UnparkSqlResult *result, guint row, const char *name,
                         gint64 *value) {
  return unpark_sql_result_int(result, row, unpark_sql_result_column(result, name), value);
}

void unpark_sql_go_to_row(UnparkSession *session, const UnparkSqlResult *result, guint row) {
  gint64 source;
  /* A goroutine of a span has a source of its own. */
  if (find_int(result, row, "goroutine_source", &source) ||
      find_int(result, row, "source", &source))
    session = unpark_session_of_source(session, source);
  UnparkStore *store = session ? unpark_session_get_store(session) : NULL;
  UnparkPick pick = {.type = UNPARK_PICK_NONE, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  gint64 start, duration;
  if (!store || unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
    return;
  gboolean timed =
      find_int(result, row, "start_ns", &start) || find_int(result, row, "time_ns", &start);
  if (timed) {
    pick.start_ns = start;
    pick.end_ns = start;
    if (find_int(result, row, "duration_ns", &duration) && duration > 0 &&
        start <= G_MAXINT64 - duration)
      pick.end_ns = start + duration;
    else if (find_int(result, row, "end_ns", &duration) && duration > start)
      pick.end_ns = duration;
  }
  if (find_int(result, row, "goroutine", &pick.id))
    pick.type = timed ? UNPARK_PICK_SPAN : UNPARK_PICK_GOROUTINE;
  else if (find_int(result, row, "id", &pick.id) || find_int(result, row, "waker", &pick.id))
    pick.type = UNPARK_PICK_GOROUTINE;
  if (timed || pick.type != UNPARK_PICK_NONE)
    unpark_session_go_to(session, &pick, "timeline");
}
