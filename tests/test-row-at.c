/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single rows of the small tables, and who ran on a processor: against what is known otherwise. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/why/late-exec.h"
#include "model/store/row-at.h"
#include "model/writer/writer.h"
#include "tests/support.h"

static TestStore *sample(void) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import(UNPARK_TEST_DATA "/sample.trace", &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

START_TEST(test_numbers) {
  g_autoptr(TestStore) store = sample();
  for (int table = UNPARK_TABLE_METRIC; table <= UNPARK_TABLE_CPU_SAMPLE; table++) {
    guint n, width;
    gint64 row[UNPARK_ROW_COLUMNS];
    g_autofree gint64 *rows =
        unpark_store_rows(store->store, table, G_MININT64 + 1, G_MAXINT64, &n, &width, NULL, NULL);
    for (guint i = 0; i < n; i++) {
      ck_assert(unpark_store_row(store->store, table, i, row, NULL));
      ck_assert_int_eq(memcmp(row, rows + (gsize)i * width, width * sizeof *row), 0);
    }
    ck_assert(!unpark_store_row(store->store, table, n, row, NULL));
    ck_assert(!unpark_store_row(store->store, table, -1, row, NULL));
  }
}
END_TEST

typedef struct {
  gint64 lane, from_ns, to_ns;
  guint n;
} Seen;

static gboolean see(gint64 number, const gint64 *values, gpointer data) {
  Seen *seen = data;
  ck_assert_int_ge(number, 0);
  if (seen->lane != UNPARK_NONE)
    ck_assert_int_eq(values[1], seen->lane);
  ck_assert(values[3] == UNPARK_NONE || values[3] <= seen->to_ns);
  ck_assert(values[4] == UNPARK_NONE || values[4] >= seen->from_ns);
  seen->n++;
  return TRUE;
}

START_TEST(test_visit) {
  g_autoptr(TestStore) store = sample();
  gint64 total = test_query_int(store->store, "SELECT count(*) FROM region", -1, NULL);
  gint64 goroutine = test_query_int(store->store, "SELECT goroutine FROM region LIMIT 1", -1, NULL);
  g_autofree char *sql =
      g_strdup_printf("SELECT count(*) FROM region WHERE goroutine = %" G_GINT64_FORMAT, goroutine);
  Seen all = {UNPARK_NONE, G_MININT64 + 1, G_MAXINT64, 0};
  Seen own = {goroutine, G_MININT64 + 1, G_MAXINT64, 0};
  Seen part = {UNPARK_NONE, 50000000, 60000000, 0};
  ck_assert_int_gt(total, 0);
  ck_assert(unpark_store_visit_rows(store->store, UNPARK_TABLE_REGION, all.lane, all.from_ns,
                                    all.to_ns, see, &all, NULL, NULL));
  ck_assert_int_eq(all.n, total);
  ck_assert(unpark_store_visit_rows(store->store, UNPARK_TABLE_REGION, own.lane, own.from_ns,
                                    own.to_ns, see, &own, NULL, NULL));
  ck_assert_int_eq(own.n, test_query_int(store->store, sql, -1, NULL));
  ck_assert(unpark_store_visit_rows(store->store, UNPARK_TABLE_REGION, part.lane, part.from_ns,
                                    part.to_ns, see, &part, NULL, NULL));
  ck_assert_int_lt(part.n, total);
}
END_TEST

static void check_exec(UnparkStore *store, gboolean thread, gint64 id) {
  g_autoptr(UnparkExecTotals) t =
      unpark_exec_totals(store, thread, id, 0, G_MAXINT64 / 2, NULL, NULL);
  const char *table = thread ? "thread" : "proc";
  g_autofree char *total = g_strdup_printf(
      "SELECT sum(duration_ns) FROM %s_span WHERE %s = %" G_GINT64_FORMAT, table, table, id);
  g_autofree char *count =
      g_strdup_printf("SELECT count(DISTINCT goroutine) FROM %s_span WHERE %s = %" G_GINT64_FORMAT,
                      table, table, id);
  gint64 sum = 0;
  ck_assert_ptr_nonnull(t);
  ck_assert_int_eq(t->held_ns, test_query_int(store, total, 0, NULL));
  ck_assert_int_eq(t->n_holders, test_query_int(store, count, 0, NULL));
  for (guint i = 0; i < t->n_holders; i++) {
    sum += t->holders[i].held_ns;
    ck_assert(i == 0 || t->holders[i - 1].held_ns >= t->holders[i].held_ns);
  }
  ck_assert_int_eq(sum, t->held_ns);
}

START_TEST(test_exec) {
  g_autoptr(TestStore) store = sample();
  guint n;
  const gint64 *ids = unpark_store_procs(store->store, &n);
  ck_assert_uint_gt(n, 0);
  for (guint i = 0; i < n; i++)
    check_exec(store->store, FALSE, ids[i]);
  ids = unpark_store_threads(store->store, &n);
  for (guint i = 0; i < n; i++)
    check_exec(store->store, TRUE, ids[i]);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("row-at");
  TCase *tests = tcase_create("row-at");
  tcase_add_test(tests, test_numbers);
  tcase_add_test(tests, test_visit);
  tcase_add_test(tests, test_exec);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
