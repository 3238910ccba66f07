/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoded columns of a store, for what computes over many rows: lanes, SQL, tables.
 *
 * What works on single goroutines and spans needs model/store/store.h only. Any thread; "worker"
 * functions may touch the disk or decode.
 */
#pragma once

#include "model/store/blocks.h"
#include "model/store/span-match.h"
#include "model/store/store.h"

/* The blocks of one fact, in the order of writing. Lives as long as the store. */
const UnparkBlockList *unpark_store_blocks(UnparkStore *store, UnparkFact fact);
/* Worker. The columns of one of them; `columns`: bit mask. NULL: damaged, or the disk failed. */
UnparkDecoded *unpark_store_decode(UnparkStore *store, UnparkFact fact, const UnparkBlockInfo *info,
                                   guint32 columns, GError **error);

typedef struct {
  gint64 proc, thread; /* UNPARK_NONE */
} UnparkStorePlace;

/* `place` is one that unpark_span_place() gave; 0 is nowhere. */
const UnparkStorePlace *unpark_store_place(const UnparkStore *store, guint32 place);

/* All stacks as a tree; loaded at first use. */
typedef struct {
  guint32 *stack_node;               /* by stack id - 1 */
  guint32 *node_parent, *node_frame; /* by node - 1 */
  guint32 *node_depth;
  gint64 *frames; /* function, file, line, inlined by frame - 1 */
  guint n_stacks, n_nodes, n_frames;
} UnparkStacks;

/* Worker. NULL on failure; owned by the store. */
const UnparkStacks *unpark_store_stacks(UnparkStore *store, GError **error);

/* Worker. What one other room computes of the whole store, once: made at first use and freed with
 * the store. `make` holds no reference to the store. NULL: it failed, and is tried again next time.
 */
gpointer unpark_store_attachment(UnparkStore *store, gpointer (*make)(UnparkStore *, GError **),
                                 GDestroyNotify destroy, GError **error);

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
UnparkState unpark_span_state(const UnparkStore *store, const UnparkDecoded *d, guint i);
void unpark_span_fill(UnparkStore *store, const UnparkDecoded *d, guint i, UnparkSpan *span);

/* Which columns of spans the tests look at, as a bit mask; whether row `i`, which has them, passes.
 */
guint32 unpark_span_test_columns(const UnparkSpanTest *tests, guint n);
gboolean unpark_span_test_passes(UnparkStore *store, const UnparkSpanTest *test,
                                 const UnparkDecoded *d, guint i);
