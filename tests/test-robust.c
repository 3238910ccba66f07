/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile files of every kind: prefixes in steps of some hundredths, and deterministic mutations of
 * good ones (tests/mutate.h; tests/test-mutate.c changes their fields). Whatever comes, the import
 * ends in time and in bounded memory, with a store whose spans are in order or with an error that
 * names the file; a damaged store opens or is refused, and answers questions.
 *
 * $UNPARK_ROBUST_CASES: mutations of each file (default 12; thousands for a long run, which also
 * takes every hundredth). A crash leaves its case as $TMPDIR/unpark-robust-XXXXXX/case.trace. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "model/sql/schema.h"
#include "tests/mutate.h"
#include "tests/seeds.h"
#include "tests/coverage.h"
#include "tests/support.h"

#define CASE_SECONDS 20
/* Sanitizers keep freed memory for a while. */
#define PEAK_KIB_MAX ((glong)1200 * 1024)

static const char *const store_seeds[] = {
    "expected/go1.27/annotations.trace", "profiles/go1.27/leak/heap.pprof", "dumps/everything.txt",
    "races/go-test-go1.27.txt",          "stores/schema-1.unpark.zst",
};

static char *dir, *case_path, *store_path;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-robust-XXXXXX", NULL);
  case_path = g_build_filename(dir, "case.trace", NULL);
  store_path = g_build_filename(dir, "case.unpark", NULL);
}

static void teardown(void) {
  test_remove_tree(dir);
  g_free(dir);
  g_free(case_path);
  g_free(store_path);
}

START_TEST(every_importer_has_a_seed) {
  TestCoverage *coverage = test_coverage_new();

  for (gsize i = 0; i < test_n_seeds; i++) {
    g_autoptr(GByteArray) seed = test_read_seed(test_seeds[i]);
    test_coverage_add(coverage, seed->data, seed->len);
  }
  test_coverage_finish(coverage, "seeds");
}
END_TEST

/* ---- One case --------------------------------------------------------------------------- */

typedef struct {
  gint64 goroutine, end, duration;
  const char *fault;
} Order;

/* goroutine, start_ns, end_ns */
static gboolean check_span(const UnparkValue *values, guint n, gpointer data) {
  Order *order = data;

  if (values[1].integer > values[2].integer)
    order->fault = "a span ends before it starts";
  else if (values[0].integer == order->goroutine && values[1].integer < order->end)
    order->fault = "spans of a goroutine overlap";
  else if (values[2].integer > order->duration)
    order->fault = "a span ends after the trace";
  order->goroutine = values[0].integer;
  order->end = values[2].integer;
  return !order->fault;
}

static gboolean ignore_row(const UnparkValue *values, guint n, gpointer data) {
  return TRUE;
}

/* Every value of every table, in one statement: each question costs a connection of its own, which
 * takes longer than all values of such a store. NULL: as it should be. */
static const char *read_everything(UnparkStore *store, const UnparkSqlTableInfo *tables, guint n) {
  static const UnparkQuery rows = {.row = ignore_row};
  g_autoptr(GString) sql = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n; i++) {
    g_string_append(sql, i > 0 ? " UNION ALL SELECT " : "SELECT ");
    for (guint c = 0; tables[i].columns[c]; c++)
      g_string_append_printf(sql, "%stotal(length(\"%s\"))", c > 0 ? " + " : "",
                             tables[i].columns[c]);
    g_string_append_printf(sql, " FROM %s", tables[i].name);
  }
  if (!unpark_store_query(store, sql->str, &rows, NULL, NULL, NULL, &error))
    g_print("%s\n", error->message);
  return error ? "not everything can be read" : NULL;
}

/* NULL: as it should be. `by_rows`: tables are read one by one, row by row. */
static const char *check_store(gboolean by_rows) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  static const UnparkQuery spans = {.row = check_span}, rows = {.row = ignore_row};
  g_autoptr(UnparkStore) store = unpark_store_open(store_path, NULL);
  Order order = {.goroutine = G_MININT64};

  if (!store)
    return "the finished store does not open";
  order.duration = unpark_store_source(store)->duration_ns;
  if (!unpark_store_query(store,
                          "SELECT goroutine, start_ns, end_ns FROM span "
                          "ORDER BY goroutine, start_ns",
                          &spans, &order, NULL, NULL, NULL))
    return "the spans cannot be read";
  if (!by_rows && !order.fault)
    return read_everything(store, tables, n);
  for (guint i = 0; i < n && !order.fault; i++) {
    g_autofree char *sql = g_strconcat("SELECT * FROM ", tables[i].name, NULL);

    if (!unpark_store_query(store, sql, &rows, NULL, NULL, NULL, NULL))
      return tables[i].name;
  }
  return order.fault;
}

