/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/wait-lane.h"

void unpark_walker_init(UnparkWalker *walker, UnparkStore *store, GCancellable *cancellable) {
  const UnparkBlockList *list = unpark_store_blocks(store, UNPARK_FACT_SPAN);
  *walker = (UnparkWalker){.store = store, .cancellable = cancellable, .list = list};
  walker->time_max = g_new(gint64, list->n + 1);
  for (guint b = 0; b < list->n; b++)
    walker->time_max[b] =
        b == 0 ? list->blocks[0].time_max : MAX(walker->time_max[b - 1], list->blocks[b].time_max);
}

void unpark_walker_clear(UnparkWalker *walker) {
  g_clear_pointer(&walker->decoded, unpark_decoded_unref);
  g_clear_pointer(&walker->time_max, g_free);
}

static gboolean load(UnparkWalker *walker, guint block, GError **error) {
  if (walker->decoded && walker->block == block)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled(walker->cancellable, error))
    return FALSE;
  g_clear_pointer(&walker->decoded, unpark_decoded_unref);
  walker->block = block;
  walker->decoded = unpark_store_decode(walker->store, UNPARK_FACT_SPAN,
                                        &walker->list->blocks[block], UNPARK_ALL_COLUMNS, error);
  return walker->decoded != NULL;
}

static void take(UnparkWalker *walker, guint row, UnparkSpot *spot) {
  spot->block = walker->block;
  spot->row = row;
  unpark_span_fill(walker->store, walker->decoded, row, &spot->span);
}

/* Number of rows of the loaded block, from `first` on, whose start is before `time_ns` (`or_at`:
 * or at it), of [first, last). */
static guint count_before(const UnparkWalker *walker, guint first, guint last, gint64 time_ns,
                          gboolean or_at) {
  const gint64 *starts = walker->decoded->columns[SPAN_START];
  guint low = first, high = last;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (starts[middle] < time_ns || (or_at && starts[middle] == time_ns))
      low = middle + 1;
    else
      high = middle;
  }
  return low - first;
}

/* The last row of the goroutine in the block that starts before the time, if any. */
static UnparkWalk find_in_block(UnparkWalker *walker, guint block, gint64 goroutine, gint64 time_ns,
                                gboolean or_at, UnparkSpot *spot, GError **error) {
  guint first, last;
  if (!load(walker, block, error))
    return UNPARK_WALK_FAILED;
  unpark_rows_between(walker->decoded->columns[SPAN_LANE], walker->decoded->n, goroutine, goroutine,
                      &first, &last);
  guint n = count_before(walker, first, last, time_ns, or_at);
  if (n == 0)
    return UNPARK_WALK_NONE;
  take(walker, first + n - 1, spot);
  return UNPARK_WALK_FOUND;
}

/* The first block that can hold a span that ends at `time_ns` or later. */
static guint first_block(const UnparkWalker *walker, gint64 time_ns) {
  guint low = 0, high = walker->list->n;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (walker->time_max[middle] < time_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Spans of a goroutine that follow each other: the one that reaches to the time (`beyond`: past it)
 * is in the first of the blocks that do. Blocks are in the order in which spans were closed. */
static UnparkWalk find_touching(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                                gboolean or_at, gboolean beyond, UnparkSpot *spot, GError **error) {
  const UnparkBlockList *list = walker->list;
  UnparkSpot found;
  for (guint b = first_block(walker, time_ns); b < list->n; b++) {
    if (!unpark_block_touches(&list->blocks[b], goroutine, goroutine, time_ns, time_ns))
      continue;
    UnparkWalk walk = find_in_block(walker, b, goroutine, time_ns, or_at, &found, error);
    if (walk == UNPARK_WALK_FAILED)
      return walk;
    if (walk == UNPARK_WALK_NONE || found.span.end_ns < time_ns + (beyond ? 1 : 0))
      continue;
    *spot = found;
    return walk;
  }
  return UNPARK_WALK_NONE;
}

/* Something else was between: the last one that there is. */
static UnparkWalk find_last(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                            UnparkSpot *spot, GError **error) {
  const UnparkGoroutine *g = unpark_store_goroutine(walker->store, goroutine);
  if (g && g->create_ns != UNPARK_NONE && g->create_ns >= time_ns)
    return UNPARK_WALK_NONE;
  for (guint b = walker->list->n; b-- > 0;) {
    const UnparkBlockInfo *info = &walker->list->blocks[b];
    if (!unpark_block_touches(info, goroutine, goroutine, G_MININT64, time_ns))
      continue;
    UnparkWalk walk = find_in_block(walker, b, goroutine, time_ns, FALSE, spot, error);
    if (walk != UNPARK_WALK_NONE)
      return walk;
  }
  return UNPARK_WALK_NONE;
}

UnparkWalk unpark_walker_before(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                                const UnparkSpot *near, UnparkSpot *spot, GError **error) {
  if (near && near->row > 0 && near->span.goroutine == goroutine) {
    guint row = near->row - 1;
    if (!load(walker, near->block, error))
      return UNPARK_WALK_FAILED;
    if (walker->decoded->columns[SPAN_LANE][row] == goroutine) {
      UnparkSpot found;
      take(walker, row, &found);
      if (found.span.start_ns < time_ns && found.span.end_ns == time_ns) {
        *spot = found;
        return UNPARK_WALK_FOUND;
      }
    }
  }
  UnparkWalk walk = find_touching(walker, goroutine, time_ns, FALSE, FALSE, spot, error);
  return walk == UNPARK_WALK_NONE ? find_last(walker, goroutine, time_ns, spot, error) : walk;
}

UnparkWalk unpark_walker_at(UnparkWalker *walker, gint64 goroutine, gint64 time_ns,
                            UnparkSpot *spot, GError **error) {
  UnparkWalk walk = find_touching(walker, goroutine, time_ns, TRUE, TRUE, spot, error);
  if (walk == UNPARK_WALK_NONE)
    walk = find_touching(walker, goroutine, time_ns, TRUE, FALSE, spot, error);
  return walk;
}

gboolean unpark_walker_each(UnparkWalker *walker, gint64 goroutine, UnparkSpanFunc each,
                            gpointer data, GError **error) {
  for (guint b = 0; b < walker->list->n; b++) {
    guint first, last;
    if (!unpark_block_touches(&walker->list->blocks[b], goroutine, goroutine, G_MININT64,
                              G_MAXINT64))
      continue;
    if (!load(walker, b, error))
      return FALSE;
    unpark_rows_between(walker->decoded->columns[SPAN_LANE], walker->decoded->n, goroutine,
                        goroutine, &first, &last);
    for (guint i = first; i < last; i++) {
      UnparkSpan span;
      unpark_span_fill(walker->store, walker->decoded, i, &span);
      each(&span, data);
    }
  }
  return TRUE;
}
