/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores from strangers: SQL of their own, an index that claims what is not there, zones at the
 * ends of the range. Each is refused in one sentence that names the file, before anything is
 * allocated for it, and nothing is left beside it. */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "model/base/times.h"
#include "model/store/bookmarks.h"
#include "model/store/facts.h"
#include "model/store/verify.h"
#include "tests/support.h"

static TestStore *sample;
static char *dir, *path;

static void setup(void) {
  g_autofree char *bytes = NULL;
  gsize size;
  sample = test_import_sample();
  dir = g_dir_make_tmp("unpark-hostile-store-XXXXXX", NULL);
  path = g_build_filename(dir, "stranger.unpark", NULL);
  ck_assert(g_file_get_contents(sample->path, &bytes, &size, NULL));
  ck_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void teardown(void) {
  test_store_free(sample);
  test_remove_tree(dir);
  g_free(dir);
  g_free(path);
}

/* @name in a statement: the number of the fact. */
static const struct {
  const char *name;
  UnparkFact fact;
} facts[] = {{"@span", UNPARK_FACT_SPAN},
             {"@goroutine", UNPARK_FACT_GOROUTINE},
             {"@string", UNPARK_FACT_STRING},
             {"@none", UNPARK_N_FACTS}};

static void change(const char *statement) {
  g_autoptr(GString) text = g_string_new(statement);
  sqlite3 *db = NULL;
  char *why = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
    g_autofree char *number = g_strdup_printf("%d", facts[i].fact);
    g_string_replace(text, facts[i].name, number, 0);
  }
  const char *sql = text->str;
  ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
  ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
  sqlite3_close(db);
}

static guint count_files(void) {
  g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(listing))
    n++;
  return n;
}

static const char *const refused[] = {
    "DROP TABLE source; CREATE VIEW source AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT "
    "x + 1 FROM n) SELECT x AS path, x, x, x, x, x, x, x, x, x FROM n WHERE x < 0",
    "DROP TABLE import_note; CREATE VIEW import_note AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
    "SELECT x + 1 FROM n) SELECT 'error' AS severity, x AS name, 1 AS count, 'x' AS detail FROM n",
    "CREATE TRIGGER t AFTER INSERT ON bookmark BEGIN DELETE FROM block; END",
    "CREATE TABLE span(goroutine)",
    "CREATE INDEX i ON block(fact)",
    "ALTER TABLE block ADD COLUMN more",
    "DROP TABLE bookmark; CREATE TABLE bookmark(id INTEGER PRIMARY KEY, time_ns INTEGER, goroutine "
    "INTEGER, note TEXT AS (zeroblob(1000000000)))",
    "PRAGMA journal_mode=WAL",
    "PRAGMA application_id=1",
    "PRAGMA user_version=77",
    "UPDATE block SET lane_min = -9223372036854775808 WHERE fact = @string",
    "UPDATE block SET lane_max = 9223372036854775807 WHERE fact = @string",
    "UPDATE block SET lane_min = lane_min + 1 WHERE fact = @string",
    "UPDATE block SET time_min = -9223372036854775807 WHERE fact = @span",
    "UPDATE block SET time_max = 9223372036854775807 WHERE fact = @span",
    "UPDATE block SET time_max = time_min - 1 WHERE fact = @span",
    "UPDATE block SET count = 0 WHERE fact = @goroutine",
    "UPDATE block SET count = 8193 WHERE fact = @goroutine",
    "UPDATE block SET fact = @none WHERE fact = @goroutine",
    "UPDATE block SET id = id + 9000000000000000",
    "WITH RECURSIVE n(x) AS (SELECT 1000000 UNION ALL SELECT x + 1 FROM n WHERE x < 1020000) "
    "INSERT INTO block SELECT x, @goroutine, 8192, 1, 9, 0, 9 FROM n",
};

