/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/frequency.h"

#include "importers/gotrace1/order.h"

/* Speeds, in ticks a second: 1.6 to 4 GHz. */
#define STEP (100000000.0 / 64)
#define SLOWEST 16u
#define FASTEST 40u
#define COMMON 24u

#define SLEEPS_MAX 4096u
#define SLEEPS_ENOUGH 100u
#define ITEMS_MAX 4000000u
/* Shorter sleeps are late by too much of their length to tell speeds apart. */
#define SHORTEST_MS 2
#define LATE_MAX_MS 0.12
/* Mean worth of a sleep from which on a speed is believed; by chance it is about 0.2. */
#define BELIEVABLE 0.45
/* What no other speed's may come near. */
#define AHEAD 0.8

/* How much a sleep of that many milliseconds speaks for the speed. */
static double worth(double ms) {
  guint64 whole = (guint64)ms;

  if (ms - (double)whole > LATE_MAX_MS)
    return 0;
  if (whole % 10 == 0)
    return 3;
  return whole % 5 == 0 ? 2 : 1;
}

static double mean_worth(const gint64 *sleeps, gsize n, double ticks_per_ms) {
  double sum = 0;
  guint n_long = 0;

  for (gsize i = 0; i < n; i++) {
    double ms = (double)sleeps[i] / ticks_per_ms;
    if (ms < SHORTEST_MS || ms > 1e9)
      continue;
    sum += worth(ms);
    n_long++;
  }
  return n_long < SLEEPS_ENOUGH ? 0 : sum / n_long;
}

guint64 unpark_v1_frequency_of_sleeps(const gint64 *sleeps, gsize n) {
  guint best = COMMON;
  double best_worth = 0, next_worth = 0;

  for (guint speed = SLOWEST; speed <= FASTEST; speed++) {
    double mean = mean_worth(sleeps, n, speed * STEP / 1000);
    if (mean > best_worth) {
      next_worth = best_worth;
      best_worth = mean;
      best = speed;
    } else {
      next_worth = MAX(next_worth, mean);
    }
  }
  if (best_worth < BELIEVABLE || next_worth > best_worth * AHEAD)
    best = COMMON;
  return (guint64)(best * STEP);
}

/* Who sleeps since when. */
typedef struct {
  UnparkV1Map place_of_goroutine;
  GArray *since;  /* gint64 ticks by place; 0: awake */
  GArray *sleeps; /* gint64 ticks */
} Sleepers;

static void fall_asleep(Sleepers *sleepers, const UnparkV1Event *event) {
  guint32 place;

  if (!unpark_v1_map_get(&sleepers->place_of_goroutine, event->subject, &place)) {
    place = sleepers->since->len;
    unpark_v1_map_set(&sleepers->place_of_goroutine, event->subject, place);
    g_array_set_size(sleepers->since, place + 1);
  }
  g_array_index(sleepers->since, gint64, place) = event->ticks;
}

static void wake_up(Sleepers *sleepers, const UnparkV1Event *event) {
  gint64 *since, slept;
  guint32 place;

  if (!unpark_v1_map_get(&sleepers->place_of_goroutine, event->subject, &place))
    return;
  since = &g_array_index(sleepers->since, gint64, place);
  slept = event->ticks - *since;
  if (*since != 0 && slept > 0)
    g_array_append_val(sleepers->sleeps, slept);
  *since = 0;
}

guint64 unpark_v1_frequency_guess(const UnparkV1Index *index) {
  Sleepers sleepers = {.since = g_array_new(FALSE, TRUE, sizeof(gint64)),
                       .sleeps = g_array_new(FALSE, FALSE, sizeof(gint64))};
  UnparkV1Goroutines goroutines;
  UnparkV1Order order;
  UnparkV1Item item;
  guint64 result;

  unpark_v1_goroutines_init(&goroutines);
  unpark_v1_order_init(&order, index, &goroutines, (guint64)(COMMON * STEP));
  for (guint i = 0; i < ITEMS_MAX && sleepers.sleeps->len < SLEEPS_MAX; i++) {
    if (!unpark_v1_order_next(&order, &item))
      break;
    if (item.kind != UNPARK_V1_ITEM_EVENT || item.event->subject == 0)
      continue;
    if (item.event->type == UNPARK_V1_GO_SLEEP)
      fall_asleep(&sleepers, item.event);
    else if (item.event->type == UNPARK_V1_GO_UNBLOCK)
      wake_up(&sleepers, item.event);
  }
  result = unpark_v1_frequency_of_sleeps((const gint64 *)(gpointer)sleepers.sleeps->data,
                                         sleepers.sleeps->len);
  unpark_v1_order_clear(&order);
  unpark_v1_goroutines_clear(&goroutines);
  unpark_v1_map_clear(&sleepers.place_of_goroutine);
  g_array_unref(sleepers.since);
  g_array_unref(sleepers.sleeps);
  return result;
}
