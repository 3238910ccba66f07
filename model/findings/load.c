/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How busy the processors were, and functions of which very many goroutines live at once. */
#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/findings/private.h"
#include "model/store/scan.h"

#define CPU_BUSY 0.95
#define CPU_SLEEPS 3      /* sleeps that ended: what a full processor makes late */
#define GROWTH_ALIVE 1000 /* goroutines of one function at once */

/* ---- processors -------------------------------------------------------------------------- */

static void note_procs(UnparkFindingSearch *s, gint64 procs) {
  s->procs_least = s->procs_least > 0 ? MIN(s->procs_least, procs) : procs;
  s->procs_most = MAX(s->procs_most, procs);
}

/* GOMAXPROCS summed over the asked time: it can change within a trace. Before its first sample it
 * is what that says. */
static gboolean sum_gomaxprocs(UnparkFindingSearch *s, double *sum, GError **error) {
  guint n, n_columns;
  GError *failure = NULL;
  gint64 value = 0, since = s->from_ns;
  g_autofree gint64 *rows = unpark_store_rows(s->store, UNPARK_TABLE_METRIC, G_MININT64 + 1,
                                              s->to_ns, &n, &n_columns, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * n_columns;
    const char *name = unpark_store_string(s->store, (guint32)row[METRIC_NAME]);
    if (row[METRIC_TIME] > s->to_ns || strcmp(name, "/sched/gomaxprocs:threads") != 0)
      continue;
    if (value > 0 && row[METRIC_TIME] > since) {
      *sum += (double)value * (double)(row[METRIC_TIME] - since);
      note_procs(s, value);
      since = row[METRIC_TIME];
    }
    value = CLAMP(row[METRIC_VALUE], 1, 1 << 20);
  }
  if (value == 0) {
    unpark_store_procs(s->store, &n);
    value = MAX(n, 1);
  }
  *sum += (double)value * (double)MAX(s->to_ns - since, 0);
  note_procs(s, value);
  return TRUE;
}

gboolean unpark_findings_measure_load(UnparkFindingSearch *s, GError **error) {
  if (!sum_gomaxprocs(s, &s->capacity_ns, error))
    return FALSE;
  s->capacity_ns = MAX(s->capacity_ns, 1);
  s->procs = s->capacity_ns / s->length_ns;
  s->busy = CLAMP(((double)s->sums.running_ns + (double)s->sums.system_ns) / s->capacity_ns, 0, 1);
  return TRUE;
}

static guint64 count_sleeps(UnparkFindingSearch *s) {
  GHashTableIter iter;
  gpointer value;
  guint64 n = 0;
  g_hash_table_iter_init(&iter, s->sums.places);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const UnparkPlaceSum *sum = value;
    const UnparkKind *kind = unpark_store_kind(s->store, sum->kind);
    if (kind->state == UNPARK_STATE_WAITING && kind->wait == UNPARK_WAIT_SLEEP)
      n += sum->count;
  }
  return n;
}

/* A batch that keeps its processors busy is as it should be: this is worth a word only where
 * something sleeps and may wake late. */
void unpark_findings_cpu(UnparkFindingSearch *s) {
  GHashTableIter iter;
  gpointer key, value;
  UnparkFinding found = {.type = UNPARK_FINDING_CPU,
                         .holder = UNPARK_NONE,
                         .level = s->busy >= 0.99 ? UNPARK_FINDING_NOTABLE : UNPARK_FINDING_MINOR,
                         .count = (guint64)(s->procs + 0.5),
                         .share = s->busy,
                         .goroutine = UNPARK_NONE,
                         .start_ns = UNPARK_NONE,
                         .end_ns = UNPARK_NONE};
  if (s->busy < CPU_BUSY || count_sleeps(s) < CPU_SLEEPS)
    return;
  g_hash_table_iter_init(&iter, s->sums.running);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    gint64 ns = *(const gint64 *)value;
    guint32 name_id = GPOINTER_TO_UINT(key);
    if (ns > found.total_ns || (ns == found.total_ns && name_id < found.name_id)) {
      found.total_ns = ns;
      found.name_id = name_id;
    }
  }
  g_array_append_val(s->found, found);
}

/* ---- goroutines alive at once ------------------------------------------------------------ */

