/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli --filter: of every command, held against what the window's filter finds. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/filter/filter.h"
#include "model/findings/findings.h"
#include "tests/support.h"

static const char *const filters[] = {
    "serveDatabase",
    "not main.",
    "state:waiting dur>1ms",
    "state:runnable or reason:net",
    "fn:readLoop",
    "task:stock",
    "range:assist dur>100us",
    "woken-by:1",
    "main state:syscall",
    "\"no:such:function\"",
};

static TestStore *sample;

static void set_up(void) {
  sample = test_import_sample();
}

static void tear_down(void) {
  g_clear_pointer(&sample, test_store_free);
}

/* What the query prints under the filter; free with g_free(). */
static char *query(const char *filter, const char *sql) {
  char *out = NULL;
  g_autofree char *err = NULL;
  int status = test_run_cli(NULL, &out, &err, "query", sample->path, sql, "--filter", filter, NULL);
  ck_assert_msg(status == 0, "%s, %s: %s", filter, sql, err);
  return out;
}

static UnparkFilterResult *apply(const char *filter) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTrackIndex) tracks = unpark_track_index_read(sample->store, NULL, &error);
  UnparkFilterResult *result = unpark_filter_apply(sample->store, filter, tracks, NULL, &error);
  ck_assert_msg(result != NULL, "%s: %s", filter, error ? error->message : "");
  return result;
}

/* "1,2,3"; as lines, the last has an end, too. */
static char *list_of(const UnparkIdSet *set, char separator) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < set->n; i++)
    g_string_append_printf(text, "%" G_GINT64_FORMAT "%c", set->ids[i], separator);
  if (separator != '\n' && text->len > 0)
    g_string_truncate(text, text->len - 1);
  return g_string_free(text, FALSE);
}

static void expect_rows(const char *filter, const char *sql, const char *expected) {
  g_autofree char *got = query(filter, sql);
  g_autofree char *difference = test_compare_lines(expected, got);
  ck_assert_msg(!difference, "%s: %s: %s", filter, sql, difference);
}

/* The goroutines, spans and tasks that the window counts and draws. */
START_TEST(agrees_with_the_window) {
  const char *filter = filters[_i];
  g_autoptr(UnparkFilterResult) result = apply(filter);
  g_autofree char *goroutines = list_of(&result->goroutines, '\n');
  g_autofree char *tasks = list_of(&result->tasks, '\n');
  expect_rows(filter, "SELECT id FROM goroutine ORDER BY id", goroutines);
  expect_rows(filter, "SELECT id FROM task ORDER BY id", tasks);
  if (!result->has_spans)
    return;
  g_autoptr(GString) spans = g_string_new(NULL);
  for (guint i = 0; i < result->by_lane->len; i++) {
    const UnparkSpanMatch *match = &g_array_index(result->by_lane, UnparkSpanMatch, i);
    g_string_append_printf(spans, "%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\n", match->goroutine,
                           match->start_ns);
  }
  expect_rows(filter, "SELECT goroutine, start_ns FROM span ORDER BY goroutine, start_ns",
              spans->str);
}
END_TEST

/* Every table has the rows that a condition on the goroutine would leave. */
START_TEST(tables_hold_what_passes) {
  static const struct {
    const char *select, *condition; /* %s: the ids */
  } cases[] = {
      {"count(*), sum(start_ns), sum(proc) FROM sched_latency", "goroutine IN (%s)"},
      {"count(*), sum(start_ns), sum(thread) FROM proc_span", "goroutine IN (%s)"},
      {"count(*), sum(start_ns), sum(proc) FROM thread_span", "goroutine IN (%s)"},
      {"count(*), sum(start_ns), sum(depth) FROM region", "goroutine IN (%s)"},
      {"count(*), sum(time_ns), min(message) FROM log", "goroutine IN (%s)"},
      {"count(*), sum(time_ns), sum(stack) FROM cpu_sample", "goroutine IN (%s)"},
      {"count(*), min(label) FROM goroutine_label", "goroutine IN (%s)"},
      {"count(*), sum(start_ns), min(name) FROM range", "scope <> 'goroutine' OR scope_id IN (%s)"},
      {"count(*), sum(value) FROM metric", "1 OR 0 IN (%s)"},
      {"count(*), sum(depth) FROM stack_frame", "1 OR 0 IN (%s)"},
      {"state, count(*), sum(duration_ns) FROM span", "goroutine IN (%s) GROUP BY state"},
      {"max(duration_ns) FROM span", "goroutine IN (%s) AND state = 'waiting'"},
      {"count(*) FROM span s JOIN goroutine g ON g.id = s.goroutine", "g.id IN (%s)"},
  };
  for (guint f = 0; f < 2; f++) { /* which ask for no spans: then all of span is there */
    g_autoptr(UnparkFilterResult) result = apply(filters[f]);
    g_autofree char *ids = list_of(&result->goroutines, ',');
    ck_assert_uint_gt(result->goroutines.n, 0);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
      g_auto(GStrv) parts = g_strsplit(cases[i].condition, "%s", 2);
      g_autofree char *all =
          g_strconcat("SELECT ", cases[i].select, " WHERE ", parts[0], ids, parts[1], NULL);
      const char *rest = strstr(cases[i].condition, "GROUP BY");
      const char *state = strstr(cases[i].condition, "state = ");
      g_autofree char *some = g_strconcat("SELECT ", cases[i].select, state ? " WHERE " : " ",
                                          state  ? state
                                          : rest ? rest
                                                 : "",
                                          NULL);
      g_autoptr(GError) error = NULL;
      GString *expected = test_query(sample->store, all, &error);
      ck_assert_msg(expected != NULL, "%s: %s", all, error ? error->message : "");
      expect_rows(filters[f], some, expected->str);
      g_string_free(expected, TRUE);
    }
  }
}
END_TEST

