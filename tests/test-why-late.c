/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a runnable goroutine did not run, places of waits, goroutines in numbers. */
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/why/late.h"
#include "model/why/wait-stats.h"
#include "model/why/goroutine.h"
#include "tests/why/script.h"

static void check_late(const UnparkLate *late) {
  gint64 held = 0;
  ck_assert_int_eq(late->held_ns + late->stopped_ns + late->idle_ns, late->capacity_ns);
  for (guint i = 0; i < late->n_holders; i++) {
    held += late->holders[i].held_ns;
    ck_assert_int_le(late->holders[i].longest_ns, late->holders[i].held_ns);
    ck_assert(i == 0 || late->holders[i].held_ns <= late->holders[i - 1].held_ns);
  }
  ck_assert_int_eq(held, late->held_ns);
  ck_assert_int_le(late->stw_ns, late->to_ns - late->from_ns);
  ck_assert_int_le(late->gc_ns, late->to_ns - late->from_ns);
}

/* Goroutine 9 is runnable 10..50 on two processors: 1 holds processor 0 for 10..40, 2 holds
 * processor 1 for 10..20, then it is idle but for the stop of the world 25..30, ... */
static const char busy[] =
    "0 0 metric 2; 0 1 begin; 0 2 begin; 0 3 begin; 0 9 begin; 0 1 run on 0; 0 2 run on 1;"
    "2 9 run on 0; 3 9 wait sync; 0 0 metric 2;"
    "10 9 ready by 2; 15 0 range GC_concurrent_mark_phase 45;"
    "20 2 wait sleep; 25 0 range stop-the-world_(GC_mark_termination) 30;"
    "40 1 wait sleep; 45 3 run on 1; 50 9 run on 0; 60 0 stop";

START_TEST(test_who_held) {
  g_autoptr(TestStore) made = made_script(busy);
  g_autoptr(UnparkLate) late = unpark_late_of_span(made->store, 9, 30, NULL, NULL);
  ck_assert_ptr_nonnull(late);
  check_late(late);
  ck_assert_int_eq(late->from_ns, 10);
  ck_assert_int_eq(late->to_ns, 50);
  ck_assert_int_eq(late->procs, 2);
  ck_assert_int_eq(late->capacity_ns, 80);
  ck_assert_int_eq(late->held_ns, 45);
  ck_assert_int_eq(late->stopped_ns, 5);
  ck_assert_int_eq(late->idle_ns, 30);
  ck_assert_int_eq(late->stw_ns, 5);
  ck_assert_int_eq(late->gc_ns, 30);
  ck_assert_uint_eq(late->n_holders, 3);
  ck_assert_int_eq(late->holders[0].goroutine, 1);
  ck_assert_int_eq(late->holders[0].held_ns, 30);
  ck_assert_int_eq(late->holders[1].goroutine, 2);
  ck_assert_int_eq(late->holders[1].last_proc, 1);
  ck_assert_int_eq(late->holders[2].held_ns, 5);
  ck_assert_uint_eq(late->n_ranges, 2);
  ck_assert_int_eq(late->ranges[0].overlap_ns, 30);
}
END_TEST

START_TEST(test_how_it_became_runnable) {
  g_autoptr(TestStore) made = made_script(busy);
  g_autoptr(UnparkLate) late = unpark_late_of_span(made->store, 9, 10, NULL, NULL);
  guint n;
  ck_assert_int_eq(late->cause, UNPARK_CAUSE_WOKEN);
  ck_assert_int_eq(late->waker, 2);
  ck_assert_int_eq(late->proc, 0);
  g_autofree UnparkFrame *frames = unpark_store_stack(made->store, late->waker_stack, 0, &n);
  ck_assert_uint_eq(n, 2);
  ck_assert_str_eq(frames[0].function, "wake.10");
}
END_TEST

