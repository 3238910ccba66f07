/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of spans as bytes and back; damaged bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/store/span-codec.h"

#define N_COLUMNS (SPAN_WAKER_STACK + 1)
#define N_KINDS 20

/* Rows as they go in, and columns as they should come out. */
typedef struct {
  GArray *spans, *wide, *runs; /* UnparkPackedSpan, UnparkSpanRecord, UnparkSpanRun */
  guint8 kind_state[N_KINDS];
  gint64 expected[N_COLUMNS][UNPARK_BLOCK_ROWS];
  guint n;
} Block;

typedef struct {
  guint n, n_stacks, n_places, tick;
  gboolean huge; /* numbers that do not fit 16 bytes */
} Shape;

static gint64 any64(GRand *rand) {
  return (gint64)((guint64)g_rand_int(rand) << 32 | g_rand_int(rand));
}

static guint32 below(GRand *rand, guint n) {
  return n ? (guint32)g_rand_int_range(rand, 0, (gint32)n) : 0;
}

static UnparkSpanRecord random_span(const Block *b, const Shape *shape, GRand *rand) {
  UnparkSpanRecord span = {.kind = (guint16)below(rand, N_KINDS),
                           .stack = below(rand, shape->n_stacks),
                           .duration = (gint64)below(rand, 3000) << below(rand, 8),
                           .waker = UNPARK_NONE};
  UnparkState state = b->kind_state[span.kind];
  span.duration *= shape->tick;
  if (below(rand, 20) == 0)
    span.duration += 1;
  if (state == UNPARK_STATE_WAITING || state == UNPARK_STATE_RUNNABLE)
    span.waker = below(rand, 3) ? (gint64)below(rand, 100000) : UNPARK_NONE;
  if (state == UNPARK_STATE_WAITING)
    span.waker_stack = below(rand, shape->n_stacks);
  else
    span.place = below(rand, shape->n_places);
  if (shape->huge && below(rand, 3) == 0) {
    span.duration = any64(rand) >> (1 + below(rand, 62));
    if (span.duration < 0)
      span.duration = -(span.duration + 1);
    span.waker = any64(rand);
    span.stack = g_rand_int(rand);
    if (state == UNPARK_STATE_WAITING)
      span.waker_stack = g_rand_int(rand);
    else
      span.place = g_rand_int(rand);
  }
  return span;
}

static void add_span(Block *b, const UnparkSpanRecord *span) {
  gboolean waits = b->kind_state[span->kind] == UNPARK_STATE_WAITING;
  guint64 waker = span->waker == UNPARK_NONE ? 0 : (guint64)span->waker + 1;
  guint32 extra = waits ? span->waker_stack : span->place;
  UnparkPackedSpan packed = {(guint32)span->duration, (guint32)waker, span->stack, (guint16)extra,
                             span->kind};
  if (((guint64)span->duration | waker) > G_MAXUINT32 || extra > G_MAXUINT16) {
    packed = (UnparkPackedSpan){.stack = b->wide->len, .kind = UNPARK_WIDE_SPAN};
    g_array_append_val(b->wide, *span);
  }
  g_array_append_val(b->spans, packed);
}

static void expect(Block *b, guint i, const UnparkSpanRecord *span, gint64 lane, gint64 start) {
  b->expected[SPAN_LANE][i] = lane;
  b->expected[SPAN_START][i] = start;
  b->expected[SPAN_DURATION][i] = span->duration;
  b->expected[SPAN_KIND][i] = span->kind;
  b->expected[SPAN_STACK][i] = span->stack;
  b->expected[SPAN_PLACE][i] = span->place;
  b->expected[SPAN_WAKER][i] = span->waker;
  b->expected[SPAN_WAKER_STACK][i] = span->waker_stack ? span->waker_stack : UNPARK_NONE;
}

