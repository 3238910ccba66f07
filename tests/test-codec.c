/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of numbers as bytes and back; damaged bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/store/codec.h"

static gint64 lanes[UNPARK_BLOCK_ROWS], durations[UNPARK_BLOCK_ROWS];

typedef gint64 (*Shape)(GRand *rand, guint i);

static gint64 any64(GRand *rand) {
  return (gint64)((guint64)g_rand_int(rand) << 32 | g_rand_int(rand));
}

static gint64 zeros(GRand *rand, guint i) {
  return 0;
}
static gint64 nones(GRand *rand, guint i) {
  return UNPARK_NONE;
}
static gint64 constant(GRand *rand, guint i) {
  return -123456789012345;
}
static gint64 small(GRand *rand, guint i) {
  return g_rand_int_range(rand, 0, 100);
}
static gint64 bytes(GRand *rand, guint i) {
  return g_rand_int_range(rand, 0, 256);
}
static gint64 rising(GRand *rand, guint i) {
  return (gint64)i * 1000 + g_rand_int_range(rand, 0, 1000);
}
static gint64 runs(GRand *rand, guint i) {
  return i / 37;
}
static gint64 ticks(GRand *rand, guint i) {
  return (gint64)g_rand_int_range(rand, 0, 100000) * 64 + (g_rand_int_range(rand, 0, 20) == 0);
}
static gint64 sparse(GRand *rand, guint i) {
  return g_rand_int_range(rand, 0, 10) ? UNPARK_NONE : g_rand_int_range(rand, -50, 50);
}
static gint64 random_all(GRand *rand, guint i) {
  return any64(rand);
}
static gint64 random_length(GRand *rand, guint i) {
  return any64(rand) >> g_rand_int_range(rand, 0, 63);
}
static gint64 extremes(GRand *rand, guint i) {
  static const gint64 values[] = {
      0,   1,   -1,  UNPARK_NONE, G_MININT64 + 1, G_MAXINT64, G_MAXINT64 - 1, 63, 64, -64,
      127, 128, 255, 256,         G_MAXINT32,     G_MAXUINT32};
  return values[g_rand_int_range(rand, 0, G_N_ELEMENTS(values))];
}
static gint64 many_distinct(GRand *rand, guint i) {
  return i % 257; /* one too many for a dictionary */
}
static gint64 just_enough(GRand *rand, guint i) {
  return (gint64)(i % 256) * G_GINT64_CONSTANT(1000000007) - G_MAXINT32;
}
static gint64 chained(GRand *rand, guint i) {
  return i == 0 ? 5 : UNPARK_NONE; /* filled in by fill() */
}

static const Shape shapes[] = {zeros,         nones,    constant,      small,       bytes,
                               rising,        runs,     ticks,         sparse,      random_all,
                               random_length, extremes, many_distinct, just_enough, chained};

static void fill(gint64 *values, guint n, Shape shape, GRand *rand) {
  for (guint i = 0; i < n; i++)
    values[i] = shape(rand, i);
  for (guint i = 1; i < n && shape == chained; i++)
    values[i] = (gint64)((guint64)values[i - 1] + (guint64)durations[i - 1]) +
                (g_rand_int_range(rand, 0, 30) == 0 ? 77 : 0);
}

/* Lanes and durations that CHAIN and NEAR refer to. */
static void fill_others(GRand *rand, gboolean extreme) {
  gint64 lane = 1;
  for (guint i = 0; i < UNPARK_BLOCK_ROWS; i++) {
    lane += g_rand_int_range(rand, 0, 4) == 0;
    lanes[i] = extreme ? any64(rand) : lane;
    durations[i] = extreme ? any64(rand) : g_rand_int_range(rand, 0, 1000);
  }
}

static void round_trip(UnparkCodec codec, const gint64 *values, guint n) {
  UnparkBytes b = {0};
  UnparkPacked packed;
  g_autofree gint64 *out = g_new(gint64, n + 1);
  unpark_codec_pack(&b, codec, values, n, lanes, durations);
  ck_assert(unpark_codec_split(b.data, b.size, &packed, 1));
  ck_assert(unpark_codec_unpack(&packed, out, n, lanes, durations));
  for (guint i = 0; i < n; i++)
    ck_assert_msg(out[i] == values[i],
                  "codec %d, row %u of %u: %" G_GINT64_FORMAT " for %" G_GINT64_FORMAT, codec, i, n,
                  out[i], values[i]);
  unpark_bytes_clear(&b);
}

