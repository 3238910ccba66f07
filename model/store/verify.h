/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a store is whole. */
#pragma once

#include "model/store/store.h"

/* Worker. Reads and unpacks every block: some tenths of a second for 100 MB. FALSE and
 * UNPARK_ERROR_STORE: one is damaged or missing. G_IO_ERROR_CANCELLED. */
gboolean unpark_store_verify(UnparkStore *store, GCancellable *cancellable, GError **error);

/* Any thread. Whether reading has met damage since the store was opened. */
gboolean unpark_store_is_damaged(UnparkStore *store);
