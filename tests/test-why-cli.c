/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli why, over stores made by hand. */
#include <json-c/json.h>
#include <stdlib.h>

#include "tests/support.h"
#include "tests/why/script.h"

static const char example[] =
    "0 17 begin; 0 41 begin; 1000000 9 begin; 0 17 run; 0 41 run; 0 41 wait sync; 1000000 9 run;"
    "1000000 9 wait sleep; 2000000 17 wait sync; 6000000 9 ready; 6000000 9 run;"
    "7000000 17 ready by 9; 7000000 17 run; 10000000 41 ready by 17; 10500000 41 run;"
    "12000000 0 stop";

#define run(made, out, err, ...) test_run_cli(NULL, out, err, "why", (made)->path, __VA_ARGS__)

static void expect_in(const char *text, const char *part) {
  ck_assert_msg(strstr(text, part) != NULL, "“%s” is not in:\n%s", part, text);
}

START_TEST(test_text) {
  g_autoptr(TestStore) made = made_script(example);
  g_autofree char *out = NULL, *err = NULL;
  ck_assert_int_eq(run(made, &out, &err, "--goroutine", "41", NULL), 0);
  expect_in(out, "G 41 main.g41 waited at least 10.00 ms for a lock, since before the trace, "
                 "until 10.00 ms");
  expect_in(out, "g41.sync (made.go:10)");
  expect_in(out, "woken by G 17 main.g17 at wake.10000000 (made.go:10)");
  expect_in(out, "then runnable for 500.0 µs");
  expect_in(out, "30.0 %    3.00 ms    G 17 main.g17 ran until wake.10000000");
  expect_in(out, "40.0 %    4.00 ms      G 9 main.g9 slept");
  ck_assert_str_eq(err, "");
}
END_TEST

START_TEST(test_json) {
  g_autoptr(TestStore) made = made_script(example);
  g_autofree char *out = NULL, *err = NULL;
  gint64 total = 0;
  ck_assert_int_eq(run(made, &out, &err, "-g", "G 41", "--format", "json", NULL), 0);
  json_object *root = json_tokener_parse(out);
  ck_assert_ptr_nonnull(root);
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(root, "duration_ns")), 10000000);
  json_object *links = json_object_object_get(root, "links");
  ck_assert_uint_eq(json_object_array_length(links), 6);
  for (size_t i = 0; i < json_object_array_length(links); i++)
    total += json_object_get_int64(
        json_object_object_get(json_object_array_get_idx(links, i), "share_ns"));
  ck_assert_int_eq(total, 10000000);
  json_object_put(root);
}
END_TEST

START_TEST(test_times) {
  g_autoptr(TestStore) made = made_script(example);
  static const char *const same[] = {"3000000", "3ms",    "3 ms",  "0.003s",
                                     "3000us",  "3000µs", "3e-3s", "3000000ns"};
  static const char *const wrong[] = {"", "x", "3x", "-3", "-3ms", "nan", "1e300s", "3mss"};
  for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
    g_autofree char *out = NULL, *err = NULL;
    ck_assert_int_eq(run(made, &out, &err, "-g", "17", "--at", same[i], NULL), 0);
    expect_in(out, "G 17 main.g17 waited 5.00 ms");
  }
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *out = NULL, *err = NULL;
    g_autofree char *at = g_strdup_printf("--at=%s", wrong[i]);
    ck_assert_int_eq(run(made, &out, &err, "-g", "17", at, NULL), 2);
    expect_in(err, "invalid time");
  }
}
END_TEST

START_TEST(test_other_states) {
  g_autoptr(TestStore) made = made_script(example);
  g_autofree char *ran = NULL, *late = NULL, *json = NULL, *err = NULL;
  ck_assert_int_eq(run(made, &ran, NULL, "-g", "9", "--at", "6.5ms", NULL), 0);
  expect_in(ran, "G 9 main.g9 ran for 6.00 ms, from 6.00 ms to 12.00 ms");
  ck_assert_int_eq(run(made, &late, &err, "-g", "41", "--at", "10.1ms", NULL), 0);
  expect_in(late, "was runnable for 500.0 µs");
  expect_in(late, "how: woken, by G 17 main.g17");
  expect_in(late, "Running on the 3 processors");
  ck_assert_int_eq(run(made, &json, NULL, "-g", "41", "--at", "10.1ms", "-f", "json", NULL), 0);
  json_object *root = json_tokener_parse(json);
  ck_assert_ptr_nonnull(root);
  ck_assert_ptr_nonnull(json_object_object_get(root, "late"));
  json_object_put(root);
}
END_TEST

START_TEST(test_statuses) {
  g_autoptr(TestStore) made = made_script(example);
  static const struct {
    const char *first, *second;
    int status;
  } cases[] = {{"-g", "1000", 1},
               {"-g", "x", 2},
               {"-g", "-4", 2},
               {"-g41", "--at=20s", 1},
               {"-g41", "--format=tsv", 2},
               {"-g41", "--limit=0", 2},
               {"-g41", "--limit=2", 0},
               {"-gG41", "--limit=2", 0},
               {"--at", "1ms", 2}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *out = NULL, *err = NULL;
    ck_assert_int_eq(run(made, &out, &err, cases[i].first, cases[i].second, NULL), cases[i].status);
    ck_assert_int_eq(*out == '\0', cases[i].status != 0);
    ck_assert_int_eq(*err == '\0', cases[i].status == 0);
  }
}
END_TEST

