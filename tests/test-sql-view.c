/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the SQL view does without widgets: completion, the place of an error, history, times,
 * charts. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "ui/kit/settings.h"
#include "ui/sql/chart-layout.h"
#include "ui/sql/completion.h"
#include "ui/sql/error-place.h"
#include "ui/sql/history.h"
#include "ui/sql/paint.h"

/* ---- Completion --------------------------------------------------------------------------- */

/* The first proposals where "|" is in `text`, joined by commas. */
static char *proposed(const char *text, guint max) {
  const char *bar = strchr(text, '|');
  g_autofree char *all = g_strdup_printf("%.*s%s", (int)(bar - text), text, bar + 1);
  gsize from;
  g_autoptr(GPtrArray) found =
      unpark_sql_complete(all, (gsize)(bar - text), UNPARK_SOURCE_TRACE, FALSE, &from);
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < MIN(found->len, max); i++) {
    const UnparkSqlProposal *proposal = g_ptr_array_index(found, i);
    g_string_append_printf(names, "%s%s", i > 0 ? "," : "", proposal->text);
  }
  return g_string_free(names, FALSE);
}

START_TEST(test_completion) {
  static const struct {
    const char *text, *first;
  } cases[] = {
      /* Tables, where a table is expected. */
      {"SELECT * FROM sp|", "span,proc_span,thread_span"},
      {"SELECT * FROM span JOIN gorout|", "goroutine,goroutine_label"},
      {"SELECT * FROM span s, gorout|", "goroutine,goroutine_label"},
      {"SELECT * FROM |", "source,import_note,process_source"},
      /* Columns of what the query reads, also before FROM and behind an alias. */
      {"SELECT dur| FROM span", "duration_ns"},
      {"SELECT s.dur| FROM span s", "duration_ns"},
      {"SELECT s.| FROM span AS s JOIN goroutine g", "goroutine,start_ns,end_ns"},
      {"SELECT g.na| FROM span AS s JOIN goroutine g", "name,runnable_ns"},
      {"SELECT span.wak| FROM span", "waker,waker_stack"},
      {"SELECT x.| FROM span s", ""},
      {"SELECT nam| FROM range; SELECT nam FROM span", "name"},
      /* Names that the query gives. */
      {"WITH slow AS (SELECT * FROM span) SELECT * FROM slo|", "slow"},
      {"SELECT sum(duration_ns) AS in_all FROM span ORDER BY in_a|", "in_all"},
      /* Keywords and functions, in the case of what is begun. */
      {"SELECT * FROM span WHER|", "WHERE"},
      {"select * from span wher|", "where"},
      {"SELECT coun| FROM span", "count"},
      {"SELECT * FROM span ORDER BY start_ns DES|", "DESC"},
      /* Values of columns that have few. */
      {"SELECT * FROM span WHERE state = 'w|", "waiting"},
      {"SELECT * FROM span WHERE state IN ('running', 'w|", "waiting"},
      {"SELECT * FROM span WHERE reason = 'chan |'", "chan receive,chan send"},
      {"SELECT * FROM goroutine WHERE name = 'w|", ""},
      /* Nothing: a comment, a number, a name in quotes, nothing begun. */
      {"SELECT 1 -- sp|", ""},
      {"SELECT /* sp|", ""},
      {"SELECT 12|", ""},
      {"SELECT \"sp|", ""},
      {"SELECT |", ""},
      {"|", ""},
      /* What is complete is not proposed; what a trace has not, either. */
      {"SELECT * FROM goroutine_label|", ""},
      {"SELECT * FROM sample_va|", ""},
      /* A name that has to be in quotes. */
      {"SELECT * FROM span WHERE duration_ns > 1 LIMI|", "LIMIT"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *first = proposed(cases[i].text, 3);
    ck_assert_msg(g_str_equal(first, cases[i].first), "%s: “%s”", cases[i].text, first);
  }
}
END_TEST

START_TEST(test_completion_everywhere) {
  static const char text[] = "WITH a AS (SELECT 'it''s', \"x\", [y] FROM span s, goroutine AS g "
                             "-- no\n WHERE s.state IN ('running', 'waiting') /* é */ AND 1.5 < 2 "
                             "GROUP BY 1) SELECT * FROM a JOIN; SELECT 'open";
  /* Wherever the cursor is, also within a character: no place is too odd. */
  for (gsize i = 0; i < sizeof text; i++) {
    gsize from;
    g_autoptr(GPtrArray) found = unpark_sql_complete(text, i, UNPARK_SOURCE_TRACE, TRUE, &from);
    ck_assert_uint_le(from, i);
    ck_assert_uint_le(found->len, 60);
  }
}
END_TEST

/* ---- Errors ------------------------------------------------------------------------------- */

START_TEST(test_error_place) {
  static const struct {
    const char *sql, *marked;
  } cases[] = {
      {"select foo from span", "foo"},
      {"select goroutine,\n  s.nothing\nfrom span s", "nothing"},
      {"select * from spam", "spam"},
      {"selec 1", "selec"},
      {"select nope(1) from span", "nope"},
      {"select count( from span", "from"},
      {"select 'é', bar from span", "bar"},
      {"select 1 from -- nothing", "from"},
      {"select 'open", "'open"},
      {"select goroutine from span join sched_latency", "goroutine"},
  };
  TestStore *sample = test_import_sample();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    int at = -2;
    gsize from = 0, to = 0;
    const UnparkQuery query = {.error_at = &at};
    ck_assert(!unpark_store_query(sample->store, cases[i].sql, &query, NULL, NULL, NULL, &error));
    ck_assert_msg(unpark_sql_error_place(cases[i].sql, at, error->message, &from, &to),
                  "%s: no place, %s", cases[i].sql, error->message);
    g_autofree char *marked = g_strndup(cases[i].sql + from, to - from);
    ck_assert_str_eq(marked, cases[i].marked);
  }
  int at = 7;
  const UnparkQuery query = {.error_at = &at};
  ck_assert(unpark_store_query(sample->store, "select 1", &query, NULL, NULL, NULL, NULL));
  ck_assert_int_eq(at, -1);
  gsize from, to;
  ck_assert(!unpark_sql_error_place("select 1", -1, "database is locked", &from, &to));
  ck_assert(!unpark_sql_error_place("", 0, "near \"\"", &from, &to));
  test_store_free(sample);
}
END_TEST

