/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of what passes a filter, against a sort that compares. */
#include <check.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/filter/order.h"

static int by_lane(gconstpointer a, gconstpointer b) {
  const UnparkSpanMatch *x = a, *y = b;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

static int by_time(gconstpointer a, gconstpointer b, gpointer matches) {
  const UnparkSpanMatch *x = &g_array_index((GArray *)matches, UnparkSpanMatch, *(guint32 *)a);
  const UnparkSpanMatch *y = &g_array_index((GArray *)matches, UnparkSpanMatch, *(guint32 *)b);
  if (x->start_ns != y->start_ns)
    return x->start_ns < y->start_ns ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

/* `n` in stretches of about `stretch` that are in order; times from `least` on. */
static GArray *made(guint n, guint stretch, gint64 least, gint64 range) {
  GArray *matches = g_array_new(FALSE, FALSE, sizeof(UnparkSpanMatch));
  for (guint i = 0; i < n; i++) {
    const UnparkSpanMatch match = {.goroutine = g_random_int_range(1, 50),
                                   .start_ns = least + (gint64)(g_random_double() * (double)range),
                                   .test = (guint16)(i & 1)};
    g_array_append_val(matches, match);
  }
  for (guint i = 0; i < n; i += stretch)
    qsort(&g_array_index(matches, UnparkSpanMatch, i), MIN(stretch, n - i), sizeof(UnparkSpanMatch),
          by_lane);
  return matches;
}

START_TEST(as_by_comparing) {
  static const struct {
    guint n, stretch;
    gint64 least, range;
  } cases[] = {
      {0, 1, 0, 1},          {1, 1, 5, 1},         {2, 1, 0, 1},
      {1000, 1, 0, 300},     {1000, 7, -500, 900}, {1000, 333, 0, 1},
      {4097, 1000, 0, 1000}, {5000, 5000, 0, 1},   {5000, 64, G_MININT64 / 4, G_MAXINT64 / 2},
  };
  g_random_set_seed(17);
  for (guint c = 0; c < G_N_ELEMENTS(cases); c++) {
    g_autoptr(GArray) matches = made(cases[c].n, cases[c].stretch, cases[c].least, cases[c].range);
    g_autoptr(GArray) expected = g_array_copy(matches);
    g_array_sort(expected, by_lane); /* which keeps equal ones in their order */
    unpark_order_matches(matches);
    for (guint i = 0; i < cases[c].n; i++) {
      const UnparkSpanMatch *a = &g_array_index(matches, UnparkSpanMatch, i);
      const UnparkSpanMatch *b = &g_array_index(expected, UnparkSpanMatch, i);
      ck_assert_int_eq(by_lane(a, b), 0);
      ck_assert_uint_eq(a->test, b->test);
    }
    g_autoptr(GArray) places = unpark_order_by_time(matches);
    ck_assert_uint_eq(places->len, cases[c].n);
    g_autoptr(GArray) wanted = g_array_copy(places);
    for (guint32 i = 0; i < cases[c].n; i++)
      g_array_index(wanted, guint32, i) = i;
    g_array_sort_with_data(wanted, by_time, matches);
    for (guint i = 0; i < cases[c].n; i++)
      ck_assert_uint_eq(g_array_index(places, guint32, i), g_array_index(wanted, guint32, i));
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("match-order");
  TCase *tests = tcase_create("match-order");
  tcase_add_test(tests, as_by_comparing);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
