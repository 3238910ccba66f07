/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lanes/items.h"

#include <string.h>

#include "model/base/times.h"

#define MAX_BUCKETS 16384

/* ---- spans of one lane ------------------------------------------------------------ */

void unpark_item_builder_init(UnparkItemBuilder *b, gint64 resolution_ns) {
  memset(b, 0, sizeof *b);
  b->resolution_ns = MAX(resolution_ns, 1);
  b->items = g_array_new(FALSE, FALSE, sizeof(UnparkItem));
}

static void flush(UnparkItemBuilder *b) {
  if (b->open.count == 0)
    return;
  double length = (double)MAX(b->open.end_ns - b->open.start_ns, 1);
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    b->open.mean[s] = (float)((double)b->open_ns[s] / length);
  g_array_append_val(b->items, b->open);
  memset(&b->open, 0, sizeof b->open);
  memset(b->open_ns, 0, sizeof b->open_ns);
}

static void add(UnparkItemBuilder *b, gint64 start, gint64 end, const gint64 *ns, guint32 count,
                guint16 kind, gint64 goroutine, gint64 longest_start_ns, gint64 longest_ns) {
  UnparkItem *open = &b->open;
  if (open->count > 0 &&
      (start - open->end_ns > b->resolution_ns || end - open->start_ns > 2 * b->resolution_ns))
    flush(b);
  if (open->count == 0)
    open->start_ns = start;
  open->end_ns = MAX(open->end_ns, end);
  open->count += count;
  if (open->kind == 0 || longest_ns > open->longest_ns) {
    open->kind = kind;
    open->goroutine = goroutine;
    open->longest_ns = longest_ns;
    open->longest_start_ns = longest_start_ns;
  }
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    unpark_time_sum(&b->open_ns[s], ns[s]);
}

void unpark_item_builder_span(UnparkItemBuilder *b, gint64 start, gint64 end, UnparkState state,
                              guint16 kind, gint64 goroutine, gint64 whole_start_ns,
                              gint64 length_ns) {
  gint64 ns[UNPARK_N_STATES] = {0};
  ns[state] = end - start;
  if (length_ns >= b->resolution_ns)
    flush(b);
  add(b, start, end, ns, 1, kind, goroutine, whole_start_ns, length_ns);
  if (length_ns >= b->resolution_ns)
    flush(b);
}

void unpark_item_builder_mix(UnparkItemBuilder *b, gint64 start, gint64 end, const gint64 *ns,
                             guint32 count, guint16 kind, gint64 goroutine, gint64 longest_ns) {
  add(b, start, end, ns, MAX(count, 1), kind, goroutine, UNPARK_NONE, longest_ns);
}

UnparkItem *unpark_item_builder_finish(UnparkItemBuilder *b, guint *n) {
  flush(b);
  *n = b->items->len;
  return (UnparkItem *)g_array_free(g_steal_pointer(&b->items), FALSE);
}

/* ---- buckets ------------------------------------------------------------------------ */

void unpark_buckets_init(UnparkBuckets *b, gint64 from, gint64 to, gint64 width) {
  gint64 length = MAX(to - from, 1);
  memset(b, 0, sizeof *b);
  b->from = from;
  b->to = to;
  b->width = MAX(MAX(width, 1), length / MAX_BUCKETS);
  b->n = (guint)((length + b->width - 1) / b->width);
  b->ns = g_new0(double, (gsize)b->n *UNPARK_N_STATES);
  b->items = g_new0(UnparkItem, b->n);
}

static void touch(UnparkItem *item, guint32 count, guint16 kind, gint64 goroutine,
                  gint64 longest_ns) {
  item->count += count;
  if (item->kind == 0 || longest_ns > item->longest_ns) {
    item->kind = kind;
    item->goroutine = goroutine;
    item->longest_ns = longest_ns;
  }
}

/* The part of [start, end] that lies in bucket i. */
static gint64 overlap(const UnparkBuckets *b, guint i, gint64 start, gint64 end) {
  gint64 low = b->from + (gint64)i * b->width;
  return MIN(end, low + b->width) - MAX(start, low);
}

static gboolean clip(const UnparkBuckets *b, gint64 *start, gint64 *end, guint *first,
                     guint *last) {
  *start = MAX(*start, b->from);
  *end = MIN(*end, b->to);
  if (*end < *start)
    return FALSE;
  *first = (guint)MIN((*start - b->from) / b->width, b->n - 1);
  *last = (guint)MIN((*end - b->from) / b->width, b->n - 1);
  return TRUE;
}

void unpark_buckets_span(UnparkBuckets *b, gint64 start, gint64 end, UnparkState state,
                         guint16 kind, gint64 goroutine) {
  gint64 length = end - start;
  guint first, last;
  if (!clip(b, &start, &end, &first, &last))
    return;
  for (guint i = first; i <= last; i++) {
    gint64 part = overlap(b, i, start, end);
    if (part < 0 || (part == 0 && i > first))
      continue;
    b->ns[(gsize)i * UNPARK_N_STATES + state] += (double)part;
    touch(&b->items[i], 1, kind, goroutine, length);
  }
}

void unpark_buckets_mix(UnparkBuckets *b, gint64 start, gint64 end, const gint64 *ns, guint32 count,
                        guint16 kind, gint64 goroutine, gint64 longest_ns) {
  double length = (double)MAX(end - start, 1);
  guint first, last;
  if (!clip(b, &start, &end, &first, &last))
    return;
  for (guint i = first; i <= last; i++) {
    double share = (double)overlap(b, i, start, end) / length;
    if (share <= 0)
      continue;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      b->ns[(gsize)i * UNPARK_N_STATES + s] += (double)ns[s] * share;
    touch(&b->items[i], i == first ? MAX(count, 1) : 1, kind, goroutine, longest_ns);
  }
}

UnparkItem *unpark_buckets_finish(UnparkBuckets *b, guint *n) {
  guint kept = 0;
  for (guint i = 0; i < b->n; i++) {
    UnparkItem item = b->items[i];
    if (item.count == 0)
      continue;
    item.start_ns = b->from + (gint64)i * b->width;
    item.end_ns = MIN(item.start_ns + b->width, b->to);
    item.longest_start_ns = UNPARK_NONE;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      item.mean[s] = (float)(b->ns[(gsize)i * UNPARK_N_STATES + s] /
                             (double)MAX(item.end_ns - item.start_ns, 1));
    b->items[kept++] = item;
  }
  g_free(b->ns);
  *n = kept;
  return b->items;
}
