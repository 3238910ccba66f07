/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wait chains of traces whose answer is known. */
#include <stdlib.h>

#include "tests/support.h"
#include "model/why/why.h"
#include "tests/why/script.h"

/* "DEPTH KIND GOROUTINE FROM-TO SHARE [OTHER]" a line, blanks as separators, lines joined by
 * "; ". */
static char *chain_text(const UnparkChain *chain) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < chain->n_links; i++) {
    const UnparkLink *link = &chain->links[i];
    g_string_append_printf(text, "%s%u %s ", i ? "; " : "", link->depth,
                           unpark_link_kind_name(link->kind));
    if (link->goroutine == UNPARK_NONE)
      g_string_append(text, "-");
    else
      g_string_append_printf(text, "%d", (int)link->goroutine);
    g_string_append_printf(text, " %d-%d %d", (int)link->from_ns, (int)link->to_ns,
                           (int)link->share_ns);
    if (link->other != UNPARK_NONE)
      g_string_append_printf(text, " %d", (int)link->other);
  }
  return g_string_free(text, FALSE);
}

/* What is true of every chain. */
static void check_chain(const UnparkChain *chain) {
  gint64 total = 0, sums = 0, now = chain->to_ns;
  gboolean cut = FALSE, cycle = FALSE;
  for (guint i = 0; i < chain->n_links; i++) {
    const UnparkLink *link = &chain->links[i];
    ck_assert_int_le(link->from_ns, link->to_ns);
    ck_assert_int_ge(link->from_ns, chain->from_ns);
    ck_assert_int_eq(link->to_ns, now);
    ck_assert(link->share_ns == 0 || link->share_ns == link->to_ns - link->from_ns);
    ck_assert_uint_le(link->depth, chain->max_depth + 1);
    if (link->share_ns)
      now = link->from_ns;
    total += link->share_ns;
    cut |= link->kind == UNPARK_LINK_CUT;
    cycle |= link->kind == UNPARK_LINK_CYCLE;
  }
  for (guint i = 0; i < chain->n_sums; i++)
    sums += chain->sums[i].share_ns;
  ck_assert_int_eq(total, chain->to_ns - chain->from_ns);
  ck_assert_int_eq(sums, total);
  ck_assert_int_eq(cut, chain->cut);
  ck_assert_int_le(cycle, chain->cycle);
}

static void expect_store(UnparkStore *store, gint64 goroutine, gint64 at, const char *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(store, goroutine, at, 0, NULL, &error);
  ck_assert_ptr_null(error);
  ck_assert_ptr_nonnull(chain);
  check_chain(chain);
  g_autofree char *text = chain_text(chain);
  ck_assert_str_eq(text, expected);
}

static void expect(const char *script, gint64 goroutine, gint64 at, const char *expected) {
  g_autoptr(TestStore) made = made_script(script);
  expect_store(made->store, goroutine, at, expected);
}

/* The example of model/why/why.h. */
static const char example[] =
    "0 17 begin; 0 41 begin; 1 9 begin; 0 17 run; 0 41 run; 0 41 wait sync; 1 9 run; 1 9 wait "
    "sleep;"
    "2 17 wait sync; 6 9 ready; 6 9 run; 7 17 ready by 9; 7 17 run; 10 41 ready by 17; 10 41 run;"
    "12 0 stop";

START_TEST(test_example) {
  expect(example, 41, 5,
         "0 waited 41 0-10 0 17; 1 ran 17 7-10 3; 1 waited 17 2-7 0 9; 2 ran 9 6-7 1; "
         "2 slept 9 2-6 4; 1 ran 17 0-2 2");
}
END_TEST

START_TEST(test_stacks_of_running) {
  g_autoptr(TestStore) made = made_script(example);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 41, 5, 0, NULL, NULL);
  static const char *const expected[] = {"g41.sync", "wake.10",  "g17.sync",
                                         "wake.7",   "g9.sleep", "g17.sync"};
  ck_assert_uint_eq(chain->n_links, G_N_ELEMENTS(expected));
  for (guint i = 0; i < chain->n_links; i++) {
    guint n;
    g_autofree UnparkFrame *frames = unpark_store_stack(made->store, chain->links[i].stack, 1, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(frames[0].function, expected[i]);
  }
}
END_TEST

