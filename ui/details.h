/* What the inspector tells, collected in a worker. */
#pragma once

#include "model/session.h"

typedef struct {
  UnparkFrame *frames; /* innermost first; texts belong to the store */
  guint n;
} UnparkStackFrames;

typedef struct {
  UnparkStore *store;
  UnparkPick pick;
  const UnparkGoroutine *goroutine; /* NULL if the pick has none */
  gboolean has_span;
  UnparkSpan span;
  UnparkStackFrames stack, waker_stack, create_stack;
  gint64 ran_after_ns; /* from the end of a wait until it ran; UNPARK_NONE */
  guint n_children;
  gint64 children[12]; /* the first ones */
  /* Of a group: sums over its goroutines. */
  guint n_members;
  gint64 total_ns[UNPARK_N_STATES];
  gint64 longest_wait_ns, longest_wait_of;
} UnparkDetails;

UnparkDetails *unpark_details_read(UnparkStore *store, const UnparkPick *pick,
                                   GCancellable *cancellable, GError **error);
void unpark_details_free(UnparkDetails *details);

/* How a wait compares with the waits that stopped at the same stack for the same kind of reason. */
#define UNPARK_N_BUCKETS 40 /* two for each factor of ten, from 10 ns */
typedef struct {
  guint64 n, n_shorter;
  gint64 median_ns, longest_ns;
  guint64 buckets[UNPARK_N_BUCKETS];
} UnparkComparison;

guint unpark_bucket_of(gint64 duration_ns);
UnparkComparison *unpark_comparison_read(UnparkStore *store, const UnparkSpan *span,
                                         GCancellable *cancellable, GError **error);
