/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/proto-value.h"

#include <math.h>
#include <string.h>

#include "model/base/json.h"

#define DEPTH_MAX 64

/* Fields of AnyValue. */
enum { STRING = 1, BOOL, INT, DOUBLE, ARRAY, KVLIST, BYTES };

gboolean unpark_spans_take_varint(UnparkSpansBytes *from, guint64 *value) {
  const guint8 *p = from->p, *end = from->end;
  guint64 v = 0;

  for (guint shift = 0; shift < 64 && p < end; shift += 7) {
    guint8 byte = *p++;
    v |= (guint64)(byte & 0x7f) << shift;
    if (byte < 0x80) {
      from->p = p;
      *value = v;
      return TRUE;
    }
  }
  return FALSE;
}

/* Most tags, lengths and numbers are a byte. */
static inline gboolean take_varint(UnparkSpansBytes *from, guint64 *value) {
  if (G_UNLIKELY(from->p >= from->end || *from->p >= 0x80))
    return unpark_spans_take_varint(from, value);
  *value = *from->p++;
  return TRUE;
}

static inline gboolean take_fixed(UnparkSpansBytes *from, gsize size, guint64 *value) {
  guint64 v = 0; /* little-endian */

  if ((gsize)(from->end - from->p) < size)
    return FALSE;
  memcpy(&v, from->p, size);
  from->p += size;
  *value = GUINT64_FROM_LE(v);
  return TRUE;
}

/* The value behind a tag. */
static inline gboolean take_value_of(UnparkSpansBytes *at, UnparkSpansField *field) {
  guint64 size;

  switch (field->wire) {
  case 0:
    return take_varint(at, &field->value);
  case 1:
    return take_fixed(at, 8, &field->value);
  case 5:
    return take_fixed(at, 4, &field->value);
  case 2:
    if (!take_varint(at, &size) || size > (guint64)(at->end - at->p))
      return FALSE;
    field->bytes = (UnparkSpansBytes){at->p, at->p + size};
    at->p += size;
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean unpark_spans_take_field(UnparkSpansBytes *from, UnparkSpansField *field) {
  UnparkSpansBytes at = *from;
  guint64 tag;

  if (at.p >= at.end || !take_varint(&at, &tag) || tag >> 3 == 0 || tag >> 3 > G_MAXINT32)
    return FALSE;
  field->number = (guint32)(tag >> 3);
  field->wire = tag & 7;
  field->value = 0;
  field->bytes = (UnparkSpansBytes){at.p, at.p};
  if (!take_value_of(&at, field))
    return FALSE;
  from->p = at.p;
  return TRUE;
}

static gsize size_of(UnparkSpansBytes bytes) {
  return (gsize)(bytes.end - bytes.p);
}

guint32 unpark_spans_proto_string(UnparkSpansProto *p, const UnparkSpansField *field) {
  if (field->wire == 2)
    return unpark_writer_string(p->writer, (const char *)field->bytes.p, size_of(field->bytes));
  unpark_spans_fault(p->spans, UNPARK_SPANS_BAD_VALUE);
  return 0;
}

/* ---- Values ------------------------------------------------------------------------------- */

static void copy_value(UnparkSpansProto *p, UnparkSpansBytes bytes, guint depth, GString *to);

static void copy_double(guint64 bits, GString *to) {
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  double d;

  memcpy(&d, &bits, sizeof d);
  if (isfinite(d))
    g_string_append(to, g_ascii_formatd(buffer, sizeof buffer, "%.15g", d));
  else
    g_string_append_printf(to, "\"%s\"", isnan(d) ? "NaN" : d < 0 ? "-Infinity" : "Infinity");
}

/* KeyValue as "key":value. */
static void copy_pair(UnparkSpansProto *p, UnparkSpansBytes bytes, guint depth, GString *to) {
  UnparkSpansBytes value = {bytes.end, bytes.end};
  UnparkSpansField field, key = {0};

  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number == 1 && field.wire == 2)
      key = field;
    else if (field.number == 2 && field.wire == 2)
      value = field.bytes;
  }
  unpark_json_append(to, (const char *)key.bytes.p, (gssize)size_of(key.bytes));
  g_string_append_c(to, ':');
  copy_value(p, value, depth, to);
}

/* ArrayValue and KeyValueList: of values, of pairs. */
static void copy_list(UnparkSpansProto *p, UnparkSpansBytes bytes, gboolean pairs, guint depth,
                      GString *to) {
  UnparkSpansField field;
  guint n = 0;

  g_string_append_c(to, pairs ? '{' : '[');
  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number != 1 || field.wire != 2)
      continue;
    if (n++ > 0)
      g_string_append_c(to, ',');
    if (pairs)
      copy_pair(p, field.bytes, depth + 1, to);
    else
      copy_value(p, field.bytes, depth + 1, to);
  }
  g_string_append_c(to, pairs ? '}' : ']');
}

