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

/* Notes that the measure `zero` would be shown first, but is 0 everywhere, as `others` (a list of
 * names, `shown` among them) are not. For every reader of profiles. */
void unpark_pprof_note_zero(UnparkWriter *writer, const char *zero, const char *shown,
                            const char *others);