START_TEST(test_created_and_preempted) {
  g_autoptr(TestStore) made =
      made_script("0 1 begin; 0 1 run; 2 2 new by 1; 5 1 yield; 5 2 run on 1; 9 1 run; 10 0 stop");
  g_autoptr(UnparkLate) created = unpark_late_of_span(made->store, 2, 2, NULL, NULL);
  g_autoptr(UnparkLate) preempted = unpark_late_of_span(made->store, 1, 7, NULL, NULL);
  check_late(created);
  check_late(preempted);
  ck_assert_int_eq(created->cause, UNPARK_CAUSE_CREATED);
  ck_assert_int_eq(created->waker, 1);
  ck_assert_uint_ne(created->waker_stack, 0);
  ck_assert_int_eq(preempted->cause, UNPARK_CAUSE_PREEMPTED);
  ck_assert_int_eq(preempted->waker, UNPARK_NONE);
  ck_assert_uint_eq(preempted->n_holders, 1);
  ck_assert_int_eq(preempted->holders[0].held_ns, 4);
  ck_assert_ptr_null(unpark_late_of_span(made->store, 1, 3, NULL, NULL));
  ck_assert_ptr_null(unpark_late_of_span(made->store, 44, 3, NULL, NULL));
}
END_TEST

/* The number of processors changes meanwhile; without the metric, those seen count. */
START_TEST(test_processors) {
  g_autoptr(TestStore) made =
      made_script("0 0 metric 1; 0 1 begin; 10 0 metric 4; 20 1 run on 0; 30 0 stop");
  g_autoptr(UnparkLate) late = unpark_late_of_span(made->store, 1, 5, NULL, NULL);
  check_late(late);
  ck_assert_int_eq(late->procs, 1);
  ck_assert_int_eq(late->capacity_ns, 10 + 40);
  ck_assert_int_eq(late->idle_ns, 50);
  g_autoptr(TestStore) none =
      made_script("0 1 begin; 0 2 begin; 0 2 run on 3; 20 1 run on 5; 30 0 stop");
  g_autoptr(UnparkLate) seen = unpark_late_of_span(none->store, 1, 5, NULL, NULL);
  check_late(seen);
  ck_assert_int_eq(seen->procs, 2);
  ck_assert_int_eq(seen->idle_ns, 20);
  g_autoptr(UnparkLate) all = unpark_late_of_range(none->store, 0, 30, NULL, NULL);
  check_late(all);
  ck_assert_int_eq(all->held_ns, 40);
}
END_TEST

/* ---- places ------------------------------------------------------------------------------ */

START_TEST(test_buckets) {
  ck_assert_int_eq(unpark_wait_bucket_from(0), 0);
  ck_assert_int_eq(unpark_wait_bucket_from(1), 3);
  ck_assert_int_eq(unpark_wait_bucket_from(2), 10);
  ck_assert_int_eq(unpark_wait_bucket_from(12), 1000000);
  ck_assert_int_eq(unpark_wait_bucket_from(13), 3160000);
  ck_assert_int_eq(unpark_wait_bucket_from(UNPARK_WAIT_BUCKETS), G_MAXINT64);
  for (guint i = 0; i < UNPARK_WAIT_BUCKETS; i++) {
    ck_assert_uint_eq(unpark_wait_bucket_of(unpark_wait_bucket_from(i)), i);
    ck_assert_int_lt(unpark_wait_bucket_from(i), unpark_wait_bucket_from(i + 1));
    if (i + 1 < UNPARK_WAIT_BUCKETS)
      ck_assert_uint_eq(unpark_wait_bucket_of(unpark_wait_bucket_from(i + 1) - 1), i);
  }
  ck_assert_uint_eq(unpark_wait_bucket_of(G_MAXINT64), UNPARK_WAIT_BUCKETS - 1);
}
END_TEST

#define N_LANES 40

