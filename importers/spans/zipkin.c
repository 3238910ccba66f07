/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/zipkin.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/spans/fields.h"

typedef struct {
  UnparkSpansJson s; /* first: what the walk hands over */
  guint32 service_key, peer_key;
} Zipkin;

/* ---- Tags --------------------------------------------------------------------------------- */

static gboolean is_of_resource(const char *key) {
  static const char *const keys[] = {
      "host.name",       "process.pid",         "process.executable.name",
      "service.version", "service.instance.id", "service.namespace"};

  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (strcmp(key, keys[i]) == 0)
      return TRUE;
  return g_str_has_prefix(key, "telemetry.sdk.");
}

/* Tags that say what other formats have fields for; the value is at hand. TRUE: it is taken. */
static gboolean take_field_tag(UnparkSpansJson *s, const char *key) {
  UnparkSpansSpan *span = &s->spans.span;
  const char *text = s->json.text->str;

  if (strcmp(key, "error") == 0) {
    if (g_ascii_strcasecmp(text, "false") != 0)
      span->status = UNPARK_TRACE_ERROR;
    if (*text && g_ascii_strcasecmp(text, "true") != 0 && g_ascii_strcasecmp(text, "false") != 0)
      span->message = unpark_spans_json_string(s, UNPARK_JSON_STRING);
    return TRUE;
  }
  if (strcmp(key, "otel.status_code") == 0) {
    if (g_ascii_strcasecmp(text, "ERROR") == 0)
      span->status = UNPARK_TRACE_ERROR;
    else if (g_ascii_strcasecmp(text, "OK") == 0 && span->status == UNPARK_TRACE_UNSET)
      span->status = UNPARK_TRACE_OK;
    return TRUE;
  }
  if (strcmp(key, "otel.status_description") == 0) {
    span->message = unpark_spans_json_string(s, UNPARK_JSON_STRING);
    return TRUE;
  }
  if (strcmp(key, "w3c.tracestate") == 0)
    span->state = unpark_spans_json_string(s, UNPARK_JSON_STRING);
  return strcmp(key, "service.name") == 0; /* the endpoint's */
}

static void take_tags(UnparkSpansJson *s, UnparkJsonToken token) {
  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_json_next(&s->json, &s->json.failure) == UNPARK_JSON_KEY) {
    g_autofree char *key = g_strdup(s->json.text->str);
    guint32 name = unpark_writer_string(s->json.writer, s->json.text->str, s->json.text->len);
    UnparkJsonToken token_of_value = unpark_json_next(&s->json, &s->json.failure);
    UnparkSpansValue value;
    if (token_of_value == UNPARK_JSON_STRING && take_field_tag(s, key))
      continue;
    if (!unpark_spans_json_plain(s, token_of_value, &value) || s->json.stopped)
      continue;
    if (is_of_resource(key))
      unpark_spans_set_add(&s->spans, s->set, name, &value);
    else
      unpark_spans_attribute(&s->spans, UNPARK_TRACE_OF_SPAN, 0, name, &value);
  }
}

/* ---- Spans -------------------------------------------------------------------------------- */

/* The service's name; 0: none. */
static guint32 take_endpoint(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"serviceName", NULL};
  UnparkJsonToken value;
  guint32 service = 0;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return 0;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0 && !unpark_spans_json_is_null(s, value))
      service = unpark_spans_json_string(s, value);
    else
      unpark_spans_json_skip(s, value);
  }
  return service;
}

static void take_annotations(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"timestamp", "value", NULL};
  UnparkJsonToken item, value;
  gint key;

  if (token != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_spans_json_item(s, &item)) {
    guint64 time_ns = 0;
    guint32 name = 0;
    if (item != UNPARK_JSON_OBJECT) {
      unpark_spans_json_bad(s, item);
      continue;
    }
    while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
      if (key == 0)
        time_ns = unpark_spans_json_us(s, value);
      else if (key == 1)
        name = unpark_spans_json_string(s, value);
      else
        unpark_spans_json_skip(s, value);
    }
    unpark_spans_event(&s->spans, time_ns, name);
  }
}

/* What has no kind is internal. */
static UnparkTraceKind take_kind(UnparkSpansJson *s, UnparkJsonToken value) {
  if (value == UNPARK_JSON_STRING)
    for (guint kind = UNPARK_TRACE_SERVER; kind < UNPARK_N_TRACE_KINDS; kind++)
      if (g_ascii_strcasecmp(s->json.text->str, unpark_trace_kind_name((UnparkTraceKind)kind)) == 0)
        return (UnparkTraceKind)kind;
  unpark_spans_json_bad(s, value);
  return UNPARK_TRACE_INTERNAL;
}

