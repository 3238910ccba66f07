/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines and functions in numbers, against SQL over the same trace. */
#include <check.h>
#include <stdlib.h>

#include "model/tables/goroutine-table.h"
#include "tests/support.h"

static TestStore *sample;

static void setup(void) {
  sample = test_import_sample();
}

static void teardown(void) {
  test_store_free(sample);
}

static UnparkGoroutineTable *table_of(gint64 from_ns, gint64 to_ns) {
  g_autoptr(GError) error = NULL;
  UnparkGoroutineTable *table =
      unpark_goroutine_table_new(sample->store, from_ns, to_ns, NULL, 0, NULL, &error);
  ck_assert_msg(table != NULL, "%s", error ? error->message : "");
  return table;
}

START_TEST(test_whole_trace) {
  g_autoptr(UnparkGoroutineTable) table = table_of(G_MININT64 + 1, G_MAXINT64);
  static const char *const columns[] = {"running_ns", "runnable_ns", "waiting_ns", "syscall_ns"};
  UnparkTally all = {0};
  ck_assert_int_eq(
      table->n_rows,
      test_value(sample, "SELECT count(*) FROM (SELECT DISTINCT goroutine FROM span)"));
  ck_assert_int_eq(table->n_functions,
                   test_value(sample, "SELECT count(DISTINCT name) FROM goroutine"));
  for (guint f = 0; f < table->n_functions; f++) {
    const UnparkFunctionRow *function = &table->functions[f];
    gint64 waits = 0;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      ck_assert_int_eq(function->tally.state_ns[s],
                       test_value(sample, "SELECT sum(%s) FROM goroutine WHERE name = '%s'",
                                  columns[s], function->name));
    ck_assert_int_eq(function->tally.longest_wait_ns,
                     test_value(sample,
                                "SELECT max(longest_wait_ns) FROM goroutine WHERE name = '%s'",
                                function->name));
    for (guint i = 0; i < UNPARK_N_WAITS; i++)
      waits += function->tally.wait_ns[i];
    ck_assert_int_eq(waits, function->tally.state_ns[UNPARK_STATE_WAITING]);
    for (guint i = 0; i < function->count; i++)
      ck_assert_uint_eq(table->rows[function->first + i].function, f);
    unpark_tally_add(&all, &function->tally);
  }
  ck_assert_int_eq((gint64)all.n_spans, test_value(sample, "SELECT count(*) FROM span"));
  ck_assert_int_eq(unpark_tally_total(&all),
                   test_value(sample, "SELECT sum(duration_ns) FROM span"));
}
END_TEST

/* Lives, assists and percentiles, of all of the time and of a part. */
static const gint64 times[][2] = {{G_MININT64 + 1, G_MAXINT64}, {40000000, 60000000}};

START_TEST(test_lives) {
  gint64 from = MAX(times[_i][0], 0),
         to = MIN(times[_i][1], unpark_store_source(sample->store)->end_ns);
  g_autoptr(UnparkGoroutineTable) table = table_of(times[_i][0], times[_i][1]);
  gint64 assist = 0;
  for (guint f = 0; f < table->n_functions; f++) {
    const UnparkFunctionRow *function = &table->functions[f];
    g_autofree char *lengths = g_strdup_printf(
        "(SELECT sum(min(end_ns, %ld) - max(start_ns, %ld)) AS d FROM span WHERE end_ns >= %ld AND "
        "start_ns <= %ld AND goroutine IN (SELECT id FROM goroutine WHERE name = '%s') GROUP BY "
        "goroutine)",
        (long)to, (long)from, (long)from, (long)to, function->name);
    const guint percents[] = {50, 90, 99};
    const gint64 got[] = {function->p50_ns, function->p90_ns, function->p99_ns};
    ck_assert_int_eq(function->created,
                     test_value(sample,
                                "SELECT count(*) FROM goroutine WHERE name = '%s' AND (parent IS "
                                "NOT NULL OR create_ns > 0) AND create_ns BETWEEN %ld AND %ld",
                                function->name, (long)from, (long)to));
    ck_assert_int_eq(function->ended,
                     test_value(sample,
                                "SELECT count(*) FROM goroutine WHERE name = '%s' AND end_ns "
                                "BETWEEN %ld AND %ld",
                                function->name, (long)from, (long)to));
    ck_assert_int_eq(function->alive + function->ended, function->count);
    ck_assert_int_eq(function->mean_ns,
                     test_value(sample, "SELECT sum(d) / count(*) FROM %s", lengths));
    for (guint p = 0; p < G_N_ELEMENTS(percents); p++)
      ck_assert_int_eq(got[p], test_value(sample,
                                          "SELECT d FROM %s ORDER BY d LIMIT 1 OFFSET (SELECT "
                                          "(count(*) * %u + 99) / 100 - 1 FROM %s)",
                                          lengths, percents[p], lengths));
    assist += function->assist_ns;
  }
  ck_assert_int_eq(assist,
                   test_value(sample,
                              "SELECT sum(max(min(end_ns, %ld) - max(start_ns, %ld), 0)) FROM "
                              "range WHERE name = 'GC mark assist'",
                              (long)to, (long)from));
}
END_TEST

START_TEST(test_part) {
  const gint64 from = 40000000, to = 60000000;
  g_autoptr(UnparkGoroutineTable) table = table_of(from, to);
  gint64 waiting = 0;
  ck_assert_uint_gt(table->n_rows, 0);
  for (guint i = 0; i < table->n_rows; i++) {
    const UnparkGoroutineRow *row = &table->rows[i];
    waiting += row->tally.state_ns[UNPARK_STATE_WAITING];
    ck_assert_int_le(unpark_tally_total(&row->tally), to - from);
    if (row->longest_start_ns != UNPARK_NONE)
      ck_assert_int_eq(
          test_value(sample,
                     "SELECT count(*) FROM span WHERE goroutine = %ld AND start_ns = %ld "
                     "AND state = 'waiting'",
                     (long)row->id, (long)row->longest_start_ns),
          1);
  }
  ck_assert_int_eq(waiting,
                   test_value(sample,
                              "SELECT sum(min(end_ns, %ld) - max(start_ns, %ld)) FROM span "
                              "WHERE state = 'waiting' AND start_ns <= %ld AND end_ns >= %ld",
                              (long)to, (long)from, (long)to, (long)from));
}
END_TEST

START_TEST(test_some) {
  const gint64 ids[] = {1, 22, 1000000};
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkGoroutineTable) table = unpark_goroutine_table_new(
      sample->store, G_MININT64 + 1, G_MAXINT64, ids, G_N_ELEMENTS(ids), NULL, &error);
  ck_assert_ptr_nonnull(table);
  ck_assert_uint_eq(table->n_rows, 2);
  ck_assert_uint_eq(table->n_functions, 2);
}
END_TEST

START_TEST(test_cancelled) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(
      unpark_goroutine_table_new(sample->store, 0, G_MAXINT64, NULL, 0, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("goroutine-table");
  TCase *tcase = tcase_create("sample");
  tcase_add_unchecked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_whole_trace);
  tcase_add_loop_test(tcase, test_lives, 0, (int)G_N_ELEMENTS(times));
  tcase_add_test(tcase, test_part);
  tcase_add_test(tcase, test_some);
  tcase_add_test(tcase, test_cancelled);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
