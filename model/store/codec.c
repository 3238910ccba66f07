/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/codec.h"

#include <string.h>

void unpark_bytes_reserve(UnparkBytes *b, gsize more) {
  if (b->capacity - b->size >= more)
    return;
  b->capacity = MAX(b->capacity * 2, b->size + more + 4096);
  b->data = g_realloc(b->data, b->capacity);
}

void unpark_bytes_clear(UnparkBytes *b) {
  g_clear_pointer(&b->data, g_free);
  b->size = b->capacity = 0;
}

/* Wrapping arithmetic: hostile values must not overflow signed integers. */
static inline gint64 add(gint64 a, gint64 b) {
  return (gint64)((guint64)a + (guint64)b);
}

static inline gint64 sub(gint64 a, gint64 b) {
  return (gint64)((guint64)a - (guint64)b);
}

#define LENGTH_BYTES 4 /* 28 bits: rows of a block times 20 bytes */

/* ---- packing ---------------------------------------------------------------- */

/* unpark_put_varint() without branches that nobody can foresee, where 10 bytes are free: seven bits
 * are spread into each byte of a word. */
static inline guint8 *put_varint(guint8 *p, guint64 v) {
  if (G_UNLIKELY(v >> 56))
    return unpark_put_varint(p, v);
  guint64 last = (guint64)(63 - __builtin_clzll(v | 1)) / 7; /* bytes but the last */
  v = (v & 0x0fffffff) | (v & 0x00fffffff0000000) << 4;
  v = (v & 0x00003fff00003fff) | (v & 0x0fffc0000fffc000) << 2;
  v = (v & 0x007f007f007f007f) | (v & 0x3f803f803f803f80) << 1;
  v |= 0x8080808080808080 & (((guint64)1 << (8 * last)) - 1);
  v = GUINT64_TO_LE(v);
  memcpy(p, &v, 8);
  return p + last + 1;
}

/* Each packer writes at `p`, where 20 bytes a row are free, and returns the end, or
 * NULL if the column does not fit its codec. */

static guint8 *pack_varint(guint8 *p, const gint64 *v, guint n) {
  for (guint i = 0; i < n; i++) {
    guint64 z = unpark_zigzag(v[i]);
    if (v[i] == UNPARK_NONE)
      z = 0;
    else if (++z == 0)
      return NULL;
    p = put_varint(p, z);
  }
  return p;
}

static guint8 *pack_delta(guint8 *p, const gint64 *v, guint n) {
  gint64 before = 0;
  for (guint i = 0; i < n; i++) {
    p = put_varint(p, unpark_zigzag(sub(v[i], before)));
    before = v[i];
  }
  return p;
}

static guint8 *pack_runs(guint8 *p, const gint64 *v, guint n) {
  gint64 before = 0;
  for (guint i = 0; i < n;) {
    guint j = i + 1;
    while (j < n && v[j] == v[i])
      j++;
    p = put_varint(p, unpark_zigzag(sub(v[i], before)));
    p = put_varint(p, j - i);
    before = v[i];
    i = j;
  }
  return p;
}

static guint8 *pack_dict(guint8 *p, const gint64 *v, guint n) {
  gint64 values[256];
  guint16 slots[1024];
  guint8 index[UNPARK_BLOCK_ROWS];
  guint count = 0;

  if (n > UNPARK_BLOCK_ROWS)
    return NULL;
  memset(slots, 0xff, sizeof slots);
  for (guint i = 0; i < n; i++) {
    guint slot = (guint)(((guint64)v[i] * 0x9E3779B97F4A7C15u) >> 54);
    while (slots[slot] != 0xffff && values[slots[slot]] != v[i])
      slot = (slot + 1) & 1023;
    if (slots[slot] == 0xffff) {
      if (count == 256)
        return NULL;
      values[count] = v[i];
      slots[slot] = (guint16)count++;
    }
    index[i] = (guint8)slots[slot];
  }
  p = put_varint(p, count);
  guint8 *end = pack_varint(p, values, count);
  if (!end)
    return NULL;
  memcpy(end, index, n);
  return end + n;
}