static const char *const span_keys[] = {
    "traceId",     "id",        "parentId", "name",          "kind",
    "tags",        "timestamp", "duration", "localEndpoint", "remoteEndpoint",
    "annotations", "shared",    NULL};
enum { TRACE, SPAN, PARENT, NAME, KIND, TAGS, START, DURATION, LOCAL, REMOTE, ANNOTATIONS, SHARED };

static void take_endpoint_field(UnparkSpansJson *s, gint key, UnparkJsonToken value) {
  const Zipkin *z = (const Zipkin *)s;
  UnparkSpansValue service = {UNPARK_TRACE_TEXT, take_endpoint(s, value), 0};

  if (service.text == 0)
    return;
  if (key == LOCAL)
    unpark_spans_set_add(&s->spans, s->set, z->service_key, &service);
  else
    unpark_spans_attribute(&s->spans, UNPARK_TRACE_OF_SPAN, 0, z->peer_key, &service);
}

static void take_field(UnparkSpansJson *s, gint key, UnparkJsonToken value, guint64 *duration) {
  UnparkSpansSpan *span = &s->spans.span;

  if (unpark_spans_json_is_null(s, value))
    return;
  if (key <= PARENT)
    unpark_spans_json_own_id(s, (UnparkSpansId)key, value);
  else if (key == NAME)
    span->name = unpark_spans_json_string(s, value);
  else if (key == KIND)
    span->kind = take_kind(s, value);
  else if (key == TAGS)
    take_tags(s, value);
  else if (key == START)
    span->start_ns = unpark_spans_json_us(s, value);
  else if (key == DURATION)
    *duration = unpark_spans_json_us(s, value);
  else if (key == LOCAL || key == REMOTE)
    take_endpoint_field(s, key, value);
  else if (key == ANNOTATIONS)
    take_annotations(s, value);
  else if (key == SHARED)
    span->flags |= unpark_spans_json_bool(s, value) ? UNPARK_TRACE_SHARED : 0;
  else
    unpark_spans_json_skip(s, value);
}

static void read_span(UnparkSpansJson *s, UnparkJsonToken token) {
  UnparkSpansSpan *span = &s->spans.span;
  UnparkJsonToken value;
  guint64 duration = 0;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
    unpark_spans_json_skip(s, token);
    return;
  }
  unpark_spans_begin(&s->spans);
  g_array_set_size(s->set, 0);
  span->kind = UNPARK_TRACE_INTERNAL;
  while ((key = unpark_spans_json_key(s, span_keys, &value)) >= 0)
    take_field(s, key, value, &duration);
  if (s->json.stopped) /* what is cut off is no span */
    return;
  span->end_ns = span->start_ns + MIN(duration, G_MAXUINT64 - span->start_ns);
  span->resource = unpark_spans_set(&s->spans, s->set);
  unpark_spans_commit(&s->spans);
}

/* ---- The file ----------------------------------------------------------------------------- */

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Zipkin z = {.service_key = unpark_writer_string(writer, "service.name", 12),
              .peer_key = unpark_writer_string(writer, "peer.service", 12)};
  gboolean ok;

  unpark_spans_json_init(&z.s, input, writer, cancellable);
  ok = unpark_spans_json_each(&z.s, read_span, error) &&
       unpark_spans_json_finish(&z.s, "zipkin", "Zipkin v2 JSON", duration_ns, complete, error);
  unpark_spans_json_clear(&z.s);
  return ok;
}

static gboolean sniff(const guint8 *head, gsize size) {
  static const char *const keys[] = {"traceId",       "id",       "timestamp", "duration",
                                     "localEndpoint", "parentId", "spanId",    NULL};
  char first;
  guint32 found = unpark_spans_json_sniff(head, size, 3, keys, &first);

  return (found & 3) == 3 && (found & 0x3c) != 0 && (found & 0x40) == 0;
}

const UnparkImporter unpark_importer_zipkin = {
    .name = "zipkin",
    .title = N_("Zipkin spans in JSON"),
    .expects = N_("“[{\"traceId\":…,\"id\":…,\"timestamp\":…}]”"),
    .sniff = sniff,
    .import = import,
};
