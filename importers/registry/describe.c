/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/registry/describe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAGIC(text) (text), sizeof(text) - 1

/* Signatures at a fixed offset; the first that fits is taken. */
static const struct {
  const char *magic;
  gsize size, offset;
  const char *what;
} signatures[] = {
    {MAGIC("\177ELF"), 0, N_("an ELF program or library")},
    {MAGIC("\xcf\xfa\xed\xfe"), 0, N_("a macOS program")},
    {MAGIC("\xca\xfe\xba\xbe"), 0, N_("a macOS program or Java class")},
    {MAGIC("MZ"), 0, N_("a Windows program")},
    {MAGIC("\x89PNG\r\n\x1a\n"), 0, N_("a PNG image")},
    {MAGIC("\xff\xd8\xff"), 0, N_("a JPEG image")},
    {MAGIC("GIF8"), 0, N_("a GIF image")},
    {MAGIC("%PDF-"), 0, N_("a PDF document")},
    {MAGIC("\x1f\x8b"), 0, N_("repeatedly compressed gzip data")},
    {MAGIC("\x28\xb5\x2f\xfd"), 0, N_("repeatedly compressed zstd data")},
    {MAGIC("BZh"), 0, N_("bzip2 data (unpack the file first)")},
    {MAGIC("\xfd"
           "7zXZ"),
     0, N_("xz data (unpack the file first)")},
    {MAGIC("\x04\x22\x4d\x18"), 0, N_("lz4 data (unpack the file first)")},
    {MAGIC("PK\x03\x04"), 0, N_("a ZIP archive (unpack the file first)")},
    {MAGIC("ustar"), 257, N_("a tar archive (unpack the file first)")},
    {MAGIC("SQLite format 3"), 0, N_("an SQLite database that is not an Unpark store")},
    {MAGIC("PERFILE2"), 0, N_("a recording of Linux perf")},
    {MAGIC("go object "), 0, N_("a Go object file")},
    {MAGIC("!<arch>"), 0, N_("a library archive")},
    {MAGIC("go1.3 heap dump"), 0, N_("a Go heap dump (runtime/debug.WriteHeapDump)")},
    {MAGIC("go1.4 heap dump"), 0, N_("a Go heap dump (runtime/debug.WriteHeapDump)")},
    {MAGIC("go1.5 heap dump"), 0, N_("a Go heap dump (runtime/debug.WriteHeapDump)")},
    {MAGIC("go1.6 heap dump"), 0, N_("a Go heap dump (runtime/debug.WriteHeapDump)")},
    {MAGIC("go1.7 heap dump"), 0, N_("a Go heap dump (runtime/debug.WriteHeapDump)")},
    {MAGIC("mode: set\n"), 0, N_("a Go coverage profile")},
    {MAGIC("mode: count\n"), 0, N_("a Go coverage profile")},
    {MAGIC("mode: atomic\n"), 0, N_("a Go coverage profile")},
    {MAGIC("#!"), 0, N_("a script")},
    {MAGIC("<?xml"), 0, N_("an XML document")},
};

gboolean unpark_describe_is_text(const guint8 *head, gsize size) {
  const char *end;

  if (memchr(head, 0, size))
    return FALSE;
  /* The head may end in the middle of a character. */
  if (g_utf8_validate((const char *)head, (gssize)size, &end))
    return TRUE;
  return size - (gsize)((const guint8 *)end - head) < 4 && size > 16;
}

static gboolean begins_with(const char *text, gsize size, const char *word) {
  gsize n = strlen(word);

  return size >= n && g_ascii_strncasecmp(text, word, n) == 0;
}

/* TRUE if a line begins with `word`. */
static gboolean has_line(const char *text, gsize size, const char *word) {
  gsize n = strlen(word);

  for (const char *p = text; size - (gsize)(p - text) >= n;) {
    if (memcmp(p, word, n) == 0)
      return TRUE;
    p = memchr(p, '\n', size - (gsize)(p - text));
    if (!p)
      break;
    p++;
  }
  return FALSE;
}

static char *describe_text(const char *text, gsize size) {
  g_autofree char *line = NULL;
  gsize n = 0;

  if (begins_with(text, size, "<!doctype html") || begins_with(text, size, "<html"))
    return g_strdup(_("an HTML page (was it saved instead of the profile?)"));
  if (begins_with(text, size, "{") || begins_with(text, size, "[{"))
    return g_strdup(_("JSON text"));
  if (has_line(text, size, "package ") &&
      (has_line(text, size, "import ") || has_line(text, size, "func ") ||
       has_line(text, size, "type ")))
    return g_strdup(_("Go source code"));
  while (n < size && n < 60 && text[n] != '\n' && text[n] != '\r')
    n++;
  while (n > 0 && ((guint8)text[n - 1] & 0x80) && n < size && ((guint8)text[n] & 0xc0) == 0x80)
    n--; /* not in the middle of a character */
  line = g_utf8_make_valid(text, (gssize)n);
  for (char *p = line; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  return g_strdup_printf(_("text that begins with “%s”"), g_strstrip(line));
}

char *unpark_describe_bytes(const guint8 *head, gsize size) {
  gsize skip = 0;

  if (size == 0)
    return g_strdup(_("an empty file"));
  for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++)
    if (size >= signatures[i].offset + signatures[i].size &&
        memcmp(head + signatures[i].offset, signatures[i].magic, signatures[i].size) == 0)
      return g_strdup(_(signatures[i].what));
  while (skip < size && head[skip] == 0)
    skip++;
  if (skip == size)
    return g_strdup(_("only zero bytes"));
  if (!unpark_describe_is_text(head, size))
    return g_strdup(_("binary data of an unknown kind"));
  while (skip < size && g_ascii_isspace((char)head[skip]))
    skip++;
  if (skip == size)
    return g_strdup(_("only white space"));
  return describe_text((const char *)head + skip, size - skip);
}
