/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the goroutine table has that the spans do not tell by themselves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/percentile.h"
#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/store/row-at.h"
#include "model/tables/goroutine-private.h"

/* ---- assists -------------------------------------------------------------------------------- */

typedef struct {
  UnparkGoroutineTable *table;
  guint32 name;     /* string id of the range; 0: not met yet */
  GHashTable *sums; /* goroutine -> ns, both gint64 */
  gint64 from_ns, to_ns;
} Assists;

static gboolean is_assist(Assists *assists, guint32 name) {
  if (assists->name == 0 &&
      strcmp(unpark_store_string(assists->table->store, name), "GC mark assist") == 0)
    assists->name = name;
  return name == assists->name && name != 0;
}

static gboolean take_range(G_GNUC_UNUSED gint64 number, const gint64 *v, gpointer data) {
  Assists *assists = data;
  if (v[RANGE_SCOPE] != UNPARK_SCOPE_GOROUTINE || v[RANGE_START] == UNPARK_NONE ||
      !is_assist(assists, (guint32)v[RANGE_NAME]))
    return TRUE;
  gint64 end = v[RANGE_END] == UNPARK_NONE ? assists->to_ns : MIN(v[RANGE_END], assists->to_ns);
  gint64 ns = end - MAX(v[RANGE_START], assists->from_ns);
  gint64 *sum = g_hash_table_lookup(assists->sums, &v[RANGE_SCOPE_ID]);
  if (ns <= 0)
    return TRUE;
  if (!sum) {
    gint64 *pair = g_new0(gint64, 2);
    pair[0] = v[RANGE_SCOPE_ID];
    sum = &pair[1];
    g_hash_table_insert(assists->sums, pair, sum);
  }
  unpark_time_sum(sum, ns);
  return TRUE;
}

static gboolean fill_assists(UnparkGoroutineTable *table, gint64 from_ns, gint64 to_ns,
                             GCancellable *cancellable, GError **error) {
  Assists assists = {table, 0, g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                     from_ns, to_ns};
  gboolean ok = unpark_store_visit_rows(table->store, UNPARK_TABLE_RANGE, UNPARK_NONE, from_ns,
                                        to_ns, take_range, &assists, cancellable, error);
  for (guint i = 0; ok && g_hash_table_size(assists.sums) > 0 && i < table->n_rows; i++) {
    UnparkGoroutineRow *row = &table->rows[i];
    const gint64 *sum = g_hash_table_lookup(assists.sums, &row->id);
    if (!sum)
      continue;
    row->assist_ns = *sum;
    unpark_time_sum(&table->functions[row->function].assist_ns, *sum);
  }
  g_hash_table_unref(assists.sums);
  return ok;
}

/* ---- functions ------------------------------------------------------------------------------ */

static int by_length(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* What was there when the trace began has no parent, and is as old as the trace. */
static void count_life(UnparkFunctionRow *function, const UnparkGoroutine *g, gint64 start_ns,
                       gint64 from_ns, gint64 to_ns) {
  gboolean is_new = g->parent != UNPARK_NONE || g->create_ns > start_ns;
  gboolean ended = g->end_ns != UNPARK_NONE && g->end_ns <= to_ns;
  function->created += is_new && g->create_ns >= from_ns && g->create_ns <= to_ns;
  function->ended += ended && g->end_ns >= from_ns;
  function->alive += !ended;
}

static void fill_function(UnparkGoroutineTable *table, UnparkFunctionRow *function, gint64 from_ns,
                          gint64 to_ns, gint64 *lengths) {
  gint64 total = unpark_tally_total(&function->tally);
  for (guint i = 0; i < function->count; i++) {
    const UnparkGoroutineRow *row = &table->rows[function->first + i];
    const UnparkGoroutine *g = unpark_store_goroutine(table->store, row->id);
    lengths[i] = unpark_tally_total(&row->tally);
    if (g)
      count_life(function, g, unpark_store_source(table->store)->start_ns, from_ns, to_ns);
  }
  if (function->count == 0)
    return;
  qsort(lengths, function->count, sizeof *lengths, by_length);
  function->mean_ns = total / function->count;
  function->p50_ns = unpark_percentile(lengths, function->count, 50);
  function->p90_ns = unpark_percentile(lengths, function->count, 90);
  function->p99_ns = unpark_percentile(lengths, function->count, 99);
}

gboolean unpark_goroutine_table_fill(UnparkGoroutineTable *table, GCancellable *cancellable,
                                     GError **error) {
  const UnparkSource *source = unpark_store_source(table->store);
  gint64 from = CLAMP(table->from_ns, source->start_ns, source->end_ns);
  gint64 to = CLAMP(table->to_ns, from, source->end_ns);
  g_autofree gint64 *lengths = g_new(gint64, (gsize)table->n_rows + 1);
  for (guint f = 0; f < table->n_functions; f++)
    fill_function(table, &table->functions[f], from, to, lengths);
  return fill_assists(table, from, to, cancellable, error);
}
