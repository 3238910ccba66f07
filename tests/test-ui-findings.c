/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out, in traces made by hand whose answer is known, and in a recorded one by SQL. */
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/findings/words.h"
#include "model/findings/findings.h"
#include "tests/why/script.h"

#define MS ((gint64)1000000)

/* One goroutine that starts in main.NAME, and what it does. */
typedef struct {
  Made *m;
  UnparkLane *lane;
  const char *name;
  gint64 id;
} Actor;

static Actor actor(Made *m, gint64 id, const char *name, gint64 time_ns, gint64 parent) {
  return (Actor){m, unpark_writer_lane_new(m->w, id, time_ns, parent, 0), name, id};
}

static void does(Actor *a, gint64 time_ns, UnparkState state, const char *reason, const char *in) {
  UnparkCause cause = state == UNPARK_STATE_RUNNABLE ? UNPARK_CAUSE_WOKEN : UNPARK_CAUSE_NONE;
  gboolean on = state == UNPARK_STATE_RUNNING || state == UNPARK_STATE_SYSCALL;
  unpark_lane_switch(a->m->w, a->lane, time_ns, made_kind(a->m, state, reason, cause),
                     *in ? made_stack(a->m, in, a->name) : 0,
                     on ? unpark_writer_place(a->m->w, a->id % 4, a->id) : 0, UNPARK_NONE, 0);
}

static UnparkFindings *find(TestStore *made, gint64 from_ns, gint64 to_ns) {
  g_autoptr(GError) error = NULL;
  UnparkFindings *findings =
      unpark_findings_new(made->store, from_ns, to_ns, NULL, 0, NULL, &error);
  ck_assert_msg(findings != NULL, "%s", error ? error->message : "");
  return findings;
}

static UnparkFindings *find_all(TestStore *made) {
  return find(made, G_MININT64 + 1, G_MAXINT64);
}

static const UnparkFinding *only(const UnparkFindings *findings, UnparkFindingType type) {
  const UnparkFinding *found = NULL;
  for (guint i = 0; i < findings->n; i++)
    if (findings->findings[i].type == type) {
      ck_assert_ptr_null(found);
      found = &findings->findings[i];
    }
  return found;
}

/* Two goroutines that share a mutex: 20 waits of 2 ms, and one of 5 ms. */
static TestStore *make_contended(void) {
  Made m = made_new();
  for (gint64 id = 1; id <= 2; id++) {
    Actor a = actor(&m, id, "main.work", 0, UNPARK_NONE);
    does(&a, 0, UNPARK_STATE_RUNNING, "", "");
    for (gint64 i = 1; i <= 10; i++) {
      gint64 t = i * 10 * MS + id;
      does(&a, t, UNPARK_STATE_WAITING, "sync", "sync.(*Mutex).Lock");
      does(&a, t + (i == 7 && id == 2 ? 5 : 2) * MS, UNPARK_STATE_RUNNING, "", "");
    }
  }
  return made_finish(&m, 200 * MS);
}

START_TEST(lock) {
  g_autoptr(TestStore) made = make_contended();
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_LOCK);
  ck_assert_uint_eq(findings->n, 1);
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(f->count, 20);
  ck_assert_int_eq(f->total_ns, 19 * 2 * MS + 5 * MS);
  ck_assert_int_eq(f->longest_ns, 5 * MS);
  ck_assert_int_eq(f->goroutine, 2);
  ck_assert_int_eq(f->start_ns, 70 * MS + 2);
  ck_assert_int_eq(f->end_ns, 75 * MS + 2);
  ck_assert_int_ge(f->p50_ns, 2 * MS * 998 / 1000);
  ck_assert_int_le(f->p50_ns, 2 * MS * 1002 / 1000);
  ck_assert_double_eq_tol(f->share, 43.0 / 200, 1e-9);
  ck_assert_int_eq(f->level, UNPARK_FINDING_NOTABLE);
}
END_TEST

static void expect_sentence(const TestStore *made, const UnparkFinding *f, const char *part) {
  UnparkFindingWords said;
  unpark_finding_words(made->store, f, &said);
  ck_assert_msg(strstr(said.sentence, part) != NULL, "“%s” is not in: %s", part, said.sentence);
  unpark_finding_words_clear(&said);
}

