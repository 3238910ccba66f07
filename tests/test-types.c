/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, and what a reason means. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/base/types.h"

static const struct {
  const char *reason;
  UnparkWait wait;
} reasons[] = {
    /* traces, second format */
    {"unspecified", UNPARK_WAIT_OTHER},
    {"forever", UNPARK_WAIT_FOREVER},
    {"network", UNPARK_WAIT_NETWORK},
    {"select", UNPARK_WAIT_SELECT},
    {"sync.(*Cond).Wait", UNPARK_WAIT_SYNC},
    {"sync", UNPARK_WAIT_SYNC},
    {"chan send", UNPARK_WAIT_CHANNEL},
    {"chan receive", UNPARK_WAIT_CHANNEL},
    {"GC mark assist wait for work", UNPARK_WAIT_GC},
    {"GC background sweeper wait", UNPARK_WAIT_GC},
    {"system goroutine wait", UNPARK_WAIT_SYSTEM},
    {"preempted", UNPARK_WAIT_OTHER},
    {"wait for debug call", UNPARK_WAIT_SYSTEM},
    {"wait until GC ends", UNPARK_WAIT_GC},
    {"sleep", UNPARK_WAIT_SLEEP},
    {"GC weak to strong wait", UNPARK_WAIT_GC},
    {"synctest", UNPARK_WAIT_SYNC},
    {"runtime.Gosched", UNPARK_WAIT_OTHER},
    {"", UNPARK_WAIT_OTHER},
    /* goroutine dumps */
    {"IO wait", UNPARK_WAIT_NETWORK},
    {"chan receive (nil chan)", UNPARK_WAIT_FOREVER},
    {"chan send (nil chan)", UNPARK_WAIT_FOREVER},
    {"chan receive (nil chan) (leaked)", UNPARK_WAIT_FOREVER},
    {"select (no cases)", UNPARK_WAIT_FOREVER},
    {"select (durable)", UNPARK_WAIT_SELECT},
    {"chan receive (durable)", UNPARK_WAIT_CHANNEL},
    {"chan receive (leaked)", UNPARK_WAIT_CHANNEL},
    {"semacquire", UNPARK_WAIT_SYNC},
    {"sync.Mutex.Lock", UNPARK_WAIT_SYNC},
    {"sync.RWMutex.RLock", UNPARK_WAIT_SYNC},
    {"sync.WaitGroup.Wait", UNPARK_WAIT_SYNC},
    {"sync.Cond.Wait", UNPARK_WAIT_SYNC},
    {"syscall", UNPARK_WAIT_SYSCALL},
    {"GC assist marking", UNPARK_WAIT_GC},
    {"GC worker (idle)", UNPARK_WAIT_GC},
    {"GC sweep wait", UNPARK_WAIT_GC},
    {"GC scavenge wait", UNPARK_WAIT_GC},
    {"force gc (idle)", UNPARK_WAIT_GC},
    {"finalizer wait", UNPARK_WAIT_GC},
    {"garbage collection scan", UNPARK_WAIT_GC},
    {"trace reader (blocked)", UNPARK_WAIT_SYSTEM},
    {"debug call", UNPARK_WAIT_SYSTEM},
    {"running", UNPARK_WAIT_OTHER},
    {"runnable", UNPARK_WAIT_OTHER},
    {"coroutine", UNPARK_WAIT_OTHER},
    {"something of Go 2", UNPARK_WAIT_OTHER},
};

START_TEST(wait_of_reason) {
  ck_assert_msg(unpark_wait_of_reason(reasons[_i].reason) == reasons[_i].wait, "%s: %s",
                reasons[_i].reason, unpark_wait_name(unpark_wait_of_reason(reasons[_i].reason)));
}
END_TEST

START_TEST(names) {
  ck_assert_str_eq(unpark_state_name(UNPARK_STATE_RUNNING), "running");
  ck_assert_str_eq(unpark_state_name(UNPARK_STATE_RUNNABLE), "runnable");
  ck_assert_str_eq(unpark_state_name(UNPARK_STATE_WAITING), "waiting");
  ck_assert_str_eq(unpark_state_name(UNPARK_STATE_SYSCALL), "syscall");
  ck_assert_str_eq(unpark_state_name(UNPARK_STATE_GONE), "");
  ck_assert_str_eq(unpark_cause_name(UNPARK_CAUSE_NONE), "");
  ck_assert_str_eq(unpark_cause_name(UNPARK_CAUSE_CREATED), "created");
  ck_assert_str_eq(unpark_cause_name(UNPARK_CAUSE_YIELD), "yield");
  ck_assert_str_eq(unpark_severity_name(UNPARK_NOTE_WARNING), "warning");
  ck_assert_str_eq(unpark_scope_name(UNPARK_SCOPE_PROC), "proc");
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    ck_assert_str_ne(unpark_wait_name(i), "");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("types");
  TCase *tcase = tcase_create("types");

  tcase_add_loop_test(tcase, wait_of_reason, 0, G_N_ELEMENTS(reasons));
  tcase_add_test(tcase, names);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
