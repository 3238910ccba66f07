/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files that are read as one: tables with a column `source`, and times on one axis. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/times.h"
#include "model/sources/clock.h"
#include "model/spans/join.h"
#include "model/sql/query.h"
#include "model/sql/schema.h"
#include "model/store/bookmarks.h"
#include "tests/support.h"

static const char *const files[] = {"expected/go1.27/starvation.trace",
                                    "expected/go1.27/annotations.trace",
                                    "profiles/go1.27/leak/cpu.pprof"};
#define N_FILES G_N_ELEMENTS(files)

static TestStore *stores[N_FILES];
static UnparkSources *sources;

static void setup(void) {
  sources = unpark_sources_new();
  for (guint i = 0; i < N_FILES; i++) {
    g_autofree char *plain = g_build_filename(UNPARK_TEST_DATA, files[i], NULL);
    g_autofree char *path = test_find_packed(plain);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(path != NULL, "%s", plain);
    stores[i] = test_import(path, &error);
    ck_assert_msg(stores[i] != NULL, "%s", error ? error->message : "");
    unpark_sources_add(sources, stores[i]->store, files[i]);
  }
  ck_assert(unpark_sources_align(sources, NULL));
}

static void teardown(void) {
  g_clear_pointer(&sources, unpark_sources_unref);
  for (guint i = 0; i < N_FILES; i++)
    g_clear_pointer(&stores[i], test_store_free);
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static gboolean append_row(const UnparkValue *values, guint n, gpointer data) {
  GString *rows = data;

  for (guint i = 0; i < n; i++) {
    g_string_append(rows, i > 0 ? "\t" : "");
    if (values[i].type == UNPARK_VALUE_INT)
      g_string_append_printf(rows, "%" G_GINT64_FORMAT, values[i].integer);
    else if (values[i].type == UNPARK_VALUE_REAL)
      g_string_append_printf(rows, "%.17g", values[i].real);
    else if (values[i].type == UNPARK_VALUE_TEXT)
      g_string_append_len(rows, values[i].text, (gssize)values[i].size);
  }
  g_string_append_c(rows, '\n');
  return TRUE;
}

static GString *ask(const char *sql, GError **error) {
  const UnparkQuery query = {.row = append_row};
  GString *rows = g_string_new(NULL);

  if (!unpark_query_sources(sources, sql, &query, rows, NULL, NULL, error)) {
    g_string_free(rows, TRUE);
    return NULL;
  }
  return rows;
}

static void expect(const char *sql, const char *wanted) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) rows = ask(sql, &error);

  ck_assert_msg(rows != NULL, "%s: %s", sql, error ? error->message : "");
  g_autofree char *difference = test_compare_lines(wanted, rows->str);
  ck_assert_msg(!difference, "%s: %s", sql, difference);
}

/* ---- What the tables hold ------------------------------------------------------------------- */

static guint entry(guint i, const UnparkSourceEntry **entry) {
  guint n;

  *entry = &unpark_sources_entries(sources, &n)[i];
  return n;
}

static gboolean is_time(const char *column) {
  static const char *const times[] = {"start_ns", "end_ns", "create_ns", "time_ns", NULL};

  return g_strv_contains(times, column);
}

/* The rows of a table of one file, as they ought to be among those of several. */
static void append_wanted(GString *to, guint i, const UnparkSqlTableInfo *table) {
  g_autoptr(GString) sql = g_string_new("SELECT ");
  g_autoptr(GString) rows = NULL;
  g_autoptr(GError) error = NULL;
  const UnparkSourceEntry *source;

  entry(i, &source);
  g_string_append_printf(sql, "%" G_GINT64_FORMAT, source->id);
  for (guint c = 0; table->columns[c]; c++) {
    g_string_append_printf(sql, ", [%s]", table->columns[c]);
    if (is_time(table->columns[c]))
      g_string_append_printf(sql, " + %" G_GINT64_FORMAT, source->offset_ns);
  }
  g_string_append_printf(sql, " FROM %s", table->name);
  rows = test_query(stores[i]->store, sql->str, &error);
  ck_assert_msg(rows != NULL, "%s: %s", sql->str, error ? error->message : "");
  g_string_append_len(to, rows->str, (gssize)rows->len);
}

/* Every table is the rows of the one file, then those of the next, with the times moved. */
START_TEST(tables_are_those_of_each) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);

  for (guint t = 0; t < n; t++) {
    g_autoptr(GString) wanted = g_string_new(NULL);
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", tables[t].name);

    if (tables[t].session)
      continue;
    for (guint i = 0; i < N_FILES; i++)
      append_wanted(wanted, i, &tables[t]);
    expect(sql, wanted->str);
  }
}
END_TEST

START_TEST(one_file_has_no_source) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) rows = test_query(stores[0]->store, "SELECT source FROM span", &error);
  g_autoptr(GString) grouped = NULL;

  ck_assert(rows == NULL && strstr(error->message, "no such column"));
  g_clear_error(&error);
  grouped =
      test_query(stores[0]->store, "SELECT source, count(*) FROM span GROUP BY source", &error);
  ck_assert(grouped == NULL && strstr(error->message, "no such column"));
}
END_TEST

/* Whatever SQLite is told about order and bounds, it gives the same rows as without. The second
 * form of each hides the columns from the planner. */
