/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/span-codec.h"

#include <string.h>

#define FLAG_PLACE 3u       /* these bits: */
#define PLACE_SAME 1u       /* as the last place that was not 0 */
#define PLACE_LISTED 2u     /* in the list of places; else 0 */
#define FLAG_WAKER 4u       /* in the list of wakers */
#define FLAG_WAKER_STACK 8u /* in the list of their stacks */
#define ALL_FLAGS 15u
#define FIRST_LONG 253u /* durations of 2, 4 and 8 bytes */
#define MAX_SHIFT 16
/* Of the table of symbols: most blocks have some dozens, for which it stays in the nearest cache;
 * it doubles while more than half of it is used. */
#define MIN_SLOT_BITS 9
#define MAX_SLOT_BITS 14 /* twice the rows of a block */

/* ---- packing ---------------------------------------------------------------- */

/* What a span tells, by its state and those before and after it in its lane (3 bits each; NO_STATE
 * if there is none): the place, and the waker. */
#define NO_STATE 7u
#define TRIPLE(before, state, after) ((before) << 6 | (state) << 3 | (after))
typedef struct {
  guint8 place, waker; /* all bits set, or none */
} Tells;

/* What was found while the rows were read, on its way into the block. */
typedef struct {
  guint shift;
  guint8 base[UNPARK_BLOCK_ROWS];
  guint8 longs[UNPARK_BLOCK_ROWS * 8 + 8];
  guint8 rests[UNPARK_BLOCK_ROWS * 4 + 4];
  guint8 places[UNPARK_BLOCK_ROWS * 5 + 1];
  guint8 wakers[UNPARK_BLOCK_ROWS * 10];
  guint8 waker_stacks[UNPARK_BLOCK_ROWS * 5];
  guint16 symbols[UNPARK_BLOCK_ROWS];
  guint64 keys[UNPARK_BLOCK_ROWS];         /* of symbols */
  guint16 symbol_slots[UNPARK_BLOCK_ROWS]; /* where they are in `slots` */
  guint16 slots[1u << MAX_SLOT_BITS];      /* symbol by hash of the key; 0xffff: none */
  guint slot_bits;                         /* of the slots in use */
  guint16 woken[UNPARK_BLOCK_ROWS + 1];    /* rows with a waker */
  Tells tells[512];
  guint n_rests, n_symbols, n_woken;
  gsize longs_size, places_size, wakers_size, waker_stacks_size;
  gint64 time_min, time_max;
} Packer;

/* The clock's tick: the greatest power of two that most durations are multiples of. */
static guint tick_shift(const UnparkSpanRows *rows) {
  guint hits[MAX_SHIFT + 1] = {0}, total = (rows->n + 6) / 7, above = 0;
  for (guint i = 0; i < rows->n; i += 7)
    hits[__builtin_ctz(rows->spans[i].duration | 1u << MAX_SHIFT)]++;
  for (guint k = MAX_SHIFT; k > 0; k--) {
    above += hits[k];
    if (above * 10 >= total * 6)
      return k;
  }
  return 0;
}

static inline guint64 symbol_key(guint64 kind, guint64 stack, guint64 flags) {
  return stack << 32 | kind << 8 | flags;
}

static inline guint first_slot(guint64 key, guint bits) {
  return (guint)((key * 0x9E3779B97F4A7C15u) >> (64 - bits));
}

static G_GNUC_NO_INLINE void grow_slots(Packer *k, guint n) {
  guint mask = (1u << ++k->slot_bits) - 1;
  memset(k->slots, 0xff, (mask + 1) * sizeof *k->slots);
  for (guint s = 0; s < n; s++) {
    guint slot = first_slot(k->keys[s], k->slot_bits);
    while (k->slots[slot] != 0xffff)
      slot = (slot + 1) & mask;
    k->slots[slot] = (guint16)s;
    k->symbol_slots[s] = (guint16)slot;
  }
}

