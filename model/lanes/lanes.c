/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark_store_lanes(): what to draw, from spans where they can be seen and from
 * zoomed-out rows where they cannot. */
#include <stdlib.h>
#include <string.h>

#include "model/lanes/items.h"
#include "model/store/decode.h"

/* Groups are summed from spans if so few blocks touch the time that it is quick. */
#define RAW_BLOCKS 384

typedef struct {
  UnparkLaneKey key;
  gint64 from, to; /* when the lane is there */
  gint64 told;     /* zoomed-out rows have told it up to here */
  UnparkItemBuilder builder;
} Lane;

typedef struct {
  UnparkStore *store;
  gint64 from, to, resolution;
  GCancellable *cancellable;
  GError **error;
} Request;

static UnparkDecoded *get(const Request *r, UnparkFact fact, const UnparkBlockInfo *info,
                          guint32 columns) {
  if (g_cancellable_set_error_if_cancelled(r->cancellable, r->error))
    return NULL;
  return unpark_store_decode(r->store, fact, info, columns, r->error);
}

/* ---- which segment a block is of ------------------------------------------------------ */

/* A segment's blocks are written span, exec, lod: the first span block behind a lod block
 * begins the next. Ids of the first blocks of all segments. */
static GArray *segment_starts(UnparkStore *store) {
  const UnparkBlockList *spans = unpark_store_blocks(store, UNPARK_FACT_SPAN);
  const UnparkBlockList *lods = unpark_store_blocks(store, UNPARK_FACT_LOD);
  GArray *starts = g_array_new(FALSE, FALSE, sizeof(gint64));
  guint lod = 0;
  for (guint i = 0; i < spans->n; i++) {
    gboolean after_lod = FALSE;
    while (lod < lods->n && lods->blocks[lod].id < spans->blocks[i].id) {
      lod++;
      after_lod = TRUE;
    }
    if (i == 0 || after_lod)
      g_array_append_val(starts, spans->blocks[i].id);
  }
  return starts;
}

static guint segment_of(const GArray *starts, gint64 block) {
  guint low = 0, high = starts->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(starts, gint64, middle) <= block)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* ---- zoomed-out rows --------------------------------------------------------------------- */

typedef struct {
  gint64 start, width, ns[UNPARK_N_STATES], longest, goroutine;
  guint32 count;
  guint16 kind;
  guint segment;
} LodRow;

/* The rows of `key` that touch the time. NULL on failure. */
static GArray *lod_rows(const Request *r, gint64 key, const GArray *starts) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_LOD);
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(LodRow));
  for (guint b = 0; b < list->n; b++) {
    const UnparkBlockInfo *info = &list->blocks[b];
    if (!unpark_block_touches(info, key, key, r->from, r->to))
      continue;
    g_autoptr(UnparkDecoded) d = get(r, UNPARK_FACT_LOD, info, UNPARK_ALL_COLUMNS);
    if (!d) {
      g_array_unref(rows);
      return NULL;
    }
    /* Keys of one block need not ascend: groups, lanes and processors follow each other. */
    for (guint i = 0; i < d->n; i++) {
      gint64 *const *c = d->columns;
      if (c[LOD_KEY][i] != key || c[LOD_START][i] > r->to ||
          c[LOD_START][i] + c[LOD_WIDTH][i] < r->from)
        continue;
      LodRow row = {.start = c[LOD_START][i],
                    .width = c[LOD_WIDTH][i],
                    .longest = c[LOD_LONGEST][i],
                    .goroutine = c[LOD_GOROUTINE][i],
                    .count = (guint32)c[LOD_COUNT][i],
                    .kind = (guint16)c[LOD_KIND][i],
                    .segment = starts ? segment_of(starts, info->id) : 0};
      for (guint s = 0; s < UNPARK_N_STATES; s++)
        row.ns[s] = c[LOD_RUNNING + s][i];
      g_array_append_val(rows, row);
    }
  }
  return rows;
}

static gboolean fine_enough(const Request *r, const GArray *rows) {
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index(rows, LodRow, i).width > 2 * r->resolution)
      return FALSE;
  return rows->len > 0;
}

/* ---- goroutine lanes ------------------------------------------------------------------------- */

