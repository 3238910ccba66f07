/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/goroutine-table.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/store/scan.h"
#include "model/tables/goroutine-private.h"

/* Of one thread: a goroutine's blocks may fall to several, so each has tallies of its own. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
  const UnparkGoroutine *goroutines;
  guint n_goroutines;
  UnparkGoroutineRow *rows; /* by goroutine, in the order of the store's */
  const gint64 *ids;        /* NULL: all */
  guint n_ids;
} Scan;

gint64 unpark_tally_total(const UnparkTally *tally) {
  gint64 total = 0;
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    unpark_time_sum(&total, tally->state_ns[i]);
  return total;
}

void unpark_tally_add(UnparkTally *into, const UnparkTally *from) {
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    unpark_time_sum(&into->state_ns[i], from->state_ns[i]);
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    unpark_time_sum(&into->wait_ns[i], from->wait_ns[i]);
  into->longest_wait_ns = MAX(into->longest_wait_ns, from->longest_wait_ns);
  into->n_spans += from->n_spans;
}

/* ---- scanning ------------------------------------------------------------------------------ */

/* The first of the goroutine's entries: an id that comes again is one row. */
static UnparkGoroutineRow *find_row(Scan *scan, gint64 id) {
  const UnparkGoroutine *g = unpark_store_goroutine(scan->store, id);
  return g ? &scan->rows[g - scan->goroutines] : NULL;
}

static void take(UnparkGoroutineRow *row, const UnparkKind *kind, gint64 start_ns, gint64 ns) {
  UnparkTally *tally = &row->tally;
  unpark_time_sum(&tally->state_ns[kind->state], ns);
  tally->n_spans++;
  if (kind->state != UNPARK_STATE_WAITING)
    return;
  unpark_time_sum(&tally->wait_ns[kind->wait], ns);
  if (ns > tally->longest_wait_ns) {
    tally->longest_wait_ns = ns;
    row->longest_start_ns = start_ns;
  }
}

static void scan_block(const UnparkDecoded *d, gpointer data) {
  Scan *scan = data;
  gint64 lane = UNPARK_NONE;
  UnparkGoroutineRow *row = NULL;
  for (guint i = 0; i < d->n; i++) {
    gint64 start = d->columns[SPAN_START][i], end = start + d->columns[SPAN_DURATION][i];
    const UnparkKind *kind = unpark_store_kind(scan->store, (guint16)d->columns[SPAN_KIND][i]);
    gint64 from = MAX(start, scan->from_ns), to = MIN(end, scan->to_ns);
    if (d->columns[SPAN_LANE][i] != lane) {
      lane = d->columns[SPAN_LANE][i];
      row = unpark_ids_contain(scan->ids, scan->n_ids, lane) ? find_row(scan, lane) : NULL;
    }
    if (row && kind && kind->state < UNPARK_N_STATES && to >= from)
      take(row, kind, start, to - from);
  }
}

static void merge_rows(UnparkGoroutineRow *into, const UnparkGoroutineRow *from, guint n) {
  for (guint i = 0; i < n; i++) {
    if (from[i].tally.longest_wait_ns > into[i].tally.longest_wait_ns)
      into[i].longest_start_ns = from[i].longest_start_ns;
    unpark_tally_add(&into[i].tally, &from[i].tally);
  }
}

/* ---- functions ------------------------------------------------------------------------------- */

