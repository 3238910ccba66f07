/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collector did, as a list of beginnings and ends. */
#include <stdlib.h>
#include <string.h>

#include "model/store/row-at.h"
#include "model/store/scan.h"
#include "model/tables/mmu-private.h"

#define ALL_FROM (G_MININT64 + 1)
#define METRIC_PROCS "/sched/gomaxprocs:threads"

/* Events at one time: a number of processors, what ends, what begins, what began and ends now. */
enum { RANK_PROCS, RANK_END, RANK_BEGIN, RANK_EMPTY };

typedef struct {
  gint64 from_ns, to_ns;
} Stretch;

/* What is looked for among the spans, and what one thread found. */
typedef struct {
  UnparkStore *store;
  guint flags;
  GHashTable *assists; /* goroutine -> GArray of Stretch, ascending */
  GHashTable *labels;  /* goroutine -> GArray of gint64: when it became a worker that counts */
  GArray *events;
} Load;

static void add(GArray *events, UnparkMmuType type, gint64 time_ns, gint64 proc, int delta,
                guint8 rank) {
  UnparkMmuEvent event = {
      .time_ns = time_ns, .proc = proc, .delta = (gint8)delta, .type = (guint8)type, .rank = rank};
  g_array_append_val(events, event);
}

static void add_stretch(GArray *events, UnparkMmuType type, gint64 proc, gint64 from_ns,
                        gint64 to_ns) {
  add(events, type, from_ns, proc, 1, RANK_BEGIN);
  if (to_ns != UNPARK_NONE)
    add(events, type, to_ns, proc, -1, to_ns > from_ns ? RANK_END : RANK_EMPTY);
}

static GArray *list_of(GHashTable *table, gint64 goroutine, guint size) {
  GArray *list = g_hash_table_lookup(table, &goroutine);
  if (!list) {
    list = g_array_new(FALSE, FALSE, size);
    g_hash_table_insert(table, g_memdup2(&goroutine, sizeof goroutine), list);
  }
  return list;
}

static GHashTable *table_new(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
}

/* ---- small tables -------------------------------------------------------------------------- */

static gboolean take_metric(G_GNUC_UNUSED gint64 number, const gint64 *row, gpointer data) {
  Load *load = data;
  if (row[METRIC_VALUE] > 0 &&
      strcmp(unpark_store_string(load->store, (guint32)row[METRIC_NAME]), METRIC_PROCS) == 0)
    add(load->events, UNPARK_MMU_EVENT_PROCS, row[METRIC_TIME], MIN(row[METRIC_VALUE], G_MAXUINT16),
        1, RANK_PROCS);
  return TRUE;
}

static gboolean is_stw(const char *name) {
  return g_str_has_prefix(name, "stop-the-world") && strstr(name, "GC") != NULL;
}

