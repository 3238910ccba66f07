/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fields.h"

#include <string.h>

/* Numbers that are at an end of something. */
static const guint64 ends[] = {0,
                               1,
                               2,
                               127,
                               128,
                               255,
                               65535,
                               65536,
                               G_MAXINT32,
                               (guint64)G_MAXINT32 + 1,
                               G_MAXUINT32,
                               (guint64)G_MAXUINT32 + 1,
                               ((guint64)1 << 60) - 1,
                               (guint64)1 << 60,
                               G_MAXINT64 - 1,
                               G_MAXINT64,
                               (guint64)G_MAXINT64 + 1,
                               G_MAXUINT64 - 1,
                               G_MAXUINT64};

static guint pick(GRand *rand, guint below) {
  return below > 0 ? (guint)g_rand_int_range(rand, 0, (gint32)MIN(below, G_MAXINT32)) : 0;
}

static guint64 another(GRand *rand, guint64 old, guint64 other) {
  switch (pick(rand, 8)) {
  case 0:
    return old + 1;
  case 1:
    return old - 1;
  case 2:
    return other;
  case 3:
    return old ^ ((guint64)1 << pick(rand, 64));
  case 4:
    return old << pick(rand, 32);
  default:
    return ends[pick(rand, G_N_ELEMENTS(ends))];
  }
}

static void replace(GByteArray *bytes, guint at, guint old, const void *with, guint n) {
  g_autofree guint8 *copy = g_memdup2(with, n);
  guint rest = bytes->len - at - old;

  if (n > old)
    g_byte_array_set_size(bytes, bytes->len - old + n);
  memmove(bytes->data + at + n, bytes->data + at + old, rest);
  if (n > 0)
    memcpy(bytes->data + at, copy, n);
  if (n < old)
    g_byte_array_set_size(bytes, bytes->len - old + n);
}

/* ---- Variable-length numbers -------------------------------------------------------- */

/* Bytes of the one at `at`; 0: none. */
static guint read_varint(const GByteArray *bytes, guint at, guint end, guint64 *value) {
  *value = 0;
  for (guint n = 0; n < 10 && at + n < end; n++) {
    *value |= (guint64)(bytes->data[at + n] & 0x7f) << (7 * n);
    if (bytes->data[at + n] < 0x80)
      return n + 1;
  }
  return 0;
}

static guint write_varint(guint8 to[10], guint64 value) {
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    to[n++] = (guint8)(value | 0x80);
  to[n++] = (guint8)value;
  return n;
}

/* How many bytes longer it became. */
static gint set_varint(GByteArray *bytes, guint at, guint old, guint64 value) {
  guint8 text[10];
  guint n = write_varint(text, value);

  replace(bytes, at, old, text, n);
  return (gint)n - (gint)old;
}

/* ---- Traces ------------------------------------------------------------------------- */

/* Of a trace since Go 1.22: batches of a byte 1 (or 6 and more: experiments), generation, thread,
 * time, size and so many bytes. */
typedef struct {
  guint size_at, size_len, data, end;
} Batch;

static gboolean read_batch(const GByteArray *bytes, guint at, Batch *batch) {
  guint64 value = 0;
  guint p = at + 1;

  for (guint field = 0; field < 4; field++) {
    guint n = read_varint(bytes, p, bytes->len, &value);
    if (n == 0)
      return FALSE;
    batch->size_at = p;
    batch->size_len = n;
    p += n;
  }
  batch->data = p;
  batch->end = p + (guint)MIN(value, bytes->len - p);
  return bytes->data[at] == 1 && batch->end > batch->data;
}

static void mutate_batch(GByteArray *bytes, GRand *rand) {
  g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(guint));
  Batch batch;
  guint64 old, other;
  guint at, n;

  for (guint p = 16; p < bytes->len && read_batch(bytes, p, &batch); p = batch.end)
    g_array_append_val(starts, p);
  if (starts->len == 0)
    return;
  at = g_array_index(starts, guint, pick(rand, starts->len));
  read_batch(bytes, at, &batch);
  if (pick(rand, 6) == 0) { /* generation, thread, time or size itself */
    guint p = at + 1;
    for (guint skip = pick(rand, 4); skip > 0; skip--)
      p += read_varint(bytes, p, bytes->len, &old);
    n = read_varint(bytes, p, bytes->len, &old);
    set_varint(bytes, p, n, another(rand, old, pick(rand, 100)));
    return;
  }
  /* Types of events are less than 128: each is a number, too. */
  at = batch.data + pick(rand, batch.end - batch.data);
  while (at > batch.data && bytes->data[at - 1] >= 0x80)
    at--;
  n = read_varint(bytes, at, batch.end, &old);
  read_varint(bytes, batch.data + pick(rand, batch.end - batch.data), batch.end, &other);
  if (n > 0) {
    gint more = set_varint(bytes, at, n, another(rand, old, other));
    set_varint(bytes, batch.size_at, batch.size_len,
               (guint64)((gint64)(batch.end - batch.data) + more));
  }
}

/* Of a trace before that: events are numbers, one after another; some tell their length, which is
 * less than 128 and damage enough where it is wrong. */
static void mutate_event(GByteArray *bytes, GRand *rand) {
  guint at = 16 + pick(rand, bytes->len - 16), n;
  guint64 old, other;

  while (at > 16 && bytes->data[at - 1] >= 0x80)
    at--;
  n = read_varint(bytes, at, bytes->len, &old);
  read_varint(bytes, 16 + pick(rand, bytes->len - 16), bytes->len, &other);
  if (n > 0) {
    guint64 value = another(rand, old, other);
    guint8 text[10];
    guint length = write_varint(text, value);
    /* Mostly in place: the event stays as long as it says. */
    if (length > n && pick(rand, 4) > 0)
      memcpy(bytes->data + at, text + length - n, n);
    else
      replace(bytes, at, n, text, length);
  }
}