/* Waits of known lengths at one place, others elsewhere, over some segments. */
static TestStore *many_waits(GArray *lengths) {
  Made m = made_new();
  guint16 runs = made_kind(&m, UNPARK_STATE_RUNNING, "", UNPARK_CAUSE_NONE);
  guint16 waits = made_kind(&m, UNPARK_STATE_WAITING, "sync", UNPARK_CAUSE_NONE);
  guint16 selects = made_kind(&m, UNPARK_STATE_WAITING, "select", UNPARK_CAUSE_NONE);
  guint32 here = made_stack(&m, "Lock", "main.here"), there = made_stack(&m, "Lock", "main.there");
  guint32 place = unpark_writer_place(m.w, 0, 0);
  gint64 t = 0;
  guint32 seed = 7;
  for (guint i = 0; i < N_LANES; i++)
    unpark_lane_switch(m.w, made_lane(&m, i, 0, UNPARK_NONE, 0), 0, runs, 0, place, UNPARK_NONE, 0);
  for (guint i = 0; i < 120000; i++) {
    UnparkLane *lane = made_lane(&m, i % N_LANES, 0, UNPARK_NONE, 0);
    seed = seed * 1664525 + 1013904223;
    gint64 length = 1 + (seed >> 8) % 1000 * ((seed >> 20) % 100);
    gboolean counts = i % 3 == 0;
    t += 10;
    unpark_lane_switch(m.w, lane, t, i % 5 == 1 ? selects : waits, counts ? here : there, 0,
                       UNPARK_NONE, 0);
    unpark_lane_switch(m.w, lane, t + length, runs, 0, place, UNPARK_NONE, 0);
    t += length;
    if (counts && i % 5 != 1) {
      const gint64 row[] = {i % N_LANES, t - length, length};
      g_array_append_vals(lengths, row, 3);
    }
  }
  return made_finish(&m, t);
}

static gint compare(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

static void check_stats(UnparkStore *store, const gint64 *rows, guint n, guint at) {
  g_autofree gint64 *sorted = g_new(gint64, n);
  gint64 total = 0, shorter = 0, equal = 0, own_before = -1, own_after = -1;
  UnparkPlaceStats s;
  UnparkSpan *span;
  guint n_spans;
  guint64 in_buckets = 0;
  for (guint i = 0; i < n; i++) {
    gint64 length = sorted[i] = rows[i * 3 + 2];
    total += length;
    shorter += length < rows[at * 3 + 2];
    equal += length == rows[at * 3 + 2];
    if (rows[i * 3] == rows[at * 3] && i < at)
      own_before = rows[i * 3 + 1];
    if (rows[i * 3] == rows[at * 3] && i > at && own_after < 0)
      own_after = rows[i * 3 + 1];
  }
  qsort(sorted, n, sizeof *sorted, compare);
  /* the span that starts there */
  span = unpark_store_spans(store, rows[at * 3], rows[at * 3 + 1] + 1, rows[at * 3 + 1] + 1, 0,
                            &n_spans, NULL, NULL);
  if (n_spans > 0 && span[n_spans - 1].start_ns != rows[at * 3 + 1] && n_spans > 1)
    span[n_spans - 1] = span[n_spans - 2];
  ck_assert_int_eq(span[n_spans - 1].start_ns, rows[at * 3 + 1]);
  ck_assert(unpark_place_stats(store, &span[n_spans - 1], &s, NULL, NULL));
  g_free(span);
  ck_assert_uint_eq(s.count, n);
  ck_assert_int_eq(s.total_ns, total);
  ck_assert_int_eq(s.least_ns, sorted[0]);
  ck_assert_int_eq(s.p50_ns, sorted[(n * 50 + 99) / 100 - 1]);
  ck_assert_int_eq(s.p90_ns, sorted[(n * 90 + 99) / 100 - 1]);
  ck_assert_int_eq(s.p99_ns, sorted[(n * 99 + 99) / 100 - 1]);
  ck_assert_int_eq(s.most_ns, sorted[n - 1]);
  ck_assert_int_eq(s.longest.end_ns - s.longest.start_ns, s.most_ns);
  ck_assert_uint_eq(s.shorter, shorter);
  ck_assert_uint_eq(s.equal, equal);
  ck_assert(fabs(s.percentile - 100.0 * (double)(shorter + equal) / n) < 1e-9);
  for (guint i = 0; i < UNPARK_WAIT_BUCKETS; i++)
    in_buckets += s.buckets[i];
  ck_assert_uint_eq(in_buckets, n);
  ck_assert_int_eq(s.previous.goroutine, at > 0 ? rows[(at - 1) * 3] : UNPARK_NONE);
  ck_assert_int_eq(s.next.goroutine, at + 1 < n ? rows[(at + 1) * 3] : UNPARK_NONE);
  if (at > 0)
    ck_assert_int_eq(s.previous.start_ns, rows[(at - 1) * 3 + 1]);
  if (at + 1 < n)
    ck_assert_int_eq(s.next.start_ns, rows[(at + 1) * 3 + 1]);
  ck_assert_int_eq(s.own_previous.goroutine == UNPARK_NONE ? -1 : s.own_previous.start_ns,
                   own_before);
  ck_assert_int_eq(s.own_next.goroutine == UNPARK_NONE ? -1 : s.own_next.start_ns, own_after);
}

START_TEST(test_place) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(TestStore) made = many_waits(rows);
  const gint64 *r = (const gint64 *)(const void *)rows->data;
  guint n = rows->len / 3;
  const guint at[] = {0, 1, 2, n / 3, n / 2, n / 2 + 1, n - 3, n - 2, n - 1};
  for (guint i = 0; i < G_N_ELEMENTS(at); i++)
    check_stats(made->store, r, n, at[i]);
  /* None at this place. */
  UnparkPlaceStats s;
  const UnparkSpan nowhere = {.kind = 1, .stack = 100000};
  ck_assert(unpark_place_stats(made->store, &nowhere, &s, NULL, NULL));
  ck_assert_uint_eq(s.count, 0);
  ck_assert_int_eq(s.longest.goroutine, UNPARK_NONE);
}
END_TEST

