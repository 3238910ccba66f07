/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a store's time 0 was, by everything in it that tells.
 *
 * A trace of Go 1.25 or later reads three clocks at one moment, once in each of its generations:
 * its own, the host's monotonic one and the time of day. Each gives the time of day of time 0; the
 * median of them is right even if one was read while the thread was preempted, or before the time
 * of day was set. Wall less monotonic time is when the host started: processes for which it is the
 * same were on one host. Their clocks are compared by the monotonic one, which is never set.
 */
#pragma once

#include "model/sources/sources.h"

/* Of the file's own time 0, also where the store is shifted. */
typedef struct {
  gint64 wall_ns; /* Unix time of time 0; UNPARK_NONE: not known */
  gint64 mono_ns; /* likewise of the monotonic clock */
  gint64 boot_ns; /* Unix time of 0 of the monotonic clock; UNPARK_NONE */
  UnparkSourcesClock clock;
} UnparkSourcesTime;

/* Worker. */
gboolean unpark_sources_time_read(UnparkStore *store, UnparkSourcesTime *time, GError **error);

/* Puts the times of processes of one host right by its monotonic clock. */
void unpark_sources_times_agree(UnparkSourcesTime *times, guint n);

/* Sorts `values`; n > 0. */
gint64 unpark_sources_median(gint64 *values, guint n);