/* Feeds the zoomed-out rows of one lane and segment; `at` moves behind them. */
static void feed_lod(const Request *r, Lane *lane, const GArray *rows, guint *at) {
  guint segment = g_array_index(rows, LodRow, *at).segment;
  for (; *at < rows->len; ++*at) {
    const LodRow *row = &g_array_index(rows, LodRow, *at);
    if (row->segment != segment)
      return;
    gint64 start = MAX(row->start, r->from), end = MIN(row->start + row->width, r->to);
    if (end < start)
      continue;
    double share = (double)(end - start) / (double)MAX(row->width, 1);
    gint64 ns[UNPARK_N_STATES];
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      ns[s] = (gint64)((double)row->ns[s] * share);
    unpark_item_builder_mix(&lane->builder, start, end, ns, row->count, row->kind, row->goroutine,
                            row->longest);
    lane->told = end;
  }
}

static void feed_spans(const Request *r, Lane *lane, const UnparkDecoded *d) {
  guint first, last;
  gint64 *const *c = d->columns;
  unpark_rows_between(c[SPAN_LANE], d->n, lane->key.id, lane->key.id, &first, &last);
  for (guint i = first; i < last; i++) {
    gint64 start = c[SPAN_START][i], length = c[SPAN_DURATION][i], end = start + length;
    if (start > r->to || end < r->from || (end <= lane->told && length > 0))
      continue;
    unpark_item_builder_span(&lane->builder, MAX(start, MAX(r->from, lane->told)), MIN(end, r->to),
                             unpark_span_state(r->store, d, i), (guint16)c[SPAN_KIND][i],
                             lane->key.id, start, length);
  }
}

/* Zoomed-out rows tell a segment's own time. The span that was open when it began lies before it
 * as well: where no zoomed-out rows have told that part, it is fed from the first of the segment's
 * spans, which are in `d`. */
static void feed_before(const Request *r, Lane *lane, const UnparkDecoded *d, gint64 rows_ns) {
  guint first, last;
  gint64 *const *c = d->columns;
  unpark_rows_between(c[SPAN_LANE], d->n, lane->key.id, lane->key.id, &first, &last);
  if (first == last)
    return;
  gint64 start = MAX(c[SPAN_START][first], MAX(r->from, lane->told));
  gint64 end = MIN(MIN(c[SPAN_START][first] + c[SPAN_DURATION][first], rows_ns), r->to);
  if (start < end)
    unpark_item_builder_span(&lane->builder, start, end, unpark_span_state(r->store, d, first),
                             (guint16)c[SPAN_KIND][first], lane->key.id, c[SPAN_START][first],
                             c[SPAN_DURATION][first]);
}

static int by_id(const void *a, const void *b) {
  const Lane *x = *(Lane *const *)a, *y = *(Lane *const *)b;
  return x->key.id < y->key.id ? -1 : x->key.id > y->key.id;
}

/* Lanes with so many spans that zoomed-out rows may be there and pay. */
static gboolean is_heavy(const Request *r, const Lane *lane) {
  const UnparkGoroutine *g = unpark_store_goroutine(r->store, lane->key.id);
  return g && g->span_count >= 4096;
}

#define SPAN_COLUMNS (1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND)

/* A block of the lane's spans, or the zoomed-out rows of its segment if there are any. */
static gboolean read_heavy_block(const Request *r, Lane *lane, const UnparkBlockInfo *info,
                                 guint segment, const GArray *rows, guint *at) {
  gboolean has_rows = *at < rows->len && g_array_index(rows, LodRow, *at).segment == segment;
  if (!has_rows && *at > 0 && g_array_index(rows, LodRow, *at - 1).segment == segment)
    return TRUE; /* the rows told it all */
  gint64 rows_ns = has_rows ? g_array_index(rows, LodRow, *at).start : G_MAXINT64;
  if (!has_rows || rows_ns > MAX(lane->told, r->from)) {
    g_autoptr(UnparkDecoded) d = get(r, UNPARK_FACT_SPAN, info, SPAN_COLUMNS);
    if (!d)
      return FALSE;
    if (has_rows)
      feed_before(r, lane, d, rows_ns);
    else
      feed_spans(r, lane, d);
  }
  if (has_rows)
    feed_lod(r, lane, rows, at);
  return TRUE;
}

