/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/parquet/private.h"

enum { TYPE_TRUE = 1, TYPE_FALSE = 2, TYPE_BYTE = 3, TYPE_I64 = 6, TYPE_LIST = 9 };

static void put_byte(UnparkThrift *t, guint value) {
  guint8 byte = (guint8)value;

  g_byte_array_append(t->out, &byte, 1);
}

void unpark_thrift_varint(GByteArray *out, guint64 value) {
  guint8 bytes[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8)(value | 0x80);
  bytes[n++] = (guint8)value;
  g_byte_array_append(out, bytes, n);
}

static void put_zigzag(UnparkThrift *t, gint64 value) {
  unpark_thrift_varint(t->out, ((guint64)value << 1) ^ (value < 0 ? G_MAXUINT64 : 0));
}

/* Fields ascend, by 15 at most: the short form of a field's head. */
static void put_field(UnparkThrift *t, gint16 field, guint type) {
  gint16 *last = &t->last[t->depth];

  g_return_if_fail(field > *last && field - *last <= 15);
  put_byte(t, (guint)(field - *last) << 4 | type);
  *last = field;
}

static void open_struct(UnparkThrift *t) {
  g_return_if_fail(t->depth + 1 < UNPARK_THRIFT_DEPTH);
  t->last[++t->depth] = 0;
}

void unpark_thrift_init(UnparkThrift *t, GByteArray *out) {
  memset(t, 0, sizeof *t);
  t->out = out;
}

void unpark_thrift_end(UnparkThrift *t) {
  put_byte(t, 0);
  if (t->depth > 0)
    t->depth--;
}

void unpark_thrift_bool(UnparkThrift *t, gint16 field, gboolean value) {
  put_field(t, field, value ? TYPE_TRUE : TYPE_FALSE);
}

void unpark_thrift_byte(UnparkThrift *t, gint16 field, gint8 value) {
  put_field(t, field, TYPE_BYTE);
  put_byte(t, (guint8)value);
}

void unpark_thrift_i32(UnparkThrift *t, gint16 field, gint32 value) {
  put_field(t, field, UNPARK_THRIFT_I32);
  put_zigzag(t, value);
}

void unpark_thrift_i64(UnparkThrift *t, gint16 field, gint64 value) {
  put_field(t, field, TYPE_I64);
  put_zigzag(t, value);
}

void unpark_thrift_binary(UnparkThrift *t, gint16 field, const void *bytes, gsize size) {
  put_field(t, field, UNPARK_THRIFT_BINARY);
  unpark_thrift_varint(t->out, size);
  g_byte_array_append(t->out, bytes, (guint)size);
}

void unpark_thrift_text(UnparkThrift *t, gint16 field, const char *text) {
  unpark_thrift_binary(t, field, text, strlen(text));
}

void unpark_thrift_struct(UnparkThrift *t, gint16 field) {
  put_field(t, field, UNPARK_THRIFT_STRUCT);
  open_struct(t);
}

void unpark_thrift_list(UnparkThrift *t, gint16 field, UnparkThriftType of, guint n) {
  put_field(t, field, TYPE_LIST);
  if (n < 15) {
    put_byte(t, n << 4 | of);
    return;
  }
  put_byte(t, 0xf0 | of);
  unpark_thrift_varint(t->out, n);
}

void unpark_thrift_item_i32(UnparkThrift *t, gint32 value) {
  put_zigzag(t, value);
}

void unpark_thrift_item_text(UnparkThrift *t, const char *text) {
  unpark_thrift_varint(t->out, strlen(text));
  g_byte_array_append(t->out, (const guint8 *)text, (guint)strlen(text));
}

void unpark_thrift_item_struct(UnparkThrift *t) {
  open_struct(t);
}
