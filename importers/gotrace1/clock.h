/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a trace's ticks to nanoseconds.
 *
 * Every shown event is later than the one before it: one that is not becomes its
 * predecessor plus 1 ns. Raw times count from the first event of the file; shown times from
 * the first event that says something (the ones before it only list the goroutines that were
 * there already). What is known from the beginning on therefore begins a little before 0, at
 * unpark_v1_clock_begin(). */
#pragma once

#include <glib.h>

#include "model/base/times.h"

typedef struct {
  double ns_per_tick;
  gboolean started, shown;
  gint64 first_ticks;
  gint64 zero, last; /* raw nanoseconds */
} UnparkV1Clock;

static inline void unpark_v1_clock_init(UnparkV1Clock *clock, guint64 ticks_per_second) {
  *clock = (UnparkV1Clock){.ns_per_tick = 1e9 / (double)ticks_per_second, .last = -1};
}

/* Raw time of an event. The first call makes its ticks the origin. */
static inline gint64 unpark_v1_clock_raw(UnparkV1Clock *clock, gint64 ticks) {
  double ns;

  if (G_UNLIKELY(!clock->started)) {
    clock->started = TRUE;
    clock->first_ticks = ticks;
  }
  ns = (double)unpark_time_subtract(ticks, clock->first_ticks) * clock->ns_per_tick;
  return (gint64)CLAMP(ns, -(double)UNPARK_TIME_MAX, (double)UNPARK_TIME_MAX);
}

/* Shown time of an event with this raw time; it is the latest from now on. */
static inline gint64 unpark_v1_clock_show(UnparkV1Clock *clock, gint64 raw) {
  if (G_UNLIKELY(raw <= clock->last))
    raw = clock->last + 1;
  clock->last = raw;
  if (G_UNLIKELY(!clock->shown)) {
    clock->shown = TRUE;
    clock->zero = raw;
  }
  return raw - clock->zero;
}

/* Shown time of something that is no event of its own: not before the latest one. */
static inline gint64 unpark_v1_clock_beside(const UnparkV1Clock *clock, gint64 raw) {
  return MAX(raw, clock->last) - clock->zero;
}

/* The synchronisation points before the first and behind the last event. */
static inline gint64 unpark_v1_clock_begin(const UnparkV1Clock *clock) {
  return -1 - clock->zero;
}
static inline gint64 unpark_v1_clock_end(const UnparkV1Clock *clock) {
  return clock->last + 1 - clock->zero;
}
