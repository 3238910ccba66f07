/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the goroutines of spans did, for drawing below the spans. Immutable. */
#pragma once

#include "ui/spans/layout.h"

/* Goroutines that are read at once. */
#define UNPARK_SPAN_MAX_GOROUTINES 512

typedef struct {
  guint16 source; /* index */
  gint64 goroutine;
} UnparkSpanGoroutine;

typedef struct _UnparkSpanStates UnparkSpanStates;

/* Worker. Of a time, nothing finer than the resolution. */
UnparkSpanStates *unpark_span_states_new(UnparkSpanLayout *layout, const GArray *goroutines,
                                         gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                         GCancellable *cancellable, GError **error);
void unpark_span_states_free(UnparkSpanStates *states);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSpanStates, unpark_span_states_free)

/* NULL: it was not read. */
const UnparkLaneItems *unpark_span_states_of(const UnparkSpanStates *states, guint16 source,
                                             gint64 goroutine);