/* The sums of all spans, which are kept, are of all spans. */
START_TEST(sums_are_of_what_passes) {
  g_autofree char *states = query("state:waiting dur>1ms", "SELECT state, count(*) FROM span "
                                                           "GROUP BY state");
  gint64 n = test_value(sample, "SELECT count(*) FROM span WHERE state = 'waiting' AND "
                                "duration_ns > 1000000");
  g_autofree char *expected = g_strdup_printf("waiting\t%" G_GINT64_FORMAT "\n", n);
  ck_assert_str_eq(states, expected);
  /* Nothing to look for: no filter. */
  g_autofree char *all = query(" ", "SELECT count(*) FROM span");
  ck_assert_int_eq(g_ascii_strtoll(all, NULL, 10), test_value(sample, "SELECT count(*) FROM span"));
}
END_TEST

START_TEST(findings_are_of_what_passes) {
  const char *filter = "serveDatabase";
  g_autoptr(UnparkFilterResult) result = apply(filter);
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(sample->store, G_MININT64 + 1, G_MAXINT64, result->goroutines.ids,
                          result->goroutines.n, NULL, NULL);
  g_autofree char *out = NULL, *err = NULL, *all = NULL;
  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "findings", sample->path, "-f", "json",
                                "--filter", filter, NULL),
                   0);
  guint n = 0;
  for (const char *p = out; (p = strstr(p, "\"kind\":")); p++)
    n++;
  ck_assert_uint_eq(n, findings->n);
  for (guint i = 0; i < findings->n; i++) {
    g_autofree char *count =
        g_strdup_printf("\"count\":%" G_GUINT64_FORMAT ",", findings->findings[i].count);
    ck_assert_msg(strstr(out, count) != NULL, "%s is not in %s", count, out);
  }
  g_clear_pointer(&err, g_free);
  ck_assert_int_eq(test_run_cli(NULL, &all, &err, "findings", sample->path, "-f", "json", NULL), 0);
  ck_assert_str_ne(out, all);
}
END_TEST

/* The longest wait: of the spans that are asked for, or of those of who passes. */
START_TEST(why_takes_the_longest) {
  static const struct {
    const char *filter, *spans;
  } cases[] = {
      {"serveDatabase", "state = 'waiting' AND goroutine IN (SELECT id FROM goroutine "
                        "WHERE name LIKE '%serveDatabase%')"},
      {"reason:sync", "state = 'waiting' AND reason LIKE '%sync%'"},
      {"state:runnable dur>100us", "state = 'runnable'"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *out = NULL, *err = NULL, *asked = NULL;
    g_autofree char *order =
        g_strconcat("FROM span WHERE ", cases[i].spans,
                    " ORDER BY duration_ns DESC, start_ns, goroutine LIMIT 1", NULL);
    g_autofree char *id =
        g_strdup_printf("%" G_GINT64_FORMAT, test_value(sample, "SELECT goroutine %s", order));
    g_autofree char *at =
        g_strdup_printf("%" G_GINT64_FORMAT, test_value(sample, "SELECT start_ns %s", order));
    int status =
        test_run_cli(NULL, &out, &err, "why", sample->path, "--filter", cases[i].filter, NULL);
    ck_assert_msg(status == 0, "%s: %s", cases[i].filter, err);
    g_clear_pointer(&err, g_free);
    ck_assert_int_eq(
        test_run_cli(NULL, &asked, &err, "why", sample->path, "-g", id, "--at", at, NULL), 0);
    ck_assert_str_eq(out, asked);
  }
}
END_TEST

START_TEST(why_refuses) {
  g_autofree char *out = NULL, *err = NULL;
  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "why", sample->path, "--filter", "main", "-g", "1", NULL), 2);
  ck_assert_ptr_nonnull(strstr(err, "--goroutine and --filter"));
  g_clear_pointer(&out, g_free);
  g_clear_pointer(&err, g_free);
  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "why", sample->path, "--filter", "main", "--at", "1ms", NULL),
      2);
  ck_assert_ptr_nonnull(strstr(err, "--at needs --goroutine"));
  g_clear_pointer(&out, g_free);
  g_clear_pointer(&err, g_free);
  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "why", sample->path, "--filter", "noSuchFunction", NULL), 1);
  ck_assert_ptr_nonnull(strstr(err, "Nothing that matches the filter waited"));
}
END_TEST

