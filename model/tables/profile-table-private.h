/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of profile tables share. */
#pragma once

#include "model/base/times.h"
#include "model/tables/profile-table.h"
#include "model/store/decode.h"

/* Values by node of the store's tree of stacks. */
typedef struct {
  UnparkStore *store; /* a reference */
  const UnparkStacks *stacks;
  gint64 *self, *sum; /* by node - 1 */
  guint32 *order;     /* nodes of samples and of their callers, depth first, callers before */
  guint n_order;
  guint32 *frame_row; /* by frame (0: unknown code): row of its function */
} UnparkProfileTree;

/* Worker. Without values; NULL if the stacks cannot be read. */
UnparkProfileTable *unpark_profile_table_empty(UnparkStore *store, GError **error);
/* Worker. From `self` of the tree, which is filled, to rows. `seen`, by node - 1, is set where a
 * sample with a value ends; it is used up. */
gboolean unpark_profile_table_sum(UnparkProfileTable *table, guint8 *seen,
                                  GCancellable *cancellable, GError **error);

static inline guint64 unpark_profile_size(gint64 value) {
  return value < 0 ? (guint64)0 - (guint64)value : (guint64)value;
}

static inline guint32 unpark_profile_row_of(const UnparkProfileTree *tree, guint32 node) {
  return tree->frame_row[tree->stacks->node_frame[node - 1]];
}

/* Now and then in long loops. */
static inline gboolean unpark_profile_stop(gsize i, GCancellable *cancellable, GError **error) {
  return (i & 0xffff) == 0 && g_cancellable_set_error_if_cancelled(cancellable, error);
}
