/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/frontier-sort.h"

#define MAX_INSERTION 12
#define NINTHER 50
#define MAX_SWAPS 12
#define MAX_STEPS 5

typedef enum { HINT_UNKNOWN, HINT_INCREASING, HINT_DECREASING } Hint;

static inline gboolean less(const GotraceNext *d, gint i, gint j) {
  return d[i].time < d[j].time;
}

static inline void swap(GotraceNext *d, gint i, gint j) {
  GotraceNext t = d[i];
  d[i] = d[j];
  d[j] = t;
}

static void insertion_sort(GotraceNext *d, gint a, gint b) {
  for (gint i = a + 1; i < b; i++)
    for (gint j = i; j > a && less(d, j, j - 1); j--)
      swap(d, j, j - 1);
}

static void heap_down(GotraceNext *d, gint root, gint n, gint first) {
  for (gint child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && less(d, first + child, first + child + 1))
      child++;
    if (!less(d, first + root, first + child))
      return;
    swap(d, first + root, first + child);
  }
}

static void heap_sort(GotraceNext *d, gint a, gint b) {
  for (gint i = (b - a - 1) / 2; i >= 0; i--)
    heap_down(d, i, b - a, a);
  for (gint i = b - a - 1; i >= 0; i--) {
    swap(d, a, a + i);
    heap_down(d, 0, i, a);
  }
}

static gint bit_length(guint64 v) {
  return v ? 64 - __builtin_clzll(v) : 0;
}

static void break_patterns(GotraceNext *d, gint a, gint b) {
  gint length = b - a;
  if (length < 8)
    return;
  guint64 random = (guint64)length, mask = ((guint64)1 << bit_length((guint64)length)) - 1;
  gint middle = a + length / 4 * 2;
  for (gint i = middle - 1; i <= middle + 1; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    gint other = (gint)(random & mask);
    if (other >= length)
      other -= length;
    swap(d, i, a + other);
  }
}

static gint median(const GotraceNext *d, gint a, gint b, gint c, gint *swaps) {
  gint t;
#define ORDER(x, y)                                                                                \
  if (less(d, y, x)) {                                                                             \
    (*swaps)++;                                                                                    \
    t = x;                                                                                         \
    x = y;                                                                                         \
    y = t;                                                                                         \
  }
  ORDER(a, b)
  ORDER(b, c)
  ORDER(a, b)
#undef ORDER
  return b;
}

static gint choose_pivot(const GotraceNext *d, gint a, gint b, Hint *hint) {
  gint l = b - a, swaps = 0, i = a + l / 4, j = a + l / 4 * 2, k = a + l / 4 * 3;
  if (l >= 8) {
    if (l >= NINTHER) {
      i = median(d, i - 1, i, i + 1, &swaps);
      j = median(d, j - 1, j, j + 1, &swaps);
      k = median(d, k - 1, k, k + 1, &swaps);
    }
    j = median(d, i, j, k, &swaps);
  }
  *hint = swaps == 0 ? HINT_INCREASING : swaps == MAX_SWAPS ? HINT_DECREASING : HINT_UNKNOWN;
  return j;
}

/* Shifts what is out of order at `i` to its place on both sides. */
static void shift_both(GotraceNext *d, gint a, gint b, gint i) {
  swap(d, i, i - 1);
  if (i - a >= 2)
    for (gint j = i - 1; j >= 1 && less(d, j, j - 1); j--)
      swap(d, j, j - 1);
  if (b - i >= 2)
    for (gint j = i + 1; j < b && less(d, j, j - 1); j++)
      swap(d, j, j - 1);
}

static gboolean partial_insertion_sort(GotraceNext *d, gint a, gint b) {
  gint i = a + 1;
  for (gint step = 0; step < MAX_STEPS; step++) {
    while (i < b && !less(d, i, i - 1))
      i++;
    if (i == b)
      return TRUE;
    if (b - a < NINTHER)
      return FALSE;
    shift_both(d, a, b, i);
  }
  return FALSE;
}

static gint partition_equal(GotraceNext *d, gint a, gint b, gint pivot) {
  gint i = a + 1, j = b - 1;
  swap(d, a, pivot);
  for (;;) {
    while (i <= j && !less(d, a, i))
      i++;
    while (i <= j && less(d, a, j))
      j--;
    if (i > j)
      return i;
    swap(d, i++, j--);
  }
}

static gint partition(GotraceNext *d, gint a, gint b, gint pivot, gboolean *already) {
  gint i = a + 1, j = b - 1;
  swap(d, a, pivot);
  *already = TRUE;
  for (;;) {
    while (i <= j && less(d, i, a))
      i++;
    while (i <= j && !less(d, j, a))
      j--;
    if (i > j)
      break;
    *already = FALSE;
    swap(d, i++, j--);
  }
  swap(d, j, a);
  return j;
}

static void sort(GotraceNext *d, gint a, gint b, gint limit) {
  gboolean balanced = TRUE, partitioned = TRUE;
  for (;;) {
    gint length = b - a;
    if (length <= MAX_INSERTION) {
      insertion_sort(d, a, b);
      return;
    }
    if (limit == 0) {
      heap_sort(d, a, b);
      return;
    }
    if (!balanced) {
      break_patterns(d, a, b);
      limit--;
    }
    Hint hint;
    gint pivot = choose_pivot(d, a, b, &hint);
    if (hint == HINT_DECREASING) {
      for (gint i = a, j = b - 1; i < j; i++, j--)
        swap(d, i, j);
      pivot = (b - 1) - (pivot - a);
      hint = HINT_INCREASING;
    }
    if (balanced && partitioned && hint == HINT_INCREASING && partial_insertion_sort(d, a, b))
      return;
    if (a > 0 && !less(d, a - 1, pivot)) {
      a = partition_equal(d, a, b, pivot);
      continue;
    }
    gint mid = partition(d, a, b, pivot, &partitioned);
    gint left = mid - a, right = b - mid;
    if (left < right) {
      balanced = left >= length / 8;
      sort(d, a, mid, limit);
      a = mid + 1;
    } else {
      balanced = right >= length / 8;
      sort(d, mid + 1, b, limit);
      b = mid;
    }
  }
}

void gotrace_sort_cursors(GotraceNext *cursors, guint n) {
  sort(cursors, 0, (gint)n, bit_length(n));
}
