/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/spans/layout.h"

#include <stdlib.h>

typedef struct {
  const UnparkTraceSpan *span;
  gint32 number;
  guint32 service, track; /* track: within the service */
} Item;

typedef struct {
  guint32 name, n, errors;
  gint64 first_ns; /* the beginning of its first span */
} Count;

/* Who calls is above who is called; names without spans come last. */
static int by_first(const void *a, const void *b) {
  const Count *x = a, *y = b;
  if ((x->n == 0) != (y->n == 0))
    return x->n == 0 ? 1 : -1;
  if (x->first_ns != y->first_ns)
    return x->first_ns < y->first_ns ? -1 : 1;
  return (x->name > y->name) - (x->name < y->name);
}

/* By service and start, what lasts longer first: it is above what happens within it. */
static int by_start(const void *a, const void *b) {
  const Item *x = a, *y = b;
  if (x->service != y->service)
    return x->service < y->service ? -1 : 1;
  if (x->span->start_ns != y->span->start_ns)
    return x->span->start_ns < y->span->start_ns ? -1 : 1;
  if (x->span->end_ns != y->span->end_ns)
    return x->span->end_ns > y->span->end_ns ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

static int by_track(const void *a, const void *b) {
  const Item *x = a, *y = b;
  if (x->service != y->service || x->track == y->track)
    return by_start(a, b);
  return x->track < y->track ? -1 : 1;
}

/* Numbers the services; items are to be sorted by them. */
static void count_services(UnparkSpanLayout *layout, Item *items) {
  const UnparkTraces *traces = layout->traces;
  g_autofree Count *counts = g_new0(Count, traces->texts->len + 1);
  g_autofree guint32 *rank = g_new0(guint32, traces->texts->len + 1);
  for (guint i = 0; i < traces->n_spans; i++) {
    guint32 name = unpark_traces_resource(traces, &traces->spans[i])->service;
    counts[name].name = name;
    if (counts[name].n++ == 0 || traces->spans[i].start_ns < counts[name].first_ns)
      counts[name].first_ns = traces->spans[i].start_ns;
    counts[name].errors += traces->spans[i].status == UNPARK_TRACE_ERROR;
  }
  qsort(counts, traces->texts->len, sizeof *counts, by_first);
  while (layout->n_services < traces->texts->len && counts[layout->n_services].n > 0)
    layout->n_services++;
  layout->services = g_new0(UnparkSpanService, layout->n_services + 1);
  for (guint i = 0; i < layout->n_services; i++) {
    layout->services[i] = (UnparkSpanService){
        .name = counts[i].name, .n_spans = counts[i].n, .n_errors = counts[i].errors};
    rank[counts[i].name] = i;
  }
  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    layout->service_of[i] = rank[unpark_traces_resource(traces, span)->service];
    items[i] = (Item){.span = span, .number = (gint32)i, .service = layout->service_of[i]};
  }
}

/* Each goes to the first track that is free; items are by service and start. */
static void place(UnparkSpanLayout *layout, Item *items, guint n) {
  gint64 free_ns[UNPARK_SPAN_MAX_TRACKS];
  for (guint i = 0; i < n; i++) {
    UnparkSpanService *service = &layout->services[items[i].service];
    guint track = 0;
    while (track < service->n_tracks && free_ns[track] > items[i].span->start_ns)
      track++;
    if (track == UNPARK_SPAN_MAX_TRACKS)
      track--;
    if (track == service->n_tracks)
      service->n_tracks++;
    free_ns[track] = items[i].span->end_ns;
    items[i].track = track;
  }
}

static void make_tracks(UnparkSpanLayout *layout, const Item *items, guint n) {
  guint n_tracks = 0;
  for (guint i = 0; i < layout->n_services; i++) {
    layout->services[i].first_track = n_tracks;
    n_tracks += layout->services[i].n_tracks;
  }
  layout->tracks = g_new0(UnparkSpanTrack, n_tracks + 1);
  for (guint i = 0; i < n; i++) {
    const Item *item = &items[i];
    guint at = layout->services[item->service].first_track + item->track;
    UnparkSpanTrack *track = &layout->tracks[at];
    if (track->n++ == 0)
      track->first = i;
    track->longest_ns = MAX(track->longest_ns, item->span->end_ns - item->span->start_ns);
    layout->spans[i] = item->number;
    layout->track_of[item->number] = at;
  }
}