static guint64 quantum_of(const gint64 *v, guint n) {
  /* The clock's tick: the greatest power of two that most values are multiples of. */
  guint hits[17] = {0};
  for (guint i = 0; i < n; i += 7) {
    guint64 x = (guint64)v[i] | 65536;
    hits[__builtin_ctzll(x)]++;
  }
  guint total = (n + 6) / 7, above = 0;
  for (gint k = 16; k > 0; k--) {
    above += hits[k];
    if (above * 10 >= total * 6)
      return (guint64)1 << k;
  }
  return 1;
}

static guint8 *pack_quantum(guint8 *p, const gint64 *v, guint n) {
  guint shift = (guint)__builtin_ctzll(quantum_of(v, n));
  guint64 mask = ((guint64)1 << shift) - 1;
  p = put_varint(p, shift);
  for (guint i = 0; i < n; i++) {
    if (v[i] < 0)
      return NULL;
    guint64 rest = (guint64)v[i] & mask;
    p = put_varint(p, ((guint64)v[i] >> shift) << 1 | (rest != 0));
    if (rest)
      p = put_varint(p, rest);
  }
  return p;
}

static inline gint64 chain_guess(guint i, gint64 start, const gint64 *lane, const gint64 *duration,
                                 gboolean *same) {
  *same = i > 0 && lane[i] == lane[i - 1];
  return *same ? add(start, duration[i - 1]) : start;
}

static guint8 *pack_chain(guint8 *p, const gint64 *v, guint n, const gint64 *lane,
                          const gint64 *duration) {
  guint last = 0;
  gint64 start = 0;
  for (guint i = 0; i < n; i++) {
    gboolean same;
    gint64 guess = chain_guess(i, start, lane, duration, &same);
    start = v[i];
    if (same && v[i] == guess)
      continue;
    p = put_varint(p, i - last);
    p = put_varint(p, unpark_zigzag(sub(v[i], guess)));
    last = i;
  }
  return p;
}

static guint8 *pack_gap(guint8 *p, const gint64 *v, guint n, const gint64 *lane,
                        const gint64 *duration) {
  guint shift = (guint)__builtin_ctzll(quantum_of(duration, n));
  guint64 mask = ((guint64)1 << shift) - 1;
  gint64 start = 0;
  *p++ = (guint8)shift;
  for (guint i = 0; i < n; i++) {
    gboolean same;
    gint64 distance = sub(v[i], chain_guess(i, start, lane, duration, &same));
    guint64 z = unpark_zigzag(distance);
    start = v[i];
    if (((guint64)distance & mask) == 0)
      z = unpark_zigzag(distance >> shift);
    if (z >> 63)
      return NULL;
    p = put_varint(p, z << 1 | (((guint64)distance & mask) != 0));
  }
  return p;
}

static guint8 *pack_sparse(guint8 *p, const gint64 *v, guint n, const gint64 *lane) {
  guint last = 0;
  for (guint i = 0; i < n; i++) {
    if (v[i] == UNPARK_NONE)
      continue;
    p = put_varint(p, i - last);
    p = put_varint(p, unpark_zigzag(lane ? sub(v[i], lane[i]) : v[i]));
    last = i;
  }
  return p;
}

static guint8 *pack_bytes(guint8 *p, const gint64 *v, guint n) {
  guint64 all = 0;
  for (guint i = 0; i < n; i++) {
    all |= (guint64)v[i];
    p[i] = (guint8)v[i];
  }
  return all < 256 ? p + n : NULL;
}

static guint8 *pack_raw(guint8 *p, const gint64 *v, guint n) {
  for (guint i = 0; i < n; i++, p += 8) {
    guint64 le = GUINT64_TO_LE((guint64)v[i]);
    memcpy(p, &le, 8);
  }
  return p;
}