START_TEST(is_refused) {
  g_autoptr(GError) error = NULL;
  struct rusage before, after;
  change(refused[_i]);
  guint files = count_files();
  getrusage(RUSAGE_SELF, &before);
  UnparkStore *store = unpark_store_open(path, &error);
  getrusage(RUSAGE_SELF, &after);
  ck_assert_msg(!store, "%s: opens", refused[_i]);
  ck_assert_msg(strstr(error->message, "stranger.unpark") != NULL, "%s", error->message);
  ck_assert_int_le(after.ru_maxrss - before.ru_maxrss, 32 * 1024);
  ck_assert_uint_eq(count_files(), files);
}
END_TEST

/* The writer never makes these, but they hold nothing that would have to be refused. */
START_TEST(source_is_made_sound) {
  g_autoptr(GError) error = NULL;
  guint n;
  change("INSERT INTO import_note VALUES('error', CAST(x'ff3c623e' AS TEXT), -5, CAST(x'fe' AS "
         "TEXT)); UPDATE source SET duration_ns = 9223372036854775807, kind = 99, start_wall_ns = "
         "-9223372036854775807, format = CAST(x'80' AS TEXT)");
  g_autoptr(UnparkStore) store = unpark_store_open(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  const UnparkNote *notes = unpark_store_notes(store, &n);
  ck_assert_uint_eq(n, 1);
  ck_assert(g_utf8_validate(notes[0].name, -1, NULL) && g_utf8_validate(notes[0].detail, -1, NULL));
  const UnparkSource *source = unpark_store_source(store);
  ck_assert(unpark_time_is_valid(source->duration_ns));
  ck_assert_int_lt(source->kind, UNPARK_N_SOURCES);
  ck_assert(g_utf8_validate(source->format, -1, NULL));
}
END_TEST

/* Rows that are outside of their block's zone: what asks for them is told of the damage. */
START_TEST(rows_outside_of_the_zone) {
  g_autoptr(GError) error = NULL;
  g_autofree UnparkSpan *spans = NULL;
  guint n;
  change("UPDATE block SET time_max = time_min WHERE fact = @span");
  g_autoptr(UnparkStore) store = unpark_store_open(path, &error);
  ck_assert(store != NULL);
  spans = unpark_store_spans(store, 1, 0, UNPARK_TIME_MAX, 0, &n, NULL, &error);
  g_autoptr(GString) rows = test_query(store, "SELECT max(end_ns) FROM span", NULL);
  ck_assert(rows == NULL);
  ck_assert(unpark_store_is_damaged(store));
}
END_TEST

START_TEST(damage_is_found) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) whole = unpark_store_open(path, &error);
  ck_assert(whole && unpark_store_verify(whole, NULL, NULL) && !unpark_store_is_damaged(whole));
  change(
      "UPDATE block_data SET data = CAST(substr(data, 1, length(data) - 9) || x'010203040506' || "
      "substr(data, -3) AS BLOB) WHERE id = (SELECT max(id) FROM block WHERE fact = @span)");
  g_autoptr(UnparkStore) store = unpark_store_open(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  ck_assert(!unpark_store_verify(store, NULL, &error));
  ck_assert(strstr(error->message, "stranger.unpark") != NULL);
  ck_assert(unpark_store_is_damaged(store));
}
END_TEST

/* The connections that queries and bookmarks open look again: the file may be another by now. */
START_TEST(changed_behind_our_back) {
  const UnparkBookmark bookmark = {.time_ns = 5, .goroutine = UNPARK_NONE, .note = (char *)"x"};
  g_autoptr(UnparkStore) store = unpark_store_open(path, NULL);
  ck_assert(store && unpark_bookmarks_write(store, &bookmark, NULL, NULL));
  g_autoptr(GPtrArray) marks = unpark_bookmarks_read(store, NULL);
  ck_assert_uint_eq(marks->len, 1);
  change(refused[2]);
  ck_assert(!unpark_bookmarks_write(store, &bookmark, NULL, NULL));
  ck_assert(unpark_bookmarks_read(store, NULL) == NULL);
  ck_assert(test_query(store, "SELECT 1", NULL) == NULL);
}
END_TEST

