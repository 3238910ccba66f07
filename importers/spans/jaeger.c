/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/jaeger.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/spans/fields.h"

/* Of one trace; each has a service or a few. */
#define PROCESSES_MAX 4096
#define REFERENCES_MAX 4096

typedef struct {
  gint64 number; /* of its set */
  gboolean filled;
} Process;

typedef struct {
  UnparkSpansTrace trace;
  guint64 span;
  gboolean follows; /* FOLLOWS_FROM, not CHILD_OF */
} Reference;

typedef struct {
  UnparkSpansJson s;     /* first: what the walk hands over */
  GHashTable *processes; /* string id -> Process, of the trace at hand */
  GArray *references;    /* of the span at hand */
  guint32 event_key, message_key, service_key;
} Jaeger;

typedef enum { OF_SPAN, OF_LOG, OF_PROCESS } TagsOf;

/* ---- Tags --------------------------------------------------------------------------------- */

typedef struct {
  guint32 key;
  char name[32]; /* of the key, cut off */
  char type;     /* its first letter */
  UnparkSpansValue value;
  gboolean has_value;
} Tag;

/* A number or a boolean as text is what its type says. */
static void mend_value(UnparkSpansJson *s, Tag *tag) {
  const char *text;
  char *end;

  if (tag->value.type == UNPARK_TRACE_INT && tag->type == 'f') {
    double d = (double)tag->value.number;
    tag->value.type = UNPARK_TRACE_DOUBLE;
    memcpy(&tag->value.number, &d, sizeof d);
  }
  if (tag->value.type != UNPARK_TRACE_TEXT)
    return;
  text = unpark_writer_text(s->json.writer, tag->value.text);
  if (tag->type == 'i' && *text) {
    gint64 number = g_ascii_strtoll(text, &end, 10);
    if (*end == '\0')
      tag->value = (UnparkSpansValue){UNPARK_TRACE_INT, 0, number};
  } else if (tag->type == 'b' && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
    tag->value = (UnparkSpansValue){UNPARK_TRACE_BOOL, 0, text[0] == 't'};
  }
}

static gboolean take_tag(UnparkSpansJson *s, Tag *tag) {
  static const char *const keys[] = {"key", "type", "value", NULL};
  UnparkJsonToken value;
  gint key;

  *tag = (Tag){0};
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0 && value == UNPARK_JSON_STRING) {
      g_strlcpy(tag->name, s->json.text->str, sizeof tag->name);
      tag->key = unpark_spans_json_string(s, value);
    } else if (key == 1 && value == UNPARK_JSON_STRING) {
      tag->type = s->json.text->str[0];
    } else if (key == 2) {
      tag->has_value = unpark_spans_json_plain(s, value, &tag->value);
    } else {
      unpark_spans_json_bad(s, value);
    }
  }
  if (!tag->has_value || tag->name[0] == '\0' || s->json.stopped)
    return FALSE;
  mend_value(s, tag);
  return TRUE;
}

static gboolean has_text(UnparkSpansJson *s, const UnparkSpansValue *value, const char *text) {
  return value->type == UNPARK_TRACE_TEXT &&
         g_ascii_strcasecmp(unpark_writer_text(s->json.writer, value->text), text) == 0;
}

static void take_kind(UnparkSpansJson *s, const UnparkSpansValue *value) {
  for (guint kind = 0; kind < UNPARK_N_TRACE_KINDS; kind++)
    if (has_text(s, value, unpark_trace_kind_name((UnparkTraceKind)kind)))
      s->spans.span.kind = (UnparkTraceKind)kind;
}

