/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/otlp-protobuf.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/spans/proto-value.h"
#include "model/base/format.h"

#define WINDOW ((gsize)256 * 1024)
/* Of a span, a resource or a compressed message: read as a whole. */
#define WHOLE_MAX ((gsize)64 * 1024 * 1024)

typedef struct {
  UnparkInput *input; /* the file, or what is unpacked of one message */
  const guint8 *window;
  gsize have, at;
  gboolean last; /* the window reaches to the end */
} Wire;

typedef struct {
  UnparkSpansProto p;
  UnparkSpans spans;
  Wire wire;
  GCancellable *cancellable;
  GArray *resource, *scope;       /* sets at hand */
  gint64 resource_set, scope_set; /* their numbers */
  guint64 n_broken;
  GError *failure;
} Proto;

/* ---- Bytes -------------------------------------------------------------------------------- */

/* Moves the window to the place at hand and makes it at least `want` bytes, if there are as many.
 */
static void refill(Proto *o, gsize want) {
  Wire *w = &o->wire;
  g_autoptr(GError) damage = NULL;

  if (g_cancellable_set_error_if_cancelled(o->cancellable, o->failure ? NULL : &o->failure) ||
      !unpark_writer_check(o->p.writer, o->failure ? NULL : &o->failure)) {
    w->have = w->at;
    w->last = TRUE;
    return;
  }
  unpark_input_consume(w->input, w->at);
  w->at = 0;
  want = MAX(want, WINDOW);
  w->window = unpark_input_window(w->input, want, &w->have, &damage);
  w->last = !w->window || w->have < want;
  if (w->window)
    return;
  if (g_error_matches(damage, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    o->failure = g_steal_pointer(&damage);
    w->have = 0;
    return;
  }
  unpark_writer_note(o->p.writer, UNPARK_NOTE_ERROR, "damaged-packing", 1, "%s", damage->message);
  o->n_broken++;
  w->window = unpark_input_window(w->input, 0, &w->have, NULL);
  if (!w->window)
    w->have = 0;
}

/* Bytes from the place on: at least `want`, or all that are left. */
static UnparkSpansBytes look(Proto *o, gsize want) {
  Wire *w = &o->wire;

  if (w->have - w->at < want && !w->last)
    refill(o, want);
  return (UnparkSpansBytes){w->window + w->at, w->window + w->have};
}

static gsize size_of(UnparkSpansBytes bytes) {
  return (gsize)(bytes.end - bytes.p);
}

/* FALSE: the file ends before. */
static gboolean skip(Proto *o, guint64 n) {
  while (n > 0) {
    gsize there = size_of(look(o, 1));
    if (there == 0)
      return FALSE;
    there = (gsize)MIN((guint64)there, n);
    o->wire.at += there;
    n -= there;
  }
  return TRUE;
}

/* ---- Spans -------------------------------------------------------------------------------- */

static guint64 id_of(const guint8 *bytes) {
  guint64 id;

  memcpy(&id, bytes, sizeof id);
  return GUINT64_FROM_BE(id);
}

/* FALSE: it is no id; one without bytes is one: 0. */
static gboolean take_trace_id(const UnparkSpansField *field, UnparkSpansTrace *trace) {
  *trace = (UnparkSpansTrace){0, 0};
  if (field->wire != 2 || (size_of(field->bytes) != 0 && size_of(field->bytes) != 16))
    return FALSE;
  if (size_of(field->bytes) == 16)
    *trace = (UnparkSpansTrace){id_of(field->bytes.p), id_of(field->bytes.p + 8)};
  return TRUE;
}

static gboolean take_span_id(const UnparkSpansField *field, guint64 *id) {
  *id = 0;
  if (field->wire != 2 || (size_of(field->bytes) != 0 && size_of(field->bytes) != 8))
    return FALSE;
  if (size_of(field->bytes) == 8)
    *id = id_of(field->bytes.p);
  return TRUE;
}

static void check_end(Proto *o, UnparkSpansBytes bytes) {
  if (bytes.p != bytes.end)
    unpark_spans_fault(&o->spans, UNPARK_SPANS_BAD_VALUE);
}

static void take_event(Proto *o, UnparkSpansBytes bytes) {
  guint number = o->spans.events->len + 1;
  UnparkSpansField field;
  guint64 time_ns = 0;
  guint32 name = 0;

  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number == 1 && field.wire == 1)
      time_ns = field.value;
    else if (field.number == 2)
      name = unpark_spans_proto_string(&o->p, &field);
    else if (field.number == 3 && field.wire == 2)
      unpark_spans_proto_attribute(&o->p, field.bytes, UNPARK_TRACE_OF_EVENT, number, NULL);
  }
  check_end(o, bytes);
  unpark_spans_event(&o->spans, time_ns, name);
}

