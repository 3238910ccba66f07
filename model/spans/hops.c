/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hops between services, and where the context gets lost on them.
 *
 * A client span whose server joined has a child of another service. Where the context was not
 * carried over, the server begins a trace of its own: its root then lies within the time of a
 * client span that has no such child. Each root is given to one client span at most, so that the
 * number of pairs is the greatest there is; which of several clients it was cannot be told, and is
 * not said. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/spans/private.h"

typedef struct {
  guint32 caller, name;
} Key;

typedef struct {
  Key key;
  UnparkServiceHop hop;
  GHashTable *callees; /* service -> spans of it below */
  GArray *open;        /* gint32: client spans without a server below */
} Hop;

static guint key_hash(gconstpointer key) {
  const Key *k = key;
  return k->caller * 2654435761u ^ k->name;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(Key)) == 0;
}

static void hop_free(gpointer data) {
  Hop *hop = data;
  g_hash_table_unref(hop->callees);
  g_array_unref(hop->open);
  g_free(hop);
}

static guint32 service_of(const UnparkTraces *traces, const UnparkTraceSpan *span) {
  return unpark_traces_resource(traces, span)->service;
}

/* ---- Client spans ------------------------------------------------------------------------- */

static gboolean is_call(const UnparkTraceSpan *span) {
  return span->kind == UNPARK_TRACE_CLIENT || span->kind == UNPARK_TRACE_PRODUCER;
}

static gboolean is_served(const UnparkTraceSpan *span) {
  return span->kind == UNPARK_TRACE_SERVER || span->kind == UNPARK_TRACE_CONSUMER;
}

static Hop *hop_of(GHashTable *hops, guint32 caller, guint32 name) {
  Key key = {caller, name};
  Hop *hop = g_hash_table_lookup(hops, &key);

  if (hop)
    return hop;
  hop = g_new0(Hop, 1);
  hop->key = key;
  hop->hop.caller = caller;
  hop->hop.name = name;
  hop->hop.lost_call = hop->hop.not_joined = hop->hop.orphan = -1;
  hop->callees = g_hash_table_new(NULL, NULL);
  hop->open = g_array_new(FALSE, FALSE, sizeof(gint32));
  g_hash_table_insert(hops, &hop->key, hop);
  return hop;
}

static void count_callee(Hop *hop, guint32 service) {
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(hop->callees, GUINT_TO_POINTER(service)));

  g_hash_table_insert(hop->callees, GUINT_TO_POINTER(service), GUINT_TO_POINTER(n + 1));
}

static void add_call(const UnparkTraces *traces, GHashTable *hops, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  guint32 caller = service_of(traces, span);
  Hop *hop = hop_of(hops, caller, span->name);
  gboolean joined = FALSE;

  hop->hop.calls++;
  for (gint32 c = span->first_child; c >= 0; c = traces->spans[c].next_sibling) {
    guint32 callee = service_of(traces, &traces->spans[c]);
    if (callee == caller)
      continue;
    if (!joined)
      count_callee(hop, callee);
    joined = TRUE;
  }
  if (joined)
    hop->hop.joined++;
  else
    g_array_append_val(hop->open, number);
}

/* The service that is called most often. */
static void choose_callee(Hop *hop) {
  GHashTableIter iter;
  gpointer service, n;
  guint most = 0;

  g_hash_table_iter_init(&iter, hop->callees);
  while (g_hash_table_iter_next(&iter, &service, &n))
    if (GPOINTER_TO_UINT(n) > most ||
        (GPOINTER_TO_UINT(n) == most && GPOINTER_TO_UINT(service) < hop->hop.callee)) {
      most = GPOINTER_TO_UINT(n);
      hop->hop.callee = GPOINTER_TO_UINT(service);
    }
}

/* ---- Lost contexts ------------------------------------------------------------------------ */

typedef struct {
  const UnparkTraces *traces;
  gint32 *roots; /* served spans without a parent, ascending by start */
  guint n_roots;
  guint8 *taken; /* by root */
} Roots;

