/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large things are given back by another thread than the main loop's. */
#include <check.h>
#include <gio/gio.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/base/free-later.h"

static GThread *freed_by; /* atomic */

static void note_thread(gpointer data) {
  ck_assert_str_eq(data, "a load");
  g_free(data);
  g_atomic_pointer_set(&freed_by, g_thread_self());
}

START_TEST(without_a_main_loop_it_is_done_at_once) {
  g_atomic_pointer_set(&freed_by, NULL);
  unpark_free_later(g_strdup("a load"), note_thread);
  ck_assert(g_atomic_pointer_get(&freed_by) == g_thread_self());
}
END_TEST

START_TEST(the_main_loop_does_not_do_it_itself) {
  ck_assert(g_main_context_acquire(g_main_context_default()));
  g_atomic_pointer_set(&freed_by, NULL);
  unpark_free_later(g_strdup("a load"), note_thread);
  for (guint i = 0; i < 10000 && !g_atomic_pointer_get(&freed_by); i++)
    g_usleep(1000);
  ck_assert(g_atomic_pointer_get(&freed_by) != NULL);
  ck_assert(g_atomic_pointer_get(&freed_by) != g_thread_self());
  g_main_context_release(g_main_context_default());
}
END_TEST

int main(void) {
  Suite *suite = suite_create("free-later");
  TCase *tests = tcase_create("free-later");
  tcase_add_test(tests, without_a_main_loop_it_is_done_at_once);
  tcase_add_test(tests, the_main_loop_does_not_do_it_itself);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