START_TEST(words) {
  g_autoptr(TestStore) made = make_contended();
  g_autoptr(UnparkFindings) findings = find_all(made);
  UnparkFindingWords said;
  unpark_finding_words(made->store, &findings->findings[0], &said);
  ck_assert_str_eq(said.title, "Contention for a mutex in main.work");
  ck_assert_ptr_nonnull(strstr(said.sentence, "20 waits, 43 ms total"));
  ck_assert_ptr_nonnull(strstr(said.sentence, "0.21 goroutines"));
  ck_assert_str_eq(said.where, "5 ms, G 2 at 70.000 ms");
  ck_assert_ptr_nonnull(strstr(said.stack, "sync.(*Mutex).Lock\n\tmade.go:10\nmain.work\n"));
  unpark_finding_words_clear(&said);
  g_autofree char *report = unpark_findings_report(findings);
  ck_assert_ptr_nonnull(strstr(report, "## Contention for a mutex in main.work (notable)"));
}
END_TEST

/* The part of the time that is asked about. */
START_TEST(part) {
  g_autoptr(TestStore) made = make_contended();
  g_autoptr(UnparkFindings) findings = find(made, 71 * MS + 2, 75 * MS);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_LOCK);
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(f->count, 2);
  ck_assert_int_eq(f->total_ns, 4 * MS - 2 + MS - 1);
  ck_assert_int_eq(f->longest_ns, 5 * MS); /* whole */
  g_autoptr(UnparkFindings) none = find(made, 150 * MS, 200 * MS);
  ck_assert_uint_eq(none->n, 0);
}
END_TEST

START_TEST(some_goroutines) {
  g_autoptr(TestStore) made = make_contended();
  const gint64 ids[] = {1};
  g_autoptr(UnparkFindings) findings = unpark_findings_new(made->store, G_MININT64 + 1, G_MAXINT64,
                                                           ids, G_N_ELEMENTS(ids), NULL, NULL);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_LOCK);
  ck_assert_uint_eq(f->count, 10);
  ck_assert_int_eq(f->longest_ns, 2 * MS);
}
END_TEST

