/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a wait compares with all waits at the same place: same stack, same reason.
 *
 * A scan over two or three columns of all span blocks, on two threads: about 0.3 s for 20 million
 * spans. Percentiles are exact (nearest rank).
 */
#pragma once

#include "model/store/store.h"

/* Buckets of the histogram are a factor of sqrt(10) wide, two to a power of ten: bucket i holds
 * lengths from unpark_wait_bucket_from(i) up to but not including that of i + 1. Bucket 0 begins at
 * 0, the last has no end. */
#define UNPARK_WAIT_BUCKETS 24
gint64 unpark_wait_bucket_from(guint bucket); /* ns; G_MAXINT64 for UNPARK_WAIT_BUCKETS */
guint unpark_wait_bucket_of(gint64 duration_ns);

typedef struct {
  gint64 goroutine; /* UNPARK_NONE: there is none */
  gint64 start_ns, end_ns;
} UnparkPlaceWait;

typedef struct {
  guint64 count;
  gint64 total_ns, least_ns, p50_ns, p90_ns, p99_ns, most_ns;
  guint64 buckets[UNPARK_WAIT_BUCKETS];
  guint first_bucket, last_bucket;        /* what is not empty lies within */
  guint64 shorter, equal;                 /* than the given one; `equal` counts itself */
  double percentile;                      /* of the given one: 100 * (shorter + equal) / count */
  UnparkPlaceWait previous, next;         /* by start, over all goroutines */
  UnparkPlaceWait own_previous, own_next; /* of the same goroutine */
  UnparkPlaceWait longest;
} UnparkPlaceStats;

/* Worker. `span`: the wait (or any other span: all of its kind and stack are compared). Of it
 * goroutine, start_ns, end_ns, kind and stack are used. FALSE with *error: UNPARK_ERROR_STORE or
 * G_IO_ERROR_CANCELLED. */
gboolean unpark_place_stats(UnparkStore *store, const UnparkSpan *span, UnparkPlaceStats *stats,
                            GCancellable *cancellable, GError **error);
