/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passed a filter: asking a result. */
#include "model/base/free-later.h"
#include "model/filter/order.h"
#include "model/filter/private.h"

static const UnparkSpanMatch *match_at(const GArray *by_lane, guint32 place) {
  return &g_array_index(by_lane, UnparkSpanMatch, place);
}

static int compare_time(const UnparkSpanMatch *x, const UnparkSpanMatch *y) {
  if (x->start_ns != y->start_ns)
    return x->start_ns < y->start_ns ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

static int compare_lane(const UnparkSpanMatch *x, const UnparkSpanMatch *y) {
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

static void keep_passing(const UnparkIdSet *goroutines, GArray *matches) {
  guint kept = 0;
  for (guint i = 0; i < matches->len; i++) {
    const UnparkSpanMatch match = *match_at(matches, i);
    if (unpark_id_set_has(goroutines, match.goroutine))
      g_array_index(matches, UnparkSpanMatch, kept++) = match;
  }
  g_array_set_size(matches, kept);
}

/* A span that passes several tests is there for each. */
static void keep_each_once(GArray *matches) {
  guint kept = 0;
  for (guint i = 0; i < matches->len; i++) {
    const UnparkSpanMatch match = *match_at(matches, i);
    if (kept == 0 || compare_lane(&match, match_at(matches, kept - 1)) != 0)
      g_array_index(matches, UnparkSpanMatch, kept++) = match;
  }
  g_array_set_size(matches, kept);
}

void unpark_filter_result_set_matches(UnparkFilterResult *result, GArray *matches) {
  keep_passing(&result->goroutines, matches);
  unpark_order_matches(matches);
  keep_each_once(matches);
  result->by_lane = g_array_ref(matches);
  result->by_time = unpark_order_by_time(matches);
  result->n_spans = matches->len;
}

UnparkFilterResult *unpark_filter_result_ref(UnparkFilterResult *result) {
  g_atomic_ref_count_inc(&result->refs);
  return result;
}

static void result_free(gpointer data) {
  UnparkFilterResult *result = data;
  for (guint i = 0; i < result->n_tests; i++) {
    g_free((gpointer)(gsize)result->tests[i].kinds);
    g_free((gpointer)(gsize)result->tests[i].stacks);
  }
  g_free(result->tests);
  unpark_id_set_clear(&result->goroutines);
  unpark_id_set_clear(&result->tasks);
  g_clear_pointer(&result->by_lane, g_array_unref);
  g_clear_pointer(&result->by_time, g_array_unref);
  g_free(result->kinds);
  g_free(result->text);
  g_free(result);
}

void unpark_filter_result_unref(UnparkFilterResult *result) {
  if (g_atomic_ref_count_dec(&result->refs))
    unpark_free_later(result, result_free);
}

/* Index of the first of by_lane not before `wanted`. */
static guint lower_bound_lane(const UnparkFilterResult *result, const UnparkSpanMatch *wanted) {
  guint low = 0, high = result->by_lane->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_lane(match_at(result->by_lane, middle), wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const UnparkSpanMatch *match_by_time(const UnparkFilterResult *result, guint at) {
  return match_at(result->by_lane, g_array_index(result->by_time, guint32, at));
}

static guint lower_bound_time(const UnparkFilterResult *result, const UnparkSpanMatch *wanted) {
  guint low = 0, high = result->by_time->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_time(match_by_time(result, middle), wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean unpark_filter_result_has(const UnparkFilterResult *result, gint64 goroutine,
                                  const UnparkItem *item) {
  if (!result->has_spans)
    return TRUE;
  if (item->count == 1 && (result->exact || result->cut))
    return item->kind < result->n_kinds && result->kinds[item->kind] &&
           item->longest_ns >= result->min_ns && item->longest_ns <= result->max_ns;
  if (result->cut) /* not all are known */
    return TRUE;
  /* Any match that begins in the item, or before it and reaches into it. */
  const UnparkSpanMatch wanted = {.goroutine = goroutine, .start_ns = item->start_ns};
  guint at = lower_bound_lane(result, &wanted);
  const UnparkSpanMatch *match =
      at < result->by_lane->len ? &g_array_index(result->by_lane, UnparkSpanMatch, at) : NULL;
  if (match && match->goroutine == goroutine &&
      match->start_ns < MAX(item->end_ns, item->start_ns + 1))
    return TRUE;
  match = at > 0 ? &g_array_index(result->by_lane, UnparkSpanMatch, at - 1) : NULL;
  return match && match->goroutine == goroutine && match->end_ns > item->start_ns;
}

gboolean unpark_filter_result_has_work(const UnparkFilterResult *result, const UnparkItem *item) {
  return unpark_id_set_has(&result->goroutines, item->goroutine);
}

const UnparkSpanMatch *unpark_filter_result_next(const UnparkFilterResult *result, gint64 start_ns,
                                                 gint64 goroutine, int direction) {
  const UnparkSpanMatch wanted = {.goroutine = goroutine, .start_ns = start_ns};
  guint at = lower_bound_time(result, &wanted);
  if (direction < 0)
    return at > 0 ? match_by_time(result, at - 1) : NULL;
  while (at < result->by_time->len && compare_time(match_by_time(result, at), &wanted) <= 0)
    at++;
  return at < result->by_time->len ? match_by_time(result, at) : NULL;
}

/* ---- one match among more than are remembered ------------------------------------------- */

typedef struct {
  const UnparkFilterResult *result;
  UnparkSpanMatch from, best;
  int direction;
  gboolean found;
} Search;

static gboolean on_nearer(const UnparkSpanMatch *match, gpointer data) {
  Search *search = data;
  if (compare_time(match, &search->from) * search->direction <= 0 ||
      (search->found && compare_time(match, &search->best) * search->direction >= 0) ||
      !unpark_id_set_has(&search->result->goroutines, match->goroutine))
    return TRUE;
  search->best = *match;
  search->found = TRUE;
  return TRUE;
}

gboolean unpark_filter_find_match(UnparkStore *store, const UnparkFilterResult *result,
                                  gint64 start_ns, gint64 goroutine, int direction,
                                  UnparkSpanMatch *match, GCancellable *cancellable,
                                  GError **error) {
  Search search = {.result = result,
                   .from = {.goroutine = goroutine, .start_ns = start_ns},
                   .direction = direction};
  gboolean ok = unpark_store_match_spans(store, result->tests, result->n_tests, on_nearer, &search,
                                         cancellable, error);
  *match = search.best;
  return ok && search.found;
}
