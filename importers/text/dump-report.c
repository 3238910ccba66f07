/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/dump-report.h"

#include <string.h>

/* ---- goleak ----------------------------------------------------------------------------- */

gboolean unpark_report_goleak(UnparkText line, UnparkDumpHeader *header) {
  const UnparkText word = UNPARK_TEXT("Goroutine "), with = UNPARK_TEXT(", with ");
  gssize at = unpark_text_find(line, word), end;

  *header = (UnparkDumpHeader){.wait_minutes = UNPARK_NONE};
  if (at < 0 || (at > 0 && !strchr(" \t[", line.text[at - 1])))
    return FALSE;
  line = unpark_text_from(line, (gsize)at + word.len);
  if (!unpark_text_take_number(&line, FALSE, &header->id) ||
      !unpark_text_take(&line, UNPARK_TEXT(" in state ")) ||
      !unpark_text_ends(unpark_text_strip(line), UNPARK_TEXT(" on top of the stack:")))
    return FALSE;
  end = unpark_text_find(line, with);
  if (end < 0)
    return FALSE;
  unpark_dump_header_state(header, (UnparkText){line.text, (gsize)end});
  return header->state.len > 0;
}

/* ---- go-deadlock ------------------------------------------------------------------------ */

const char *unpark_report_deadlock_heading(UnparkText line, gboolean *anonymous) {
  static const struct {
    const char *text, *state;
    gboolean anonymous;
  } headings[] = {
      {"Previous place where the lock was grabbed (same goroutine)", "holds lock", TRUE},
      {"Previous place where the lock was grabbed", "holds lock", FALSE},
      {"Have been trying to lock it again for more than ", "waits for lock", FALSE},
      {"Other goroutines holding locks:", "holds lock", FALSE},
      {"happened before", "locks first", TRUE},
      {"in another goroutine: happened before", "locks first in another goroutine", TRUE},
      {"happened after", "locks second", TRUE},
  };

  line = unpark_text_strip(line);
  for (gsize i = 0; i < G_N_ELEMENTS(headings); i++)
    if (unpark_text_starts(line, (UnparkText){headings[i].text, strlen(headings[i].text)})) {
      *anonymous = headings[i].anonymous;
      return headings[i].state;
    }
  *anonymous = FALSE;
  return unpark_text_ends(line, UNPARK_TEXT("Recursive locking:")) ? "waits for lock" : NULL;
}

gboolean unpark_report_deadlock_header(UnparkText line, gint64 *id, UnparkText *lock) {
  line = unpark_text_strip(line);
  unpark_text_take(&line, UNPARK_TEXT("current "));
  if (!unpark_text_take(&line, UNPARK_TEXT("goroutine ")) ||
      !unpark_text_take_number(&line, FALSE, id) ||
      !unpark_text_take(&line, UNPARK_TEXT(" lock 0x")))
    return FALSE;
  *lock = (UnparkText){line.text - strlen("0x"), line.len + strlen("0x")};
  return line.len > 0;
}

/* "inmem.go:799 bttest.(*table).gc { t.mu.RLock() } <<<<<": the source line stands behind. */
gboolean unpark_report_deadlock_frame(UnparkText line, UnparkReportDeadlockFrame *frame) {
  gssize brace;

  line = unpark_text_strip(line);
  brace = unpark_text_find(line, UNPARK_TEXT(" {"));
  if (brace > 0)
    line.len = (gsize)brace;
  for (gsize i = 1; i + 1 < line.len; i++) {
    UnparkText rest = unpark_text_from(line, i + 1);
    gint64 number;
    if (line.text[i] != ':' || !unpark_text_take_number(&rest, TRUE, &number) ||
        !unpark_text_take(&rest, UNPARK_TEXT(" ")) || rest.len == 0 ||
        memchr(rest.text, ' ', rest.len))
      continue;
    *frame = (UnparkReportDeadlockFrame){
        .file = {line.text, i}, .function = rest, .line = (guint32)CLAMP(number, 0, G_MAXINT32)};
    return TRUE;
  }
  return FALSE;
}