static void take_link(Proto *o, UnparkSpansBytes bytes) {
  guint number = o->spans.links->len + 1;
  UnparkSpansTrace trace = {0, 0};
  UnparkSpansField field;
  gboolean ok = TRUE;
  guint64 id = 0;

  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number == 1)
      ok = take_trace_id(&field, &trace) && ok;
    else if (field.number == 2)
      ok = take_span_id(&field, &id) && ok;
    else if (field.number == 4 && field.wire == 2)
      unpark_spans_proto_attribute(&o->p, field.bytes, UNPARK_TRACE_OF_LINK, number, NULL);
  }
  check_end(o, bytes);
  if (ok && id != 0 && (trace.high != 0 || trace.low != 0))
    unpark_spans_link(&o->spans, trace, id);
  else
    unpark_spans_fault(&o->spans, UNPARK_SPANS_BAD_PARENT);
}

static guint take_enum(Proto *o, const UnparkSpansField *field, guint n) {
  if (field->wire == 0 && field->value < n)
    return (guint)field->value;
  unpark_spans_fault(&o->spans, UNPARK_SPANS_BAD_VALUE);
  return 0;
}

static void take_status(Proto *o, UnparkSpansBytes bytes) {
  UnparkSpansField field;

  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number == 2)
      o->spans.span.message = unpark_spans_proto_string(&o->p, &field);
    else if (field.number == 3)
      o->spans.span.status = take_enum(o, &field, UNPARK_N_TRACE_STATUSES);
  }
  check_end(o, bytes);
}

/* Fields of Span whose values are single; FALSE: it is none of them. */
static gboolean take_single(Proto *o, const UnparkSpansField *field) {
  UnparkSpansSpan *span = &o->spans.span;

  switch (field->number) {
  case 1:
    span->bad = !take_trace_id(field, &span->trace) || span->bad;
    return TRUE;
  case 2:
    span->bad = !take_span_id(field, &span->id) || span->bad;
    return TRUE;
  case 3:
    span->state = unpark_spans_proto_string(&o->p, field);
    return TRUE;
  case 4:
    if (!take_span_id(field, &span->parent))
      unpark_spans_fault(&o->spans, UNPARK_SPANS_BAD_PARENT);
    return TRUE;
  case 5:
    span->name = unpark_spans_proto_string(&o->p, field);
    return TRUE;
  case 6:
    span->kind = take_enum(o, field, UNPARK_N_TRACE_KINDS);
    return TRUE;
  case 7:
    span->start_ns = field->wire == 1 ? field->value : 0;
    return TRUE;
  case 8:
    span->end_ns = field->wire == 1 ? field->value : 0;
    return TRUE;
  case 16:
    if (field->value & 0x100)
      span->flags |= UNPARK_TRACE_REMOTE_KNOWN | (field->value & 0x200 ? UNPARK_TRACE_REMOTE : 0);
    return TRUE;
  default:
    return FALSE;
  }
}

static void take_span(Proto *o, UnparkSpansBytes bytes) {
  UnparkSpansField field;

  unpark_spans_begin(&o->spans);
  while (unpark_spans_take_field(&bytes, &field)) {
    if (take_single(o, &field) || field.wire != 2)
      continue;
    if (field.number == 9)
      unpark_spans_proto_attribute(&o->p, field.bytes, UNPARK_TRACE_OF_SPAN, 0, NULL);
    else if (field.number == 11)
      take_event(o, field.bytes);
    else if (field.number == 13)
      take_link(o, field.bytes);
    else if (field.number == 15)
      take_status(o, field.bytes);
  }
  if (bytes.p != bytes.end) { /* no protobuf: what was read of it may be anything */
    unpark_spans_fault(&o->spans, UNPARK_SPANS_NOT_A_SPAN);
    return;
  }
  o->spans.span.resource = o->resource_set;
  o->spans.span.scope = o->scope_set;
  unpark_spans_commit(&o->spans);
}

