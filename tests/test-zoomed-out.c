/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zoomed-out rows tell every moment of every lane once, wherever segments are cut. */
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/store/decode.h"
#include "tests/why/script.h"

#define SEGMENT (128 * 1024)

typedef struct {
  Made m;
  guint16 kinds[UNPARK_N_STATES];
  UnparkLane *fillers[8], *busy;
  guint32 stack, place;
  gint64 time;
  guint n;
} Maker;

static Maker maker_new(void) {
  static const char *const reasons[] = {"", "", "sync", ""};
  Maker k = {.m = made_new()};
  for (UnparkState s = 0; s < UNPARK_N_STATES; s++)
    k.kinds[s] = made_kind(&k.m, s, s == UNPARK_STATE_WAITING ? reasons[2] : "", 0);
  k.stack = made_stack(&k.m, "inner", "main.filler");
  k.place = unpark_writer_place(k.m.w, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS(k.fillers); i++)
    k.fillers[i] = unpark_writer_lane_new(k.m.w, 10 + i, 0, UNPARK_NONE, 0);
  k.busy = unpark_writer_lane_new(k.m.w, 1, 0, UNPARK_NONE, 0);
  return k;
}

static void enter(Maker *k, UnparkLane *lane, guint32 stack) {
  UnparkState state = (UnparkState)(k->n++ * 2654435761u >> 16 & 3);
  gboolean executes = state == UNPARK_STATE_RUNNING || state == UNPARK_STATE_SYSCALL;
  unpark_lane_switch(k->m.w, lane, k->time, k->kinds[state], stack, executes ? k->place : 0,
                     UNPARK_NONE, 0);
}

/* So many spans of the other lanes, and one of the busy lane after `every` of them; 0: none. */
static void fill(Maker *k, guint spans, guint every) {
  for (guint i = 0; i < spans; i++) {
    k->time += 64 + i % 7;
    enter(k, k->fillers[i % G_N_ELEMENTS(k->fillers)], k->stack);
    if (every && i % every == every - 1)
      enter(k, k->busy, made_stack(&k->m, "inner", "main.busy"));
  }
}

static void sum_spans(TestStore *made, gint64 goroutine, gint64 *ns) {
  static const char *const states[] = {"running", "runnable", "waiting", "syscall"};
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    ns[s] = test_value(
        made, "SELECT sum(duration_ns) FROM span WHERE state = '%s' AND (%d OR goroutine = %d)",
        states[s], goroutine < 0, (int)goroutine);
}

static void sum_rows(UnparkStore *store, gint64 key, gint64 *ns) {
  const UnparkBlockList *list = unpark_store_blocks(store, UNPARK_FACT_LOD);
  memset(ns, 0, UNPARK_N_STATES * sizeof *ns);
  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, UNPARK_FACT_LOD, &list->blocks[b], UNPARK_ALL_COLUMNS, NULL);
    ck_assert_ptr_nonnull(d);
    for (guint i = 0; i < d->n; i++)
      for (guint s = 0; s < UNPARK_N_STATES && d->columns[LOD_KEY][i] == key; s++)
        ns[s] += d->columns[LOD_RUNNING + s][i];
  }
}

/* The states have the order of their columns. */
START_TEST(test_all) {
  Maker k = maker_new();
  gint64 spans[UNPARK_N_STATES], rows[UNPARK_N_STATES];
  fill(&k, SEGMENT * 5 / 2, 3);
  unpark_lane_end(k.m.w, k.fillers[0], k.time + 10);
  g_autoptr(TestStore) made = made_finish(&k.m, k.time + 1000);
  sum_spans(made, -1, spans);
  sum_rows(made->store, UNPARK_LOD_KEY(UNPARK_LANE_ALL, 0), rows);
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    ck_assert_int_eq(spans[s], rows[s]);
}
END_TEST

/* The last spans are closed one after another: the cut may come between any two of them. */
START_TEST(test_cut_at_the_end) {
  for (guint n = 0; n < 12; n++) {
    Maker k = maker_new();
    gint64 spans[UNPARK_N_STATES], rows[UNPARK_N_STATES];
    fill(&k, SEGMENT - n, 0);
    g_autoptr(TestStore) made = made_finish(&k.m, k.time + 100000);
    sum_spans(made, -1, spans);
    sum_rows(made->store, UNPARK_LOD_KEY(UNPARK_LANE_ALL, 0), rows);
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      ck_assert_int_eq(spans[s], rows[s]);
  }
}
END_TEST

static void check_lane(TestStore *made, gint64 from, gint64 to, gint64 resolution) {
  const UnparkLaneKey key = {UNPARK_LANE_GOROUTINE, 1};
  double sum = 0;
  UnparkLaneItems *lane =
      unpark_store_lanes(made->store, &key, 1, from, to, resolution, NULL, NULL);
  ck_assert_ptr_nonnull(lane);
  for (guint i = 0; i < lane->n_items; i++) {
    const UnparkItem *item = &lane->items[i];
    ck_assert_int_le(item->start_ns, item->end_ns);
    if (i > 0)
      ck_assert_int_ge(item->start_ns, item[-1].end_ns);
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      sum += (double)item->mean[s] * (double)(item->end_ns - item->start_ns);
  }
  unpark_lane_items_free(lane, 1);
  ck_assert_msg(fabs(sum - (double)(to - from)) <= 1e-3 * (double)(to - from),
                "%.0f of %.0f ns are told, at %.0f ns", sum, (double)(to - from),
                (double)resolution);
}

/* A lane that has many spans in some segments, few or none in others: it is in some state all the
 * time, at every zoom. */
START_TEST(test_busy_lane) {
  static const guint every[] = {3, 2000, 3, 0, 5, 0, 0, 3, 9000};
  Maker k = maker_new();
  enter(&k, k.busy, made_stack(&k.m, "inner", "main.busy"));
  for (guint i = 0; i < G_N_ELEMENTS(every); i++)
    fill(&k, SEGMENT * 3 / 4 + i * 5000, every[i]);
  gint64 end = k.time + 1000;
  g_autoptr(TestStore) made = made_finish(&k.m, end);
  for (gint64 resolution = 1; resolution < end / 10; resolution *= 4) {
    check_lane(made, 0, end, resolution);
    check_lane(made, end / 5, end / 3, resolution);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("zoomed-out");
  TCase *rows = tcase_create("rows");
  tcase_add_test(rows, test_all);
  tcase_add_test(rows, test_cut_at_the_end);
  tcase_add_test(rows, test_busy_lane);
  suite_add_tcase(suite, rows);
  return test_run(suite);
}
