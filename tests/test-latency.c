/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions of lengths: the histogram by itself, and a trace's against SQL over the same. */
#include <check.h>
#include <stdlib.h>

#include "model/tables/latency.h"
#include "tests/support.h"

/* ---- histogram ---------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

START_TEST(test_histogram_percentiles) {
  UnparkHistogram h = {0};
  gint64 values[5000];
  guint64 seed = 7;
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    values[i] = (gint64)((seed >> 33) >> (seed >> 27 & 31));
    unpark_histogram_add(&h, values[i]);
  }
  qsort(values, G_N_ELEMENTS(values), sizeof *values, by_value);
  ck_assert_uint_eq(h.count, G_N_ELEMENTS(values));
  ck_assert_int_eq(h.least_ns, values[0]);
  ck_assert_int_eq(h.most_ns, values[G_N_ELEMENTS(values) - 1]);
  for (guint p = 1; p <= 100; p++) {
    gint64 exact = values[(G_N_ELEMENTS(values) * p + 99) / 100 - 1];
    gint64 got = unpark_histogram_percentile(&h, p / 100.0);
    ck_assert_msg(ABS(got - exact) <= exact / 500 + 1, "p%u: %ld, exactly %ld", p, (long)got,
                  (long)exact);
  }
  unpark_histogram_clear(&h);
}
END_TEST

START_TEST(test_histogram_edges) {
  UnparkHistogram h = {0}, other = {0};
  ck_assert_int_eq(unpark_histogram_percentile(&h, 0.5), 0);
  unpark_histogram_add(&h, -5);
  unpark_histogram_add(&h, 1023);
  unpark_histogram_add(&h, 1024);
  unpark_histogram_add(&h, G_MAXINT64);
  unpark_histogram_add(&h, G_MAXINT64);
  ck_assert_int_eq(h.least_ns, 0);
  ck_assert_int_eq(h.most_ns, G_MAXINT64);
  ck_assert_int_eq(h.total_ns, G_MAXINT64);
  ck_assert_int_eq(unpark_histogram_percentile(&h, 0.4), 1023);
  ck_assert_int_eq(unpark_histogram_percentile(&h, 1), G_MAXINT64);
  ck_assert(unpark_histogram_below(&h, 1023) == 1);
  ck_assert(unpark_histogram_below(&h, 1024) == 2);
  ck_assert(unpark_histogram_below(&h, 1e6) == 3);
  unpark_histogram_add(&other, 50);
  unpark_histogram_merge(&h, &other);
  unpark_histogram_merge(&other, &h);
  ck_assert_uint_eq(h.count, 6);
  ck_assert_uint_eq(other.count, 7);
  ck_assert_int_eq(other.least_ns, 0);
  unpark_histogram_clear(&h);
  unpark_histogram_clear(&other);
}
END_TEST

START_TEST(test_rows_ascend) {
  for (guint i = 1; i < UNPARK_LATENCY_ROWS; i++)
    ck_assert(unpark_latency_row_from(i) > unpark_latency_row_from(i - 1));
}
END_TEST

/* ---- a trace -------------------------------------------------------------------------------- */

static TestStore *sample;

static void setup(void) {
  sample = test_import_sample();
}

static void teardown(void) {
  test_store_free(sample);
}

static UnparkLatency *measure(const UnparkLatencySpec *spec) {
  g_autoptr(GError) error = NULL;
  UnparkLatency *latency = unpark_latency_new(sample->store, spec, NULL, &error);
  ck_assert_msg(latency != NULL, "%s", error ? error->message : "");
  return latency;
}

#define ALL                                                                                        \
  { .from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64 }

static const struct {
  UnparkLatencyMeasure measure;
  const char *rows; /* a table of durations d */
} cases[] = {
    {UNPARK_LATENCY_SCHED, "(SELECT duration_ns AS d FROM sched_latency)"},
    {UNPARK_LATENCY_RANGE, "(SELECT duration_ns AS d FROM range WHERE duration_ns IS NOT NULL)"},
    {UNPARK_LATENCY_REGION,
     "(SELECT end_ns - start_ns AS d FROM region WHERE end_ns - start_ns IS NOT NULL)"},
    {UNPARK_LATENCY_TASK,
     "(SELECT end_ns - start_ns AS d FROM task WHERE end_ns - start_ns IS NOT NULL)"},
};

START_TEST(test_equals_sql) {
  UnparkLatencySpec spec = ALL;
  const char *rows = cases[_i].rows;
  spec.measure = cases[_i].measure;
  for (spec.grouping = 0; spec.grouping <= UNPARK_LATENCY_BY_ENTRY; spec.grouping++) {
    g_autoptr(UnparkLatency) latency = measure(&spec);
    const UnparkHistogram *h = &latency->all.histogram;
    guint64 sum = 0, heat = 0;
    ck_assert_uint_gt(h->count, 0);
    ck_assert_int_eq((gint64)h->count, test_value(sample, "SELECT count(*) FROM %s", rows));
    ck_assert_int_eq(h->total_ns, test_value(sample, "SELECT sum(d) FROM %s", rows));
    ck_assert_int_eq(h->most_ns, test_value(sample, "SELECT max(d) FROM %s", rows));
    for (guint p = 50; p < 100; p += 49) {
      gint64 exact =
          test_value(sample,
                     "SELECT d FROM %s ORDER BY d LIMIT 1 OFFSET (SELECT (count(*) * %u + 99) "
                     "/ 100 - 1 FROM %s)",
                     rows, p, rows);
      ck_assert_int_le(ABS(unpark_histogram_percentile(h, p / 100.0) - exact), exact / 500 + 1);
    }
    for (guint i = 0; i < latency->n_series; i++)
      sum += latency->series[i].histogram.count;
    for (guint i = 0; i < UNPARK_LATENCY_COLUMNS * UNPARK_LATENCY_ROWS; i++)
      heat += latency->all.heat[i];
    ck_assert_uint_eq(sum, h->count);
    ck_assert_uint_eq(heat, h->count);
    ck_assert_uint_gt(latency->all.n_cases, 0);
    ck_assert_int_eq(latency->all.cases[0].end_ns - latency->all.cases[0].start_ns, h->most_ns);
    for (guint i = 1; i < latency->all.n_cases; i++)
      ck_assert_int_le(latency->all.cases[i].end_ns - latency->all.cases[i].start_ns,
                       latency->all.cases[i - 1].end_ns - latency->all.cases[i - 1].start_ns);
  }
}
END_TEST

