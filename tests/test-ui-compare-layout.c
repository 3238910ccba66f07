/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where changes and quantiles of a comparison are painted. */
#include <math.h>

#include "tests/support.h"
#include "ui/compare/layout.h"

static void is(double got, double expected) {
  ck_assert_msg(fabs(got - expected) < 1e-6, "%f, expected %f", got, expected);
}

START_TEST(bars) {
  is(unpark_compare_bar_at(0), 0);
  is(unpark_compare_bar_at(1), 0.5);
  is(unpark_compare_bar_at(-0.5), -0.5);
  is(unpark_compare_bar_at(3), 1);
  is(unpark_compare_bar_at(100), 1);
  is(unpark_compare_bar_at(-1), -1);
  is(unpark_compare_bar_at(NAN), 1);
}
END_TEST

static UnparkCompareCurve curve_of(double least, double most, guint known) {
  UnparkCompareCurve curve;
  for (guint i = 0; i < UNPARK_COMPARE_SHARES; i++) {
    double part = (double)i / (UNPARK_COMPARE_SHARES - 1), ns = least + (most - least) * part;
    curve.a[i] =
        i < known ? (UnparkCompareQuantile){ns, ns, ns} : (UnparkCompareQuantile){NAN, NAN, NAN};
    curve.b[i] = (UnparkCompareQuantile){NAN, NAN, NAN};
  }
  return curve;
}

START_TEST(both_axes) {
  UnparkCompareCurve curve = curve_of(1500, 180000, UNPARK_COMPARE_SHARES);
  UnparkCompareAxes axes;
  double ticks[20];
  ck_assert(unpark_compare_axes(&curve, 500, 200, &axes));
  is(axes.from_ns, 1000);
  is(axes.to_ns, 200000);
  is(unpark_compare_axes_y(&axes, 1000), 200);
  is(unpark_compare_axes_y(&axes, 200000), 0);
  is(unpark_compare_axes_x(&axes, 0), 0);
  is(unpark_compare_axes_x(&axes, unpark_compare_shares[UNPARK_COMPARE_SHARES - 1]), 500);
  guint n = unpark_compare_axes_ticks(&axes, ticks, G_N_ELEMENTS(ticks));
  ck_assert_uint_ge(n, 3);
  for (guint i = 0; i < n; i++)
    ck_assert(ticks[i] > 999 && ticks[i] < 200001 && (i == 0 || ticks[i] > ticks[i - 1]));
}
END_TEST

START_TEST(pointing) {
  UnparkCompareCurve curve = curve_of(1500, 180000, 12);
  UnparkCompareAxes axes;
  ck_assert(unpark_compare_axes(&curve, 500, 200, &axes));
  ck_assert_int_eq(unpark_compare_axes_share(&axes, -1), -1);
  ck_assert_int_eq(unpark_compare_axes_share(&axes, 501), -1);
  ck_assert_int_eq(unpark_compare_axes_share(&axes, 500), 11);
  for (int i = 0; i < 12; i++)
    ck_assert_int_eq(
        unpark_compare_axes_share(&axes, unpark_compare_axes_x(&axes, unpark_compare_shares[i])),
        i);
}
END_TEST

START_TEST(nothing) {
  UnparkCompareCurve curve = curve_of(1, 2, 0), flat = curve_of(1000, 1000, 5);
  UnparkCompareAxes axes;
  ck_assert(!unpark_compare_axes(&curve, 500, 200, &axes));
  ck_assert(unpark_compare_axes(&flat, 500, 200, &axes));
  ck_assert(axes.from_ns < axes.to_ns);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ui-compare-layout");
  TCase *tcase = tcase_create("layout");
  tcase_add_test(tcase, bars);
  tcase_add_test(tcase, both_axes);
  tcase_add_test(tcase, pointing);
  tcase_add_test(tcase, nothing);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
