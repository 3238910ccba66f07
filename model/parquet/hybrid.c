/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet's "RLE / bit-packing hybrid" (parquet-format, Encodings.md). */
#include "model/parquet/private.h"

/* Shorter runs are packed with their neighbours. */
#define SHORTEST_RUN 16

guint unpark_hybrid_width(guint32 largest) {
  guint width = 0;

  for (; largest; largest >>= 1)
    width++;
  return width;
}

static void append_run(GByteArray *to, guint32 value, guint n, guint width) {
  const guint8 bytes[4] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16),
                           (guint8)(value >> 24)};

  unpark_thrift_varint(to, n << 1);
  g_byte_array_append(to, bytes, (width + 7) / 8);
}

/* The last group is filled up with zeros. */
static void append_packed(GByteArray *to, const guint32 *values, guint n, guint width) {
  guint groups = (n + 7) / 8, at;
  guint64 bits = 0;
  guint n_bits = 0;

  unpark_thrift_varint(to, groups << 1 | 1);
  at = to->len;
  g_byte_array_set_size(to, at + groups * width);
  for (guint i = 0; i < groups * 8; i++) {
    bits |= (guint64)(i < n ? values[i] : 0) << n_bits;
    for (n_bits += width; n_bits >= 8; n_bits -= 8, bits >>= 8)
      to->data[at++] = (guint8)bits;
  }
}

static guint run_length(const guint32 *values, guint n) {
  guint length = 1;

  while (length < n && values[length] == values[0])
    length++;
  return length;
}

void unpark_hybrid_append(GByteArray *to, const guint32 *values, guint n, guint width) {
  guint from = 0; /* of what is to be packed: a multiple of eight before i */
  guint i = 0;

  while (i < n) {
    guint run = run_length(values + i, n - i);
    guint fill = (8 - (i - from) % 8) % 8; /* what the packed group before it takes */

    if (run < fill + SHORTEST_RUN && !(from == i && run == n - i)) {
      i += run;
      continue;
    }
    i += fill;
    run -= fill;
    if (i > from)
      append_packed(to, values + from, i - from, width);
    append_run(to, values[i], run, width);
    i += run;
    from = i;
  }
  if (n > from)
    append_packed(to, values + from, n - from, width);
}
