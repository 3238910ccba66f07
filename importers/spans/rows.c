/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/times.h"

/* Sets that are remembered, so that an equal one is the same. */
#define SETS_KEPT 16384

typedef struct {
  gint64 scope, item, key, type, text, number;
} Attribute;

typedef struct {
  gint64 time_ns, name;
} Event;

typedef struct {
  gint64 high, low, span;
} Link;

typedef struct {
  gint64 number;
  GBytes *bytes; /* Attributes; NULL: it is to be filled */
} PendingSet;

void unpark_spans_init(UnparkSpans *spans, UnparkWriter *writer) {
  *spans = (UnparkSpans){.writer = writer, .next_set = 1, .first_ns = G_MAXINT64};
  spans->last_ns = -G_MAXINT64;
  spans->attributes = unpark_spans_set_new();
  spans->events = g_array_new(FALSE, FALSE, sizeof(Event));
  spans->links = g_array_new(FALSE, FALSE, sizeof(Link));
  spans->sets =
      g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  g_queue_init(&spans->pending);
}

static void pending_free(gpointer data) {
  PendingSet *set = data;

  g_clear_pointer(&set->bytes, g_bytes_unref);
  g_free(set);
}

void unpark_spans_clear(UnparkSpans *spans) {
  g_array_unref(spans->attributes);
  g_array_unref(spans->events);
  g_array_unref(spans->links);
  g_hash_table_unref(spans->sets);
  g_queue_clear_full(&spans->pending, pending_free);
}

/* ---- Spans -------------------------------------------------------------------------------- */

void unpark_spans_begin(UnparkSpans *spans) {
  spans->span = (UnparkSpansSpan){.children = UNPARK_NONE};
  g_array_set_size(spans->attributes, 0);
  g_array_set_size(spans->events, 0);
  g_array_set_size(spans->links, 0);
}

static gboolean has_room(UnparkSpans *spans, const GArray *items) {
  if (items->len < UNPARK_SPANS_ITEMS_MAX)
    return TRUE;
  unpark_spans_fault(spans, UNPARK_SPANS_TOO_MANY);
  return FALSE;
}

void unpark_spans_attribute(UnparkSpans *spans, UnparkTraceScope scope, guint item, guint32 key,
                            const UnparkSpansValue *value) {
  const Attribute attribute = {scope, item, key, value->type, value->text, value->number};

  if (has_room(spans, spans->attributes))
    g_array_append_val(spans->attributes, attribute);
}

void unpark_spans_event(UnparkSpans *spans, guint64 time_ns, guint32 name) {
  const Event event = {(gint64)time_ns, name};

  if (has_room(spans, spans->events))
    g_array_append_val(spans->events, event);
}

void unpark_spans_link(UnparkSpans *spans, UnparkSpansTrace trace, guint64 span) {
  const Link link = {(gint64)trace.high, (gint64)trace.low, (gint64)span};

  if (has_room(spans, spans->links))
    g_array_append_val(spans->links, link);
}

/* From a Unix time: the nearest time that a store keeps. */
static gint64 store_time(UnparkSpans *spans, guint64 unix_ns) {
  const guint64 epoch = UNPARK_TRACE_EPOCH_NS;
  guint64 away = unix_ns > epoch ? unix_ns - epoch : epoch - unix_ns;

  if (away > (guint64)UNPARK_TIME_MAX) {
    unpark_spans_fault(spans, UNPARK_SPANS_OUT_OF_RANGE);
    away = (guint64)UNPARK_TIME_MAX;
  }
  return unix_ns > epoch ? (gint64)away : -(gint64)away;
}

static void write_items(UnparkSpans *spans) {
  for (guint i = 0; i < spans->attributes->len; i++) {
    const Attribute *a = &g_array_index(spans->attributes, Attribute, i);
    const gint64 row[] = {spans->n_spans, a->scope, a->item, a->key, a->type, a->text, a->number};
    unpark_writer_append(spans->writer, UNPARK_TABLE_TRACE_ATTRIBUTE, row);
  }
  for (guint i = 0; i < spans->events->len; i++) {
    const Event *event = &g_array_index(spans->events, Event, i);
    guint64 time_ns = (guint64)event->time_ns ? (guint64)event->time_ns : spans->span.start_ns;
    const gint64 row[] = {spans->n_spans, store_time(spans, time_ns), event->name};
    unpark_writer_append(spans->writer, UNPARK_TABLE_TRACE_EVENT, row);
  }
  for (guint i = 0; i < spans->links->len; i++) {
    const Link *link = &g_array_index(spans->links, Link, i);
    const gint64 row[] = {spans->n_spans, link->high, link->low, link->span};
    unpark_writer_append(spans->writer, UNPARK_TABLE_TRACE_LINK, row);
  }
}