static const char *const plans[][2] = {
    {"SELECT source, goroutine, start_ns FROM span ORDER BY source, goroutine, start_ns",
     "SELECT source, goroutine, start_ns FROM span ORDER BY +source, +goroutine, +start_ns"},
    {"SELECT goroutine, start_ns, source FROM span ORDER BY goroutine, start_ns",
     "SELECT goroutine, start_ns, source FROM span ORDER BY +goroutine, +start_ns"},
    {"SELECT goroutine, start_ns FROM span WHERE source = 2 ORDER BY goroutine, start_ns",
     "SELECT goroutine, start_ns FROM span WHERE +source = 2 ORDER BY +goroutine, +start_ns"},
    {"SELECT DISTINCT source FROM span ORDER BY source DESC",
     "SELECT DISTINCT source FROM span ORDER BY +source DESC"},
    {"SELECT count(*) FROM span WHERE source = 9", "SELECT 0"},
    {"SELECT count(*) FROM span WHERE source = 1.5", "SELECT 0"},
    {"SELECT count(*) FROM span WHERE source = 'sample.trace'", "SELECT 0"},
    {"SELECT count(*) FROM stack_frame WHERE source = 0", "SELECT 0"},
    {"SELECT source, count(*) FROM stack_frame WHERE source = 2 AND depth = 0",
     "SELECT source, count(*) FROM stack_frame WHERE +source = 2 AND +depth = 0"},
    {"SELECT source, function FROM stack_frame WHERE stack = 3 ORDER BY 1, 2",
     "SELECT source, function FROM stack_frame WHERE +stack = 3 ORDER BY 1, 2"},
    {"SELECT source, state, count(*), sum(duration_ns) FROM span GROUP BY source, state",
     "SELECT source, state, count(*), sum(duration_ns) FROM span WHERE +source > 0 "
     "GROUP BY source, state"},
    {"SELECT state, count(*), max(duration_ns) FROM span GROUP BY state ORDER BY state",
     "SELECT state, count(*), max(duration_ns) FROM span WHERE +source > 0 GROUP BY state "
     "ORDER BY state"},
    {"SELECT source, count(*) FROM span WHERE start_ns >= (SELECT offset_ns FROM process_source "
     "WHERE id = 2) AND end_ns < (SELECT offset_ns + 1000000 FROM process_source WHERE id = 2) "
     "GROUP BY source",
     "SELECT source, count(*) FROM span WHERE +start_ns >= (SELECT offset_ns FROM process_source "
     "WHERE id = 2) AND +end_ns < (SELECT offset_ns + 1000000 FROM process_source WHERE id = 2) "
     "GROUP BY source"},
    {"SELECT count(DISTINCT rowid) FROM span", "SELECT count(*) FROM span"},
    {"SELECT g.name, sum(s.duration_ns) FROM goroutine g JOIN span s ON s.source = g.source AND "
     "s.goroutine = g.id GROUP BY 1 ORDER BY 1",
     "SELECT g.name, sum(s.duration_ns) FROM goroutine g JOIN span s ON +s.source = +g.source AND "
     "+s.goroutine = +g.id GROUP BY 1 ORDER BY 1"},
};

START_TEST(plans_agree) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) plain = ask(plans[_i][1], &error);

  ck_assert_msg(plain != NULL && plain->len > 0, "%s: %s", plans[_i][1],
                error ? error->message : "no rows");
  expect(plans[_i][0], plain->str);
}
END_TEST

START_TEST(filters_are_of_each) {
  gint64 ids[] = {1};
  const UnparkQueryScope scope = {.goroutines = {ids, 1}};
  const UnparkQueryScope *const scopes[N_FILES] = {&scope};
  const UnparkQuery query = {.row = append_row, .scopes = scopes};
  g_autoptr(GString) rows = g_string_new(NULL), second = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  ck_assert(unpark_query_sources(sources,
                                 "SELECT source, count(DISTINCT goroutine) FROM span "
                                 "WHERE source = 1 GROUP BY source",
                                 &query, rows, NULL, NULL, &error));
  ck_assert_str_eq(rows->str, "1\t1\n");
  ck_assert(unpark_query_sources(sources, "SELECT count(*) FROM span WHERE source = 2", &query,
                                 second, NULL, NULL, &error));
  g_autofree char *all =
      g_strdup_printf("%" G_GINT64_FORMAT "\n", test_value(stores[1], "SELECT count(*) FROM span"));
  ck_assert_str_eq(second->str, all);
}
END_TEST

START_TEST(writing_is_refused) {
  static const char *const statements[] = {"CREATE TABLE t (a)",
                                           "CREATE TEMP TABLE t (a)",
                                           "DELETE FROM span",
                                           "INSERT INTO process_source DEFAULT VALUES",
                                           "ATTACH 'x' AS y",
                                           "VACUUM INTO 'x'",
                                           "PRAGMA journal_mode = delete",
                                           "SELECT load_extension('x')"};

  for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert(ask(statements[i], &error) == NULL);
    ck_assert_msg(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_READ_ONLY) ||
                      g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_SQL),
                  "%s: %s", statements[i], error->message);
  }
}
END_TEST

/* ---- The axis ---------------------------------------------------------------------------------
 */

START_TEST(the_axis_begins_with_the_earliest) {
  gint64 least = G_MAXINT64;
  const UnparkSourceEntry *source;

  for (guint i = 0; i < N_FILES; i++)
    least = MIN(least, unpark_store_source(stores[i]->store)->start_wall_ns);
  for (guint i = 0; i < N_FILES; i++) {
    entry(i, &source);
    /* The traces are of one host: its monotonic clock is as good as the time of day, or better. */
    ck_assert_int_lt(
        ABS(source->offset_ns - (unpark_store_source(stores[i]->store)->start_wall_ns - least)),
        1000);
  }
}
END_TEST

START_TEST(a_file_is_moved_by_hand) {
  g_autoptr(UnparkSources) moved = unpark_sources_new();
  const UnparkSourceEntry *before, *after;
  guint n;

  for (guint i = 0; i < N_FILES; i++)
    unpark_sources_add(moved, stores[i]->store, files[i]);
  unpark_sources_move(moved, 1, -1500);
  ck_assert(unpark_sources_align(moved, NULL));
  after = unpark_sources_entries(moved, &n);
  before = unpark_sources_entries(sources, &n);
  ck_assert_int_eq(after[0].offset_ns, before[0].offset_ns);
  ck_assert_int_eq(after[1].offset_ns, before[1].offset_ns - 1500);
  ck_assert_int_eq(after[1].clock, UNPARK_SOURCES_CLOCK_HAND);
}
END_TEST

