/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/gotrace1.h"

#include <glib/gi18n-lib.h>

#include "importers/gotrace1/frequency.h"
#include "importers/gotrace1/replay.h"
#include "model/base/error.h"
#include "model/base/format.h"

#define OLDEST_KNOWN 5u /* older than any header there is */
#define OLDEST_READ 11u
#define NEWEST_READ 21u
/* Items between looks at the cancellable and the writer. */
#define ITEMS_A_LOOK 65536u

typedef struct {
  UnparkWriter *writer;
  UnparkV1Spool spool;
  UnparkV1Tables tables;
  UnparkV1Index index;
  UnparkV1Goroutines goroutines;
  UnparkV1Order order;
  UnparkV1Replay replay;
  guint64 ticks_per_second;
  gboolean input_damaged;
} Import;

static gboolean sniff(const guint8 *head, gsize size) {
  guint version = unpark_v1_header_version(head, size);
  return version >= OLDEST_KNOWN && version <= NEWEST_READ;
}

static gboolean check_version(UnparkInput *input, guint version, GError **error) {
  if (version >= OLDEST_READ && version <= NEWEST_READ)
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION,
              /* Translators: file, number, number */
              _("%s is a Go execution trace of the format “go 1.%u trace”, which is too old: the "
                "oldest that can be read is “go 1.%u trace”. Record it again with a program built "
                "by Go 1.11 or newer"),
              unpark_input_name(input), version, OLDEST_READ);
  return FALSE;
}

/* ---- Notes ------------------------------------------------------------------- */

/* TRUE: nothing of the file was lost. */
static gboolean note_losses(Import *im) {
  const UnparkV1Index *index = &im->index;
  guint64 n_missing = im->tables.missing_stacks + im->tables.missing_strings;
  guint64 n_jumps = 0;

  if (index->batches->len == 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "no-events", 1,
                       _("The file has the header of a trace, but no events"));
  if (n_missing > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "missing-stack", n_missing,
                       _("Events refer to stacks or strings that are not in the file, which keeps "
                         "them at its end; the events are shown without them"));
  for (guint i = 0; i < index->procs->len; i++)
    n_jumps += im->order.cursors[i].n_jumps;
  if (n_jumps > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "time-jump", n_jumps,
                       _("Events with a time after the end of their batch are shown at the time of "
                         "the event before them"));
  return index->ticks_per_second != 0 && index->lost_bytes == 0 && index->dropped == 0 &&
         index->batches->len > 0 && n_missing == 0 && n_jumps == 0 && !im->input_damaged &&
         im->tables.bad_strings == 0 && im->tables.bad_stacks == 0;
}

static void note_repairs(Import *im) {
  const UnparkV1Order *order = &im->order;
  const UnparkV1Replay *replay = &im->replay;
  gint64 raw = unpark_v1_clock_raw(&im->replay.clock, order->forced_ticks);
  char id[UNPARK_FORMAT_SIZE];
  g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, raw - replay->clock.zero);

  if (order->n_cgo > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_INFO, "cgo-callback", order->n_cgo,
                       _("C code called Go on its own threads, which this trace format records "
                         "only in part: goroutines that arrive from C without a creation, or "
                         "without a return from C, are shown from there on"));
  if (order->n_forced > 0)
    unpark_writer_note(
        im->writer, UNPARK_NOTE_WARNING, "forced-order", order->n_forced,
        _("Events are shown at their own time because the events that must precede them are not in "
          "the file; first %s of goroutine %s at %s ns"),
        unpark_v1_type_name(order->forced_type), unpark_format_number(order->forced_g, id), at);
  if (order->n_late > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "late-event", order->n_late,
                       _("Events are shown slightly late, after those that must precede them: the "
                         "clocks of the processors differ"));
  if (replay->n_contradicted > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "contradicted-state",
                       replay->n_contradicted,
                       _("Goroutines did something that their state does not allow; they are shown "
                         "in the new state from there on"));
  if (replay->n_meaningless > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "meaningless-event", replay->n_meaningless,
                       _("Events of an unknown goroutine, or that wake a goroutine that is not "
                         "waiting, were left out"));
  if (replay->n_odd_regions > 0)
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "misused-region", replay->n_odd_regions,
                       _("Regions do not end innermost first; their ends are estimated"));
}