/* ---- Protocol buffers --------------------------------------------------------------- */

/* Changes one number between `from` and `end`, in a message within it perhaps. How many bytes
 * longer it became. */
static gint mutate_message(GByteArray *bytes, guint from, guint end, guint depth, GRand *rand) {
  g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(guint));
  guint64 key, value;
  guint p = from, at, n, m;
  gint more;

  while (p < end && (n = read_varint(bytes, p, end, &key)) > 0 &&
         ((key & 7) == 0 || (key & 7) == 2) && (m = read_varint(bytes, p + n, end, &value)) > 0) {
    if ((key & 7) == 2 && value > end - p - n - m)
      break;
    g_array_append_val(fields, p);
    p += n + m + ((key & 7) == 2 ? (guint)value : 0);
  }
  if (fields->len == 0 || p < end) { /* packed numbers, or text */
    at = from + pick(rand, end - from);
    n = read_varint(bytes, at, end, &value);
    return n > 0 ? set_varint(bytes, at, n, another(rand, value, 1)) : 0;
  }
  at = g_array_index(fields, guint, pick(rand, fields->len));
  n = read_varint(bytes, at, end, &key);
  m = read_varint(bytes, at + n, end, &value);
  if ((key & 7) == 0 || value == 0 || depth > 3 || pick(rand, 12) == 0)
    return set_varint(bytes, at + n, m, another(rand, value, pick(rand, 64)));
  more = mutate_message(bytes, at + n + m, at + n + m + (guint)value, depth + 1, rand);
  return more + set_varint(bytes, at + n, m, (guint64)((gint64)value + more));
}

/* ---- Text --------------------------------------------------------------------------- */

static const char *const numbers[] = {"0",
                                      "-1",
                                      "1",
                                      "2147483647",
                                      "4294967296",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "18446744073709551615",
                                      "99999999999999999999999999999999999999",
                                      "0.0000000000000000001",
                                      "1e400",
                                      "1e-400",
                                      "0xffffffffffffffff",
                                      "ffffffffffffffffff",
                                      "00000000000000000000000",
                                      "",
                                      "NaN"};

/* The number at or behind a place; 0 bytes: none. */
static guint find_number(const GByteArray *bytes, guint *at) {
  guint n = 0;

  while (*at < bytes->len && !g_ascii_isdigit(bytes->data[*at]))
    ++*at;
  while (*at + n < bytes->len && g_ascii_isxdigit(bytes->data[*at + n]))
    n++;
  return n;
}

static guint line_at(const GByteArray *bytes, guint at, guint *length) {
  guint from = at, end = at;

  while (from > 0 && bytes->data[from - 1] != '\n')
    from--;
  while (end < bytes->len && bytes->data[end++] != '\n')
    ;
  *length = end - from;
  return from;
}

static void mutate_text(GByteArray *bytes, GRand *rand) {
  guint at = pick(rand, bytes->len), other = pick(rand, bytes->len), n, m;
  guint from, line;

  switch (pick(rand, 8)) {
  case 0: /* a line is gone */
    from = line_at(bytes, at, &line);
    replace(bytes, from, line, "", 0);
    break;
  case 1: /* or is there twice, elsewhere perhaps */
    from = line_at(bytes, at, &line);
    other = pick(rand, 2) ? line_at(bytes, other, &m) : from;
    replace(bytes, other, 0, bytes->data + from, line);
    break;
  case 2: /* one number for another */
    n = find_number(bytes, &at);
    m = find_number(bytes, &other);
    if (n > 0 && m > 0)
      replace(bytes, at, n, bytes->data + other, m);
    break;
  default: {
    const char *text = numbers[pick(rand, G_N_ELEMENTS(numbers))];
    n = find_number(bytes, &at);
    if (n > 0)
      replace(bytes, at, n, text, (guint)strlen(text));
  }
  }
}

/* ---- What it is --------------------------------------------------------------------- */

/* Words of 8 bytes, as gperftools writes them. */
static void mutate_words(GByteArray *bytes, GRand *rand) {
  guint64 word, at = pick(rand, bytes->len / 8) * 8u;

  memcpy(&word, bytes->data + at, 8);
  word = another(rand, word, pick(rand, 100));
  memcpy(bytes->data + at, &word, 8);
}

static gboolean is_text(const GByteArray *bytes) {
  for (guint i = 0; i < MIN(bytes->len, 512); i++)
    if (bytes->data[i] < 9)
      return FALSE;
  return TRUE;
}

static void mutate_field(GByteArray *bytes, GRand *rand) {
  guint version = 0;

  if (bytes->len < 32)
    return;
  if (memcmp(bytes->data, "go 1.", 5) == 0)
    version = (guint)(bytes->data[5] - '0') * 10 + (guint)(bytes->data[6] - '0');
  if (version >= 22)
    mutate_batch(bytes, rand);
  else if (version > 0)
    mutate_event(bytes, rand);
  else if (is_text(bytes))
    mutate_text(bytes, rand);
  else if (bytes->data[0] == 0)
    mutate_words(bytes, rand);
  else
    mutate_message(bytes, 0, bytes->len, 0, rand);
}

GByteArray *test_mutate_fields(const GByteArray *seed, GRand *rand) {
  GByteArray *bytes = g_byte_array_new();

  g_byte_array_append(bytes, seed->data, seed->len);
  for (guint times = 1 + pick(rand, pick(rand, 3) ? 2 : 12); times > 0; times--)
    mutate_field(bytes, rand);
  return bytes;
}