START_TEST(test_sums) {
  g_autoptr(TestStore) made = made_script(example);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 41, 5, 0, NULL, NULL);
  ck_assert_uint_eq(chain->n_sums, 3);
  ck_assert_int_eq(chain->sums[0].goroutine, 17); /* ran 3 + 2 */
  ck_assert_int_eq(chain->sums[0].share_ns, 5);
  ck_assert_uint_eq(chain->sums[0].count, 2);
  ck_assert_int_eq(chain->sums[0].longest_ns, 3);
  ck_assert_int_eq(chain->sums[1].kind, UNPARK_LINK_SLEPT);
  ck_assert_int_eq(chain->sums[1].share_ns, 4);
  ck_assert_int_eq(chain->sums[2].share_ns, 1);
}
END_TEST

START_TEST(test_late_and_syscall) {
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait sync; 3 2 call; 5 2 yield; 8 2 run;"
         "9 1 ready by 2; 9 1 run; 10 0 stop",
         1, 1,
         "0 waited 1 1-9 0 2; 1 ran 2 8-9 1; 1 late 2 5-8 3; 1 syscall 2 3-5 2; 1 ran 2 1-3 2");
}
END_TEST

/* What a wait is by itself. */
START_TEST(test_leaves) {
  static const struct {
    const char *reason, *ended, *expected;
  } cases[] = {
      {"sleep", "ready", "0 slept 1 1-9 8"},
      {"sleep", "ready by 2", "0 slept 1 1-9 8"},
      {"network", "ready", "0 network 1 1-9 8"},
      {"network", "ready by 2", "0 network 1 1-9 8"},
      {"network", "ready by 2 closing", "0 waited 1 1-9 0 2; 1 ran 2 1-9 8"},
      {"GC_mark_assist_wait_for_work", "ready by 2", "0 gc 1 1-9 8"},
      {"preempted", "ready by 2", "0 gc 1 1-9 8"},
      {"select", "ready", "0 nobody 1 1-9 8"},
      {"select", "ready by 2", "0 waited 1 1-9 0 2; 1 ran 2 1-9 8"},
      {"chan_receive", "ready by 2", "0 waited 1 1-9 0 2; 1 ran 2 1-9 8"},
      {"syscall", "ready by 2", "0 syscall 1 1-9 8"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *script = g_strdup_printf(
        "0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait %s; 9 1 %s; 9 1 run; 10 0 stop",
        cases[i].reason, cases[i].ended);
    expect(script, 1, 4, cases[i].expected);
  }
}
END_TEST

START_TEST(test_open_at_end) {
  expect("0 1 begin; 0 1 run; 2 1 wait sync; 10 0 stop", 1, 5, "0 open 1 2-10 8");
  expect("0 1 begin; 0 1 run; 2 1 wait network; 10 0 stop", 1, 10, "0 network 1 2-10 8");
  /* A waker that is itself stuck for good cannot have woken, but what is written is shown. */
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait sync; 3 2 wait chan_receive;"
         "7 1 ready by 2; 7 1 run; 10 0 stop",
         1, 1, "0 waited 1 1-7 0 2; 1 open 2 3-7 4; 1 ran 2 1-3 2");
}
END_TEST