START_TEST(test_waits_by_reason) {
  UnparkLatencySpec spec = ALL;
  spec.measure = UNPARK_LATENCY_WAIT;
  g_autoptr(UnparkLatency) latency = measure(&spec);
  gint64 duration = unpark_store_source(sample->store)->duration_ns;
  ck_assert_uint_gt(latency->n_series, 2);
  for (guint i = 0; i < latency->n_series; i++)
    ck_assert_int_eq(
        (gint64)latency->series[i].histogram.count,
        test_value(sample,
                   "SELECT count(*) FROM span WHERE state = 'waiting' AND reason = '%s' "
                   "AND end_ns < %ld",
                   latency->series[i].name, (long)duration));
}
END_TEST

/* All of some lengths: as many as SQL counts, each as long as was asked for, the longest first. */
START_TEST(test_lists_equal_sql) {
  UnparkLatencySpec spec = ALL;
  spec.measure = UNPARK_LATENCY_WAIT;
  g_autoptr(UnparkLatency) latency = measure(&spec);
  gint64 duration = unpark_store_source(sample->store)->duration_ns;
  const gint64 ranges[][2] = {{0, G_MAXINT64}, {10000, 1000000}, {1000000, 1000001}, {0, 1}};
  for (guint32 row = 0; row <= latency->n_series; row++)
    for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
      gint64 from = ranges[i][0], to = ranges[i][1];
      g_autoptr(GError) error = NULL;
      g_autoptr(UnparkLatencyList) list =
          unpark_latency_list_new(latency, &spec, row, from, to, NULL, &error);
      ck_assert_msg(list != NULL, "%s", error ? error->message : "");
      g_autofree char *reason =
          row == 0 ? g_strdup("")
                   : g_strdup_printf("AND reason = '%s'", latency->series[row - 1].name);
      ck_assert_int_eq((gint64)list->n_all,
                       test_value(sample,
                                  "SELECT count(*) FROM span WHERE state = 'waiting' %s AND "
                                  "end_ns < %ld AND duration_ns >= %ld AND duration_ns < %ld",
                                  reason, (long)duration, (long)from, (long)to));
      ck_assert_uint_eq(list->n, list->n_all);
      for (guint k = 0; k < list->n; k++) {
        gint64 ns = list->cases[k].end_ns - list->cases[k].start_ns;
        ck_assert(ns >= from && ns < to);
        ck_assert(k == 0 || ns <= list->cases[k - 1].end_ns - list->cases[k - 1].start_ns);
        ck_assert_ptr_nonnull(list->cases[k].entry);
      }
    }
}
END_TEST

START_TEST(test_scope) {
  UnparkLatencySpec spec = ALL;
  const gint64 goroutine =
      test_value(sample, "SELECT goroutine FROM sched_latency GROUP BY 1 ORDER BY count(*) "
                         "DESC, 1 LIMIT 1");
  spec.measure = UNPARK_LATENCY_SCHED;
  spec.goroutines = &goroutine;
  spec.n_goroutines = 1;
  spec.from_ns = 20000000;
  spec.to_ns = 90000000;
  g_autoptr(UnparkLatency) latency = measure(&spec);
  ck_assert_uint_gt(latency->all.histogram.count, 0);
  ck_assert_int_eq(
      (gint64)latency->all.histogram.count,
      test_value(sample,
                 "SELECT count(*) FROM sched_latency WHERE goroutine = %ld AND start_ns <= "
                 "90000000 AND start_ns + duration_ns >= 20000000",
                 (long)goroutine));
  for (guint i = 0; i < latency->all.n_cases; i++)
    ck_assert_int_eq(latency->all.cases[i].goroutine, goroutine);
}
END_TEST

START_TEST(test_cancelled) {
  UnparkLatencySpec spec = ALL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_latency_new(sample->store, &spec, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("latency");
  TCase *plain = tcase_create("histogram"), *trace = tcase_create("trace");
  tcase_add_test(plain, test_histogram_percentiles);
  tcase_add_test(plain, test_histogram_edges);
  tcase_add_test(plain, test_rows_ascend);
  tcase_add_unchecked_fixture(trace, setup, teardown);
  tcase_add_loop_test(trace, test_equals_sql, 0, (int)G_N_ELEMENTS(cases));
  tcase_add_test(trace, test_waits_by_reason);
  tcase_add_test(trace, test_scope);
  tcase_add_test(trace, test_lists_equal_sql);
  tcase_add_test(trace, test_cancelled);
  suite_add_tcase(suite, plain);
  suite_add_tcase(suite, trace);
  return test_run(suite);
}
