/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/stdouttrace.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/spans/fields.h"

typedef struct {
  UnparkSpansJson s; /* first: what the walk hands over */
  GArray *scope;
} Stdout;

/* SpanContext, of a span, its parent or a link. */
typedef struct {
  UnparkSpansTrace trace;
  guint64 span;
  guint32 state;
  gboolean remote, bad;
} Context;

/* ---- Attributes --------------------------------------------------------------------------- */

/* {"Type": "INT64", "Value": 1} */
static gboolean take_value(UnparkSpansJson *s, UnparkJsonToken token, UnparkSpansValue *result) {
  static const char *const keys[] = {"Type", "Value", NULL};
  gboolean found = FALSE, is_double = FALSE;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return FALSE;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      is_double = value == UNPARK_JSON_STRING && unpark_json_is(&s->json, "FLOAT64");
    else if (key == 1 && !found)
      found = unpark_spans_json_plain(s, value, result);
    else
      unpark_spans_json_skip(s, value);
  }
  if (found && is_double && result->type == UNPARK_TRACE_INT) {
    double d = (double)result->number;
    result->type = UNPARK_TRACE_DOUBLE;
    memcpy(&result->number, &d, sizeof d);
  }
  return found;
}

/* `to` NULL: of the span at hand. */
static void take_attributes(UnparkSpansJson *s, UnparkJsonToken token, UnparkTraceScope scope,
                            guint item, GArray *to) {
  static const char *const keys[] = {"Key", "Value", NULL};
  UnparkJsonToken element, value;
  gint key;

  if (token != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_spans_json_item(s, &element)) {
    gboolean has_value = FALSE;
    UnparkSpansValue result;
    guint32 name = 0;
    if (element != UNPARK_JSON_OBJECT) {
      unpark_spans_json_bad(s, element);
      continue;
    }
    while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
      if (key == 0)
        name = unpark_spans_json_string(s, value);
      else if (key == 1)
        has_value = take_value(s, value, &result);
      else
        unpark_spans_json_skip(s, value);
    }
    if (!has_value || name == 0 || s->json.stopped)
      continue;
    if (to)
      unpark_spans_set_add(&s->spans, to, name, &result);
    else
      unpark_spans_attribute(&s->spans, scope, item, name, &result);
  }
}

/* ---- Contexts, events, links -------------------------------------------------------------- */

static Context take_context(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"TraceID", "SpanID", "TraceState", "Remote", NULL};
  Context context = {0};
  gboolean is_short;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return context;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      context.bad = !unpark_spans_json_trace_id(s, value, &context.trace, &is_short) || context.bad;
    else if (key == 1)
      context.bad = !unpark_spans_json_span_id(s, value, &context.span) || context.bad;
    else if (key == 2)
      context.state = unpark_spans_json_string(s, value);
    else if (key == 3)
      context.remote = unpark_spans_json_bool(s, value);
    else
      unpark_spans_json_skip(s, value);
  }
  return context;
}

static void take_event(UnparkSpansJson *s) {
  static const char *const keys[] = {"Name", "Time", "Attributes", NULL};
  guint number = s->spans.events->len + 1;
  UnparkJsonToken value;
  guint64 time_ns = 0;
  guint32 name = 0;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      name = unpark_spans_json_string(s, value);
    else if (key == 1)
      time_ns = unpark_spans_json_time(s, value);
    else if (key == 2 && !unpark_spans_json_is_null(s, value))
      take_attributes(s, value, UNPARK_TRACE_OF_EVENT, number, NULL);
    else
      unpark_spans_json_skip(s, value);
  }
  unpark_spans_event(&s->spans, time_ns, name);
}

static void take_link(UnparkSpansJson *s) {
  static const char *const keys[] = {"SpanContext", "Attributes", NULL};
  guint number = s->spans.links->len + 1;
  Context context = {0};
  UnparkJsonToken value;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      context = take_context(s, value);
    else if (key == 1 && !unpark_spans_json_is_null(s, value))
      take_attributes(s, value, UNPARK_TRACE_OF_LINK, number, NULL);
    else
      unpark_spans_json_skip(s, value);
  }
  if (!context.bad && context.span != 0)
    unpark_spans_link(&s->spans, context.trace, context.span);
  else
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_PARENT);
}

/* ---- Spans -------------------------------------------------------------------------------- */

static const char *const span_keys[] = {"Name",
                                        "SpanContext",
                                        "Parent",
                                        "SpanKind",
                                        "StartTime",
                                        "EndTime",
                                        "Attributes",
                                        "Events",
                                        "Links",
                                        "Status",
                                        "Resource",
                                        "ChildSpanCount",
                                        "InstrumentationScope",
                                        "InstrumentationLibrary",
                                        NULL};
enum {
  NAME,
  CONTEXT,
  PARENT,
  KIND,
  START,
  END,
  ATTRIBUTES,
  EVENTS,
  LINKS,
  STATUS,
  RESOURCE,
  CHILDREN,
  SCOPE,
  LIBRARY
};

