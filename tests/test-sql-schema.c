/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of tables and columns that the program shows is what SQL has; every example runs. */
#include <check.h>
#include <stdlib.h>

#include "model/base/error.h"
#include "model/sql/schema.h"
#include "model/sql/views.h"
#include "tests/support.h"

static TestStore *sample;

static void setup(void) {
  sample = test_import_sample();
}

static void teardown(void) {
  test_store_free(sample);
}

START_TEST(test_tables) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    /* In brackets: what stands in double quotes and is no column is a text to SQLite. */
    g_autofree char *columns = g_strjoinv("], [", (char **)tables[i].columns);
    g_autofree char *sql = g_strdup_printf("SELECT [%s] FROM %s LIMIT 1", columns, tables[i].name);
    g_autoptr(GString) rows = test_query(sample->store, sql, &error);
    ck_assert_msg(rows != NULL && !error, "%s: %s", sql, error ? error->message : "");
  }
  for (guint v = 0; v < unpark_n_sql_views; v++) {
    const UnparkSqlTableInfo *found = NULL;
    for (guint i = 0; i < n; i++)
      if (g_str_equal(tables[i].name, unpark_sql_views[v].name))
        found = &tables[i];
    ck_assert_msg(found != NULL, "%s is not listed", unpark_sql_views[v].name);
    ck_assert_uint_eq(g_strv_length((char **)found->columns),
                      unpark_sql_n_columns(&unpark_sql_views[v]));
  }
}
END_TEST

START_TEST(test_examples) {
  guint n;
  const UnparkSqlExample *examples = unpark_sql_examples(&n);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) rows = test_query(sample->store, examples[i].sql, &error);
    ck_assert_msg(rows != NULL && !error, "%s: %s", examples[i].title, error ? error->message : "");
    if (examples[i].kind == UNPARK_SOURCE_TRACE && i == 0)
      ck_assert_uint_gt(rows->len, 0);
  }
}
END_TEST

START_TEST(test_writing_is_refused) {
  static const char *const statements[] = {"DELETE FROM goroutine",
                                           "UPDATE span SET reason = ''",
                                           "INSERT INTO log DEFAULT VALUES",
                                           "CREATE TABLE t (a)",
                                           "DROP TABLE block",
                                           "ATTACH 'x' AS y",
                                           "PRAGMA journal_mode = delete"};
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) rows = test_query(sample->store, statements[i], &error);
    ck_assert_msg(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_READ_ONLY), "%s: %s",
                  statements[i], error ? error->message : "no error");
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("sql-schema");
  TCase *tcase = tcase_create("sample");
  tcase_add_unchecked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_tables);
  tcase_add_test(tcase, test_examples);
  tcase_add_test(tcase, test_writing_is_refused);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