static inline guint16 symbol_of(Packer *k, guint *n, guint64 key) {
  guint mask = (1u << k->slot_bits) - 1, slot = first_slot(key, k->slot_bits);
  while (k->slots[slot] != 0xffff) {
    if (G_LIKELY(k->keys[k->slots[slot]] == key))
      return k->slots[slot];
    slot = (slot + 1) & mask;
  }
  k->keys[*n] = key;
  k->symbol_slots[*n] = (guint16)slot;
  k->slots[slot] = (guint16)*n;
  if (G_UNLIKELY(++*n > mask / 2) && k->slot_bits < MAX_SLOT_BITS)
    grow_slots(k, *n);
  return (guint16)(*n - 1);
}

static void put_rest(Packer *k, guint row, guint64 rest) {
  guint32 entry = GUINT32_TO_LE(row | (guint32)rest << 16);
  memcpy(k->rests + (gsize)k->n_rests * 4, &entry, 4);
  k->n_rests++;
}

static guint8 *put_wide_duration(Packer *k, guint8 *longs, guint row, guint64 d) {
  guint64 q = d >> k->shift, le = GUINT64_TO_LE(q), rest = d & (((guint64)1 << k->shift) - 1);
  guint width = (q >= FIRST_LONG) + (q > G_MAXUINT16) + (q > G_MAXUINT32);
  k->base[row] = (guint8)(width ? FIRST_LONG - 1 + width : q);
  if (rest)
    put_rest(k, row, rest);
  memcpy(longs, &le, 8);
  return longs + ((1u << width) & ~1u);
}

static void pack_durations(Packer *k, const UnparkSpanRows *rows) {
  guint shift = k->shift;
  guint32 mask = (1u << shift) - 1;
  guint8 *longs = k->longs;
  k->n_rests = 0;
  for (guint i = 0; i < rows->n; i++) {
    guint32 d = rows->spans[i].duration, q = d >> shift, le = GUINT32_TO_LE(q);
    guint is_long = q >= FIRST_LONG, longer = q > G_MAXUINT16;
    k->base[i] = (guint8)(is_long ? FIRST_LONG + longer : q);
    /* Written always, kept if needed: no branch to mispredict. */
    memcpy(longs, &le, 4);
    longs += 2 * is_long + 2 * longer;
    if (G_UNLIKELY(d & mask))
      put_rest(k, i, d & mask);
    if (G_UNLIKELY(rows->spans[i].kind == UNPARK_WIDE_SPAN)) /* d and q were 0 */
      longs = put_wide_duration(k, longs, i, (guint64)rows->wide[rows->spans[i].stack].duration);
  }
  k->longs_size = (gsize)(longs - k->longs);
}

static inline guint8 state_of(const UnparkSpanRows *rows, guint i) {
  guint16 kind = rows->spans[i].kind;
  if (G_UNLIKELY(kind == UNPARK_WIDE_SPAN))
    kind = rows->wide[rows->spans[i].stack].kind;
  return rows->kind_state[kind];
}

static inline guint8 *put_place(guint8 *p, guint32 place, guint listed) {
  if (G_UNLIKELY(place >= 0x80))
    return listed ? unpark_put_varint(p, place) : p;
  *p = (guint8)place;
  return p + listed;
}

static void fill_tells(Tells *tells) {
  for (guint i = 0; i < 512; i++) {
    guint before = i >> 6, state = i >> 3 & 7, after = i & 7;
    gboolean runnable = state == UNPARK_STATE_RUNNABLE;
    gboolean place = state != UNPARK_STATE_WAITING && !(runnable && after == UNPARK_STATE_RUNNING);
    gboolean waker = !(runnable && before == UNPARK_STATE_WAITING);
    tells[i] = (Tells){place ? 0xff : 0, waker ? 0xff : 0};
  }
}

/* Kinds, stacks, places, and who has a waker. Goroutines change state in no order that a processor
 * could foresee, so what depends on it is computed rather than branched on. */
