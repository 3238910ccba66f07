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

/* A trace that was cut off, and another appended to it: the first is shown, in its own time, and
 * where the other begins is named. */
START_TEST(appended_to_a_cut_trace) {
  static const char *const traces[] = {"appended/plain.trace", "expected/go1.21/leak.trace"};

  for (gsize i = 0; i < G_N_ELEMENTS(traces); i++) {
    g_autofree char *path = g_build_filename(data_dir, traces[i], NULL), *bytes = NULL;
    g_autoptr(TestStore) whole = test_import(path, NULL);
    gint64 duration = test_value(whole, "SELECT duration_ns FROM source");
    gsize size;

    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    for (gsize percent = 30; percent < 100; percent += 7) {
      g_autoptr(GByteArray) both = g_byte_array_new();
      g_autoptr(TestStore) store = NULL;
      guint cut = (guint)(size * percent / 100);

      g_byte_array_append(both, (const guint8 *)bytes, cut);
      g_byte_array_append(both, (const guint8 *)bytes, (guint)size);
      store = test_import_bytes(both->data, both->len, NULL);
      ck_assert_msg(store != NULL, "%s, %zu %%", traces[i], percent);
      ck_assert_msg(test_value(store,
                               "SELECT count(*) FROM import_note WHERE name = 'second-trace' AND "
                               "instr(replace(replace(detail, ',', ''), '\u202f', ''), '%u') > 0",
                               cut) == 1,
                    "%s, %zu %%: not named", traces[i], percent);
      ck_assert_msg(test_value(store, "SELECT complete = 0 FROM source") == 1, "complete");
      /* Without the frequency of its clock, a trace of the first format has only proportions. */
      ck_assert_msg(i > 0 || test_value(store, "SELECT duration_ns FROM source") <= duration,
                    "%s, %zu %%: longer than the whole", traces[i], percent);
    }
  }
}
END_TEST

/* Of what holds more than one kind of report, the other one is counted. */
START_TEST(races_and_a_panic) {
  static const char text[] =
      "==================\nWARNING: DATA RACE\nWrite at 0x01 by goroutine 7:\n"
      "  main.f()\n      /a.go:1 +0x1\n\n==================\n"
      "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:2\n\n"
      "goroutine 9 [select]:\nmain.g()\n\t/a.go:3\n";
  g_autoptr(TestStore) store = test_import_bytes(text, strlen(text), NULL);

  ck_assert_ptr_nonnull(store);
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM race"), 1);
  ck_assert_int_eq(test_value(store, "SELECT count FROM import_note WHERE name = 'goroutine-dump'"),
                   2);
  ck_assert_int_eq(test_value(store, "SELECT complete FROM source"), 0);
}
END_TEST

/* What is too long loses its end, nothing else, and is counted once. */
START_TEST(long_names_keep_their_beginning) {
  g_autofree char *name = g_strnfill(70000, 'a');
  g_autofree char *text = g_strdup_printf(
      "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"shared\":{\"frames\":["
      "{\"name\":\"main.%s\\u0041%s\"}]},\"profiles\":[{\"type\":\"sampled\",\"name\":\"cpu\","
      "\"unit\":\"none\",\"startValue\":0,\"endValue\":1,\"samples\":[[0]],\"weights\":[1]}]}",
      name, name);
  g_autoptr(TestStore) store = test_import_bytes(text, strlen(text), NULL);

  ck_assert_ptr_nonnull(store);
  ck_assert_int_eq(test_value(store, "SELECT length(function) FROM stack_frame"), 65536);
  ck_assert_int_eq(
      test_value(store, "SELECT ltrim(substr(function, 6), 'a') = '' FROM stack_frame"), 1);
  ck_assert_int_eq(test_value(store, "SELECT count FROM import_note WHERE name = 'long-text'"), 1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cases");
  TCase *tcase = tcase_create("cases");

  data_dir = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  tcase_add_loop_test(tcase, file, 0, G_N_ELEMENTS(cases));
  tcase_add_loop_test(tcase, refusal, 0, G_N_ELEMENTS(refused));
  tcase_add_test(tcase, converted_trace);
  tcase_add_test(tcase, appended_to_a_cut_trace);
  tcase_add_test(tcase, races_and_a_panic);
  tcase_add_test(tcase, long_names_keep_their_beginning);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
