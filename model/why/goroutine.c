/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/goroutine.h"

#include <stdlib.h>

#include "model/base/times.h"
#include "model/why/wait-lane.h"

typedef struct {
  UnparkStore *store;
  UnparkKindTotal *totals; /* by kind */
  GArray *waits;           /* UnparkSpan: the longest so far, longest first */
  guint n_longest;
} Work;

static void keep_wait(Work *work, const UnparkSpan *span) {
  gint64 length = span->end_ns - span->start_ns;
  guint at = work->waits->len;
  while (at > 0) {
    const UnparkSpan *other = &g_array_index(work->waits, UnparkSpan, at - 1);
    if (other->end_ns - other->start_ns >= length)
      break;
    at--;
  }
  if (at >= work->n_longest)
    return;
  g_array_insert_vals(work->waits, at, span, 1);
  if (work->waits->len > work->n_longest)
    g_array_set_size(work->waits, work->n_longest);
}

static void take_span(const UnparkSpan *span, gpointer data) {
  Work *work = data;
  const UnparkKind *kind = unpark_store_kind(work->store, span->kind);
  gint64 length = span->end_ns - span->start_ns;
  if (!kind)
    return;
  UnparkKindTotal *total = &work->totals[span->kind];
  if (total->count++ == 0 || length > total->longest_ns) {
    total->longest_ns = length;
    total->longest_start_ns = span->start_ns;
  }
  unpark_time_sum(&total->total_ns, length);
  if (kind->state == UNPARK_STATE_WAITING)
    keep_wait(work, span);
}

static int by_total(const void *a, const void *b) {
  const UnparkKindTotal *x = a, *y = b;
  if (x->total_ns != y->total_ns)
    return x->total_ns > y->total_ns ? -1 : 1;
  return (int)x->kind - (int)y->kind;
}

static void list_kinds(const Work *work, UnparkGoroutineSummary *summary) {
  guint n = unpark_store_n_kinds(work->store);
  summary->kinds = g_new(UnparkKindTotal, n + 1);
  for (guint i = 1; i < n; i++) {
    if (work->totals[i].count == 0)
      continue;
    summary->kinds[summary->n_kinds] = work->totals[i];
    summary->kinds[summary->n_kinds++].kind = (guint16)i;
  }
  if (summary->n_kinds > 1)
    qsort(summary->kinds, summary->n_kinds, sizeof *summary->kinds, by_total);
}

static void list_children(const UnparkGoroutine *all, guint n, gint64 parent,
                          UnparkGoroutineSummary *summary) {
  GArray *children = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < n; i++)
    if (all[i].parent == parent)
      g_array_append_val(children, all[i].id);
  summary->n_children = children->len;
  summary->children = (gint64 *)(void *)g_array_free(children, FALSE);
}

UnparkGoroutineSummary *unpark_goroutine_summary(UnparkStore *store, gint64 goroutine,
                                                 guint n_longest, GCancellable *cancellable,
                                                 GError **error) {
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, error);
  const UnparkGoroutine *g = all ? unpark_store_goroutine(store, goroutine) : NULL;
  if (!g)
    return NULL;
  Work work = {.store = store, .n_longest = n_longest};
  g_autofree UnparkKindTotal *totals = g_new0(UnparkKindTotal, unpark_store_n_kinds(store) + 1);
  UnparkGoroutineSummary *summary = g_new0(UnparkGoroutineSummary, 1);
  g_auto(UnparkWalker) walker;
  unpark_walker_init(&walker, store, cancellable);
  work.totals = totals;
  work.waits = g_array_new(FALSE, FALSE, sizeof(UnparkSpan));
  gboolean ok = unpark_walker_each(&walker, goroutine, take_span, &work, error);
  summary->goroutine = *g;
  summary->n_waits = work.waits->len;
  summary->waits = (UnparkSpan *)(void *)g_array_free(work.waits, FALSE);
  if (!ok) {
    unpark_goroutine_summary_free(summary);
    return NULL;
  }
  list_kinds(&work, summary);
  list_children(all, n, goroutine, summary);
  return summary;
}

void unpark_goroutine_summary_free(UnparkGoroutineSummary *summary) {
  if (!summary)
    return;
  g_free(summary->kinds);
  g_free(summary->children);
  g_free(summary->waits);
  g_free(summary);
}
