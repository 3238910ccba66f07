/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/perf-line.h"

#include <string.h>

/* "4711", "4711/4713" */
static gboolean take_ids(UnparkText *t, UnparkPerfHead *head) {
  head->pid = UNPARK_NONE;
  if (!unpark_text_take_number(t, TRUE, &head->tid))
    return FALSE;
  if (!unpark_text_take(t, UNPARK_TEXT("/")))
    return TRUE;
  head->pid = head->tid;
  return unpark_text_take_number(t, TRUE, &head->tid);
}

static gboolean take_cpu(UnparkText *t, gint64 *cpu) {
  *cpu = UNPARK_NONE;
  if (!unpark_text_take(t, UNPARK_TEXT("[")))
    return TRUE;
  return unpark_text_take_number(t, FALSE, cpu) && unpark_text_take(t, UNPARK_TEXT("]")) &&
         unpark_text_take_blanks(t);
}

/* "8123.456789:", six or nine decimals */
static gboolean take_time(UnparkText *t, gint64 *time_ns) {
  gint64 seconds, fraction;
  gsize digits;

  if (!unpark_text_take_number(t, FALSE, &seconds) || !unpark_text_take(t, UNPARK_TEXT(".")))
    return FALSE;
  digits = t->len;
  if (!unpark_text_take_number(t, FALSE, &fraction))
    return FALSE;
  digits -= t->len;
  if (digits > 9 || seconds > G_MAXINT64 / 1000000000 - 1 || !unpark_text_take(t, UNPARK_TEXT(":")))
    return FALSE;
  for (; digits < 9; digits++)
    fraction *= 10;
  *time_ns = seconds * 1000000000 + fraction;
  return TRUE;
}

/* "250000 cpu-clock:u:" and what follows. */
static gboolean take_event(UnparkText t, UnparkPerfHead *head) {
  UnparkText number = t;
  gsize end = 0;

  head->period = UNPARK_NONE;
  if (unpark_text_take_number(&number, FALSE, &head->period) && unpark_text_take_blanks(&number))
    t = number;
  else
    head->period = UNPARK_NONE;
  while (end < t.len && t.text[end] != ' ' && t.text[end] != '\t')
    end++;
  if (end < 2 || t.text[end - 1] != ':')
    return FALSE;
  head->event = (UnparkText){t.text, end - 1};
  head->rest = unpark_text_strip(unpark_text_from(t, end));
  return TRUE;
}

/* What is not printed (perf script -F) is not there: "shop 81.456789:", "shop 4711/4713 cycles:u:".
 * A time makes a line a head for sure; without one, numbers of a process and an event do that
 * stand alone. */
static gboolean take_after_comm(UnparkText t, UnparkPerfHead *head) {
  UnparkText after = t;
  gboolean has_ids, has_time;

  has_ids = take_ids(&after, head) && unpark_text_take_blanks(&after);
  if (has_ids)
    t = after;
  else
    head->pid = head->tid = UNPARK_NONE;
  if (!take_cpu(&t, &head->cpu))
    return FALSE;
  after = t;
  has_time = take_time(&after, &head->time_ns);
  if (has_time)
    t = after;
  else
    head->time_ns = UNPARK_NONE;
  unpark_text_take_blanks(&t);
  head->event = head->rest = UNPARK_TEXT("");
  head->period = UNPARK_NONE;
  if (t.len == 0)
    return has_time;
  if (!take_event(t, head))
    return FALSE;
  return has_time || (has_ids && head->rest.len == 0);
}

gboolean unpark_perf_head(UnparkText line, UnparkPerfHead *head) {
  /* Names of threads have blanks too, but at most 15 bytes (perf's own up to a few more). */
  const gsize longest = 64;

  if (line.len > 0 && line.text[0] == '\t') /* frames are indented so */
    return FALSE;
  line = unpark_text_strip(line);
  for (gsize i = 1; i < line.len && i < longest; i++) {
    UnparkText rest = unpark_text_from(line, i);
    if (!unpark_text_take_blanks(&rest) || rest.len == 0)
      continue;
    if (take_after_comm(rest, head)) {
      head->comm = (UnparkText){line.text, i};
      return TRUE;
    }
    i = (gsize)(rest.text - line.text) - 1;
  }
  return FALSE;
}

/* A symbol, with or without "+0x1f". */
static void set_function(UnparkPerfFrame *frame, UnparkText name) {
  name = unpark_text_strip(name);
  for (gsize i = name.len; i > 0; i--)
    if (unpark_text_starts(unpark_text_from(name, i - 1), UNPARK_TEXT("+0x"))) {
      name.len = i - 1;
      break;
    }
  if (!unpark_text_equal(name, UNPARK_TEXT("[unknown]")))
    frame->function = name;
}

gboolean unpark_perf_frame(UnparkText line, UnparkPerfFrame *frame) {
  gssize open = -1;
  gboolean has_address = FALSE;
  UnparkText name;

  *frame = (UnparkPerfFrame){0};
  line = unpark_text_strip(line);
  if (!unpark_text_ends(line, UNPARK_TEXT(")")))
    return FALSE;
  for (gsize i = line.len, depth = 0; i > 1 && open < 0; i--) { /* "(/memfd:x (deleted))" */
    depth += line.text[i - 1] == ')';
    if (line.text[i - 1] == '(' && --depth == 0 && line.text[i - 2] == ' ')
      open = (gssize)i - 1;
    else if (depth == 0)
      return FALSE;
  }
  if (open < 0)
    return FALSE;
  frame->dso = (UnparkText){line.text + open + 1, line.len - (gsize)open - 2};
  frame->inlined = unpark_text_equal(frame->dso, UNPARK_TEXT("inlined"));
  if (frame->inlined)
    frame->dso.len = 0;
  name = (UnparkText){line.text, (gsize)open};
  /* "add (a.so)" is a name; "add  (a.so)" an address whose name is empty. */
  if (unpark_text_take_hex(&name, &frame->address)) {
    has_address = name.len >= 2 && unpark_text_take_blanks(&name);
    if (!has_address) {
      frame->address = 0;
      name = (UnparkText){line.text, (gsize)open};
    }
  }
  set_function(frame, name);
  return has_address || frame->function.len > 0;
}

gboolean unpark_perf_bare_frame(UnparkText line, UnparkPerfFrame *frame) {
  gboolean by_tab = line.len > 0 && line.text[0] == '\t';
  UnparkText name;

  *frame = (UnparkPerfFrame){0};
  line = name = unpark_text_strip(line);
  if (unpark_text_take_hex(&name, &frame->address) && unpark_text_take_blanks(&name) &&
      name.len > 0) {
    set_function(frame, name);
    return TRUE;
  }
  frame->address = 0;
  if (!by_tab || line.len == 0)
    return FALSE;
  set_function(frame, line);
  return TRUE;
}
