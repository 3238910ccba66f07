/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/span-match.h"

#include "model/store/private.h"

guint32 unpark_span_test_columns(const UnparkSpanTest *tests, guint n) {
  guint32 columns = 1u << SPAN_LANE | 1u << SPAN_START | 1u << SPAN_DURATION | 1u << SPAN_KIND;
  for (guint t = 0; t < n; t++) {
    if (tests[t].waker != UNPARK_NONE) /* the neighbours tell some wakers */
      columns = UNPARK_ALL_COLUMNS;
    if (tests[t].stacks)
      columns |= 1u << SPAN_STACK;
  }
  return columns;
}

gboolean unpark_span_test_passes(UnparkStore *store, const UnparkSpanTest *test,
                                 const UnparkDecoded *d, guint i) {
  gint64 *const *c = d->columns;
  gint64 kind = c[SPAN_KIND][i], length = c[SPAN_DURATION][i];
  if (test->kinds && !(kind > 0 && kind < store->n_kinds && test->kinds[kind]))
    return FALSE;
  if (length < test->min_ns || length > test->max_ns)
    return FALSE;
  if (test->stacks) {
    gint64 stack = c[SPAN_STACK][i];
    if (stack <= 0 || stack >= test->n_stacks || !test->stacks[stack])
      return FALSE;
  }
  return test->waker == UNPARK_NONE || (unpark_span_state(store, d, i) == UNPARK_STATE_WAITING &&
                                        unpark_span_waker(store, d, i) == test->waker);
}

gboolean unpark_store_match_spans(UnparkStore *store, const UnparkSpanTest *tests, guint n_tests,
                                  UnparkMatchVisit visit, gpointer data, GCancellable *cancellable,
                                  GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_SPAN);
  guint32 columns = unpark_span_test_columns(tests, n_tests);
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_blocks_get(store->blocks, UNPARK_FACT_SPAN, &list->blocks[b], columns, error);
    if (!d)
      return FALSE;
    for (guint t = 0; t < n_tests; t++)
      for (guint i = 0; i < d->n; i++) {
        if (!unpark_span_test_passes(store, &tests[t], d, i))
          continue;
        gint64 start = d->columns[SPAN_START][i];
        const UnparkSpanMatch match = {.goroutine = d->columns[SPAN_LANE][i],
                                       .start_ns = start,
                                       .end_ns = start + d->columns[SPAN_DURATION][i],
                                       .test = (guint16)t,
                                       .kind = (guint16)d->columns[SPAN_KIND][i]};
        if (!visit(&match, data))
          return TRUE;
      }
  }
  return TRUE;
}
