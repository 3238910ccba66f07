/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli latency, goroutines and tasks: the numbers of its JSON against SQL over the same
 * spans. */
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

static TestStore *sample;

static void setup(void) {
  sample = test_import_sample();
}

static void teardown(void) {
  test_store_free(sample);
}

#define run(r, command, ...)                                                                       \
  ((r)->status =                                                                                   \
       test_run_cli(UNPARK_TEST_DATA, &(r)->out, &(r)->err, command, "--no-cache", __VA_ARGS__))

/* Of a run that has to work. */
static json_object *parse(const TestRun *r) {
  ck_assert_msg(r->status == 0, "%d: %s", r->status, r->err);
  ck_assert_str_eq(r->err, "");
  json_object *root = json_tokener_parse(r->out);
  ck_assert_msg(root != NULL, "no JSON: %s", r->out);
  return root;
}

static gint64 number(json_object *object, const char *name) {
  json_object *value = NULL;
  ck_assert_msg(json_object_object_get_ex(object, name, &value), "no %s", name);
  return json_object_get_int64(value);
}

static const char *text(json_object *object, const char *name) {
  return json_object_get_string(json_object_object_get(object, name));
}

static json_object *row_of(json_object *root, gsize i) {
  return json_object_array_get_idx(json_object_object_get(root, "rows"), i);
}

static gsize n_rows(json_object *root) {
  return json_object_array_length(json_object_object_get(root, "rows"));
}

/* ---- latency -------------------------------------------------------------------------------- */

static const struct {
  const char *what, *by, *rows; /* SQL with name n and duration d */
} latencies[] = {
    {"sched", "cause", "SELECT cause AS n, duration_ns AS d FROM sched_latency"},
    {"sched", "proc", "SELECT CAST(proc AS TEXT) AS n, duration_ns AS d FROM sched_latency"},
    {"sched", "function",
     "SELECT g.name AS n, duration_ns AS d FROM sched_latency l JOIN goroutine g ON g.id = "
     "l.goroutine"},
    {"wait", "reason",
     "SELECT reason AS n, duration_ns AS d FROM span WHERE state = 'waiting' AND end_ns < (SELECT "
     "duration_ns FROM source)"},
    {"run", "proc",
     "SELECT CAST(proc AS TEXT) AS n, duration_ns AS d FROM span WHERE state = 'running' AND "
     "end_ns < (SELECT duration_ns FROM source)"},
    {"gc", NULL, "SELECT name AS n, duration_ns AS d FROM range WHERE name LIKE 'GC %'"},
    {"stw", NULL,
     "SELECT name AS n, duration_ns AS d FROM range WHERE name LIKE 'stop-the-world%'"},
    {"region", NULL, "SELECT name AS n, end_ns - start_ns AS d FROM region"},
    {"task", NULL, "SELECT name AS n, end_ns - start_ns AS d FROM task"},
};

START_TEST(latency_equals_sql) {
  g_auto(TestRun) r = {0};
  const char *rows = latencies[_i].rows;
  if (latencies[_i].by)
    run(&r, "latency", "sample.trace", "--what", latencies[_i].what, "--by", latencies[_i].by,
        "--format", "json", NULL);
  else
    run(&r, "latency", "sample.trace", "--what", latencies[_i].what, "--format", "json", NULL);
  json_object *root = parse(&r);
  gint64 sum = 0;
  ck_assert_str_eq(text(root, "what"), latencies[_i].what);
  ck_assert_uint_ge(n_rows(root), 2);
  ck_assert_int_eq(
      (gint64)n_rows(root) - 1,
      test_value(sample, "SELECT count(DISTINCT n) FROM (%s) WHERE d IS NOT NULL", rows));
  for (gsize i = 0; i < n_rows(root); i++) {
    json_object *row = row_of(root, i);
    /* The first is all of them. */
    g_autofree char *where =
        i > 0 ? g_strdup_printf("n = '%s' AND", text(row, "name")) : g_strdup("");
    ck_assert_int_eq(
        number(row, "count"),
        test_value(sample, "SELECT count(*) FROM (%s) WHERE %s d IS NOT NULL", rows, where));
    ck_assert_int_eq(number(row, "total_ns"),
                     test_value(sample, "SELECT sum(d) FROM (%s) WHERE %s d >= 0", rows, where));
    ck_assert_int_eq(number(row, "longest_ns"),
                     test_value(sample, "SELECT max(d) FROM (%s) WHERE %s d >= 0", rows, where));
    gint64 median = test_value(sample,
                               "SELECT d FROM (%s) WHERE %s d >= 0 ORDER BY d LIMIT 1 OFFSET "
                               "(SELECT (count(*) + 1) / 2 - 1 FROM (%s) WHERE %s d >= 0)",
                               rows, where, rows, where);
    ck_assert_int_le(ABS(number(row, "p50_ns") - median), median / 500 + 1);
  }
  json_object *histogram = json_object_object_get(root, "histogram");
  for (gsize i = 0; i < json_object_array_length(histogram); i++)
    sum += number(json_object_array_get_idx(histogram, i), "count");
  ck_assert_int_eq(sum, number(row_of(root, 0), "count"));
  json_object_put(root);
}
END_TEST

