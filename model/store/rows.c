/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines, spans and rows as plain structs. */
#include <stdlib.h>
#include <string.h>

#include "model/store/private.h"

void unpark_rows_between(const gint64 *sorted, guint n, gint64 from, gint64 to, guint *first,
                         guint *last) {
  guint low = 0, high = n;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (sorted[middle] < from)
      low = middle + 1;
    else
      high = middle;
  }
  *first = low;
  high = n;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (sorted[middle] <= to)
      low = middle + 1;
    else
      high = middle;
  }
  *last = low;
}

gboolean unpark_ids_contain(const gint64 *ids, guint n, gint64 id) {
  guint first, last;
  if (!ids)
    return TRUE;
  unpark_rows_between(ids, n, id, id, &first, &last);
  return first < last;
}

/* ---- goroutines ---------------------------------------------------------------------- */

static void take_goroutine(UnparkStore *store, UnparkGoroutine *g, gint64 *const *c, guint i) {
  *g = (UnparkGoroutine){
      .id = c[G_ID][i],
      .parent = c[G_PARENT][i],
      .create_ns = c[G_CREATE][i],
      .start_ns = c[G_START][i],
      .end_ns = c[G_END][i],
      .total_ns = {c[G_RUNNING][i], c[G_RUNNABLE][i], c[G_WAITING][i], c[G_SYSCALL][i]},
      .longest_wait_ns = c[G_LONGEST_WAIT][i],
      .name_id = (guint32)c[G_NAME][i],
      .name = unpark_store_string_locked(store, (guint32)c[G_NAME][i]),
      .create_stack = (guint32)c[G_CREATE_STACK][i],
      .span_count = (guint32)c[G_SPAN_COUNT][i],
      .system = c[G_SYSTEM][i] != 0};
}

static gboolean load_goroutines(UnparkStore *store, UnparkFact fact, GArray *goroutines,
                                GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, fact);
  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d =
        unpark_blocks_get(store->blocks, fact, &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    guint at = goroutines->len;
    g_array_set_size(goroutines, at + d->n);
    for (guint i = 0; i < d->n; i++)
      take_goroutine(store, &g_array_index(goroutines, UnparkGoroutine, at + i), d->columns, i);
  }
  return TRUE;
}

static int by_id(const void *a, const void *b) {
  const UnparkGoroutine *x = a, *y = b;
  if (x->id != y->id)
    return x->id < y->id ? -1 : 1;
  return x->create_ns < y->create_ns ? -1 : x->create_ns > y->create_ns;
}

const UnparkGoroutine *unpark_store_goroutines(UnparkStore *store, guint *n, GError **error) {
  g_mutex_lock(&store->lock);
  if (!store->has_goroutines) {
    /* Not NULL where there are none. It grows with what is really there. */
    g_autoptr(GArray) all = g_array_sized_new(FALSE, FALSE, sizeof(UnparkGoroutine), 1);
    if (load_goroutines(store, UNPARK_FACT_GOROUTINE, all, error) &&
        load_goroutines(store, UNPARK_FACT_GOROUTINE_OPEN, all, error)) {
      store->n_goroutines = all->len;
      store->goroutines = (UnparkGoroutine *)g_array_free(g_steal_pointer(&all), FALSE);
      if (store->n_goroutines > 1)
        qsort(store->goroutines, store->n_goroutines, sizeof *store->goroutines, by_id);
      store->has_goroutines = TRUE;
    }
  }
  const UnparkGoroutine *goroutines = store->has_goroutines ? store->goroutines : NULL;
  if (n)
    *n = store->has_goroutines ? store->n_goroutines : 0;
  g_mutex_unlock(&store->lock);
  return goroutines;
}