/* The end of the span, from its start on. */
static guint64 sound_end(UnparkSpans *spans) {
  const UnparkSpansSpan *span = &spans->span;

  if (span->end_ns >= span->start_ns)
    return span->end_ns;
  unpark_spans_fault(spans, span->end_ns ? UNPARK_SPANS_BACKWARDS : UNPARK_SPANS_NO_END);
  return span->start_ns;
}

void unpark_spans_commit(UnparkSpans *spans) {
  const UnparkSpansSpan *span = &spans->span;
  gint64 start, end;

  if (span->bad || span->id == 0 || (span->trace.high == 0 && span->trace.low == 0)) {
    unpark_spans_fault(spans, UNPARK_SPANS_BAD_ID);
    return;
  }
  if (span->start_ns == 0) {
    unpark_spans_fault(spans, UNPARK_SPANS_BAD_START);
    return;
  }
  start = store_time(spans, span->start_ns);
  end = store_time(spans, sound_end(spans));
  spans->n_spans++;
  const gint64 row[] = {spans->n_spans,
                        (gint64)span->trace.high,
                        (gint64)span->trace.low,
                        (gint64)span->id,
                        (gint64)span->parent,
                        span->resource,
                        span->scope,
                        span->name,
                        span->kind,
                        start,
                        end,
                        span->status,
                        span->message,
                        span->state,
                        span->children,
                        span->flags};
  unpark_writer_append(spans->writer, UNPARK_TABLE_TRACE_SPAN, row);
  spans->first_ns = MIN(spans->first_ns, start);
  spans->last_ns = MAX(spans->last_ns, end);
  write_items(spans);
}

/* ---- Sets --------------------------------------------------------------------------------- */

GArray *unpark_spans_set_new(void) {
  return g_array_new(FALSE, TRUE, sizeof(Attribute));
}

void unpark_spans_set_add(UnparkSpans *spans, GArray *set, guint32 key,
                          const UnparkSpansValue *value) {
  const Attribute attribute = {0, 0, key, value->type, value->text, value->number};

  if (has_room(spans, set))
    g_array_append_val(set, attribute);
}

static void write_set(UnparkSpans *spans, gint64 number, GBytes *bytes) {
  gsize size;
  const Attribute *a = g_bytes_get_data(bytes, &size);

  for (gsize i = 0; i < size / sizeof *a; i++) {
    const gint64 row[] = {number, a[i].key, a[i].type, a[i].text, a[i].number};
    unpark_writer_append(spans->writer, UNPARK_TABLE_TRACE_SET, row);
  }
}

/* Sets stand in the store in the order of their numbers. */
static void flush_sets(UnparkSpans *spans) {
  PendingSet *set;

  while ((set = g_queue_peek_head(&spans->pending)) && set->bytes) {
    write_set(spans, set->number, set->bytes);
    pending_free(g_queue_pop_head(&spans->pending));
  }
}

static gint64 add_pending(UnparkSpans *spans, GBytes *bytes) {
  PendingSet *set = g_new(PendingSet, 1);

  set->number = ++spans->n_sets;
  set->bytes = bytes;
  g_queue_push_tail(&spans->pending, set);
  return set->number;
}

static GBytes *bytes_of(const GArray *set) {
  return g_bytes_new(set->data, set->len * sizeof(Attribute));
}

gint64 unpark_spans_set(UnparkSpans *spans, const GArray *set) {
  GBytes *bytes;
  gint64 number;
  gpointer known;

  if (set->len == 0)
    return 0;
  bytes = bytes_of(set);
  known = g_hash_table_lookup(spans->sets, bytes);
  if (known) {
    g_bytes_unref(bytes);
    return GPOINTER_TO_SIZE(known);
  }
  number = add_pending(spans, bytes);
  if (g_hash_table_size(spans->sets) < SETS_KEPT)
    g_hash_table_insert(spans->sets, g_bytes_ref(bytes), GSIZE_TO_POINTER((gsize)number));
  flush_sets(spans);
  return number;
}