/* What a file holds is never a command to the terminal. */
START_TEST(test_hostile_names) {
  Made m = made_new();
  made_switch(&m, 0, 1, "run", "", UNPARK_NONE, FALSE);
  const guint32 frame = unpark_writer_frame(m.w, made_string(&m, "evil\x1b[2J\"\\\n"), 0, 1, FALSE);
  unpark_lane_switch(m.w, made_lane(&m, 1, 0, UNPARK_NONE, 0), 1,
                     made_kind(&m, UNPARK_STATE_WAITING, "why\x1b\"", UNPARK_CAUSE_NONE),
                     unpark_writer_stack(m.w, &frame, 1), 0, UNPARK_NONE, 0);
  g_autoptr(TestStore) made = made_finish(&m, 10);
  g_autofree char *text = NULL, *json = NULL;
  ck_assert_int_eq(run(made, &text, NULL, "-g1", NULL), 0);
  ck_assert_ptr_null(strchr(text, '\x1b'));
  ck_assert_int_eq(run(made, &json, NULL, "-g1", "-fjson", NULL), 0);
  ck_assert_ptr_null(strchr(json, '\x1b'));
  json_object *root = json_tokener_parse(json);
  ck_assert_ptr_nonnull(root);
  ck_assert_str_eq(json_object_get_string(json_object_object_get(root, "reason")), "why\x1b\"");
  json_object_put(root);
}
END_TEST

static int run_file_at(const char *name, char **out, const char *goroutine, const char *at) {
  TestStore file = {.path = g_strdup_printf("%s/truth/%s.trace", UNPARK_TEST_DATA, name)};
  int status;
  if (!g_file_test(file.path, G_FILE_TEST_EXISTS)) {
    g_free(file.path);
    file.path = g_strdup_printf("%s/truth/%s.trace.zst", UNPARK_TEST_DATA, name);
  }
  status = run(&file, out, NULL, "--no-cache", "-g", goroutine, at ? "--at" : NULL, at, NULL);
  g_free(file.path);
  return status;
}

static int run_file(const char *name, char **out, const char *goroutine) {
  return run_file_at(name, out, goroutine, NULL);
}

/* The go statement is at line 10, the function it starts at line 4. */
START_TEST(test_created_at_the_go_statement) {
  g_autofree char *out = NULL;
  ck_assert_int_eq(run_file("a", &out, "9"), 0);
  expect_in(out, "G 18 main.goC was created at main.main (main.go:10), by G 1 main.main");
}
END_TEST

/* It never waited: its longest system call is what there is to say. */
START_TEST(test_longest_call) {
  g_autofree char *out = NULL;
  ck_assert_int_eq(run_file("f", &out, "8"), 0);
  expect_in(out, "was in a system call for");
}
END_TEST

/* It waited 861 ms and more, of which the trace has 30.8 ms: that is in no percentile. */
START_TEST(test_began_before_the_trace) {
  g_autofree char *out = NULL;
  ck_assert_int_eq(run_file("p", &out, "18"), 0);
  expect_in(out, "waited at least 30.79 ms");
  expect_in(out, "since before the trace");
  ck_assert_ptr_null(strstr(out, "waits here"));
}
END_TEST

/* A select that a timer ended, and one that a send did. */
START_TEST(test_ends_of_a_select) {
  g_autofree char *timer = NULL, *sent = NULL;
  ck_assert_int_eq(run_file("c", &timer, "21"), 0);
  expect_in(timer, "  woken by a timer\n");
  expect_in(timer, "G 21 main.selector waited until a timer fired, in a select at main.selector");
  ck_assert_int_eq(run_file_at("c", &sent, "21", "15882304ns"), 0);
  expect_in(sent, "  woken by G 22 main.sender, which sent at main.sender (main.go:8)\n");
}
END_TEST

/* For all but 104 us of the delay there was one processor, not two. */
START_TEST(test_processors_changed) {
  g_autofree char *out = NULL;
  ck_assert_int_eq(run_file_at("r", &out, "20", "83840ns"), 0);
  expect_in(out,
            "Running meanwhile on 1.00 processors on average: GOMAXPROCS changed from 2 to 1:");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("why-cli");
  TCase *all = tcase_create("all");
  tcase_add_test(all, test_text);
  tcase_add_test(all, test_json);
  tcase_add_test(all, test_times);
  tcase_add_test(all, test_other_states);
  tcase_add_test(all, test_statuses);
  tcase_add_test(all, test_hostile_names);
  tcase_add_test(all, test_created_at_the_go_statement);
  tcase_add_test(all, test_longest_call);
  tcase_add_test(all, test_began_before_the_trace);
  tcase_add_test(all, test_ends_of_a_select);
  tcase_add_test(all, test_processors_changed);
  suite_add_tcase(suite, all);
  return test_run(suite);
}