/* Tags that say what other formats have fields for. TRUE: nothing is left to be kept. */
static gboolean take_field_tag(UnparkSpansJson *s, const Tag *tag) {
  UnparkSpansSpan *span = &s->spans.span;
  const UnparkSpansValue *v = &tag->value;

  if (strcmp(tag->name, "span.kind") == 0) {
    take_kind(s, v);
    return TRUE;
  }
  if (strcmp(tag->name, "error") == 0) {
    gboolean plain = v->type == UNPARK_TRACE_BOOL || has_text(s, v, "true") ||
                     has_text(s, v, "false") || has_text(s, v, "");
    if (v->type == UNPARK_TRACE_BOOL ? v->number : !has_text(s, v, "false") && !has_text(s, v, ""))
      span->status = UNPARK_TRACE_ERROR;
    return plain;
  }
  if (strcmp(tag->name, "otel.status_code") == 0) {
    if (has_text(s, v, "ERROR"))
      span->status = UNPARK_TRACE_ERROR;
    else if (has_text(s, v, "OK") && span->status == UNPARK_TRACE_UNSET)
      span->status = UNPARK_TRACE_OK;
    return TRUE;
  }
  if (strcmp(tag->name, "otel.status_description") == 0 && v->type == UNPARK_TRACE_TEXT) {
    span->message = v->text;
    return TRUE;
  }
  if (strcmp(tag->name, "w3c.tracestate") == 0 && v->type == UNPARK_TRACE_TEXT)
    span->state = v->text;
  return FALSE;
}

/* `item`, *name: of a log, whose field "event", else "message", is its name. */
static void take_tags(UnparkSpansJson *s, UnparkJsonToken token, TagsOf of, guint item,
                      guint32 *name) {
  const Jaeger *j = (const Jaeger *)s;
  gboolean has_event = FALSE;
  UnparkJsonToken value;
  Tag tag;

  if (token != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_spans_json_item(s, &value)) {
    if (value != UNPARK_JSON_OBJECT) {
      unpark_spans_json_bad(s, value);
    } else if (take_tag(s, &tag)) {
      gboolean names = of == OF_LOG && tag.value.type == UNPARK_TRACE_TEXT &&
                       (tag.key == j->event_key || (tag.key == j->message_key && !has_event));
      if (of == OF_PROCESS)
        unpark_spans_set_add(&s->spans, s->set, tag.key, &tag.value);
      else if (names)
        *name = tag.value.text;
      else if (of == OF_LOG || !take_field_tag(s, &tag))
        unpark_spans_attribute(&s->spans,
                               of == OF_LOG ? UNPARK_TRACE_OF_EVENT : UNPARK_TRACE_OF_SPAN, item,
                               tag.key, &tag.value);
      has_event = has_event || tag.key == j->event_key;
    }
  }
}

/* ---- Spans -------------------------------------------------------------------------------- */

static void take_log(UnparkSpansJson *s) {
  static const char *const keys[] = {"timestamp", "fields", NULL};
  guint number = s->spans.events->len + 1;
  UnparkJsonToken value;
  guint64 time_ns = 0;
  guint32 name = 0;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0)
      time_ns = unpark_spans_json_us(s, value);
    else if (key == 1)
      take_tags(s, value, OF_LOG, number, &name);
    else
      unpark_spans_json_skip(s, value);
  }
  unpark_spans_event(&s->spans, time_ns, name);
}

static void take_reference(UnparkSpansJson *s) {
  static const char *const keys[] = {"refType", "traceID", "spanID", NULL};
  Jaeger *j = (Jaeger *)s;
  Reference reference = {0};
  gboolean ok = TRUE, is_short;
  UnparkJsonToken value;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0 && value == UNPARK_JSON_STRING)
      reference.follows = unpark_json_is(&s->json, "FOLLOWS_FROM");
    else if (key == 1)
      ok = unpark_spans_json_trace_id(s, value, &reference.trace, &is_short) && ok;
    else if (key == 2)
      ok = unpark_spans_json_span_id(s, value, &reference.span) && ok;
    else
      unpark_spans_json_skip(s, value);
  }
  if (!ok)
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_PARENT);
  else if (j->references->len < REFERENCES_MAX)
    g_array_append_val(j->references, reference);
  else
    unpark_spans_fault(&s->spans, UNPARK_SPANS_TOO_MANY);
}

/* The parent is the first reference into the own trace, CHILD_OF before FOLLOWS_FROM; the others
 * are links. */