START_TEST(test_place_cancel) {
  g_autoptr(TestStore) made = made_script(busy);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  UnparkPlaceStats s;
  const UnparkSpan span = {.kind = 1};
  g_cancellable_cancel(cancellable);
  ck_assert(!unpark_place_stats(made->store, &span, &s, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_late_of_range(made->store, 0, 10, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

/* ---- goroutines ---------------------------------------------------------------------------- */

START_TEST(test_summary) {
  g_autoptr(TestStore) made = made_script(
      "0 1 begin; 1 1 run; 2 4 new by 1; 3 3 new by 1; 4 5 new by 3; 5 1 wait sync;"
      "9 1 ready by 3; 11 1 run; 12 1 wait select; 14 1 ready; 15 1 run; 16 1 wait sync;"
      "23 1 ready by 4; 24 1 run; 30 0 stop");
  g_autoptr(UnparkGoroutineSummary) s = unpark_goroutine_summary(made->store, 1, 2, NULL, NULL);
  ck_assert_ptr_nonnull(s);
  ck_assert_uint_eq(s->n_children, 2);
  ck_assert_int_eq(s->children[0], 3);
  ck_assert_int_eq(s->children[1], 4);
  ck_assert_uint_eq(s->n_waits, 2);
  ck_assert_int_eq(s->waits[0].start_ns, 16);
  ck_assert_int_eq(s->waits[1].start_ns, 5);
  gint64 total = 0;
  for (guint i = 0; i < s->n_kinds; i++)
    total += s->kinds[i].total_ns;
  ck_assert_int_eq(total, 30);
  ck_assert_str_eq(unpark_store_kind(made->store, s->kinds[1].kind)->reason, "sync");
  ck_assert_int_eq(s->kinds[1].total_ns, 11);
  ck_assert_uint_eq(s->kinds[1].count, 2);
  ck_assert_int_eq(s->kinds[1].longest_start_ns, 16);
  ck_assert_int_eq(s->goroutine.total_ns[UNPARK_STATE_WAITING], 13);
  ck_assert_ptr_null(unpark_goroutine_summary(made->store, 77, 2, NULL, NULL));
  g_autoptr(UnparkGoroutineSummary) none = unpark_goroutine_summary(made->store, 1, 0, NULL, NULL);
  ck_assert_uint_eq(none->n_waits, 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("why-late");
  TCase *late = tcase_create("late"), *places = tcase_create("places");
  tcase_add_test(late, test_who_held);
  tcase_add_test(late, test_how_it_became_runnable);
  tcase_add_test(late, test_created_and_preempted);
  tcase_add_test(late, test_processors);
  tcase_add_test(places, test_buckets);
  tcase_add_test(places, test_place);
  tcase_add_test(places, test_place_cancel);
  tcase_add_test(places, test_summary);
  suite_add_tcase(suite, late);
  suite_add_tcase(suite, places);
  return test_run(suite);
}