const UnparkGoroutine *unpark_store_goroutine(UnparkStore *store, gint64 id) {
  guint low = 0, high = store->has_goroutines ? store->n_goroutines : 0, n = high;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (store->goroutines[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && store->goroutines[low].id == id ? &store->goroutines[low] : NULL;
}

/* ---- spans ------------------------------------------------------------------------------ */

UnparkState unpark_span_state(const UnparkStore *store, const UnparkDecoded *d, guint i) {
  gint64 kind = d->columns[SPAN_KIND][i];
  return kind > 0 && kind < store->n_kinds ? store->kinds[kind].state : UNPARK_STATE_WAITING;
}

gint64 unpark_span_waker(UnparkStore *store, const UnparkDecoded *d, guint i) {
  const gint64 *lane = d->columns[SPAN_LANE], *waker = d->columns[SPAN_WAKER];
  if (waker[i] == UNPARK_NONE && i > 0 && lane[i - 1] == lane[i] &&
      unpark_span_state(store, d, i) == UNPARK_STATE_RUNNABLE &&
      unpark_span_state(store, d, i - 1) == UNPARK_STATE_WAITING)
    return waker[i - 1];
  return waker[i];
}

guint32 unpark_span_place(UnparkStore *store, const UnparkDecoded *d, guint i) {
  const gint64 *lane = d->columns[SPAN_LANE], *place = d->columns[SPAN_PLACE];
  gint64 id = place[i];
  if (id == 0 && i + 1 < d->n && lane[i + 1] == lane[i] &&
      unpark_span_state(store, d, i) == UNPARK_STATE_RUNNABLE &&
      unpark_span_state(store, d, i + 1) == UNPARK_STATE_RUNNING)
    id = place[i + 1];
  return id > 0 && id < store->n_places ? (guint32)id : 0;
}

void unpark_span_fill(UnparkStore *store, const UnparkDecoded *d, guint i, UnparkSpan *span) {
  gint64 *const *c = d->columns;
  UnparkState state = unpark_span_state(store, d, i);
  gboolean executes = state == UNPARK_STATE_RUNNING || state == UNPARK_STATE_SYSCALL;
  guint32 place = executes ? unpark_span_place(store, d, i) : 0;
  *span = (UnparkSpan){.goroutine = c[SPAN_LANE][i],
                       .start_ns = c[SPAN_START][i],
                       .end_ns = c[SPAN_START][i] + c[SPAN_DURATION][i],
                       .kind = (guint16)c[SPAN_KIND][i],
                       .stack = (guint32)c[SPAN_STACK][i],
                       .proc = store->places[place].proc,
                       .thread = store->places[place].thread,
                       .waker = state == UNPARK_STATE_WAITING ? c[SPAN_WAKER][i] : UNPARK_NONE,
                       .waker_stack = (guint32)c[SPAN_WAKER_STACK][i]};
}

UnparkSpan *unpark_store_spans(UnparkStore *store, gint64 goroutine, gint64 from_ns, gint64 to_ns,
                               guint limit, guint *n, GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_SPAN);
  GArray *spans = g_array_new(FALSE, FALSE, sizeof(UnparkSpan));
  *n = 0;
  for (guint b = 0; b < list->n && (limit == 0 || spans->len < limit); b++) {
    guint first, last;
    if (!unpark_block_touches(&list->blocks[b], goroutine, goroutine, from_ns, to_ns))
      continue;
    g_autoptr(UnparkDecoded) d = NULL;
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !(d = unpark_blocks_get(store->blocks, UNPARK_FACT_SPAN, &list->blocks[b],
                                UNPARK_ALL_COLUMNS, error))) {
      g_array_unref(spans);
      return NULL;
    }
    unpark_rows_between(d->columns[SPAN_LANE], d->n, goroutine, goroutine, &first, &last);
    for (guint i = first; i < last && (limit == 0 || spans->len < limit); i++) {
      UnparkSpan span;
      unpark_span_fill(store, d, i, &span);
      if (span.start_ns <= to_ns && span.end_ns >= from_ns)
        g_array_append_val(spans, span);
    }
  }
  *n = spans->len;
  return (UnparkSpan *)g_array_free(spans, spans->len == 0);
}

gboolean unpark_store_visit_spans(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                  UnparkSpanVisit visit, gpointer data, GCancellable *cancellable,
                                  GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_SPAN);
  g_autofree UnparkSpan *spans = g_new(UnparkSpan, UNPARK_BLOCK_ROWS);
  for (guint b = 0; b < list->n; b++) {
    guint n = 0;
    if (!unpark_block_touches(&list->blocks[b], G_MININT64, G_MAXINT64, from_ns, to_ns))
      continue;
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d = unpark_blocks_get(store->blocks, UNPARK_FACT_SPAN,
                                                   &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 start = d->columns[SPAN_START][i];
      if (start <= to_ns && start + d->columns[SPAN_DURATION][i] >= from_ns)
        unpark_span_fill(store, d, i, &spans[n++]);
    }
    if (n > 0 && !visit(spans, n, data))
      return TRUE;
  }
  return TRUE;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static gboolean row_touches(const UnparkFactSpec *spec, gint64 *const *c, guint i, gint64 from_ns,
                            gint64 to_ns) {
  if (spec->start < 0)
    return TRUE;
  gint64 start = c[spec->start][i], end = start; /* UNPARK_NONE: began before the trace */
  if (spec->end >= 0)
    end = c[spec->end][i] == UNPARK_NONE ? G_MAXINT64 : c[spec->end][i];
  else if (spec->duration >= 0)
    end += c[spec->duration][i];
  return start <= to_ns && end >= from_ns;
}

gint64 *unpark_store_rows(UnparkStore *store, int table, gint64 from_ns, gint64 to_ns,
                          guint *n_rows, guint *n_columns, GCancellable *cancellable,
                          GError **error) {
  g_return_val_if_fail(table >= 0 && table < UNPARK_FACT_STRING, NULL);
  const UnparkFactSpec *spec = &unpark_facts[table];
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, (UnparkFact)table);
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  *n_rows = 0;
  *n_columns = spec->n_columns;
  for (guint b = 0; b < list->n; b++) {
    if (spec->start >= 0 &&
        !unpark_block_touches(&list->blocks[b], G_MININT64, G_MAXINT64, from_ns, to_ns))
      continue;
    g_autoptr(UnparkDecoded) d = NULL;
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !(d = unpark_blocks_get(store->blocks, (UnparkFact)table, &list->blocks[b],
                                UNPARK_ALL_COLUMNS, error))) {
      g_array_unref(rows);
      return NULL;
    }
    for (guint i = 0; i < d->n; i++) {
      if (!row_touches(spec, d->columns, i, from_ns, to_ns))
        continue;
      for (guint c = 0; c < spec->n_columns; c++)
        g_array_append_val(rows, d->columns[c][i]);
      ++*n_rows;
    }
  }
  return (gint64 *)g_array_free(rows, *n_rows == 0);
}
