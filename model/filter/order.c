/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/filter/order.h"

#include <string.h>

static gboolean is_after(const UnparkSpanMatch *x, const UnparkSpanMatch *y) {
  return x->goroutine != y->goroutine ? x->goroutine > y->goroutine : x->start_ns > y->start_ns;
}

/* ---- by goroutine: stretches that are in order are merged, two by two --------------------- */

/* Where each stretch begins (guint), and n after the last. */
static GArray *find_stretches(const UnparkSpanMatch *m, guint n) {
  GArray *starts = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < n; i++)
    if (i == 0 || is_after(&m[i - 1], &m[i]))
      g_array_append_val(starts, i);
  g_array_append_val(starts, n);
  return starts;
}

/* [from, middle) and [middle, to), both in order, to `out`. */
static void merge(const UnparkSpanMatch *m, guint from, guint middle, guint to,
                  UnparkSpanMatch *out) {
  guint a = from, b = middle, at = from;
  while (a < middle && b < to)
    out[at++] = is_after(&m[a], &m[b]) ? m[b++] : m[a++];
  memcpy(&out[at], &m[a], (middle - a) * sizeof *m);
  memcpy(&out[at + middle - a], &m[b], (to - b) * sizeof *m);
}

/* One pass: half as many stretches. */
static void merge_all(const UnparkSpanMatch *m, GArray *starts, UnparkSpanMatch *out) {
  guint *s = (guint *)(gpointer)starts->data, n = starts->len - 1, kept = 0;
  for (guint i = 0; i < n; i += 2) {
    guint from = s[i], middle = s[MIN(i + 1, n)], to = s[MIN(i + 2, n)];
    merge(m, from, middle, to, out);
    s[kept++] = from;
  }
  s[kept++] = s[n];
  g_array_set_size(starts, kept);
}

void unpark_order_matches(GArray *matches) {
  guint n = matches->len;
  UnparkSpanMatch *m = (UnparkSpanMatch *)(gpointer)matches->data;
  g_autoptr(GArray) starts = find_stretches(m, n);
  if (starts->len <= 2)
    return;
  g_autofree UnparkSpanMatch *space = g_new(UnparkSpanMatch, n);
  UnparkSpanMatch *from = m, *to = space;
  while (starts->len > 2) {
    merge_all(from, starts, to);
    UnparkSpanMatch *other = from;
    from = to;
    to = other;
  }
  if (from != m)
    memcpy(m, from, n * sizeof *m);
}

/* ---- by time: digit by digit, which keeps the goroutines of one time in order ------------- */

#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

typedef struct {
  guint64 time; /* from the earliest */
  guint32 place;
} Key;

static void sort_by_digit(const Key *from, Key *to, guint n, guint shift) {
  guint counts[N_DIGITS] = {0}, at = 0;
  for (guint i = 0; i < n; i++)
    counts[from[i].time >> shift & (N_DIGITS - 1)]++;
  for (guint d = 0; d < N_DIGITS; d++) {
    guint count = counts[d];
    counts[d] = at;
    at += count;
  }
  for (guint i = 0; i < n; i++)
    to[counts[from[i].time >> shift & (N_DIGITS - 1)]++] = from[i];
}

GArray *unpark_order_by_time(const GArray *matches) {
  const UnparkSpanMatch *m = (const UnparkSpanMatch *)(gconstpointer)matches->data;
  guint n = matches->len;
  gint64 least = G_MAXINT64, most = G_MININT64;
  GArray *places = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n);
  for (guint i = 0; i < n; i++) {
    least = MIN(least, m[i].start_ns);
    most = MAX(most, m[i].start_ns);
  }
  guint64 range = n > 0 ? (guint64)most - (guint64)least : 0;
  g_autofree Key *keys = g_new(Key, (gsize)n + 1);
  g_autofree Key *space = g_new(Key, (gsize)n + 1);
  for (guint i = 0; i < n; i++)
    keys[i] = (Key){(guint64)m[i].start_ns - (guint64)least, i};
  for (guint shift = 0; shift < 64 && range >> shift > 0; shift += DIGIT_BITS) {
    sort_by_digit(keys, space, n, shift);
    Key *other = keys;
    keys = space;
    space = other;
  }
  for (guint i = 0; i < n; i++)
    g_array_append_val(places, keys[i].place);
  return places;
}
