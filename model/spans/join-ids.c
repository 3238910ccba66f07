/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids of spans in the logs of execution traces, and in the labels of dumps. */
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/spans/join.h"
#include "model/store/decode.h"

/* A service may log the ids of its callers as well: a trace that logs less than this part of what
 * another one logs of a process is not a recording of it. */
#define MINORITY 10

typedef enum { FORM_UNKNOWN, FORM_NONE, FORM_HEX, FORM_DECIMAL } Form;

typedef struct {
  guint span; /* number */
  guint source;
  gint64 goroutine, task, time_ns;
} Hit;

typedef struct {
  guint64 id;
  guint span;
} Id;

typedef struct {
  UnparkJoin *join;
  Id *ids; /* of all spans, ascending */
  GArray *hits;
  GHashTable *forms; /* string id of a category -> Form */
} Search;

static int by_id(const void *a, const void *b) {
  const Id *x = a, *y = b;

  if (x->id != y->id)
    return x->id < y->id ? -1 : 1;
  return x->span < y->span ? -1 : x->span > y->span;
}

static Id *sort_ids(const UnparkTraces *traces) {
  Id *ids = g_new(Id, traces->n_spans + 1);

  for (guint i = 0; i < traces->n_spans; i++)
    ids[i] = (Id){traces->spans[i].ids.span, i};
  qsort(ids, traces->n_spans, sizeof *ids, by_id);
  return ids;
}

/* What the messages of a category are: span_id as programs write it, and as Datadog's tracer does.
 */
static Form form_of(const char *category) {
  static const struct {
    const char *name;
    Form form;
  } categories[] = {{"span_id", FORM_HEX},
                    {"spanid", FORM_HEX},
                    {"span.id", FORM_HEX},
                    {"span-id", FORM_HEX},
                    {"span id", FORM_HEX},
                    {"otel.span_id", FORM_HEX},
                    {"datadog.uint64_span_id", FORM_HEX}, /* the writer made them such */
                    {"dd.span_id", FORM_DECIMAL}};

  for (guint i = 0; i < G_N_ELEMENTS(categories); i++)
    if (g_ascii_strcasecmp(category, categories[i].name) == 0)
      return categories[i].form;
  return FORM_NONE;
}

static Form form(Search *search, UnparkStore *store, gint64 category) {
  gpointer key = GUINT_TO_POINTER(category), known = g_hash_table_lookup(search->forms, key);

  if (category <= 0 || category > G_MAXUINT32)
    return FORM_NONE;
  if (!known) {
    known = GUINT_TO_POINTER(form_of(unpark_store_string(store, (guint32)category)));
    g_hash_table_insert(search->forms, key, known);
  }
  return (Form)GPOINTER_TO_UINT(known);
}

/* 0: it is no id. */
static guint64 parse(const char *text, Form form) {
  guint64 id = 0;

  if (form == FORM_DECIMAL && g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT64, &id, NULL))
    return id;
  return strlen(text) <= 16 && g_ascii_string_to_unsigned(text, 16, 1, G_MAXUINT64, &id, NULL) ? id
                                                                                               : 0;
}

/* Of the spans of one id, halves of a client and a server, the one that the log is of. */
static guint choose(const Search *search, guint first, const UnparkJoinTask *task) {
  const UnparkTraces *traces = search->join->traces;
  guint best = search->ids[first].span;

  for (guint i = first; i < traces->n_spans && search->ids[i].id == search->ids[first].id; i++) {
    const UnparkTraceSpan *span = &traces->spans[search->ids[i].span];
    if (task && span->name == task->name && traces->spans[best].name != task->name)
      best = search->ids[i].span;
    else if (span->kind == UNPARK_TRACE_SERVER && traces->spans[best].kind != UNPARK_TRACE_SERVER &&
             (!task || traces->spans[best].name != task->name))
      best = search->ids[i].span;
  }
  return best;
}

/* The place of the first span of an id; -1: there is none. */
static gint64 find_id(const Search *search, guint64 id) {
  const Id key = {.id = id};
  guint n = search->join->traces->n_spans, low = 0, high = n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (by_id(&search->ids[middle], &key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && search->ids[low].id == id ? (gint64)low : -1;
}

static void take_log(Search *search, guint source, guint64 id, gint64 *const *c, guint i) {
  UnparkJoin *join = search->join;
  gint64 low = find_id(search, id);

  if (low < 0)
    return;
  const UnparkJoinTask *task = unpark_join_task(&join->of[source], c[LOG_TASK][i]);
  const Hit hit = {choose(search, (guint)low, task), source, c[LOG_GOROUTINE][i], c[LOG_TASK][i],
                   c[LOG_TIME][i]};
  guint process = join->process[join->traces->spans[hit.span].resource];
  join->votes[(gsize)process * join->n_sources + source]++;
  g_array_append_val(search->hits, hit);
}

static gboolean search_trace(Search *search, guint source, GError **error) {
  UnparkStore *store = search->join->sources[source].store;
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_LOG);

  g_hash_table_remove_all(search->forms);
  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d = unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_LOG,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      Form is = form(search, store, d->columns[LOG_CATEGORY][i]);
      gint64 message = d->columns[LOG_MESSAGE][i];
      guint64 id = is != FORM_NONE && message > 0 && message <= G_MAXUINT32
                       ? parse(unpark_store_string(store, (guint32)message), is)
                       : 0;
      if (id != 0)
        take_log(search, source, id, d->columns, i);
    }
  }
  return TRUE;
}