/* ---- History ------------------------------------------------------------------------------ */

static void history_is(const char *wanted) {
  g_auto(GStrv) list = unpark_sql_history_list();
  g_autofree char *joined = g_strjoinv("|", list);
  ck_assert_str_eq(joined, wanted);
}

START_TEST(test_history) {
  unpark_sql_history_clear();
  history_is("");
  unpark_sql_history_add("select 1;\n-- two; lines");
  unpark_sql_history_add("select 2");
  unpark_sql_history_add("select 1;\n-- two; lines");
  unpark_sql_history_add("");
  history_is("select 1;\n-- two; lines|select 2");
  unpark_settings_save();
  g_autofree char *path = g_build_filename(g_get_user_config_dir(), "unpark", "settings.ini", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  ck_assert(g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL));
  g_auto(GStrv) kept = g_key_file_get_string_list(file, "sql", "history", NULL, NULL);
  ck_assert_uint_eq(g_strv_length(kept), 2);
  ck_assert_str_eq(kept[0], "select 1;\n-- two; lines");
  unpark_sql_history_remove("select 1;\n-- two; lines");
  history_is("select 2");
  for (guint i = 0; i < UNPARK_SQL_HISTORY_MAX + 20; i++) {
    g_autofree char *sql = g_strdup_printf("select %u", i);
    unpark_sql_history_add(sql);
  }
  g_auto(GStrv) list = unpark_sql_history_list();
  ck_assert_uint_eq(g_strv_length(list), UNPARK_SQL_HISTORY_MAX);
  ck_assert_str_eq(list[0], "select 219");
}
END_TEST

START_TEST(test_walk) {
  static const struct {
    int direction;
    const char *shown, *next;
  } steps[] = {{-1, "draft", NULL}, {1, "draft", "c"},  {1, "c", "b"},
               {1, "b", "a"},       {1, "a", NULL},     {-1, "a", "b"},
               {-1, "b", "c"},      {-1, "c", "draft"}, {-1, "draft", NULL}};
  UnparkSqlWalk walk = {0};
  unpark_sql_history_clear();
  unpark_sql_history_add("a");
  unpark_sql_history_add("b");
  unpark_sql_history_add("c");
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autofree char *next = unpark_sql_walk_step(&walk, steps[i].direction, steps[i].shown);
    ck_assert_pstr_eq(next, steps[i].next);
  }
  /* What was just run is there already: one step back is the one before. */
  g_autofree char *before = unpark_sql_walk_step(&walk, 1, "c\n");
  ck_assert_str_eq(before, "b");
  unpark_sql_walk_end(&walk);
}
END_TEST

/* ---- Times and charts --------------------------------------------------------------------- */

