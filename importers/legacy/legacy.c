/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/legacy.h"

#include <glib/gi18n-lib.h>

#include "importers/legacy/cpu.h"
#include "importers/legacy/text.h"

static void note(UnparkLegacy *l, const char *name, guint64 count, const char *detail) {
  if (count > 0)
    unpark_writer_note(l->writer, UNPARK_NOTE_WARNING, name, count, "%s", detail);
}

static void write_profile(UnparkLegacy *l) {
  unpark_legacy_stacks_flush(&l->stacks);
  unpark_maps_write(l->maps, l->writer);
  unpark_text_profile(l->writer, &l->profile);
  for (guint i = 0; i < l->stacks.n_values; i++)
    unpark_text_sample_type(l->writer, i, l->types[i], l->units[i]);
  unpark_writer_count_events(l->writer, (guint64)l->stacks.n_written);
}

/* TRUE if nothing was lost. */
static gboolean write_notes(UnparkLegacy *l) {
  guint64 dropped = unpark_maps_dropped(l->maps);

  note(l, "unknown-line", l->n_unknown,
       _("A line is not a record of this kind of profile and was left out"));
  note(l, "truncated", l->cut, _("The file ends within a sample, or before the end marker"));
  note(l, "early-stacks", l->stacks.n_early, _("A stack comes before the names of its addresses"));
  note(l, "deep-stack", l->stacks.n_deep, _("The outer frames of a very deep stack were left out"));
  note(l, "many-mappings", dropped,
       _("There are more memory mappings than are kept; the rest were left out"));
  return l->n_unknown == 0 && !l->cut && l->stacks.n_early == 0 && l->stacks.n_deep == 0 &&
         dropped == 0;
}

static gboolean read_any(UnparkLegacy *l, gboolean *whole, GError **error) {
  UnparkLines lines;
  const guint8 *head;
  gsize have;

  head = unpark_input_window(l->input, UNPARK_SNIFF_SIZE, &have, error);
  if (!head)
    return FALSE;
  if (unpark_legacy_cpu_sniff(head, have))
    return unpark_legacy_cpu_read(l, error);
  unpark_lines_init(&lines, l->input, l->writer, l->cancellable);
  if (!unpark_legacy_text_read(l, &lines, error))
    return FALSE;
  *whole = unpark_lines_note(&lines);
  return TRUE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  UnparkLegacy l = {
      .writer = writer, .input = input, .cancellable = cancellable, .maps = unpark_maps_new()};
  gboolean whole = TRUE, ok;

  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "pprof-legacy",
                           "pprof (older form, without names)", NULL, UNPARK_NONE);
  ok = read_any(&l, &whole, error);
  if (ok) {
    write_profile(&l);
    *duration_ns = l.profile.duration_ns == UNPARK_NONE ? 0 : l.profile.duration_ns;
    *complete = write_notes(&l) && whole;
  }
  unpark_legacy_stacks_clear(&l.stacks);
  unpark_maps_free(l.maps);
  g_free(l.unit);
  return ok;
}

static gboolean sniff(const guint8 *bytes, gsize size) {
  UnparkText line;
  gsize at = 0;

  if (unpark_legacy_cpu_sniff(bytes, size))
    return TRUE;
  while (unpark_lines_of_head(bytes, size, &at, &line)) {
    line = unpark_text_strip(line);
    if (line.len > 0 && line.text[0] != '#')
      return unpark_legacy_text_head(line);
  }
  return FALSE;
}

const UnparkImporter unpark_importer_legacy = {
    .name = "pprof-legacy",
    .title = N_("pprof profile of C++ or Java"),
    .expects = N_("“--- contentionz 1 ---” or “--- threadz 1 ---”"),
    .sniff = sniff,
    .import = import,
};