static gboolean has_none(const gint64 *v, guint n) {
  gboolean found = FALSE;
  for (guint i = 0; i < n; i++)
    found |= v[i] == UNPARK_NONE;
  return found;
}

static guint8 *pack_as(UnparkCodec codec, guint8 *p, const gint64 *v, guint n, const gint64 *lane,
                       const gint64 *duration) {
  switch (codec) {
  case UNPARK_CODEC_CONST:
    return pack_raw(p, v, 1);
  case UNPARK_CODEC_VARINT:
    return pack_varint(p, v, n);
  case UNPARK_CODEC_DELTA:
    return has_none(v, n) ? NULL : pack_delta(p, v, n);
  case UNPARK_CODEC_RUNS:
    return has_none(v, n) ? NULL : pack_runs(p, v, n);
  case UNPARK_CODEC_DICT:
    return pack_dict(p, v, n);
  case UNPARK_CODEC_QUANTUM:
    return pack_quantum(p, v, n);
  case UNPARK_CODEC_CHAIN:
    return pack_chain(p, v, n, lane, duration);
  case UNPARK_CODEC_GAP:
    return pack_gap(p, v, n, lane, duration);
  case UNPARK_CODEC_SPARSE:
    return pack_sparse(p, v, n, NULL);
  case UNPARK_CODEC_NEAR:
    return pack_sparse(p, v, n, lane);
  case UNPARK_CODEC_BYTES:
    return pack_bytes(p, v, n);
  case UNPARK_CODEC_RAW:
  case UNPARK_N_CODECS:
    break;
  }
  return pack_raw(p, v, n);
}

void unpark_codec_pack(UnparkBytes *out, UnparkCodec hint, const gint64 *values, guint n,
                       const gint64 *lane, const gint64 *duration) {
  static const UnparkCodec fallback[] = {UNPARK_CODEC_VARINT, UNPARK_CODEC_RAW};
  guint same = 1;
  while (same < n && values[same] == values[0])
    same++;
  UnparkCodec codec = n > 0 && same == n ? UNPARK_CODEC_CONST : hint;

  /* The length is put before the payload when it is known, in as many bytes as the greatest one
   * takes: as varint with leading zeros. */
  unpark_bytes_reserve(out, 64 + (gsize)n * 20 + 256 * 10);
  guint8 *head = out->data + out->size, *body = head + 1 + LENGTH_BYTES;
  guint8 *end = pack_as(codec, body, values, n, lane, duration);
  for (guint i = 0; !end; i++) {
    codec = fallback[i];
    end = pack_as(codec, body, values, n, lane, duration);
  }
  gsize size = (gsize)(end - body);
  head[0] = (guint8)codec;
  for (guint i = 0; i < LENGTH_BYTES; i++)
    head[1 + i] = (guint8)((size >> (7 * i) & 0x7f) | (i + 1 < LENGTH_BYTES ? 0x80 : 0));
  out->size = (gsize)(end - out->data);
}

/* ---- unpacking ---------------------------------------------------------------- */

gboolean unpark_codec_split(const guint8 *data, gsize size, UnparkPacked *columns,
                            guint n_columns) {
  const guint8 *p = data, *end = size > 0 ? data + size : data;
  for (guint c = 0; c < n_columns; c++) {
    guint64 length;
    if (p >= end || *p >= UNPARK_N_CODECS)
      return FALSE;
    columns[c].codec = (UnparkCodec)*p++;
    if (!unpark_get_varint(&p, end, &length) || length > (guint64)(end - p))
      return FALSE;
    columns[c].data = p;
    columns[c].end = p += length;
  }
  return p == end;
}

