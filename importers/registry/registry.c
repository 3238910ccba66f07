/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/registry/registry.h"

#include <glib/gi18n-lib.h>

#include "importers/registry/find.h"
#include "importers/gotrace/gotrace.h"
#include "importers/gotrace1/gotrace1.h"
#include "importers/legacy/legacy.h"
#include "importers/pprof/pprof.h"
#include "importers/pproftext/raw.h"
#include "importers/pproftext/traces.h"
#include "importers/spans/jaeger.h"
#include "importers/spans/otlp-json.h"
#include "importers/spans/otlp-protobuf.h"
#include "importers/spans/stdouttrace.h"
#include "importers/spans/zipkin.h"
#include "importers/speedscope/speedscope.h"
#include "importers/text/bpftrace.h"
#include "importers/text/debug1.h"
#include "importers/text/delve.h"
#include "importers/text/dump.h"
#include "importers/text/folded.h"
#include "importers/text/perf.h"
#include "importers/text/race.h"
#include "model/base/error.h"
#include "model/base/format.h"

/* Strict signatures before loose ones: the first whose sniff says yes gets the file. */
const UnparkImporter *const unpark_importers[] = {
    &unpark_importer_gotrace,
    &unpark_importer_gotrace1,
    /* A protobuf with a span's ids in it; of others a few fields are enough to be sure. */
    &unpark_importer_otlp_protobuf,
    &unpark_importer_pprof,
    /* Text whose first line tells, and a binary header. */
    &unpark_importer_legacy,
    &unpark_importer_speedscope,
    &unpark_importer_otlp_json,
    &unpark_importer_jaeger,
    &unpark_importer_zipkin,
    &unpark_importer_stdouttrace,
    &unpark_importer_pprof_raw,
    &unpark_importer_pprof_traces,
    &unpark_importer_debug1,
    &unpark_importer_perf,
    /* Text that stands anywhere between other lines; a test's output may hold both. */
    &unpark_importer_race,
    &unpark_importer_dump,
    &unpark_importer_delve,
    &unpark_importer_bpftrace,
    /* Anything whose lines end with a number. */
    &unpark_importer_folded,
    NULL,
};

/* What the tick needs to tell how far the import is. */
typedef struct {
  UnparkWriter *writer;
  UnparkProgress *progress;
  gboolean live;
} ImportProgress;

static void show_progress(UnparkInput *in, gpointer data) {
  ImportProgress *p = data;
  guint64 done = unpark_input_packed_done(in);

  __atomic_store_n(&p->progress->bytes_done, done, __ATOMIC_RELAXED);
  if (p->live)
    __atomic_store_n(&p->progress->generation, unpark_writer_generation(p->writer),
                     __ATOMIC_RELEASE);
}

static void begin_progress(ImportProgress *p, UnparkInput *in) {
  __atomic_store_n(&p->progress->bytes_total, unpark_input_packed_size(in), __ATOMIC_RELAXED);
  /* Interned: whoever shows progress may still look at it when the import has returned. */
  if (p->live)
    __atomic_store_n(&p->progress->temp_path,
                     (char *)g_intern_string(unpark_writer_temp_path(p->writer)), __ATOMIC_RELEASE);
  unpark_input_set_tick(in, show_progress, p);
}

/* The temporary file is gone: renamed or removed. */
static void end_progress(ImportProgress *p) {
  if (p->live)
    __atomic_store_n(&p->progress->temp_path, NULL, __ATOMIC_RELEASE);
}

/* What was done to the bytes before the importer saw them. FALSE if something was lost. */
static gboolean note_origin(UnparkInput *in, UnparkWriter *writer, const UnparkImporter *importer) {
  UnparkInputOrigin origin;
  char at[UNPARK_FORMAT_SIZE];

  unpark_input_origin(in, &origin);
  if (origin.n_packings > 1)
    unpark_writer_note(writer, UNPARK_NOTE_INFO, "packed-twice", 1,
                       _("The file is compressed %u times over"), origin.n_packings);
  if (origin.zeros > 0)
    unpark_writer_note(writer, UNPARK_NOTE_INFO, "leading-zeros", origin.zeros,
                       _("Zero bytes at the beginning of the file were skipped"));
  if (origin.left_out > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "leading-text", 1,
                       /* Translators: "Go execution trace", position */
                       _("The file begins with other text, which was left out: the %s begins at "
                         "byte %s"),
                       _(importer->title), unpark_format_number(origin.left_out, at));
  if (origin.n_replaced > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "invalid-utf16", origin.n_replaced,
                       _("Part of the %s text is not a valid character; U+FFFD replaces it"),
                       origin.encoding);
  if (unpark_input_has_trailing_bytes(in))
    unpark_writer_note(
        writer, UNPARK_NOTE_WARNING, "trailing-bytes", 1,
        _("The file continues after its %s data with something else, which was not read"),
        unpark_input_packing(in));
  return origin.n_replaced == 0 && !unpark_input_has_trailing_bytes(in);
}

static gboolean run_importer(const UnparkImporter *importer, UnparkInput *in, UnparkWriter *writer,
                             const char *path, GCancellable *cancellable, GError **error) {
  gint64 duration_ns = 0;
  gboolean complete = TRUE;

  unpark_writer_set_path(writer, path, unpark_input_packed_size(in));
  if (!importer->import(in, writer, &duration_ns, &complete, cancellable, error))
    return FALSE;
  complete = note_origin(in, writer, importer) && complete;
  /* Standard input: only now is its length known. */
  if (unpark_input_packed_size(in) == 0)
    unpark_writer_set_path(writer, path, unpark_input_packed_done(in));
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  return unpark_writer_finish(writer, duration_ns, complete, error);
}

gboolean unpark_import(const char *path, const char *store_path, gboolean live,
                       UnparkProgress *progress, GCancellable *cancellable, GError **error) {
  UnparkProgress unseen = {0};
  ImportProgress p = {.progress = progress ? progress : &unseen, .live = live};
  g_autoptr(UnparkInput) in = unpark_input_open(path, error);
  const UnparkImporter *importer;
  gboolean ok;

  if (!in)
    return FALSE;
  unpark_input_set_cancellable(in, cancellable);
  importer = unpark_find_importer(in, unpark_importers, error);
  if (!importer)
    return FALSE;
  p.writer = unpark_writer_new(store_path, live, error);
  if (!p.writer)
    return FALSE;
  begin_progress(&p, in);
  ok = run_importer(importer, in, p.writer, path, cancellable, error);
  show_progress(in, &p);
  end_progress(&p);
  unpark_writer_free(p.writer);
  return ok;
}
