/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/camera.h"

#include <math.h>
#include <string.h>

#define MIN_LENGTH 0.001

UnparkFlameRange unpark_flame_range_of(const UnparkFlame *flame, guint32 node) {
  double from = (double)flame->nodes[node].start;
  return (UnparkFlameRange){from, from + (double)flame->nodes[node].weight};
}

gboolean unpark_flame_range_equal(const UnparkFlameRange *a, const UnparkFlameRange *b) {
  double close = (fabs(a->to - a->from) + fabs(b->to - b->from)) * 1e-6;
  return fabs(a->from - b->from) <= close && fabs(a->to - b->to) <= close;
}

/* Where the zoom grows evenly, a place moves with the length: a share of the way that is linear in
 * the length, not in time. */
UnparkFlameRange unpark_flame_range_between(const UnparkFlameRange *a, const UnparkFlameRange *b,
                                            double t) {
  double from = a->to - a->from, to = b->to - b->from, length, way = t;
  if (t >= 1)
    return *b;
  if (t <= 0 || from <= 0 || to <= 0)
    return *a;
  length = from * pow(to / from, t);
  if (fabs(to - from) > 1e-9 * from)
    way = (length - from) / (to - from);
  double start = a->from + (b->from - a->from) * way;
  return (UnparkFlameRange){start, start + length};
}

double unpark_flame_ease(double t) {
  double rest = 1 - CLAMP(t, 0, 1);
  return 1 - rest * rest * rest;
}

static UnparkFlameRange inside(double from, double length, double whole) {
  length = CLAMP(length, MIN(MIN_LENGTH, whole), whole);
  from = CLAMP(from, 0, whole - length);
  return (UnparkFlameRange){from, from + length};
}

UnparkFlameRange unpark_flame_range_zoom(const UnparkFlameRange *range, double share, double factor,
                                         double whole) {
  double length = range->to - range->from, at = range->from + length * share;
  double next = CLAMP(length / factor, MIN(MIN_LENGTH, whole), whole);
  return inside(at - next * share, next, whole);
}

UnparkFlameRange unpark_flame_range_pan(const UnparkFlameRange *range, double share, double whole) {
  double length = range->to - range->from;
  return inside(range->from + length * share, length, whole);
}

guint32 unpark_flame_cover(const UnparkFlame *flame, const UnparkFlameRange *range) {
  double middle = (range->from + range->to) / 2;
  double close = (range->to - range->from) * 1e-6;
  guint32 node = 0;
  for (;;) {
    guint32 end = flame->nodes[node].end;
    guint32 after = unpark_flame_find_start(flame, node + 1, end, (gint64)floor(middle) + 1);
    if (after <= node + 1)
      return node;
    guint32 child = unpark_flame_child_towards(flame, node, after - 1);
    UnparkFlameRange its = unpark_flame_range_of(flame, child);
    if (its.from > range->from + close || its.to < range->to - close)
      return node;
    node = child;
  }
}

guint32 unpark_flame_same_place(const UnparkFlame *of, guint32 node, const UnparkFlame *in) {
  guint32 at = 0;
  g_autofree guint32 *path = g_new(guint32, (gsize)of->nodes[node].depth + 1);
  guint n = of->nodes[node].depth;
  for (guint i = n; i > 0; i--, node = of->nodes[node].parent)
    path[i - 1] = node;
  for (guint i = 0; i < n; i++) {
    const char *text = unpark_flame_name(of, path[i])->text;
    guint32 child = at + 1, end = in->nodes[at].end;
    while (child < end && strcmp(unpark_flame_name(in, child)->text, text) != 0)
      child = in->nodes[child].end;
    if (child >= end)
      return 0;
    at = child;
  }
  return at;
}

/* ---- Walking ----------------------------------------------------------------------------- */

const UnparkFlameItem *unpark_flame_layout_item(const UnparkFlame *flame,
                                                const UnparkFlameLayout *layout, guint32 node) {
  guint row = node < flame->n_nodes ? flame->nodes[node].depth : G_MAXUINT;
  if (row >= layout->n_rows)
    return NULL;
  guint low = layout->rows[row], high = layout->rows[row + 1];
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (layout->items[middle].node <= node)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == layout->rows[row])
    return NULL;
  const UnparkFlameItem *item = &layout->items[low - 1];
  return item->node == node || node < item->node + item->n_folded ? item : NULL;
}

static guint32 widest_child(const UnparkFlame *flame, const UnparkFlameLayout *layout,
                            guint32 node) {
  guint row = flame->nodes[node].depth + 1;
  guint32 best = node;
  float width = -1;
  if (row >= layout->n_rows)
    return node;
  for (guint i = layout->rows[row]; i < layout->rows[row + 1]; i++) {
    const UnparkFlameItem *item = &layout->items[i];
    if (item->n_folded == 0 && item->width > width && flame->nodes[item->node].parent == node) {
      best = item->node;
      width = item->width;
    }
  }
  return best;
}

/* From item `from` of a row in a direction, the first that is no heap of folded ones. */
static guint32 along(const UnparkFlameLayout *layout, guint row, gint64 from, int direction,
                     guint32 otherwise) {
  for (gint64 i = from; i >= (gint64)layout->rows[row] && i < (gint64)layout->rows[row + 1];
       i += direction)
    if (layout->items[i].n_folded == 0)
      return layout->items[i].node;
  return otherwise;
}

guint32 unpark_flame_walk(const UnparkFlame *flame, const UnparkFlameLayout *layout, guint32 node,
                          UnparkFlameStep step) {
  const UnparkFlameItem *item = unpark_flame_layout_item(flame, layout, node);
  guint row = flame->nodes[node].depth;
  if (step == UNPARK_FLAME_OUTWARDS)
    return flame->nodes[node].parent;
  if (!item) /* scrolled away: back to what is there */
    return layout->n_items > 0 ? layout->items[layout->rows[layout->n_rows - 1]].node : 0;
  switch (step) {
  case UNPARK_FLAME_INWARDS:
    return widest_child(flame, layout, node);
  case UNPARK_FLAME_LEFT:
    return along(layout, row, item - layout->items - 1, -1, node);
  case UNPARK_FLAME_RIGHT:
    return along(layout, row, item - layout->items + 1, 1, node);
  case UNPARK_FLAME_FIRST:
    return along(layout, row, layout->rows[row], 1, node);
  case UNPARK_FLAME_LAST:
    return along(layout, row, (gint64)layout->rows[row + 1] - 1, -1, node);
  case UNPARK_FLAME_OUTWARDS:
  default:
    return node;
  }
}

guint32 unpark_flame_next_match(const UnparkFlame *flame, const UnparkFlameMatches *matches,
                                guint32 node, gboolean backwards) {
  guint32 n = flame->n_nodes;
  for (guint32 i = 1; i <= n && matches->n_frames > 0; i++) {
    guint32 at = backwards ? (node + n - i) % n : (node + i) % n;
    if (at > 0 && matches->names[flame->nodes[at].name])
      return at;
  }
  return 0;
}
