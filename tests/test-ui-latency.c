/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts of latencies, without a display: axes, bars, ticks, labels. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"
#include "ui/latency/layout.h"

static UnparkHistogram of(const gint64 *values, guint n) {
  UnparkHistogram h = {0};
  for (guint i = 0; i < n; i++)
    unpark_histogram_add(&h, values[i]);
  return h;
}

START_TEST(test_axis_holds_everything) {
  static const gint64 ends[][2] = {{0, 0},       {1, 1},        {950, 951},         {100, 1000},
                                   {64, 123456}, {7, 99999999}, {3, G_MAXINT64 / 2}};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    UnparkHistogram h = of(ends[i], 2);
    UnparkLatencyAxis axis = unpark_latency_axis(&h, 600);
    ck_assert(axis.from_ns >= 1);
    ck_assert(axis.to_ns >= axis.from_ns * 9.99);
    ck_assert(axis.from_ns <= (double)MAX(ends[i][0], 1));
    ck_assert(axis.to_ns >= (double)ends[i][1]);
    ck_assert(fabs(unpark_latency_axis_x(&axis, axis.from_ns)) < 1e-6);
    ck_assert(fabs(unpark_latency_axis_x(&axis, axis.to_ns) - 600) < 1e-6);
    ck_assert(fabs(unpark_latency_axis_x(&axis, unpark_latency_axis_ns(&axis, 123)) - 123) < 1e-6);
    unpark_histogram_clear(&h);
  }
}
END_TEST

START_TEST(test_bars_lose_nothing) {
  UnparkHistogram h = {0};
  UnparkLatencyBar bars[73];
  double most, sum = 0;
  for (gint64 i = 0; i < 100000; i++)
    unpark_histogram_add(&h, 100 + i % 1000 * 7);
  unpark_histogram_add(&h, 900000000); /* one that is late */
  for (guint log_counts = 0; log_counts < 2; log_counts++) {
    UnparkLatencyAxis axis = unpark_latency_axis(&h, 730);
    unpark_latency_bars(&h, &axis, log_counts, 0.01, bars, G_N_ELEMENTS(bars), &most);
    sum = 0;
    guint visible = 0;
    for (guint i = 0; i < G_N_ELEMENTS(bars); i++) {
      ck_assert(fabs(bars[i].below - sum) < 1e-6);
      sum += bars[i].count;
      ck_assert(bars[i].height <= 1);
      ck_assert(bars[i].height == 0 || bars[i].height >= 0.01);
      if (i > 0)
        ck_assert(bars[i].from_ns == bars[i - 1].to_ns);
      visible += bars[i].from_ns > 1e6 && bars[i].height > 0;
    }
    ck_assert(fabs(sum - 100001) < 1e-6);
    ck_assert_uint_eq(visible, 1);
  }
  unpark_histogram_clear(&h);
}
END_TEST

/* What a bar says is what a list of these lengths holds. */
START_TEST(test_bars_count_exactly) {
  UnparkHistogram h = {0};
  UnparkLatencyBar bars[131];
  gint64 lengths[5000];
  double most;
  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
    lengths[i] = (gint64)exp(4 + i * 3e-3) + i % 7;
    unpark_histogram_add(&h, lengths[i]);
  }
  UnparkLatencyAxis axis = unpark_latency_axis(&h, 1111);
  unpark_latency_bars(&h, &axis, FALSE, 0, bars, G_N_ELEMENTS(bars), &most);
  for (guint i = 0; i + 1 < G_N_ELEMENTS(bars); i++) {
    guint n = 0;
    for (guint k = 0; k < G_N_ELEMENTS(lengths); k++)
      n += (double)lengths[k] >= bars[i].from_ns && (double)lengths[k] < bars[i].to_ns;
    ck_assert_msg(bars[i].count == n, "%g to %g ns: %g, not %u", bars[i].from_ns, bars[i].to_ns,
                  bars[i].count, n);
  }
  unpark_histogram_clear(&h);
}
END_TEST

