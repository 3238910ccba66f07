/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as people have them: in other encodings, behind other text, by other programs, with lines
 * that are none. Each is in data/cases, and what a query must give stands beside its name. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/error.h"
#include "tests/support.h"

#define FRAMES(stack)                                                                              \
  "(SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ') FROM "            \
  "(SELECT * FROM stack_frame WHERE stack = " stack " ORDER BY depth))"
#define GOROUTINES                                                                                 \
  "SELECT id, state, wait_minutes, creator, " FRAMES("d.stack") ", " FRAMES(                       \
      "d.create_stack") " FROM dump_goroutine d"
#define VALUES                                                                                     \
  "SELECT t.type, t.unit, v.value, " FRAMES(                                                       \
      "s.stack") " FROM sample s JOIN sample_value v ON "                                          \
                 "v.sample = s.id JOIN sample_type t ON t.idx = v.idx ORDER BY t.idx, s.id"
#define RACES                                                                                      \
  "SELECT kind, address, goroutine, previous_kind, previous_goroutine, " FRAMES(                   \
      "r.stack") " FROM "                                                                          \
                 "race r"

static const char *data_dir;

static const struct {
  const char *file, *importer;
  gboolean complete;
  const char *note; /* that has to be there; NULL: none but "crash" may be */
  const char *sql, *rows;
} cases[] = {
#include "tests/cases.inc"
};

START_TEST(file) {
  g_autofree char *path = g_build_filename(data_dir, "cases", cases[_i].file, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(path, &error);
  GString *rows;
  char *message;

  ck_assert_msg(store != NULL, "%s: %s", path, error ? error->message : "");
  ck_assert_str_eq(unpark_store_source(store->store)->importer, cases[_i].importer);
  ck_assert_msg(unpark_store_source(store->store)->complete == cases[_i].complete, "%s: complete",
                path);
  rows = test_query(store->store, cases[_i].sql, &error);
  ck_assert_msg(rows != NULL, "%s: %s", path, error ? error->message : "");
  message = test_compare_lines(cases[_i].rows, rows->str);
  ck_assert_msg(!message, "%s: %s\n%s", path, message, rows->str);
  g_string_free(rows, TRUE);
  rows = test_query(store->store, "SELECT name FROM import_note WHERE name <> 'crash' ORDER BY 1",
                    &error);
  ck_assert_ptr_nonnull(rows);
  g_strchomp(rows->str);
  ck_assert_str_eq(rows->str, cases[_i].note ? cases[_i].note : "");
  g_string_free(rows, TRUE);
}
END_TEST

static const struct {
  const char *text;
  const char *said[3];
} refused[] = {
    {"main;work 3\nno stack\nnor this\nand this\n",
     {"line 2, “no stack”", "folded stacks: “main;main.handle 42”",
      "goroutine dump: “goroutine 1"}},
    {"\nhello world\n", {"line 2, “hello world”", "perf script: “app ", "race detector report: “"}},
    {"go 1\nGIF89a", {"line 2, “GIF89a”", "text that begins with", ""}},
};

/* A refusal names the first line that no reader knows, and what each expected. */
START_TEST(refusal) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(refused[_i].text, strlen(refused[_i].text), &error);

  ck_assert_ptr_null(store);
  ck_assert(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT));
  for (gsize i = 0; i < G_N_ELEMENTS(refused[_i].said); i++)
    ck_assert_msg(strstr(error->message, refused[_i].said[i]) != NULL, "“%s” is not in: %s",
                  refused[_i].said[i], error->message);
}
END_TEST

/* What destroys a trace is named: nothing that is left of it may be shown. */
START_TEST(converted_trace) {
  g_autofree char *path = g_build_filename(data_dir, "sample.trace", NULL), *bytes = NULL;
  g_autoptr(GByteArray) wide = g_byte_array_new();
  g_autoptr(GError) error = NULL;
  gsize size;

  ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
  g_byte_array_append(wide, (const guint8 *)"\xff\xfe", 2);
  for (gsize i = 0; i < size; i++) {
    const guint8 unit[2] = {(guint8)bytes[i], 0};
    g_byte_array_append(wide, unit, 2);
  }
  ck_assert_ptr_null(test_import_bytes((const char *)wide->data, wide->len, &error));
  ck_assert_msg(strstr(error->message, "UTF-16LE") != NULL, "%s", error->message);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cases");
  TCase *tcase = tcase_create("cases");
  SRunner *runner;
  int failed;

  data_dir = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  tcase_add_loop_test(tcase, file, 0, G_N_ELEMENTS(cases));
  tcase_add_loop_test(tcase, refusal, 0, G_N_ELEMENTS(refused));
  tcase_add_test(tcase, converted_trace);
  suite_add_tcase(suite, tcase);
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