START_TEST(test_missing_wakers) {
  expect("0 1 begin; 0 1 run; 1 1 wait sync; 9 1 ready by 77; 9 1 run; 10 0 stop", 1, 1,
         "0 waited 1 1-9 0 77; 1 unknown 77 1-9 8");
  /* Heard of only after the wait began: what it did before is not told. */
  expect(
      "0 1 begin; 0 1 run; 1 1 wait sync; 5 2 begin; 6 2 run; 9 1 ready by 2; 9 1 run; 10 0 stop",
      1, 1, "0 waited 1 1-9 0 2; 1 ran 2 6-9 3; 1 late 2 5-6 1; 1 began 2 1-5 4");
  /* ... and only after it. */
  expect("0 1 begin; 0 1 run; 1 1 wait sync; 5 1 ready by 2; 6 1 run; 7 2 begin; 10 0 stop", 1, 1,
         "0 waited 1 1-5 0 2; 1 began 2 1-5 4");
}
END_TEST

START_TEST(test_creation) {
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait sync; 4 3 new by 2; 6 3 run;"
         "9 1 ready by 3; 9 1 run; 10 0 stop",
         1, 1,
         "0 waited 1 1-9 0 3; 1 ran 3 6-9 3; 1 late 3 4-6 2; 1 created 3 4-4 0 2; 1 ran 2 1-4 3");
  /* Created by the one that waits, before it did. */
  expect("0 1 begin; 0 1 run; 1 3 new by 1; 1 1 wait sync; 4 3 run; 9 1 ready by 3; 9 1 run; 10 0 "
         "stop",
         1, 1, "0 waited 1 1-9 0 3; 1 ran 3 4-9 5; 1 late 3 1-4 3");
}
END_TEST

/* The goroutine ended and its number came again: nothing is known of the time between. */
START_TEST(test_gap) {
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait sync; 2 2 call; 3 2 end; 6 2 run;"
         "9 1 ready by 2; 9 1 run; 10 0 stop",
         1, 1,
         "0 waited 1 1-9 0 2; 1 ran 2 6-9 3; 1 unknown 2 3-6 3; 1 syscall 2 2-3 1; "
         "1 ran 2 1-2 1");
}
END_TEST

START_TEST(test_cycles) {
  /* Each is said to have woken the other at the same instant. */
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 run; 1 1 wait sync; 1 2 wait sync; 9 1 ready by 2;"
         "9 2 ready by 1; 9 1 run; 9 2 run; 10 0 stop",
         1, 1, "0 waited 1 1-9 0 2; 1 waited 2 1-9 0 1; 2 cycle 2 1-9 8 1");
  /* Itself. */
  expect("0 1 begin; 0 1 run; 1 1 wait sync; 9 1 ready by 1; 9 1 run; 10 0 stop", 1, 1,
         "0 waited 1 1-9 0 1; 1 cycle 1 1-9 8 1");
  /* A circle of three, the last part of which is explained. */
  expect("0 1 begin; 0 2 begin; 0 3 begin; 0 1 run; 0 2 run; 0 3 run; 1 1 wait sync;"
         "2 2 wait sync; 3 3 wait sync; 9 1 ready by 2; 9 2 ready by 3; 9 3 ready by 1;"
         "9 1 run; 9 2 run; 9 3 run; 10 0 stop",
         1, 1,
         "0 waited 1 1-9 0 2; 1 waited 2 2-9 0 3; 2 waited 3 3-9 0 1; 3 cycle 3 3-9 6 1; "
         "2 ran 3 2-3 1; 1 ran 2 1-2 1");
}
END_TEST

/* Two goroutines that wake each other in turn, with a clock too coarse to see them run. */
START_TEST(test_same_instants) {
  g_autoptr(GString) script =
      g_string_new("0 1 begin; 0 2 begin; 0 3 begin; 0 3 wait sync; 0 1 run; "
                   "0 1 wait sync; 0 2 run;");
  for (guint i = 1; i <= 20; i++) {
    guint woken = i % 2 ? 1 : 2;
    g_string_append_printf(script, "%u %u ready by %u; %u %u wait sync; %u %u run;", i * 10, woken,
                           3 - woken, i * 10, 3 - woken, i * 10, woken);
  }
  g_string_append(script, "205 3 ready by 2; 300 0 stop");
  g_autoptr(TestStore) made = made_script(script->str);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 3, 5, 0, NULL, NULL);
  check_chain(chain);
  ck_assert(!chain->cycle);
  ck_assert(!chain->cut);
}
END_TEST