#define BOOT G_GINT64_CONSTANT(1700000000000000000)
#define MS G_GINT64_CONSTANT(1000000)

/* A trace's time: what the monotonic clock said at its time 0, and what the time of day was wrong
 * by. */
static UnparkSourcesTime time_of(gint64 mono_ns, gint64 error_ns) {
  return (UnparkSourcesTime){BOOT + mono_ns + error_ns, mono_ns, BOOT + error_ns,
                             UNPARK_SOURCES_CLOCK_WALL};
}

START_TEST(one_host_agrees) {
  UnparkSourcesTime times[] = {
      time_of(5 * MS, 300),
      time_of(9 * MS, 100),
      time_of(7 * MS, -40000),
      time_of(8 * MS, 3 * MS),
      {BOOT + 6 * MS, UNPARK_NONE, UNPARK_NONE, UNPARK_SOURCES_CLOCK_START}};

  unpark_sources_times_agree(times, G_N_ELEMENTS(times));
  /* By the median of the three. */
  ck_assert_int_eq(times[0].wall_ns, BOOT + 5 * MS + 100);
  ck_assert_int_eq(times[1].wall_ns, BOOT + 9 * MS + 100);
  ck_assert_int_eq(times[2].wall_ns, BOOT + 7 * MS + 100);
  ck_assert_int_eq(times[2].clock, UNPARK_SOURCES_CLOCK_MONOTONIC);
  /* Another host, and a file without that clock. */
  ck_assert_int_eq(times[3].wall_ns, BOOT + 11 * MS);
  ck_assert_int_eq(times[3].clock, UNPARK_SOURCES_CLOCK_WALL);
  ck_assert_int_eq(times[4].clock, UNPARK_SOURCES_CLOCK_START);
}
END_TEST

START_TEST(snapshots_are_those_of_the_trace) {
  UnparkSourcesTime time;

  ck_assert(unpark_sources_time_read(stores[1]->store, &time, NULL));
  ck_assert_int_eq(time.clock, UNPARK_SOURCES_CLOCK_WALL);
  ck_assert_int_eq(time.boot_ns, time.wall_ns - time.mono_ns);
  ck_assert_int_eq(time.wall_ns, test_value(stores[1], "SELECT wall_ns - time_ns FROM "
                                                       "clock_snapshot"));
  ck_assert(unpark_sources_time_read(stores[2]->store, &time, NULL));
  ck_assert_int_eq(time.clock, UNPARK_SOURCES_CLOCK_START);
}
END_TEST

/* ---- The command ------------------------------------------------------------------------------
 */

#define QUERY "SELECT id, path, certainty FROM process_source"

START_TEST(command_query) {
  g_auto(TestRun) r = {0}, schema = {0}, two = {0}, absent = {0}, moved = {0}, mixed = {0},
                  spans = {0};

  r.status = test_run_cli(UNPARK_TEST_DATA, &r.out, &r.err, "query", "--no-cache", files[0],
                          files[1], "--offset", "annotations.trace=-2ms", QUERY, NULL);
  ck_assert_msg(r.status == 0, "%s", r.err);
  ck_assert_msg(g_str_has_prefix(r.out, "1\texpected/go1.27/starvation.trace\t") &&
                    strstr(r.out, "2\texpected/go1.27/annotations.trace\thand\n"),
                "%s", r.out);
  schema.status = test_run_cli(UNPARK_TEST_DATA, &schema.out, &schema.err, "query", "--no-cache",
                               files[0], files[1], ".schema", NULL);
  ck_assert_msg(strstr(schema.out, "\nspan\tsource, goroutine, ") &&
                    strstr(schema.out, "\nprocess_source\tid, path, "),
                "%s", schema.out);
  two.status =
      test_run_cli(UNPARK_TEST_DATA, &two.out, &two.err, "query", files[0], files[1], NULL);
  ck_assert_msg(two.status == 2 && strstr(two.err, "Missing SQL"), "%d: %s", two.status, two.err);
  absent.status = test_run_cli(UNPARK_TEST_DATA, &absent.out, &absent.err, "query", files[0],
                               "nowhere.trace", "SELECT 1", NULL);
  ck_assert_msg(absent.status == 2 && strstr(absent.err, "nowhere.trace"), "%d: %s", absent.status,
                absent.err);
  mixed.status = test_run_cli(UNPARK_TEST_DATA, &mixed.out, &mixed.err, "query", files[0], files[1],
                              "SELECT count(*) > 0 FROM span s JOIN goroutine g ON g.id = "
                              "s.goroutine",
                              NULL);
  ck_assert_msg(mixed.status == 0 && strstr(mixed.err, "without “source”"), "%s", mixed.err);
  ck_assert_str_eq(mixed.out, "1\n");
  spans.status = test_run_cli(UNPARK_TEST_DATA, &spans.out, &spans.err, "query", files[0],
                              "together/all.otlp.json.zst",
                              "SELECT count(*) FROM trace_span t JOIN trace_span u ON u.id = "
                              "t.parent",
                              NULL);
  ck_assert_msg(spans.status == 0 && *spans.err == '\0', "%s", spans.err);
  moved.status = test_run_cli(UNPARK_TEST_DATA, &moved.out, &moved.err, "query", files[0],
                              "--offset", "starvation.trace=1s", "SELECT 1", NULL);
  ck_assert_msg(moved.status == 2 && strstr(moved.err, "several"), "%d: %s", moved.status,
                moved.err);
}
END_TEST

