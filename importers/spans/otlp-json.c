/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/otlp-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/spans/otlp-value.h"

typedef struct {
  UnparkSpansJson s; /* first: what the walk hands over */
  GArray *scope;     /* set of the scope at hand */
  gint64 resource, scope_set;
  gboolean tempo;
} Otlp;

/* Within one object: the set of a resource, which may come before or after the spans. */
typedef struct {
  gint64 number; /* 0: no span has asked for it */
  gboolean seen; /* its attributes are there */
} SetAt;

/* ---- Enums -------------------------------------------------------------------------------- */

/* A number, or its name behind `prefix`. */
static guint take_enum(UnparkSpansJson *s, UnparkJsonToken value, const char *prefix,
                       const char *const *names, guint n) {
  const char *text = s->json.text->str;

  if (value == UNPARK_JSON_STRING && g_str_has_prefix(text, prefix))
    for (guint i = 0; i < n; i++)
      if (strcmp(text + strlen(prefix), names[i]) == 0)
        return i;
  guint64 number = unpark_spans_json_u64(s, value);
  if (number < n)
    return (guint)number;
  unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_VALUE);
  return 0;
}

static UnparkTraceKind take_kind(UnparkSpansJson *s, UnparkJsonToken value) {
  static const char *const names[] = {"UNSPECIFIED", "INTERNAL", "SERVER",
                                      "CLIENT",      "PRODUCER", "CONSUMER"};

  return take_enum(s, value, "SPAN_KIND_", names, G_N_ELEMENTS(names));
}

static void take_status(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"code", "message", NULL};
  static const char *const names[] = {"UNSET", "OK", "ERROR"};
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      s->spans.span.status = take_enum(s, value, "STATUS_CODE_", names, G_N_ELEMENTS(names));
    else if (key == 1 && !unpark_spans_json_is_null(s, value))
      s->spans.span.message = unpark_spans_json_string(s, value);
    else
      unpark_spans_json_skip(s, value);
  }
}

/* ---- Events and links --------------------------------------------------------------------- */

static void take_event(UnparkSpansJson *s) {
  static const char *const keys[] = {"timeUnixNano", "name", "attributes", NULL};
  guint number = s->spans.events->len + 1;
  UnparkJsonToken value;
  guint64 time_ns = 0;
  guint32 name = 0;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      time_ns = unpark_spans_json_u64(s, value);
    else if (key == 1)
      name = unpark_spans_json_string(s, value);
    else if (key == 2)
      unpark_spans_otlp_attributes(s, value, UNPARK_TRACE_OF_EVENT, number, NULL);
    else
      unpark_spans_json_skip(s, value);
  }
  unpark_spans_event(&s->spans, time_ns, name);
}

static void take_link(UnparkSpansJson *s) {
  static const char *const keys[] = {"traceId", "spanId", "attributes", NULL};
  guint number = s->spans.links->len + 1;
  UnparkSpansTrace trace = {0, 0};
  gboolean ok = TRUE, is_short;
  UnparkJsonToken value;
  guint64 id = 0;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      ok = unpark_spans_json_trace_id(s, value, &trace, &is_short) && ok;
    else if (key == 1)
      ok = unpark_spans_json_span_id(s, value, &id) && ok;
    else if (key == 2)
      unpark_spans_otlp_attributes(s, value, UNPARK_TRACE_OF_LINK, number, NULL);
    else
      unpark_spans_json_skip(s, value);
  }
  if (ok && id != 0 && (trace.high != 0 || trace.low != 0))
    unpark_spans_link(&s->spans, trace, id);
  else
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_PARENT);
}

/* ---- Spans -------------------------------------------------------------------------------- */

static const char *const span_keys[] = {
    "traceId",         "spanId",     "parentSpanId", "name",   "kind",  "startTimeUnixNano",
    "endTimeUnixNano", "attributes", "status",       "events", "links", "flags",
    "traceState",      NULL};