/* A coroutine switch: the waker's wait begins where this one ends, and no runnable between. */
START_TEST(test_coroutines) {
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 wait coroutine; 3 2 switch by 1; 3 1 wait coroutine;"
         "7 1 switch by 2; 7 2 wait coroutine; 8 2 switch by 1; 8 1 wait coroutine; 10 0 stop",
         1, 4, "0 waited 1 3-7 0 2; 1 ran 2 3-7 4");
  expect("0 1 begin; 0 2 begin; 0 1 run; 0 2 wait coroutine; 3 2 switch by 1; 3 1 wait coroutine;"
         "7 1 switch by 2; 7 2 wait coroutine; 8 2 switch by 1; 8 1 wait coroutine; 10 0 stop",
         2, 7, "0 waited 2 7-8 0 1; 1 ran 1 7-8 1");
}
END_TEST

START_TEST(test_collector) {
  Made m = made_new();
  const guint32 frame =
      unpark_writer_frame(m.w, made_string(&m, "runtime.gcBgMarkWorker"), 0, 0, FALSE);
  const guint32 stack = unpark_writer_stack(m.w, &frame, 1);
  UnparkLane *gc = unpark_writer_lane_new(m.w, 5, 0, UNPARK_NONE, 0);
  unpark_lane_saw_stack(m.w, gc, stack);
  unpark_lane_switch(m.w, gc, 0, made_kind(&m, UNPARK_STATE_RUNNING, "", UNPARK_CAUSE_NONE), 0,
                     unpark_writer_place(m.w, 0, 0), UNPARK_NONE, 0);
  made_switch(&m, 0, 1, "run", "", UNPARK_NONE, FALSE);
  made_switch(&m, 2, 1, "wait", "sync", UNPARK_NONE, FALSE);
  made_switch(&m, 8, 1, "ready", "by", 5, FALSE);
  g_autoptr(TestStore) made = made_finish(&m, 10);
  expect_store(made->store, 1, 2, "0 waited 1 2-8 0 5; 1 gc 5 2-8 6");
}
END_TEST

START_TEST(test_not_a_wait) {
  expect(example, 9, 6, "0 ran 9 6-12 6");
  expect("0 1 begin; 3 1 run; 9 1 wait sync; 9 1 ready; 9 1 run; 10 0 stop", 1, 0,
         "0 late 1 0-3 3");
  g_autoptr(TestStore) made = made_script(example);
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(unpark_chain_of_wait(made->store, 9, 0, 0, NULL, &error));
  ck_assert_ptr_null(unpark_chain_of_wait(made->store, 9, 13, 0, NULL, &error));
  ck_assert_ptr_null(unpark_chain_of_wait(made->store, 1000, 5, 0, NULL, &error));
  ck_assert_ptr_null(unpark_chain_of_wait(made->store, -5, 5, 0, NULL, &error));
  ck_assert_ptr_null(error);
}
END_TEST

static void expect_range(const char *script, gint64 goroutine, gint64 from, gint64 to,
                         const char *expected) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(UnparkChain) chain =
      unpark_chain_of_range(made->store, goroutine, from, to, 0, NULL, NULL);
  ck_assert_ptr_nonnull(chain);
  check_chain(chain);
  g_autofree char *text = chain_text(chain);
  ck_assert_str_eq(text, expected);
}

START_TEST(test_ranges) {
  expect_range(example, 41, 0, 12,
               "0 ran 41 10-12 2; 0 waited 41 0-10 0 17; 1 ran 17 7-10 3; 1 waited 17 2-7 0 9; "
               "2 ran 9 6-7 1; 2 slept 9 2-6 4; 1 ran 17 0-2 2");
  /* In the middle of the wait: explained by who ended it later. */
  expect_range(example, 41, 3, 5, "0 waited 41 3-5 0 17; 1 waited 17 3-5 0 9; 2 slept 9 3-5 2");
  expect_range(example, 41, 0, 1, "0 waited 41 0-1 0 17; 1 ran 17 0-1 1");
  expect_range(example, 41, 6, 8,
               "0 waited 41 6-8 0 17; 1 ran 17 7-8 1; 1 waited 17 6-7 0 9; 2 ran 9 6-7 1");
  /* Beyond the end of the trace. */
  expect_range(example, 41, 11, 15, "0 unknown 41 12-15 3; 0 ran 41 11-12 1");
}
END_TEST