/* Resource: attributes 1; InstrumentationScope: name 1, version 2, attributes 3. */
static void take_set(Proto *o, UnparkSpansBytes bytes, gboolean is_scope, GArray *set) {
  static const char *const names[] = {"otel.library.name", "otel.library.version"};
  UnparkSpansField field;

  while (unpark_spans_take_field(&bytes, &field)) {
    if (is_scope && (field.number == 1 || field.number == 2)) {
      const char *name = names[field.number - 1];
      UnparkSpansValue text = {UNPARK_TRACE_TEXT, unpark_spans_proto_string(&o->p, &field), 0};
      if (text.text != 0)
        unpark_spans_set_add(&o->spans, set, unpark_writer_string(o->p.writer, name, strlen(name)),
                             &text);
    } else if (field.wire == 2 && field.number == (is_scope ? 3 : 1)) {
      unpark_spans_proto_attribute(&o->p, field.bytes, UNPARK_TRACE_OF_RESOURCE, 0, set);
    }
  }
  check_end(o, bytes);
}

/* ---- Messages: nested lengths, of which any may be larger than memory --------------------- */

#define ENDLESS G_MAXUINT64

/* A tag and, of bytes, their length; *left goes down by both. FALSE: the message or the file is at
 * its end (*left is then 0), or there is no field. */
static gboolean take_head(Proto *o, guint64 *left, UnparkSpansField *field, guint64 *size) {
  UnparkSpansBytes all = look(o, 20), at = all;
  guint64 tag;
  gsize used;

  if (*left == 0 || (*left == ENDLESS && size_of(all) == 0)) {
    *left = 0;
    return FALSE;
  }
  if (!unpark_spans_take_varint(&at, &tag) || tag >> 3 == 0 || tag >> 3 > G_MAXINT32)
    return FALSE;
  field->number = (guint32)(tag >> 3);
  field->wire = tag & 7;
  *size = field->wire == 1 ? 8 : field->wire == 5 ? 4 : 0;
  if ((field->wire == 0 || field->wire == 2) && !unpark_spans_take_varint(&at, size))
    return FALSE;
  if (field->wire == 0)
    *size = 0;
  else if (field->wire != 1 && field->wire != 2 && field->wire != 5)
    return FALSE;
  used = (gsize)(at.p - all.p);
  if (*left != ENDLESS && (used > *left || *size > *left - used))
    return FALSE;
  if (*left != ENDLESS)
    *left -= used + *size;
  o->wire.at += used;
  return TRUE;
}

/* The field's bytes as a whole. FALSE: the file ends before, or they are too many, and passed over.
 */
static gboolean take_whole(Proto *o, guint64 size, UnparkSpansBytes *bytes) {
  if (size > WHOLE_MAX) {
    unpark_spans_fault(&o->spans, UNPARK_SPANS_NOT_A_SPAN);
    if (!skip(o, size))
      o->n_broken++;
    return FALSE;
  }
  *bytes = look(o, (gsize)size);
  if (size_of(*bytes) < size)
    return FALSE;
  bytes->end = bytes->p + size;
  o->wire.at += (gsize)size;
  return TRUE;
}

/* The set that the spans which come now belong to. */
typedef struct {
  gint64 number;
  gboolean seen;
} SetAt;

static gint64 use_set(Proto *o, SetAt *at, const GArray *set) {
  if (at->number == 0)
    at->number = at->seen ? unpark_spans_set(&o->spans, set) : unpark_spans_reserve_set(&o->spans);
  return at->number;
}

static void end_set(Proto *o, SetAt *at, const GArray *set) {
  if (at->number != 0 && !at->seen)
    unpark_spans_fill_set(&o->spans, at->number, set);
  at->seen = TRUE;
}

/* ScopeSpans: scope 1, spans 2. FALSE: it is damaged, or the file ends. */
static gboolean take_scope_spans(Proto *o, guint64 left) {
  SetAt at = {0, FALSE};
  UnparkSpansField field;
  UnparkSpansBytes bytes;
  gboolean ok = TRUE;
  guint64 size;

  g_array_set_size(o->scope, 0);
  while (ok && take_head(o, &left, &field, &size)) {
    gboolean wanted = field.wire == 2 && (field.number == 1 || field.number == 2);
    if (!wanted) {
      ok = skip(o, size);
    } else if (!take_whole(o, size, &bytes)) {
      ok = size > WHOLE_MAX;
    } else if (field.number == 1) {
      take_set(o, bytes, TRUE, o->scope);
      end_set(o, &at, o->scope);
    } else {
      o->scope_set = use_set(o, &at, o->scope);
      take_span(o, bytes);
    }
  }
  end_set(o, &at, o->scope);
  return ok && left == 0;
}