static gboolean take_range(G_GNUC_UNUSED gint64 number, const gint64 *row, gpointer data) {
  Load *load = data;
  const char *name = unpark_store_string(load->store, (guint32)row[RANGE_NAME]);
  gint64 from = row[RANGE_START] == UNPARK_NONE ? unpark_store_source(load->store)->start_ns
                                                : row[RANGE_START];
  if ((load->flags & UNPARK_MMU_STW) && is_stw(name)) {
    add_stretch(load->events, UNPARK_MMU_EVENT_STW, -1, from, row[RANGE_END]);
  } else if ((load->flags & UNPARK_MMU_SWEEP) && row[RANGE_SCOPE] == UNPARK_SCOPE_PROC &&
             strcmp(name, "GC incremental sweep") == 0) {
    add_stretch(load->events, UNPARK_MMU_EVENT_PROC, row[RANGE_SCOPE_ID], from, row[RANGE_END]);
  } else if ((load->flags & UNPARK_MMU_ASSIST) && row[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE &&
             strcmp(name, "GC mark assist") == 0) {
    Stretch stretch = {from, row[RANGE_END] == UNPARK_NONE ? G_MAXINT64 : row[RANGE_END]};
    g_array_append_val(list_of(load->assists, row[RANGE_SCOPE_ID], sizeof stretch), stretch);
  }
  return TRUE;
}

/* Columns of LABEL: goroutine, time_ns, label. */
static gboolean take_label(G_GNUC_UNUSED gint64 number, const gint64 *row, gpointer data) {
  Load *load = data;
  const char *label = unpark_store_string(load->store, (guint32)row[2]);
  if (g_str_has_prefix(label, "GC ") && strcmp(label, "GC (idle)") != 0 &&
      !((load->flags & UNPARK_MMU_PER_PROC) && strcmp(label, "GC (dedicated)") == 0))
    g_array_append_val(list_of(load->labels, row[0], sizeof(gint64)), row[1]);
  return TRUE;
}

static gboolean visit(Load *load, int table, UnparkRowVisit take_row, GCancellable *cancellable,
                      GError **error) {
  return unpark_store_visit_rows(load->store, table, UNPARK_NONE, ALL_FROM, G_MAXINT64, take_row,
                                 load, cancellable, error);
}

static gboolean load_rows(Load *load, GCancellable *cancellable, GError **error) {
  return visit(load, UNPARK_TABLE_METRIC, take_metric, cancellable, error) &&
         visit(load, UNPARK_TABLE_RANGE, take_range, cancellable, error) &&
         (!(load->flags & UNPARK_MMU_GC) ||
          visit(load, UNPARK_TABLE_LABEL, take_label, cancellable, error));
}

/* ---- where they ran ------------------------------------------------------------------------ */

/* Stretches of a goroutine do not overlap: the first that ends at or after a time. */
static guint first_reaching(const GArray *stretches, gint64 ns) {
  guint low = 0, high = stretches->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(stretches, Stretch, middle).to_ns < ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void take_assists(Load *load, const GArray *stretches, gint64 proc, gint64 start,
                         gint64 end) {
  for (guint i = first_reaching(stretches, start); i < stretches->len; i++) {
    const Stretch *s = &g_array_index(stretches, Stretch, i);
    if (s->from_ns > end)
      break;
    add_stretch(load->events, UNPARK_MMU_EVENT_PROC, proc, MAX(s->from_ns, start),
                MIN(s->to_ns, end));
  }
}

/* A worker's label comes after its start, at each start. */
static void take_worker(Load *load, const GArray *labels, gint64 proc, gint64 start, gint64 end) {
  gint64 first = g_array_index(labels, gint64, 0);
  gboolean exact = (load->flags & UNPARK_MMU_EXACT) != 0, counted = FALSE;
  if (end < first)
    return;
  if (!exact && start > first)
    add(load->events, UNPARK_MMU_EVENT_PROC, start, proc, 1, RANK_BEGIN);
  for (guint i = 0; i < labels->len && !(exact && counted); i++) {
    gint64 label = g_array_index(labels, gint64, i);
    if (label < start || label > end)
      continue;
    counted = TRUE;
    add(load->events, UNPARK_MMU_EVENT_PROC, label, proc, 1, RANK_BEGIN);
  }
  if (counted || !exact)
    add(load->events, UNPARK_MMU_EVENT_PROC, end, proc, -1, end > start ? RANK_END : RANK_EMPTY);
}

static void scan_block(const UnparkDecoded *d, gpointer data) {
  Load *load = data;
  gint64 lane = UNPARK_NONE, last = unpark_store_source(load->store)->end_ns;
  const GArray *assists = NULL, *labels = NULL;
  for (guint i = 0; i < d->n; i++) {
    if (d->columns[SPAN_LANE][i] != lane) {
      lane = d->columns[SPAN_LANE][i];
      assists = g_hash_table_lookup(load->assists, &lane);
      labels = g_hash_table_lookup(load->labels, &lane);
    }
    if ((!assists && !labels) || unpark_span_state(load->store, d, i) != UNPARK_STATE_RUNNING)
      continue;
    const UnparkStorePlace *place =
        unpark_store_place(load->store, unpark_span_place(load->store, d, i));
    gint64 start = d->columns[SPAN_START][i], end = start + d->columns[SPAN_DURATION][i];
    if (!place || place->proc == UNPARK_NONE || place->proc < 0)
      continue;
    /* What still ran at the end of the trace did not stop. */
    end = end >= last ? G_MAXINT64 : end;
    if (assists)
      take_assists(load, assists, place->proc, start, end);
    if (labels)
      take_worker(load, labels, place->proc, start, end);
  }
}

static gboolean load_runs(Load *load, GCancellable *cancellable, GError **error) {
  const guint32 columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND | 1u << SPAN_PLACE;
  Load loads[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  if (g_hash_table_size(load->assists) + g_hash_table_size(load->labels) == 0)
    return TRUE;
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    loads[i] = *load;
    loads[i].events = g_array_new(FALSE, FALSE, sizeof(UnparkMmuEvent));
    data[i] = &loads[i];
  }
  gboolean ok = unpark_scan(load->store, UNPARK_FACT_SPAN, columns, ALL_FROM, G_MAXINT64,
                            scan_block, data, cancellable, error);
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    g_array_append_vals(load->events, loads[i].events->data, loads[i].events->len);
    g_array_unref(loads[i].events);
  }
  return ok;
}

/* ---- all ------------------------------------------------------------------------------------ */

static int in_order(const void *a, const void *b) {
  const UnparkMmuEvent *x = a, *y = b;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->rank != y->rank)
    return x->rank - y->rank;
  return (x->proc > y->proc) - (x->proc < y->proc);
}

