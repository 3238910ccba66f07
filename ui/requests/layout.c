/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/layout.h"

#include <stdlib.h>

#include "model/base/times.h"
#include "model/spans/search.h"

/* Nodes between two looks at whether it is still wanted. */
#define CHECK_NODES 4096

/* What is still to become nodes, the next one last. */
typedef struct {
  enum { A_SPAN, REPEATS, END } what;
  gint32 span;      /* A_SPAN */
  guint32 first, n; /* REPEATS: in `members` */
  guint32 node;     /* END: what is below it is complete */
  guint32 parent, depth;
} Todo;

/* A child while its kind is looked for. */
typedef struct {
  guint32 service, name;
  guint32 at; /* among the children */
} Child;

typedef struct {
  const UnparkTraces *traces;
  GArray *nodes;    /* UnparkWaterfallNode */
  GArray *todo;     /* Todo */
  GArray *members;  /* gint32: spans of repeats */
  GArray *children; /* gint32: of the span at hand, by start */
  GArray *kinds;    /* Child */
  guint32 *service; /* by text: index in the waterfall's services */
} Build;

/* ---- Nodes -------------------------------------------------------------------------------- */

static guint32 service_of(const UnparkTraces *traces, gint32 span) {
  return unpark_traces_resource(traces, &traces->spans[span])->service;
}

static int by_kind(gconstpointer a, gconstpointer b) {
  const Child *p = a, *q = b;
  if (p->service != q->service)
    return p->service < q->service ? -1 : 1;
  if (p->name != q->name)
    return p->name < q->name ? -1 : 1;
  return p->at < q->at ? -1 : p->at > q->at;
}

static gint32 child_at(const Build *build, guint32 at) {
  return g_array_index(build->children, gint32, at);
}

/* Of the children of one kind, [from, to) of `kinds`: from now on the first stands for all. */
static void join(Build *build, GArray *entries, guint from, guint to) {
  Todo all = {.what = REPEATS, .first = build->members->len, .n = to - from};
  for (guint i = from; i < to; i++) {
    guint32 at = g_array_index(build->kinds, Child, i).at;
    gint32 span = child_at(build, at);
    g_array_append_val(build->members, span);
    g_array_index(entries, Todo, at).what = END; /* left out */
  }
  g_array_index(entries, Todo, g_array_index(build->kinds, Child, from).at) = all;
}

static void join_repeats(Build *build, GArray *entries) {
  g_array_set_size(build->kinds, 0);
  for (guint32 i = 0; i < build->children->len; i++) {
    gint32 span = child_at(build, i);
    Child child = {service_of(build->traces, span), build->traces->spans[span].name, i};
    g_array_append_val(build->kinds, child);
  }
  g_array_sort(build->kinds, by_kind);
  for (guint from = 0, to; from < build->kinds->len; from = to) {
    const Child *first = &g_array_index(build->kinds, Child, from);
    for (to = from + 1; to < build->kinds->len; to++) {
      const Child *child = &g_array_index(build->kinds, Child, to);
      if (child->service != first->service || child->name != first->name)
        break;
    }
    if (to - from >= UNPARK_WATERFALL_REPEATS)
      join(build, entries, from, to);
  }
}

/* What is in `children` becomes nodes below `parent`. */
static void push_children(Build *build, guint32 parent, guint32 depth) {
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Todo));
  for (guint32 i = 0; i < build->children->len; i++) {
    Todo one = {.what = A_SPAN, .span = child_at(build, i)};
    g_array_append_val(entries, one);
  }
  if (build->children->len >= UNPARK_WATERFALL_REPEATS)
    join_repeats(build, entries);
  for (guint i = entries->len; i-- > 0;) {
    Todo *entry = &g_array_index(entries, Todo, i);
    entry->parent = parent;
    entry->depth = depth;
    if (entry->what != END)
      g_array_append_val(build->todo, *entry);
  }
}

static guint32 add_node(Build *build, const Todo *todo, gint32 span) {
  const UnparkTraceSpan *s = &build->traces->spans[span];
  UnparkWaterfallNode node = {.span = span,
                              .parent = todo->parent,
                              .depth = todo->depth,
                              .service = build->service[service_of(build->traces, span)],
                              .open = TRUE,
                              .start_ns = s->start_ns,
                              .end_ns = s->end_ns};
  Todo end = {.what = END, .node = build->nodes->len};
  g_array_append_val(build->nodes, node);
  g_array_append_val(build->todo, end);
  return end.node;
}

