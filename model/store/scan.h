/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading all blocks of a fact, on some threads. */
#pragma once

#include "model/store/decode.h"

#define UNPARK_SCAN_THREADS 2

/* What each block is handed to, with its thread's data. */
typedef void (*UnparkScanTake)(const UnparkDecoded *block, gpointer data);

/* Worker. The blocks of `fact` that may touch [from_ns, to_ns], with `columns` (a mask), each on
 * one of the threads and in their order there. FALSE: *error, G_IO_ERROR_CANCELLED included; what
 * was taken before is there. */
gboolean unpark_scan(UnparkStore *store, UnparkFact fact, guint32 columns, gint64 from_ns,
                     gint64 to_ns, UnparkScanTake take, const gpointer data[UNPARK_SCAN_THREADS],
                     GCancellable *cancellable, GError **error);
