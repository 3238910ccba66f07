/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the exports of flame graphs write with. */
#include "model/flame/picture/export.h"

#define FLUSH_AT (128 * 1024)

void unpark_flame_writer_begin(UnparkFlameWriter *writer, GOutputStream *out,
                               GCancellable *cancellable, GError **error) {
  *writer = (UnparkFlameWriter){
      .out = out, .cancellable = cancellable, .error = error, .text = g_string_new(NULL)};
}

static void flush(UnparkFlameWriter *writer) {
  if (!writer->failed &&
      !g_output_stream_write_all(writer->out, writer->text->str, writer->text->len, NULL,
                                 writer->cancellable, writer->error))
    writer->failed = TRUE;
  g_string_truncate(writer->text, 0);
}

gboolean unpark_flame_writer_step(UnparkFlameWriter *writer) {
  if (writer->text->len >= FLUSH_AT)
    flush(writer);
  return !writer->failed;
}

gboolean unpark_flame_writer_end(UnparkFlameWriter *writer) {
  flush(writer);
  g_string_free(writer->text, TRUE);
  return !writer->failed;
}

void unpark_flame_append_xml(GString *to, const char *text) {
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    switch (c) {
    case '&':
      g_string_append(to, "&amp;");
      break;
    case '<':
      g_string_append(to, "&lt;");
      break;
    case '>':
      g_string_append(to, "&gt;");
      break;
    case '"':
      g_string_append(to, "&quot;");
      break;
    default:
      if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c == 0xfffe || c == 0xffff)
        c = 0xfffd;
      g_string_append_unichar(to, c);
    }
  }
}