static void add_span(Build *build, const Todo *todo) {
  guint32 node = add_node(build, todo, todo->span);
  g_array_set_size(build->children, 0);
  for (gint32 c = build->traces->spans[todo->span].first_child; c >= 0;
       c = build->traces->spans[c].next_sibling)
    g_array_append_val(build->children, c);
  push_children(build, node, todo->depth + 1);
}

static void add_repeats(Build *build, const Todo *todo) {
  guint32 at = add_node(build, todo, g_array_index(build->members, gint32, todo->first));
  UnparkWaterfallNode *node = &g_array_index(build->nodes, UnparkWaterfallNode, at);
  node->n = todo->n;
  node->open = FALSE;
  for (guint32 i = todo->n; i-- > 0;) {
    Todo one = {.what = A_SPAN,
                .span = g_array_index(build->members, gint32, todo->first + i),
                .parent = at,
                .depth = todo->depth + 1};
    node->end_ns = MAX(node->end_ns, build->traces->spans[one.span].end_ns);
    g_array_append_val(build->todo, one);
  }
}

static gboolean add_nodes(Build *build, GCancellable *cancellable, GError **error) {
  for (guint n = 0; build->todo->len > 0; n++) {
    Todo todo = g_array_index(build->todo, Todo, build->todo->len - 1);
    g_array_set_size(build->todo, build->todo->len - 1);
    if (n % CHECK_NODES == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (todo.what == END)
      g_array_index(build->nodes, UnparkWaterfallNode, todo.node).end = build->nodes->len;
    else if (todo.what == REPEATS)
      add_repeats(build, &todo);
    else
      add_span(build, &todo);
  }
  return TRUE;
}

/* All spans of the trace above which there is none. */
static void collect_tops(Build *build, gint32 span) {
  const UnparkTraceIds *ids = &build->traces->spans[span].ids;
  for (gint32 i = 0; i < (gint32)build->traces->n_spans; i++) {
    const UnparkTraceSpan *s = &build->traces->spans[i];
    if (s->parent < 0 && s->ids.low == ids->low && s->ids.high == ids->high)
      g_array_append_val(build->children, i);
  }
  g_array_sort_with_data(build->children, unpark_traces_by_start, (gpointer)build->traces);
}

/* ---- What follows from them --------------------------------------------------------------- */

static int by_span_number(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkWaterfallNode *nodes = data;
  gint32 x = nodes[*(const guint32 *)a].span, y = nodes[*(const guint32 *)b].span;
  return x < y ? -1 : x > y;
}

static void index_spans(UnparkWaterfall *w) {
  w->by_span = g_new(guint32, w->n_nodes + 1);
  for (guint32 i = 0; i < w->n_nodes; i++)
    if (w->nodes[i].n == 0)
      w->by_span[w->n_spans++] = i;
  g_qsort_with_data(w->by_span, (gint)w->n_spans, sizeof *w->by_span, by_span_number, w->nodes);
}

guint32 unpark_waterfall_find(const UnparkWaterfall *w, gint32 span) {
  guint32 low = 0, high = w->n_spans;
  while (low < high) {
    guint32 middle = low + (high - low) / 2;
    if (w->nodes[w->by_span[middle]].span < span)
      low = middle + 1;
    else
      high = middle;
  }
  return low < w->n_spans && w->nodes[w->by_span[low]].span == span ? w->by_span[low]
                                                                    : UNPARK_WATERFALL_NONE;
}

static int by_node(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkWaterfallStretch *path = data;
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  if (path[x].node != path[y].node)
    return path[x].node < path[y].node ? -1 : 1;
  return x < y ? -1 : x > y;
}

static void find_path(UnparkWaterfall *w) {
  g_autoptr(GArray) stretches = unpark_traces_path(w->traces, w->top);
  w->n_path = stretches->len;
  w->path = g_new(UnparkWaterfallStretch, w->n_path + 1);
  w->by_node = g_new(guint32, w->n_path + 1);
  for (guint32 i = 0; i < w->n_path; i++) {
    const UnparkTraceStretch *s = &g_array_index(stretches, UnparkTraceStretch, i);
    w->path[i] = (UnparkWaterfallStretch){unpark_waterfall_find(w, s->span), s->from_ns, s->to_ns};
    w->by_node[i] = i;
    unpark_time_sum(&w->services[w->nodes[w->path[i].node].service].path_ns, s->to_ns - s->from_ns);
  }
  g_qsort_with_data(w->by_node, (gint)w->n_path, sizeof *w->by_node, by_node, w->path);
  for (guint32 i = 0, s = 0; i <= w->n_nodes; i++) {
    while (s < w->n_path && w->path[w->by_node[s]].node < i)
      s++;
    w->nodes[i].stretch = s;
  }
}

/* FALSE: cancelled, or the search failed. */
static gboolean count(UnparkWaterfall *w, const char *text, GCancellable *cancellable,
                      GError **error) {
  g_autoptr(UnparkTraceSearch) search = unpark_trace_search_new(w->traces, text, error);
  g_autoptr(GError) failure = NULL;
  if (!search)
    return FALSE;
  w->searched = !unpark_trace_search_is_empty(search);
  for (guint32 i = 0; i < w->n_nodes; i++) {
    const UnparkWaterfallNode *node = &w->nodes[i];
    const UnparkTraceSpan *span = &w->traces->spans[node->span];
    gboolean is_span = node->n == 0;
    w->nodes[i + 1].errors = node->errors + (is_span && span->status == UNPARK_TRACE_ERROR);
    w->nodes[i + 1].found =
        node->found +
        (is_span && w->searched && unpark_trace_search_fits(search, (guint)node->span, &failure));
    if (failure) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (i % CHECK_NODES == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static void measure(UnparkWaterfall *w) {
  w->start_ns = G_MAXINT64;
  w->end_ns = G_MININT64;
  for (guint32 i = 0; i < w->n_nodes; i++) {
    const UnparkWaterfallNode *node = &w->nodes[i];
    w->start_ns = MIN(w->start_ns, node->start_ns);
    w->end_ns = MAX(w->end_ns, node->end_ns);
    w->services[node->service].spans += node->n == 0;
  }
  w->end_ns = MAX(w->end_ns, w->start_ns + 1);
}

/* ---- Services ----------------------------------------------------------------------------- */

/* All of the traces; those that this one has not are left out afterwards. */
static void list_services(UnparkWaterfall *w, Build *build) {
  g_autofree guint32 *texts = unpark_traces_services(w->traces, &w->n_services);
  w->services = g_new0(UnparkWaterfallService, w->n_services + 1);
  build->service = g_new0(guint32, w->traces->texts->len);
  for (guint32 i = 0; i < w->n_services; i++) {
    w->services[i] = (UnparkWaterfallService){.text = texts[i], .rank = i};
    build->service[texts[i]] = i;
  }
}

static int by_path(gconstpointer a, gconstpointer b) {
  const UnparkWaterfallService *p = a, *q = b;
  if (p->path_ns != q->path_ns)
    return p->path_ns > q->path_ns ? -1 : 1;
  if (p->spans != q->spans)
    return p->spans > q->spans ? -1 : 1;
  return p->rank < q->rank ? -1 : 1;
}

static void sort_services(UnparkWaterfall *w) {
  g_autofree guint32 *of_rank = g_new0(guint32, w->n_services + 1);
  qsort(w->services, w->n_services, sizeof *w->services, by_path);
  guint32 n = 0;
  for (guint32 i = 0; i < w->n_services; i++) {
    of_rank[w->services[i].rank] = i;
    n += w->services[i].spans > 0; /* those without are the last ones */
  }
  for (guint32 i = 0; i < w->n_nodes; i++)
    w->nodes[i].service = of_rank[w->nodes[i].service];
  w->n_services = n;
}

/* ---- Rows --------------------------------------------------------------------------------- */

static void update_rows(UnparkWaterfall *w) {
  w->n_rows = 0;
  for (guint32 i = 0; i < w->n_nodes;) {
    const UnparkWaterfallNode *node = &w->nodes[i];
    guint32 next = node->open ? i + 1 : node->end;
    for (guint32 below = i; below < next; below++)
      w->row_of[below] = w->n_rows;
    w->rows[w->n_rows++] = i;
    i = next;
  }
}

void unpark_waterfall_set_open(UnparkWaterfall *w, guint32 node, gboolean open) {
  w->nodes[node].open = open;
  update_rows(w);
}

void unpark_waterfall_set_all_open(UnparkWaterfall *w, gboolean repeats) {
  for (guint32 i = 0; i < w->n_nodes; i++)
    w->nodes[i].open = repeats || w->nodes[i].n == 0;
  update_rows(w);
}

gboolean unpark_waterfall_reveal(UnparkWaterfall *w, guint32 node) {
  gboolean closed = FALSE;
  for (guint32 p = w->nodes[node].parent; p != UNPARK_WATERFALL_NONE; p = w->nodes[p].parent) {
    closed |= !w->nodes[p].open;
    w->nodes[p].open = TRUE;
  }
  if (closed)
    update_rows(w);
  return closed;
}

/* ---- All ---------------------------------------------------------------------------------- */

void unpark_waterfall_free(UnparkWaterfall *w) {
  if (!w)
    return;
  g_free(w->nodes);
  g_free(w->services);
  g_free(w->path);
  g_free(w->by_node);
  g_free(w->rows);
  g_free(w->row_of);
  g_free(w->by_span);
  unpark_sources_unref(w->sources);
  g_free(w);
}

static void build_clear(Build *build) {
  g_array_unref(build->todo);
  g_array_unref(build->members);
  g_array_unref(build->children);
  g_array_unref(build->kinds);
  g_free(build->service);
}

static gboolean make_nodes(UnparkWaterfall *w, gint32 span, GCancellable *cancellable,
                           GError **error) {
  Build build = {.traces = w->traces,
                 .nodes = g_array_new(FALSE, FALSE, sizeof(UnparkWaterfallNode)),
                 .todo = g_array_new(FALSE, FALSE, sizeof(Todo)),
                 .members = g_array_new(FALSE, FALSE, sizeof(gint32)),
                 .children = g_array_new(FALSE, FALSE, sizeof(gint32)),
                 .kinds = g_array_new(FALSE, FALSE, sizeof(Child))};
  const UnparkWaterfallNode last = {0};
  list_services(w, &build);
  collect_tops(&build, span);
  push_children(&build, UNPARK_WATERFALL_NONE, 0);
  gboolean ok = add_nodes(&build, cancellable, error);
  build_clear(&build);
  w->n_nodes = build.nodes->len;
  g_array_append_val(build.nodes, last);
  w->nodes = (UnparkWaterfallNode *)(gpointer)g_array_free(build.nodes, FALSE);
  return ok;
}

UnparkWaterfall *unpark_waterfall_new(UnparkSources *sources, gint32 span, const char *search,
                                      GCancellable *cancellable, GError **error) {
  const UnparkTraces *traces = unpark_sources_traces(sources, error);
  g_autoptr(UnparkWaterfall) w = NULL;
  if (!traces)
    return NULL;
  g_return_val_if_fail(span >= 0 && span < (gint32)traces->n_spans, NULL);
  w = g_new0(UnparkWaterfall, 1);
  w->sources = unpark_sources_ref(sources);
  w->traces = traces;
  for (w->top = span; traces->spans[w->top].parent >= 0;)
    w->top = traces->spans[w->top].parent;
  if (!make_nodes(w, span, cancellable, error) || !count(w, search, cancellable, error))
    return NULL;
  index_spans(w);
  measure(w);
  find_path(w);
  sort_services(w);
  w->rows = g_new(guint32, w->n_nodes + 1);
  w->row_of = g_new(guint32, w->n_nodes + 1);
  update_rows(w);
  return g_steal_pointer(&w);
}

/* ---- Looking ------------------------------------------------------------------------------ */

static guint32 after(const UnparkWaterfall *w, guint32 node, gboolean below) {
  return below ? w->nodes[node].end : node + 1;
}

guint32 unpark_waterfall_n_errors(const UnparkWaterfall *w, guint32 node, gboolean below) {
  return w->nodes[after(w, node, below)].errors - w->nodes[node].errors;
}

guint32 unpark_waterfall_n_found(const UnparkWaterfall *w, guint32 node, gboolean below) {
  return w->nodes[after(w, node, below)].found - w->nodes[node].found;
}

guint32 unpark_waterfall_next(const UnparkWaterfall *w, guint32 node, int by) {
  for (guint32 i = 1; i <= w->n_nodes; i++) {
    guint32 at = (guint32)(((gint64)node + by * (gint64)i + w->n_nodes) % w->n_nodes);
    if (w->searched ? unpark_waterfall_n_found(w, at, FALSE)
                    : unpark_waterfall_n_errors(w, at, FALSE))
      return at;
  }
  return UNPARK_WATERFALL_NONE;
}
