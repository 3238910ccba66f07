/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of numbers as bytes.
 *
 * A block is a set of equally long columns of gint64. Packed it is, for each
 * column, one codec byte, the payload's length (varint) and the payload. UNPARK_NONE is
 * a legal value of every column. Columns that zstd hardly makes smaller are left
 * as they are, the others compressed together: see unpark_facts and model/store/blocks.h.
 *
 *   CONST    one value
 *   VARINT   zigzag varint, 0 is NONE (others are stored + 1)
 *   DELTA    zigzag varint of the difference to the row before (no NONE)
 *   RUNS     (zigzag delta, run length) pairs (no NONE)
 *   DICT     up to 256 distinct values, then one byte a row
 *   QUANTUM  quantum q, then v/q as varint with its low bit telling that a varint
 *            v%q follows (v >= 0): durations of coarse clocks
 *   CHAIN    starts of spans: only rows that do not start where the row before
 *            ends (in the same lane) are stored; needs lanes and durations
 *   RAW      8 bytes a row, little endian
 *   SPARSE   like VARINT, but only rows that are not NONE: (row gap, value) pairs
 *   NEAR     SPARSE of the difference to the lane column (wakers are near)
 *
 *   BYTES    values 0 to 255, a byte each
 *   GAP      starts of stretches that follow each other closely: shift, then the zigzag distance
 *            to where the row before ends (in the same lane, else to its start), in units of
 *            1 << shift with low bit 0, or if it is no multiple in ones with low bit 1; needs
 *            lanes and durations
 *
 * Pure functions; any thread.
 */
#pragma once

#include <glib.h>

#include "model/base/types.h"

#define UNPARK_BLOCK_ROWS 8192

typedef enum {
  UNPARK_CODEC_CONST,
  UNPARK_CODEC_VARINT,
  UNPARK_CODEC_DELTA,
  UNPARK_CODEC_RUNS,
  UNPARK_CODEC_DICT,
  UNPARK_CODEC_QUANTUM,
  UNPARK_CODEC_CHAIN,
  UNPARK_CODEC_RAW,
  UNPARK_CODEC_SPARSE,
  UNPARK_CODEC_NEAR,
  UNPARK_CODEC_BYTES,
  UNPARK_CODEC_GAP,
  UNPARK_N_CODECS
} UnparkCodec;

/* A growing byte buffer whose writers check room once a column. */
typedef struct {
  guint8 *data;
  gsize size, capacity;
} UnparkBytes;

void unpark_bytes_reserve(UnparkBytes *b, gsize more);
void unpark_bytes_clear(UnparkBytes *b);

static inline guint8 *unpark_put_varint(guint8 *p, guint64 v) {
  while (v >= 0x80) {
    *p++ = (guint8)(v | 0x80);
    v >>= 7;
  }
  *p++ = (guint8)v;
  return p;
}

static inline guint64 unpark_zigzag(gint64 v) {
  return ((guint64)v << 1) ^ (guint64)(v >> 63);
}

static inline gint64 unpark_unzigzag(guint64 v) {
  return (gint64)(v >> 1) ^ -(gint64)(v & 1);
}

/* FALSE if the bytes end or the number is over 64 bits. */
static inline gboolean unpark_get_varint(const guint8 **p, const guint8 *end, guint64 *out) {
  guint64 v = 0;
  for (guint shift = 0; shift < 70 && *p < end; shift += 7) {
    guint8 b = *(*p)++;
    if (shift == 63 && b > 1)
      return FALSE;
    v |= (guint64)(b & 0x7f) << shift;
    if (!(b & 0x80)) {
      *out = v;
      return TRUE;
    }
  }
  return FALSE;
}

/* Appends one packed column. `hint`: the codec that fits its shape; CONST is found by
 * itself, and a column that the hint cannot hold falls back to VARINT or RAW.
 * `lane`, `duration`: for CHAIN, GAP and NEAR, else NULL. */
void unpark_codec_pack(UnparkBytes *out, UnparkCodec hint, const gint64 *values, guint n,
                       const gint64 *lane, const gint64 *duration);

/* One packed column, found by unpark_codec_split(). */
typedef struct {
  UnparkCodec codec;
  const guint8 *data, *end;
} UnparkPacked;

/* Finds `n_columns` columns in `data`. FALSE if the bytes do not hold them. */
gboolean unpark_codec_split(const guint8 *data, gsize size, UnparkPacked *columns, guint n_columns);

/* Decodes n values into `out`. FALSE if the bytes are not n values of that codec; `out` is then
 * undefined. `lane`, `duration`: decoded columns for CHAIN, GAP and NEAR (else may be NULL). */
gboolean unpark_codec_unpack(const UnparkPacked *packed, gint64 *out, guint n, const gint64 *lane,
                             const gint64 *duration);

/* Of bytes that zstd does not check. Not cryptographic. */
guint64 unpark_checksum(const guint8 *data, gsize size);