START_TEST(flame_graphs_are_of_what_passes) {
  g_autoptr(UnparkFilterResult) result = apply("serveDatabase");
  g_autofree char *ids = list_of(&result->goroutines, ',');
  g_autofree char *one = g_strdup_printf("%" G_GINT64_FORMAT ",1", result->goroutines.ids[0]);
  g_autofree char *first = g_strdup_printf("%" G_GINT64_FORMAT, result->goroutines.ids[0]);
  const char *const pairs[][2] = {{NULL, ids}, {one, first}};
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autofree char *out = NULL, *err = NULL, *expected = NULL;
    ck_assert_int_eq(test_run_cli(NULL, &expected, &err, "flamegraph", sample->path, "-o", "-",
                                  "-f", "folded", "-s", "off-cpu", "-g", pairs[i][1], NULL),
                     0);
    g_clear_pointer(&err, g_free);
    ck_assert_int_eq(test_run_cli(NULL, &out, &err, "flamegraph", sample->path, "-o", "-", "-f",
                                  "folded", "-s", "off-cpu", "--filter", "serveDatabase",
                                  pairs[i][0] ? "-g" : NULL, pairs[i][0], NULL),
                     0);
    ck_assert_str_ne(out, "");
    ck_assert_str_eq(out, expected);
  }
}
END_TEST

START_TEST(errors_tell_where) {
  static const struct {
    const char *filter, *message;
  } cases[] = {
      {"main state:asleep",
       "character 6: unknown state; expected running, runnable, waiting or syscall"},
      {"stack:handle", "character 1: “stack” is not one of the keys state:, reason:, fn:, dur>"},
      {"dur>5", "character 1: expected a duration such as dur>5ms"},
      {"(main", "character 6: missing closing parenthesis"},
  };
  const char *const commands[][3] = {{"query", "SELECT 1", NULL},
                                     {"findings", NULL, NULL},
                                     {"why", NULL, NULL},
                                     {"flamegraph", "-o", "/dev/null"}};
  for (guint c = 0; c < G_N_ELEMENTS(commands); c++)
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
      g_autofree char *out = NULL, *err = NULL;
      g_autofree char *option = g_strconcat("--filter=", cases[i].filter, NULL);
      int status = test_run_cli(
          NULL, &out, &err, commands[c][0], sample->path, option, commands[c][1], commands[c][2],
          g_str_equal(commands[c][0], "flamegraph") ? "-ffolded" : NULL, NULL);
      ck_assert_msg(status == 2, "%s: %d %s", commands[c][0], status, err);
      ck_assert_msg(strstr(err, cases[i].message) != NULL, "%s", err);
      ck_assert_str_eq(out, "");
    }
}
END_TEST

START_TEST(only_traces_are_filtered) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *profile = g_build_filename(data, "profiles/go1.19/contention/heap.pprof", NULL);
  g_autofree char *out = NULL, *err = NULL;
  ck_assert(g_file_test(profile, G_FILE_TEST_EXISTS));
  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "query", profile, "--no-cache", "SELECT 1",
                                "--filter", "main", NULL),
                   1);
  ck_assert_ptr_nonnull(strstr(err, "Not an execution trace"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("filter-cli");
  TCase *tests = tcase_create("filter-cli");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_loop_test(tests, agrees_with_the_window, 0, G_N_ELEMENTS(filters));
  tcase_add_test(tests, tables_hold_what_passes);
  tcase_add_test(tests, sums_are_of_what_passes);
  tcase_add_test(tests, findings_are_of_what_passes);
  tcase_add_test(tests, why_takes_the_longest);
  tcase_add_test(tests, why_refuses);
  tcase_add_test(tests, flame_graphs_are_of_what_passes);
  tcase_add_test(tests, errors_tell_where);
  tcase_add_test(tests, only_traces_are_filtered);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
