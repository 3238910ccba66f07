/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/lines.h"
#include "model/base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WINDOW ((gsize)256 * 1024)

void unpark_lines_init(UnparkLines *lines, UnparkInput *input, UnparkWriter *writer,
                       GCancellable *cancellable) {
  *lines = (UnparkLines){.input = input, .writer = writer, .cancellable = cancellable};
}

/* Moves the window to the next line and makes it at least `want` bytes. */
static gboolean refill(UnparkLines *lines, gsize want, GError **error) {
  g_autoptr(GError) damage = NULL;
  const guint8 *bytes;

  if (g_cancellable_set_error_if_cancelled(lines->cancellable, error) ||
      !unpark_writer_check(lines->writer, error))
    return FALSE;
  if (lines->at > 0)
    unpark_input_consume(lines->input, lines->at);
  lines->at = 0;
  bytes = unpark_input_window(lines->input, want, &lines->have, &damage);
  lines->last = bytes && lines->have < want;
  if (!bytes) {
    bytes = unpark_input_window(lines->input, 0, &lines->have, NULL);
    if (!bytes || g_error_matches(damage, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
        unpark_input_offset(lines->input) + lines->have == 0) {
      lines->have = 0;
      g_propagate_error(error, g_steal_pointer(&damage));
      return FALSE;
    }
    lines->last = lines->broken = TRUE;
    unpark_writer_note(lines->writer, UNPARK_NOTE_ERROR, "damaged-packing", 1, "%s",
                       damage->message);
  }
  lines->window = (const char *)bytes;
  return TRUE;
}

/* The line was longer than UNPARK_LINE_MAX: passes over what is left of it. */
static gboolean skip_rest(UnparkLines *lines, GError **error) {
  lines->n_long++;
  for (;;) {
    const char *start = lines->window + lines->at;
    const char *end = memchr(start, '\n', lines->have - lines->at);
    lines->at = end ? (gsize)(end + 1 - lines->window) : lines->have;
    if (end || lines->last)
      return TRUE;
    if (!refill(lines, WINDOW, error))
      return FALSE;
  }
}

/* Takes off what belongs to no line: its end, zeros (where a disk lost what was written, or filled
 * a block up) and the byte order mark of a file that was put behind another. */
static UnparkText tidy(UnparkText line) {
  const UnparkText mark = UNPARK_TEXT("\xef\xbb\xbf");

  while (line.len > 0 && line.text[line.len - 1] == '\0')
    line.len--;
  if (line.len > 0 && line.text[line.len - 1] == '\r')
    line.len--;
  while (line.len > 0 && line.text[0] == '\0')
    line = unpark_text_from(line, 1);
  unpark_text_take(&line, mark);
  return line;
}

static void set_line(UnparkLines *lines, gsize len) {
  lines->line = tidy((UnparkText){lines->window + lines->at, len});
  lines->number++;
}

gboolean unpark_lines_next(UnparkLines *lines, UnparkText *line, GError **error) {
  gsize want = WINDOW;

  if (lines->again) {
    lines->again = FALSE;
    *line = lines->line;
    return TRUE;
  }
  if (lines->cut && !skip_rest(lines, error))
    return FALSE;
  lines->cut = FALSE;
  for (;;) {
    gsize left = lines->have - lines->at;
    gsize seen = MIN(left, UNPARK_LINE_MAX);
    const char *end = left ? memchr(lines->window + lines->at, '\n', seen) : NULL;
    if (end || (lines->last && left > 0 && left < UNPARK_LINE_MAX)) {
      gsize len = end ? (gsize)(end - lines->window) - lines->at : left;
      set_line(lines, len);
      lines->at += len + (end ? 1 : 0);
      *line = lines->line;
      return TRUE;
    }
    if (left >= UNPARK_LINE_MAX) {
      set_line(lines, UNPARK_LINE_MAX);
      lines->cut = TRUE;
      lines->at += UNPARK_LINE_MAX;
      *line = lines->line;
      return TRUE;
    }
    if (lines->last)
      return FALSE;
    if (left >= want)
      want = MIN(want * 4, UNPARK_LINE_MAX);
    if (!refill(lines, want, error))
      return FALSE;
  }
}

void unpark_lines_again(UnparkLines *lines) {
  lines->again = TRUE;
}

gboolean unpark_lines_note(const UnparkLines *lines) {
  if (lines->n_long > 0)
    unpark_writer_note(lines->writer, UNPARK_NOTE_WARNING, "long-line", lines->n_long,
                       _("A line is longer than 16 MiB; the rest of it was left out"));
  return lines->n_long == 0 && !lines->broken;
}

void unpark_text_unread_add(UnparkTextUnread *unread, const UnparkLines *lines, UnparkText line) {
  if (unread->count++ > 0)
    return;
  line = unpark_text_strip(line);
  unread->number = lines->number;
  line.len = MIN(line.len, sizeof unread->text - 1);
  if (line.len > 0)
    memcpy(unread->text, line.text, line.len);
}

gboolean unpark_text_unread_note(const UnparkTextUnread *unread, UnparkWriter *writer,
                                 const char *what) {
  g_autofree char *text = g_utf8_make_valid(unread->text, -1);

  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  char number[UNPARK_FORMAT_SIZE];
  if (unread->count > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "unknown-line", unread->count,
                       /* Translators: what is wrong, number and text of the first such line */
                       _("%s; the first is line %s, “%s”"), what,
                       unpark_format_number(unread->number, number), text);
  return unread->count == 0;
}

gboolean unpark_lines_of_head(const guint8 *head, gsize size, gsize *at, UnparkText *line) {
  const char *start = (const char *)head + *at;
  const char *end = *at < size ? memchr(start, '\n', size - *at) : NULL;

  if (*at >= size || (!end && size >= 65536))
    return FALSE;
  *line = (UnparkText){start, end ? (gsize)(end - start) : size - *at};
  *at += line->len + 1;
  *line = tidy(*line);
  return TRUE;
}
