/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutator utilization against what Go's own reader computes of the same traces, and the use of
 * processors against SQL over the same spans. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/tables/mmu.h"
#include "model/tables/proc-use.h"
#include "tests/support.h"

static const char *data_path(const char *name) {
  static char path[4096];
  g_snprintf(path, sizeof path, "%s/%s", UNPARK_TEST_DATA, name);
  return path;
}

static UnparkMmu *mmu_of(UnparkStore *store, guint flags) {
  g_autoptr(GError) error = NULL;
  UnparkMmu *mmu = unpark_mmu_new(store, flags, NULL, &error);
  ck_assert_msg(mmu != NULL, "%s", error ? error->message : "");
  return mmu;
}

/* ---- mutator utilization -------------------------------------------------------------------- */

/* The tables have, a line, the flags of the reference (which are ours), the length in ns and the
 * utilization: MMUCurve.MMU() of internal/trace, Go 1.27. */
static const char *const traces[][2] = {
    {"sample.trace", "mmu/sample.tsv"},
    {"expected/go1.19/gc.trace", "mmu/go1.19-gc.tsv"},
    {"gotests/go122-gc-stress.trace.zst", "mmu/go1.22-gc-stress.tsv"},
};

START_TEST(equals_reference) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(data_path(traces[_i][0]), &error);
  g_autoptr(UnparkMmu) mmu = NULL;
  g_autofree char *text = NULL;
  guint known = G_MAXUINT;
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  ck_assert(g_file_get_contents(data_path(traces[_i][1]), &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  ck_assert_uint_gt(g_strv_length(lines), 20);
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_auto(GStrv) parts = g_strsplit(lines[i], " ", 3);
    guint flags = (guint)g_ascii_strtoull(parts[0], NULL, 10);
    gint64 window = g_ascii_strtoll(parts[1], NULL, 10);
    double expected = g_ascii_strtod(parts[2], NULL);
    if (flags != known) {
      g_clear_pointer(&mmu, unpark_mmu_free);
      mmu = mmu_of(store->store, flags);
      known = flags;
    }
    double got = unpark_mmu_least(mmu, window);
    ck_assert_msg(fabs(got - expected) < 1e-8, "%s, flags %u, %ld ns: %.9f, expected %.9f",
                  traces[_i][0], flags, (long)window, got, expected);
  }
}
END_TEST

static TestStore *sample;

static void setup(void) {
  sample = test_import_sample();
}

static void teardown(void) {
  test_store_free(sample);
}

/* No window that is looked at anywhere has less, and the worst of all has just that. */
START_TEST(least_is_least) {
  g_autoptr(UnparkMmu) mmu = mmu_of(sample->store, UNPARK_MMU_ALL | UNPARK_MMU_EXACT);
  const UnparkMmuSeries *series = &mmu->series[0];
  g_autoptr(GArray) windows = unpark_mmu_windows(mmu);
  double before = 0;
  ck_assert_uint_eq(mmu->n_series, 1);
  ck_assert_uint_gt(windows->len, 10);
  for (guint w = 0; w < windows->len; w++) {
    gint64 window = g_array_index(windows, gint64, w);
    double least = unpark_mmu_least(mmu, window);
    UnparkMmuWindow worst[5];
    guint n = unpark_mmu_worst(mmu, window, worst, G_N_ELEMENTS(worst));
    ck_assert_uint_ge(n, 1);
    ck_assert(fabs(worst[0].share - least) < 1e-12);
    for (guint i = 1; i < n; i++) {
      ck_assert(worst[i].share >= worst[i - 1].share);
      for (guint k = 0; k < i; k++)
        ck_assert_int_ge(ABS(worst[i].start_ns - worst[k].start_ns), window);
    }
    /* By hand, from fifty places. */
    gint64 first = series->changes[0].time_ns, last = series->changes[series->n - 1].time_ns;
    for (guint i = 0; i <= 50; i++) {
      gint64 from = first + (last - first - window) / 50 * i;
      double sum = 0;
      for (guint k = 0; k + 1 < series->n; k++) {
        gint64 a = MAX(series->changes[k].time_ns, from);
        gint64 b = MIN(series->changes[k + 1].time_ns, from + window);
        sum += b > a ? series->changes[k].share * (double)(b - a) : 0;
      }
      ck_assert(sum / (double)window >= least - 1e-9);
    }
    before = MAX(before, least);
  }
  ck_assert(before > 0.5);
  ck_assert(unpark_mmu_least(mmu, 0) <= 0);
}
END_TEST

/* What is switched on takes, what is not does not. */
START_TEST(switches) {
  g_autoptr(UnparkMmu) none = mmu_of(sample->store, 0), stw = mmu_of(sample->store, UNPARK_MMU_STW);
  g_autoptr(UnparkMmu) all = mmu_of(sample->store, UNPARK_MMU_ALL);
  ck_assert(unpark_mmu_least(none, 1000) >= 1);
  ck_assert(unpark_mmu_least(stw, 1000) <= 0);
  ck_assert(unpark_mmu_least(all, 10000000) < unpark_mmu_least(stw, 10000000));
}
END_TEST

/* ---- processors ----------------------------------------------------------------------------- */

