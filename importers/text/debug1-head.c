/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/debug1-head.h"

#include <math.h>
#include <string.h>

/* A number, blanks, and one of `ends`. */
static gboolean take(UnparkText *t, gint64 *value, const char *end) {
  unpark_text_take_blanks(t);
  if (!unpark_text_take_number(t, TRUE, value))
    return FALSE;
  unpark_text_take_blanks(t);
  return unpark_text_take(t, (UnparkText){end, strlen(end)});
}

/* "1: 96 [2: 192] @": objects and bytes in use, objects and bytes ever allocated. */
static gboolean take_heap(UnparkText *t, gint64 v[4]) {
  if (!take(t, &v[0], ":") || !take(t, &v[1], "[") || !take(t, &v[2], ":") || !take(t, &v[3], "]"))
    return FALSE;
  unpark_text_take_blanks(t);
  return unpark_text_take(t, UNPARK_TEXT("@"));
}

static gboolean heap_head(UnparkText line, UnparkDebug1Head *head) {
  gint64 v[4], rate = 0;

  if (!unpark_text_take(&line, UNPARK_TEXT("heap profile:")) || !take_heap(&line, v))
    return FALSE;
  unpark_text_take_blanks(&line);
  head->form = UNPARK_DEBUG1_HEAP;
  head->has_alloc = (v[2] != v[0] && v[2] != 0) || (v[3] != v[1] && v[3] != 0);
  if (unpark_text_starts(line, UNPARK_TEXT("growth")) ||
      unpark_text_starts(line, UNPARK_TEXT("fragmentation"))) {
    head->has_alloc = FALSE;
    head->addresses_only = TRUE;
    return TRUE;
  }
  if (unpark_text_take(&line, UNPARK_TEXT("heapprofile"))) {
    head->addresses_only = TRUE;
    return TRUE;
  }
  if (unpark_text_take(&line, UNPARK_TEXT("heapz_v2")) ||
      unpark_text_take(&line, UNPARK_TEXT("heap_v2"))) {
    if (unpark_text_take(&line, UNPARK_TEXT("/")))
      unpark_text_take_number(&line, FALSE, &rate);
    head->period = rate;
    head->addresses_only = TRUE;
  } else if (unpark_text_take(&line, UNPARK_TEXT("heap"))) {
    if (unpark_text_take(&line, UNPARK_TEXT("/")))
      unpark_text_take_number(&line, FALSE, &rate);
    head->period = rate / 2; /* twice the rate is what is printed */
  } else {
    return FALSE;
  }
  head->scale = TRUE;
  return TRUE;
}

/* "NAME profile: total N" */
static gboolean count_head(UnparkText line, UnparkDebug1Head *head) {
  const UnparkText total = UNPARK_TEXT(" profile: total ");
  gssize at = unpark_text_find(line, total);
  UnparkText rest;
  gint64 n;

  if (at <= 0)
    return FALSE;
  head->name = (UnparkText){line.text, (gsize)at};
  for (gsize i = 0; i < head->name.len; i++)
    if (g_ascii_isspace(head->name.text[i]) || head->name.text[i] == '\0')
      return FALSE;
  rest = unpark_text_from(line, (gsize)at + total.len);
  head->form = UNPARK_DEBUG1_COUNT;
  return unpark_text_take_number(&rest, FALSE, &n) && rest.len == 0;
}

gboolean unpark_debug1_head(UnparkText line, UnparkDebug1Head *head) {
  *head = (UnparkDebug1Head){.period = 1, .duration_ns = UNPARK_NONE};
  if (heap_head(line, head) || count_head(line, head))
    return TRUE;
  head->form = UNPARK_DEBUG1_CYCLES;
  if (unpark_text_starts(line, UNPARK_TEXT("--- mutex:")))
    head->name = UNPARK_TEXT("mutex");
  else if (unpark_text_starts(line, UNPARK_TEXT("--- contention:")))
    head->name = UNPARK_TEXT("block");
  else if (unpark_text_starts(line, UNPARK_TEXT("--- contentionz ")))
    head->addresses_only = TRUE;
  else
    return FALSE;
  return TRUE;
}

