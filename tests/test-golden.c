/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every triple in tests/golden: NAME.sql, whose first line "-- input: PATH" names a file of
 * tests/, and NAME.tsv, the rows that the query gives over the import of that file. With
 * UNPARK_GOLDEN_WRITE=1 the expected rows are written anew instead of compared. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

#define INPUT "-- input: "

static GPtrArray *names; /* without suffix, sorted */
static char *golden_dir, *tests_dir;

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_names(void) {
  g_autoptr(GDir) dir = g_dir_open(golden_dir, 0, NULL);
  const char *file;

  names = g_ptr_array_new_with_free_func(g_free);
  while (dir && (file = g_dir_read_name(dir)))
    if (g_str_has_suffix(file, ".sql"))
      g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".sql")));
  g_ptr_array_sort(names, compare_names);
}

static char *golden_path(const char *name, const char *suffix) {
  return g_strconcat(golden_dir, "/", name, suffix, NULL);
}

static char *read_text(const char *path) {
  g_autoptr(GError) error = NULL;
  char *text = test_read_file(path, NULL, &error);

  ck_assert_msg(text != NULL, "%s: %s", path, error ? error->message : "");
  return text;
}

START_TEST(golden) {
  const char *name = names->pdata[_i];
  g_autofree char *sql_path = golden_path(name, ".sql"), *tsv_path = golden_path(name, ".tsv");
  g_autofree char *sql = read_text(sql_path), *expected = NULL, *input = NULL, *message = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = NULL;
  GString *rows;

  ck_assert_msg(g_str_has_prefix(sql, INPUT), "%s does not begin with “%s”", sql_path, INPUT);
  sql[strcspn(sql, "\n")] = '\0';
  input = g_build_filename(tests_dir, sql + strlen(INPUT), NULL);
  store = test_import(input, &error);
  ck_assert_msg(store != NULL, "%s: %s", name, error ? error->message : "");
  rows = test_query(store->store, sql + strlen(sql) + 1, &error);
  ck_assert_msg(rows != NULL, "%s: %s", name, error ? error->message : "");
  if (g_getenv("UNPARK_GOLDEN_WRITE")) {
    ck_assert(g_file_set_contents(tsv_path, rows->str, (gssize)rows->len, NULL));
  } else {
    expected = read_text(tsv_path);
    message = test_compare_lines(expected, rows->str);
    ck_assert_msg(!message, "%s: %s", name, message);
  }
  g_string_free(rows, TRUE);
}
END_TEST

int main(void) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  Suite *suite = suite_create("golden");
  TCase *tcase = tcase_create("golden");
  SRunner *runner;
  int failed;

  tests_dir = g_path_get_dirname(data);
  golden_dir = g_build_filename(tests_dir, "golden", NULL);
  list_names();
  tcase_add_loop_test(tcase, golden, 0, (int)names->len);
  suite_add_tcase(suite, tcase);
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  if (names->len == 0)
    failed = 1;
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
