/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/spans/private.h"
#include "model/spans/sampling.h"
#include "model/store/decode.h"

#define MAX_SPANS ((guint64)G_MAXINT32)

typedef struct {
  UnparkTraces *traces;
  GArray *spans, *resources;
  GHashTable *text_ids; /* text -> id */
  UnparkStore *store;   /* at hand */
  guint16 source;
  GHashTable *of_string; /* its string id -> text id */
  GHashTable *of_set;    /* its set -> resource */
} Load;

/* ---- Texts -------------------------------------------------------------------------------- */

static guint32 text_of(Load *load, gint64 string) {
  gpointer known;
  const char *text;
  guint32 id;

  if (string <= 0 || string > G_MAXUINT32)
    return 0;
  if (g_hash_table_lookup_extended(load->of_string, GUINT_TO_POINTER(string), NULL, &known))
    return GPOINTER_TO_UINT(known);
  text = unpark_store_string(load->store, (guint32)string);
  if (g_hash_table_lookup_extended(load->text_ids, text, NULL, &known)) {
    id = GPOINTER_TO_UINT(known);
  } else {
    id = load->traces->texts->len;
    g_ptr_array_add(load->traces->texts, (gpointer)text);
    g_hash_table_insert(load->text_ids, (gpointer)text, GUINT_TO_POINTER(id));
  }
  g_hash_table_insert(load->of_string, GUINT_TO_POINTER(string), GUINT_TO_POINTER(id));
  return id;
}

guint32 unpark_traces_find_text(const UnparkTraces *traces, const char *text) {
  for (guint32 i = 1; i < traces->texts->len; i++)
    if (strcmp(unpark_traces_text(traces, i), text) == 0)
      return i;
  return 0;
}

/* ---- Rows --------------------------------------------------------------------------------- */

typedef void (*TakeRow)(Load *load, gint64 *const *columns, guint i);

static gboolean each_row(Load *load, UnparkTable table, TakeRow take, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(load->store, (UnparkFact)table);

  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d = unpark_store_decode(load->store, (UnparkFact)table,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++)
      take(load, d->columns, i);
  }
  return TRUE;
}

/* A resource is there as soon as a span or a row names its set. */
static guint32 resource_of(Load *load, gint64 set) {
  UnparkTraceResource resource = {.pid = UNPARK_NONE, .source = load->source, .set = set};
  gpointer known;

  if (g_hash_table_lookup_extended(load->of_set, &set, NULL, &known))
    return GPOINTER_TO_UINT(known);
  g_array_append_val(load->resources, resource);
  g_hash_table_insert(load->of_set, g_memdup2(&set, sizeof set),
                      GUINT_TO_POINTER(load->resources->len - 1));
  return load->resources->len - 1;
}

/* The array may move when a resource is added: its place is taken afterwards. */
static UnparkTraceResource *resource_at(Load *load, gint64 set) {
  guint32 index = resource_of(load, set);

  return &g_array_index(load->resources, UnparkTraceResource, index);
}

static gint64 number_of(Load *load, gint64 type, gint64 text, gint64 number) {
  const char *digits;
  char *end;
  gint64 value;

  if (type == UNPARK_TRACE_INT)
    return number;
  if (type != UNPARK_TRACE_TEXT || text <= 0 || text > G_MAXUINT32)
    return UNPARK_NONE;
  digits = unpark_store_string(load->store, (guint32)text);
  value = g_ascii_strtoll(digits, &end, 10);
  return *digits && *end == '\0' ? value : UNPARK_NONE;
}

static void take_set(Load *load, gint64 *const *c, guint i) {
  gint64 text = c[SET_TYPE][i] == UNPARK_TRACE_TEXT ? c[SET_TEXT][i] : 0;
  const char *key = c[SET_KEY][i] > 0 && c[SET_KEY][i] <= G_MAXUINT32
                        ? unpark_store_string(load->store, (guint32)c[SET_KEY][i])
                        : "";
  UnparkTraceResource *resource;

  if (strcmp(key, "service.name") == 0) {
    resource = resource_at(load, c[SET_ID][i]);
    resource->service = text_of(load, text);
  } else if (strcmp(key, "host.name") == 0 || strcmp(key, "hostname") == 0) {
    resource = resource_at(load, c[SET_ID][i]);
    if (resource->host == 0 || strcmp(key, "host.name") == 0)
      resource->host = text_of(load, text);
  } else if (strcmp(key, "process.pid") == 0) {
    resource = resource_at(load, c[SET_ID][i]);
    resource->pid = number_of(load, c[SET_TYPE][i], text, c[SET_NUMBER][i]);
  }
}