/* 1 waits for 2, which waits for 3, ... which at last runs. */
static TestStore *long_chain(guint n) {
  Made m = made_new();
  for (guint i = 1; i <= n; i++) {
    made_switch(&m, 0, i, "run", "", UNPARK_NONE, FALSE);
    if (i < n)
      made_switch(&m, 0, i, "wait", "sync", UNPARK_NONE, FALSE);
  }
  for (guint i = n - 1; i >= 1; i--) {
    made_switch(&m, 1000 + (n - i) * 10, i, "ready", "by", i + 1, FALSE);
    made_switch(&m, 1001 + (n - i) * 10, i, "run", "", UNPARK_NONE, FALSE);
  }
  return made_finish(&m, 2000 + n * 10);
}

START_TEST(test_long_chain) {
  const guint n = 10001;
  g_autoptr(TestStore) made = long_chain(n);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 1, 5, 0, NULL, NULL);
  check_chain(chain);
  ck_assert(!chain->cut);
  ck_assert(!chain->cycle);
  ck_assert_uint_eq(chain->max_depth, n - 1);
  /* n - 1 waits; each but the last waker was late 1 and ran 9, the last one ran 1010. */
  ck_assert_uint_eq(chain->n_links, n - 1 + (n - 2) * 2 + 1);
  ck_assert_int_eq(chain->links[chain->n_links - 1].share_ns, 1010);
  ck_assert_int_eq(chain->links[chain->n_links - 1].goroutine, n);
}
END_TEST

START_TEST(test_cut) {
  g_autoptr(TestStore) made = long_chain(3000);
  for (guint limit = 1; limit < 3000; limit += 1 + limit / 3) {
    g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 1, 5, limit, NULL, NULL);
    check_chain(chain);
    ck_assert(chain->cut);
    ck_assert_uint_le(chain->n_links, limit);
    ck_assert_int_eq(chain->links[chain->n_links - 1].kind, UNPARK_LINK_CUT);
  }
}
END_TEST

/* One waker with very many spans of its own, over several segments of the store. */
START_TEST(test_busy_waker) {
  const guint n = 150000;
  Made m = made_new();
  made_switch(&m, 0, 1, "run", "", UNPARK_NONE, FALSE);
  made_switch(&m, 0, 1, "wait", "sync", UNPARK_NONE, FALSE);
  UnparkLane *lane = made_lane(&m, 2, 0, UNPARK_NONE, 0);
  guint16 runs = made_kind(&m, UNPARK_STATE_RUNNING, "", UNPARK_CAUSE_NONE);
  guint16 sleeps = made_kind(&m, UNPARK_STATE_WAITING, "sleep", UNPARK_CAUSE_NONE);
  guint32 place = unpark_writer_place(m.w, 0, 0);
  for (guint i = 0; i < n; i++) {
    unpark_lane_switch(m.w, lane, (gint64)i * 10, runs, 0, place, UNPARK_NONE, 0);
    unpark_lane_switch(m.w, lane, (gint64)i * 10 + 3, sleeps, 0, 0, UNPARK_NONE, 0);
  }
  unpark_lane_switch(m.w, lane, (gint64)n * 10, runs, 0, place, UNPARK_NONE, 0);
  made_switch(&m, (gint64)n * 10 + 5, 1, "ready", "by", 2, FALSE);
  g_autoptr(TestStore) made = made_finish(&m, (gint64)n * 10 + 10);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 1, 0, 1000000, NULL, NULL);
  check_chain(chain);
  ck_assert_uint_eq(chain->n_links, 2 * n + 2);
  ck_assert_uint_eq(chain->n_sums, 2);
  ck_assert_int_eq(chain->sums[0].kind, UNPARK_LINK_SLEPT);
  ck_assert_int_eq(chain->sums[0].share_ns, (gint64)n * 7);
  ck_assert_int_eq(chain->sums[1].share_ns, (gint64)n * 3 + 5);
  g_autoptr(UnparkChain) cut = unpark_chain_of_wait(made->store, 1, 0, 0, NULL, NULL);
  check_chain(cut);
  ck_assert(cut->cut);
}
END_TEST

