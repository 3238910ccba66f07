/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lanes/tracks.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/store/decode.h"

/* Stacks of lanes with more spans in sight are not read: they could not be told apart. */
#define MAX_STACK_SPANS 3000

typedef struct {
  UnparkTrackKey key;
  GArray *regions, *marks, *frames, *ranges;
} Lane;

typedef struct {
  UnparkStore *store;
  gint64 from, to, resolution;
  GHashTable *goroutines, *tasks, *procs; /* id to Lane */
  gint64 least, most;                     /* ids of goroutines */
  GCancellable *cancellable;
  GError **error;
} Request;

/* ---- regions ------------------------------------------------------------------------------ */

/* What has no beginning or end in the trace takes those of the trace. */
static void add_span(const Request *r, GArray *spans, gint64 start, gint64 end, gint64 name,
                     gint64 row, guint8 level) {
  UnparkTrackSpan span = {
      .start_ns = start == UNPARK_NONE ? unpark_store_source(r->store)->start_ns : start,
      .end_ns = end == UNPARK_NONE ? unpark_store_source(r->store)->end_ns : end,
      .row = row,
      .name_id = (guint32)name,
      .name = unpark_store_string(r->store, (guint32)name),
      .count = 1,
      .level = level};
  if (span.start_ns <= r->to && span.end_ns >= r->from && level < UNPARK_TRACK_LEVELS)
    g_array_append_val(spans, span);
}

static void add_region(const Request *r, Lane *lane, const UnparkDecoded *d, guint i, gint64 row,
                       guint8 level) {
  gint64 *const *c = d->columns;
  add_span(r, lane->regions, c[REGION_START][i], c[REGION_END][i], c[REGION_NAME][i], row, level);
}

/* The rows of a table that touch the time, block by block, with the number of their first row. */
typedef void (*Visit)(const Request *r, const UnparkDecoded *d, gint64 first_row);