/* The other commands: an object for each file, its rows with its number, times of the axis. */
START_TEST(commands_of_each) {
  static const char *const commands[][4] = {{"goroutines", "rows", "--by", "goroutine"},
                                            {"tasks", "rows", "--by", "task"},
                                            {"latency", "rows", "--what", "run"},
                                            {"latency", "rows", "--what", "procs"},
                                            {"findings", "findings", "--level", "minor"}};
  const char *const *command = commands[_i];
  g_auto(TestRun) both = {0}, one = {0};

  both.status = test_run_cli(UNPARK_TEST_DATA, &both.out, &both.err, command[0], files[0], files[1],
                             command[2], command[3], "-f", "json", NULL);
  one.status = test_run_cli(UNPARK_TEST_DATA, &one.out, &one.err, command[0], files[1], command[2],
                            command[3], "-f", "json", NULL);
  ck_assert_msg(both.status == 0 && one.status == 0, "%s%s", both.err, one.err);
  json_object *all = json_tokener_parse(both.out), *alone = json_tokener_parse(one.out);
  ck_assert_msg(all && alone, "%s", both.out);
  json_object *second = json_object_array_get_idx(json_object_object_get(all, "sources"), 1);
  json_object *rows = json_object_object_get(second, command[1]);
  json_object *wanted = json_object_object_get(alone, command[1]);
  gint64 offset = json_object_get_int64(json_object_object_get(second, "offset_ns"));
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(second, "source")), 2);
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(second, "from_ns")) - offset,
                   json_object_get_int64(json_object_object_get(alone, "from_ns")));
  ck_assert_uint_eq(json_object_array_length(rows), json_object_array_length(wanted));
  for (gsize i = 0; i < json_object_array_length(rows); i++) {
    json_object *row = json_object_array_get_idx(rows, i);
    json_object *same = json_object_array_get_idx(wanted, i);

    ck_assert_int_eq(json_object_get_int64(json_object_object_get(row, "source")), 2);
    json_object_object_foreach(same, name, value) {
      json_object *got = json_object_object_get(row, name);
      gint64 moved = is_time(name) && value ? offset : 0;
      if (json_object_is_type(value, json_type_int))
        ck_assert_int_eq(json_object_get_int64(got) - moved, json_object_get_int64(value));
      else if (!json_object_is_type(value, json_type_array))
        ck_assert_msg(json_object_equal(got, value), "%s", name);
    }
  }
  json_object_put(all);
  json_object_put(alone);
}
END_TEST

START_TEST(commands_as_text) {
  g_auto(TestRun) info = {0}, csv = {0}, profile = {0};

  info.status =
      test_run_cli(UNPARK_TEST_DATA, &info.out, &info.err, "info", files[1], files[2], NULL);
  ck_assert_msg(info.status == 0, "%s", info.err);
  ck_assert_msg(g_str_has_prefix(info.out, files[1]) && strstr(info.out, files[2]) &&
                    strstr(info.out, "  Offset "),
                "%s", info.out);
  csv.status = test_run_cli(UNPARK_TEST_DATA, &csv.out, &csv.err, "goroutines", files[0], files[1],
                            "-f", "csv", NULL);
  ck_assert_msg(csv.status == 0, "%s", csv.err);
  ck_assert(g_str_has_prefix(csv.out, "source,name,") && !strstr(csv.out, "\nsource,") &&
            strstr(csv.out, "\n1,") && strstr(csv.out, "\n2,"));
  profile.status = test_run_cli(UNPARK_TEST_DATA, &profile.out, &profile.err, "findings", files[1],
                                files[2], NULL);
  ck_assert_int_eq(profile.status, 1);
  ck_assert_str_eq(profile.out, "");
  ck_assert_msg(strstr(profile.err, files[2]) != NULL, "%s", profile.err);
}
END_TEST

/* ---- Spans and goroutines ----------------------------------------------------------------------
 */

/* Three services of the program that made spans/shop, recorded for 50 ms on a busy machine. */
static const char *const together[] = {"gateway.trace", "order.trace", "stock.trace",
                                       "all.otlp.json"};
#define N_TOGETHER G_N_ELEMENTS(together)

static TestStore *parts[N_TOGETHER];
static UnparkSources *shop;

static void open_shop(const char *folder) {
  g_autoptr(GError) error = NULL;

  shop = unpark_sources_new();
  for (guint i = 0; i < N_TOGETHER; i++) {
    g_autofree char *plain = g_build_filename(folder, together[i], NULL);
    g_autofree char *path = test_find_packed(plain);

    ck_assert_msg(path != NULL, "%s", plain);
    parts[i] = test_import(path, &error);
    ck_assert_msg(parts[i] != NULL, "%s", error ? error->message : "");
    unpark_sources_add(shop, parts[i]->store, together[i]);
  }
  ck_assert(unpark_sources_align(shop, NULL));
}

static void close_shop(void) {
  g_clear_pointer(&shop, unpark_sources_unref);
  for (guint i = 0; i < N_TOGETHER; i++)
    g_clear_pointer(&parts[i], test_store_free);
}

static void setup_shop(void) {
  open_shop(UNPARK_TEST_DATA "/together");
}

/* The rows of a statement over the shop. Free with g_free(). */
static char *ask_shop(const char *sql) {
  const UnparkQuery query = {.row = append_row};
  GString *rows = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  ck_assert_msg(unpark_query_sources(shop, sql, &query, rows, NULL, NULL, &error), "%s: %s", sql,
                error ? error->message : "");
  return g_string_free(rows, FALSE);
}

static gint64 count_shop(const char *sql) {
  g_autofree char *rows = ask_shop(sql);

  return g_ascii_strtoll(rows, NULL, 10);
}

#define COUNT "SELECT count(*) FROM trace_span t "