static void copy_bytes(UnparkSpansBytes bytes, GString *to) {
  g_autofree char *text = g_base64_encode(bytes.p, size_of(bytes));

  g_string_append(to, text);
}

/* AnyValue as JSON. */
static void copy_value(UnparkSpansProto *p, UnparkSpansBytes bytes, guint depth, GString *to) {
  UnparkSpansField field;

  if (depth > DEPTH_MAX || !unpark_spans_take_field(&bytes, &field)) {
    if (depth > DEPTH_MAX)
      unpark_spans_fault(p->spans, UNPARK_SPANS_TOO_MANY);
    g_string_append(to, "null");
  } else if (field.number == STRING && field.wire == 2) {
    unpark_json_append(to, (const char *)field.bytes.p, (gssize)size_of(field.bytes));
  } else if (field.number == BOOL && field.wire == 0) {
    g_string_append(to, field.value ? "true" : "false");
  } else if (field.number == INT && field.wire == 0) {
    g_string_append_printf(to, "%" G_GINT64_FORMAT, (gint64)field.value);
  } else if (field.number == DOUBLE && field.wire == 1) {
    copy_double(field.value, to);
  } else if ((field.number == ARRAY || field.number == KVLIST) && field.wire == 2) {
    copy_list(p, field.bytes, field.number == KVLIST, depth, to);
  } else if (field.number == BYTES && field.wire == 2) {
    g_string_append_c(to, '"');
    copy_bytes(field.bytes, to);
    g_string_append_c(to, '"');
  } else {
    g_string_append(to, "null");
  }
}

static guint32 scratch_string(UnparkSpansProto *p) {
  return unpark_writer_string(p->writer, p->text->str, p->text->len);
}

/* FALSE: it has none, or not one of these. */
static gboolean take_value(UnparkSpansProto *p, UnparkSpansBytes bytes, UnparkSpansValue *result) {
  UnparkSpansField field;

  if (!unpark_spans_take_field(&bytes, &field))
    return FALSE;
  g_string_truncate(p->text, 0);
  if (field.number == STRING && field.wire == 2) {
    *result = (UnparkSpansValue){UNPARK_TRACE_TEXT, unpark_spans_proto_string(p, &field), 0};
  } else if (field.number == BOOL && field.wire == 0) {
    *result = (UnparkSpansValue){UNPARK_TRACE_BOOL, 0, field.value != 0};
  } else if (field.number == INT && field.wire == 0) {
    *result = (UnparkSpansValue){UNPARK_TRACE_INT, 0, (gint64)field.value};
  } else if (field.number == DOUBLE && field.wire == 1) {
    *result = (UnparkSpansValue){UNPARK_TRACE_DOUBLE, 0, (gint64)field.value};
  } else if ((field.number == ARRAY || field.number == KVLIST) && field.wire == 2) {
    copy_list(p, field.bytes, field.number == KVLIST, 0, p->text);
    *result = (UnparkSpansValue){UNPARK_TRACE_JSON, scratch_string(p), 0};
  } else if (field.number == BYTES && field.wire == 2) {
    copy_bytes(field.bytes, p->text);
    *result = (UnparkSpansValue){UNPARK_TRACE_BYTES, scratch_string(p), 0};
  } else {
    unpark_spans_fault(p->spans, UNPARK_SPANS_BAD_VALUE);
    return FALSE;
  }
  return TRUE;
}

void unpark_spans_proto_attribute(UnparkSpansProto *p, UnparkSpansBytes bytes,
                                  UnparkTraceScope scope, guint item, GArray *to) {
  UnparkSpansValue value = {UNPARK_TRACE_TEXT, 0, 0};
  gboolean has_value = FALSE;
  UnparkSpansField field;
  guint32 key = 0;

  while (unpark_spans_take_field(&bytes, &field)) {
    if (field.number == 1)
      key = unpark_spans_proto_string(p, &field);
    else if (field.number == 2 && field.wire == 2)
      has_value = take_value(p, field.bytes, &value);
  }
  if (bytes.p != bytes.end)
    unpark_spans_fault(p->spans, UNPARK_SPANS_BAD_VALUE);
  if (!has_value || key == 0)
    return;
  if (to)
    unpark_spans_set_add(p->spans, to, key, &value);
  else
    unpark_spans_attribute(p->spans, scope, item, key, &value);
}