static void take_status(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"Code", "Description", NULL};
  UnparkSpansSpan *span = &s->spans.span;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0 && value == UNPARK_JSON_STRING)
      span->status = unpark_json_is(&s->json, "Error") ? UNPARK_TRACE_ERROR
                     : unpark_json_is(&s->json, "Ok")  ? UNPARK_TRACE_OK
                                                       : UNPARK_TRACE_UNSET;
    else if (key == 1)
      span->message = unpark_spans_json_string(s, value);
    else
      unpark_spans_json_skip(s, value);
  }
}

static void take_scope(UnparkSpansJson *s, UnparkJsonToken token) {
  static const char *const keys[] = {"Name", "Version", "Attributes", NULL};
  static const char *const names[] = {"otel.library.name", "otel.library.version"};
  Stdout *o = (Stdout *)s;
  UnparkSpansValue text = {UNPARK_TRACE_TEXT, 0, 0};
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key <= 1 && value == UNPARK_JSON_STRING) {
      text.text = unpark_spans_json_string(s, value);
      if (text.text != 0)
        unpark_spans_set_add(&s->spans, o->scope,
                             unpark_writer_string(s->json.writer, names[key], strlen(names[key])),
                             &text);
    } else if (key == 2 && value == UNPARK_JSON_ARRAY) {
      take_attributes(s, value, UNPARK_TRACE_OF_LIBRARY, 0, o->scope);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
}

static void take_ids(UnparkSpansJson *s, gint key, UnparkJsonToken value) {
  UnparkSpansSpan *span = &s->spans.span;
  Context context = take_context(s, value);

  if (key == CONTEXT) {
    span->trace = context.trace;
    span->id = context.span;
    span->state = context.state;
    span->bad = context.bad;
  } else if (context.bad) {
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_PARENT);
  } else if (context.span != 0) {
    span->parent = context.span;
    span->flags |= UNPARK_TRACE_REMOTE_KNOWN | (context.remote ? UNPARK_TRACE_REMOTE : 0);
  }
}

static void take_kind(UnparkSpansJson *s, UnparkJsonToken value) {
  guint64 kind = unpark_spans_json_u64(s, value);

  if (kind < UNPARK_N_TRACE_KINDS)
    s->spans.span.kind = (UnparkTraceKind)kind;
  else
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_VALUE);
}

static void take_field(UnparkSpansJson *s, gint key, UnparkJsonToken value) {
  UnparkSpansSpan *span = &s->spans.span;

  if (unpark_spans_json_is_null(s, value))
    return;
  if (key == NAME)
    span->name = unpark_spans_json_string(s, value);
  else if (key == CONTEXT || key == PARENT)
    take_ids(s, key, value);
  else if (key == KIND)
    take_kind(s, value);
  else if (key == START)
    span->start_ns = unpark_spans_json_time(s, value);
  else if (key == END)
    span->end_ns = unpark_spans_json_time(s, value);
  else if (key == ATTRIBUTES)
    take_attributes(s, value, UNPARK_TRACE_OF_SPAN, 0, NULL);
  else if (key == EVENTS)
    unpark_spans_json_objects(s, value, take_event);
  else if (key == LINKS)
    unpark_spans_json_objects(s, value, take_link);
  else if (key == STATUS)
    take_status(s, value);
  else if (key == RESOURCE)
    take_attributes(s, value, UNPARK_TRACE_OF_RESOURCE, 0, s->set);
  else if (key == CHILDREN)
    span->children = (gint64)MIN(unpark_spans_json_u64(s, value), (guint64)G_MAXINT32);
  else if (key == SCOPE || key == LIBRARY)
    take_scope(s, value);
  else
    unpark_spans_json_skip(s, value);
}

static void read_span(UnparkSpansJson *s, UnparkJsonToken token) {
  Stdout *o = (Stdout *)s;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
    unpark_spans_json_skip(s, token);
    return;
  }
  unpark_spans_begin(&s->spans);
  g_array_set_size(s->set, 0);
  g_array_set_size(o->scope, 0);
  while ((key = unpark_spans_json_key(s, span_keys, &value)) >= 0)
    take_field(s, key, value);
  if (s->json.stopped) /* what is cut off is no span */
    return;
  s->spans.span.resource = unpark_spans_set(&s->spans, s->set);
  s->spans.span.scope = unpark_spans_set(&s->spans, o->scope);
  unpark_spans_commit(&s->spans);
}

/* ---- The file ----------------------------------------------------------------------------- */

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Stdout o = {.scope = unpark_spans_set_new()};
  gboolean ok;

  unpark_spans_json_init(&o.s, input, writer, cancellable);
  ok = unpark_spans_json_each(&o.s, read_span, error) &&
       unpark_spans_json_finish(&o.s, "go-stdouttrace", "Go stdouttrace", duration_ns, complete,
                                error);
  unpark_spans_json_clear(&o.s);
  g_array_unref(o.scope);
  return ok;
}

static gboolean sniff(const guint8 *head, gsize size) {
  static const char *const keys[] = {"SpanContext", "Name", "SpanKind", NULL};
  char first;

  return (unpark_spans_json_sniff(head, size, 2, keys, &first) & 7) == 7;
}

const UnparkImporter unpark_importer_stdouttrace = {
    .name = "go-stdouttrace",
    .title = N_("spans printed by Go’s stdouttrace"),
    .expects = N_("“{\"Name\":…,\"SpanContext\":{…},\"SpanKind\":…}”"),
    .sniff = sniff,
    .import = import,
};
