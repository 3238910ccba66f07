/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans that a view has marked for the timeline: by goroutine and by time. */
#include <check.h>

#include "tests/support.h"
#include "ui/session/marked.h"

static const UnparkMarkedSpan spans[] = {
    {7, 100, 150}, {3, 40, 60}, {7, 10, 20}, {UNPARK_NONE, 5, 6}, {7, 300, 310}, {3, 90, 95},
};

START_TEST(found_by_goroutine) {
  UnparkMarked *marked = unpark_marked_new(spans, G_N_ELEMENTS(spans));
  guint n;
  const UnparkMarkedSpan *found = unpark_marked_of(marked, 7, G_MININT64, &n);
  ck_assert_uint_eq(n, 3);
  ck_assert_int_eq(found[0].start_ns, 10);
  ck_assert_int_eq(found[2].start_ns, 300);
  /* The one before may reach into what is seen. */
  found = unpark_marked_of(marked, 7, 120, &n);
  ck_assert_uint_eq(n, 2);
  ck_assert_int_eq(found[0].start_ns, 100);
  found = unpark_marked_of(marked, 3, G_MAXINT64, &n);
  ck_assert_uint_eq(n, 1);
  ck_assert_int_eq(found[0].start_ns, 90);
  ck_assert_ptr_null(unpark_marked_of(marked, 5, 0, &n));
  ck_assert_uint_eq(n, 0);
  unpark_marked_unref(marked);
}
END_TEST

START_TEST(found_by_time) {
  UnparkMarked *marked = unpark_marked_new(spans, G_N_ELEMENTS(spans));
  ck_assert_int_eq(marked->starts[unpark_marked_find_start(marked, 6)], 10);
  ck_assert_int_eq(marked->starts[unpark_marked_find_start(marked, 100)], 100);
  ck_assert_uint_eq(unpark_marked_find_start(marked, 301), marked->n);
  unpark_marked_unref(marked);
}
END_TEST

static void count(UnparkSession *session, guint *n) {
  ++*n;
}

START_TEST(the_session_tells) {
  g_autoptr(UnparkSession) session = unpark_session_new();
  UnparkMarked *marked = unpark_marked_new(spans, G_N_ELEMENTS(spans));
  guint told = 0;
  g_signal_connect(session, "marks-changed", G_CALLBACK(count), &told);
  unpark_marked_show(session, NULL);
  ck_assert_uint_eq(told, 0);
  unpark_marked_show(session, marked);
  unpark_marked_unref(marked);
  ck_assert_ptr_eq(unpark_marked_get(session), marked);
  unpark_marked_show(session, NULL);
  ck_assert_ptr_null(unpark_marked_get(session));
  ck_assert_uint_eq(told, 2);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("marked");
  TCase *tcase = tcase_create("marked");
  tcase_add_test(tcase, found_by_goroutine);
  tcase_add_test(tcase, found_by_time);
  tcase_add_test(tcase, the_session_tells);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
