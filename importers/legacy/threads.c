/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/threads.h"

#include <string.h>

/* All "0x..." of a line, wherever they stand; names beside them are left to symbolizers. */
static void take_addresses(UnparkLegacy *l, UnparkText line) {
  gssize at;

  while ((at = unpark_text_find(line, UNPARK_TEXT("0x"))) >= 0) {
    guint64 address;
    line = unpark_text_from(line, (gsize)at);
    if (unpark_text_take_hex(&line, &address)) {
      /* All but the innermost are where calls return to. */
      guint outer = unpark_legacy_stacks_depth(&l->stacks) > 0;
      unpark_legacy_stacks_address(&l->stacks, address - outer);
    } else {
      line = unpark_text_from(line, 2);
    }
  }
}

static gboolean is_thread(UnparkText line) {
  return unpark_text_starts(line, UNPARK_TEXT("--- Thread ")) &&
         unpark_text_find(line, UNPARK_TEXT("stack: ---")) >= 0;
}

/* The lines of one thread; *line is then the one after them. */
static gboolean read_thread(UnparkLegacy *l, UnparkLines *lines, UnparkText *line,
                            GError **failure) {
  static const gint64 one = 1;
  gboolean same = FALSE, begun = FALSE, more;

  while ((more = unpark_lines_next(lines, line, failure))) {
    UnparkText stripped = unpark_text_strip(*line);
    if (unpark_text_starts(stripped, UNPARK_TEXT("---")))
      break;
    same = same || unpark_text_find(stripped, UNPARK_TEXT("same as previous thread")) >= 0;
    if (same || unpark_text_find(stripped, UNPARK_TEXT("0x")) < 0)
      continue;
    if (!begun)
      unpark_legacy_stacks_sample(&l->stacks, &one, UNPARK_NONE);
    begun = TRUE;
    take_addresses(l, stripped);
  }
  /* Without a stack of its own it is told to have that of the thread before. */
  if (!begun && !unpark_legacy_stacks_repeat(&l->stacks))
    l->n_unknown++;
  return more;
}

gboolean unpark_threads_read(UnparkLegacy *l, UnparkLines *lines, UnparkText *line,
                             GError **error) {
  g_autoptr(GError) failure = NULL;
  gboolean more = TRUE;

  unpark_legacy_stacks_init(&l->stacks, l->writer, l->maps, 1);
  l->stacks.strip_leaf = TRUE;
  l->types[0] = "thread";
  l->units[0] = "count";
  l->profile = (UnparkTextProfile){.kind = "custom",
                                   .period = 1,
                                   .period_type = "thread",
                                   .period_unit = "count",
                                   .duration_ns = UNPARK_NONE};
  if (!is_thread(unpark_text_strip(*line)))
    while ((more = unpark_lines_next(lines, line, &failure)) &&
           !unpark_text_starts(*line, UNPARK_TEXT("-")) && !unpark_maps_begin(*line))
      ;
  while (more && is_thread(unpark_text_strip(*line)))
    more = read_thread(l, lines, line, &failure);
  if (!more)
    *line = UNPARK_TEXT("");
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}