/* Short numbers without a loop: most are one or two bytes. */
static inline gboolean next(const guint8 **p, const guint8 *end, guint64 *v) {
  if (G_LIKELY(end - *p >= 2)) {
    const guint8 *q = *p;
    if (q[0] < 0x80) {
      *v = q[0];
      *p = q + 1;
      return TRUE;
    }
    if (q[1] < 0x80) {
      *v = (guint64)(q[0] & 0x7f) | (guint64)q[1] << 7;
      *p = q + 2;
      return TRUE;
    }
  }
  return unpark_get_varint(p, end, v);
}

static gboolean unpack_varint(const guint8 **p, const guint8 *end, gint64 *out, guint n) {
  for (guint i = 0; i < n; i++) {
    guint64 z;
    if (!next(p, end, &z))
      return FALSE;
    out[i] = z == 0 ? UNPARK_NONE : unpark_unzigzag(z - 1);
  }
  return TRUE;
}

static gboolean unpack_delta(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  gint64 before = 0;
  for (guint i = 0; i < n; i++) {
    guint64 z;
    if (!next(&p, end, &z))
      return FALSE;
    out[i] = before = add(before, unpark_unzigzag(z));
  }
  return p == end;
}

static gboolean unpack_runs(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  gint64 value = 0;
  for (guint i = 0; i < n;) {
    guint64 z, count;
    if (!next(&p, end, &z) || !next(&p, end, &count) || count == 0 || count > n - i)
      return FALSE;
    value = add(value, unpark_unzigzag(z));
    for (guint stop = i + (guint)count; i < stop; i++)
      out[i] = value;
  }
  return p == end;
}

static gboolean unpack_dict(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  gint64 values[256];
  guint64 count;
  if (!next(&p, end, &count) || count > 256 || !unpack_varint(&p, end, values, (guint)count) ||
      (gsize)(end - p) != n)
    return FALSE;
  guint8 highest = 0;
  for (guint i = 0; i < n; i++)
    highest = MAX(highest, p[i]);
  if (n > 0 && highest >= count)
    return FALSE;
  for (guint i = 0; i < n; i++)
    out[i] = values[p[i]];
  return TRUE;
}

static gboolean unpack_quantum(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  guint64 shift;
  if (!next(&p, end, &shift) || shift > 32)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint64 v, rest = 0;
    if (!next(&p, end, &v) || ((v & 1) && !next(&p, end, &rest)))
      return FALSE;
    out[i] = (gint64)(((v >> 1) << shift) + rest);
  }
  return p == end;
}

static gboolean unpack_chain(const guint8 *p, const guint8 *end, gint64 *out, guint n,
                             const gint64 *lane, const gint64 *duration) {
  guint64 gap = 0, z;
  guint listed = n, last = 0;
  gint64 start = 0;
  if (p < end) {
    if (!next(&p, end, &gap) || gap >= n)
      return FALSE;
    listed = (guint)gap;
  }
  for (guint i = 0; i < n; i++) {
    gboolean same;
    start = chain_guess(i, start, lane, duration, &same);
    if (i == listed) {
      if (!next(&p, end, &z))
        return FALSE;
      start = add(start, unpark_unzigzag(z));
      last = i;
      listed = n;
      if (p < end) {
        if (!next(&p, end, &gap) || gap == 0 || gap >= n - last)
          return FALSE;
        listed = last + (guint)gap;
      }
    }
    out[i] = start;
  }
  return p == end;
}

static gboolean unpack_gap(const guint8 *p, const guint8 *end, gint64 *out, guint n,
                           const gint64 *lane, const gint64 *duration) {
  guint shift;
  gint64 start = 0;
  if (p == end || (shift = *p++) > 32)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint64 z;
    gboolean same;
    if (!next(&p, end, &z))
      return FALSE;
    gint64 distance = unpark_unzigzag(z >> 1);
    if (!(z & 1))
      distance = (gint64)((guint64)distance << shift);
    out[i] = start = add(chain_guess(i, start, lane, duration, &same), distance);
  }
  return p == end;
}

