/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/text.h"

#include <glib/gi18n-lib.h>

#include "importers/legacy/java.h"
#include "importers/legacy/jemalloc.h"
#include "importers/legacy/threads.h"
#include "importers/text/debug1-head.h"
#include "model/base/error.h"

/* Only Java agents write it. */
static gboolean is_java_heap(UnparkText line) {
  return unpark_text_starts(line, UNPARK_TEXT("--- heapz "));
}

gboolean unpark_legacy_text_head(UnparkText line) {
  UnparkDebug1Head head;

  if (unpark_text_starts(line, UNPARK_TEXT("--- threadz ")) ||
      unpark_text_starts(line, UNPARK_TEXT("--- Thread ")) || is_java_heap(line) ||
      unpark_jemalloc_head(line, NULL))
    return TRUE;
  return unpark_debug1_head(line, &head) && head.addresses_only;
}

static void take_addresses(UnparkLegacy *l, UnparkText rest) {
  guint64 address;

  for (;;) {
    unpark_text_take_blanks(&rest);
    if (!unpark_text_take_hex(&rest, &address))
      break;
    unpark_legacy_stacks_address(&l->stacks, address - 1); /* the call, not where it returns */
  }
  l->n_unknown += rest.len > 0;
}

/* FALSE at the end of the samples. */
static gboolean take_line(UnparkLegacy *l, UnparkDebug1Head *head, UnparkText line) {
  gint64 values[UNPARK_DEBUG1_VALUES_MAX], block_size;

  if (line.len == 0 || line.text[0] == '#')
    return TRUE;
  if (unpark_text_starts(line, UNPARK_TEXT("---")) || unpark_maps_begin(line))
    return FALSE;
  if (head->form == UNPARK_DEBUG1_CYCLES && l->stacks.samples->len == 0 &&
      unpark_debug1_attribute(line, head))
    return TRUE;
  if (unpark_debug1_values(head, &line, values, &block_size)) {
    unpark_legacy_stacks_sample(&l->stacks, values, block_size);
    take_addresses(l, line);
  } else {
    l->n_unknown++;
  }
  return TRUE;
}

static gboolean read_map(UnparkLegacy *l, UnparkLines *lines, UnparkText line, GError **error) {
  g_autoptr(GError) failure = NULL;

  while (!unpark_maps_begin(line))
    if (!unpark_lines_next(lines, &line, &failure))
      break;
  while (!failure && unpark_lines_next(lines, &line, &failure))
    unpark_maps_line(l->maps, line);
  unpark_maps_end(l->maps);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

static gboolean read_records(UnparkLegacy *l, UnparkLines *lines, UnparkDebug1Head *head,
                             GError **error) {
  gboolean heap = head->form == UNPARK_DEBUG1_HEAP, more;
  g_autoptr(GError) failure = NULL;
  UnparkText line = UNPARK_TEXT("");
  guint n = unpark_debug1_types(head, "", l->types, l->units);

  unpark_legacy_stacks_init(&l->stacks, l->writer, l->maps, n);
  while ((more = unpark_lines_next(lines, &line, &failure)) &&
         take_line(l, head, unpark_text_strip(line)))
    ;
  if (!more) /* the last line's bytes are gone */
    line = UNPARK_TEXT("");
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  l->profile = (UnparkTextProfile){.kind = heap ? "heap" : "block",
                                   .period = head->period,
                                   .period_type = heap ? "space" : "contentions",
                                   .period_unit = heap ? "bytes" : "count",
                                   .duration_ns = head->duration_ns};
  return read_map(l, lines, line, error);
}

static gboolean read_threads(UnparkLegacy *l, UnparkLines *lines, UnparkText head, GError **error) {
  UnparkText line = head;

  if (!unpark_threads_read(l, lines, &line, error))
    return FALSE;
  return read_map(l, lines, line, error);
}

static gboolean read_jemalloc(UnparkLegacy *l, UnparkLines *lines, gint64 rate, GError **error) {
  UnparkText line;

  if (!unpark_jemalloc_read(l, lines, rate, &line, error))
    return FALSE;
  return read_map(l, lines, line, error);
}

/* The first line that is no comment. FALSE without one. */
static gboolean read_head(UnparkLines *lines, UnparkText *head, GError **failure) {
  UnparkText line;

  while (unpark_lines_next(lines, &line, failure)) {
    *head = unpark_text_strip(line);
    if (head->len > 0 && head->text[0] != '#')
      return TRUE;
  }
  return FALSE;
}

/* TRUE: the next line says so, and is taken. */
static gboolean take_java_format(UnparkLines *lines, GError **failure) {
  UnparkText line;

  if (!unpark_lines_next(lines, &line, failure))
    return FALSE;
  if (unpark_java_format(line))
    return TRUE;
  unpark_lines_again(lines);
  return FALSE;
}

gboolean unpark_legacy_text_read(UnparkLegacy *l, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkDebug1Head head;
  UnparkText line;

  if (read_head(lines, &line, &failure)) {
    gboolean java_heap = is_java_heap(line);
    gint64 rate;
    if (unpark_jemalloc_head(line, &rate))
      return read_jemalloc(l, lines, rate, error);
    if (!java_heap && !unpark_debug1_head(line, &head))
      return read_threads(l, lines, line, error);
    if (take_java_format(lines, &failure) || java_heap)
      return unpark_java_text_read(l, lines, java_heap, error);
    if (!failure)
      return read_records(l, lines, &head, error);
  }
  if (failure)
    g_propagate_error(error, g_steal_pointer(&failure));
  else
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                _("%s: no profile header such as “--- contentionz 1 ---”"),
                unpark_input_name(l->input));
  return FALSE;
}