int unpark_traces_by_start(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
  gint64 p = traces->spans[x].start_ns, q = traces->spans[y].start_ns;

  if (p != q)
    return p < q ? -1 : 1;
  return x < y ? -1 : x > y;
}

static Roots find_roots(const UnparkTraces *traces) {
  GArray *roots = g_array_new(FALSE, FALSE, sizeof(gint32));
  Roots r = {.traces = traces};

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    if (traces->spans[i].ids.parent == 0 && traces->spans[i].parent < 0 &&
        is_served(&traces->spans[i]))
      g_array_append_val(roots, i);
  g_array_sort_with_data(roots, unpark_traces_by_start, (gpointer)traces);
  r.n_roots = roots->len;
  r.roots = (gint32 *)(gpointer)g_array_free(roots, FALSE);
  r.taken = g_new0(guint8, MAX(r.n_roots, 1));
  return r;
}

static int by_end(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  gint32 x = GPOINTER_TO_INT(a), y = GPOINTER_TO_INT(b);
  gint64 p = traces->spans[x].end_ns, q = traces->spans[y].end_ns;

  if (p != q)
    return p < q ? -1 : 1;
  return x < y ? -1 : x > y;
}

static int ends_by(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  gint64 p = traces->spans[GPOINTER_TO_INT(a)].end_ns;
  gint64 q = traces->spans[GPOINTER_TO_INT(b)].end_ns;

  return p < q ? -1 : 1; /* of equal ones, those of the tree come after */
}

/* Roots by start, each to the client that began by then and ends soonest after it: no other choice
 * leaves more to those that follow. `callee` 0: of any service but the caller's. */
static guint match(const Roots *r, Hop *hop, guint32 callee, gboolean take) {
  const UnparkTraceSpan *spans = r->traces->spans;
  GSequence *begun = g_sequence_new(NULL);
  guint next = 0, n = 0;

  for (guint i = 0; i < r->n_roots; i++) {
    const UnparkTraceSpan *root = &spans[r->roots[i]];
    guint32 service = service_of(r->traces, root);
    GSequenceIter *fits;

    if (r->taken[i] || service == hop->hop.caller || (callee != 0 && service != callee))
      continue;
    for (; next < hop->open->len; next++) {
      gint32 client = g_array_index(hop->open, gint32, next);
      if (spans[client].start_ns > root->start_ns)
        break;
      g_sequence_insert_sorted(begun, GINT_TO_POINTER(client), by_end, (gpointer)r->traces);
    }
    fits = g_sequence_search(begun, GINT_TO_POINTER(r->roots[i]), ends_by, (gpointer)r->traces);
    if (g_sequence_iter_is_end(fits))
      continue;
    if (take && hop->hop.lost_call < 0)
      hop->hop.lost_call = GPOINTER_TO_INT(g_sequence_get(fits));
    g_sequence_remove(fits);
    r->taken[i] = take ? 1 : r->taken[i];
    n++;
  }
  g_sequence_free(begun);
  return n;
}

/* Of a hop on which nothing joined, the service is not known: that of most roots, if those are at
 * least half of the calls. */
static void guess_callee(const Roots *r, Hop *hop) {
  guint most = 0;
  guint32 last = 0;

  for (guint i = 0; i < r->traces->n_resources; i++) {
    guint32 service = r->traces->resources[i].service;
    guint n;
    if (service == 0 || service == hop->hop.caller || service == last)
      continue;
    last = service;
    n = match(r, hop, service, FALSE);
    if (n > most && n * 2 >= hop->open->len) {
      most = n;
      hop->hop.callee = service;
    }
  }
}

