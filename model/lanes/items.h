/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collecting what to draw of one lane: spans in, items out; and buckets for groups.
 * Arithmetic only. */
#pragma once

#include "model/store/store.h"

/* Merges spans shorter than the resolution, in the order of time. */
typedef struct {
  gint64 resolution_ns;
  GArray *items; /* UnparkItem */
  UnparkItem open;
  gint64 open_ns[UNPARK_N_STATES];
} UnparkItemBuilder;

void unpark_item_builder_init(UnparkItemBuilder *b, gint64 resolution_ns);
/* One span of `kind`, clipped to [start, end]; `whole_start_ns`, `length_ns`: unclipped. */
void unpark_item_builder_span(UnparkItemBuilder *b, gint64 start, gint64 end, UnparkState state,
                              guint16 kind, gint64 goroutine, gint64 whole_start_ns,
                              gint64 length_ns);
/* A stretch in which many spans lie, with their time by state. */
void unpark_item_builder_mix(UnparkItemBuilder *b, gint64 start, gint64 end, const gint64 *ns,
                             guint32 count, guint16 kind, gint64 goroutine, gint64 longest_ns);
/* The items; *n of them. Frees what else there is. */
UnparkItem *unpark_item_builder_finish(UnparkItemBuilder *b, guint *n);

/* Sums over equal buckets of [from, to]. */
typedef struct {
  gint64 from, to, width;
  guint n;
  double *ns; /* n * UNPARK_N_STATES */
  UnparkItem *items;
} UnparkBuckets;

void unpark_buckets_init(UnparkBuckets *b, gint64 from, gint64 to, gint64 width);
void unpark_buckets_span(UnparkBuckets *b, gint64 start, gint64 end, UnparkState state,
                         guint16 kind, gint64 goroutine);
/* Time by state that is spread evenly over [start, end]. */
void unpark_buckets_mix(UnparkBuckets *b, gint64 start, gint64 end, const gint64 *ns, guint32 count,
                        guint16 kind, gint64 goroutine, gint64 longest_ns);
/* Buckets in which something was. */
UnparkItem *unpark_buckets_finish(UnparkBuckets *b, guint *n);