/* What runnable spans leave out. */
static void expect_left_out(Block *b) {
  for (guint i = 0; i < b->n; i++) {
    const gint64 *lane = b->expected[SPAN_LANE], *kind = b->expected[SPAN_KIND];
    if (b->kind_state[kind[i]] != UNPARK_STATE_RUNNABLE)
      continue;
    if (i > 0 && lane[i - 1] == lane[i] && b->kind_state[kind[i - 1]] == UNPARK_STATE_WAITING)
      b->expected[SPAN_WAKER][i] = UNPARK_NONE;
    if (i + 1 < b->n && lane[i + 1] == lane[i] &&
        b->kind_state[kind[i + 1]] == UNPARK_STATE_RUNNING)
      b->expected[SPAN_PLACE][i] = 0;
  }
}

static Block *block_new(const Shape *shape, GRand *rand) {
  Block *b = g_new0(Block, 1);
  gint64 lane = -5, start = 0;
  b->spans = g_array_new(FALSE, FALSE, sizeof(UnparkPackedSpan));
  b->wide = g_array_new(FALSE, FALSE, sizeof(UnparkSpanRecord));
  b->runs = g_array_new(FALSE, FALSE, sizeof(UnparkSpanRun));
  for (guint k = 0; k < N_KINDS; k++)
    b->kind_state[k] = (guint8)(k % UNPARK_N_STATES);
  while (b->n < shape->n) {
    lane += below(rand, 4); /* 0: the same lane after a gap */
    start += below(rand, 100000) - 40000;
    guint32 count = 1 + below(rand, 30);
    UnparkSpanRun run = {.lane = lane, .start = start, .count = MIN(count, shape->n - b->n)};
    g_array_append_val(b->runs, run);
    for (guint i = 0; i < run.count; i++) {
      UnparkSpanRecord span = random_span(b, shape, rand);
      add_span(b, &span);
      expect(b, b->n++, &span, lane, start);
      start = (gint64)((guint64)start + (guint64)span.duration);
    }
  }
  expect_left_out(b);
  return b;
}

static void block_free(Block *b) {
  g_array_unref(b->spans);
  g_array_unref(b->wide);
  g_array_unref(b->runs);
  g_free(b);
}

static void pack(const Block *b, UnparkBytes *plain, UnparkBytes *packed) {
  gint64 time_min, time_max;
  UnparkSpanRows rows = {.spans = (const UnparkPackedSpan *)b->spans->data,
                         .n = b->n,
                         .runs = (const UnparkSpanRun *)b->runs->data,
                         .n_runs = b->runs->len,
                         .wide = (const UnparkSpanRecord *)b->wide->data,
                         .kind_state = b->kind_state};
  unpark_spans_pack(&rows, plain, packed, &time_min, &time_max);
}

/* All columns, then each with those it refers to only. */
static void check_columns(const Block *b, const UnparkBytes *plain, const UnparkBytes *packed,
                          guint32 wanted) {
  gint64 *columns[N_COLUMNS] = {0};
  for (guint c = 0; c < N_COLUMNS; c++)
    if (wanted & 1u << c)
      columns[c] = g_new(gint64, b->n);
  ck_assert(
      unpark_spans_unpack(plain->data, plain->size, packed->data, packed->size, b->n, columns));
  for (guint c = 0; c < N_COLUMNS; c++)
    for (guint i = 0; columns[c] && i < b->n; i++)
      ck_assert_msg(columns[c][i] == b->expected[c][i],
                    "column %u, row %u: %" G_GINT64_FORMAT " for %" G_GINT64_FORMAT, c, i,
                    columns[c][i], b->expected[c][i]);
  for (guint c = 0; c < N_COLUMNS; c++)
    g_free(columns[c]);
}

static const Shape shapes[] = {{1, 1, 1, 64, FALSE},
                               {2, 5, 3, 64, FALSE},
                               {300, 20, 10, 64, FALSE},
                               {UNPARK_BLOCK_ROWS, 15, 8, 64, FALSE},
                               {UNPARK_BLOCK_ROWS, 30, 500, 1, FALSE},
                               {UNPARK_BLOCK_ROWS, 60000, 60000, 256, FALSE}, /* wide symbols */
                               {UNPARK_BLOCK_ROWS, 100, 10, 64, TRUE},
                               {500, 3, 3, 1000000, TRUE}};

