/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli findings: what it prints of the sample against files, and what it filters. */
#include <check.h>
#include <gio/gio.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support.h"

static const char *data_dir(void) {
  return g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
}

/* In the folder of the sample, so that no name differs from machine to machine. */
#define run(r, ...)                                                                                \
  ((r)->status =                                                                                   \
       test_run_cli(data_dir(), &(r)->out, &(r)->err, "findings", "--no-cache", __VA_ARGS__))

static guint count(const char *text, const char *part) {
  guint n = 0;
  for (const char *p = text; (p = strstr(p, part)); p++)
    n++;
  return n;
}

START_TEST(printed) {
  static const char *const formats[][2] = {
      {"text", "sample.txt"}, {"json", "sample.json"}, {"markdown", "sample.md"}};
  g_auto(TestRun) r = {0};
  run(&r, "sample.trace", "--format", formats[_i][0], NULL);
  g_autofree char *path = g_build_filename(data_dir(), "..", "findings", formats[_i][1], NULL);
  g_autofree char *expected = NULL;
  ck_assert_int_eq(r.status, 0);
  ck_assert_str_eq(r.err, "");
  ck_assert(g_file_get_contents(path, &expected, NULL, NULL));
  ck_assert_str_eq(r.out, expected);
}
END_TEST

START_TEST(json_is_json) {
  g_auto(TestRun) r = {0};
  run(&r, "sample.trace", "-f", "json", NULL);
  json_object *root = json_tokener_parse(r.out), *list = NULL, *first;
  ck_assert_ptr_nonnull(root);
  ck_assert(json_object_object_get_ex(root, "findings", &list));
  ck_assert_uint_eq(json_object_array_length(list), 2);
  first = json_object_array_get_idx(list, 0);
  ck_assert_str_eq(json_object_get_string(json_object_object_get(first, "kind")), "sched");
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(first, "count")), 5846);
  ck_assert_str_eq(json_object_get_string(json_object_object_get(first, "level")), "minor");
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(first, "longest_ns")), 2470976);
  json_object_put(root);
}
END_TEST

/* What only some kinds have: whether a leak is certain, and who held a lock for how long. */
START_TEST(json_of_kinds) {
  g_auto(TestRun) leak = {0}, dead = {0}, lock = {0};
  run(&leak, "truth/nilch.trace", "-f", "json", NULL);
  run(&dead, "truth/dead.trace", "-f", "json", NULL);
  run(&lock, "truth/b.trace", "-f", "json", NULL);
  ck_assert_uint_eq(count(leak.out, "\"certainty\":\"certain\""), 2);
  ck_assert_uint_eq(count(dead.out, "\"certainty\":\"probable\""), 1);
  ck_assert_uint_eq(count(lock.out, "\"holder\":9,"), 1);
  ck_assert_uint_eq(count(lock.out, "\"holder_did\":\"ran\""), 1);
  ck_assert_uint_eq(count(lock.out, "\"certainty\""), 0);
}
END_TEST

START_TEST(filtered) {
  g_auto(TestRun) kinds = {0}, level = {0}, severe = {0}, part = {0};
  run(&kinds, "sample.trace", "--kind", "gc, pause", NULL);
  run(&level, "truth/e.trace", "--level", "notable", NULL);
  run(&severe, "sample.trace", "--level", "severe", NULL);
  run(&part, "sample.trace", "--from", "100ms", "--to", "110ms", "-f", "json", NULL);
  ck_assert_uint_eq(count(kinds.out, "\n["), 0);
  ck_assert_uint_eq(count(kinds.out, ", gc]\n") + count(kinds.out, ", pause]\n"), 1);
  ck_assert_uint_eq(count(kinds.out, ", sched]\n"), 0);
  ck_assert_uint_eq(count(level.out, "[notable, "), 2);
  ck_assert_uint_eq(count(level.out, "[minor, "), 0);
  ck_assert_str_eq(severe.out, "Nothing stands out.\n");
  ck_assert_int_eq(severe.status, 0);
  ck_assert(g_str_has_prefix(part.out, "{\"from_ns\":100000000,\"to_ns\":110000000,"));
}
END_TEST

START_TEST(statuses) {
  g_auto(TestRun) found = {0}, none = {0}, left_out = {0}, kind = {0}, level = {0}, times = {0},
                  profile = {0}, unknown = {0};
  run(&found, "truth/e.trace", "--fail-on", "notable", NULL);
  run(&none, "sample.trace", "--fail-on", "severe", NULL);
  run(&left_out, "truth/e.trace", "--fail-on", "notable", "--kind", "pause", NULL);
  run(&kind, "sample.trace", "--kind", "lock,locks", NULL);
  run(&level, "sample.trace", "--level", "bad", NULL);
  run(&times, "sample.trace", "--from", "2s", "--to", "1s", NULL);
  run(&profile, "profiles/go1.19/contention/cpu.pprof", NULL);
  run(&unknown, "findings.c", NULL);
  ck_assert_int_eq(found.status, 4);
  ck_assert(strstr(found.out, "[notable, sched]"));
  ck_assert_int_eq(none.status, 0);
  ck_assert_int_eq(left_out.status, 0);
  ck_assert_int_eq(kind.status, 2);
  ck_assert(strstr(kind.err, "unknown value “locks”; expected one of leak, lock, sched"));
  ck_assert_int_eq(level.status, 2);
  ck_assert_int_eq(times.status, 2);
  ck_assert_int_eq(profile.status, 1);
  ck_assert(strstr(profile.err, "Not an execution trace"));
  ck_assert_int_eq(unknown.status, 1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("findings-cli");
  TCase *tests = tcase_create("findings");
  tcase_add_loop_test(tests, printed, 0, 3);
  tcase_add_test(tests, json_is_json);
  tcase_add_test(tests, json_of_kinds);
  tcase_add_test(tests, filtered);
  tcase_add_test(tests, statuses);
  suite_add_tcase(suite, tests);
  return test_run_unforked(suite);
}