UnparkSpanLayout *unpark_span_layout_new(UnparkSources *sources, GCancellable *cancellable,
                                         GError **error) {
  const UnparkTraces *traces = unpark_sources_traces(sources, error);
  if (!traces || g_cancellable_set_error_if_cancelled(cancellable, error))
    return NULL;
  UnparkSpanLayout *layout = g_atomic_rc_box_new0(UnparkSpanLayout);
  g_autofree Item *items = g_new(Item, traces->n_spans + 1);
  layout->sources = unpark_sources_ref(sources);
  layout->traces = traces;
  layout->spans = g_new(gint32, traces->n_spans + 1);
  layout->service_of = g_new(guint32, traces->n_spans + 1);
  layout->track_of = g_new(guint32, traces->n_spans + 1);
  count_services(layout, items);
  qsort(items, traces->n_spans, sizeof *items, by_start);
  place(layout, items, traces->n_spans);
  qsort(items, traces->n_spans, sizeof *items, by_track);
  make_tracks(layout, items, traces->n_spans);
  return layout;
}

UnparkSpanLayout *unpark_span_layout_ref(UnparkSpanLayout *layout) {
  return g_atomic_rc_box_acquire(layout);
}

static void clear(gpointer data) {
  UnparkSpanLayout *layout = data;
  unpark_sources_unref(layout->sources);
  g_free(layout->services);
  g_free(layout->tracks);
  g_free(layout->spans);
  g_free(layout->service_of);
  g_free(layout->track_of);
}

void unpark_span_layout_unref(UnparkSpanLayout *layout) {
  g_atomic_rc_box_release_full(layout, clear);
}

/* The place of the first of the track that starts at ns or later. */
static guint first_start(const UnparkSpanLayout *layout, const UnparkSpanTrack *track, gint64 ns) {
  guint low = track->first, high = track->first + track->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (layout->traces->spans[layout->spans[middle]].start_ns < ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

guint unpark_span_layout_first(const UnparkSpanLayout *layout, const UnparkSpanTrack *track,
                               gint64 ns) {
  return first_start(layout, track, ns - track->longest_ns);
}

/* Whether `a` is before `b` in the order in which one steps. */
static gboolean is_before(const UnparkTraces *traces, gint32 a, gint32 b) {
  gint64 x = traces->spans[a].start_ns, y = traces->spans[b].start_ns;
  return x != y ? x < y : a < b;
}

gint32 unpark_span_layout_step(const UnparkSpanLayout *layout, gint32 span, int direction) {
  const UnparkSpanService *service = &layout->services[layout->service_of[span]];
  gint64 start = layout->traces->spans[span].start_ns;
  gint32 best = -1;
  for (guint t = 0; t < service->n_tracks; t++) {
    const UnparkSpanTrack *track = &layout->tracks[service->first_track + t];
    guint at = first_start(layout, track, start), end = track->first + track->n;
    /* Those that start together may be on both sides. */
    guint from = at > track->first ? at - 1 : at;
    for (guint i = from; i < end; i++) {
      gint32 other = layout->spans[i];
      if (other == span || is_before(layout->traces, span, other) != (direction > 0))
        continue;
      if (best < 0 || is_before(layout->traces, other, best) == (direction > 0))
        best = other;
      if (direction > 0)
        break;
    }
  }
  return best;
}

gint32 unpark_span_layout_from(const UnparkSpanLayout *layout, guint index, gint64 ns) {
  const UnparkSpanService *service = &layout->services[index];
  gint32 best = -1, last = -1;
  for (guint t = 0; t < service->n_tracks; t++) {
    const UnparkSpanTrack *track = &layout->tracks[service->first_track + t];
    guint at = first_start(layout, track, ns), end = track->first + track->n;
    if (at < end && (best < 0 || is_before(layout->traces, layout->spans[at], best)))
      best = layout->spans[at];
    if (last < 0 || is_before(layout->traces, last, layout->spans[end - 1]))
      last = layout->spans[end - 1];
  }
  return best >= 0 ? best : last;
}

gint32 unpark_span_layout_find(const UnparkSpanLayout *layout, gint64 source, gint64 row) {
  const UnparkTraces *traces = layout->traces;
  if (source < 1 || source > (gint64)traces->sources->len || row < 0)
    return -1;
  guint first = unpark_traces_source(traces, (guint)source - 1)->first;
  guint end = source < (gint64)traces->sources->len
                  ? unpark_traces_source(traces, (guint)source)->first
                  : traces->n_spans;
  return row < (gint64)end - (gint64)first ? (gint32)(first + (guint)row) : -1;
}
