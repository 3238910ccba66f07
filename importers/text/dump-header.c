/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/dump-header.h"

#include <string.h>

/* "5 minutes", "locked to thread", "synctest bubble 1", in any order. */
static void take_attributes(UnparkDumpHeader *header, UnparkText rest) {
  while (rest.len > 0) {
    gssize comma = unpark_text_find(rest, UNPARK_TEXT(", "));
    UnparkText word = {rest.text, comma < 0 ? rest.len : (gsize)comma}, unit;
    gint64 minutes;
    unit = word;
    if (unpark_text_equal(word, UNPARK_TEXT("locked to thread")))
      header->locked = TRUE;
    else if (unpark_text_take_number(&unit, FALSE, &minutes) &&
             unpark_text_starts(unit, UNPARK_TEXT(" minute")))
      header->wait_minutes = minutes;
    rest = unpark_text_from(rest, comma < 0 ? rest.len : (gsize)comma + 2);
  }
}

void unpark_dump_header_state(UnparkDumpHeader *header, UnparkText inside) {
  gssize comma = unpark_text_find(inside, UNPARK_TEXT(", "));

  header->state = (UnparkText){inside.text, comma < 0 ? inside.len : (gsize)comma};
  if (comma >= 0)
    take_attributes(header, unpark_text_from(inside, (gsize)comma + 2));
}

/* After the bracket: nothing, or labels, then a colon. */
static gboolean take_labels(UnparkDumpHeader *header, UnparkText rest) {
  if (unpark_text_take(&rest, UNPARK_TEXT(" {")) && unpark_text_ends(rest, UNPARK_TEXT("}:"))) {
    header->labels = (UnparkText){rest.text, rest.len - 2};
    return TRUE;
  }
  return unpark_text_equal(rest, UNPARK_TEXT(":"));
}

/* Ends before "]:" or before "] {": states have no brackets of their own. */
static gboolean take_bracket(UnparkDumpHeader *header, UnparkText rest) {
  gssize end = unpark_text_find(rest, UNPARK_TEXT("]"));

  if (end <= 0 || !take_labels(header, unpark_text_from(rest, (gsize)end + 1)))
    return FALSE;
  unpark_dump_header_state(header, (UnparkText){rest.text, (gsize)end});
  return header->state.len > 0;
}

gboolean unpark_dump_header(UnparkText line, UnparkDumpHeader *header) {
  gssize at = unpark_text_find(line, UNPARK_TEXT("goroutine "));
  UnparkText rest;
  gssize bracket;

  *header = (UnparkDumpHeader){.wait_minutes = UNPARK_NONE};
  if (at < 0 || (at > 0 && !strchr(" \t|:]", line.text[at - 1])))
    return FALSE;
  header->prefix = (gsize)at;
  rest = unpark_text_strip(unpark_text_from(line, (gsize)at + strlen("goroutine ")));
  if (!unpark_text_take_number(&rest, FALSE, &header->id))
    return FALSE;
  bracket = unpark_text_find(rest, UNPARK_TEXT(" ["));
  /* Only " gp=0x... m=... mp=0x..." may stand before the bracket. */
  if (bracket < 0 || (bracket > 0 && !unpark_text_starts(rest, UNPARK_TEXT(" gp="))))
    return FALSE;
  return take_bracket(header, unpark_text_from(rest, (gsize)bracket + 2));
}
