/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time of tasks went.
 *
 * The begins and ends of the stretches that count cut each goroutine's time into slices; a scan
 * over the spans sums up each slice, and a stretch is what its slices come to. So it takes as long
 * as there are spans and stretches, however many tasks overlap.
 */
#include <stdlib.h>

#include "model/base/times.h"
#include "model/store/scan.h"
#include "model/tables/task-private.h"

/* A goroutine works for a task. */
typedef struct {
  guint32 row;
  gint64 goroutine;
  gint64 from_ns, to_ns;
} Stretch;

/* A time at which a slice of a goroutine's time begins. */
typedef struct {
  gint64 goroutine;
  gint64 ns;
  gint32 change; /* stretches that begin here, less those that end */
  guint32 slice; /* number of the slice; NO_SLICE: no stretch goes on from here */
} Point;

#define NO_SLICE G_MAXUINT32

typedef gint64 Parts[UNPARK_TASK_PARTS];

enum { PART_RUNNING, PART_RUNNABLE, PART_SYSCALL, PART_WAIT };

typedef struct {
  UnparkTaskTable *table;
  guint8 *own, *others; /* by row: who has regions of it */
  GArray *stretches;    /* Stretch */
  GArray *points;       /* Point, ascending by goroutine, then time */
  Parts *slices;        /* added to by all threads */
  guint8 *part_of_kind; /* by kind of span */
} Count;

/* ---- stretches -------------------------------------------------------------------------- */

static void add_stretch(Count *c, guint32 row, gint64 goroutine, gint64 from_ns, gint64 to_ns) {
  const Stretch stretch = {row, goroutine, from_ns, to_ns};
  if (goroutine != UNPARK_NONE && from_ns < to_ns)
    g_array_append_val(c->stretches, stretch);
}

static gboolean take_region(gint64 number, const gint64 *v, gpointer data) {
  Count *c = data;
  const UnparkTaskRow *task = unpark_task_table_find(c->table, v[REGION_TASK]);
  gint64 from, to;
  if (!task)
    return TRUE;
  guint32 row = (guint32)(task - c->table->rows);
  *(v[REGION_GOROUTINE] == task->goroutine ? &c->own[row] : &c->others[row]) = TRUE;
  unpark_task_time(c->table->store, v[REGION_START], v[REGION_END], &from, &to);
  add_stretch(c, row, v[REGION_GOROUTINE], from, to);
  return TRUE;
}

static void add_beginners(Count *c) {
  for (guint32 i = 0; i < c->table->n_rows; i++) {
    const UnparkTaskRow *row = &c->table->rows[i];
    gint64 from, to;
    unpark_task_time(c->table->store, row->start_ns, row->end_ns, &from, &to);
    if (unpark_task_kept(c->own[i], c->others[i]))
      add_stretch(c, i, row->goroutine, from, to);
  }
}