/* A goroutine of `name_id` comes (1) or goes (-1). */
typedef struct {
  guint32 name_id;
  int change;
  gint64 time_ns;
} Change;

static int by_name_and_time(const void *a, const void *b) {
  const Change *x = a, *y = b;
  if (x->name_id != y->name_id)
    return x->name_id < y->name_id ? -1 : 1;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->change - y->change; /* one that ends makes room first */
}

/* How many goroutines each function has in all; those with few cannot have many at once. */
static GHashTable *count_names(const UnparkGoroutine *all, guint n) {
  GHashTable *counts = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < n; i++) {
    gpointer key = GUINT_TO_POINTER(all[i].name_id);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
    g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
  }
  return counts;
}

static GArray *list_changes(UnparkFindingSearch *s, const gint64 *ids, guint n_ids) {
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(s->store, &n, NULL);
  g_autoptr(GHashTable) counts = count_names(all, n);
  GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));
  for (guint i = 0; i < n; i++) {
    const UnparkGoroutine *g = &all[i];
    guint same = GPOINTER_TO_UINT(g_hash_table_lookup(counts, GUINT_TO_POINTER(g->name_id)));
    if (same < GROWTH_ALIVE || g->system || !g->name_id || !unpark_ids_contain(ids, n_ids, g->id))
      continue;
    Change comes = {g->name_id, 1, MAX(g->create_ns, 0)}, goes = {g->name_id, -1, g->end_ns};
    g_array_append_val(changes, comes);
    if (g->end_ns != UNPARK_NONE)
      g_array_append_val(changes, goes);
  }
  g_array_sort(changes, by_name_and_time);
  return changes;
}

/* Reports it unless most were there before the trace, or mostly ran. */
static void add_growth(UnparkFindingSearch *s, UnparkFinding *found, gint64 first_ns,
                       const gint64 *ids, guint n_ids) {
  guint n, created = 0;
  double total[UNPARK_N_STATES] = {0}, all = 0;
  const UnparkGoroutine *goroutines = unpark_store_goroutines(s->store, &n, NULL);
  for (guint i = 0; i < n; i++) {
    const UnparkGoroutine *g = &goroutines[i];
    if (g->name_id != found->name_id || !unpark_ids_contain(ids, n_ids, g->id))
      continue;
    for (guint k = 0; k < UNPARK_N_STATES; k++)
      total[k] += (double)g->total_ns[k];
    created += g->parent != UNPARK_NONE && g->create_ns > 0 && g->create_ns <= found->start_ns;
    if (!found->stack)
      found->stack = g->create_stack;
  }
  for (guint k = 0; k < UNPARK_N_STATES; k++)
    all += total[k];
  if (created < found->count / 2 || total[UNPARK_STATE_RUNNING] > all / 2)
    return;
  found->total_ns = (gint64)MIN(total[UNPARK_STATE_WAITING], 9e18);
  found->share = created / (MAX((double)found->start_ns - (double)first_ns, 1) / 1e9);
  found->end_ns = found->start_ns;
  found->level =
      unpark_finding_level_of((double)found->count, 5.0 * GROWTH_ALIVE, 50.0 * GROWTH_ALIVE);
  g_array_append_val(s->found, *found);
}

void unpark_findings_growth(UnparkFindingSearch *s, const gint64 *ids, guint n_ids) {
  g_autoptr(GArray) changes = list_changes(s, ids, n_ids);
  for (guint i = 0; i < changes->len;) {
    const Change *first = &g_array_index(changes, Change, i);
    UnparkFinding found = {.type = UNPARK_FINDING_GROWTH,
                           .name_id = first->name_id,
                           .holder = UNPARK_NONE,
                           .goroutine = UNPARK_NONE,
                           .start_ns = UNPARK_NONE};
    gint64 alive = 0;
    for (; i < changes->len && g_array_index(changes, Change, i).name_id == found.name_id; i++) {
      alive += g_array_index(changes, Change, i).change;
      if (alive > (gint64)found.count) {
        found.count = (guint64)alive;
        found.start_ns = g_array_index(changes, Change, i).time_ns;
      }
    }
    if (found.count >= GROWTH_ALIVE)
      add_growth(s, &found, first->time_ns, ids, n_ids);
  }
}