static void pack_symbols(Packer *k, const UnparkSpanRows *rows) {
  guint8 *places = k->places;
  guint64 last_place = 0;
  guint n_symbols = 0, n_woken = 0, i = 0, triple = TRIPLE(NO_STATE, NO_STATE, NO_STATE);
  for (guint r = 0; r < rows->n_runs; r++) {
    const UnparkSpanRun *run = &rows->runs[r];
    gboolean goes_on = r + 1 < rows->n_runs && run[1].lane == run->lane;
    if (r == 0 || run->lane != run[-1].lane)
      triple = TRIPLE(0, NO_STATE, (guint)state_of(rows, i));
    for (guint end = i + run->count; i < end; i++) {
      const UnparkPackedSpan *span = &rows->spans[i];
      guint after = i + 1 < end || goes_on ? state_of(rows, i + 1) : NO_STATE;
      triple = (triple << 3 | after) & 511;
      guint64 kind = span->kind, stack = span->stack, tells_place = k->tells[triple].place;
      guint64 waits = (triple >> 3 & 7) == UNPARK_STATE_WAITING;
      guint64 place = waits ? 0 : span->extra, waker_stack = waits ? span->extra : 0;
      guint has_waker = span->waker != 0;
      if (G_UNLIKELY(kind == UNPARK_WIDE_SPAN)) {
        const UnparkSpanRecord *wide = &rows->wide[stack];
        kind = wide->kind;
        stack = wide->stack;
        place = wide->place;
        waker_stack = wide->waker_stack;
        has_waker = wide->waker != UNPARK_NONE;
        tells_place |= waits;
      }
      guint keeps_place = (place != 0) & tells_place;
      guint listed = keeps_place & (place != last_place);
      guint woken = has_waker & k->tells[triple].waker;
      places = put_place(places, (guint32)place, listed);
      last_place = keeps_place ? place : last_place;
      k->woken[n_woken] = (guint16)i;
      n_woken += woken;
      guint flags =
          keeps_place << listed | woken * FLAG_WAKER | (waker_stack != 0) * FLAG_WAKER_STACK;
      k->symbols[i] = symbol_of(k, &n_symbols, symbol_key(kind, stack, flags));
    }
    k->time_min = MIN(k->time_min, run->start);
    k->time_max = MAX(k->time_max, run->end);
  }
  k->n_symbols = n_symbols;
  k->n_woken = n_woken;
  k->places_size = (gsize)(places - k->places);
}

static void pack_wakers(Packer *k, const UnparkSpanRows *rows) {
  guint8 *p = k->wakers;
  const UnparkSpanRun *run = rows->runs;
  guint end = run->count;
  for (guint w = 0; w < k->n_woken; w++) {
    guint i = k->woken[w];
    while (i >= end)
      end += (++run)->count;
    UnparkSpanRecord span = unpark_span_widen(&rows->spans[i], rows->wide, rows->kind_state);
    p = unpark_put_varint(p, unpark_zigzag((gint64)((guint64)span.waker - (guint64)run->lane)));
  }
  k->wakers_size = (gsize)(p - k->wakers);
}

/* In a pass of their own: some have one without a waker. */
static void pack_waker_stacks(Packer *k, const UnparkSpanRows *rows) {
  guint8 *p = k->waker_stacks;
  for (guint i = 0; i < rows->n; i++)
    if (k->keys[k->symbols[i]] & FLAG_WAKER_STACK) {
      UnparkSpanRecord span = unpark_span_widen(&rows->spans[i], rows->wide, rows->kind_state);
      p = unpark_put_varint(p, span.waker_stack);
    }
  k->waker_stacks_size = (gsize)(p - k->waker_stacks);
}

static guint8 *put_bytes(guint8 *p, const guint8 *bytes, gsize size) {
  memcpy(p, bytes, size);
  return p + size;
}