static void take_span(Load *load, gint64 *const *c, guint i) {
  const UnparkTraceSource *source = unpark_traces_source(load->traces, load->source);
  gint64 children = c[TRACE_CHILDREN][i];
  UnparkTraceSpan span = {
      .ids = {(guint64)c[TRACE_HIGH][i], (guint64)c[TRACE_LOW][i], (guint64)c[TRACE_SPAN_ID][i],
              (guint64)c[TRACE_PARENT_ID][i]},
      .start_ns = unpark_time_clamp(unpark_time_add(c[TRACE_START][i], source->shift_ns)),
      .end_ns = unpark_time_clamp(unpark_time_add(c[TRACE_END][i], source->shift_ns)),
      .join = {UNPARK_NONE, UNPARK_NONE, 0, UNPARK_TRACE_NOT_JOINED},
      .parent = -1,
      .first_child = -1,
      .next_sibling = -1,
      .made = children < 0 ? -1 : (gint32)MIN(children, G_MAXINT32),
      .name = text_of(load, c[TRACE_NAME][i]),
      .message = text_of(load, c[TRACE_MESSAGE][i]),
      .state = text_of(load, c[TRACE_STATE][i]),
      .resource = resource_of(load, c[TRACE_RESOURCE][i]),
      .source = load->source,
      .row = load->spans->len - source->first,
      .kind = (guint8)CLAMP(c[TRACE_KIND][i], 0, UNPARK_N_TRACE_KINDS - 1),
      .status = (guint8)CLAMP(c[TRACE_STATUS][i], 0, UNPARK_N_TRACE_STATUSES - 1),
      .flags = (guint8)c[TRACE_FLAGS][i]};

  span.end_ns = MAX(span.end_ns, span.start_ns);
  if (span.state != 0)
    span.adjusted = (float)unpark_sampling_count(unpark_traces_text(load->traces, span.state));
  g_array_append_val(load->spans, span);
}

static gboolean load_store(Load *load, GError **error) {
  gboolean ok;

  load->of_string = g_hash_table_new(NULL, NULL);
  load->of_set = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  ok = each_row(load, UNPARK_TABLE_TRACE_SPAN, take_span, error) &&
       each_row(load, UNPARK_TABLE_TRACE_SET, take_set, error);
  g_hash_table_unref(load->of_string);
  g_hash_table_unref(load->of_set);
  return ok;
}

static void add_source(Load *load, const UnparkSourceEntry *entry) {
  gint64 wall = unpark_store_source(entry->store)->start_wall_ns;
  gint64 own = wall == UNPARK_NONE ? 0 : unpark_time_subtract(UNPARK_TRACE_EPOCH_NS, wall);
  const UnparkTraceSource source = {entry->store, unpark_time_add(own, entry->add_ns),
                                    load->spans->len, -1};

  load->store = entry->store;
  load->source = (guint16)load->traces->sources->len;
  g_array_append_val(load->traces->sources, source);
}

UnparkTraces *unpark_traces_load(const UnparkSourceEntry *sources, guint n_sources,
                                 GError **error) {
  g_autoptr(UnparkTraces) traces = g_new0(UnparkTraces, 1);
  Load load = {.traces = traces, .text_ids = g_hash_table_new(g_str_hash, g_str_equal)};
  guint64 n = 0;
  gboolean ok = TRUE;

  traces->texts = g_ptr_array_new();
  traces->sources = g_array_new(FALSE, FALSE, sizeof(UnparkTraceSource));
  g_ptr_array_add(traces->texts, (gpointer) "");
  g_hash_table_insert(load.text_ids, (gpointer) "", GUINT_TO_POINTER(0));
  load.spans = g_array_new(FALSE, FALSE, sizeof(UnparkTraceSpan));
  load.resources = g_array_new(FALSE, FALSE, sizeof(UnparkTraceResource));
  for (guint i = 0; ok && i < n_sources && i < G_MAXUINT16; i++) {
    n += unpark_store_count(sources[i].store, UNPARK_TABLE_TRACE_SPAN);
    if (n > MAX_SPANS)
      break; /* no machine has the memory */
    add_source(&load, &sources[i]);
    ok = load_store(&load, error);
  }
  g_hash_table_unref(load.text_ids);
  traces->n_spans = load.spans->len;
  traces->n_resources = load.resources->len;
  traces->spans = (UnparkTraceSpan *)(gpointer)g_array_free(load.spans, FALSE);
  traces->resources = (UnparkTraceResource *)(gpointer)g_array_free(load.resources, FALSE);
  if (!ok)
    return NULL;
  unpark_traces_link(traces);
  unpark_traces_measure(traces);
  unpark_traces_find_hops(traces);
  if (!unpark_traces_join(traces, sources, MIN(n_sources, traces->sources->len), error))
    return NULL;
  return g_steal_pointer(&traces);
}

void unpark_traces_free(UnparkTraces *traces) {
  if (!traces)
    return;
  g_free(traces->spans);
  g_free(traces->resources);
  g_free(traces->hops);
  g_ptr_array_unref(traces->texts);
  g_array_unref(traces->sources);
  g_free(traces);
}

static gpointer make(UnparkStore *store, GError **error) {
  const UnparkSourceEntry entry = unpark_sources_single(store);

  return unpark_traces_load(&entry, 1, error);
}

static void destroy(gpointer traces) {
  unpark_traces_free(traces);
}

const UnparkTraces *unpark_store_traces(UnparkStore *store, GError **error) {
  return unpark_store_attachment(store, make, destroy, error);
}

static gpointer make_all(UnparkSources *sources, GError **error) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);

  return unpark_traces_load(entries, n, error);
}

const UnparkTraces *unpark_sources_traces(UnparkSources *sources, GError **error) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);

  if (n == 1 && entries[0].offset_ns == 0)
    return unpark_store_traces(entries[0].store, error);
  return unpark_sources_attachment(sources, make_all, destroy, error);
}
