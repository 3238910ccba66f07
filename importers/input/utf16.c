/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in 16-bit units, as PowerShell's ">" and some editors of Windows write it. */
#include "importers/input/private.h"

#define MARK 0xfeff
#define REPLACEMENT 0xfffd

static guint32 unit_at(const guint8 *bytes, gboolean big_endian) {
  return big_endian ? (guint32)bytes[0] << 8 | bytes[1] : (guint32)bytes[1] << 8 | bytes[0];
}

/* Without a mark: ASCII in every unit but a few, and no zero among them. */
static gboolean looks_wide(const guint8 *head, gsize size, gboolean big_endian) {
  gsize n = MIN(size, UNPARK_PACKING_HEAD_SIZE) / 2, n_ascii = 0;

  for (gsize i = 0; i < n; i++) {
    guint32 unit = unit_at(head + 2 * i, big_endian);
    gboolean is_ascii = unit < 0x80 && (g_ascii_isprint((char)unit) || g_ascii_isspace((char)unit));
    if (unit == 0 || (i == 0 && !is_ascii))
      return FALSE;
    n_ascii += is_ascii;
  }
  return n >= 4 && n_ascii * 8 >= n * 7;
}

UnparkPacking unpark_input_utf16_of(const guint8 *head, gsize size) {
  if (size < 2)
    return UNPARK_PACKING_NONE;
  /* Four bytes a unit have the same mark. */
  if (unit_at(head, FALSE) == MARK && (size < 4 || unit_at(head + 2, FALSE) != 0))
    return UNPARK_PACKING_UTF16LE;
  if (unit_at(head, TRUE) == MARK)
    return UNPARK_PACKING_UTF16BE;
  if (looks_wide(head, size, FALSE))
    return UNPARK_PACKING_UTF16LE;
  return looks_wide(head, size, TRUE) ? UNPARK_PACKING_UTF16BE : UNPARK_PACKING_NONE;
}

static gsize put(guint8 *to, guint32 code) {
  if (code < 0x80) {
    to[0] = (guint8)code;
    return 1;
  }
  return (gsize)g_unichar_to_utf8(code, (char *)to);
}

/* The character at `from`, of which *n units are read; 0: its second half has not come yet. A mark
 * between (of files behind one another) is nothing. */
static guint32 take(const guint8 *from, gsize units, gboolean last, gboolean big_endian, gsize *n,
                    guint64 *n_replaced) {
  guint32 unit = unit_at(from, big_endian), low;

  *n = 1;
  if (unit < 0xd800 || unit >= 0xe000)
    return unit;
  if (unit < 0xdc00 && units < 2 && !last) {
    *n = 0;
    return 0;
  }
  low = unit < 0xdc00 && units >= 2 ? unit_at(from + 2, big_endian) : 0;
  if (low >= 0xdc00 && low < 0xe000) {
    *n = 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  ++*n_replaced;
  return REPLACEMENT;
}

gsize unpark_input_utf16_decode(gboolean big_endian, const guint8 *from, gsize available,
                                gboolean last, guint8 *to, gsize size, gsize *used,
                                guint64 *n_replaced) {
  gsize at = 0, written = 0;

  while (available - at >= 2 && size - written >= UNPARK_UTF8_MAX) {
    gsize n;
    guint32 code = take(from + at, (available - at) / 2, last, big_endian, &n, n_replaced);
    if (n == 0)
      break;
    at += 2 * n;
    if (code != MARK)
      written += put(to + written, code);
  }
  /* Half a unit at the end; a zero is the half of a line's end that was cut off. */
  if (last && available - at == 1 && size - written >= UNPARK_UTF8_MAX) {
    if (from[at] != 0) {
      written += put(to + written, REPLACEMENT);
      ++*n_replaced;
    }
    at = available;
  }
  *used = at;
  return written;
}