START_TEST(test_times) {
  char buf[UNPARK_FORMAT_SIZE];
  ck_assert_int_eq(unpark_sql_time_of("duration_ns"), UNPARK_SQL_DURATION);
  ck_assert_int_eq(unpark_sql_time_of("Longest_NS"), UNPARK_SQL_DURATION);
  ck_assert_int_eq(unpark_sql_time_of("start_ns"), UNPARK_SQL_POINT);
  ck_assert_int_eq(unpark_sql_time_of("start_wall_ns"), UNPARK_SQL_WALL);
  ck_assert_int_eq(unpark_sql_time_of("columns"), UNPARK_SQL_NO_TIME);
  ck_assert_int_eq(unpark_sql_time_of("ns"), UNPARK_SQL_NO_TIME);
  ck_assert_str_eq(unpark_sql_time_text(UNPARK_SQL_DURATION, 7200000, buf), "7.20 ms");
  ck_assert_str_eq(unpark_sql_time_text(UNPARK_SQL_DURATION, 1500.7, buf), "1.50 µs");
  ck_assert_str_eq(unpark_sql_time_text(UNPARK_SQL_POINT, 1203456789, buf), "1.203457 s");
}
END_TEST

static UnparkSqlResult *ask(TestStore *sample, const char *sql) {
  g_autoptr(UnparkSources) sources = unpark_sources_of(sample->store);
  g_autoptr(GError) error = NULL;
  int at;
  UnparkSqlResult *result = unpark_sql_result_new(sources, sql, &at, NULL, &error);
  ck_assert_msg(result != NULL, "%s", error ? error->message : "");
  return result;
}

/* A template in the editor runs with the parameters of its head, which can be changed there. */
START_TEST(test_template) {
  TestStore *sample = test_import_sample();
  g_autoptr(UnparkSources) sources = unpark_sources_of(sample->store);
  g_autoptr(GError) error = NULL;
  int at;
  g_autoptr(UnparkTemplate) template = unpark_template_find("stop-the-world", &error);
  ck_assert_msg(template != NULL, "%s", error ? error->message : "");
  g_autofree char *text = unpark_template_text(template);
  g_autoptr(UnparkSqlResult) all = ask(sample, text);
  ck_assert_uint_eq(all->n_rows, 7);
  char *limit = strstr(text, "limit=20");
  ck_assert_ptr_nonnull(limit);
  memcpy(limit, "limit=02", 8);
  g_autoptr(UnparkSqlResult) some = ask(sample, text);
  ck_assert_uint_eq(some->n_rows, 2);
  memcpy(limit, "other=02", 8);
  ck_assert_ptr_null(unpark_sql_result_new(sources, text, &at, NULL, &error));
  ck_assert_msg(strstr(error->message, ":limit"), "%s", error->message);
  test_store_free(sample);
}
END_TEST

START_TEST(test_series) {
  TestStore *sample = test_import_sample();
  UnparkSqlChartKind kind;
  guint x, y;
  g_autoptr(UnparkSqlResult) states =
      ask(sample, "SELECT state, count(*) AS n, 5 AS total_ns FROM span GROUP BY state");
  ck_assert(unpark_sql_series_choose(states, &kind, &x, &y));
  ck_assert_int_eq(kind, UNPARK_SQL_BARS);
  ck_assert_uint_eq(x, 0);
  ck_assert_uint_eq(y, 2);
  g_autoptr(UnparkSqlResult) spans =
      ask(sample, "SELECT goroutine, start_ns, duration_ns, state FROM span ORDER BY duration_ns");
  ck_assert(unpark_sql_series_choose(spans, &kind, &x, &y));
  ck_assert_int_eq(kind, UNPARK_SQL_POINTS);
  ck_assert_uint_eq(x, 1);
  ck_assert_uint_eq(y, 2);
  g_autoptr(UnparkSqlSeries) points = unpark_sql_series_new(spans, kind, x, y);
  ck_assert_uint_eq(points->n, spans->n_rows);
  for (guint i = 1; i < points->n; i++)
    ck_assert_double_le(points->x[i - 1], points->x[i]);
  ck_assert_double_eq(points->x[0], points->min_x);
  g_autoptr(UnparkSqlSeries) bars = unpark_sql_series_new(spans, UNPARK_SQL_BARS, 3, 2);
  ck_assert_uint_eq(bars->n, UNPARK_SQL_MAX_BARS);
  ck_assert_uint_eq(bars->n + bars->n_left_out, spans->n_rows);
  g_autoptr(UnparkSqlResult) texts = ask(sample, "SELECT state, NULL AS nothing_ns FROM span");
  g_autoptr(UnparkSqlSeries) none = unpark_sql_series_new(texts, UNPARK_SQL_LINE, 0, 1);
  ck_assert_uint_eq(none->n, 0);
  g_autoptr(UnparkSqlResult) words = ask(sample, "SELECT state, reason FROM span");
  ck_assert(!unpark_sql_series_choose(words, &kind, &x, &y));
  test_store_free(sample);
}
END_TEST