/* What joins has to be right by everything else that is known. */
static void check_joins(void) {
  static const char *const wrong[] = {
      /* Logged ids are those of the span, and the log's goroutine is the span's. */
      COUNT "JOIN log l ON l.source = t.goroutine_source AND l.task = t.task "
            "WHERE l.category = 'span_id' AND l.message <> t.span_id",
      COUNT "JOIN log l ON l.category = 'span_id' AND l.message = t.span_id "
            "WHERE l.goroutine <> t.goroutine OR l.source <> t.goroutine_source",
      /* A task has the span's name, and is of the service's trace. */
      COUNT "JOIN task k ON k.source = t.goroutine_source AND k.id = t.task "
            "WHERE k.name <> t.name OR k.goroutine <> t.goroutine",
      COUNT "JOIN process_source p ON p.id = t.goroutine_source "
            "WHERE p.path <> t.service || '.trace' OR p.pid <> t.process OR p.host <> t.host",
      /* The task of a parent in the same process is the task's parent. */
      COUNT "JOIN trace_span u ON u.id = t.parent AND u.service = t.service "
            "JOIN task k ON k.source = t.goroutine_source AND k.id = t.task "
            "WHERE u.task IS NOT NULL AND k.parent <> u.task",
      /* And no task is of two spans. */
      "SELECT count(task) - count(DISTINCT goroutine_source || '.' || task) FROM trace_span"};

  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
    ck_assert_msg(count_shop(wrong[i]) == 0, "%s", wrong[i]);
}

/* Without the ids of the logs the same spans have the same goroutines and tasks. */
static void check_by_time(void) {
  g_autoptr(GError) error = NULL;
  g_autofree UnparkTraceJoin *by_id = NULL;
  guint n, n_ids = 0, n_missed = 0;
  const UnparkSourceEntry *entries = unpark_sources_entries(shop, &n);
  g_autoptr(UnparkTraces) traces = unpark_traces_load(entries, n, &error);

  ck_assert_msg(traces != NULL, "%s", error ? error->message : "");
  by_id = g_new(UnparkTraceJoin, traces->n_spans);
  for (guint i = 0; i < traces->n_spans; i++) {
    by_id[i] = traces->spans[i].join;
    traces->spans[i].join = (UnparkTraceJoin){UNPARK_NONE, UNPARK_NONE, 0, UNPARK_TRACE_NOT_JOINED};
  }
  ck_assert(unpark_traces_join_by(traces, entries, n, FALSE, &error));
  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceJoin *join = &traces->spans[i].join;

    ck_assert_int_ne(join->certainty, UNPARK_TRACE_JOINED_BY_ID);
    if (by_id[i].certainty != UNPARK_TRACE_JOINED_BY_ID)
      continue;
    n_ids++;
    n_missed += join->certainty == UNPARK_TRACE_NOT_JOINED;
    if (join->certainty == UNPARK_TRACE_NOT_JOINED)
      continue;
    ck_assert_int_eq(join->source, by_id[i].source);
    ck_assert_int_eq(join->goroutine, by_id[i].goroutine);
    ck_assert_int_eq(join->task, by_id[i].task);
  }
  ck_assert_uint_gt(n_ids, 0);
  ck_assert_uint_le(n_missed * 50, n_ids);
}

START_TEST(spans_have_goroutines) {
  check_joins();
  ck_assert_int_eq(count_shop("SELECT count(*) FROM trace_span WHERE goroutine IS NULL"), 0);
  /* The gateway logs no ids, the others those of their server spans. */
  g_autofree char *rows = ask_shop("SELECT service, certainty <> 'id', count(*) FROM trace_span "
                                   "WHERE kind = 'server' GROUP BY 1, 2");
  ck_assert_str_eq(rows, "gateway\t1\t12\norder\t0\t12\nstock\t0\t24\n");
  check_by_time();
}
END_TEST

/* The query of the README: all of the span's time is accounted for. */
START_TEST(readme_tells_what_a_goroutine_did) {
  g_autofree char *path = g_build_filename(g_getenv("UNPARK_SOURCE_ROOT"), "README.md", NULL);
  g_autofree char *page = NULL, *rows = NULL;
  gint64 total = 0;

  ck_assert(g_file_get_contents(path, &page, NULL, NULL));
  char *sql = strstr(page, "  SELECT t.service, t.name, t.certainty");
  ck_assert(sql != NULL && strchr(sql, '"') != NULL);
  *strchr(sql, '"') = '\0';
  rows = ask_shop(sql);
  g_auto(GStrv) lines = g_strsplit(g_strchomp(rows), "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
    ck_assert_uint_eq(g_strv_length(cells), 6);
    total += g_ascii_strtoll(cells[5], NULL, 10);
  }
  ck_assert_uint_gt(g_strv_length(lines), 1);
  ck_assert_int_eq(total, count_shop("SELECT max(duration_ns) FROM trace_span WHERE kind = "
                                     "'server'"));
}
END_TEST

/* From a slow request to the lock that its goroutine waited for. */
START_TEST(why_of_a_span) {
  g_autofree char *row = ask_shop("SELECT t.span_id, t.goroutine, t.start_ns - p.offset_ns, "
                                  "t.end_ns - p.offset_ns FROM trace_span t JOIN process_source p "
                                  "ON p.id = t.goroutine_source WHERE t.name = 'reserve' "
                                  "ORDER BY t.duration_ns DESC LIMIT 1");
  g_auto(GStrv) span = g_strsplit(g_strchomp(row), "\t", -1);
  g_auto(TestRun) r = {0}, absent = {0}, several = {0};

#define FILES                                                                                      \
  "together/gateway.trace.zst", "together/order.trace.zst", "together/stock.trace.zst",            \
      "together/all.otlp.json.zst"
  r.status = test_run_cli(UNPARK_TEST_DATA, &r.out, &r.err, "why", FILES, "--span", span[0], "-f",
                          "json", NULL);
  ck_assert_msg(r.status == 0, "%s", r.err);
  json_object *wait = json_tokener_parse(r.out);
  ck_assert_int_eq(json_object_get_int64(json_object_object_get(wait, "goroutine")),
                   g_ascii_strtoll(span[1], NULL, 10));
  ck_assert_str_eq(json_object_get_string(json_object_object_get(wait, "reason")), "sync");
  ck_assert_int_ge(json_object_get_int64(json_object_object_get(wait, "start_ns")),
                   g_ascii_strtoll(span[2], NULL, 10));
  ck_assert_int_le(json_object_get_int64(json_object_object_get(wait, "end_ns")),
                   g_ascii_strtoll(span[3], NULL, 10));
  json_object_put(wait);
  absent.status = test_run_cli(UNPARK_TEST_DATA, &absent.out, &absent.err, "why", FILES, "--span",
                               "0123", NULL);
  ck_assert_msg(absent.status == 1 && strstr(absent.err, "0123"), "%s", absent.err);
  several.status =
      test_run_cli(UNPARK_TEST_DATA, &several.out, &several.err, "why", FILES, "-g", "1", NULL);
  ck_assert_msg(several.status == 2 && strstr(several.err, "--span"), "%s", several.err);
#undef FILES
}
END_TEST

