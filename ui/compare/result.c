/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/result.h"

#include "model/filter/filter.h"
#include "model/lanes/tracks.h"

UnparkCompareRequest *unpark_compare_request_new(const UnparkCompareRequest *wanted) {
  UnparkCompareRequest *request = g_new(UnparkCompareRequest, 1);
  *request = *wanted;
  unpark_store_ref(request->a.store);
  unpark_store_ref(request->b.store);
  if (request->keeper)
    g_object_ref(request->keeper);
  request->filter = g_strdup(wanted->filter);
  return request;
}

void unpark_compare_request_free(gpointer data) {
  UnparkCompareRequest *request = data;
  unpark_store_unref(request->a.store);
  unpark_store_unref(request->b.store);
  g_clear_object(&request->keeper);
  g_free(request->filter);
  g_free(request);
}

/* What passes; NULL without *error: everything does. */
static UnparkFilterResult *filter(const UnparkCompareRequest *request, UnparkStore *store,
                                  GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkTrackIndex) tracks = NULL;
  if (!*request->filter || unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
    return NULL;
  tracks = unpark_track_index_read(store, cancellable, error);
  return tracks ? unpark_filter_apply(store, request->filter, tracks, cancellable, error) : NULL;
}

static UnparkComparePart part_of(const UnparkCompareAsk *ask, const UnparkFilterResult *filtered) {
  return (UnparkComparePart){ask->from_ns, ask->to_ns, filtered ? &filtered->goroutines : NULL,
                             filtered ? &filtered->tasks : NULL};
}

gpointer unpark_compare_result_new(gpointer data, GCancellable *cancellable, GError **error) {
  const UnparkCompareRequest *request = data;
  g_autoptr(GError) failure = NULL;
  g_autoptr(UnparkFilterResult) of_a = filter(request, request->a.store, cancellable, &failure);
  g_autoptr(UnparkFilterResult) of_b =
      failure ? NULL : filter(request, request->b.store, cancellable, &failure);
  UnparkStore *const a[] = {request->a.store}, *const b[] = {request->b.store};
  const UnparkComparePart part_a = part_of(&request->a, of_a), part_b = part_of(&request->b, of_b);
  const UnparkCompareSpec spec = {.a = a,
                                  .b = b,
                                  .n_a = 1,
                                  .n_b = 1,
                                  .by = request->by,
                                  .per = request->per,
                                  .parts_a = &part_a,
                                  .parts_b = &part_b};
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  UnparkComparison *comparison = unpark_compare_new(&spec, cancellable, error);
  if (!comparison)
    return NULL;
  UnparkCompareResult *result = g_atomic_rc_box_new0(UnparkCompareResult);
  result->comparison = comparison;
  return result;
}

UnparkCompareResult *unpark_compare_result_ref(UnparkCompareResult *result) {
  return g_atomic_rc_box_acquire(result);
}

static void clear(gpointer data) {
  unpark_compare_free(((UnparkCompareResult *)data)->comparison);
}

void unpark_compare_result_unref(UnparkCompareResult *result) {
  if (result)
    g_atomic_rc_box_release_full(result, clear);
}