static void put_plain(const Packer *k, const UnparkSpanRows *rows, UnparkBytes *out) {
  guint n = rows->n;
  gint64 lane = 0, start = 0;
  unpark_bytes_reserve(out, 100 + (gsize)rows->n_runs * 25 + n + k->n_rests * 4 + k->longs_size +
                                (gsize)k->n_symbols * 9 + k->places_size);
  guint8 *p = unpark_put_varint(out->data + out->size, rows->n_runs);
  for (guint r = 0; r < rows->n_runs; r++) {
    const UnparkSpanRun *run = &rows->runs[r];
    p = unpark_put_varint(p, unpark_zigzag((gint64)((guint64)run->lane - (guint64)lane)));
    p = unpark_put_varint(p, run->count);
    p = unpark_put_varint(p, unpark_zigzag((gint64)((guint64)run->start - (guint64)start)));
    lane = run->lane;
    start = run->start;
  }
  *p++ = (guint8)k->shift;
  p = put_bytes(p, k->base, n);
  p = unpark_put_varint(p, k->n_rests);
  p = put_bytes(p, k->rests, (gsize)k->n_rests * 4);
  p = unpark_put_varint(p, k->longs_size);
  p = put_bytes(p, k->longs, k->longs_size);
  p = unpark_put_varint(p, k->n_symbols);
  for (guint s = 0; s < k->n_symbols; s++) {
    p = unpark_put_varint(p, k->keys[s] >> 8 & 0xffff);
    p = unpark_put_varint(p, k->keys[s] >> 32);
    *p++ = (guint8)(k->keys[s] & ALL_FLAGS);
  }
  p = unpark_put_varint(p, k->places_size);
  p = put_bytes(p, k->places, k->places_size);
  out->size = (gsize)(p - out->data);
}

static void put_packed(const Packer *k, guint n, UnparkBytes *out) {
  unpark_bytes_reserve(out, 10 + (gsize)n * 2 + k->waker_stacks_size + k->wakers_size);
  guint8 *p = out->data + out->size;
  if (k->n_symbols <= 256)
    for (guint i = 0; i < n; i++)
      *p++ = (guint8)k->symbols[i];
  else
    for (guint i = 0; i < n; i++, p += 2) {
      p[0] = (guint8)k->symbols[i];
      p[1] = (guint8)(k->symbols[i] >> 8);
    }
  p = unpark_put_varint(p, k->waker_stacks_size);
  p = put_bytes(p, k->waker_stacks, k->waker_stacks_size);
  p = put_bytes(p, k->wakers, k->wakers_size);
  out->size = (gsize)(p - out->data);
}

static void packer_free(gpointer data) {
  g_free(data);
}

void unpark_spans_pack(const UnparkSpanRows *rows, UnparkBytes *plain, UnparkBytes *packed,
                       gint64 *time_min, gint64 *time_max) {
  static GPrivate packers = G_PRIVATE_INIT(packer_free);
  Packer *k = g_private_get(&packers);
  if (!k) {
    g_private_set(&packers, k = g_new(Packer, 1));
    memset(k->slots, 0xff, sizeof k->slots);
    k->slot_bits = MIN_SLOT_BITS;
    fill_tells(k->tells);
  }
  k->shift = tick_shift(rows);
  k->time_min = G_MAXINT64;
  k->time_max = G_MININT64;
  pack_durations(k, rows);
  pack_symbols(k, rows);
  pack_wakers(k, rows);
  pack_waker_stacks(k, rows);
  put_plain(k, rows, plain);
  put_packed(k, rows->n, packed);
  for (guint s = 0; s < k->n_symbols; s++)
    k->slots[k->symbol_slots[s]] = 0xffff;
  k->slot_bits = MIN_SLOT_BITS;
  *time_min = k->time_min;
  *time_max = k->time_max;
}

/* ---- unpacking ---------------------------------------------------------------- */

typedef struct {
  const guint8 *p, *end;
} Reader;

typedef struct {
  gint64 kind, stack;
  guint8 flags;
} Symbol;

static inline gboolean get(Reader *r, guint64 *v) {
  if (G_LIKELY(r->p < r->end && *r->p < 0x80)) {
    *v = *r->p++;
    return TRUE;
  }
  return unpark_get_varint(&r->p, r->end, v);
}