static void note_input_damage(Import *im, const GError *damage) {
  if (!damage)
    return;
  im->input_damaged = TRUE;
  unpark_writer_note(
      im->writer, UNPARK_NOTE_ERROR, "unreadable-input", 1,
      _("The file could not be unpacked completely; what precedes the fault is shown: %s"),
      damage->message);
}

/* ---- The import -------------------------------------------------------------- */

static gboolean read_file(Import *im, UnparkInput *input, guint version, GCancellable *cancellable,
                          GError **error) {
  g_autofree char *folder = g_path_get_dirname(unpark_writer_temp_path(im->writer));
  g_autoptr(GError) damage = NULL;

  if (!unpark_v1_spool_fill(&im->spool, input, folder, &damage, cancellable, error))
    return FALSE;
  note_input_damage(im, damage);
  im->tables.writer = im->writer;
  return unpark_v1_index_build(&im->index, &im->spool, &im->tables, version, cancellable, error);
}

static void find_frequency(Import *im) {
  im->ticks_per_second = im->index.ticks_per_second;
  if (im->ticks_per_second != 0 || im->index.batches->len == 0)
    return;
  char ticks[UNPARK_FORMAT_SIZE];
  im->ticks_per_second = unpark_v1_frequency_guess(&im->index);
  unpark_writer_lost_stacks(im->writer); /* they stand at the end, too */
  unpark_writer_note(
      im->writer, UNPARK_NOTE_WARNING, "unknown-clock", 1,
      _("The file was cut off before the frequency of its clock: times are right only in "
        "proportion, from an estimated %s ticks a second"),
      unpark_format_number(im->ticks_per_second, ticks));
}

static gboolean replay_all(Import *im, GCancellable *cancellable, GError **error) {
  UnparkV1Item item;
  guint64 n = 0;

  while (unpark_v1_order_next(&im->order, &item)) {
    unpark_v1_replay_item(&im->replay, &im->order, &item);
    if (G_UNLIKELY(++n % ITEMS_A_LOOK == 0) &&
        (g_cancellable_set_error_if_cancelled(cancellable, error) ||
         !unpark_writer_check(im->writer, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean import_all(Import *im, UnparkInput *input, guint version, gint64 *duration_ns,
                           gboolean *complete, GCancellable *cancellable, GError **error) {
  gboolean ok;

  if (!read_file(im, input, version, cancellable, error))
    return FALSE;
  find_frequency(im);
  if (im->ticks_per_second == 0)
    im->ticks_per_second = 1;
  unpark_v1_order_init(&im->order, &im->index, &im->goroutines, im->ticks_per_second);
  unpark_v1_replay_init(&im->replay, &im->index, &im->goroutines, im->ticks_per_second);
  ok = replay_all(im, cancellable, error);
  *duration_ns = unpark_v1_replay_finish(&im->replay);
  unpark_writer_count_events(im->writer, im->index.n_records);
  if (ok) {
    *complete = note_losses(im);
    note_repairs(im);
  }
  return ok;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  gsize have;
  const guint8 *head = unpark_input_window(input, UNPARK_V1_HEADER_SIZE, &have, error);
  guint version = head ? unpark_v1_header_version(head, have) : 0;
  g_autofree char *format = g_strdup_printf("go 1.%u trace", version);
  g_autofree char *go_version = g_strdup_printf("go1.%u", version);
  Import im = {.writer = writer, .spool = {.fd = -1}};
  gboolean ok;

  if (!head || !check_version(input, version, error))
    return FALSE;
  unpark_writer_set_source(writer, UNPARK_SOURCE_TRACE, "gotrace", format, go_version, UNPARK_NONE);
  unpark_v1_goroutines_init(&im.goroutines);
  ok = import_all(&im, input, version, duration_ns, complete, cancellable, error);
  unpark_v1_replay_clear(&im.replay);
  unpark_v1_order_clear(&im.order);
  unpark_v1_goroutines_clear(&im.goroutines);
  unpark_v1_index_clear(&im.index);
  unpark_v1_tables_clear(&im.tables);
  unpark_v1_spool_clear(&im.spool);
  return ok;
}

const UnparkImporter unpark_importer_gotrace1 = {
    .name = "gotrace",
    .title = N_("Go execution trace (Go 1.11 to 1.21)"),
    .sniff = sniff,
    .import = import,
};