static gboolean read_heavy(const Request *r, Lane *lane, const GArray *starts) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_SPAN);
  g_autoptr(GArray) rows = lod_rows(r, UNPARK_LOD_KEY(UNPARK_LANE_GOROUTINE, lane->key.id), starts);
  guint at = 0;
  if (!rows)
    return FALSE;
  if (!fine_enough(r, rows))
    g_array_set_size(rows, 0);
  for (guint b = 0; b < list->n; b++) {
    const UnparkBlockInfo *info = &list->blocks[b];
    if (!unpark_block_touches(info, lane->key.id, lane->key.id, r->from, r->to))
      continue;
    guint segment = segment_of(starts, info->id);
    while (at < rows->len && g_array_index(rows, LodRow, at).segment < segment)
      feed_lod(r, lane, rows, &at);
    if (!read_heavy_block(r, lane, info, segment, rows, &at))
      return FALSE;
  }
  while (at < rows->len)
    feed_lod(r, lane, rows, &at);
  return TRUE;
}

static gboolean read_light(const Request *r, Lane **lanes, guint n) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_SPAN);
  for (guint b = 0; n > 0 && b < list->n; b++) {
    const UnparkBlockInfo *info = &list->blocks[b];
    g_autoptr(UnparkDecoded) d = NULL;
    if (!unpark_block_touches(info, lanes[0]->key.id, lanes[n - 1]->key.id, r->from, r->to))
      continue;
    for (guint i = 0; i < n; i++) {
      gint64 id = lanes[i]->key.id;
      if (!unpark_block_touches(info, id, id, lanes[i]->from, lanes[i]->to))
        continue;
      if (!d && !(d = get(r, UNPARK_FACT_SPAN, info, SPAN_COLUMNS)))
        return FALSE;
      feed_spans(r, lanes[i], d);
    }
  }
  return TRUE;
}

static gboolean read_goroutines(const Request *r, Lane *lanes, guint n) {
  g_autofree Lane **light = g_new(Lane *, n + 1);
  g_autoptr(GArray) starts = NULL;
  guint n_light = 0;
  if (!unpark_store_goroutines(r->store, NULL, r->error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (lanes[i].key.type != UNPARK_LANE_GOROUTINE)
      continue;
    const UnparkGoroutine *g = unpark_store_goroutine(r->store, lanes[i].key.id);
    lanes[i].from = g ? MAX(r->from, g->create_ns) : r->from;
    lanes[i].to = g && g->end_ns != UNPARK_NONE ? MIN(r->to, g->end_ns) : r->to;
    if (lanes[i].from > lanes[i].to)
      continue;
    if (!is_heavy(r, &lanes[i])) {
      light[n_light++] = &lanes[i];
      continue;
    }
    if (!starts)
      starts = segment_starts(r->store);
    if (!read_heavy(r, &lanes[i], starts))
      return FALSE;
  }
  if (n_light > 1)
    qsort(light, n_light, sizeof *light, by_id);
  return read_light(r, light, n_light);
}

/* ---- processors and threads ---------------------------------------------------------------- */

static void feed_exec(const Request *r, Lane *lane, const UnparkDecoded *d, guint first, guint last,
                      gboolean by_thread) {
  gint64 *const *c = d->columns;
  for (guint i = first; i < last; i++) {
    gint64 start = c[EXEC_START][i], length = c[EXEC_DURATION][i], end = start + length;
    if (start > r->to || end < r->from || (by_thread && c[EXEC_THREAD][i] != lane->key.id))
      continue;
    unpark_item_builder_span(&lane->builder, MAX(start, r->from), MIN(end, r->to),
                             c[EXEC_PROC][i] < 0 ? UNPARK_STATE_SYSCALL : UNPARK_STATE_RUNNING, 0,
                             c[EXEC_GOROUTINE][i], start, length);
  }
}

static gboolean read_proc(const Request *r, Lane *lane) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_EXEC);
  gint64 proc = lane->key.id;
  guint touched = 0;
  for (guint b = 0; b < list->n; b++)
    touched += unpark_block_touches(&list->blocks[b], proc, proc, r->from, r->to);
  if (touched > 16) {
    g_autoptr(GArray) rows = lod_rows(r, UNPARK_LOD_KEY(UNPARK_LANE_PROC, proc), NULL);
    guint at = 0;
    if (!rows)
      return FALSE;
    if (fine_enough(r, rows)) {
      feed_lod(r, lane, rows, &at);
      return TRUE;
    }
  }
  for (guint b = 0; b < list->n; b++) {
    guint first, last;
    if (!unpark_block_touches(&list->blocks[b], proc, proc, r->from, r->to))
      continue;
    g_autoptr(UnparkDecoded) d = get(r, UNPARK_FACT_EXEC, &list->blocks[b], UNPARK_ALL_COLUMNS);
    if (!d)
      return FALSE;
    unpark_rows_between(d->columns[EXEC_PROC], d->n, proc, proc, &first, &last);
    feed_exec(r, lane, d, first, last, FALSE);
  }
  return TRUE;
}

