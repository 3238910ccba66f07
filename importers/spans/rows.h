/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of distributed traces on their way into the writer: what is the same for all their formats.
 *
 *   unpark_spans_begin(&spans);
 *   spans.span.name = unpark_writer_string(...); ...
 *   unpark_spans_attribute(&spans, UNPARK_TRACE_OF_SPAN, 0, key, &value);
 *   unpark_spans_commit(&spans);
 *
 * A span that has no valid id or start is left out; that, and whatever else is wrong, is counted
 * and noted at the end. A kilobyte or so is kept of each resource; of spans nothing. */
#pragma once

#include <gio/gio.h>

#include "model/writer/writer.h"

/* Of spans of one resource, or one span, more attributes, events or links than this are left out.
 */
#define UNPARK_SPANS_ITEMS_MAX 65536

typedef struct {
  UnparkTraceValue type;
  guint32 text; /* string id */
  gint64 number;
} UnparkSpansValue;

typedef struct {
  guint64 high, low;
} UnparkSpansTrace;

typedef struct {
  UnparkSpansTrace trace;   /* 0: none */
  guint64 id, parent;       /* 0: none */
  guint64 start_ns, end_ns; /* Unix times; 0: none */
  guint32 name, message, state;
  gint64 resource, scope; /* sets; the scope is what made the span, SQL: "library" */
  gint64 children;        /* UNPARK_NONE */
  UnparkTraceKind kind;
  UnparkTraceStatus status;
  guint flags;  /* UnparkTraceFlags */
  gboolean bad; /* one of its ids is no id */
} UnparkSpansSpan;

typedef enum {
  UNPARK_SPANS_BAD_ID,    /* left out */
  UNPARK_SPANS_BAD_START, /* left out */
  UNPARK_SPANS_NO_END,
  UNPARK_SPANS_BACKWARDS,
  UNPARK_SPANS_OUT_OF_RANGE,
  UNPARK_SPANS_BAD_PARENT,
  UNPARK_SPANS_BAD_VALUE,
  UNPARK_SPANS_TOO_MANY,
  UNPARK_SPANS_NOT_A_SPAN, /* left out */
  UNPARK_SPANS_N_FAULTS
} UnparkSpansFault;

typedef struct {
  UnparkWriter *writer;
  UnparkSpansSpan span; /* at hand */
  GArray *attributes, *events, *links;
  guint n_events, n_links;
  gint64 n_spans;
  gint64 first_ns, last_ns; /* from UNPARK_TRACE_EPOCH_NS */
  guint64 faults[UNPARK_SPANS_N_FAULTS];
  guint64 n_other; /* parts of the file that are other signals */
  GHashTable *sets;
  gint64 n_sets, next_set; /* given out; to be written */
  GQueue pending;          /* sets from next_set on */
} UnparkSpans;

void unpark_spans_init(UnparkSpans *spans, UnparkWriter *writer);
void unpark_spans_clear(UnparkSpans *spans);

void unpark_spans_begin(UnparkSpans *spans);
/* `item`: of an event or a link, its number from 1; else 0. */
void unpark_spans_attribute(UnparkSpans *spans, UnparkTraceScope scope, guint item, guint32 key,
                            const UnparkSpansValue *value);
/* `time_ns`: Unix time; 0: not known, it is then the span's start. */
void unpark_spans_event(UnparkSpans *spans, guint64 time_ns, guint32 name);
void unpark_spans_link(UnparkSpans *spans, UnparkSpansTrace trace, guint64 span);
void unpark_spans_commit(UnparkSpans *spans);
static inline void unpark_spans_fault(UnparkSpans *spans, UnparkSpansFault fault) {
  spans->faults[fault]++;
}

/* ---- Attributes that many spans have in common: of a resource or a scope ------------------ */

GArray *unpark_spans_set_new(void);
void unpark_spans_set_add(UnparkSpans *spans, GArray *set, guint32 key,
                          const UnparkSpansValue *value);
/* Its number; 0 for an empty one. Equal sets are one. */
gint64 unpark_spans_set(UnparkSpans *spans, const GArray *set);
/* A number for a set that comes later in the file than its spans. Each must be filled. */
gint64 unpark_spans_reserve_set(UnparkSpans *spans);
void unpark_spans_fill_set(UnparkSpans *spans, gint64 number, const GArray *set);

/* ---- The end ------------------------------------------------------------------------------ */

/* Notes all faults and says when the spans were. FALSE: there is none, `error` names `file`. */
gboolean unpark_spans_finish(UnparkSpans *spans, const char *file, const char *importer,
                             const char *format, gint64 *duration_ns, gboolean *complete,
                             GError **error);