/* ResourceSpans: resource 1, scope_spans 2 (instrumentation_library_spans 1000 before). */
static gboolean take_resource_spans(Proto *o, guint64 left) {
  SetAt at = {0, FALSE};
  UnparkSpansField field;
  UnparkSpansBytes bytes;
  gboolean ok = TRUE;
  guint64 size;

  g_array_set_size(o->resource, 0);
  while (ok && take_head(o, &left, &field, &size)) {
    if (field.wire == 2 && (field.number == 2 || field.number == 1000)) {
      o->resource_set = use_set(o, &at, o->resource);
      ok = take_scope_spans(o, size);
    } else if (field.wire != 2 || field.number != 1) {
      ok = skip(o, size);
    } else if (take_whole(o, size, &bytes)) {
      take_set(o, bytes, FALSE, o->resource);
      end_set(o, &at, o->resource);
    } else {
      ok = size > WHOLE_MAX;
    }
  }
  end_set(o, &at, o->resource);
  return ok && left == 0;
}

static gboolean take_message(Proto *o, guint64 left) {
  UnparkSpansField field;
  gboolean ok = TRUE;
  guint64 size;

  while (ok && take_head(o, &left, &field, &size))
    ok = field.wire == 2 && field.number == 1 ? take_resource_spans(o, size) : skip(o, size);
  return ok && left == 0;
}

/* ---- Frames ------------------------------------------------------------------------------- */

static gboolean is_packed(UnparkSpansBytes bytes) {
  static const guint8 zstd[] = {0x28, 0xb5, 0x2f, 0xfd}, gzip[] = {0x1f, 0x8b, 8};

  return size_of(bytes) > 4 &&
         (memcmp(bytes.p, zstd, sizeof zstd) == 0 || memcmp(bytes.p, gzip, sizeof gzip) == 0);
}

static void take_packed(Proto *o, UnparkSpansBytes bytes) {
  g_autoptr(UnparkInput) input = unpark_input_from_memory(bytes.p, size_of(bytes));
  Wire outer = o->wire;

  o->wire = (Wire){.input = input};
  if (!take_message(o, ENDLESS))
    o->n_broken++;
  o->wire = outer;
}

static guint64 frame_size(UnparkSpansBytes bytes) {
  return (guint64)bytes.p[0] << 24 | (guint64)bytes.p[1] << 16 | (guint64)bytes.p[2] << 8 |
         bytes.p[3];
}

/* FALSE: the file ends within the frame. */
static gboolean take_frame(Proto *o, guint64 size) {
  UnparkSpansBytes bytes = look(o, 8);
  guint64 start = unpark_input_offset(o->wire.input) + o->wire.at, done;

  if (size <= WHOLE_MAX && size >= 5 && is_packed(bytes)) {
    if (!take_whole(o, size, &bytes))
      return FALSE;
    take_packed(o, bytes);
    return TRUE;
  }
  if (take_message(o, size))
    return TRUE;
  o->n_broken++;
  done = unpark_input_offset(o->wire.input) + o->wire.at - start;
  return done <= size && skip(o, size - done);
}

static void take_frames(Proto *o) {
  for (;;) {
    UnparkSpansBytes bytes = look(o, 4);
    if (size_of(bytes) < 4) {
      o->n_broken += size_of(bytes) > 0;
      return;
    }
    guint64 size = frame_size(bytes);
    o->wire.at += 4;
    if (!take_frame(o, size) || o->failure) {
      o->n_broken++;
      return;
    }
  }
}

/* ---- Sniffing ----------------------------------------------------------------------------- */

static gboolean is_span(UnparkSpansBytes bytes) {
  static const guint8 ids[] = {0x0a, 16, 0x12, 8};

  return size_of(bytes) >= 28 && bytes.p[0] == ids[0] && bytes.p[1] == ids[1] &&
         bytes.p[18] == ids[2] && bytes.p[19] == ids[3];
}