START_TEST(latency_of_a_part) {
  g_auto(TestRun) r = {0}, csv = {0};
  run(&r, "latency", "sample.trace", "-w", "wait", "--from", "20ms", "--to", "90ms", "--filter",
      "main", "-f", "json", NULL);
  json_object *root = parse(&r);
  ck_assert_int_eq(number(root, "from_ns"), 20000000);
  ck_assert_int_eq(number(root, "to_ns"), 90000000);
  ck_assert_int_eq(number(row_of(root, 0), "count"),
                   test_value(sample, "SELECT count(*) FROM span s JOIN goroutine g ON g.id = "
                                      "s.goroutine WHERE state = 'waiting' AND g.name LIKE "
                                      "'%%main%%' AND s.start_ns <= 90000000 AND s.end_ns >= "
                                      "20000000 AND s.end_ns < (SELECT duration_ns FROM source)"));
  json_object_put(root);
  run(&csv, "latency", "sample.trace", "--format", "csv", NULL);
  ck_assert_int_eq(csv.status, 0);
  ck_assert(g_str_has_prefix(csv.out, "name,count,total_ns,mean_ns,"));
}
END_TEST

/* The table ends with a histogram: a line for each range of lengths, with a bar and a count. */
START_TEST(latency_table) {
  g_auto(TestRun) r = {0};
  run(&r, "latency", "sample.trace", NULL);
  ck_assert_int_eq(r.status, 0);
  g_auto(GStrv) parts = g_strsplit(r.out, "\n\n", 2);
  ck_assert_uint_eq(g_strv_length(parts), 2);
  ck_assert(strstr(parts[0], "Longest") && strstr(parts[0], "All ") && strstr(parts[0], "woken"));
  g_auto(GStrv) lines = g_strsplit(parts[1], "\n", -1);
  ck_assert_uint_gt(g_strv_length(lines), 8);
  ck_assert(strstr(parts[1], " µs  █"));
}
END_TEST

START_TEST(latency_mmu) {
  g_auto(TestRun) r = {0}, none = {0}, one = {0};
  run(&r, "latency", "sample.trace", "--what", "mmu", "-f", "json", NULL);
  json_object *root = parse(&r);
  gint64 before = 0;
  ck_assert_uint_gt(n_rows(root), 10);
  for (gsize i = 0; i < n_rows(root); i++) {
    double mmu = json_object_get_double(json_object_object_get(row_of(root, i), "mmu"));
    json_object *worst = json_object_object_get(row_of(root, i), "worst");
    ck_assert(mmu >= 0 && mmu <= 1);
    ck_assert_int_gt(number(row_of(root, i), "window_ns"), before);
    ck_assert_uint_gt(json_object_array_length(worst), 0);
    before = number(row_of(root, i), "window_ns");
  }
  json_object_put(root);
  run(&none, "latency", "sample.trace", "--what", "mmu", "--include", "none", "-f", "csv", NULL);
  ck_assert(strstr(none.out, "\n1000,1.0,1.0,"));
  run(&one, "latency", "sample.trace", "--what", "mmu", "--include", "gc,assist", "--window",
      "10ms", "--by", "proc", "-f", "csv", NULL);
  g_auto(GStrv) lines = g_strsplit(one.out, "\n", -1);
  ck_assert_uint_eq(g_strv_length(lines), 3); /* with an empty one after the last */
  ck_assert(g_str_has_prefix(lines[1], "10000000,"));
}
END_TEST

