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
  tcase_add_test(tcase, test_part);
  tcase_add_test(tcase, test_some);
  tcase_add_test(tcase, test_cancelled);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