START_TEST(test_round_trips) {
  GRand *rand = g_rand_new_with_seed(1);
  for (guint s = 0; s < G_N_ELEMENTS(shapes) * 3; s++) {
    UnparkBytes plain = {0}, packed = {0};
    Block *b = block_new(&shapes[s % G_N_ELEMENTS(shapes)], rand);
    pack(b, &plain, &packed);
    check_columns(b, &plain, &packed, 0xff);
    check_columns(b, &plain, &packed, 1u << SPAN_KIND);
    check_columns(b, &plain, &packed, 1u << SPAN_KIND | 1u << SPAN_DURATION);
    check_columns(b, &plain, &packed, 1u << SPAN_LANE | 1u << SPAN_WAKER);
    check_columns(b, &plain, &packed, 1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION);
    check_columns(b, &plain, &packed, 1u << SPAN_PLACE | 1u << SPAN_WAKER_STACK);
    unpark_bytes_clear(&plain);
    unpark_bytes_clear(&packed);
    block_free(b);
  }
  g_rand_free(rand);
}
END_TEST

/* Ordinary spans take little: what is in most of them is found out, not written down. */
START_TEST(test_size) {
  GRand *rand = g_rand_new_with_seed(2);
  UnparkBytes plain = {0}, packed = {0};
  Block *b = block_new(&shapes[3], rand);
  pack(b, &plain, &packed);
  ck_assert_uint_lt(plain.size, 6 * UNPARK_BLOCK_ROWS);
  ck_assert_uint_lt(packed.size, 6 * UNPARK_BLOCK_ROWS);
  unpark_bytes_clear(&plain);
  unpark_bytes_clear(&packed);
  block_free(b);
  g_rand_free(rand);
}
END_TEST

/* Copies of the exact size, so that the address sanitizer sees a byte too many. */
static void decode_hostile(const UnparkBytes *plain, gsize plain_size, const UnparkBytes *packed,
                           gsize packed_size, guint n) {
  g_autofree guint8 *a = g_malloc(MAX(plain_size, 1)), *b = g_malloc(MAX(packed_size, 1));
  gint64 *columns[N_COLUMNS];
  memcpy(a, plain->data, plain_size);
  memcpy(b, packed->data, packed_size);
  for (guint c = 0; c < N_COLUMNS; c++)
    columns[c] = g_new(gint64, MAX(n, 1));
  unpark_spans_unpack(a, plain_size, b, packed_size, n, columns);
  for (guint c = 0; c < N_COLUMNS; c++)
    g_free(columns[c]);
}

static void flip(UnparkBytes *bytes, GRand *rand) {
  for (guint flips = below(rand, 6); flips > 0; flips--)
    bytes->data[below(rand, (guint)bytes->size)] =
        (guint8)(below(rand, 2) ? g_rand_int(rand) : below(rand, 4));
}

START_TEST(test_damaged) {
  GRand *rand = g_rand_new_with_seed(3);
  for (guint round = 0; round < 3000; round++) {
    UnparkBytes plain = {0}, packed = {0};
    Shape shape = shapes[round % G_N_ELEMENTS(shapes)];
    shape.n = MIN(shape.n, 200);
    Block *b = block_new(&shape, rand);
    pack(b, &plain, &packed);
    flip(&plain, rand);
    flip(&packed, rand);
    decode_hostile(&plain, plain.size, &packed, packed.size, b->n);
    decode_hostile(&plain, below(rand, (guint)plain.size + 1), &packed, packed.size, b->n);
    decode_hostile(&plain, plain.size, &packed, below(rand, (guint)packed.size + 1), b->n);
    decode_hostile(&plain, plain.size, &packed, packed.size, below(rand, UNPARK_BLOCK_ROWS + 2));
    unpark_bytes_clear(&plain);
    unpark_bytes_clear(&packed);
    block_free(b);
  }
  g_rand_free(rand);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("span-codec");
  TCase *all = tcase_create("all");
  tcase_add_test(all, test_round_trips);
  tcase_add_test(all, test_size);
  tcase_add_test(all, test_damaged);
  suite_add_tcase(suite, all);
  return test_run(suite);
}
