/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wire format of protobuf in memory, and OTLP's attributes in it. */
#pragma once

#include "importers/spans/rows.h"

/* Bytes from `p` to `end`. */
typedef struct {
  const guint8 *p, *end;
} UnparkSpansBytes;

typedef struct {
  guint32 number;
  guint8 wire;            /* 0 varint, 1 64 bits, 2 bytes, 5 32 bits */
  guint64 value;          /* of 0, 1 and 5 */
  UnparkSpansBytes bytes; /* of 2 */
} UnparkSpansField;

gboolean unpark_spans_take_varint(UnparkSpansBytes *from, guint64 *value);
/* The next field; FALSE at the end, or if what follows is none: then from->p is not at the end. */
gboolean unpark_spans_take_field(UnparkSpansBytes *from, UnparkSpansField *field);

/* What reading attributes needs. */
typedef struct {
  UnparkWriter *writer;
  UnparkSpans *spans;
  GString *text; /* scratch */
} UnparkSpansProto;

guint32 unpark_spans_proto_string(UnparkSpansProto *p, const UnparkSpansField *field);
/* One KeyValue. `to` NULL: of the span at hand, of this scope and item; else added to that set. */
void unpark_spans_proto_attribute(UnparkSpansProto *p, UnparkSpansBytes bytes,
                                  UnparkTraceScope scope, guint item, GArray *to);