/* Waiting in line is no contention where nothing is locked: wait groups, channels. */
START_TEST(no_lock) {
  Made m = made_new();
  Actor a = actor(&m, 1, "main.work", 0, UNPARK_NONE);
  does(&a, 0, UNPARK_STATE_RUNNING, "", "");
  for (gint64 i = 1; i <= 10; i++) {
    does(&a, i * 10 * MS, UNPARK_STATE_WAITING, "sync", "sync.(*WaitGroup).Wait");
    does(&a, i * 10 * MS + 8 * MS, UNPARK_STATE_RUNNING, "", "");
  }
  g_autoptr(TestStore) made = made_finish(&m, 200 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  ck_assert_uint_eq(findings->n, 0);
}
END_TEST

static const UnparkFinding *named(const TestStore *made, const UnparkFindings *findings,
                                  UnparkFindingType type, const char *name) {
  for (guint i = 0; i < findings->n; i++)
    if (findings->findings[i].type == type &&
        strcmp(unpark_store_string(made->store, findings->findings[i].name_id), name) == 0)
      return &findings->findings[i];
  return NULL;
}

/* `n` goroutines, created all through the trace or all at its start, that wait to its end. */
static const struct {
  gint64 n, spread_ns;
  gboolean found;
  UnparkFindingLevel level;
} leaks[] = {{9, 500 * 1000000, FALSE, 0},
             {10, 500 * 1000000, TRUE, UNPARK_FINDING_NOTABLE},
             {100, 500 * 1000000, TRUE, UNPARK_FINDING_SEVERE},
             {100, 1000, TRUE, UNPARK_FINDING_MINOR}};

START_TEST(leak) {
  Made m = made_new();
  Actor parent = actor(&m, 1, "main.main", 0, UNPARK_NONE);
  does(&parent, 0, UNPARK_STATE_RUNNING, "", "");
  for (gint64 i = 0; i < leaks[_i].n; i++) {
    gint64 t = MS + i * leaks[_i].spread_ns / leaks[_i].n;
    Actor a = actor(&m, 10 + i, "main.serve", t, 1);
    does(&a, t, UNPARK_STATE_RUNNING, "", "");
    does(&a, t + MS, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
  }
  /* One that ends, and one that goes on late, are none of them. */
  Actor ends = actor(&m, 5000, "main.serve", 3 * MS, 1);
  does(&ends, 3 * MS, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
  Actor late = actor(&m, 5001, "main.serve", 3 * MS, 1);
  does(&late, 3 * MS, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
  does(&late, 990 * MS, UNPARK_STATE_RUNNING, "", "");
  does(&late, 991 * MS, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
  unpark_lane_end(m.w, ends.lane, 995 * MS);
  g_autoptr(TestStore) made = made_finish(&m, 1000 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_LEAK);
  ck_assert_int_eq(f != NULL, leaks[_i].found);
  if (!f)
    return;
  ck_assert(!f->certain);
  ck_assert_uint_eq(f->count, (guint64)leaks[_i].n);
  ck_assert_int_eq(f->level, leaks[_i].level);
  ck_assert_str_eq(unpark_store_string(made->store, f->name_id), "main.serve");
  ck_assert_int_eq(f->goroutine, 10);
  ck_assert_int_eq(f->longest_ns, 998 * MS);
  g_autoptr(UnparkFindings) partly = find(made, 0, 999 * MS);
  ck_assert_ptr_null(only(partly, UNPARK_FINDING_LEAK));
}
END_TEST

/* Workers that have had work, sleepers and a library's connections only wait for more. */
START_TEST(idle_is_no_leak) {
  Made m = made_new();
  for (gint64 i = 0; i < 150; i++) {
    gint64 t = MS + i * 3 * MS;
    Actor worker = actor(&m, 1000 + i, "main.worker", t, 1);
    does(&worker, t, UNPARK_STATE_RUNNING, "", "");
    does(&worker, t + 1000, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
    does(&worker, t + 2000, UNPARK_STATE_RUNNABLE, "", "");
    does(&worker, t + 3000, UNPARK_STATE_RUNNING, "", "");
    does(&worker, t + 4000, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
    Actor sleeper = actor(&m, 2000 + i, "main.sleeper", t, 1);
    does(&sleeper, t, UNPARK_STATE_WAITING, "sleep", "time.Sleep");
    Actor connection = actor(&m, 3000 + i, "net/http.(*persistConn).writeLoop", t, 1);
    does(&connection, t, UNPARK_STATE_WAITING, "select", "runtime.selectgo");
  }
  g_autoptr(TestStore) made = made_finish(&m, 1000 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  ck_assert_ptr_null(only(findings, UNPARK_FINDING_LEAK));
  ck_assert_ptr_null(only(findings, UNPARK_FINDING_DEADLOCK));
}
END_TEST

/* Recorded from programs whose answer is written in their sources. */
static TestStore *truth(const char *name) {
  g_autofree char *path = g_strdup_printf("%s/truth/%s.trace", UNPARK_TEST_DATA, name);
  g_autoptr(GError) error = NULL;
  TestStore *made = test_import(path, &error);
  ck_assert_msg(made != NULL, "%s", error ? error->message : "");
  return made;
}

/* Five goroutines receive from a nil channel, three are in select {}. */
START_TEST(certain_leaks) {
  g_autoptr(TestStore) made = truth("nilch");
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *nil = named(made, findings, UNPARK_FINDING_LEAK, "main.nilRecv");
  const UnparkFinding *empty = named(made, findings, UNPARK_FINDING_LEAK, "main.selForever");
  ck_assert_uint_eq(findings->n, 2);
  ck_assert(nil && nil->certain && nil->count == 5 && nil->level >= UNPARK_FINDING_NOTABLE);
  ck_assert(empty && empty->certain && empty->count == 3);
}
END_TEST

START_TEST(eight_leaks_of_which_three_are_certain) {
  static const char *const certain[] = {"main.leakNil", "main.leakNilSend", "main.leakSelect0"};
  g_autoptr(TestStore) made = truth("h");
  g_autoptr(UnparkFindings) findings = find_all(made);
  guint n = 0;
  for (guint i = 0; i < findings->n; i++)
    n += findings->findings[i].type == UNPARK_FINDING_LEAK;
  ck_assert_uint_eq(n, G_N_ELEMENTS(certain));
  for (guint i = 0; i < G_N_ELEMENTS(certain); i++) {
    const UnparkFinding *f = named(made, findings, UNPARK_FINDING_LEAK, certain[i]);
    ck_assert(f && f->certain && f->count == 1);
  }
  ck_assert_ptr_nonnull(named(made, findings, UNPARK_FINDING_DEADLOCK, "main.leakMutex"));
}
END_TEST

/* Two goroutines take two mutexes in opposite order. */
START_TEST(deadlock) {
  g_autoptr(TestStore) made = truth("dead");
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_DEADLOCK);
  ck_assert(f && f->count == 2 && f->level == UNPARK_FINDING_SEVERE && !f->certain);
  ck_assert_int_gt(f->longest_ns, 1900 * MS);
}
END_TEST

/* One goroutine holds the mutex for 50 ms while eight wait. */
START_TEST(holder) {
  g_autoptr(TestStore) made = truth("b");
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_LOCK);
  ck_assert_ptr_nonnull(f);
  ck_assert_int_ne(f->holder, UNPARK_NONE);
  const UnparkGoroutine *who = unpark_store_goroutine(made->store, f->holder);
  ck_assert_str_eq(unpark_store_string(made->store, who->name_id), "main.longHolder");
  ck_assert_int_eq(f->holder_did, UNPARK_LINK_RAN);
  ck_assert_int_gt(f->holder_ns, 40 * MS);
  expect_sentence(made, f, "(main.longHolder) ran");
}
END_TEST

/* A spinner has the only processor; sleeps of 1 ms take 15 to 24 ms. */
START_TEST(full_processor) {
  g_autoptr(TestStore) made = truth("e");
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_CPU);
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(f->count, 1);
  ck_assert_str_eq(unpark_store_string(made->store, f->name_id), "main.spinner");
  ck_assert_double_gt(f->share, 0.98);
}
END_TEST

/* Healthy programs: an idle server, a ticker, a batch, and jobs behind a semaphore. */
START_TEST(nothing_stands_out) {
  static const char *const names[] = {"i1", "i3", "i4", "h8"};
  g_autoptr(TestStore) made = truth(names[_i]);
  g_autoptr(UnparkFindings) findings = find_all(made);
  ck_assert_uint_le(findings->n, _i == 3 ? 1 : 0);
  for (guint i = 0; i < findings->n; i++)
    ck_assert_int_eq(findings->findings[i].level, UNPARK_FINDING_MINOR);
}
END_TEST

/* Many goroutines of one function that live at once, and as many of another that do not. */
START_TEST(growth) {
  Made m = made_new();
  for (gint64 i = 0; i < 3000; i++) {
    gint64 t = MS + i * 100000;
    Actor stays = actor(&m, 10000 + i, "main.wait", t, 1);
    does(&stays, t, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
    Actor ends = actor(&m, 20000 + i, "main.serve", t, 1);
    does(&ends, t, UNPARK_STATE_WAITING, "chan receive", "runtime.chanrecv1");
    unpark_lane_end(m.w, ends.lane, t + 200000);
    unpark_lane_end(m.w, stays.lane, 900 * MS + i);
  }
  g_autoptr(TestStore) made = made_finish(&m, 1000 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_GROWTH);
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(f->count, 3000);
  ck_assert_str_eq(unpark_store_string(made->store, f->name_id), "main.wait");
  ck_assert_int_eq(f->start_ns, MS + 2999 * 100000);
}
END_TEST

/* A processor for two: the second is ready as long as the first runs. */
START_TEST(sched) {
  Made m = made_new();
  Actor a = actor(&m, 1, "main.a", 0, UNPARK_NONE), b = actor(&m, 2, "main.b", 0, UNPARK_NONE);
  for (gint64 i = 0; i < 10; i++) {
    does(&a, i * 10 * MS, UNPARK_STATE_RUNNING, "", "");
    does(&b, i * 10 * MS, UNPARK_STATE_RUNNABLE, "", "");
    does(&a, i * 10 * MS + 5 * MS, UNPARK_STATE_WAITING, "sleep", "time.Sleep");
    does(&b, i * 10 * MS + 5 * MS, UNPARK_STATE_RUNNING, "", "");
  }
  g_autoptr(TestStore) made = made_finish(&m, 100 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_SCHED);
  ck_assert_uint_eq(findings->n, 1);
  ck_assert_uint_eq(f->count, 9); /* the first had begun before the trace */
  ck_assert_int_eq(f->total_ns, 50 * MS);
  ck_assert_double_eq_tol(f->share, 50.0 / 150, 1e-9);
  ck_assert_int_eq(f->goroutine, 2);
}
END_TEST

START_TEST(pauses_and_calls) {
  Made m = made_new();
  Actor a = actor(&m, 1, "main.read", 0, UNPARK_NONE);
  does(&a, 0, UNPARK_STATE_RUNNING, "", "");
  does(&a, 10 * MS, UNPARK_STATE_SYSCALL, "", "syscall.read");
  does(&a, 30 * MS, UNPARK_STATE_RUNNING, "", "");
  does(&a, 40 * MS, UNPARK_STATE_SYSCALL, "", "syscall.read");
  does(&a, 49 * MS, UNPARK_STATE_RUNNING, "", "");
  /* The profiler's own goroutine is none. */
  Actor profiler = actor(&m, 2, "runtime/pprof.readProfile", 0, UNPARK_NONE);
  does(&profiler, 1, UNPARK_STATE_RUNNING, "", "");
  does(&profiler, 2, UNPARK_STATE_SYSCALL, "", "syscall.read");
  does(&profiler, 90 * MS, UNPARK_STATE_RUNNING, "", "");
  made_range(&m, "stop-the-world (read mem stats)", 50 * MS, 57 * MS);
  made_range(&m, "stop-the-world (GC mark termination)", 60 * MS, 61 * MS);
  made_range(&m, "GC concurrent mark phase", 70 * MS, 90 * MS);
  g_autoptr(TestStore) made = made_finish(&m, 100 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  ck_assert_uint_eq(findings->n, 3);
  const UnparkFinding *call = only(findings, UNPARK_FINDING_SYSCALL);
  ck_assert_uint_eq(call->count, 1);
  ck_assert_int_eq(call->longest_ns, 20 * MS);
  const UnparkFinding *pause = only(findings, UNPARK_FINDING_PAUSE);
  ck_assert_uint_eq(pause->count, 2);
  ck_assert_int_eq(pause->total_ns, 8 * MS);
  ck_assert_int_eq(pause->goroutine, UNPARK_NONE);
  ck_assert_str_eq(unpark_store_string(made->store, pause->name_id),
                   "stop-the-world (read mem stats)");
  const UnparkFinding *gc = only(findings, UNPARK_FINDING_GC);
  ck_assert_uint_eq(gc->count, 1);
  ck_assert_double_eq_tol(gc->share, 0.2, 1e-9);
  expect_sentence(made, call, "1 call of 10 ms");
  expect_sentence(made, gc, "It was marking in 1 cycle, 20 ms total");
  expect_sentence(made, pause, "2 pauses, 8 ms total");
}
END_TEST

/* Forty requests of 1 ms; two more wait 30 ms for a lock, and say so. */
START_TEST(slow_tasks) {
  Made m = made_new();
  for (gint64 id = 1; id <= 42; id++) {
    gint64 t = id * 4 * MS, end = t + (id % 21 == 0 ? 31 : 1) * MS;
    const gint64 task[] = {id, UNPARK_NONE, made_string(&m, "GET /"), id, t, end};
    Actor a = actor(&m, id, "main.serve", t, UNPARK_NONE);
    does(&a, t, UNPARK_STATE_RUNNING, "", "");
    if (end > t + MS) {
      does(&a, t + MS, UNPARK_STATE_WAITING, "sync", "main.slow");
      does(&a, end, UNPARK_STATE_RUNNING, "", "");
    }
    unpark_lane_end(m.w, a.lane, end + 1);
    unpark_writer_append(m.w, UNPARK_TABLE_TASK, task);
  }
  g_autoptr(TestStore) made = made_finish(&m, 300 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_TASK);
  UnparkFindingWords said;
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(f->count, 42);
  ck_assert_int_eq(f->p50_ns, MS);
  ck_assert_int_eq(f->longest_ns, 31 * MS);
  ck_assert_int_eq(f->total_ns, 60 * MS);
  ck_assert_int_eq(f->tasks.extra_ns, 30 * MS);
  ck_assert_int_eq(f->tasks.state, UNPARK_STATE_WAITING);
  ck_assert_int_eq(f->tasks.wait, UNPARK_WAIT_SYNC);
  ck_assert_int_eq(f->when_ns[84 * UNPARK_FINDING_BUCKETS / 300], 30 * MS);
  unpark_finding_words(made->store, f, &said);
  ck_assert_str_eq(said.title, "Slow tasks “GET /”: p99 of 31 ms, median of 1 ms");
  ck_assert(strstr(said.sentence, "mostly waiting for a lock") != NULL);
  ck_assert(strstr(said.stack, "main.slow") != NULL);
  unpark_finding_words_clear(&said);
}
END_TEST

START_TEST(outlier) {
  Made m = made_new();
  Actor a = actor(&m, 1, "main.query", 0, UNPARK_NONE);
  does(&a, 0, UNPARK_STATE_RUNNING, "", "");
  for (gint64 i = 1; i <= 99; i++) {
    does(&a, i * MS, UNPARK_STATE_WAITING, "network", "internal/poll.runtime_pollWait");
    does(&a, i * MS + 100000, UNPARK_STATE_RUNNING, "", "");
  }
  does(&a, 200 * MS, UNPARK_STATE_WAITING, "network", "internal/poll.runtime_pollWait");
  does(&a, 500 * MS, UNPARK_STATE_RUNNING, "", "");
  g_autoptr(TestStore) made = made_finish(&m, 1000 * MS);
  g_autoptr(UnparkFindings) findings = find_all(made);
  const UnparkFinding *f = only(findings, UNPARK_FINDING_OUTLIER);
  ck_assert_ptr_nonnull(f);
  ck_assert_int_eq(f->start_ns, 200 * MS);
  ck_assert_int_eq(f->longest_ns, 300 * MS);
  ck_assert_int_lt(f->p99_ns, MS);
}
END_TEST

/* Against SQL over the same trace. */
START_TEST(recorded) {
  g_autoptr(TestStore) sample = test_import_sample();
  g_autoptr(UnparkFindings) findings = find_all(sample);
  ck_assert_uint_gt(findings->n, 0);
  for (guint i = 0; i < findings->n; i++) {
    const UnparkFinding *f = &findings->findings[i];
    ck_assert(i == 0 || f->level <= findings->findings[i - 1].level);
    if (f->kind)
      ck_assert_int_eq(test_value(sample,
                                  "SELECT duration_ns FROM span WHERE goroutine = %ld "
                                  "AND start_ns = %ld",
                                  (long)f->goroutine, (long)f->start_ns),
                       f->longest_ns);
    if (f->type == UNPARK_FINDING_SCHED)
      ck_assert_int_eq(test_value(sample, "SELECT sum(s.duration_ns) FROM span s JOIN goroutine g "
                                          "ON g.id = s.goroutine WHERE s.state = 'runnable' "
                                          "AND g.system = 0"),
                       f->total_ns);
    if (f->type == UNPARK_FINDING_GC && f->assist_ns > 0)
      ck_assert_int_eq(test_value(sample, "SELECT sum(min(r.end_ns, s.end_ns) - "
                                          "max(r.start_ns, s.start_ns)) FROM range r JOIN span s "
                                          "ON s.goroutine = r.scope_id AND s.start_ns < r.end_ns "
                                          "AND s.end_ns > r.start_ns WHERE s.state = 'running' "
                                          "AND r.name = 'GC mark assist'"),
                       f->assist_cpu_ns);
    if (f->type == UNPARK_FINDING_PAUSE)
      ck_assert_int_eq(test_value(sample, "SELECT count(*) FROM range "
                                          "WHERE name LIKE 'stop-the-world%%'"),
                       (gint64)f->count);
  }
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(TestStore) made = make_contended();
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_findings_new(made->store, 0, G_MAXINT64, NULL, 0, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("findings");
  TCase *tcase = tcase_create("findings");
  tcase_add_test(tcase, lock);
  tcase_add_test(tcase, words);
  tcase_add_test(tcase, part);
  tcase_add_test(tcase, some_goroutines);
  tcase_add_test(tcase, no_lock);
  tcase_add_loop_test(tcase, leak, 0, G_N_ELEMENTS(leaks));
  tcase_add_test(tcase, idle_is_no_leak);
  tcase_add_test(tcase, certain_leaks);
  tcase_add_test(tcase, eight_leaks_of_which_three_are_certain);
  tcase_add_test(tcase, deadlock);
  tcase_add_test(tcase, holder);
  tcase_add_test(tcase, full_processor);
  tcase_add_loop_test(tcase, nothing_stands_out, 0, 4);
  tcase_add_test(tcase, growth);
  tcase_add_test(tcase, sched);
  tcase_add_test(tcase, pauses_and_calls);
  tcase_add_test(tcase, slow_tasks);
  tcase_add_test(tcase, outlier);
  tcase_add_test(tcase, recorded);
  tcase_add_test(tcase, cancelled);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