static int by_function(const void *a, const void *b) {
  const UnparkGoroutineRow *x = a, *y = b;
  if (x->function != y->function)
    return x->function < y->function ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static int waiting_first(const void *a, const void *b) {
  const UnparkFunctionRow *x = a, *y = b;
  gint64 p = x->tally.state_ns[UNPARK_STATE_WAITING], q = y->tally.state_ns[UNPARK_STATE_WAITING];
  if (x->system != y->system)
    return x->system - y->system;
  return p > q ? -1 : p < q ? 1 : strcmp(x->name, y->name);
}

/* Rows carry their function's string id until the functions are in order. */
static void make_functions(UnparkGoroutineTable *table, const gboolean *system) {
  GArray *functions = g_array_new(FALSE, FALSE, sizeof(UnparkFunctionRow));
  for (guint i = 0; i < table->n_rows; i++) {
    UnparkGoroutineRow *row = &table->rows[i];
    if (i == 0 || table->rows[i - 1].function != row->function) {
      UnparkFunctionRow function = {.name = unpark_store_string(table->store, row->function),
                                    .name_id = row->function,
                                    .first = i,
                                    .system = system[row->function]};
      g_array_append_val(functions, function);
    }
    UnparkFunctionRow *last = &g_array_index(functions, UnparkFunctionRow, functions->len - 1);
    last->count++;
    unpark_tally_add(&last->tally, &row->tally);
  }
  table->n_functions = functions->len;
  table->functions = (UnparkFunctionRow *)(void *)g_array_free(functions, FALSE);
  if (table->n_functions > 1)
    qsort(table->functions, table->n_functions, sizeof *table->functions, waiting_first);
  for (guint f = 0; f < table->n_functions; f++)
    for (guint i = 0; i < table->functions[f].count; i++)
      table->rows[table->functions[f].first + i].function = f;
}

static void make_rows(UnparkGoroutineTable *table, const Scan *scan) {
  guint32 most = 0;
  for (guint i = 0; i < scan->n_goroutines; i++)
    most = MAX(most, scan->goroutines[i].name_id);
  g_autofree gboolean *system = g_new0(gboolean, (gsize)most + 1);
  for (guint i = 0; i < scan->n_goroutines; i++) {
    const UnparkGoroutine *g = &scan->goroutines[i];
    if (scan->rows[i].tally.n_spans == 0)
      continue;
    table->rows[table->n_rows] = scan->rows[i];
    table->rows[table->n_rows].id = g->id;
    table->rows[table->n_rows++].function = g->name_id;
    system[g->name_id] |= g->system;
  }
  if (table->n_rows > 1)
    qsort(table->rows, table->n_rows, sizeof *table->rows, by_function);
  make_functions(table, system);
}

static gboolean scan_all(Scan scans[UNPARK_SCAN_THREADS], GCancellable *cancellable,
                         GError **error) {
  const guint32 columns =
      1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND;
  gpointer data[UNPARK_SCAN_THREADS];
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    data[i] = &scans[i];
  if (!unpark_scan(scans[0].store, UNPARK_FACT_SPAN, columns, scans[0].from_ns, scans[0].to_ns,
                   scan_block, data, cancellable, error))
    return FALSE;
  for (guint i = 1; i < UNPARK_SCAN_THREADS; i++)
    merge_rows(scans[0].rows, scans[i].rows, scans[0].n_goroutines);
  return TRUE;
}

UnparkGoroutineTable *unpark_goroutine_table_new(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                                 const gint64 *ids, guint n_ids,
                                                 GCancellable *cancellable, GError **error) {
  Scan scans[UNPARK_SCAN_THREADS];
  UnparkGoroutineTable *table = NULL;
  g_autoptr(GError) failure = NULL;
  guint n;
  const UnparkGoroutine *goroutines = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++) {
    scans[i] = (Scan){.store = store,
                      .from_ns = from_ns,
                      .to_ns = to_ns,
                      .ids = ids,
                      .n_ids = n_ids,
                      .goroutines = goroutines,
                      .n_goroutines = n};
    scans[i].rows = g_new0(UnparkGoroutineRow, (gsize)n + 1);
    for (guint k = 0; k < n; k++)
      scans[i].rows[k].longest_start_ns = UNPARK_NONE;
  }
  if (scan_all(scans, cancellable, error)) {
    table = g_atomic_rc_box_new0(UnparkGoroutineTable);
    table->store = unpark_store_ref(store);
    table->from_ns = from_ns;
    table->to_ns = to_ns;
    table->rows = g_new(UnparkGoroutineRow, (gsize)n + 1);
    make_rows(table, &scans[0]);
    if (!unpark_goroutine_table_fill(table, cancellable, error))
      g_clear_pointer(&table, unpark_goroutine_table_unref);
  }
  for (guint i = 0; i < UNPARK_SCAN_THREADS; i++)
    g_free(scans[i].rows);
  return table;
}

UnparkGoroutineTable *unpark_goroutine_table_ref(UnparkGoroutineTable *table) {
  return g_atomic_rc_box_acquire(table);
}

static void table_clear(gpointer box) {
  UnparkGoroutineTable *table = box;
  g_free(table->rows);
  g_free(table->functions);
  unpark_store_unref(table->store);
}

void unpark_goroutine_table_unref(UnparkGoroutineTable *table) {
  g_atomic_rc_box_release_full(table, table_clear);
}