/* `size` bytes, or NULL. */
static const guint8 *get_bytes(Reader *r, guint64 size) {
  const guint8 *bytes = r->p;
  if (size > (guint64)(r->end - r->p))
    return NULL;
  r->p += size;
  return bytes;
}

/* A list with its length in bytes before it. */
static gboolean get_list(Reader *r, Reader *list) {
  guint64 size;
  if (!get(r, &size))
    return FALSE;
  list->p = get_bytes(r, size);
  list->end = r->p;
  return list->p != NULL;
}

static inline gint64 sum(gint64 a, guint64 zigzag) {
  return (gint64)((guint64)a + (guint64)unpark_unzigzag(zigzag));
}

/* Lanes, and the start of each run in its first row. The other starts need the durations. */
static gboolean unpack_runs(Reader *r, guint n, gint64 *lane, gint64 *start, guint8 *begins) {
  guint64 n_runs, delta, count, start_delta;
  gint64 id = 0, at = 0;
  guint i = 0;
  if (!get(r, &n_runs) || n_runs > n)
    return FALSE;
  for (; n_runs > 0; n_runs--) {
    if (!get(r, &delta) || !get(r, &count) || !get(r, &start_delta) || count == 0 || count > n - i)
      return FALSE;
    id = sum(id, delta);
    at = sum(at, start_delta);
    if (start) {
      start[i] = at;
      begins[i] = 1;
    }
    for (guint stop = i + (guint)count; i < stop; i++)
      if (lane)
        lane[i] = id;
  }
  return i == n;
}

static inline gboolean get_long(Reader *r, guint width, guint64 *v) {
  gsize size = (gsize)1 << width;
  const guint8 *bytes = get_bytes(r, size);
  if (!bytes)
    return FALSE;
  *v = 0;
  for (gsize b = 0; b < size; b++)
    *v |= (guint64)bytes[b] << (8 * b);
  return TRUE;
}

static gboolean unpack_durations(Reader *r, guint n, gint64 *out) {
  const guint8 *head = get_bytes(r, (guint64)n + 1), *rests;
  guint64 n_rests, q;
  Reader longs;
  if (!head || head[0] > MAX_SHIFT || !get(r, &n_rests) || n_rests > n ||
      !(rests = get_bytes(r, n_rests * 4)) || !get_list(r, &longs))
    return FALSE;
  if (!out)
    return TRUE;
  for (guint i = 0; i < n; i++) {
    q = head[i + 1];
    if (G_UNLIKELY(q >= FIRST_LONG) && !get_long(&longs, (guint)(q - FIRST_LONG + 1), &q))
      return FALSE;
    out[i] = (gint64)(q << head[0]);
  }
  for (guint i = 0; i < n_rests; i++, rests += 4) {
    guint row = rests[0] | (guint)rests[1] << 8, rest = rests[2] | (guint)rests[3] << 8;
    if (row >= n || rest >> head[0])
      return FALSE;
    out[row] |= rest;
  }
  return longs.p == longs.end;
}

static gboolean unpack_symbols(Reader *r, guint n, Symbol *symbols, guint *n_symbols) {
  guint64 count, kind, stack;
  if (!get(r, &count) || count > n)
    return FALSE;
  for (guint s = 0; s < count; s++) {
    const guint8 *flags;
    if (!get(r, &kind) || !get(r, &stack) || kind > G_MAXUINT16 || stack > G_MAXUINT32 ||
        !(flags = get_bytes(r, 1)) || *flags > ALL_FLAGS || (*flags & FLAG_PLACE) == FLAG_PLACE)
      return FALSE;
    symbols[s] = (Symbol){(gint64)kind, (gint64)stack, *flags};
  }
  *n_symbols = (guint)count;
  return TRUE;
}