START_TEST(test_ticks) {
  static const gint64 ends[] = {64, 900000000};
  UnparkHistogram h = of(ends, 2);
  UnparkLatencyTick ticks[64];
  for (guint width = 100; width <= 3000; width += 100) {
    UnparkLatencyAxis axis = unpark_latency_axis(&h, width);
    guint n = unpark_latency_ticks(&axis, 60, ticks, G_N_ELEMENTS(ticks));
    ck_assert_uint_ge(n, 1);
    for (guint i = 1; i < n; i++)
      ck_assert_msg(ticks[i].x - ticks[i - 1].x >= 59, "%u px, tick %u", width, i);
    for (guint i = 0; i < n; i++)
      ck_assert(ticks[i].x >= -1e-6 && ticks[i].x <= width + 1e-6);
  }
  unpark_histogram_clear(&h);
}
END_TEST

START_TEST(test_bar_at) {
  UnparkLatencyAxis axis = {1, 1000, 100};
  ck_assert_int_eq(unpark_latency_bar_at(&axis, 10, -1), -1);
  ck_assert_int_eq(unpark_latency_bar_at(&axis, 10, 0), 0);
  ck_assert_int_eq(unpark_latency_bar_at(&axis, 10, 99.999), 9);
  ck_assert_int_eq(unpark_latency_bar_at(&axis, 10, 100), -1);
  ck_assert_int_eq(unpark_latency_bar_at(&axis, 0, 50), -1);
}
END_TEST

/* The bars of a range are those from its first to its last, without their neighbours. */
START_TEST(test_bars_of_a_range) {
  UnparkHistogram h = {0};
  UnparkLatencyBar bars[20];
  double most;
  unpark_histogram_add(&h, 1000);
  unpark_histogram_add(&h, 1000000);
  UnparkLatencyAxis axis = unpark_latency_axis(&h, 200);
  unpark_latency_bars(&h, &axis, FALSE, 0, bars, G_N_ELEMENTS(bars), &most);
  for (guint first = 0; first < G_N_ELEMENTS(bars); first++)
    for (guint last = first; last < G_N_ELEMENTS(bars); last++)
      for (guint i = 0; i < G_N_ELEMENTS(bars); i++)
        ck_assert_int_eq(unpark_latency_bar_in(&bars[i], bars[first].from_ns, bars[last].to_ns),
                         i >= first && i <= last);
  unpark_histogram_clear(&h);
}
END_TEST

START_TEST(test_counts) {
  UnparkLatencyCount counts[6];
  guint n = unpark_latency_counts(1234, FALSE, counts, G_N_ELEMENTS(counts));
  ck_assert_uint_ge(n, 2);
  for (guint i = 0; i < n; i++)
    ck_assert(fabs(counts[i].height - (double)counts[i].count / 1234) < 1e-9);
  n = unpark_latency_counts(1e9, TRUE, counts, G_N_ELEMENTS(counts));
  ck_assert_uint_ge(n, 3);
  for (guint i = 1; i < n; i++)
    ck_assert(counts[i].height > counts[i - 1].height && counts[i].height <= 1);
  ck_assert_uint_eq(unpark_latency_counts(0, FALSE, counts, 6), 0);
}
END_TEST

START_TEST(test_labels_apart) {
  const double x[] = {0, 10, 20, 300, 310}, width[] = {50, 50, 50, 50, 50};
  guint rows[5];
  ck_assert_uint_eq(unpark_latency_label_rows(x, width, 5, 4, rows), 3);
  for (guint i = 0; i < 5; i++)
    for (guint k = 0; k < i; k++)
      ck_assert(rows[i] != rows[k] || x[k] + width[k] + 4 <= x[i]);
  ck_assert_uint_eq(rows[3], 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ui-latency");
  TCase *tcase = tcase_create("layout");
  tcase_add_test(tcase, test_axis_holds_everything);
  tcase_add_test(tcase, test_bars_lose_nothing);
  tcase_add_test(tcase, test_bars_count_exactly);
  tcase_add_test(tcase, test_ticks);
  tcase_add_test(tcase, test_bar_at);
  tcase_add_test(tcase, test_bars_of_a_range);
  tcase_add_test(tcase, test_counts);
  tcase_add_test(tcase, test_labels_apart);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