static void resolve_references(Jaeger *j) {
  UnparkSpans *spans = &j->s.spans;
  gint parent = -1;

  for (guint i = 0; i < j->references->len; i++) {
    const Reference *r = &g_array_index(j->references, Reference, i);
    gboolean own = r->trace.low == spans->span.trace.low && r->trace.high == spans->span.trace.high;
    if (own &&
        (parent < 0 || (!r->follows && g_array_index(j->references, Reference, parent).follows)))
      parent = (gint)i;
  }
  for (guint i = 0; i < j->references->len; i++) {
    const Reference *r = &g_array_index(j->references, Reference, i);
    if ((gint)i == parent)
      spans->span.parent = r->span;
    else if (r->span != 0)
      unpark_spans_link(spans, r->trace, r->span);
  }
}

static Process *process_of(Jaeger *j, guint32 name) {
  gpointer key = GUINT_TO_POINTER(name);
  Process *process = g_hash_table_lookup(j->processes, key);

  if (process)
    return process;
  if (g_hash_table_size(j->processes) >= PROCESSES_MAX) {
    unpark_spans_fault(&j->s.spans, UNPARK_SPANS_TOO_MANY);
    return NULL;
  }
  process = g_new0(Process, 1);
  g_hash_table_insert(j->processes, key, process);
  return process;
}

/* {"serviceName": ..., "tags": [...]} into the set at hand. */
static void take_process(UnparkSpansJson *s) {
  static const char *const keys[] = {"serviceName", "tags", NULL};
  const Jaeger *j = (const Jaeger *)s;
  UnparkSpansValue service = {UNPARK_TRACE_TEXT, 0, 0};
  UnparkJsonToken value;
  gint key;

  g_array_set_size(s->set, 0);
  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (key == 0) {
      service.text = unpark_spans_json_string(s, value);
      unpark_spans_set_add(&s->spans, s->set, j->service_key, &service);
    } else if (key == 1 && !unpark_spans_json_is_null(s, value)) {
      take_tags(s, value, OF_PROCESS, 0, NULL);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
}

static void take_process_id(UnparkSpansJson *s, UnparkJsonToken value) {
  Process *process = process_of((Jaeger *)s, unpark_spans_json_string(s, value));

  if (process && process->number == 0)
    process->number = unpark_spans_reserve_set(&s->spans);
  s->spans.span.resource = process ? process->number : 0;
}

static const char *const span_keys[] = {"traceID",    "spanID",    "parentSpanID", "operationName",
                                        "references", "startTime", "duration",     "tags",
                                        "logs",       "processID", "process",      NULL};
enum { TRACE, SPAN, PARENT, NAME, REFERENCES, START, DURATION, TAGS, LOGS, PROCESS_ID, PROCESS };

static void take_span_field(UnparkSpansJson *s, gint key, UnparkJsonToken value,
                            guint64 *duration) {
  if (unpark_spans_json_is_null(s, value))
    return;
  if (key <= PARENT) {
    unpark_spans_json_own_id(s, (UnparkSpansId)key, value);
  } else if (key == NAME) {
    s->spans.span.name = unpark_spans_json_string(s, value);
  } else if (key == REFERENCES) {
    unpark_spans_json_objects(s, value, take_reference);
  } else if (key == START) {
    s->spans.span.start_ns = unpark_spans_json_us(s, value);
  } else if (key == DURATION) {
    *duration = unpark_spans_json_us(s, value);
  } else if (key == TAGS) {
    take_tags(s, value, OF_SPAN, 0, NULL);
  } else if (key == LOGS) {
    unpark_spans_json_objects(s, value, take_log);
  } else if (key == PROCESS_ID) {
    take_process_id(s, value);
  } else if (key == PROCESS && value == UNPARK_JSON_OBJECT) {
    take_process(s);
    s->spans.span.resource = unpark_spans_set(&s->spans, s->set);
  } else {
    unpark_spans_json_skip(s, value);
  }
}

static void take_span(UnparkSpansJson *s) {
  Jaeger *j = (Jaeger *)s;
  UnparkSpansSpan *span = &s->spans.span;
  UnparkJsonToken value;
  guint64 duration = 0;
  gint key;

  unpark_spans_begin(&s->spans);
  g_array_set_size(j->references, 0);
  while ((key = unpark_spans_json_key(s, span_keys, &value)) >= 0)
    take_span_field(s, key, value, &duration);
  resolve_references(j);
  span->end_ns = span->start_ns + MIN(duration, G_MAXUINT64 - span->start_ns);
  if (!s->json.stopped) /* what is cut off is no span */
    unpark_spans_commit(&s->spans);
}

/* ---- Traces ------------------------------------------------------------------------------- */

/* {"p1": {...}, ...}: before or behind the spans. */
static void take_processes(UnparkSpansJson *s, UnparkJsonToken token) {
  Jaeger *j = (Jaeger *)s;

  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return;
  }
  while (unpark_json_next(&s->json, &s->json.failure) == UNPARK_JSON_KEY) {
    guint32 name = unpark_writer_string(s->json.writer, s->json.text->str, s->json.text->len);
    UnparkJsonToken value = unpark_json_next(&s->json, &s->json.failure);
    Process *process = process_of(j, name);
    if (value != UNPARK_JSON_OBJECT) {
      unpark_spans_json_bad(s, value);
      continue;
    }
    take_process(s);
    if (!process || process->filled)
      continue;
    if (process->number != 0)
      unpark_spans_fill_set(&s->spans, process->number, s->set);
    else
      process->number = unpark_spans_set(&s->spans, s->set);
    process->filled = TRUE;
  }
}