/* At each moment between two changes: how many run, and how many could. */
#define MOMENTS                                                                                    \
  "WITH t AS (SELECT start_ns AS at FROM proc_span UNION SELECT end_ns FROM proc_span UNION "      \
  "SELECT start_ns FROM span WHERE state = 'runnable' UNION SELECT end_ns FROM span WHERE state "  \
  "= 'runnable'), p AS (SELECT at, lead(at) OVER (ORDER BY at) - at AS d FROM t), "                \
  "r AS (SELECT at, d, (SELECT count(*) FROM span WHERE state = 'runnable' AND start_ns <= at "    \
  "AND end_ns > at) AS ready, (SELECT count(*) FROM proc_span WHERE start_ns <= at AND end_ns > "  \
  "at) AS busy, (SELECT count(*) FROM proc_span WHERE proc = 0 AND start_ns <= at AND end_ns > "   \
  "at) AS busy0 FROM p WHERE d > 0) "

START_TEST(procs_equal_sql) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) small = test_import(data_path("truth/e.trace"), &error);
  ck_assert_msg(small != NULL, "%s", error ? error->message : "");
  g_autoptr(UnparkProcUse) use =
      unpark_proc_use_new(small->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, NULL, &error);
  gint64 duration = unpark_store_source(small->store)->duration_ns;
  gint64 procs = test_value(small, "SELECT value FROM metric WHERE name = "
                                   "'/sched/gomaxprocs:threads' LIMIT 1");
  ck_assert_ptr_nonnull(use);
  ck_assert_int_eq(use->n_procs, procs);
  ck_assert_int_eq(use->most_procs, procs);
  ck_assert_int_eq(use->capacity_ns, procs * duration);
  ck_assert_int_eq(use->busy_ns, test_value(small, "SELECT sum(duration_ns) FROM proc_span"));
  ck_assert_int_eq(use->idle_ns, use->capacity_ns - use->busy_ns);
  ck_assert_int_eq(use->runnable_ns, test_value(small, "SELECT sum(duration_ns) FROM span WHERE "
                                                       "state = 'runnable'"));
  for (guint i = 0; i < use->n_procs; i++) {
    const UnparkProcRow *row = &use->procs[i];
    ck_assert_int_eq(row->busy_ns, test_value(small,
                                              "SELECT sum(duration_ns) FROM proc_span WHERE "
                                              "proc = %u",
                                              i));
    ck_assert_int_eq((gint64)row->n_runs,
                     test_value(small,
                                "SELECT count(*) FROM proc_span WHERE proc = %u AND "
                                "duration_ns > 0",
                                i));
    ck_assert_int_eq(row->there_ns, row->busy_ns + row->idle_ns);
  }
  ck_assert_int_eq(
      use->wasted_ns,
      test_value(small, MOMENTS "SELECT sum(d * min(ready, %ld - busy)) FROM r", (long)procs));
  ck_assert_int_eq(use->procs[0].idle_runnable_ns,
                   test_value(small, MOMENTS "SELECT sum(d) FROM r WHERE ready > 0 AND busy0 = 0"));
  ck_assert_int_gt(use->wasted_ns, 0);
}
END_TEST

/* A part of the time, and of the goroutines. */
START_TEST(procs_of_a_part) {
  g_autoptr(GError) error = NULL;
  gint64 id = test_value(sample, "SELECT goroutine FROM proc_span GROUP BY 1 ORDER BY "
                                 "sum(duration_ns) DESC LIMIT 1");
  gint64 from = 20000000, to = 90000000;
  g_autoptr(UnparkProcUse) use = unpark_proc_use_new(sample->store, from, to, &id, 1, NULL, &error);
  g_autoptr(UnparkProcUse) all =
      unpark_proc_use_new(sample->store, from, to, NULL, 0, NULL, &error);
  ck_assert(use && all);
  ck_assert_int_eq(use->busy_ns,
                   test_value(sample,
                              "SELECT sum(min(end_ns, %ld) - max(start_ns, %ld)) FROM proc_span "
                              "WHERE goroutine = %ld AND end_ns > %ld AND start_ns < %ld",
                              (long)to, (long)from, (long)id, (long)from, (long)to));
  ck_assert_int_eq(use->busy_ns + use->other_ns, all->busy_ns);
  ck_assert_int_eq(use->idle_ns, all->idle_ns);
  ck_assert_int_eq(all->other_ns, 0);
  ck_assert_int_le(use->runnable_ns, all->runnable_ns);
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) mmu = NULL, procs = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_mmu_new(sample->store, UNPARK_MMU_ALL, cancellable, &mmu));
  ck_assert(g_error_matches(mmu, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  ck_assert_ptr_null(
      unpark_proc_use_new(sample->store, 0, G_MAXINT64, NULL, 0, cancellable, &procs));
  ck_assert(g_error_matches(procs, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("procs");
  TCase *reference = tcase_create("reference"), *trace = tcase_create("sample");
  tcase_add_loop_test(reference, equals_reference, 0, (int)G_N_ELEMENTS(traces));
  tcase_add_test(reference, procs_equal_sql);
  tcase_add_unchecked_fixture(trace, setup, teardown);
  tcase_add_test(trace, least_is_least);
  tcase_add_test(trace, switches);
  tcase_add_test(trace, procs_of_a_part);
  tcase_add_test(trace, cancelled);
  suite_add_tcase(suite, reference);
  suite_add_tcase(suite, trace);
  return test_run(suite);
}