START_TEST(latency_procs) {
  g_auto(TestRun) r = {0};
  run(&r, "latency", "sample.trace", "--what", "procs", "-f", "json", NULL);
  json_object *root = parse(&r);
  ck_assert_int_eq(number(root, "busy_ns"),
                   test_value(sample, "SELECT sum(duration_ns) FROM proc_span"));
  ck_assert_int_eq(number(root, "gomaxprocs_most"),
                   test_value(sample, "SELECT max(value) FROM metric WHERE name = "
                                      "'/sched/gomaxprocs:threads'"));
  ck_assert_uint_eq(n_rows(root), (guint)number(root, "gomaxprocs_most") + 1);
  ck_assert_int_eq(number(row_of(root, 0), "idle_runnable_ns"), number(root, "idle_runnable_ns"));
  ck_assert_int_eq(number(row_of(root, 2), "busy_ns"),
                   test_value(sample, "SELECT sum(duration_ns) FROM proc_span WHERE proc = 1"));
  json_object_put(root);
}
END_TEST

/* ---- goroutines and tasks ------------------------------------------------------------------- */

START_TEST(goroutines_equal_sql) {
  static const char *const states[] = {"running_ns", "runnable_ns", "waiting_ns", "syscall_ns"};
  g_auto(TestRun) r = {0};
  run(&r, "goroutines", "sample.trace", "-f", "json", NULL);
  json_object *root = parse(&r);
  gint64 count = 0;
  ck_assert_int_eq((gint64)n_rows(root),
                   test_value(sample, "SELECT count(DISTINCT name) FROM goroutine"));
  for (gsize i = 0; i < n_rows(root); i++) {
    json_object *row = row_of(root, i);
    for (guint s = 0; s < G_N_ELEMENTS(states); s++)
      ck_assert_int_eq(number(row, states[s]),
                       test_value(sample, "SELECT sum(%s) FROM goroutine WHERE name = '%s'",
                                  states[s], text(row, "name")));
    ck_assert_int_eq(number(row, "wait_network_ns"),
                     test_value(sample,
                                "SELECT sum(duration_ns) FROM span s JOIN goroutine g ON g.id = "
                                "s.goroutine WHERE reason IN ('network', 'IO wait') AND g.name = "
                                "'%s'",
                                text(row, "name")));
    ck_assert_int_eq(number(row, "ended"),
                     test_value(sample,
                                "SELECT count(*) FROM goroutine WHERE end_ns IS NOT NULL AND name "
                                "= '%s'",
                                text(row, "name")));
    ck_assert_int_eq(number(row, "ended") + number(row, "alive"), number(row, "count"));
    ck_assert_int_le(number(row, "p50_ns"), number(row, "p90_ns"));
    ck_assert_int_le(number(row, "p90_ns"), number(row, "p99_ns"));
    count += number(row, "count");
  }
  ck_assert_int_eq(count, test_value(sample, "SELECT count(DISTINCT goroutine) FROM span"));
  json_object_put(root);
}
END_TEST

START_TEST(goroutines_one_by_one) {
  g_auto(TestRun) r = {0}, filtered = {0};
  run(&r, "goroutines", "sample.trace", "--by", "goroutine", "-f", "json", NULL);
  json_object *root = parse(&r);
  ck_assert_int_eq((gint64)n_rows(root),
                   test_value(sample, "SELECT count(DISTINCT goroutine) FROM span"));
  ck_assert_int_eq(number(row_of(root, 5), "waiting_ns"),
                   test_value(sample, "SELECT waiting_ns FROM goroutine WHERE id = %s",
                              text(row_of(root, 5), "goroutine")));
  json_object_put(root);
  run(&filtered, "goroutines", "sample.trace", "--filter", "main.webshop", "-f", "csv", NULL);
  g_auto(GStrv) lines = g_strsplit(g_strstrip(filtered.out), "\n", -1);
  ck_assert(g_str_has_prefix(lines[0], "name,count,created,ended,alive,running_ns,"));
  for (guint i = 1; lines[i]; i++)
    ck_assert(g_str_has_prefix(lines[i], "main.webshop"));
  ck_assert_uint_gt(g_strv_length(lines), 1);
}
END_TEST