enum {
  TRACE_ID_KEY,
  SPAN_ID_KEY,
  PARENT_KEY,
  NAME_KEY,
  KIND_KEY,
  START_KEY,
  END_KEY,
  ATTRIBUTES_KEY,
  STATUS_KEY,
  EVENTS_KEY,
  LINKS_KEY,
  FLAGS_KEY,
  STATE_KEY
};

static void take_flags(UnparkSpansJson *s, UnparkJsonToken value) {
  guint64 flags = unpark_spans_json_u64(s, value);

  if (flags & 0x100)
    s->spans.span.flags |= UNPARK_TRACE_REMOTE_KNOWN;
  if ((flags & 0x300) == 0x300)
    s->spans.span.flags |= UNPARK_TRACE_REMOTE;
}

static void take_field(UnparkSpansJson *s, gint key, UnparkJsonToken value) {
  UnparkSpansSpan *span = &s->spans.span;

  if (unpark_spans_json_is_null(s, value))
    return;
  if (key <= PARENT_KEY)
    unpark_spans_json_own_id(s, (UnparkSpansId)key, value);
  else if (key == NAME_KEY)
    span->name = unpark_spans_json_string(s, value);
  else if (key == KIND_KEY)
    span->kind = take_kind(s, value);
  else if (key == START_KEY)
    span->start_ns = unpark_spans_json_u64(s, value);
  else if (key == END_KEY)
    span->end_ns = unpark_spans_json_u64(s, value);
  else if (key == ATTRIBUTES_KEY)
    unpark_spans_otlp_attributes(s, value, UNPARK_TRACE_OF_SPAN, 0, NULL);
  else if (key == STATUS_KEY)
    take_status(s, value);
  else if (key == EVENTS_KEY)
    unpark_spans_json_objects(s, value, take_event);
  else if (key == LINKS_KEY)
    unpark_spans_json_objects(s, value, take_link);
  else if (key == FLAGS_KEY)
    take_flags(s, value);
  else if (key == STATE_KEY)
    span->state = unpark_spans_json_string(s, value);
  else
    unpark_spans_json_skip(s, value);
}

static void take_span(UnparkSpansJson *s) {
  Otlp *o = (Otlp *)s;
  UnparkJsonToken value;
  gint key;

  unpark_spans_begin(&s->spans);
  while ((key = unpark_spans_json_key(s, span_keys, &value)) >= 0)
    take_field(s, key, value);
  s->spans.span.resource = o->resource;
  s->spans.span.scope = o->scope_set;
  if (!s->json.stopped) /* what is cut off is no span */
    unpark_spans_commit(&s->spans);
}

static void take_spans(UnparkSpansJson *s, UnparkJsonToken token) {
  UnparkJsonToken value;

  if (token != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_spans_json_item(s, &value)) {
    if (value == UNPARK_JSON_OBJECT) {
      take_span(s);
    } else {
      unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
      unpark_spans_json_skip(s, value);
    }
  }
}

/* ---- Resources and libraries -------------------------------------------------------------- */

/* The set for spans that come now. */
static gint64 use_set(UnparkSpans *spans, SetAt *at, const GArray *set) {
  if (at->number == 0)
    at->number = at->seen ? unpark_spans_set(spans, set) : unpark_spans_reserve_set(spans);
  return at->number;
}

/* The set is at hand, or will not come. */
static void end_set(UnparkSpans *spans, SetAt *at, const GArray *set) {
  if (at->number != 0 && !at->seen)
    unpark_spans_fill_set(spans, at->number, set);
  at->seen = TRUE;
}

/* {"attributes": [...]}, of a scope also its name and version. */
static void take_set(UnparkSpansJson *s, UnparkJsonToken token, GArray *set) {
  static const char *const keys[] = {"attributes", "name", "version", NULL};
  static const char *const names[] = {"", "otel.library.name", "otel.library.version"};
  UnparkSpansValue text = {UNPARK_TRACE_TEXT, 0, 0};
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0) {
      unpark_spans_otlp_attributes(s, value, UNPARK_TRACE_OF_RESOURCE, 0, set);
    } else if (key <= 2 && value == UNPARK_JSON_STRING) {
      text.text = unpark_spans_json_string(s, value);
      if (text.text != 0)
        unpark_spans_set_add(&s->spans, set,
                             unpark_writer_string(s->json.writer, names[key], strlen(names[key])),
                             &text);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
}