START_TEST(test_round_trips) {
  static const guint lengths[] = {0, 1, 2, 3, 255, 256, 257, 1000, UNPARK_BLOCK_ROWS};
  static gint64 values[UNPARK_BLOCK_ROWS];
  GRand *rand = g_rand_new_with_seed(1);
  for (guint extreme = 0; extreme < 2; extreme++) {
    fill_others(rand, extreme);
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++)
      for (guint l = 0; l < G_N_ELEMENTS(lengths); l++) {
        fill(values, lengths[l], shapes[s], rand);
        for (UnparkCodec codec = 0; codec < UNPARK_N_CODECS; codec++)
          if (codec != UNPARK_CODEC_CONST)
            round_trip(codec, values, lengths[l]);
      }
  }
  g_rand_free(rand);
}
END_TEST

/* Each codec is worth having: it makes the shape it is for small. */
START_TEST(test_sizes) {
  static const struct {
    UnparkCodec codec;
    Shape shape;
    gsize most;
  } cases[] = {{UNPARK_CODEC_DICT, small, UNPARK_BLOCK_ROWS + 300},
               {UNPARK_CODEC_BYTES, bytes, UNPARK_BLOCK_ROWS + 10},
               {UNPARK_CODEC_RUNS, runs, UNPARK_BLOCK_ROWS / 37 * 2 + 20},
               {UNPARK_CODEC_DELTA, rising, UNPARK_BLOCK_ROWS * 2 + 20},
               {UNPARK_CODEC_CHAIN, chained, UNPARK_BLOCK_ROWS * 2},
               {UNPARK_CODEC_SPARSE, sparse, UNPARK_BLOCK_ROWS / 3},
               {UNPARK_CODEC_GAP, chained, UNPARK_BLOCK_ROWS * 3},
               {UNPARK_CODEC_QUANTUM, ticks, UNPARK_BLOCK_ROWS * 3},
               {UNPARK_CODEC_VARINT, nones, 20},
               {UNPARK_CODEC_RAW, zeros, 20}};
  static gint64 values[UNPARK_BLOCK_ROWS];
  GRand *rand = g_rand_new_with_seed(2);
  fill_others(rand, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    UnparkBytes b = {0};
    fill(values, UNPARK_BLOCK_ROWS, cases[i].shape, rand);
    unpark_codec_pack(&b, cases[i].codec, values, UNPARK_BLOCK_ROWS, lanes, durations);
    ck_assert_msg(b.size <= cases[i].most, "case %u: %zu bytes", i, b.size);
    unpark_bytes_clear(&b);
  }
  g_rand_free(rand);
}
END_TEST

START_TEST(test_varint) {
  GRand *rand = g_rand_new_with_seed(3);
  for (guint i = 0; i < 20000; i++) {
    guint64 v = (guint64)any64(rand) >> g_rand_int_range(rand, 0, 64), got = 0;
    guint8 buffer[10];
    const guint8 *p = buffer, *end = unpark_put_varint(buffer, v);
    ck_assert(end - buffer <= 10);
    ck_assert(unpark_get_varint(&p, end, &got));
    ck_assert(p == end && got == v);
    p = buffer;
    ck_assert(!unpark_get_varint(&p, end - 1, &got));
    ck_assert_int_eq(unpark_unzigzag(unpark_zigzag((gint64)v)), (gint64)v);
  }
  static const guint8 too_long[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
  static const guint8 endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                   0x80, 0x80, 0x80, 0x80, 0x80, 0};
  const guint8 *p = too_long;
  guint64 v;
  ck_assert(!unpark_get_varint(&p, too_long + sizeof too_long, &v));
  p = endless;
  ck_assert(!unpark_get_varint(&p, endless + sizeof endless, &v));
  g_rand_free(rand);
}
END_TEST