gint64 unpark_spans_reserve_set(UnparkSpans *spans) {
  return add_pending(spans, NULL);
}

void unpark_spans_fill_set(UnparkSpans *spans, gint64 number, const GArray *set) {
  for (GList *l = spans->pending.head; l; l = l->next) {
    PendingSet *pending = l->data;
    if (pending->number == number && !pending->bytes)
      pending->bytes = bytes_of(set);
  }
  flush_sets(spans);
}

/* ---- The end ------------------------------------------------------------------------------ */

static const struct {
  const char *name, *what;
} faults[UNPARK_SPANS_N_FAULTS] = {
    [UNPARK_SPANS_BAD_ID] = {"bad-span-id",
                             N_("A span has no valid trace id or span id and was left out")},
    [UNPARK_SPANS_BAD_START] = {"bad-span-start",
                                N_("A span has no valid start time and was left out")},
    [UNPARK_SPANS_NO_END] = {"span-without-end",
                             N_("A span has no valid end time; it is shown without a duration")},
    [UNPARK_SPANS_BACKWARDS] =
        {"backward-span",
         N_("A span ends before it begins; it is shown without a duration at its start")},
    [UNPARK_SPANS_OUT_OF_RANGE] =
        {"time-out-of-range",
         N_("A time is not between 1983 and 2056; the nearest year that can be shown replaces it")},
    [UNPARK_SPANS_BAD_PARENT] =
        {"bad-parent-id", N_("A span's parent or link has no valid id and was left out; the span "
                             "is shown without it")},
    [UNPARK_SPANS_BAD_VALUE] = {"bad-value",
                                N_("A value does not have the type that its place needs and was "
                                   "left out")},
    [UNPARK_SPANS_TOO_MANY] = {"too-many-items",
                               N_("A span or resource has more than 65,536 attributes, events or "
                                  "links; the others were left out")},
    [UNPARK_SPANS_NOT_A_SPAN] = {"not-a-span",
                                 N_("Something that is no span stands where spans are, and was "
                                    "left out")},
};

static void note_all(UnparkSpans *spans, gboolean *complete) {
  for (guint i = 0; i < UNPARK_SPANS_N_FAULTS; i++)
    if (spans->faults[i] > 0) {
      unpark_writer_note(spans->writer, UNPARK_NOTE_WARNING, faults[i].name, spans->faults[i], "%s",
                         _(faults[i].what));
      *complete = FALSE;
    }
  if (spans->n_other > 0)
    unpark_writer_note(spans->writer, UNPARK_NOTE_INFO, "other-signals", spans->n_other,
                       _("Logs, metrics or profiles stand between the spans; they were not read"));
}

gboolean unpark_spans_finish(UnparkSpans *spans, const char *file, const char *importer,
                             const char *format, gint64 *duration_ns, gboolean *complete,
                             GError **error) {
  GArray *empty = unpark_spans_set_new();

  /* What the end of the file cut off. */
  for (GList *l = spans->pending.head; l; l = l->next)
    if (!((PendingSet *)l->data)->bytes)
      ((PendingSet *)l->data)->bytes = bytes_of(empty);
  flush_sets(spans);
  g_array_unref(empty);
  if (spans->n_spans == 0) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                spans->n_other > 0
                    ? _("%s has logs, metrics or profiles of OpenTelemetry, but no spans")
                    : _("%s begins like a file of spans, but has no span with an id and a start"),
                file);
    return FALSE;
  }
  note_all(spans, complete);
  unpark_writer_set_source(spans->writer, UNPARK_SOURCE_SPANS, importer, format, NULL,
                           unpark_time_add(UNPARK_TRACE_EPOCH_NS, spans->first_ns));
  unpark_writer_count_events(spans->writer, (guint64)spans->n_spans);
  *duration_ns = MIN(spans->last_ns - spans->first_ns, UNPARK_TIME_MAX);
  return TRUE;
}
