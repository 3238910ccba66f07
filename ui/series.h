/* The runtime's own story: collector phases, stop-the-world, heap and goal, GOMAXPROCS.
 * Read once from the store in a worker; afterwards immutable, any thread. */
#pragma once

#include "model/store.h"
#include "ui/lane-raster.h"

typedef struct {
  GArray *heap, *goal, *gomaxprocs; /* of UnparkSample, ascending */
  GArray *gc, *stw;                 /* of UnparkStretch, ascending */
  double top_bytes;                 /* largest of heap and goal */
  double top_procs;
} UnparkSeries;

UnparkSeries *unpark_series_read(UnparkStore *store, GCancellable *cancellable, GError **error);
void unpark_series_free(UnparkSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSeries, unpark_series_free)

/* The last value at `ns`; FALSE if there is none yet. */
gboolean unpark_series_at(const GArray *samples, gint64 ns, double *value);