static gboolean visit_rows(const Request *r, UnparkTable table, gboolean all_lanes, Visit visit) {
  const UnparkBlockList *list = unpark_store_blocks(r->store, (UnparkFact)table);
  gint64 row = 0;
  for (guint b = 0; b < list->n; row += list->blocks[b].count, b++) {
    const UnparkBlockInfo *info = &list->blocks[b];
    gint64 least = all_lanes ? G_MININT64 : r->least, most = all_lanes ? G_MAXINT64 : r->most;
    if (!unpark_block_touches(info, least, most, r->from, r->to))
      continue;
    if (g_cancellable_set_error_if_cancelled(r->cancellable, r->error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(r->store, (UnparkFact)table, info, UNPARK_ALL_COLUMNS, r->error);
    if (!d)
      return FALSE;
    visit(r, d, row);
  }
  return TRUE;
}

static Lane *find_lane(GHashTable *lanes, const gint64 *id) {
  return g_hash_table_size(lanes) ? g_hash_table_lookup(lanes, id) : NULL;
}

static void visit_regions(const Request *r, const UnparkDecoded *d, gint64 first_row) {
  for (guint i = 0; i < d->n; i++) {
    Lane *lane = find_lane(r->goroutines, &d->columns[REGION_GOROUTINE][i]);
    gint64 depth = d->columns[REGION_DEPTH][i];
    if (lane)
      add_region(r, lane, d, i, first_row + i, (guint8)CLAMP(depth, 0, 255));
    if ((lane = find_lane(r->tasks, &d->columns[REGION_TASK][i])))
      add_region(r, lane, d, i, first_row + i, 0);
  }
}

/* ---- ranges ------------------------------------------------------------------------------- */

static void visit_ranges(const Request *r, const UnparkDecoded *d, gint64 first_row) {
  gint64 *const *c = d->columns;
  for (guint i = 0; i < d->n; i++) {
    GHashTable *lanes = c[RANGE_SCOPE][i] == UNPARK_SCOPE_GOROUTINE ? r->goroutines
                        : c[RANGE_SCOPE][i] == UNPARK_SCOPE_PROC    ? r->procs
                                                                    : NULL;
    Lane *lane = lanes ? find_lane(lanes, &c[RANGE_SCOPE_ID][i]) : NULL;
    if (lane && !g_str_has_prefix(unpark_store_string(r->store, (guint32)c[RANGE_NAME][i]),
                                  "stop-the-world"))
      add_span(r, lane->ranges, c[RANGE_START][i], c[RANGE_END][i], c[RANGE_NAME][i], first_row + i,
               0);
  }
}

/* ---- levels ------------------------------------------------------------------------------- */

static int by_level(gconstpointer a, gconstpointer b) {
  const UnparkTrackSpan *x = a, *y = b;
  if (x->level != y->level)
    return x->level < y->level ? -1 : 1;
  if (x->start_ns != y->start_ns)
    return x->start_ns < y->start_ns ? -1 : 1;
  return (x->end_ns < y->end_ns) - (x->end_ns > y->end_ns);
}

/* Regions of one task on many goroutines may overlap: each takes the first level that is free. */
static void spread(GArray *regions) {
  gint64 ends[UNPARK_TRACK_LEVELS];
  for (guint l = 0; l < UNPARK_TRACK_LEVELS; l++)
    ends[l] = G_MININT64;
  g_array_sort(regions, by_level);
  for (guint i = 0; i < regions->len; i++) {
    UnparkTrackSpan *span = &g_array_index(regions, UnparkTrackSpan, i);
    guint8 level = 0;
    while (level + 1 < UNPARK_TRACK_LEVELS && ends[level] > span->start_ns)
      level++;
    span->level = level;
    ends[level] = MAX(ends[level], span->end_ns);
  }
}

/* Neighbours of a level that nobody can tell apart become one. */
static void thin_spans(const Request *r, GArray *spans, gboolean same_name) {
  guint kept = 0;
  g_array_sort(spans, by_level);
  for (guint i = 0; i < spans->len; i++) {
    const UnparkTrackSpan next = g_array_index(spans, UnparkTrackSpan, i);
    UnparkTrackSpan *last = kept ? &g_array_index(spans, UnparkTrackSpan, kept - 1) : NULL;
    gboolean joins = last && last->level == next.level &&
                     next.start_ns - last->end_ns <= r->resolution &&
                     ((next.end_ns - last->start_ns <= r->resolution * 2) ||
                      (same_name && last->name_id == next.name_id));
    if (!joins) {
      g_array_index(spans, UnparkTrackSpan, kept++) = next;
      continue;
    }
    if (next.end_ns - next.start_ns > last->end_ns - last->start_ns) {
      last->name_id = next.name_id;
      last->name = next.name;
      last->row = next.row;
    }
    last->end_ns = MAX(last->end_ns, next.end_ns);
    last->count += next.count;
  }
  g_array_set_size(spans, kept);
}

/* ---- marks --------------------------------------------------------------------------------- */

static void visit_logs(const Request *r, const UnparkDecoded *d, gint64 first_row) {
  gint64 *const *c = d->columns;
  for (guint i = 0; i < d->n; i++) {
    UnparkMark mark = {.time_ns = c[LOG_TIME][i],
                       .row = first_row + i,
                       .text = "",
                       .count = 1,
                       .type = UNPARK_MARK_LOG};
    Lane *lane = find_lane(r->goroutines, &c[LOG_GOROUTINE][i]);
    Lane *task = find_lane(r->tasks, &c[LOG_TASK][i]);
    if (mark.time_ns < r->from || mark.time_ns > r->to || (!lane && !task))
      continue;
    mark.text = unpark_store_string(r->store, (guint32)c[LOG_MESSAGE][i]);
    if (lane)
      g_array_append_val(lane->marks, mark);
    if (task)
      g_array_append_val(task->marks, mark);
  }
}

static void visit_samples(const Request *r, const UnparkDecoded *d, gint64 first_row) {
  gint64 *const *c = d->columns;
  for (guint i = 0; i < d->n; i++) {
    UnparkMark mark = {.time_ns = c[SAMPLE_TIME][i],
                       .row = first_row + i,
                       .stack_id = (guint32)c[SAMPLE_STACK][i],
                       .count = 1,
                       .type = UNPARK_MARK_SAMPLE};
    Lane *lane = find_lane(r->goroutines, &c[SAMPLE_GOROUTINE][i]);
    if (lane && mark.time_ns >= r->from && mark.time_ns <= r->to)
      g_array_append_val(lane->marks, mark);
  }
}

static int by_time(gconstpointer a, gconstpointer b) {
  const UnparkMark *x = a, *y = b;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return (int)x->type - (int)y->type;
}

static void thin_marks(const Request *r, GArray *marks) {
  UnparkMark *last[2] = {NULL, NULL};
  guint kept = 0;
  g_array_sort(marks, by_time);
  for (guint i = 0; i < marks->len; i++) {
    const UnparkMark next = g_array_index(marks, UnparkMark, i);
    UnparkMark *same = last[next.type];
    if (same && next.time_ns - same->time_ns <= r->resolution) {
      same->count++;
      continue;
    }
    g_array_index(marks, UnparkMark, kept) = next;
    last[next.type] = &g_array_index(marks, UnparkMark, kept++);
  }
  g_array_set_size(marks, kept);
}

/* ---- stacks ---------------------------------------------------------------------------------- */

static gboolean is_own(const char *function) {
  return !g_str_has_prefix(function, "runtime.") && !g_str_has_prefix(function, "runtime/") &&
         !g_str_has_prefix(function, "internal/") && !g_str_has_prefix(function, "sync.") &&
         !g_str_has_prefix(function, "syscall.");
}

/* The innermost frames of one's own code as a column over [start, end]. */
static void add_stack(const Request *r, Lane *lane, guint32 stack, gint64 start, gint64 end) {
  guint n, own[UNPARK_STACK_LEVELS], n_own = 0;
  g_autofree UnparkFrame *frames = unpark_store_stack(r->store, stack, 0, &n);
  for (guint i = 0; i < n && n_own < UNPARK_STACK_LEVELS; i++)
    if (is_own(frames[i].function))
      own[n_own++] = i;
  if (n_own == 0 && n > 0)
    own[n_own++] = 0;
  for (guint i = 0; i < n_own; i++) {
    UnparkTrackSpan span = {.start_ns = start,
                            .end_ns = end,
                            .row = UNPARK_NONE,
                            .name_id = frames[own[n_own - 1 - i]].function_id,
                            .name = frames[own[n_own - 1 - i]].function,
                            .count = 1,
                            .level = (guint8)i};
    g_array_append_val(lane->frames, span);
  }
}

/* Where it stopped, for waits; where it was seen, for running spans. */
static gboolean read_stacks(const Request *r, Lane *lane) {
  guint n;
  g_autoptr(GError) failure = NULL;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(r->store, lane->key.key.id, r->from, r->to, MAX_STACK_SPANS + 1, &n,
                         r->cancellable, &failure);
  if (failure) {
    g_propagate_error(r->error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < n && n <= MAX_STACK_SPANS; i++) {
    const UnparkKind *kind = unpark_store_kind(r->store, spans[i].kind);
    if (spans[i].end_ns - spans[i].start_ns < r->resolution || spans[i].stack == 0 || !kind ||
        (kind->state != UNPARK_STATE_WAITING && kind->state != UNPARK_STATE_SYSCALL))
      continue;
    add_stack(r, lane, spans[i].stack, spans[i].start_ns, spans[i].end_ns);
  }
  for (guint i = 0; i < lane->marks->len; i++) {
    const UnparkMark *mark = &g_array_index(lane->marks, UnparkMark, i);
    if (mark->type == UNPARK_MARK_SAMPLE && mark->stack_id > 0)
      add_stack(r, lane, mark->stack_id, mark->time_ns, mark->time_ns + 6 * r->resolution);
  }
  thin_spans(r, lane->frames, TRUE);
  return TRUE;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static gboolean read_all(Request *r, Lane *lanes, guint n) {
  gboolean any_task = g_hash_table_size(r->tasks) > 0;
  gboolean any_goroutine = g_hash_table_size(r->goroutines) > 0;
  if ((any_task || any_goroutine) &&
      (!visit_rows(r, UNPARK_TABLE_REGION, any_task, visit_regions) ||
       !visit_rows(r, UNPARK_TABLE_LOG, any_task, visit_logs) ||
       !visit_rows(r, UNPARK_TABLE_CPU_SAMPLE, FALSE, visit_samples)))
    return FALSE;
  if ((any_goroutine || g_hash_table_size(r->procs) > 0) &&
      !visit_rows(r, UNPARK_TABLE_RANGE, TRUE, visit_ranges))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (lanes[i].key.key.type == UNPARK_LANE_TASK)
      spread(lanes[i].regions);
    thin_spans(r, lanes[i].regions, FALSE);
    thin_spans(r, lanes[i].ranges, FALSE);
    thin_marks(r, lanes[i].marks);
    if (lanes[i].key.stacks && lanes[i].key.key.type == UNPARK_LANE_GOROUTINE &&
        !read_stacks(r, &lanes[i]))
      return FALSE;
  }
  return TRUE;
}

static void take(UnparkLaneTracks *out, Lane *lane) {
  out->key = lane->key.key;
  out->n_regions = lane->regions->len;
  out->n_marks = lane->marks->len;
  out->n_frames = lane->frames->len;
  out->n_ranges = lane->ranges->len;
  out->regions = (UnparkTrackSpan *)(gpointer)g_array_free(lane->regions, FALSE);
  out->marks = (UnparkMark *)(gpointer)g_array_free(lane->marks, FALSE);
  out->frames = (UnparkTrackSpan *)(gpointer)g_array_free(lane->frames, FALSE);
  out->ranges = (UnparkTrackSpan *)(gpointer)g_array_free(lane->ranges, FALSE);
}

UnparkLaneTracks *unpark_store_tracks(UnparkStore *store, const UnparkTrackKey *keys, guint n_keys,
                                      gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                      GCancellable *cancellable, GError **error) {
  g_autoptr(GHashTable) goroutines = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GHashTable) tasks = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GHashTable) procs = g_hash_table_new(g_int64_hash, g_int64_equal);
  Request r = {.store = store,
               .from = from_ns,
               .to = to_ns,
               .resolution = MAX(resolution_ns, 1),
               .goroutines = goroutines,
               .tasks = tasks,
               .procs = procs,
               .least = G_MAXINT64,
               .most = G_MININT64,
               .cancellable = cancellable,
               .error = error};
  g_autofree Lane *lanes = g_new0(Lane, n_keys);
  UnparkLaneTracks *out = g_new0(UnparkLaneTracks, n_keys);
  for (guint i = 0; i < n_keys; i++) {
    Lane *lane = &lanes[i];
    lane->key = keys[i];
    lane->regions = g_array_new(FALSE, FALSE, sizeof(UnparkTrackSpan));
    lane->marks = g_array_new(FALSE, FALSE, sizeof(UnparkMark));
    lane->frames = g_array_new(FALSE, FALSE, sizeof(UnparkTrackSpan));
    lane->ranges = g_array_new(FALSE, FALSE, sizeof(UnparkTrackSpan));
    if (lane->key.key.type == UNPARK_LANE_TASK) {
      g_hash_table_insert(tasks, &lane->key.key.id, lane);
    } else if (lane->key.key.type == UNPARK_LANE_PROC) {
      g_hash_table_insert(procs, &lane->key.key.id, lane);
    } else if (lane->key.key.type == UNPARK_LANE_GOROUTINE) {
      g_hash_table_insert(goroutines, &lane->key.key.id, lane);
      r.least = MIN(r.least, lane->key.key.id);
      r.most = MAX(r.most, lane->key.key.id);
    }
  }
  gboolean ok = read_all(&r, lanes, n_keys);
  for (guint i = 0; i < n_keys; i++)
    take(&out[i], &lanes[i]);
  if (ok)
    return out;
  unpark_lane_tracks_free(out, n_keys);
  return NULL;
}

void unpark_lane_tracks_clear(UnparkLaneTracks *tracks) {
  g_clear_pointer(&tracks->regions, g_free);
  g_clear_pointer(&tracks->marks, g_free);
  g_clear_pointer(&tracks->frames, g_free);
  g_clear_pointer(&tracks->ranges, g_free);
  tracks->n_regions = tracks->n_marks = tracks->n_frames = tracks->n_ranges = 0;
}

void unpark_lane_tracks_free(UnparkLaneTracks *tracks, guint n) {
  for (guint i = 0; tracks && i < n; i++)
    unpark_lane_tracks_clear(&tracks[i]);
  g_free(tracks);
}