typedef struct {
  gint64 start, length, goroutine, proc, thread;
} Exec;

static int by_start(const void *a, const void *b) {
  const Exec *x = a, *y = b;
  return x->start < y->start ? -1 : x->start > y->start;
}

/* A thread runs on one processor after another, each in its own run of rows: they are put in the
 * order of time block by block of a segment. */
static gboolean read_threads(const Request *r, Lane *lanes, guint n) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_EXEC);
  g_autoptr(GHashTable) wanted = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GArray) execs = g_array_new(FALSE, FALSE, sizeof(Exec));
  for (guint i = 0; i < n; i++)
    if (lanes[i].key.type == UNPARK_LANE_THREAD)
      g_hash_table_insert(wanted, &lanes[i].key.id, &lanes[i]);
  if (g_hash_table_size(wanted) == 0)
    return TRUE;
  for (guint b = 0; b < list->n; b++) {
    if (!unpark_block_touches(&list->blocks[b], G_MININT64, G_MAXINT64, r->from, r->to))
      continue;
    g_autoptr(UnparkDecoded) d = get(r, UNPARK_FACT_EXEC, &list->blocks[b], UNPARK_ALL_COLUMNS);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 *const *c = d->columns;
      Exec exec = {c[EXEC_START][i], c[EXEC_DURATION][i], c[EXEC_GOROUTINE][i], c[EXEC_PROC][i],
                   c[EXEC_THREAD][i]};
      if (exec.start <= r->to && exec.start + exec.length >= r->from &&
          g_hash_table_contains(wanted, &exec.thread))
        g_array_append_val(execs, exec);
    }
  }
  if (execs->len > 0)
    qsort(execs->data, execs->len, sizeof(Exec), by_start);
  for (guint i = 0; i < execs->len; i++) {
    const Exec *e = &g_array_index(execs, Exec, i);
    Lane *lane = g_hash_table_lookup(wanted, &e->thread);
    unpark_item_builder_span(&lane->builder, MAX(e->start, r->from),
                             MIN(e->start + e->length, r->to),
                             e->proc < 0 ? UNPARK_STATE_SYSCALL : UNPARK_STATE_RUNNING, 0,
                             e->goroutine, e->start, e->length);
  }
  return TRUE;
}

/* ---- groups ----------------------------------------------------------------------------- */

typedef struct {
  UnparkBuckets buckets;
  guint lane; /* index of the result */
} Group;

static guint blocks_touched(const Request *r) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_SPAN);
  guint n = 0;
  for (guint b = 0; b < list->n; b++)
    n += unpark_block_touches(&list->blocks[b], G_MININT64, G_MAXINT64, r->from, r->to);
  return n;
}

static void feed_group(const Request *r, UnparkBuckets *buckets, const UnparkDecoded *d,
                       guint first, guint last) {
  gint64 *const *c = d->columns;
  for (guint i = first; i < last; i++)
    unpark_buckets_span(buckets, c[SPAN_START][i], c[SPAN_START][i] + c[SPAN_DURATION][i],
                        unpark_span_state(r->store, d, i), (guint16)c[SPAN_KIND][i],
                        c[SPAN_LANE][i]);
}

