/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/verify.h"

#include "model/store/private.h"

gboolean unpark_store_verify(UnparkStore *store, GCancellable *cancellable, GError **error) {
  for (guint fact = 0; fact < UNPARK_N_FACTS; fact++) {
    const UnparkBlockList *list = unpark_blocks_list(store->blocks, (UnparkFact)fact);
    for (guint b = 0; b < list->n; b++)
      if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
          !unpark_blocks_check(store->blocks, (UnparkFact)fact, &list->blocks[b], error))
        return FALSE;
  }
  return TRUE;
}

gboolean unpark_store_is_damaged(UnparkStore *store) {
  return unpark_blocks_is_damaged(store->blocks);
}
