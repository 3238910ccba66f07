/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service over time, by what net/http/pprof says of it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "live/watch/watch.h"

#define FORGET                                                                                     \
  "goroutine %u [chan receive, %u minutes]:\n"                                                     \
  "main.(*pool).forget(0xc000010000, {0x1, 0x2})\n\t/src/main.go:30 +0x%x\n"                       \
  "created by main.serve in goroutine 1\n\t/src/main.go:12 +0x1d\n\n"

static const char heap[] = "heap profile: 1: 2 [3: 4] @ heap/1048576\n\n# runtime.MemStats\n"
                           "# Alloc = 1\n# Sys = 9000\n# HeapAlloc = 5000\n# NextGC = 7000\n"
                           "# NumGC = 12\n# NumForcedGC = 0\n";

/* So many that were forgotten, and the others that there always are. */
static void add(UnparkWatch *watch, guint forgotten) {
  UnparkWatchAnswer answer = {
      .wall_us = 1000000, .dump = g_string_new(NULL), .heap = g_string_new(heap)};
  g_string_append(answer.dump, "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:5 +0x1\n\n"
                               "goroutine 2 [IO wait]:\ninternal/poll.(*FD).Read(0x1)\n"
                               "\t/go/src/internal/poll/fd.go:1 +0x1\nmain.read(...)\n"
                               "\t/src/read.go:7 +0x5\n\n"
                               "goroutine 3 [syscall, locked to thread]:\nos/signal.loop()\n"
                               "\t/go/src/os/signal/a.go:2 +0x1\n\n");
  for (guint i = 0; i < forgotten; i++)
    g_string_append_printf(answer.dump, FORGET, 100 + i, i + 1, i);
  unpark_watch_add(watch, &answer);
  g_string_free(answer.dump, TRUE);
  g_string_free(answer.heap, TRUE);
}

START_TEST(counts_states_and_stacks) {
  g_autoptr(UnparkWatch) watch = unpark_watch_new();
  add(watch, 3);
  const UnparkWatchSample *sample = &g_array_index(watch->samples, UnparkWatchSample, 0);
  ck_assert_uint_eq(sample->goroutines, 6);
  ck_assert_uint_eq(sample->states[UNPARK_WATCH_RUNNING], 1);
  ck_assert_uint_eq(sample->states[UNPARK_WATCH_WAITING], 4);
  ck_assert_uint_eq(sample->states[UNPARK_WATCH_SYSCALL], 1);
  ck_assert_int_eq(sample->heap_bytes, 5000);
  ck_assert_int_eq(sample->gc_count, 12);
  ck_assert_int_eq(sample->pause_total_ns, -1);
  ck_assert_uint_eq(watch->stacks->len, 4);
  const UnparkWatchStack *read = watch->stacks->pdata[1], *forgotten = watch->stacks->pdata[3];
  ck_assert_str_eq(read->function, "main.read"); /* not what it called */
  ck_assert_str_eq(read->place, "/src/read.go:7");
  ck_assert_str_eq(forgotten->state, "chan receive");
  ck_assert_str_eq(forgotten->function, "main.(*pool).forget");
  ck_assert_str_eq(forgotten->stack, "main.(*pool).forget\n    /src/main.go:30\n"
                                     "created by main.serve\n    /src/main.go:12\n");
  ck_assert_uint_eq(g_array_index(forgotten->counts, guint, 0), 3);
}
END_TEST

START_TEST(finds_what_only_grows) {
  static const guint leak[] = {0, 2, 5, 5, 9}, burst[] = {0, 9, 2, 9, 12}, step[] = {0, 4, 4, 4, 4};
  const guint *const cases[] = {leak, burst, step};
  for (guint c = 0; c < G_N_ELEMENTS(cases); c++) {
    g_autoptr(UnparkWatch) watch = unpark_watch_new();
    for (guint i = 0; i < G_N_ELEMENTS(leak); i++)
      add(watch, cases[c][i]);
    g_autoptr(GPtrArray) stacks = unpark_watch_by_growth(watch);
    const UnparkWatchStack *first = stacks->pdata[0];
    ck_assert_str_eq(first->function, "main.(*pool).forget");
    ck_assert_int_eq(unpark_watch_growth(first), (int)cases[c][4]);
    ck_assert_int_eq(unpark_watch_only_grows(first), c == 0);
    ck_assert_int_eq(unpark_watch_growth(stacks->pdata[1]), 0);
    ck_assert(!unpark_watch_only_grows(stacks->pdata[1]));
  }
}
END_TEST

START_TEST(takes_any_text) {
  static const char *const texts[] = {
      "", "goroutine 1 [", "goroutine 1 [x]:", "goroutine 1 [x]:\n\t\n)\n(\n\ncreated by ",
      "goroutine 1 []:\r\n\r\ngoroutine 2 [a\xff]:\n\xfe(\n\tb"};
  g_autoptr(UnparkWatch) watch = unpark_watch_new();
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    UnparkWatchAnswer answer = {.dump = g_string_new(texts[i])};
    unpark_watch_add(watch, &answer);
    g_string_free(answer.dump, TRUE);
  }
  ck_assert_uint_eq(watch->samples->len, G_N_ELEMENTS(texts));
  for (guint i = 0; i < watch->stacks->len; i++) {
    const UnparkWatchStack *stack = watch->stacks->pdata[i];
    ck_assert(g_utf8_validate(stack->stack, -1, NULL) && g_utf8_validate(stack->state, -1, NULL));
    ck_assert_uint_eq(stack->counts->len, watch->samples->len);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("watch");
  TCase *tests = tcase_create("watch");
  tcase_add_test(tests, counts_states_and_stacks);
  tcase_add_test(tests, finds_what_only_grows);
  tcase_add_test(tests, takes_any_text);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