/* From the spans themselves. `groups`: name id -> Group; `all`: may be NULL. */
static gboolean read_groups_raw(const Request *r, GHashTable *groups, Group *all) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, UNPARK_FACT_SPAN);
  for (guint b = 0; b < list->n; b++) {
    if (!unpark_block_touches(&list->blocks[b], G_MININT64, G_MAXINT64, r->from, r->to))
      continue;
    g_autoptr(UnparkDecoded) d = get(r, UNPARK_FACT_SPAN, &list->blocks[b], SPAN_COLUMNS);
    if (!d)
      return FALSE;
    for (guint i = 0, end; i < d->n; i = end) {
      const UnparkGoroutine *g = unpark_store_goroutine(r->store, d->columns[SPAN_LANE][i]);
      for (end = i + 1; end < d->n && d->columns[SPAN_LANE][end] == d->columns[SPAN_LANE][i];)
        end++;
      Group *group = g_hash_table_lookup(groups, GUINT_TO_POINTER(g ? g->name_id : 0));
      if (group)
        feed_group(r, &group->buckets, d, i, end);
      if (all)
        feed_group(r, &all->buckets, d, i, end);
    }
  }
  return TRUE;
}

static gboolean read_group_lod(const Request *r, const UnparkLaneKey *key, UnparkBuckets *buckets) {
  g_autoptr(GArray) rows = lod_rows(r, UNPARK_LOD_KEY(key->type, key->id), NULL);
  if (!rows)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const LodRow *row = &g_array_index(rows, LodRow, i);
    unpark_buckets_mix(buckets, row->start, row->start + row->width, row->ns, row->count, row->kind,
                       row->goroutine, row->longest);
  }
  return TRUE;
}

static gboolean read_groups(const Request *r, const UnparkLaneKey *keys, guint n,
                            UnparkLaneItems *out) {
  g_autoptr(GHashTable) by_name = g_hash_table_new(NULL, NULL);
  g_autofree Group *groups = g_new0(Group, n);
  Group *all = NULL;
  guint count = 0;
  gboolean ok = TRUE;
  for (guint i = 0; i < n; i++) {
    if (keys[i].type != UNPARK_LANE_GROUP && keys[i].type != UNPARK_LANE_ALL)
      continue;
    Group *group = &groups[count++];
    group->lane = i;
    unpark_buckets_init(&group->buckets, r->from, r->to, r->resolution);
    if (keys[i].type == UNPARK_LANE_ALL)
      all = group;
    else
      g_hash_table_insert(by_name, GUINT_TO_POINTER((guint32)keys[i].id), group);
  }
  if (count > 0 && blocks_touched(r) <= RAW_BLOCKS)
    ok = unpark_store_goroutines(r->store, NULL, r->error) && read_groups_raw(r, by_name, all);
  else
    for (guint i = 0; ok && i < count; i++)
      ok = read_group_lod(r, &keys[groups[i].lane], &groups[i].buckets);
  for (guint i = 0; i < count; i++) {
    UnparkLaneItems *items = &out[groups[i].lane];
    items->items = unpark_buckets_finish(&groups[i].buckets, &items->n_items);
  }
  return ok;
}

/* ---- all of it -------------------------------------------------------------------------- */

void unpark_lane_items_free(UnparkLaneItems *lanes, guint n) {
  for (guint i = 0; lanes && i < n; i++)
    g_free(lanes[i].items);
  g_free(lanes);
}

UnparkLaneItems *unpark_store_lanes(UnparkStore *store, const UnparkLaneKey *keys, guint n_keys,
                                    gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                    GCancellable *cancellable, GError **error) {
  Request r = {store, from_ns, MAX(to_ns, from_ns), MAX(resolution_ns, 1), cancellable, error};
  g_autofree Lane *lanes = g_new0(Lane, n_keys);
  UnparkLaneItems *out = g_new0(UnparkLaneItems, n_keys);
  for (guint i = 0; i < n_keys; i++) {
    lanes[i].key = out[i].key = keys[i];
    unpark_item_builder_init(&lanes[i].builder, r.resolution);
  }
  gboolean ok = read_goroutines(&r, lanes, n_keys) && read_threads(&r, lanes, n_keys);
  for (guint i = 0; ok && i < n_keys; i++)
    if (keys[i].type == UNPARK_LANE_PROC)
      ok = read_proc(&r, &lanes[i]);
  ok = ok && read_groups(&r, keys, n_keys, out);
  for (guint i = 0; i < n_keys; i++) {
    guint n;
    UnparkItem *items = unpark_item_builder_finish(&lanes[i].builder, &n);
    if (keys[i].type == UNPARK_LANE_GROUP || keys[i].type == UNPARK_LANE_ALL) {
      g_free(items);
      continue;
    }
    out[i].items = items;
    out[i].n_items = n;
  }
  if (ok)
    return out;
  unpark_lane_items_free(out, n_keys);
  return NULL;
}