static int by_task(gconstpointer a, gconstpointer b) {
  const Stretch *x = a, *y = b;
  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* What overlaps in one goroutine for one task is one. */
static void unite_stretches(GArray *stretches) {
  Stretch *s = (Stretch *)(void *)stretches->data;
  guint n = 0;
  if (stretches->len > 1)
    qsort(s, stretches->len, sizeof *s, by_task);
  for (guint i = 0; i < stretches->len; i++) {
    Stretch *last = n ? &s[n - 1] : NULL;
    if (last && last->row == s[i].row && last->goroutine == s[i].goroutine &&
        s[i].from_ns <= last->to_ns)
      last->to_ns = MAX(last->to_ns, s[i].to_ns);
    else
      s[n++] = s[i];
  }
  g_array_set_size(stretches, n);
}

/* ---- slices ----------------------------------------------------------------------------- */

static int compare_points(gconstpointer a, gconstpointer b) {
  const Point *x = a, *y = b;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return (x->ns > y->ns) - (x->ns < y->ns);
}

/* The first point not before that time of the goroutine. */
static guint find_point(const GArray *points, gint64 goroutine, gint64 ns) {
  const Point wanted = {.goroutine = goroutine, .ns = ns};
  guint low = 0, high = points->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_points(&g_array_index(points, Point, middle), &wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void make_slices(Count *c) {
  guint32 n_slices = 0;
  gint64 open = 0;
  guint n = 0;
  for (guint i = 0; i < c->stretches->len; i++) {
    const Stretch *s = &g_array_index(c->stretches, Stretch, i);
    const Point ends[] = {{s->goroutine, s->from_ns, 1, NO_SLICE},
                          {s->goroutine, s->to_ns, -1, NO_SLICE}};
    g_array_append_vals(c->points, ends, 2);
  }
  Point *points = (Point *)(void *)c->points->data;
  if (c->points->len > 1)
    qsort(points, c->points->len, sizeof *points, compare_points);
  for (guint i = 0; i < c->points->len; i++) {
    if (n > 0 && compare_points(&points[n - 1], &points[i]) == 0)
      points[n - 1].change += points[i].change;
    else
      points[n++] = points[i];
  }
  g_array_set_size(c->points, n);
  for (guint i = 0; i < n; i++) {
    open += points[i].change;
    if (open > 0)
      points[i].slice = n_slices++;
  }
  c->slices = g_new0(Parts, (gsize)n_slices + 1);
}

static void flush(Count *c, guint32 slice, Parts sums) {
  for (guint p = 0; p < UNPARK_TASK_PARTS; p++) {
    if (sums[p] != 0)
      __atomic_fetch_add(&c->slices[slice][p], sums[p], __ATOMIC_RELAXED);
    sums[p] = 0;
  }
}

/* Of one thread: the slice it is at, and what it has of it. */
typedef struct {
  Count *count;
  guint32 slice;
  Parts sums;
} Scan;

static void add(Scan *scan, guint32 slice, guint8 part, gint64 ns) {
  if (slice != scan->slice && scan->slice != NO_SLICE)
    flush(scan->count, scan->slice, scan->sums);
  scan->slice = slice;
  unpark_time_sum(&scan->sums[part], ns);
}

/* A span from `at`, the last point not after its start (or the goroutine's first). */
static void add_span(Scan *scan, guint at, gint64 goroutine, gint64 start, gint64 end,
                     guint8 part) {
  const Point *points = (const Point *)(const void *)scan->count->points->data;
  guint n = scan->count->points->len;
  for (; at < n && points[at].goroutine == goroutine && points[at].ns < end; at++) {
    /* A stretch's end is a point, too: the goroutine's last has no slice. */
    if (points[at].slice == NO_SLICE || at + 1 == n)
      continue;
    gint64 from = MAX(points[at].ns, start), to = MIN(points[at + 1].ns, end);
    if (from < to)
      add(scan, points[at].slice, part, to - from);
  }
}

static void scan_block(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  const GArray *points = scan->count->points;
  const Point *all = (const Point *)(const void *)points->data;
  guint n_kinds = unpark_store_n_kinds(scan->count->table->store), at = 0;
  gint64 lane = UNPARK_NONE, last_start = 0;
  gboolean wanted = FALSE;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i], kind = d->columns[SPAN_KIND][i];
    gint64 duration = MAX(d->columns[SPAN_DURATION][i], 0);
    if (d->columns[SPAN_LANE][i] != lane || start < last_start) {
      lane = d->columns[SPAN_LANE][i];
      at = find_point(points, lane, start);
      if (at > 0 && all[at - 1].goroutine == lane)
        at--;
      wanted = at < points->len && all[at].goroutine == lane;
    }
    last_start = start;
    if (!wanted || kind <= 0 || kind >= n_kinds || duration == 0)
      continue;
    while (at + 1 < points->len && all[at + 1].goroutine == lane && all[at + 1].ns <= start)
      at++;
    add_span(scan, at, lane, start, start + duration, scan->count->part_of_kind[kind]);
  }
  if (scan->slice != NO_SLICE)
    flush(scan->count, scan->slice, scan->sums);
  scan->slice = NO_SLICE;
}

/* ---- sums ------------------------------------------------------------------------------- */

/* Each slice becomes the sum of all up to it. Unsigned: what a damaged store holds may be too much,
 * and differences are right nevertheless. */
static void sum_slices(Count *c) {
  guint64 sums[UNPARK_TASK_PARTS] = {0};
  for (guint i = 0; i < c->points->len; i++) {
    guint32 slice = g_array_index(c->points, Point, i).slice;
    for (guint p = 0; slice != NO_SLICE && p < UNPARK_TASK_PARTS; p++) {
      sums[p] += (guint64)c->slices[slice][p];
      c->slices[slice][p] = (gint64)sums[p];
    }
  }
}

static void add_parts(UnparkTally *tally, const gint64 *parts) {
  unpark_time_sum(&tally->state_ns[UNPARK_STATE_RUNNING], parts[PART_RUNNING]);
  unpark_time_sum(&tally->state_ns[UNPARK_STATE_RUNNABLE], parts[PART_RUNNABLE]);
  unpark_time_sum(&tally->state_ns[UNPARK_STATE_SYSCALL], parts[PART_SYSCALL]);
  for (guint w = 0; w < UNPARK_N_WAITS; w++) {
    unpark_time_sum(&tally->wait_ns[w], parts[PART_WAIT + w]);
    unpark_time_sum(&tally->state_ns[UNPARK_STATE_WAITING], parts[PART_WAIT + w]);
  }
}

static UnparkTaskStates *sum_up(Count *c) {
  const UnparkTaskTable *table = c->table;
  UnparkTaskStates *states = g_new0(UnparkTaskStates, 1);
  states->kinds = g_new0(UnparkTally, (gsize)table->n_kinds + 1);
  states->rows = g_new0(Parts, (gsize)table->n_rows + 1);
  sum_slices(c);
  for (guint i = 0; i < c->stretches->len; i++) {
    const Stretch *s = &g_array_index(c->stretches, Stretch, i);
    guint32 first =
        g_array_index(c->points, Point, find_point(c->points, s->goroutine, s->from_ns)).slice;
    guint32 last =
        g_array_index(c->points, Point, find_point(c->points, s->goroutine, s->to_ns) - 1).slice;
    for (guint p = 0; p < UNPARK_TASK_PARTS; p++)
      states->rows[s->row][p] +=
          (gint64)((guint64)c->slices[last][p] - (first ? (guint64)c->slices[first - 1][p] : 0));
  }
  for (guint32 i = 0; i < table->n_rows; i++)
    add_parts(&states->kinds[table->rows[i].kind], states->rows[i]);
  return states;
}

static void prepare_kinds(Count *c) {
  UnparkStore *store = c->table->store;
  c->part_of_kind = g_new0(guint8, (gsize)unpark_store_n_kinds(store) + 1);
  for (guint k = 1; k < unpark_store_n_kinds(store); k++) {
    const UnparkKind *kind = unpark_store_kind(store, (guint16)k);
    UnparkState state = kind->state;
    guint wait = MIN((guint)kind->wait, UNPARK_N_WAITS - 1);
    c->part_of_kind[k] = (guint8)(state == UNPARK_STATE_RUNNING    ? PART_RUNNING
                                  : state == UNPARK_STATE_RUNNABLE ? PART_RUNNABLE
                                  : state == UNPARK_STATE_SYSCALL  ? PART_SYSCALL
                                                                   : PART_WAIT + wait);
  }
}

static gboolean scan_spans(Count *c, GCancellable *cancellable, GError **error) {
  const guint32 columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND;
  Scan scans[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  gint64 from = G_MAXINT64, to = G_MININT64;
  for (guint i = 0; i < c->points->len; i++) {
    from = MIN(from, g_array_index(c->points, Point, i).ns);
    to = MAX(to, g_array_index(c->points, Point, i).ns);
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    scans[i] = (Scan){.count = c, .slice = NO_SLICE};
    data[i] = &scans[i];
  }
  return from > to || unpark_scan(c->table->store, UNPARK_FACT_SPAN, columns, from, to, scan_block,
                                  data, cancellable, error);
}

static UnparkTaskStates *count(UnparkTaskTable *table, GCancellable *cancellable, GError **error) {
  UnparkTaskStates *states = NULL;
  Count c = {.table = table,
             .own = g_new0(guint8, (gsize)table->n_rows + 1),
             .others = g_new0(guint8, (gsize)table->n_rows + 1),
             .stretches = g_array_new(FALSE, FALSE, sizeof(Stretch)),
             .points = g_array_new(FALSE, FALSE, sizeof(Point))};
  if (unpark_store_visit_rows(table->store, UNPARK_TABLE_REGION, UNPARK_NONE, G_MININT64 + 1,
                              G_MAXINT64, take_region, &c, cancellable, error)) {
    add_beginners(&c);
    unite_stretches(c.stretches);
    make_slices(&c);
    prepare_kinds(&c);
    if (scan_spans(&c, cancellable, error))
      states = sum_up(&c);
  }
  g_array_unref(c.stretches);
  g_array_unref(c.points);
  g_free(c.own);
  g_free(c.others);
  g_free(c.slices);
  g_free(c.part_of_kind);
  return states;
}

void unpark_task_states_free(UnparkTaskStates *states) {
  if (!states)
    return;
  g_free(states->kinds);
  g_free(states->rows);
  g_free(states);
}

gboolean unpark_task_table_count(UnparkTaskTable *table, GCancellable *cancellable,
                                 GError **error) {
  if (unpark_task_table_states(table))
    return TRUE;
  UnparkTaskStates *states = count(table, cancellable, error);
  if (!states)
    return FALSE;
  if (!g_atomic_pointer_compare_and_exchange(&table->states, NULL, states))
    unpark_task_states_free(states);
  return TRUE;
}

const UnparkTaskStates *unpark_task_table_states(const UnparkTaskTable *table) {
  return __atomic_load_n(&table->states, __ATOMIC_ACQUIRE);
}

void unpark_task_row_tally(const UnparkTaskTable *table, guint32 row, UnparkTally *tally) {
  const UnparkTaskStates *states = unpark_task_table_states(table);
  *tally = (UnparkTally){0};
  if (states)
    add_parts(tally, states->rows[row]);
}