/* ---- Shifted stores ------------------------------------------------------------------------ */

/* Another set of the same files, whose stores are shifted to where they are on the axis. */
static UnparkSources *settle_shop(gint64 move_ns) {
  g_autoptr(UnparkSources) settled = unpark_sources_new();
  g_autoptr(GError) error = NULL;
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(shop, &n);

  for (guint i = 0; i < n; i++)
    unpark_sources_add(settled, entries[i].store, entries[i].path);
  unpark_sources_move(settled, 1, move_ns);
  ck_assert(unpark_sources_align(settled, NULL));
  ck_assert_msg(unpark_sources_settle(settled, &error), "%s", error ? error->message : "");
  return g_steal_pointer(&settled);
}

/* What is asked of stores that are shifted is answered as of others, whose offsets are added. */
START_TEST(shifted_stores_say_the_same) {
  static const char *const statements[] = {
      "SELECT * FROM process_source",
      "SELECT * FROM source",
      "SELECT * FROM goroutine ORDER BY source, id",
      "SELECT * FROM span ORDER BY source, goroutine, start_ns LIMIT 4000",
      "SELECT source, count(*), min(start_ns), max(end_ns) FROM span GROUP BY source",
      "SELECT source, goroutine, start_ns FROM span WHERE start_ns BETWEEN 20000000 AND 60000000 "
      "ORDER BY source, start_ns, goroutine",
      "SELECT * FROM proc_span ORDER BY source, proc, start_ns LIMIT 4000",
      "SELECT * FROM task ORDER BY source, id",
      "SELECT * FROM log ORDER BY source, time_ns, goroutine, message",
      "SELECT * FROM metric ORDER BY source, time_ns, name",
      "SELECT * FROM range ORDER BY source, start_ns, name",
      "SELECT * FROM trace_span ORDER BY id",
      "SELECT * FROM trace_span_event ORDER BY span, time_ns",
      "SELECT * FROM service_hop",
  };
  UnparkSources *plain = shop;
  g_autoptr(UnparkSources) settled = settle_shop(0);
  guint n, n_shifted = 0;
  const UnparkSourceEntry *entries = unpark_sources_entries(settled, &n);

  for (guint i = 0; i < n; i++) {
    ck_assert_int_eq(entries[i].add_ns, 0);
    ck_assert_int_eq(entries[i].offset_ns, unpark_store_shift(entries[i].store));
    n_shifted += entries[i].offset_ns != 0;
  }
  ck_assert_uint_ge(n_shifted, 3);
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
    g_autofree char *wanted = ask_shop(statements[i]);
    shop = settled;
    g_autofree char *rows = ask_shop(statements[i]);
    shop = plain;
    g_autofree char *difference = test_compare_lines(wanted, rows);
    ck_assert_msg(strlen(wanted) > 10, "%s: %s", statements[i], wanted);
    ck_assert_msg(!difference, "%s: %s", statements[i], difference);
  }
}
END_TEST

/* A shifted store is told where it was recorded like any other, and moved on from there. */
START_TEST(shifted_stores_are_aligned_again) {
  UnparkSources *plain = shop;
  g_autoptr(UnparkSources) settled = settle_shop(5000000), again = NULL;
  guint n;
  const UnparkSourceEntry *before = unpark_sources_entries(plain, &n);
  const UnparkSourceEntry *moved = unpark_sources_entries(settled, &n);

  ck_assert_int_eq(moved[1].offset_ns, before[1].offset_ns + 5000000);
  ck_assert_int_eq(moved[1].clock, UNPARK_SOURCES_CLOCK_HAND);
  shop = settled;
  again = settle_shop(0);
  shop = plain;
  const UnparkSourceEntry *after = unpark_sources_entries(again, &n);
  for (guint i = 0; i < n; i++) {
    ck_assert_int_eq(after[i].offset_ns, before[i].offset_ns);
    ck_assert_int_eq(after[i].clock, before[i].clock);
  }
  ck_assert(after[0].store == moved[0].store); /* it was in its place already */
}
END_TEST

static void expect_lanes(UnparkStore *store, UnparkStore *shifted, UnparkLaneKey key,
                         gint64 resolution_ns) {
  gint64 by = unpark_store_shift(shifted), start = unpark_store_source(store)->start_ns;
  gint64 end = unpark_store_source(store)->end_ns;
  UnparkLaneItems *wanted =
      unpark_store_lanes(store, &key, 1, start, end, resolution_ns, NULL, NULL);
  UnparkLaneItems *lane =
      unpark_store_lanes(shifted, &key, 1, start + by, end + by, resolution_ns, NULL, NULL);

  ck_assert(wanted && lane);
  ck_assert_uint_gt(wanted->n_items, 0);
  ck_assert_uint_eq(wanted->n_items, lane->n_items);
  for (guint i = 0; i < lane->n_items; i++) {
    ck_assert_int_eq(lane->items[i].start_ns, wanted->items[i].start_ns + by);
    ck_assert_int_eq(lane->items[i].end_ns, wanted->items[i].end_ns + by);
    ck_assert_uint_eq(lane->items[i].kind, wanted->items[i].kind);
    ck_assert_uint_eq(lane->items[i].count, wanted->items[i].count);
  }
  unpark_lane_items_free(wanted, 1);
  unpark_lane_items_free(lane, 1);
}

