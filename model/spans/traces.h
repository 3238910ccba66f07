/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spans of distributed traces of one or more stores, and what follows from all of them: who is
 * whose parent, time of its own, the critical path, hops between services.
 *
 * Services are often recorded into a file each: a span's parent may be in another store, so nothing
 * of this is kept in a store. Everything of one UnparkTraces is immutable; any thread.
 *
 * A parent is the span of that id in the same trace. Zipkin's halves share an id: the server's is
 * then a child of the client's. Parents that would make a circle are taken for absent.
 */
#pragma once

#include "model/sources/sources.h"

typedef struct {
  guint64 high, low;    /* of the trace */
  guint64 span, parent; /* parent 0: the span is a root */
} UnparkTraceIds;

/* How sure it is which goroutine a span ran on. */
typedef enum {
  UNPARK_TRACE_NOT_JOINED,
  UNPARK_TRACE_JOINED_BY_LABEL, /* the labels of a goroutine of a dump have the span's id */
  UNPARK_TRACE_JOINED_BY_TIME,  /* the nearest of several tasks of that name */
  UNPARK_TRACE_JOINED_BY_TASK,  /* the only task of that name and time */
  UNPARK_TRACE_JOINED_BY_ID,    /* the trace logs the span's id */
} UnparkTraceCertainty;

typedef struct {
  gint64 goroutine, task; /* UNPARK_NONE */
  guint16 source;         /* index of the source that they are of */
  guint8 certainty;       /* UnparkTraceCertainty */
} UnparkTraceJoin;

typedef struct {
  UnparkTraceIds ids;
  gint64 start_ns, end_ns; /* on the axis of the sources; start <= end */
  gint64 self_ns;          /* of it no child ran */
  gint64 critical_ns;      /* of it nothing but this span could have been faster: see path.c */
  UnparkTraceJoin join;
  gint32 parent;       /* -1: root, or its parent is not here */
  gint32 first_child;  /* -1; children ascend by start */
  gint32 next_sibling; /* -1 */
  gint32 n_children;   /* that are here */
  gint32 made;         /* children that the program made; -1: not known */
  guint32 name, message;
  guint32 state;    /* the tracestate */
  float adjusted;   /* so many spans it stands for, as the tracestate says; 0: not known */
  guint32 resource; /* index in resources */
  guint16 source;   /* index, not number, of its source */
  guint32 row;      /* of TRACE_SPAN in it, from 0 */
  guint8 kind, status, flags;
} UnparkTraceSpan;

/* Who made spans: a process. */
typedef struct {
  guint32 service, host;
  gint64 pid; /* UNPARK_NONE */
  guint16 source;
  gint64 set; /* of TRACE_SET in the source; 0: none */
} UnparkTraceResource;

/* What one service asks of another: client spans of one service and name. */
typedef struct {
  guint32 caller, callee; /* services; 0: not known */
  guint32 name;
  gint64 calls;      /* client spans */
  gint64 joined;     /* of them with a span of another service as a child */
  gint64 lost;       /* of the others those in whose time a server span began a trace of its own */
  gint64 orphans;    /* server spans whose parent is not here */
  double low, high;  /* Wilson interval of joined / calls, 95 % */
  gint32 lost_call;  /* number of a client span that lost its context; -1 */
  gint32 not_joined; /* of another one without a server below; -1 */
  gint32 orphan;     /* of a server span whose parent is not here; -1 */
} UnparkServiceHop;

typedef struct {
  UnparkStore *store; /* not referenced */
  gint64 shift_ns;    /* from times of its TRACE tables to the axis */
  guint first;        /* number of its first span */
  gint32 resource;    /* of the process that recorded it; -1: not known, or several did */
} UnparkTraceSource;

typedef struct {
  UnparkTraceSpan *spans; /* by source, and there in the order of the file */
  guint n_spans;
  UnparkTraceResource *resources;
  guint n_resources;
  UnparkServiceHop *hops; /* by caller, callee and name */
  guint n_hops;
  GPtrArray *texts; /* by text id, which is of all stores; 0 is "". They belong to the stores */
  GArray *sources;  /* UnparkTraceSource */
} UnparkTraces;

/* Worker. The stores of the sources must outlive the result. */
UnparkTraces *unpark_traces_load(const UnparkSourceEntry *sources, guint n, GError **error);
void unpark_traces_free(UnparkTraces *traces);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTraces, unpark_traces_free)

/* Worker. Of aligned sources: execution traces that do not say when they were recorded are put
 * where the spans are whose ids they log. FALSE: a store is damaged, or the disk failed. */
gboolean unpark_traces_align(UnparkSources *sources, GError **error);

/* Worker the first time. Those of one store, on its own axis; owned by it. */
const UnparkTraces *unpark_store_traces(UnparkStore *store, GError **error);

/* The same of all sources, which are aligned; owned by them. */
const UnparkTraces *unpark_sources_traces(UnparkSources *sources, GError **error);

/* Time of a span in which nothing but it could have been faster. */
typedef struct {
  gint32 span;
  gint64 from_ns, to_ns;
} UnparkTraceStretch;
/* The critical path through a span and all below it, from its start to its end without a gap:
 * UnparkTraceStretch, ascending. Free with g_array_unref(). Any thread. */
GArray *unpark_traces_path(const UnparkTraces *traces, gint32 span);

/* The services that made spans, those with most spans first. Free with g_free(). Any thread. */
guint32 *unpark_traces_services(const UnparkTraces *traces, guint *n);

/* The next of `top` and all below it, each parent before its children; -1 after the last. */
static inline gint32 unpark_traces_next(const UnparkTraces *traces, gint32 at, gint32 top) {
  if (traces->spans[at].first_child >= 0)
    return traces->spans[at].first_child;
  while (at != top && traces->spans[at].next_sibling < 0)
    at = traces->spans[at].parent;
  return at == top ? -1 : traces->spans[at].next_sibling;
}

/* For g_array_sort_with_data() of numbers of spans (gint32) and the like, with the traces as data:
 * ascending by start, then by number. */
int unpark_traces_by_start(gconstpointer a, gconstpointer b, gpointer traces);

static inline const char *unpark_traces_text(const UnparkTraces *traces, guint32 text) {
  return traces->texts->pdata[text];
}

static inline const UnparkTraceResource *unpark_traces_resource(const UnparkTraces *traces,
                                                                const UnparkTraceSpan *span) {
  return &traces->resources[span->resource];
}

static inline const UnparkTraceSource *unpark_traces_source(const UnparkTraces *traces,
                                                            guint source) {
  return &g_array_index(traces->sources, UnparkTraceSource, source);
}

/* The id of a text; 0: no span has it. */
guint32 unpark_traces_find_text(const UnparkTraces *traces, const char *text);
