/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of a store share; model's own files only. */
#pragma once

#include "model/store/blocks.h"
#include "model/store/span-match.h"
#include "model/store/store.h"

typedef struct {
  gint64 proc, thread; /* UNPARK_NONE */
} UnparkStorePlace;

/* All stacks as a tree; loaded at first use. */
typedef struct {
  guint32 *stack_node;               /* by stack id - 1 */
  guint32 *node_parent, *node_frame; /* by node - 1 */
  guint32 *node_depth;
  gint64 *frames; /* function, file, line, inlined by frame - 1 */
  guint n_stacks, n_nodes, n_frames;
} UnparkStacks;

struct _UnparkStore {
  gint ref_count; /* atomic */
  char *path;
  gboolean live;
  UnparkBlocks *blocks;
  UnparkSource source;
  char *source_texts[4];
  UnparkNote *notes;
  guint n_notes;
  UnparkKind *kinds; /* by id; 0 is unused */
  guint n_kinds;
  UnparkStorePlace *places; /* by id; 0 is nowhere */
  guint n_places;
  gint64 *procs, *threads;
  guint n_procs, n_threads;

  GMutex lock; /* what is loaded at first use */
  UnparkGoroutine *goroutines;
  guint n_goroutines;
  gboolean has_goroutines;
  UnparkStacks *stacks;
  char ***strings; /* by string block: texts; NULL: not loaded */
};

/* NULL on failure. */
const UnparkStacks *unpark_store_stacks(UnparkStore *store, GError **error);

/* Whether a block may hold rows of the lanes and the time. */
static inline gboolean unpark_block_touches(const UnparkBlockInfo *info, gint64 lane_from,
                                            gint64 lane_to, gint64 from_ns, gint64 to_ns) {
  return info->lane_min <= lane_to && info->lane_max >= lane_from && info->time_min <= to_ns &&
         info->time_max >= from_ns;
}

/* Whether `id` is among n ascending ids; NULL stands for all. */
gboolean unpark_ids_contain(const gint64 *ids, guint n, gint64 id);

/* The rows [*first, *last) of a column that is sorted whose values are in [from, to]. */
void unpark_rows_between(const gint64 *sorted, guint n, gint64 from, gint64 to, guint *first,
                         guint *last);

/* waker and place of row i of decoded spans, with what the neighbours tell of runnable ones. */
gint64 unpark_span_waker(UnparkStore *store, const UnparkDecoded *d, guint i);
guint32 unpark_span_place(UnparkStore *store, const UnparkDecoded *d, guint i);
static inline UnparkState unpark_span_state(const UnparkStore *store, const UnparkDecoded *d,
                                            guint i) {
  gint64 kind = d->columns[SPAN_KIND][i];
  return kind > 0 && kind < store->n_kinds ? store->kinds[kind].state : UNPARK_STATE_WAITING;
}
void unpark_span_fill(UnparkStore *store, const UnparkDecoded *d, guint i, UnparkSpan *span);

/* Which columns of spans the tests look at, as a bit mask; whether row `i`, which has them, passes.
 */
guint32 unpark_span_test_columns(const UnparkSpanTest *tests, guint n);
gboolean unpark_span_test_passes(UnparkStore *store, const UnparkSpanTest *test,
                                 const UnparkDecoded *d, guint i);