static void find_lost(const UnparkTraces *traces, GPtrArray *hops) {
  Roots roots = find_roots(traces);

  /* First those of whom it is known whom they call. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < hops->len && roots.n_roots > 0; i++) {
      Hop *hop = hops->pdata[i];
      if ((hop->hop.joined > 0) != (pass == 0) || hop->open->len == 0)
        continue;
      g_array_sort_with_data(hop->open, unpark_traces_by_start, (gpointer)traces);
      if (pass == 1)
        guess_callee(&roots, hop);
      if (hop->hop.callee != 0)
        hop->hop.lost = match(&roots, hop, hop->hop.callee, TRUE);
      if (hop->hop.lost < hop->open->len)
        hop->hop.not_joined = g_array_index(hop->open, gint32, 0);
    }
  g_free(roots.roots);
  g_free(roots.taken);
}

/* ---- Orphans ------------------------------------------------------------------------------ */

/* To the hop that leads to the service, if there is one alone; else to one without a caller. */
static void add_orphan(const UnparkTraces *traces, GHashTable *hops, GPtrArray *list,
                       gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  guint32 service = service_of(traces, span);
  Hop *only = NULL;
  guint n = 0;

  for (guint i = 0; i < list->len; i++) {
    Hop *hop = list->pdata[i];
    if (hop->hop.callee == service && hop->hop.caller != 0) {
      only = hop;
      n++;
    }
  }
  if (n != 1) {
    guint known = g_hash_table_size(hops);
    only = hop_of(hops, 0, span->name);
    only->hop.callee = service;
    if (g_hash_table_size(hops) > known)
      g_ptr_array_add(list, only);
  }
  if (only->hop.orphans++ == 0)
    only->hop.orphan = number;
}

/* ---- All ---------------------------------------------------------------------------------- */

static void set_interval(UnparkServiceHop *hop) {
  const double z = 1.959963984540054;
  double n = (double)hop->calls, p = n > 0 ? (double)hop->joined / n : 0;
  double middle = p + z * z / (2 * n), d = 1 + z * z / n;
  double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

  hop->low = n > 0 ? MAX((middle - half) / d, 0) : 0;
  hop->high = n > 0 ? MIN((middle + half) / d, 1) : 1;
}

static int compare_hops(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkTraces *traces = data;
  const UnparkServiceHop *p = a, *q = b;
  int order = strcmp(unpark_traces_text(traces, p->caller), unpark_traces_text(traces, q->caller));

  if (order == 0)
    order = strcmp(unpark_traces_text(traces, p->callee), unpark_traces_text(traces, q->callee));
  if (order == 0)
    order = strcmp(unpark_traces_text(traces, p->name), unpark_traces_text(traces, q->name));
  return order;
}

static int compare_listed(gconstpointer a, gconstpointer b, gpointer traces) {
  const Hop *const *p = a, *const *q = b;

  return compare_hops(&(*p)->hop, &(*q)->hop, traces);
}

void unpark_traces_find_hops(UnparkTraces *traces) {
  GHashTable *hops = g_hash_table_new_full(key_hash, key_equal, NULL, hop_free);
  GPtrArray *list = g_ptr_array_new();
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(UnparkServiceHop));
  GHashTableIter iter;
  gpointer hop;

  for (gint32 i = 0; i < (gint32)traces->n_spans; i++)
    if (is_call(&traces->spans[i]))
      add_call(traces, hops, i);
  g_hash_table_iter_init(&iter, hops);
  while (g_hash_table_iter_next(&iter, NULL, &hop)) {
    choose_callee(hop);
    g_ptr_array_add(list, hop);
  }
  g_ptr_array_sort_with_data(list, compare_listed, traces);
  find_lost(traces, list);
  for (guint i = 0; i < traces->n_spans; i++)
    if (traces->spans[i].ids.parent != 0 && traces->spans[i].parent < 0 &&
        is_served(&traces->spans[i]))
      add_orphan(traces, hops, list, (gint32)i);
  for (guint i = 0; i < list->len; i++) {
    UnparkServiceHop *row = &((Hop *)list->pdata[i])->hop;
    set_interval(row);
    g_array_append_val(rows, *row);
  }
  g_array_sort_with_data(rows, compare_hops, traces);
  traces->n_hops = rows->len;
  traces->hops = (UnparkServiceHop *)(gpointer)g_array_free(rows, FALSE);
  g_ptr_array_unref(list);
  g_hash_table_unref(hops);
}