START_TEST(lanes_of_a_shifted_store) {
  UnparkStore *store = parts[0]->store;
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) shifted =
      unpark_store_open_shifted(unpark_store_path(store), 1234567, &error);
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, NULL);

  ck_assert_msg(shifted != NULL, "%s", error ? error->message : "");
  ck_assert_int_eq(unpark_store_source(shifted)->start_ns,
                   unpark_store_source(store)->start_ns + 1234567);
  for (gint64 resolution = 1; resolution < 1 << 20; resolution *= 1024) {
    expect_lanes(store, shifted, (UnparkLaneKey){UNPARK_LANE_GOROUTINE, all[0].id}, resolution);
    expect_lanes(store, shifted, (UnparkLaneKey){UNPARK_LANE_GROUP, all[0].name_id}, resolution);
    expect_lanes(store, shifted, (UnparkLaneKey){UNPARK_LANE_ALL, 0}, resolution);
  }
  /* Not further than times can be. */
  ck_assert_ptr_null(
      unpark_store_open_shifted(unpark_store_path(store), UNPARK_TIME_MAX - 10, &error));
  ck_assert(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_STORE));
}
END_TEST

/* In the file they have the file's times. */
START_TEST(bookmarks_of_a_shifted_store) {
  UnparkStore *store = parts[0]->store;
  g_autoptr(UnparkStore) shifted = unpark_store_open_shifted(unpark_store_path(store), 1000, NULL);
  const UnparkBookmark bookmark = {.time_ns = 5000, .goroutine = UNPARK_NONE};
  gint64 id;

  ck_assert(unpark_bookmarks_write(shifted, &bookmark, &id, NULL));
  g_autoptr(GPtrArray) own = unpark_bookmarks_read(store, NULL);
  g_autoptr(GPtrArray) moved = unpark_bookmarks_read(shifted, NULL);
  ck_assert_int_eq(((UnparkBookmark *)own->pdata[0])->time_ns, 4000);
  ck_assert_int_eq(((UnparkBookmark *)moved->pdata[0])->time_ns, 5000);
  ck_assert(unpark_bookmarks_remove(shifted, id, NULL));
}
END_TEST

/* The files in a folder are read as if each was named; of --template only one can be. */
START_TEST(a_folder_is_its_files) {
  g_auto(TestRun) folder = {0}, template = {0};

  folder.status = test_run_cli(UNPARK_TEST_DATA, &folder.out, &folder.err, "query", "together",
                               "SELECT id, path FROM process_source", NULL);
  ck_assert_msg(folder.status == 0, "%s", folder.err);
  ck_assert_str_eq(folder.out, "1\ttogether/all.otlp.json.zst\n2\ttogether/clockless.trace.zst\n"
                               "3\ttogether/datadog.trace.zst\n4\ttogether/gateway.trace.zst\n"
                               "5\ttogether/order.trace.zst\n6\ttogether/stock.trace.zst\n");
  template.status = test_run_cli(UNPARK_TEST_DATA, &template.out, &template.err, "query",
                                 "together", "--template", "stop-the-world", NULL);
  ck_assert_msg(template.status == 2, "%s", template.err);
}
END_TEST

/* Datadog's tracer logs the eight bytes of the number, which are no text. */
START_TEST(binary_ids_are_kept) {
  static const char otlp[] =
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[]},\"scopeSpans\":[{\"spans\":["
      "{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\",\"spanId\":\"22000000ff800001\","
      "\"name\":\"web.request\",\"kind\":2,\"startTimeUnixNano\":\"1796069000000000000\","
      "\"endTimeUnixNano\":\"1796069000000001000\"},"
      "{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\",\"spanId\":\"4142434445464748\","
      "\"name\":\"web.request\",\"kind\":2,\"startTimeUnixNano\":\"1796069000000000000\","
      "\"endTimeUnixNano\":\"1796069000000001000\"}]}]}]}";
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) trace = test_import(UNPARK_TEST_DATA "/together/datadog.trace.zst", &error);
  g_autoptr(TestStore) spans = test_import_bytes(otlp, sizeof otlp - 1, &error);
  g_autofree char *rows = NULL;

  ck_assert_msg(trace && spans, "%s", error ? error->message : "");
  shop = unpark_sources_new();
  unpark_sources_add(shop, trace->store, "datadog.trace");
  unpark_sources_add(shop, spans->store, "spans.json");
  ck_assert(unpark_sources_align(shop, NULL));
  ck_assert_int_eq(test_value(trace, "SELECT count(*) FROM import_note"), 0);
  rows = ask_shop("SELECT span_id, task, certainty FROM trace_span ORDER BY span_id");
  ck_assert_str_eq(rows, "22000000ff800001\t1\tid\n4142434445464748\t2\tid\n");
  g_clear_pointer(&shop, unpark_sources_unref);
}
END_TEST

/* A trace of Go 1.23 has no time of day: it is put where the spans are whose ids it logs. One of
 * the spans began long before its task did. */