/* Single calls of functions, which SQLite does not interrupt, end soon or are refused. */
static const char *const slow[] = {
    "SELECT instr(hex(zeroblob(33000000)), hex(zeroblob(16000000)) || '1')",
    "SELECT instr(hex(zeroblob(2000000)), hex(zeroblob(1000000)) || '1')",
    "SELECT length(replace(hex(zeroblob(2000000)), hex(zeroblob(1000000)) || '1', 'x'))",
    "SELECT length(replace(hex(zeroblob(2000000)), '0', hex(zeroblob(100000))))",
    "SELECT length(trim(hex(zeroblob(2000000)), hex(randomblob(1000000))))",
    "SELECT hex(zeroblob(2000000)) LIKE '%' || hex(zeroblob(100)) || '1%'",
    "SELECT json_patch('{}', '{}')",
};

START_TEST(functions_end) {
  struct rusage usage;
  g_autoptr(GString) rows = test_query(sample->store, slow[_i], NULL);
  getrusage(RUSAGE_SELF, &usage);
  ck_assert_msg(usage.ru_utime.tv_sec < 20, "%s: %ld s", slow[_i], (long)usage.ru_utime.tv_sec);
}
END_TEST

static const struct {
  const char *sql, *expected;
} functions[] = {
    {"SELECT instr('a\u00f1b', 'b'), instr('abc', ''), instr('', 'a'), instr(x'0102', x'02')",
     "3\t1\t0\t2\n"},
    {"SELECT instr(NULL, 'a') IS NULL, instr('12', 2), instr('abab', 'bab')", "1\t2\t2\n"},
    {"SELECT replace('aXbXc', 'X', '--'), replace('abc', '', 'x'), replace('aaa', 'aa', 'b')",
     "a--b--c\tabc\tba\n"},
    {"SELECT replace(NULL, 'a', 'b') IS NULL, replace('a', 'a', '')", "1\t\n"},
    {"SELECT trim('xxaxx', 'x'), ltrim('\u00e9ab', '\u00e9'), rtrim('ab\u00e9', '\u00e9')",
     "a\tab\tab\n"},
    {"SELECT trim('  a '), trim('a', ''), trim('aaa', 'a'), ltrim('xyx', 'yx')", "a\ta\t\t\n"},
};

START_TEST(functions_are_sqlites) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) rows = test_query(sample->store, functions[_i].sql, &error);
  ck_assert_msg(rows != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq(rows->str, functions[_i].expected);
}
END_TEST

START_TEST(times_saturate) {
  gint64 sum = G_MAXINT64 - 1;
  unpark_time_sum(&sum, 5);
  ck_assert_int_eq(sum, G_MAXINT64);
  ck_assert_int_eq(unpark_time_add(-G_MAXINT64, -1), -G_MAXINT64);
  ck_assert_int_eq(unpark_time_add(G_MININT64, -1), -G_MAXINT64);
  ck_assert_int_eq(unpark_time_subtract(-2, G_MAXINT64), -G_MAXINT64);
  ck_assert_int_eq(unpark_time_subtract(1, G_MININT64), G_MAXINT64);
  ck_assert_int_eq(unpark_time_multiply(G_MAXINT64, -2), -G_MAXINT64);
  ck_assert_int_eq(unpark_time_multiply(3, 5), 15);
  ck_assert_int_eq(unpark_time_clamp(G_MAXINT64), UNPARK_TIME_MAX);
  ck_assert(!unpark_time_is_valid(UNPARK_NONE));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("hostile-store");
  TCase *tcase = tcase_create("hostile-store");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 120);
  tcase_add_loop_test(tcase, is_refused, 0, G_N_ELEMENTS(refused));
  tcase_add_test(tcase, source_is_made_sound);
  tcase_add_test(tcase, rows_outside_of_the_zone);
  tcase_add_test(tcase, damage_is_found);
  tcase_add_test(tcase, changed_behind_our_back);
  tcase_add_loop_test(tcase, functions_end, 0, G_N_ELEMENTS(slow));
  tcase_add_loop_test(tcase, functions_are_sqlites, 0, G_N_ELEMENTS(functions));
  tcase_add_test(tcase, times_saturate);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