gboolean unpark_debug1_attribute(UnparkText line, UnparkDebug1Head *head) {
  gssize equals = unpark_text_find(line, UNPARK_TEXT("="));
  UnparkText key, value;
  gint64 number;

  if (equals < 0)
    return FALSE;
  key = unpark_text_strip((UnparkText){line.text, (gsize)equals});
  value = unpark_text_strip(unpark_text_from(line, (gsize)equals + 1));
  if (!unpark_text_take_number(&value, FALSE, &number))
    return FALSE;
  if (unpark_text_equal(key, UNPARK_TEXT("cycles/second")))
    head->cycles_per_second = number;
  else if (unpark_text_equal(key, UNPARK_TEXT("sampling period")))
    head->period = number;
  else if (unpark_text_equal(key, UNPARK_TEXT("ms since reset")))
    head->duration_ns = number > G_MAXINT64 / 1000000 ? UNPARK_NONE : number * 1000000;
  return TRUE;
}

guint unpark_debug1_types(const UnparkDebug1Head *head, const char *name,
                          const char *types[UNPARK_DEBUG1_VALUES_MAX],
                          const char *units[UNPARK_DEBUG1_VALUES_MAX]) {
  static const char *const heap[] = {"alloc_objects", "alloc_space", "inuse_objects",
                                     "inuse_space"};

  switch (head->form) {
  case UNPARK_DEBUG1_HEAP:
    for (guint i = 0; i < 4; i++) {
      types[i] = heap[i];
      units[i] = i % 2 ? "bytes" : "count";
    }
    if (head->has_alloc)
      return 4;
    types[0] = "objects";
    types[1] = "space";
    return 2;
  case UNPARK_DEBUG1_CYCLES:
    types[0] = "contentions";
    units[0] = "count";
    types[1] = "delay";
    units[1] = "nanoseconds";
    return 2;
  case UNPARK_DEBUG1_COUNT:
  default:
    types[0] = name;
    units[0] = "count";
    return 1;
  }
}

static gint64 from_double(double d) {
  if (!(d < 9.2e18))
    return G_MAXINT64;
  return d > -9.2e18 ? (gint64)d : G_MININT64 + 1;
}

void unpark_debug1_scale_heap(gint64 period, gint64 *count, gint64 *size) {
  double scale;

  if (*count == 0 || *size == 0) {
    *count = *size = 0;
    return;
  }
  if (period <= 1)
    return;
  scale = 1 / (1 - exp(-((double)*size / (double)*count) / (double)period));
  *count = from_double((double)*count * scale);
  *size = from_double((double)*size * scale);
}

static gboolean heap_values(const UnparkDebug1Head *head, UnparkText *line, gint64 *values,
                            gint64 *block_size) {
  gint64 v[4]; /* in use, then allocated */
  guint n = 0;

  if (!take_heap(line, v))
    return FALSE;
  *block_size = 0;
  for (int pair = head->has_alloc ? 2 : 0; pair >= 0; pair -= 2) {
    if (v[pair] != 0 && !(v[pair] == -1 && v[pair + 1] == G_MININT64)) {
      *block_size = v[pair + 1] / v[pair];
      if (head->scale)
        unpark_debug1_scale_heap(head->period, &v[pair], &v[pair + 1]);
    }
    values[n++] = v[pair];
    values[n++] = v[pair + 1];
  }
  return TRUE;
}

static gboolean cycle_values(const UnparkDebug1Head *head, UnparkText *line, gint64 *values) {
  gint64 cycles, count;

  if (!unpark_text_take_number(line, TRUE, &cycles))
    return FALSE;
  unpark_text_take_blanks(line);
  if (!unpark_text_take_number(line, TRUE, &count))
    return FALSE;
  unpark_text_take_blanks(line);
  if (!unpark_text_take(line, UNPARK_TEXT("@")))
    return FALSE;
  if (head->period > 0) {
    if (head->cycles_per_second > 0)
      cycles = from_double((double)cycles * (double)head->period /
                           ((double)head->cycles_per_second / 1e9));
    if (__builtin_mul_overflow(count, head->period, &count))
      count = G_MAXINT64;
  }
  values[0] = count;
  values[1] = cycles;
  return TRUE;
}

gboolean unpark_debug1_values(const UnparkDebug1Head *head, UnparkText *line,
                              gint64 values[UNPARK_DEBUG1_VALUES_MAX], gint64 *block_size) {
  *block_size = UNPARK_NONE;
  *line = unpark_text_strip(*line);
  switch (head->form) {
  case UNPARK_DEBUG1_HEAP:
    return heap_values(head, line, values, block_size);
  case UNPARK_DEBUG1_CYCLES:
    return cycle_values(head, line, values);
  case UNPARK_DEBUG1_COUNT:
  default:
    if (!unpark_text_take_number(line, FALSE, &values[0]))
      return FALSE;
    unpark_text_take_blanks(line);
    return unpark_text_take(line, UNPARK_TEXT("@"));
  }
}
