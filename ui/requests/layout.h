/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a waterfall: the spans of one trace, each below its parent, alike ones together.
 * Arithmetic, no GTK. Made by a worker; then of one thread, which opens and closes rows.
 *
 * Nodes are the whole tree, each parent before what is below it; rows are the nodes that are not
 * in a closed one. Of REPEATS or more children of one span that have one service and name there
 * is a node above all of them, closed at first.
 */
#pragma once

#include <gio/gio.h>

#include "model/spans/traces.h"

#define UNPARK_WATERFALL_REPEATS 4
#define UNPARK_WATERFALL_NONE G_MAXUINT32

typedef struct {
  gint32 span;    /* number of the span; of repeats, the first */
  guint32 n;      /* of repeats: how many; 0: a span */
  guint32 parent; /* NONE: there is none */
  guint32 end;    /* what is below it: the nodes from the next one to this */
  guint32 depth;
  guint32 stretch; /* stretches of nodes before this one: an index of by_node */
  guint32 errors;  /* spans with an error before this node */
  guint32 found;   /* spans that fit the search before this node */
  guint32 service; /* index in services */
  gboolean open;
  gint64 start_ns, end_ns; /* of repeats: of all of them together */
} UnparkWaterfallNode;

/* A service of the trace. */
typedef struct {
  guint32 text;
  guint32 rank;   /* among the services of all traces, by spans: for its colour */
  guint32 spans;  /* in this trace */
  gint64 path_ns; /* of the critical path */
} UnparkWaterfallService;

/* A piece of the critical path. */
typedef struct {
  guint32 node;
  gint64 from_ns, to_ns;
} UnparkWaterfallStretch;

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces;
  UnparkWaterfallNode *nodes; /* one more than there are, for sums */
  guint32 n_nodes, n_spans;
  gint32 top;                       /* of the request whose path is shown */
  gint64 start_ns, end_ns;          /* of all; start < end */
  UnparkWaterfallService *services; /* by their time on the path, most first */
  guint32 n_services;
  UnparkWaterfallStretch *path; /* ascending, without a gap */
  guint32 *by_node;             /* indices of path, by node */
  guint32 n_path;
  gboolean searched; /* something was searched for: `found` counts */

  guint32 *rows;    /* nodes */
  guint32 *row_of;  /* by node: its own row, or that of the closed one that it is in */
  guint32 *by_span; /* nodes of spans, by number of the span */
  guint32 n_rows;
} UnparkWaterfall;

/* Worker. The whole trace that `span` is of; `search`: see model/spans/search.h. */
UnparkWaterfall *unpark_waterfall_new(UnparkSources *sources, gint32 span, const char *search,
                                      GCancellable *cancellable, GError **error);
void unpark_waterfall_free(UnparkWaterfall *waterfall);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkWaterfall, unpark_waterfall_free)

/* The node of a span; NONE: it is of another trace. */
guint32 unpark_waterfall_find(const UnparkWaterfall *waterfall, gint32 span);
void unpark_waterfall_set_open(UnparkWaterfall *waterfall, guint32 node, gboolean open);
/* All of them, or only those that are no repeats. */
void unpark_waterfall_set_all_open(UnparkWaterfall *waterfall, gboolean repeats);
/* Opens what it is in. TRUE: something was closed. */
gboolean unpark_waterfall_reveal(UnparkWaterfall *waterfall, guint32 node);

/* Spans with an error, or that fit the search, of the node and, if `below`, of what is below. */
guint32 unpark_waterfall_n_errors(const UnparkWaterfall *waterfall, guint32 node, gboolean below);
guint32 unpark_waterfall_n_found(const UnparkWaterfall *waterfall, guint32 node, gboolean below);
/* The next span (by 1 or -1), around the end, that fits the search, or without one has an error;
 * NONE: there is none. */
guint32 unpark_waterfall_next(const UnparkWaterfall *waterfall, guint32 node, int by);

static inline gboolean unpark_waterfall_has_below(const UnparkWaterfall *waterfall, guint32 node) {
  return waterfall->nodes[node].end > node + 1;
}