START_TEST(test_svg) {
  TestStore *sample = test_import_sample();
  g_autoptr(UnparkSqlResult) result =
      ask(sample, "SELECT start_ns, duration_ns, name || '<' AS tag FROM range");
  for (guint kind = 0; kind < UNPARK_SQL_N_CHARTS; kind++) {
    g_autoptr(UnparkSqlSeries) series =
        unpark_sql_series_new(result, (UnparkSqlChartKind)kind, kind == UNPARK_SQL_BARS ? 2 : 0, 1);
    g_autofree char *title = unpark_sql_series_describe(series);
    g_autofree char *svg = unpark_sql_svg(series, title);
    g_autoptr(GMarkupParseContext) parser = NULL;
    const GMarkupParser nothing = {NULL, NULL, NULL, NULL, NULL};
    parser = g_markup_parse_context_new(&nothing, 0, NULL, NULL);
    ck_assert(g_markup_parse_context_parse(parser, svg, -1, NULL));
    ck_assert(g_markup_parse_context_end_parse(parser, NULL));
    ck_assert_ptr_nonnull(strstr(svg, "<title>"));
    ck_assert_ptr_nonnull(strstr(svg, "duration_ns"));
    ck_assert_uint_gt(strlen(svg), 2000);
  }
  test_store_free(sample);
}
END_TEST

START_TEST(test_axis) {
  double ticks[24], step;
  char buf[UNPARK_FORMAT_SIZE];
  UnparkSqlAxis axis = unpark_sql_axis(130, 970, TRUE, 500);
  ck_assert_double_eq(axis.from, 0);
  ck_assert_double_eq(axis.to, 1000);
  ck_assert_double_eq(unpark_sql_axis_at(&axis, 500), 250);
  guint n = unpark_sql_ticks(&axis, 90, ticks, G_N_ELEMENTS(ticks), &step);
  ck_assert_uint_eq(n, 6);
  ck_assert_double_eq(step, 200);
  ck_assert_double_eq(ticks[5], 1000);
  ck_assert_str_eq(unpark_sql_tick_text(UNPARK_SQL_NO_TIME, 2000, 1000, buf), "2,000");
  ck_assert_str_eq(unpark_sql_tick_text(UNPARK_SQL_NO_TIME, 0.25, 0.05, buf), "0.25");
  ck_assert_str_eq(unpark_sql_tick_text(UNPARK_SQL_DURATION, 1.5e9, 5e8, buf), "1.5 s");
  /* One value, nothing at all, and what is below zero. */
  axis = unpark_sql_axis(7, 7, FALSE, 100);
  ck_assert(axis.from < 7 && axis.to > 7);
  axis = unpark_sql_axis(0, 0, TRUE, 100);
  ck_assert(axis.from <= 0 && axis.to > 0);
  axis = unpark_sql_axis(-5, -1, TRUE, 100);
  ck_assert(axis.from <= -5 && axis.to >= 0);
  axis = unpark_sql_axis(-1e18, 1e18, FALSE, 100);
  ck_assert_uint_gt(unpark_sql_ticks(&axis, 20, ticks, G_N_ELEMENTS(ticks), &step), 1);
}
END_TEST

START_TEST(test_thin) {
  static const double x[] = {0, 0.2, 0.4, 0.6, 0.8, 5, 9, 9.5};
  static const double y[] = {3, 9, 1, 4, 5, 2, 7, 8};
  static const guint wanted[] = {0, 1, 2, 4, 5, 6, 7};
  guint kept[G_N_ELEMENTS(x)];
  ck_assert_uint_eq(unpark_sql_thin_line(x, y, G_N_ELEMENTS(x), kept), G_N_ELEMENTS(wanted));
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    ck_assert_uint_eq(kept[i], wanted[i]);
  ck_assert_int_eq(unpark_sql_nearest(x, y, G_N_ELEMENTS(x), 5.5, 2.5, 2), 5);
  ck_assert_int_eq(unpark_sql_nearest(x, y, G_N_ELEMENTS(x), 50, 50, 2), -1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("sql-view");
  TCase *tcase = tcase_create("sql-view");
  g_autofree char *home = g_dir_make_tmp("unpark-sql-XXXXXX", NULL);
  g_setenv("XDG_CONFIG_HOME", home, TRUE);
  tcase_add_test(tcase, test_completion);
  tcase_add_test(tcase, test_completion_everywhere);
  tcase_add_test(tcase, test_error_place);
  tcase_add_test(tcase, test_history);
  tcase_add_test(tcase, test_walk);
  tcase_add_test(tcase, test_times);
  tcase_add_test(tcase, test_template);
  tcase_add_test(tcase, test_series);
  tcase_add_test(tcase, test_svg);
  tcase_add_test(tcase, test_axis);
  tcase_add_test(tcase, test_thin);
  suite_add_tcase(suite, tcase);
  int failed = test_run(suite);
  g_autofree char *folder = g_build_filename(home, "unpark", NULL);
  g_autofree char *file = g_build_filename(folder, "settings.ini", NULL);
  g_unlink(file);
  g_rmdir(folder);
  g_rmdir(home);
  return failed;
}