static void end_trace(Jaeger *j) {
  GHashTableIter iter;
  gpointer process;

  g_array_set_size(j->s.set, 0);
  g_hash_table_iter_init(&iter, j->processes);
  while (g_hash_table_iter_next(&iter, NULL, &process))
    if (!((Process *)process)->filled && ((Process *)process)->number != 0)
      unpark_spans_fill_set(&j->s.spans, ((Process *)process)->number, j->s.set);
  g_hash_table_remove_all(j->processes);
}

/* A trace, or the answer that holds traces. */
static void take_trace(UnparkSpansJson *s) {
  static const char *const keys[] = {"spans", "processes", "data", NULL};
  UnparkJsonToken value;
  gint key;

  while ((key = unpark_spans_json_key(s, keys, &value)) >= 0) {
    if (unpark_spans_json_is_null(s, value))
      continue;
    if (key == 0)
      unpark_spans_json_objects(s, value, take_span);
    else if (key == 1)
      take_processes(s, value);
    else if (key == 2 && s->json.depth < UNPARK_JSON_DEPTH_MAX / 2)
      unpark_spans_json_objects(s, value, take_trace);
    else
      unpark_spans_json_skip(s, value);
  }
  end_trace((Jaeger *)s);
}

static void read_top(UnparkSpansJson *s, UnparkJsonToken token) {
  if (token == UNPARK_JSON_OBJECT) {
    take_trace(s);
    return;
  }
  unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
  unpark_spans_json_skip(s, token);
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Jaeger j = {.processes = g_hash_table_new_full(NULL, NULL, NULL, g_free),
              .references = g_array_new(FALSE, FALSE, sizeof(Reference)),
              .event_key = unpark_writer_string(writer, "event", 5),
              .message_key = unpark_writer_string(writer, "message", 7),
              .service_key = unpark_writer_string(writer, "service.name", 12)};
  gboolean ok;

  unpark_spans_json_init(&j.s, input, writer, cancellable);
  ok = unpark_spans_json_each(&j.s, read_top, error) &&
       unpark_spans_json_finish(&j.s, "jaeger", "Jaeger JSON", duration_ns, complete, error);
  unpark_spans_json_clear(&j.s);
  g_hash_table_unref(j.processes);
  g_array_unref(j.references);
  return ok;
}

static gboolean sniff(const guint8 *head, gsize size) {
  static const char *const keys[] = {"traceID", "spanID", "spans", "operationName", NULL};
  char first;

  return (unpark_spans_json_sniff(head, size, 5, keys, &first) & 15) == 15;
}

const UnparkImporter unpark_importer_jaeger = {
    .name = "jaeger",
    .title = N_("Jaeger spans in JSON"),
    .expects = N_("“{\"data\":[{\"traceID\":…,\"spans\":[…],\"processes\":{…}}]}”"),
    .sniff = sniff,
    .import = import,
};
