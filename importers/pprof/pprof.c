/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/pprof.h"

#include <glib/gi18n-lib.h>

#include "importers/pprof/decode.h"
#include "importers/pprof/emit.h"
#include "importers/pprof/sniff.h"
#include "model/base/error.h"
#include "model/base/format.h"

static gboolean read_profile(UnparkInput *input, UnparkWriter *writer, UnparkPprofTables *tables,
                             UnparkSpool *spool, GCancellable *cancellable, GError **error) {
  UnparkPprofWords words;

  unpark_pprof_words_init(&words, writer);
  if (!unpark_pprof_decode(input, writer, tables, spool, cancellable, error))
    return FALSE;
  if (tables->types->len == 0 && spool->count == 0) {
    char size[UNPARK_FORMAT_SIZE];
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                _("%s begins like a pprof profile, but no sample and no sample type could be read "
                  "from its %s bytes; record it again"),
                unpark_input_name(input), unpark_format_number(unpark_input_offset(input), size));
    return FALSE;
  }
  return unpark_pprof_emit(tables, spool, &words, writer, unpark_input_name(input), cancellable,
                           error);
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  UnparkPprofTables tables;
  UnparkSpool spool;
  gboolean ok;

  unpark_pprof_tables_init(&tables);
  unpark_spool_init(&spool);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "pprof", "pprof protobuf", NULL,
                           UNPARK_NONE);
  ok = read_profile(input, writer, &tables, &spool, cancellable, error);
  if (ok) {
    unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, NULL, NULL, NULL,
                             tables.time_ns ? tables.time_ns : UNPARK_NONE);
    unpark_writer_count_events(writer, spool.count);
    *duration_ns = MAX(tables.duration_ns, 0);
    *complete = unpark_pprof_note_faults(&tables, writer);
  }
  unpark_pprof_tables_clear(&tables);
  unpark_spool_clear(&spool);
  return ok;
}

const UnparkImporter unpark_importer_pprof = {
    .name = "pprof",
    .title = N_("pprof profile"),
    .sniff = unpark_pprof_sniff,
    .import = import,
};