static gboolean unpack_sparse(const guint8 *p, const guint8 *end, gint64 *out, guint n,
                              const gint64 *lane) {
  guint64 row = 0;
  for (guint i = 0; i < n; i++)
    out[i] = UNPARK_NONE;
  while (p < end) {
    guint64 gap, z;
    if (!next(&p, end, &gap) || !next(&p, end, &z) || gap >= n || (row += gap) >= n)
      return FALSE;
    out[row] = lane ? add(unpark_unzigzag(z), lane[row]) : unpark_unzigzag(z);
  }
  return TRUE;
}

static gboolean unpack_raw(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  if ((gsize)(end - p) != (gsize)n * 8)
    return FALSE;
  for (guint i = 0; i < n; i++, p += 8) {
    guint64 le;
    memcpy(&le, p, 8);
    out[i] = (gint64)GUINT64_FROM_LE(le);
  }
  return TRUE;
}

static gboolean unpack_bytes(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  if ((gsize)(end - p) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    out[i] = p[i];
  return TRUE;
}

static gboolean unpack_const(const guint8 *p, const guint8 *end, gint64 *out, guint n) {
  gint64 value;
  if (!unpack_raw(p, end, &value, 1))
    return FALSE;
  for (guint i = 0; i < n; i++)
    out[i] = value;
  return TRUE;
}

gboolean unpark_codec_unpack(const UnparkPacked *packed, gint64 *out, guint n, const gint64 *lane,
                             const gint64 *duration) {
  const guint8 *p = packed->data, *end = packed->end;
  switch (packed->codec) {
  case UNPARK_CODEC_CONST:
    return unpack_const(p, end, out, n);
  case UNPARK_CODEC_VARINT:
    return unpack_varint(&p, end, out, n) && p == end;
  case UNPARK_CODEC_DELTA:
    return unpack_delta(p, end, out, n);
  case UNPARK_CODEC_RUNS:
    return unpack_runs(p, end, out, n);
  case UNPARK_CODEC_DICT:
    return unpack_dict(p, end, out, n);
  case UNPARK_CODEC_QUANTUM:
    return unpack_quantum(p, end, out, n);
  case UNPARK_CODEC_CHAIN:
    return lane && duration && unpack_chain(p, end, out, n, lane, duration);
  case UNPARK_CODEC_GAP:
    return lane && duration && unpack_gap(p, end, out, n, lane, duration);
  case UNPARK_CODEC_SPARSE:
    return unpack_sparse(p, end, out, n, NULL);
  case UNPARK_CODEC_NEAR:
    return lane && unpack_sparse(p, end, out, n, lane);
  case UNPARK_CODEC_BYTES:
    return unpack_bytes(p, end, out, n);
  case UNPARK_CODEC_RAW:
    return unpack_raw(p, end, out, n);
  case UNPARK_N_CODECS:
    break;
  }
  return FALSE;
}

/* Four independent sums, so that the multiplications overlap. */
guint64 unpark_checksum(const guint8 *data, gsize size) {
  guint64 h[4] = {size, 1, 2, 3};
  guint8 tail[32] = {0};
  for (; size >= 32; data += 32, size -= 32)
    for (guint k = 0; k < 4; k++) {
      guint64 word;
      memcpy(&word, data + 8 * k, 8);
      h[k] = (h[k] ^ GUINT64_FROM_LE(word)) * 0x9E3779B97F4A7C15u;
      h[k] ^= h[k] >> 32;
    }
  if (size > 0) {
    memcpy(tail, data, size);
    return unpark_checksum(tail, sizeof tail) ^ (h[0] + 3 * h[1] + 5 * h[2] + 7 * h[3]);
  }
  guint64 all = (h[0] ^ (h[1] << 16 | h[1] >> 48)) + (h[2] ^ (h[3] << 16 | h[3] >> 48));
  return (all ^ all >> 29) * 0xd6e8feb86659fd93u;
}
