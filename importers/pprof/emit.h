/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second pass: from tables and spooled samples to the writer's rows. */
#pragma once

#include "importers/pprof/kind.h"
#include "importers/pprof/spool.h"
#include "importers/pprof/tables.h"

/* Frees the location, line and function tables on the way. Errors: cancelled, the temporary
 * file, the writer. */
gboolean unpark_pprof_emit(UnparkPprofTables *tables, UnparkSpool *spool, UnparkPprofWords *words,
                           UnparkWriter *writer, const char *path, GCancellable *cancellable,
                           GError **error);
