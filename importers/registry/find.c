/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/registry/find.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/registry/describe.h"
#include "importers/text/lines.h"
#include "model/base/error.h"
#include "model/base/format.h"

/* Of a line that is shown. */
#define SHOWN_MAX 80

typedef struct {
  UnparkInput *input;
  const UnparkImporter *const *importers;
  const guint8 *head;
  gsize size;
  GError *damage; /* of the packing, within the head */
} Search;

static void look(Search *s) {
  gsize have;

  g_clear_error(&s->damage);
  s->head = unpark_input_window(s->input, UNPARK_SNIFF_SIZE, &have, &s->damage);
  /* Damaged packing: what could be unpacked may do, and its importer says how far it got. */
  if (!s->head && !g_error_matches(s->damage, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    s->head = unpark_input_window(s->input, 0, &have, NULL);
  s->size = s->head ? MIN(have, UNPARK_SNIFF_SIZE) : 0;
}

static const UnparkImporter *sniff_at(const Search *s, gsize at, gboolean binary_only) {
  for (const UnparkImporter *const *i = s->importers; s->head && *i; i++)
    if ((!binary_only || !(*i)->expects) && (*i)->sniff(s->head + at, s->size - at))
      return *i;
  return NULL;
}

/* ---- Something before the file ------------------------------------------------------ */

static gboolean is_packing(const guint8 *p, gsize size) {
  static const guint8 gzip[] = {0x1f, 0x8b, 8}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};

  return size > 10 && ((memcmp(p, gzip, sizeof gzip) == 0 && (p[3] & 0xe0) == 0) ||
                       memcmp(p, zstd, sizeof zstd) == 0);
}

/* Where a trace or packed data begin behind text: a log line on the same standard output, the head
 * of an HTTP answer. 0: nowhere. */
static gsize find_inside(const Search *s) {
  for (gsize at = 1; at < s->size && s->head[at - 1] != 0; at++)
    if ((s->head[at] == 'g' && sniff_at(s, at, TRUE)) || is_packing(s->head + at, s->size - at))
      return g_utf8_validate((const char *)s->head, (gssize)at, NULL) ? at : 0;
  return 0;
}

/* ---- Refusals ----------------------------------------------------------------------- */

static char *shown(UnparkText line) {
  char *text;
  gsize n;

  line = unpark_text_strip(line);
  n = MIN(line.len, SHOWN_MAX);
  while (n > 0 && n < line.len && ((guint8)line.text[n] & 0xc0) == 0x80)
    n--; /* not in the middle of a character */
  text = g_utf8_make_valid(line.text, (gssize)n);
  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  return text;
}

/* The line, from 1, that stopped the reader that got farthest; 0 if the head is no text. */
static guint64 first_unread(const Search *s, UnparkText *line) {
  guint64 number = 0, far = 0;
  gsize at = 0;

  for (const UnparkImporter *const *i = s->importers; *i; i++)
    if ((*i)->first_unread)
      far = MAX(far, (*i)->first_unread(s->head, s->size));
  while (unpark_lines_of_head(s->head, s->size, &at, line)) {
    number++;
    if (number >= far && unpark_text_strip(*line).len > 0)
      return number;
  }
  return 0;
}

static char *list_formats(const Search *s, gboolean of_text) {
  GString *list = g_string_new(NULL);

  for (const UnparkImporter *const *i = s->importers; *i; i++) {
    if (of_text && !(*i)->expects)
      continue;
    if (list->len > 0)
      g_string_append(list, of_text ? "; " : ", ");
    g_string_append(list, _((*i)->title));
    if (of_text)
      g_string_append_printf(list, ": %s", _((*i)->expects));
  }
  return g_string_free(list, FALSE);
}

static char *describe(const Search *s, UnparkInputOrigin *origin) {
  static const guint8 zero = 0;

  unpark_input_origin(s->input, origin);
  if (s->size == 0 && origin->zeros > 0)
    return unpark_describe_bytes(&zero, 1);
  return unpark_describe_bytes(s->head, s->size);
}

static void set_unknown(const Search *s, GError **error) {
  UnparkInputOrigin origin;
  g_autofree char *what = describe(s, &origin);
  const char *packing = unpark_input_packing(s->input);
  g_autofree char *packed =
      packing ? g_strdup_printf(_("%s, compressed with %s"), what, packing) : g_strdup(what);
  gboolean is_text = unpark_describe_is_text(s->head, s->size);
  UnparkText line;
  guint64 number = is_text ? first_unread(s, &line) : 0;
  g_autofree char *known = list_formats(s, number > 0), *text = NULL;
  char at[UNPARK_FORMAT_SIZE];

  if (origin.left_out > 0)
    g_set_error(
        error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT,
        /* Translators: file, position, what it looks like, list of formats */
        _("%s cannot be read: after some text, at byte %s, it looks like %s; expected one of: %s"),
        unpark_input_name(s->input), unpark_format_number(origin.left_out, at), packed, known);
  else if (number == 0)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT,
                /* Translators: file, what it looks like, list of formats */
                _("%s cannot be read: it looks like %s; expected one of: %s"),
                unpark_input_name(s->input), packed, known);
  else {
    text = shown(line);
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT,
                /* Translators: file, what it looks like, number and text of a line, a list of
                   formats and what their lines are like */
                _("%s cannot be read: it looks like %s. The first line that no reader knows is "
                  "line %s, “%s”. Expected one of: %s"),
                unpark_input_name(s->input), packed, unpark_format_number(number, at), text, known);
  }
}

/* PowerShell's ">" takes every output for text: what was none is destroyed. */
static void set_converted(const Search *s, const UnparkImporter *importer, const char *encoding,
                          GError **error) {
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT,
              /* Translators: file, "Go execution trace", "UTF-16LE" */
              _("%s cannot be read: it was a %s, but something converted its bytes to %s text, as "
                "“>” in PowerShell does, which destroys them; record it again and let the program "
                "write the file itself"),
              unpark_input_name(s->input), _(importer->title), encoding);
}

/* ---- Search ------------------------------------------------------------------------- */

static const UnparkImporter *find(Search *s, GError **error) {
  const UnparkImporter *importer;
  UnparkInputOrigin origin;
  gsize inside;

  look(s);
  importer = sniff_at(s, 0, FALSE);
  if (!importer && s->head && (inside = find_inside(s)) > 0) {
    unpark_input_leave_out(s->input, inside);
    look(s);
    importer = sniff_at(s, 0, FALSE);
  }
  unpark_input_origin(s->input, &origin);
  if (importer && origin.encoding && !importer->expects) {
    set_converted(s, importer, origin.encoding, error);
    return NULL;
  }
  if (!importer && s->damage)
    g_propagate_error(error, g_steal_pointer(&s->damage));
  else if (!importer)
    set_unknown(s, error);
  return importer;
}

const UnparkImporter *unpark_find_importer(UnparkInput *input,
                                           const UnparkImporter *const *importers, GError **error) {
  Search s = {.input = input, .importers = importers};
  const UnparkImporter *importer = find(&s, error);

  g_clear_error(&s.damage);
  return importer;
}
