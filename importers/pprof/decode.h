/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first pass over a profile. */
#pragma once

#include "importers/input/input.h"
#include "importers/pprof/spool.h"
#include "importers/pprof/tables.h"

/* A message or string larger than this is left out. */
#define UNPARK_PPROF_MESSAGE_MAX ((guint64)32 * 1024 * 1024)

/* Reads `input` to its end or to where it is damaged: tables to `tables` (strings into
 * `writer`), samples to `spool`. Errors: cancelled; the temporary file; UNPARK_ERROR_CORRUPT for
 * several profiles in one file; the input's own error if nothing came before it. */
gboolean unpark_pprof_decode(UnparkInput *input, UnparkWriter *writer, UnparkPprofTables *tables,
                             UnparkSpool *spool, GCancellable *cancellable, GError **error);
