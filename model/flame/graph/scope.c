/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of which goroutines and times a flame graph is. */
#include <stdlib.h>
#include <string.h>

#include "model/flame/graph/private.h"

static int by_start(const void *a, const void *b) {
  const gint64 *x = a, *y = b;
  if (x[0] != y[0])
    return x[0] < y[0] ? -1 : 1;
  return x[1] < y[1] ? -1 : x[1] > y[1];
}

static void add_interval(GHashTable *intervals, gint64 goroutine, gint64 from, gint64 to) {
  GArray *pairs = g_hash_table_lookup(intervals, &goroutine);
  gint64 pair[2] = {from, to};
  if (!pairs) {
    gint64 *key = g_new(gint64, 1);
    *key = goroutine;
    pairs = g_array_new(FALSE, FALSE, sizeof pair);
    g_hash_table_insert(intervals, key, pairs);
  }
  g_array_append_val(pairs, pair);
}

/* Sorted and without overlap. */
static void unite(GArray *pairs) {
  gint64(*p)[2] = (gint64(*)[2])(void *)pairs->data;
  guint n = 0;
  if (pairs->len > 1)
    qsort(p, pairs->len, sizeof *p, by_start);
  for (guint i = 0; i < pairs->len; i++) {
    if (n > 0 && p[i][0] <= p[n - 1][1])
      p[n - 1][1] = MAX(p[n - 1][1], p[i][1]);
    else
      memmove(p[n++], p[i], sizeof *p);
  }
  g_array_set_size(pairs, n);
}

/* The task and all below it: parents may be listed after their children. */
static GHashTable *task_family(const gint64 *tasks, guint n, guint columns, gint64 root) {
  GHashTable *family = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  gboolean grew = TRUE;
  g_hash_table_add(family, g_memdup2(&root, sizeof root));
  while (grew) {
    grew = FALSE;
    for (guint i = 0; i < n; i++) {
      const gint64 *row = tasks + (gsize)i * columns;
      if (!g_hash_table_contains(family, &row[0]) && g_hash_table_contains(family, &row[1])) {
        g_hash_table_add(family, g_memdup2(&row[0], sizeof *row));
        grew = TRUE;
      }
    }
  }
  return family;
}

/* The regions of the task; a task without regions is its goroutine while it lasts. */
static gboolean task_intervals(UnparkFlameCollector *c) {
  const gint64 from = G_MININT64 + 1, to = G_MAXINT64;
  guint n_tasks, n_regions, task_columns, region_columns;
  g_autofree gint64 *regions = NULL;
  g_autofree gint64 *tasks = unpark_store_rows(c->store, UNPARK_TABLE_TASK, from, to, &n_tasks,
                                               &task_columns, c->cancellable, c->error);
  if (!tasks && n_tasks == 0 && c->error && *c->error)
    return FALSE;
  regions = unpark_store_rows(c->store, UNPARK_TABLE_REGION, from, to, &n_regions, &region_columns,
                              c->cancellable, c->error);
  if (!regions && c->error && *c->error)
    return FALSE;
  g_autoptr(GHashTable) family = task_family(tasks, n_tasks, task_columns, c->spec->scope.task);
  c->intervals =
      g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
  for (guint i = 0; i < n_regions; i++) {
    const gint64 *row = regions + (gsize)i * region_columns;
    if (g_hash_table_contains(family, &row[0]))
      add_interval(c->intervals, row[1], row[3], row[4] == UNPARK_NONE ? G_MAXINT64 : row[4]);
  }
  for (guint i = 0; i < n_tasks && g_hash_table_size(c->intervals) == 0; i++) {
    const gint64 *row = tasks + (gsize)i * task_columns;
    if (row[0] == c->spec->scope.task)
      add_interval(c->intervals, row[3], row[4], row[5] == UNPARK_NONE ? G_MAXINT64 : row[5]);
  }
  GHashTableIter iter;
  gpointer pairs;
  g_hash_table_iter_init(&iter, c->intervals);
  while (g_hash_table_iter_next(&iter, NULL, &pairs))
    unite(pairs);
  return TRUE;
}

gboolean unpark_flame_scope_begin(UnparkFlameCollector *c) {
  const UnparkFlameScope *scope = &c->spec->scope;
  if (unpark_store_source(c->store)->kind != UNPARK_SOURCE_TRACE)
    return TRUE;
  c->by_goroutine = scope->goroutines || scope->task != UNPARK_NONE || scope->no_system ||
                    (scope->entry && *scope->entry);
  if (!unpark_store_goroutines(c->store, NULL, c->error))
    return FALSE;
  return scope->task == UNPARK_NONE || task_intervals(c);
}

static gboolean admits(UnparkFlameCollector *c, gint64 goroutine) {
  const UnparkFlameScope *scope = &c->spec->scope;
  const UnparkGoroutine *g;
  if (!c->by_goroutine)
    return TRUE;
  if (scope->goroutines && !unpark_ids_contain(scope->goroutines, scope->n_goroutines, goroutine))
    return FALSE;
  g = unpark_store_goroutine(c->store, goroutine);
  if (scope->no_system && (!g || g->system))
    return FALSE;
  return !scope->entry || !*scope->entry ||
         (g && strcmp(unpark_store_string(c->store, g->name_id), scope->entry) == 0);
}

gint64 unpark_flame_overlap(UnparkFlameCollector *c, gint64 goroutine, gint64 start, gint64 end) {
  gint64 sum = -1;
  start = MAX(start, c->spec->scope.from_ns);
  end = MIN(end, c->spec->scope.to_ns);
  if (end < start || !admits(c, goroutine))
    return -1;
  if (!c->intervals)
    return end - start;
  GArray *pairs = g_hash_table_lookup(c->intervals, &goroutine);
  for (guint i = 0; pairs && i < pairs->len; i++) {
    const gint64 *pair = &((const gint64 *)(void *)pairs->data)[i * 2];
    gint64 from = MAX(start, pair[0]), to = MIN(end, pair[1]);
    if (to >= from)
      sum = MAX(sum, 0) + (to - from);
  }
  return sum;
}