static gboolean is_minority(const UnparkJoin *join, guint process, guint source) {
  const guint32 *votes = join->votes + (gsize)process * join->n_sources;
  guint32 most = 0;

  for (guint i = 0; i < join->n_sources; i++)
    most = MAX(most, votes[i]);
  return (guint64)votes[source] * MINORITY < most;
}

/* The first log of a span is that of its own goroutine. */
static void use_hits(Search *search) {
  UnparkJoin *join = search->join;
  g_autofree gint64 *times = g_new(gint64, join->traces->n_spans + 1);

  for (guint i = 0; i < search->hits->len; i++) {
    const Hit *hit = &g_array_index(search->hits, Hit, i);
    UnparkTraceSpan *span = &join->traces->spans[hit->span];

    if (is_minority(join, join->process[span->resource], hit->source) ||
        (span->join.certainty == UNPARK_TRACE_JOINED_BY_ID && times[hit->span] <= hit->time_ns))
      continue;
    times[hit->span] = hit->time_ns;
    unpark_join_set(span, hit->source, hit->goroutine, UNPARK_NONE, UNPARK_TRACE_JOINED_BY_ID);
    UnparkJoinTask *task = unpark_join_task(&join->of[hit->source], hit->task);
    if (task && task->name == span->name)
      span->join.task = task->id;
  }
}

/* A task is one span's. */
static void take_tasks(UnparkJoin *join) {
  for (guint i = 0; i < join->traces->n_spans; i++) {
    UnparkTraceJoin *own = &join->traces->spans[i].join;
    UnparkJoinTask *task =
        own->task == UNPARK_NONE ? NULL : unpark_join_task(&join->of[own->source], own->task);
    if (task && task->taken)
      own->task = UNPARK_NONE;
    else if (task)
      task->taken = TRUE;
  }
}

gboolean unpark_join_ids(UnparkJoin *join, GError **error) {
  Search search = {join, sort_ids(join->traces), g_array_new(FALSE, FALSE, sizeof(Hit)),
                   g_hash_table_new(NULL, NULL)};
  gboolean ok = TRUE;

  for (guint i = 0; i < join->n_sources && ok; i++)
    if (unpark_store_source(join->sources[i].store)->kind == UNPARK_SOURCE_TRACE)
      ok = search_trace(&search, i, error);
  if (ok) {
    use_hits(&search);
    take_tasks(join);
  }
  g_free(search.ids);
  g_array_unref(search.hits);
  g_hash_table_unref(search.forms);
  return ok;
}

/* ---- Labels of dumps --------------------------------------------------------------------------
 */

/* "span_id: 00f067aa0ba902b7, user: ann", as importers/text/labels.h makes it. 0: none. */
static guint64 find_in_labels(const char *labels) {
  g_auto(GStrv) pairs = g_strsplit(labels, ", ", 64);
  guint64 id = 0;

  for (guint i = 0; pairs[i] && id == 0; i++) {
    char *value = strstr(pairs[i], ": ");
    char *key = pairs[i];

    if (!value)
      continue;
    *value = '\0';
    if (*key == '"' && value - key >= 2) {
      value[-1] = '\0';
      key++;
    }
    /* Datadog's "span id" is a decimal number. */
    Form is = strcmp(key, "span id") == 0 ? FORM_DECIMAL : form_of(key);
    id = is == FORM_NONE ? 0 : parse(value + 2, is);
  }
  return id;
}

static void take_label(Search *search, guint source, gint64 goroutine, const char *labels) {
  guint64 id = find_in_labels(labels);
  gint64 low = id ? find_id(search, id) : -1;

  if (low < 0)
    return;
  UnparkTraceSpan *span = &search->join->traces->spans[choose(search, (guint)low, NULL)];
  if (span->join.certainty == UNPARK_TRACE_NOT_JOINED)
    unpark_join_set(span, source, goroutine, UNPARK_NONE, UNPARK_TRACE_JOINED_BY_LABEL);
}

static gboolean search_dump(Search *search, guint source, GError **error) {
  UnparkStore *store = search->join->sources[source].store;
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_LABEL);

  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d = unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_LABEL,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 labels = d->columns[LABEL_TEXT][i];
      if (labels > 0 && labels <= G_MAXUINT32)
        take_label(search, source, d->columns[LABEL_GOROUTINE][i],
                   unpark_store_string(store, (guint32)labels));
    }
  }
  return TRUE;
}

gboolean unpark_join_labels(UnparkJoin *join, GError **error) {
  Search search = {.join = join, .ids = sort_ids(join->traces)};
  gboolean ok = TRUE;

  for (guint i = 0; i < join->n_sources && ok; i++)
    if (unpark_store_source(join->sources[i].store)->kind == UNPARK_SOURCE_DUMP)
      ok = search_dump(&search, i, error);
  g_free(search.ids);
  return ok;
}
