/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements over all spans that are asked of their totals instead: the same rows, by the same
 * names, and no statement that would mean something else. */
#include <string.h>

#include "model/sql/pushdown.h"
#include "tests/support.h"

static const char *const pushed[] = {
    "SELECT state, reason, count(*), sum(duration_ns) FROM span GROUP BY 1, 2",
    "SELECT state, reason, count(*), sum(duration_ns) FROM span GROUP BY state, reason",
    "SELECT state AS s, count(*) AS n FROM span GROUP BY s ORDER BY n DESC, s",
    "select span.state, count(span.goroutine) c from span group by span.state order by 2, 1",
    "SELECT count(*), sum(duration_ns)/1e6, round(avg(duration_ns), 1) FROM span",
    "SELECT count(*) FROM span;",
    "SELECT count(*), sum(duration_ns), total(duration_ns) FROM span WHERE state='nothing'",
    "SELECT count(*) FROM span WHERE state = 'waiting' AND reason LIKE 'sync%'",
    "SELECT reason, sum(end_ns - start_ns)/1000 \"s in all\" FROM span WHERE state = 'waiting' "
    "GROUP BY reason HAVING count(*) >= 2 ORDER BY \"s in all\" DESC, reason LIMIT 5",
    "SELECT DISTINCT state FROM span ORDER BY 1",
    "SELECT count(DISTINCT reason) FROM span",
    "SELECT state || '/' || reason AS k, min(duration_ns), max(duration_ns) FROM span GROUP BY k",
    "SELECT sum(duration_ns) AS duration_ns, state FROM span GROUP BY state ORDER BY duration_ns",
    "SELECT sum(duration_ns) AS state, count(*) FROM span GROUP BY state ORDER BY state",
    "SELECT CASE WHEN state IN ('running', 'syscall') THEN 'on' ELSE 'it''s off' END w, count(*) "
    "FROM span GROUP BY w ORDER BY w",
};

static const char *const left_alone[] = {
    "SELECT state FROM span",
    "SELECT state, count(*) FROM span",
    "SELECT * FROM span GROUP BY state",
    "SELECT goroutine, count(*) FROM span GROUP BY 1",
    "SELECT state, count(*) FROM span WHERE duration_ns > 5 GROUP BY 1",
    "SELECT state, count(waker) FROM span GROUP BY 1",
    "SELECT state, sum(start_ns) FROM span GROUP BY 1",
    "SELECT state AS goroutine, count(*) FROM span GROUP BY goroutine",
    "SELECT state, sum(duration_ns) AS start_ns FROM span GROUP BY 1 HAVING start_ns > 5",
    "SELECT state, count(*) FILTER (WHERE reason = '') FROM span GROUP BY 1",
    "SELECT state, count(*) OVER () FROM span GROUP BY 1",
    "SELECT state, group_concat(reason) FROM span GROUP BY 1",
    "SELECT state, count(*) FROM span, goroutine GROUP BY 1",
    "SELECT state, count(*) FROM span JOIN goroutine USING (goroutine) GROUP BY 1",
    "SELECT state, count(*) FROM span GROUP BY 1 UNION SELECT 1, 2",
    "SELECT (SELECT count(*) FROM span), 1",
    "SELECT state, count(*) FROM span /* all */ GROUP BY 1",
    "SELECT state, count(*) FROM span GROUP BY 1; SELECT 1",
    "SELECT state, count(*) FROM span WHERE state = ? GROUP BY 1",
    "SELECT state, count(*) FROM span WHERE state = 'open GROUP BY 1",
    "SELECT state, count(*) FROM proc_span GROUP BY 1",
    "SELECT",
    "SELECT FROM span",
    "SELECT , FROM span GROUP BY state",
    "",
};

/* The statement over a table of the same rows that nothing is known of. */
static char *spelled_out(const char *sql) {
  const char *from = strstr(sql, "FROM span");
  if (!from)
    from = strstr(sql, "from span");
  return g_strdup_printf("%.*sFROM (SELECT * FROM span) AS span%s", (int)(from - sql), sql,
                         from + strlen("FROM span"));
}

static void expect_same(TestStore *store, const char *sql) {
  g_autoptr(GError) error = NULL;
  g_autofree char *totals = unpark_pushdown(sql), *slow = spelled_out(sql);
  ck_assert_msg(totals && strstr(totals, "span_total"), "left alone: %s", sql);
  ck_assert_ptr_null(unpark_pushdown(slow));
  g_autoptr(GString) fast_rows = test_query(store->store, sql, &error);
  ck_assert_msg(fast_rows != NULL, "%s: %s", sql, error ? error->message : "");
  g_autoptr(GString) slow_rows = test_query(store->store, slow, &error);
  ck_assert_msg(slow_rows != NULL, "%s: %s", slow, error ? error->message : "");
  g_autofree char *differs = test_compare_lines(slow_rows->str, fast_rows->str);
  ck_assert_msg(!differs, "%s: %s", sql, differs);
  /* Asked in the words of the totals it is one that can be prepared, or nothing was gained. */
  g_autoptr(GString) direct = test_query(store->store, totals, &error);
  ck_assert_msg(direct != NULL, "%s: %s", totals, error ? error->message : "");
}

START_TEST(means_the_same) {
  g_autoptr(TestStore) store = test_import_sample();
  for (guint i = 0; i < G_N_ELEMENTS(pushed); i++)
    expect_same(store, pushed[i]);
}
END_TEST

START_TEST(is_left_alone) {
  g_autofree char *totals = unpark_pushdown(left_alone[_i]);
  ck_assert_msg(!totals, "%s became %s", left_alone[_i], totals);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("pushdown");
  TCase *tests = tcase_create("pushdown");
  tcase_add_test(tests, means_the_same);
  tcase_add_loop_test(tests, is_left_alone, 0, G_N_ELEMENTS(left_alone));
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
