/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans by place, for model/findings/findings.c. */
#pragma once

#include "model/base/histogram.h"
#include "model/store/store.h"

#define UNPARK_PLACE_BUCKETS 48

typedef struct {
  guint16 kind; /* of the longest */
  guint32 stack;
  guint64 count, long_count; /* long: of LONG_NS and more */
  gint64 total_ns, long_total_ns;
  gint64 longest_ns, goroutine, start_ns; /* of the longest; start_ns UNPARK_NONE: none */
  UnparkHistogram lengths;
  /* Of the total: what began in each of so many equal parts of the asked time. */
  gint64 when_ns[UNPARK_PLACE_BUCKETS];
} UnparkPlaceSum;

#define UNPARK_PLACE_LONG_NS 10000000

/* A goroutine that waited when the trace ended. */
typedef struct {
  gint64 goroutine, start_ns;
  guint16 kind;
  guint32 stack;
} UnparkLastWait;

/* Goroutines of the runtime are left out of all but system_ns. */
typedef struct {
  GHashTable *places; /* own keys -> UnparkPlaceSum: waits and system calls by kind and stack */
  UnparkPlaceSum runnable;
  gint64 running_ns, system_ns; /* the program's goroutines, the runtime's */
  gint64 assist_cpu_ns;         /* running within the intervals of `assists` */
  GHashTable *running;          /* start function -> gint64: running_ns by name */
  GArray *last;                 /* UnparkLastWait */
} UnparkPlaceSums;

typedef struct {
  gint64 start_ns, end_ns;
} UnparkPlaceInterval;

typedef struct {
  gint64 from_ns, to_ns;
  const gint64 *ids; /* ascending, the goroutines that count; NULL: all */
  guint n_ids;
  GHashTable
      *assists; /* gint64 goroutine -> GArray of UnparkPlaceInterval, ascending, disjoint; NULL */
} UnparkPlaceQuery;

/* Worker; unpark_store_goroutines() must have succeeded before. Totals are of the parts within
 * [from_ns, to_ns], lengths whole. What had begun before the trace or had not ended with it adds to
 * totals only. FALSE: *error. */
gboolean unpark_place_sums(UnparkStore *store, const UnparkPlaceQuery *query, UnparkPlaceSums *sums,
                           GCancellable *cancellable, GError **error);
void unpark_place_sums_clear(UnparkPlaceSums *sums);

/* The part of [from_ns, to_ns] that the time is in. */
guint unpark_place_bucket(gint64 from_ns, gint64 to_ns, gint64 time_ns);
/* Adds `from` to `into`. */
void unpark_place_merge(UnparkPlaceSum *into, const UnparkPlaceSum *from);