START_TEST(test_several_columns) {
  UnparkBytes b = {0};
  UnparkPacked packed[4];
  gint64 out[3];
  const gint64 x[] = {1, 2, 3}, y[] = {UNPARK_NONE, 5, 5};
  unpark_codec_pack(&b, UNPARK_CODEC_DELTA, x, 3, NULL, NULL);
  unpark_codec_pack(&b, UNPARK_CODEC_NEAR, y, 3, x, NULL);
  unpark_codec_pack(&b, UNPARK_CODEC_DICT, x, 3, NULL, NULL);
  ck_assert(unpark_codec_split(b.data, b.size, packed, 3));
  ck_assert(!unpark_codec_split(b.data, b.size, packed, 2));
  ck_assert(!unpark_codec_split(b.data, b.size, packed, 4));
  ck_assert(!unpark_codec_split(b.data, b.size - 1, packed, 3));
  ck_assert(unpark_codec_split(b.data, b.size, packed, 3));
  ck_assert(unpark_codec_unpack(&packed[1], out, 3, x, NULL));
  ck_assert_mem_eq(out, y, sizeof y);
  ck_assert(!unpark_codec_unpack(&packed[1], out, 3, NULL, NULL)); /* nothing to be near to */
  ck_assert(!unpark_codec_unpack(&packed[0], out, 2, NULL, NULL)); /* more than asked for */
  unpark_bytes_clear(&b);
}
END_TEST

/* One decode of hostile bytes: whatever comes out, nothing is read or written beyond. The copies
 * are of the exact size, so that the address sanitizer sees a byte too many. */
static void decode_hostile(const guint8 *data, gsize size, guint n) {
  g_autofree guint8 *copy = g_memdup2(data, size ? size : 1);
  g_autofree gint64 *out = g_new(gint64, MAX(n, 1));
  UnparkPacked packed;
  if (unpark_codec_split(copy, size, &packed, 1))
    unpark_codec_unpack(&packed, out, n, lanes, durations);
  for (UnparkCodec codec = 0; codec <= UNPARK_N_CODECS; codec++) {
    packed = (UnparkPacked){codec, copy, copy + size};
    unpark_codec_unpack(&packed, out, n, lanes, durations);
  }
}

START_TEST(test_damaged) {
  static gint64 values[UNPARK_BLOCK_ROWS];
  GRand *rand = g_rand_new_with_seed(4);
  fill_others(rand, FALSE);
  for (guint s = 0; s < G_N_ELEMENTS(shapes); s++)
    for (UnparkCodec codec = 0; codec < UNPARK_N_CODECS; codec++) {
      const guint n = 300;
      UnparkBytes b = {0};
      fill(values, n, shapes[s], rand);
      if (codec == UNPARK_CODEC_CONST)
        continue;
      unpark_codec_pack(&b, codec, values, n, lanes, durations);
      for (guint round = 0; round < 40; round++) {
        g_autofree guint8 *bad = g_memdup2(b.data, b.size);
        for (gint flips = g_rand_int_range(rand, 1, 6); flips > 0; flips--)
          bad[g_rand_int_range(rand, 0, (gint)b.size)] = (guint8)g_rand_int(rand);
        decode_hostile(bad, (gsize)g_rand_int_range(rand, 0, (gint)b.size + 1), n);
        decode_hostile(bad, b.size, (guint)g_rand_int_range(rand, 0, UNPARK_BLOCK_ROWS + 1));
      }
      unpark_bytes_clear(&b);
    }
  g_rand_free(rand);
}
END_TEST

START_TEST(test_noise) {
  GRand *rand = g_rand_new_with_seed(5);
  guint8 noise[64];
  fill_others(rand, TRUE);
  for (guint round = 0; round < 30000; round++) {
    for (guint i = 0; i < sizeof noise; i++)
      noise[i] = (guint8)(g_rand_int(rand) & (round % 3 ? 0x8f : 0xff));
    decode_hostile(noise, (gsize)g_rand_int_range(rand, 0, sizeof noise + 1),
                   (guint)g_rand_int_range(rand, 0, 70));
  }
  g_rand_free(rand);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("codec");
  TCase *good = tcase_create("good"), *bad = tcase_create("bad");
  tcase_add_test(good, test_round_trips);
  tcase_add_test(good, test_sizes);
  tcase_add_test(good, test_varint);
  tcase_add_test(good, test_several_columns);
  tcase_add_test(bad, test_damaged);
  tcase_add_test(bad, test_noise);
  suite_add_tcase(suite, good);
  suite_add_tcase(suite, bad);
  return test_run(suite);
}
