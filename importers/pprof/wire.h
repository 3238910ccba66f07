/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protobuf's wire format: just what profile.proto needs.
 *
 * A reader is a window on bytes in memory; it never reads outside it. A message is damaged when
 * a varint has more than ten bytes, a length leaves the message, or a wire type is none of
 * 0, 1, 2, 5 (groups have been obsolete since before profile.proto). */
#pragma once

#include <glib.h>

typedef enum {
  UNPARK_WIRE_VARINT = 0,
  UNPARK_WIRE_FIXED64 = 1,
  UNPARK_WIRE_BYTES = 2,
  UNPARK_WIRE_FIXED32 = 5
} UnparkWireType;

typedef struct {
  const guint8 *p, *end;
} UnparkWire;

typedef struct {
  guint64 number; /* field number */
  UnparkWireType type;
  guint64 value;    /* VARINT, FIXED64, FIXED32 */
  UnparkWire bytes; /* BYTES */
} UnparkWireField;

typedef enum {
  UNPARK_WIRE_OK,
  UNPARK_WIRE_MORE, /* the window ends within the field */
  UNPARK_WIRE_BAD
} UnparkWireStatus;

static inline UnparkWireStatus unpark_wire_varint(UnparkWire *w, guint64 *value) {
  guint64 v = 0;
  const guint8 *p = w->p;

  for (guint shift = 0; shift < 70; shift += 7) {
    if (p == w->end)
      return UNPARK_WIRE_MORE;
    v |= (guint64)(*p & 0x7f) << shift;
    if (!(*p++ & 0x80)) {
      w->p = p;
      *value = v;
      return UNPARK_WIRE_OK;
    }
  }
  return UNPARK_WIRE_BAD;
}

/* Reads one field and steps over it. On MORE, `field->value` of a BYTES field whose head is
 * there is its length, and `w->p` has not moved; field->bytes.p is then where its bytes begin
 * (NULL if the head is not there). */
static inline UnparkWireStatus unpark_wire_field(UnparkWire *w, UnparkWireField *field) {
  UnparkWire at = *w;
  guint64 key, fixed;
  UnparkWireStatus status;
  gsize width;

  field->bytes = (UnparkWire){NULL, NULL};
  if ((status = unpark_wire_varint(&at, &key)) != UNPARK_WIRE_OK)
    return status;
  field->number = key >> 3;
  field->type = (UnparkWireType)(key & 7);
  switch (key & 7) {
  case UNPARK_WIRE_VARINT:
    if ((status = unpark_wire_varint(&at, &field->value)) != UNPARK_WIRE_OK)
      return status;
    break;
  case UNPARK_WIRE_BYTES:
    if ((status = unpark_wire_varint(&at, &field->value)) != UNPARK_WIRE_OK)
      return status;
    field->bytes.p = at.p;
    if (field->value > (guint64)(at.end - at.p))
      return UNPARK_WIRE_MORE;
    at.p += field->value;
    field->bytes.end = at.p;
    break;
  case UNPARK_WIRE_FIXED64:
  case UNPARK_WIRE_FIXED32:
    width = (key & 7) == UNPARK_WIRE_FIXED64 ? 8 : 4;
    if ((gsize)(at.end - at.p) < width)
      return UNPARK_WIRE_MORE;
    fixed = 0;
    for (gsize i = 0; i < width; i++)
      fixed |= (guint64)at.p[i] << (8 * i);
    field->value = fixed;
    at.p += width;
    break;
  default:
    return UNPARK_WIRE_BAD;
  }
  *w = at;
  return UNPARK_WIRE_OK;
}

/* The next field of a whole message: FALSE at its end and when it is damaged (then *bad). */
static inline gboolean unpark_wire_next(UnparkWire *w, UnparkWireField *field, gboolean *bad) {
  if (w->p == w->end)
    return FALSE;
  if (unpark_wire_field(w, field) == UNPARK_WIRE_OK)
    return TRUE;
  *bad = TRUE;
  w->p = w->end;
  return FALSE;
}