/* Looks into fields of bytes, of which the last may be cut off, for one that `is`. */
static gboolean find_in(UnparkSpansBytes bytes, guint number,
                        gboolean (*is)(UnparkSpansBytes bytes)) {
  guint64 tag, size;

  while (bytes.p < bytes.end) {
    if (!unpark_spans_take_varint(&bytes, &tag) || (tag & 7) != 2 || tag >> 3 == 0 ||
        (tag >> 3 > 4 && tag >> 3 != 1000) || !unpark_spans_take_varint(&bytes, &size))
      return FALSE;
    gsize there = (gsize)MIN(size, (guint64)size_of(bytes));
    if ((tag >> 3 == number || (number == 2 && tag >> 3 == 1000)) &&
        is((UnparkSpansBytes){bytes.p, bytes.p + there}))
      return TRUE;
    bytes.p += there;
  }
  return FALSE;
}

static gboolean has_span(UnparkSpansBytes bytes) {
  return find_in(bytes, 2, is_span);
}

static gboolean has_scope(UnparkSpansBytes bytes) {
  return find_in(bytes, 2, has_span);
}

static gboolean is_message(UnparkSpansBytes bytes) {
  return find_in(bytes, 1, has_scope);
}

/* A frame of its length; a packed one is told by the next, or the end. */
static gboolean is_framed(UnparkSpansBytes bytes) {
  while (size_of(bytes) > 8) {
    guint64 size = frame_size(bytes);
    UnparkSpansBytes body = {bytes.p + 4, bytes.end};
    if (size < 2)
      return FALSE;
    if (size < size_of(body))
      body.end = body.p + size;
    if (is_message(body))
      return TRUE;
    if (!is_packed(body))
      return FALSE;
    if (size >= (guint64)(bytes.end - body.p))
      return TRUE;
    bytes.p = body.end;
  }
  return FALSE;
}

static gboolean sniff(const guint8 *head, gsize size) {
  UnparkSpansBytes bytes = {head, head + size};

  return is_message(bytes) || is_framed(bytes);
}

/* ---- The file ----------------------------------------------------------------------------- */

static void read_file(Proto *o) {
  UnparkSpansBytes head = look(o, UNPARK_SNIFF_SIZE);

  if (size_of(head) > UNPARK_SNIFF_SIZE)
    head.end = head.p + UNPARK_SNIFF_SIZE;
  if (!is_message(head) && is_framed(head))
    take_frames(o);
  else if (!take_message(o, ENDLESS))
    o->n_broken++;
}

static gboolean finish(Proto *o, gint64 *duration_ns, gboolean *complete, GError **error) {
  char at[UNPARK_FORMAT_SIZE];

  *complete = TRUE;
  if (o->failure) {
    g_propagate_error(error, g_steal_pointer(&o->failure));
    return FALSE;
  }
  if (!unpark_spans_finish(&o->spans, unpark_input_name(o->wire.input), "otlp-protobuf",
                           "OTLP protobuf", duration_ns, complete, error))
    return FALSE;
  if (o->n_broken == 0)
    return TRUE;
  unpark_writer_note(
      o->p.writer, UNPARK_NOTE_ERROR, "damaged-message", o->n_broken,
      _("A message is damaged or cut off, the last of them before byte %s; the spans before and "
        "after it were read"),
      unpark_format_number(unpark_input_offset(o->wire.input) + o->wire.at, at));
  *complete = FALSE;
  return TRUE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Proto o = {.wire = {.input = input},
             .cancellable = cancellable,
             .resource = unpark_spans_set_new(),
             .scope = unpark_spans_set_new()};
  gboolean ok;

  o.p = (UnparkSpansProto){writer, &o.spans, g_string_new(NULL)};
  unpark_spans_init(&o.spans, writer);
  read_file(&o);
  ok = finish(&o, duration_ns, complete, error);
  unpark_spans_clear(&o.spans);
  g_array_unref(o.resource);
  g_array_unref(o.scope);
  g_string_free(o.p.text, TRUE);
  g_clear_error(&o.failure);
  return ok;
}

const UnparkImporter unpark_importer_otlp_protobuf = {
    .name = "otlp-protobuf",
    .title = N_("OpenTelemetry spans in protobuf"),
    .sniff = sniff,
    .import = import,
};