START_TEST(tasks_equal_sql) {
  g_auto(TestRun) r = {0}, tasks = {0}, regions = {0};
  run(&r, "tasks", "sample.trace", "-f", "json", NULL);
  json_object *root = parse(&r);
  ck_assert_int_eq((gint64)n_rows(root),
                   test_value(sample, "SELECT count(DISTINCT name) FROM task"));
  for (gsize i = 0; i < n_rows(root); i++) {
    json_object *row = row_of(root, i);
    const char *name = text(row, "name");
    ck_assert_int_eq(number(row, "count"),
                     test_value(sample, "SELECT count(*) FROM task WHERE name = '%s'", name));
    ck_assert_int_eq(
        number(row, "total_ns"),
        test_value(sample, "SELECT sum(end_ns - start_ns) FROM task WHERE name = '%s'", name));
    ck_assert_int_eq(number(row, "p95_ns"),
                     test_value(sample,
                                "SELECT end_ns - start_ns AS d FROM task WHERE name = '%s' ORDER "
                                "BY d LIMIT 1 OFFSET (SELECT (count(*) * 95 + 99) / 100 - 1 FROM "
                                "task WHERE name = '%s')",
                                name, name));
    ck_assert_int_gt(number(row, "waiting_ns"), 0);
  }
  json_object_put(root);
  run(&tasks, "tasks", "sample.trace", "--by", "task", "-f", "json", NULL);
  root = parse(&tasks);
  ck_assert_int_eq((gint64)n_rows(root), test_value(sample, "SELECT count(*) FROM task"));
  ck_assert_int_eq(number(row_of(root, 0), "duration_ns"),
                   test_value(sample, "SELECT end_ns - start_ns FROM task WHERE id = %s",
                              text(row_of(root, 0), "id")));
  json_object_put(root);
  run(&regions, "tasks", "sample.trace", "--by", "region", "-f", "json", NULL);
  root = parse(&regions);
  ck_assert_int_eq(number(row_of(root, 0), "total_ns"),
                   test_value(sample, "SELECT sum(end_ns - start_ns) FROM region WHERE name = '%s'",
                              text(row_of(root, 0), "name")));
  json_object_put(root);
}
END_TEST

/* The tables show the kinds of waits that there are, and no other. */
START_TEST(tables) {
  g_auto(TestRun) goroutines = {0}, tasks = {0};
  run(&goroutines, "goroutines", "sample.trace", NULL);
  run(&tasks, "tasks", "sample.trace", NULL);
  ck_assert(strstr(goroutines.out, "Network") && strstr(goroutines.out, "Created"));
  ck_assert(!strstr(goroutines.out, "Forever"));
  ck_assert(strstr(tasks.out, "Network") && !strstr(tasks.out, "Select"));
  ck_assert(strstr(tasks.out, "POST /order"));
}
END_TEST

static const struct {
  int status;
  const char *args[8], *message;
} wrong[] = {
    {2, {"latency", "sample.trace", "--what", "waits"}, "unknown value “waits”"},
    {2, {"latency", "sample.trace", "--what", "wait", "--by", "cause"}, "does not go with"},
    {2, {"latency", "sample.trace", "--include", "gc"}, "need --what mmu"},
    {2, {"latency", "sample.trace", "-w", "mmu", "--include", "gc,all"}, "unknown value “all”"},
    {2, {"latency", "sample.trace", "-w", "mmu", "--from", "1ms"}, "whole trace"},
    {2, {"latency", "sample.trace", "--from", "2s", "--to", "1s"}, "must be later"},
    {2, {"latency", "sample.trace", "--format", "tsv"}, "unknown value “tsv”"},
    {2, {"goroutines", "sample.trace", "--by", "proc"}, "unknown value “proc”"},
    {2, {"tasks", "sample.trace", "--by", "id"}, "unknown value “id”"},
    {1, {"goroutines", "profiles/go1.19/contention/cpu.pprof"}, "Not an execution trace"},
    {1, {"tasks", "profiles/go1.19/contention/cpu.pprof"}, "Not an execution trace"},
    {1, {"latency", "profiles/go1.19/contention/cpu.pprof"}, "Not an execution trace"},
};

START_TEST(refused) {
  g_auto(TestRun) r = {0};
  const char *const *a = wrong[_i].args;
  r.status = test_run_cli(UNPARK_TEST_DATA, &r.out, &r.err, a[0], a[1], a[2], a[3], a[4], a[5],
                          a[6], a[7], NULL);
  ck_assert_int_eq(r.status, wrong[_i].status);
  ck_assert_msg(strstr(r.err, wrong[_i].message) != NULL, "%s", r.err);
  ck_assert_str_eq(r.out, "");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("tables-cli");
  TCase *tcase = tcase_create("tables-cli");
  tcase_add_unchecked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, latency_equals_sql, 0, (int)G_N_ELEMENTS(latencies));
  tcase_add_test(tcase, latency_of_a_part);
  tcase_add_test(tcase, latency_table);
  tcase_add_test(tcase, latency_mmu);
  tcase_add_test(tcase, latency_procs);
  tcase_add_test(tcase, goroutines_equal_sql);
  tcase_add_test(tcase, goroutines_one_by_one);
  tcase_add_test(tcase, tasks_equal_sql);
  tcase_add_test(tcase, tables);
  tcase_add_loop_test(tcase, refused, 0, (int)G_N_ELEMENTS(wrong));
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