START_TEST(traces_without_a_clock) {
  static const gint64 late[] = {3000, 5000, 40000000};
  g_autoptr(GString) otlp = g_string_new("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) trace =
      test_import(UNPARK_TEST_DATA "/together/clockless.trace.zst", &error);
  g_autoptr(TestStore) spans = NULL;
  const UnparkSourceEntry *entries;
  guint n;

  ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
  for (guint i = 0; i < G_N_ELEMENTS(late); i++) {
    gint64 start = test_value(trace, "SELECT start_ns FROM task WHERE id = %u", i + 1);
    gint64 end = test_value(trace, "SELECT end_ns FROM task WHERE id = %u", i + 1);
    g_string_append_printf(otlp,
                           "%s{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\","
                           "\"spanId\":\"%016x\",\"name\":\"serve\",\"startTimeUnixNano\":"
                           "\"%" G_GINT64_FORMAT "\",\"endTimeUnixNano\":\"%" G_GINT64_FORMAT "\"}",
                           i > 0 ? "," : "", i + 1, BOOT + start - late[i], BOOT + end);
  }
  g_string_append(otlp, "]}]}]}");
  spans = test_import_bytes(otlp->str, otlp->len, &error);
  ck_assert_msg(spans != NULL, "%s", error ? error->message : "");
  shop = unpark_sources_new();
  unpark_sources_add(shop, trace->store, "clockless.trace");
  unpark_sources_add(shop, spans->store, "spans.json");
  ck_assert(unpark_sources_align(shop, NULL));
  entries = unpark_sources_entries(shop, &n);
  ck_assert_int_eq(entries[0].clock, UNPARK_SOURCES_CLOCK_NONE);
  ck_assert(unpark_traces_align(shop, &error));
  ck_assert_int_eq(entries[0].clock, UNPARK_SOURCES_CLOCK_SPANS);
  /* The median of how late the tasks are; the axis begins with the earliest span. */
  ck_assert_int_eq(entries[0].offset_ns,
                   BOOT - late[1] - unpark_store_source(spans->store)->start_wall_ns);
  g_clear_pointer(&shop, unpark_sources_unref);
}
END_TEST

/* The labels of a goroutine in a dump, as OpenTelemetry's ids and as Datadog's. */
START_TEST(labels_of_dumps) {
  static const char dump[] =
      "goroutine 7 [select] {\"span_id\": \"00f067aa0ba902b7\", \"user\": \"ann\"}:\n"
      "main.serve()\n\t/src/main.go:7 +0x1\n\n"
      "goroutine 8 [select] {\"span id\": \"18446744073709551615\"}:\n"
      "main.serve()\n\t/src/main.go:7 +0x1\n\n"
      "goroutine 9 [select] {\"local root span id\": \"12\"}:\n"
      "main.serve()\n\t/src/main.go:7 +0x1\n";
  static const char *const ids[] = {"00f067aa0ba902b7", "ffffffffffffffff", "000000000000000c"};
  g_autoptr(GString) otlp = g_string_new("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) first = test_import_bytes(dump, sizeof dump - 1, &error);
  g_autoptr(TestStore) spans = NULL;
  g_autofree char *rows = NULL;

  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    g_string_append_printf(otlp,
                           "%s{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\","
                           "\"spanId\":\"%s\",\"name\":\"a\","
                           "\"startTimeUnixNano\":\"1796069000000000000\","
                           "\"endTimeUnixNano\":\"1796069000000001000\"}",
                           i > 0 ? "," : "", ids[i]);
  g_string_append(otlp, "]}]}]}");
  spans = test_import_bytes(otlp->str, otlp->len, &error);
  ck_assert_msg(first && spans, "%s", error ? error->message : "");
  shop = unpark_sources_new();
  unpark_sources_add(shop, first->store, "dump.txt");
  unpark_sources_add(shop, spans->store, "spans.json");
  ck_assert(unpark_sources_align(shop, NULL));
  rows = ask_shop("SELECT span_id, goroutine, goroutine_source, certainty FROM trace_span "
                  "ORDER BY id");
  ck_assert_str_eq(rows, "00f067aa0ba902b7\t7\t1\tlabel\nffffffffffffffff\t8\t1\tlabel\n"
                         "000000000000000c\t\t\t\n");
  g_clear_pointer(&shop, unpark_sources_unref);
}
END_TEST

START_TEST(whole_shop) {
  g_autofree char *folder = test_shared_path("spans/shop");

  if (!folder || !g_file_test(folder, G_FILE_TEST_IS_DIR))
    return;
  open_shop(folder);
  check_joins();
  ck_assert_int_ge(count_shop("SELECT 100 * count(goroutine) / count(*) FROM trace_span WHERE "
                              "kind = 'server'"),
                   98);
  check_by_time();
  close_shop();
}
END_TEST

int main(void) {
  Suite *suite = suite_create("sources");
  TCase *tcase = tcase_create("sources");

  tcase_add_unchecked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, tables_are_those_of_each);
  tcase_add_test(tcase, one_file_has_no_source);
  tcase_add_loop_test(tcase, plans_agree, 0, G_N_ELEMENTS(plans));
  tcase_add_test(tcase, filters_are_of_each);
  tcase_add_test(tcase, writing_is_refused);
  tcase_add_test(tcase, the_axis_begins_with_the_earliest);
  tcase_add_test(tcase, a_file_is_moved_by_hand);
  tcase_add_test(tcase, one_host_agrees);
  tcase_add_test(tcase, snapshots_are_those_of_the_trace);
  tcase_add_test(tcase, command_query);
  tcase_add_loop_test(tcase, commands_of_each, 0, 5);
  tcase_add_test(tcase, commands_as_text);
  suite_add_tcase(suite, tcase);
  tcase = tcase_create("together");
  tcase_add_unchecked_fixture(tcase, setup_shop, close_shop);
  tcase_add_test(tcase, spans_have_goroutines);
  tcase_add_test(tcase, readme_tells_what_a_goroutine_did);
  tcase_add_test(tcase, why_of_a_span);
  tcase_add_test(tcase, shifted_stores_say_the_same);
  tcase_add_test(tcase, shifted_stores_are_aligned_again);
  tcase_add_test(tcase, lanes_of_a_shifted_store);
  tcase_add_test(tcase, bookmarks_of_a_shifted_store);
  suite_add_tcase(suite, tcase);
  tcase = tcase_create("others");
  tcase_add_test(tcase, a_folder_is_its_files);
  tcase_add_test(tcase, binary_ids_are_kept);
  tcase_add_test(tcase, labels_of_dumps);
  tcase_add_test(tcase, traces_without_a_clock);
  tcase_add_test(tcase, whole_shop);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