static gboolean unpack_places(Reader list, const guint8 *flags, guint n, gint64 *out) {
  guint64 last = 0;
  for (guint i = 0; i < n; i++) {
    if (flags[i] & PLACE_LISTED && (!get(&list, &last) || last > G_MAXUINT32))
      return FALSE;
    out[i] = flags[i] & FLAG_PLACE ? (gint64)last : 0;
  }
  return list.p == list.end;
}

static gboolean unpack_wakers(Reader list, const guint8 *flags, guint n, const gint64 *lane,
                              gint64 *out) {
  guint64 delta;
  for (guint i = 0; i < n; i++) {
    out[i] = UNPARK_NONE;
    if (!(flags[i] & FLAG_WAKER))
      continue;
    if (!get(&list, &delta))
      return FALSE;
    out[i] = sum(lane[i], delta);
  }
  return list.p == list.end;
}

static gboolean unpack_waker_stacks(Reader list, const guint8 *flags, guint n, gint64 *out) {
  guint64 stack;
  for (guint i = 0; i < n; i++) {
    out[i] = UNPARK_NONE;
    if (!(flags[i] & FLAG_WAKER_STACK))
      continue;
    if (!get(&list, &stack) || stack > G_MAXUINT32)
      return FALSE;
    out[i] = (gint64)stack;
  }
  return list.p == list.end;
}

/* Kind and stack, and the flags of every row, by which the lists are read. */
static gboolean unpack_rows(Reader *r, guint n, const Symbol *symbols, guint n_symbols,
                            gint64 *const *c, guint8 *flags) {
  guint width = n_symbols <= 256 ? 1 : 2;
  const guint8 *bytes = get_bytes(r, (guint64)n * width);
  if (!bytes)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint s = width == 1 ? bytes[i] : bytes[2 * i] | (guint)bytes[2 * i + 1] << 8;
    if (G_UNLIKELY(s >= n_symbols))
      return FALSE;
    flags[i] = symbols[s].flags;
    if (c[SPAN_KIND])
      c[SPAN_KIND][i] = symbols[s].kind;
    if (c[SPAN_STACK])
      c[SPAN_STACK][i] = symbols[s].stack;
  }
  return TRUE;
}

static void chain_starts(const guint8 *begins, guint n, const gint64 *duration, gint64 *start) {
  for (guint i = 1; i < n; i++)
    if (!begins[i])
      start[i] = (gint64)((guint64)start[i - 1] + (guint64)duration[i - 1]);
}

gboolean unpark_spans_unpack(const guint8 *plain, gsize plain_size, const guint8 *packed,
                             gsize packed_size, guint n, gint64 *const *c) {
  Reader r = {plain, plain + plain_size}, rest = {packed, packed + packed_size}, places, stacks;
  guint8 flags[UNPARK_BLOCK_ROWS], *begins = flags; /* one after the other */
  guint n_symbols;
  if (n > UNPARK_BLOCK_ROWS)
    return FALSE;
  memset(begins, 0, n);
  if (!unpack_runs(&r, n, c[SPAN_LANE], c[SPAN_START], begins) ||
      !unpack_durations(&r, n, c[SPAN_DURATION]))
    return FALSE;
  if (c[SPAN_START])
    chain_starts(begins, n, c[SPAN_DURATION], c[SPAN_START]);
  g_autofree Symbol *symbols = g_new(Symbol, n + 1);
  if (!unpack_symbols(&r, n, symbols, &n_symbols) || !get_list(&r, &places) || r.p != r.end ||
      !unpack_rows(&rest, n, symbols, n_symbols, c, flags) || !get_list(&rest, &stacks))
    return FALSE;
  return (!c[SPAN_PLACE] || unpack_places(places, flags, n, c[SPAN_PLACE])) &&
         (!c[SPAN_WAKER_STACK] || unpack_waker_stacks(stacks, flags, n, c[SPAN_WAKER_STACK])) &&
         (!c[SPAN_WAKER] || unpack_wakers(rest, flags, n, c[SPAN_LANE], c[SPAN_WAKER]));
}