static void take_scope_spans(UnparkSpansJson *s) {
  static const char *const keys[] = {"spans", "scope", "instrumentationLibrary", NULL};
  Otlp *o = (Otlp *)s;
  SetAt at = {0, FALSE};
  UnparkJsonToken value;
  gint key;

  g_array_set_size(o->scope, 0);
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0) {
      o->scope_set = use_set(&s->spans, &at, o->scope);
      take_spans(s, value);
    } else if (key == 1 || key == 2) {
      take_set(s, value, o->scope);
      end_set(&s->spans, &at, o->scope);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
  end_set(&s->spans, &at, o->scope);
}

static void take_scopes(UnparkSpansJson *s, UnparkJsonToken token) {
  unpark_spans_json_objects(s, token, take_scope_spans);
}

static void take_resource_spans(UnparkSpansJson *s) {
  static const char *const keys[] = {"scopeSpans", "instrumentationLibrarySpans", "resource", NULL};
  Otlp *o = (Otlp *)s;
  SetAt at = {0, FALSE};
  UnparkJsonToken value;
  gint key;

  g_array_set_size(s->set, 0);
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0 || key == 1) {
      o->resource = use_set(&s->spans, &at, s->set);
      take_scopes(s, value);
    } else if (key == 2) {
      take_set(s, value, s->set);
      end_set(&s->spans, &at, s->set);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
  end_set(&s->spans, &at, s->set);
}

/* ---- The file ----------------------------------------------------------------------------- */

static const char *const top_keys[] = {
    "resourceSpans",   "batches",          "trace", "resourceLogs",
    "resourceMetrics", "resourceProfiles", NULL};
enum { RESOURCE_SPANS, BATCHES, TRACE, LOGS, METRICS, PROFILES };

static void read_top(UnparkSpansJson *s, UnparkJsonToken token) {
  Otlp *o = (Otlp *)s;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
    unpark_spans_json_skip(s, token);
    return;
  }
  while ((key = unpark_spans_json_key(s, top_keys, &value)) >= 0) {
    o->tempo = o->tempo || key == BATCHES || key == TRACE;
    if (key <= BATCHES) {
      unpark_spans_json_objects(s, value, take_resource_spans);
    } else if (key == TRACE && value == UNPARK_JSON_OBJECT) {
      read_top(s, value);
    } else {
      s->spans.n_other += key >= LOGS && key <= PROFILES;
      unpark_spans_json_skip(s, value);
    }
  }
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Otlp o = {.scope = unpark_spans_set_new()};
  gboolean ok;

  unpark_spans_json_init(&o.s, input, writer, cancellable);
  ok = unpark_spans_json_each(&o.s, read_top, error) &&
       unpark_spans_json_finish(&o.s, "otlp-json", o.tempo ? "Tempo JSON" : "OTLP JSON",
                                duration_ns, complete, error);
  unpark_spans_json_clear(&o.s);
  g_array_unref(o.scope);
  return ok;
}

/* One of the keys that only OTLP has; Tempo's word "batches" may be anybody's. */
static gboolean sniff(const guint8 *head, gsize size) {
  static const char *const keys[] = {
      "resourceSpans", "resourceLogs",     "resourceMetrics",
      "batches",       "scopeSpans",       "instrumentationLibrarySpans",
      "resource",      "resourceProfiles", NULL};
  char first;
  guint32 found = unpark_spans_json_sniff(head, size, 5, keys, &first);

  return (found & 0x87) != 0 || ((found & 8) != 0 && (found & 0x70) != 0);
}

const UnparkImporter unpark_importer_otlp_json = {
    .name = "otlp-json",
    .title = N_("OpenTelemetry spans in JSON"),
    .expects = N_("“{\"resourceSpans\":[…]}”"),
    .sniff = sniff,
    .import = import,
};