START_TEST(test_cancel) {
  g_autoptr(TestStore) made = made_script(example);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_chain_of_wait(made->store, 41, 5, 0, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

/* ---- whatever was recorded ---------------------------------------------------------------- */

typedef struct {
  GArray *spans;
  UnparkStore *store;
  guint seen, every;
} Picks;

static gboolean pick(const UnparkSpan *spans, guint n, gpointer data) {
  Picks *picks = data;
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(picks->store, spans[i].kind);
    if (kind && kind->state == UNPARK_STATE_WAITING && spans[i].end_ns > spans[i].start_ns &&
        picks->seen++ % picks->every == 0)
      g_array_append_val(picks->spans, spans[i]);
  }
  return TRUE;
}

static void check_waits(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) made = test_import(path, &error);
  if (!made)
    return; /* damaged beyond use */
  Picks picks = {
      .spans = g_array_new(FALSE, FALSE, sizeof(UnparkSpan)), .store = made->store, .every = 50};
  ck_assert(unpark_store_visit_spans(made->store, G_MININT64 + 1, G_MAXINT64, pick, &picks, NULL,
                                     &error));
  for (guint i = 0; i < picks.spans->len; i++) {
    const UnparkSpan *span = &g_array_index(picks.spans, UnparkSpan, i);
    g_autoptr(UnparkChain) chain =
        unpark_chain_of_wait(made->store, span->goroutine, span->start_ns, 2000, NULL, &error);
    ck_assert_msg(chain != NULL, "%s: %s", path, error ? error->message : "no span");
    ck_assert_int_eq(chain->from_ns, span->start_ns);
    ck_assert_int_eq(chain->to_ns, span->end_ns);
    check_chain(chain);
  }
  g_array_unref(picks.spans);
}

static guint check_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  guint n = 0;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      n += strcmp(name, "big") == 0 ? 0 : check_folder(path);
    } else if (g_str_has_suffix(name, ".trace") || g_str_has_suffix(name, ".trace.zst")) {
      check_waits(path);
      n++;
    }
  }
  return n;
}

START_TEST(test_recorded) {
  check_folder(UNPARK_TEST_DATA);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("why");
  TCase *made = tcase_create("made"), *large = tcase_create("large");
  TCase *recorded = tcase_create("recorded");
  tcase_add_test(made, test_example);
  tcase_add_test(made, test_stacks_of_running);
  tcase_add_test(made, test_sums);
  tcase_add_test(made, test_late_and_syscall);
  tcase_add_test(made, test_leaves);
  tcase_add_test(made, test_open_at_end);
  tcase_add_test(made, test_missing_wakers);
  tcase_add_test(made, test_creation);
  tcase_add_test(made, test_gap);
  tcase_add_test(made, test_cycles);
  tcase_add_test(made, test_same_instants);
  tcase_add_test(made, test_coroutines);
  tcase_add_test(made, test_collector);
  tcase_add_test(made, test_not_a_wait);
  tcase_add_test(made, test_ranges);
  tcase_add_test(made, test_cancel);
  tcase_add_test(large, test_long_chain);
  tcase_add_test(large, test_cut);
  tcase_add_test(large, test_busy_waker);
  tcase_add_test(recorded, test_recorded);
  suite_add_tcase(suite, made);
  suite_add_tcase(suite, large);
  suite_add_tcase(suite, recorded);
  return test_run(suite);
}
