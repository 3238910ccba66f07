/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of distributed traces as lanes: a service has as many tracks as spans of it were under way
 * at once, and in a track spans do not overlap. Arithmetic, no GTK. Made by a worker, then
 * immutable; atomically reference-counted. */
#pragma once

#include <gio/gio.h>

#include "model/spans/traces.h"

/* Beyond so many spans at once the rest share the last track, one over the other. */
#define UNPARK_SPAN_MAX_TRACKS 48

typedef struct {
  guint first, n;    /* in spans: by start */
  gint64 longest_ns; /* of its spans */
} UnparkSpanTrack;

typedef struct {
  guint32 name; /* text */
  guint first_track, n_tracks;
  guint n_spans, n_errors;
} UnparkSpanService;

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces;  /* of the sources */
  UnparkSpanService *services; /* by their first span */
  guint n_services;
  UnparkSpanTrack *tracks; /* by service */
  gint32 *spans;           /* numbers, by track and start */
  guint32 *service_of;     /* index in services, by number of the span */
  guint32 *track_of;       /* index in tracks, by number of the span */
} UnparkSpanLayout;

/* Worker. */
UnparkSpanLayout *unpark_span_layout_new(UnparkSources *sources, GCancellable *cancellable,
                                         GError **error);
UnparkSpanLayout *unpark_span_layout_ref(UnparkSpanLayout *layout);
void unpark_span_layout_unref(UnparkSpanLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSpanLayout, unpark_span_layout_unref)

/* The place in `spans` of the first of the track that may touch ns or what comes after it. */
guint unpark_span_layout_first(const UnparkSpanLayout *layout, const UnparkSpanTrack *track,
                               gint64 ns);
/* The next (1) or previous (-1) span of the service by start; -1: there is none. */
gint32 unpark_span_layout_step(const UnparkSpanLayout *layout, gint32 span, int direction);
/* The service's first span that starts at ns or later, or else its last. */
gint32 unpark_span_layout_from(const UnparkSpanLayout *layout, guint service, gint64 ns);
/* The number of the span that is row `row` of the source of that id; -1: there is none. */
gint32 unpark_span_layout_find(const UnparkSpanLayout *layout, gint64 source, gint64 row);