/* Without waiting for the disk, which others may keep busy. */
static void write_file(const char *path, const GByteArray *bytes) {
  ck_assert(g_file_set_contents_full(path, (const char *)bytes->data, bytes->len,
                                     G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void try_case(const char *seed, const char *what, guint number, const GByteArray *bytes) {
  g_autoptr(GError) error = NULL;
  double begun = test_cpu_seconds();
  const char *fault = NULL;
  struct rusage usage;

  write_file(case_path, bytes);
  if (unpark_import(case_path, store_path, FALSE, NULL, NULL, &error))
    fault = error ? "success with an error" : check_store(number % 10 == 0);
  else if (!error)
    fault = "failure without an error";
  else if (!strstr(error->message, "case.trace"))
    fault = error->message;
  else if (g_file_test(store_path, G_FILE_TEST_EXISTS))
    fault = "a failed import left a store";
  g_unlink(store_path);
  getrusage(RUSAGE_SELF, &usage);
  ck_assert_msg(!fault, "%s, %s %u: %s", seed, what, number, fault);
  ck_assert_msg(test_cpu_seconds() - begun < CASE_SECONDS, "%s, %s %u: took too long", seed, what,
                number);
  ck_assert_msg(usage.ru_maxrss < PEAK_KIB_MAX, "%s, %s %u: %ld KiB of memory", seed, what, number,
                usage.ru_maxrss);
}

/* ---- Tests ------------------------------------------------------------------------------- */

static guint n_cases(void) {
  const char *env = g_getenv("UNPARK_ROBUST_CASES");
  return env ? (guint)g_ascii_strtoull(env, NULL, 10) : 8;
}

START_TEST(mutations) {
  g_autoptr(GByteArray) seed = test_read_seed(test_seeds[_i]);
  guint n = n_cases();

  for (guint i = 0; i < n; i++) {
    g_autoptr(GByteArray) bytes = test_mutate(seed, i * 1000 + (guint)_i);
    try_case(test_seeds[_i], "mutation", i, bytes);
  }
}
END_TEST

START_TEST(prefixes) {
  g_autoptr(GByteArray) seed = test_read_seed(test_seeds[_i]);
  guint step = g_getenv("UNPARK_ROBUST_CASES") ? 1 : _i % 4 == 0 ? 5 : 11;

  for (guint percent = 0; percent < 100; percent += step) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    g_byte_array_append(bytes, seed->data, (guint)((guint64)seed->len * percent / 100));
    try_case(test_seeds[_i], "prefix, percent", percent, bytes);
  }
}
END_TEST

/* The window and the command line open what calls itself a store. */
static void try_store(guint number, const GByteArray *bytes) {
  static const char *const questions[] = {
      "SELECT * FROM source",
      "SELECT * FROM span ORDER BY goroutine, start_ns",
      "SELECT state, reason, count(*), sum(duration_ns) FROM span GROUP BY state, reason",
      "SELECT * FROM goroutine",
      "SELECT * FROM sched_latency",
      "SELECT * FROM range",
      "SELECT * FROM metric",
      "SELECT * FROM stack_frame",
      "SELECT * FROM import_note"};
  static const UnparkQuery rows = {.row = ignore_row, .timeout_s = 2, .limit = 20000};
  double begun = test_cpu_seconds();
  g_autoptr(UnparkStore) store = NULL;
  g_autoptr(GError) error = NULL;

  write_file(store_path, bytes);
  store = unpark_store_open(store_path, &error);
  ck_assert_msg(!store == (error != NULL), "store %u: result and error disagree", number);
  for (gsize i = 0; store && i < G_N_ELEMENTS(questions); i++) {
    g_autoptr(GError) failure = NULL;
    ck_assert_msg(unpark_store_query(store, questions[i], &rows, NULL, NULL, NULL, &failure) ==
                      (failure == NULL),
                  "store %u, %s: result and error disagree", number, questions[i]);
  }
  g_unlink(store_path);
  ck_assert_msg(test_cpu_seconds() - begun < CASE_SECONDS, "store %u: took too long", number);
}

START_TEST(stores) {
  g_autofree char *source = g_build_filename(UNPARK_TEST_DATA, store_seeds[_i], NULL);
  guint n = n_cases() / 4 + 1;
  g_autoptr(GByteArray) seed = NULL;
  char *bytes = NULL;
  gsize size;

  if (g_str_has_suffix(source, ".unpark.zst")) {
    bytes = test_read_file(source, &size, NULL);
    ck_assert(bytes != NULL);
  } else {
    ck_assert(unpark_import(source, store_path, FALSE, NULL, NULL, NULL));
    ck_assert(g_file_get_contents(store_path, &bytes, &size, NULL));
  }
  seed = g_byte_array_new_take((guint8 *)bytes, size);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GByteArray) mutated = test_mutate(seed, i * 1000 + 500 + (guint)_i);
    try_store(i, mutated);
  }
  for (guint percent = 0; percent < 100; percent += g_getenv("UNPARK_ROBUST_CASES") ? 1 : 9) {
    g_autoptr(GByteArray) cut = g_byte_array_new();

    g_byte_array_append(cut, seed->data, (guint)((guint64)seed->len * percent / 100));
    try_store(percent, cut);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("robust");
  TCase *tcase = tcase_create("robust");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, g_getenv("UNPARK_ROBUST_CASES") ? 36000 : 120);
  tcase_add_test(tcase, every_importer_has_a_seed);
  tcase_add_loop_test(tcase, prefixes, 0, test_n_seeds);
  tcase_add_loop_test(tcase, mutations, 0, test_n_seeds);
  tcase_add_loop_test(tcase, stores, 0, G_N_ELEMENTS(store_seeds));
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