static int by_start(const void *a, const void *b) {
  const Stretch *x = a, *y = b;
  return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* The number that is told first holds from the beginning on. */
static void know_procs_from_start(GArray *events, gint64 start_ns) {
  for (guint i = 0; i < events->len; i++) {
    UnparkMmuEvent first = g_array_index(events, UnparkMmuEvent, i);
    if (first.type != UNPARK_MMU_EVENT_PROCS)
      continue;
    first.time_ns = start_ns;
    g_array_prepend_val(events, first);
    return;
  }
}

GArray *unpark_mmu_load(UnparkStore *store, guint flags, GCancellable *cancellable,
                        GError **error) {
  Load load = {store, flags, table_new(), table_new(),
               g_array_new(FALSE, FALSE, sizeof(UnparkMmuEvent))};
  GHashTableIter iter;
  gpointer list;
  gboolean ok = load_rows(&load, cancellable, error);
  g_hash_table_iter_init(&iter, load.assists);
  while (g_hash_table_iter_next(&iter, NULL, &list))
    g_array_sort(list, by_start);
  ok = ok && load_runs(&load, cancellable, error);
  g_hash_table_unref(load.assists);
  g_hash_table_unref(load.labels);
  if (!ok) {
    g_array_unref(load.events);
    return NULL;
  }
  g_array_sort(load.events, in_order);
  if (flags & UNPARK_MMU_EXACT)
    know_procs_from_start(load.events, unpark_store_source(store)->start_ns);
  return load.events;
}

/* ---- the next event ------------------------------------------------------------------------ */

typedef struct {
  UnparkFact fact;
  const gint64 *times;
  gint64 *next; /* by time */
  guint n;
} Next;

static void take_time(Next *next, gint64 ns) {
  guint low = 0, high = next->n;
  if (ns == UNPARK_NONE)
    return;
  while (low < high) { /* times before ns */
    guint middle = (low + high) / 2;
    if (next->times[middle] < ns)
      low = middle + 1;
    else
      high = middle;
  }
  if (low > 0)
    next->next[low - 1] = MIN(next->next[low - 1], ns);
}

static void scan_times(const UnparkDecoded *d, gpointer data) {
  Next *next = data;
  const UnparkFactSpec *spec = &unpark_facts[next->fact];
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[spec->start][i];
    take_time(next, start);
    if (spec->end >= 0)
      take_time(next, d->columns[spec->end][i]);
    if (spec->duration >= 0)
      take_time(next, start + d->columns[spec->duration][i]);
  }
}

gboolean unpark_mmu_next_times(UnparkStore *store, GArray *times, GCancellable *cancellable,
                               GError **error) {
  static const guint facts[] = {UNPARK_FACT_SPAN,   UNPARK_FACT_EXEC,        UNPARK_TABLE_METRIC,
                                UNPARK_TABLE_RANGE, UNPARK_TABLE_REGION,     UNPARK_TABLE_LOG,
                                UNPARK_TABLE_TASK,  UNPARK_TABLE_CPU_SAMPLE, UNPARK_TABLE_LABEL};
  g_autofree gint64 *found = g_new(gint64, (gsize)times->len * UNPARK_SCAN_THREADS + 1);
  Next nexts[UNPARK_SCAN_THREADS];
  gpointer data[UNPARK_SCAN_THREADS];
  gboolean ok = TRUE;
  for (guint i = 0; i < times->len * UNPARK_SCAN_THREADS; i++)
    found[i] = unpark_store_source(store)->end_ns;
  for (guint f = 0; ok && times->len > 0 && f < G_N_ELEMENTS(facts); f++) {
    const UnparkFactSpec *spec = &unpark_facts[facts[f]];
    guint32 columns = 1u << spec->start | (spec->end >= 0 ? 1u << spec->end : 0) |
                      (spec->duration >= 0 ? 1u << spec->duration : 0) |
                      (spec->lane >= 0 ? 1u << spec->lane : 0);
    for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
      nexts[i] = (Next){(UnparkFact)facts[f], (const gint64 *)(void *)times->data,
                        found + (gsize)i * times->len, times->len};
      data[i] = &nexts[i];
    }
    ok = unpark_scan(store, (UnparkFact)facts[f], columns, ALL_FROM, G_MAXINT64, scan_times, data,
                     cancellable, error);
  }
  for (guint i = 0; i < times->len; i++) {
    gint64 *next = &g_array_index(times, gint64, i);
    *next = found[i];
    for (guint k = 1; k < UNPARK_SCAN_THREADS; k++)
      *next = MIN(*next, found[k * times->len + i]);
  }
  /* A time's own next is that of the first after it, where several follow each other closely. */
  for (guint i = times->len; i-- > 1;)
    g_array_index(times, gint64, i - 1) =
        MIN(g_array_index(times, gint64, i - 1), g_array_index(times, gint64, i));
  return ok;
}
