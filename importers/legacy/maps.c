/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/maps.h"

#include <string.h>

#include "importers/text/profile-rows.h"

/* A line of a map is short; regular expressions are for no other. */
#define LINE_MAX_BYTES 4096
#define ATTRIBUTES_MAX 64
/* Where programs are linked to that are not position independent. */
#define USUAL_START 0x400000

/* No more digits than a number has: what is left to try stays little, whatever the line. */
#define HEX "(?:0x)?([[:xdigit:]]{1,16})"
#define RANGE "^\\s*" HEX "[\\s-]?\\s*" HEX ":?"
#define PERMISSIONS "(?:\\s+([-rwxp]+))?"
#define WORD "(?:\\s+(\\S+))?"

/* An interval of addresses and the first mapping that has it; ascending, -1: none. */
typedef struct {
  guint64 start;
  int mapping;
} Piece;

struct _UnparkMaps {
  GArray *mappings;   /* UnparkMapping */
  GArray *attributes; /* char *: "$name", value, ... */
  GRegex *proc, *brief, *log;
  guint64 n_dropped;
  GArray *pieces;     /* Piece: by [start, limit) */
  GArray *extensions; /* Piece: by [start - offset, start) */
};

static void clear_mapping(gpointer data) {
  UnparkMapping *m = data;

  g_free(m->file);
  g_free(m->build_id);
}

static void clear_text(gpointer data) {
  g_free(*(char **)data);
}

static GRegex *regex(const char *pattern) {
  g_autoptr(GError) error = NULL;
  GRegex *r = g_regex_new(pattern, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, &error);

  if (!r)
    g_error("%s: %s", pattern, error->message);
  return r;
}

UnparkMaps *unpark_maps_new(void) {
  UnparkMaps *m = g_new0(UnparkMaps, 1);

  m->mappings = g_array_new(FALSE, FALSE, sizeof(UnparkMapping));
  g_array_set_clear_func(m->mappings, clear_mapping);
  m->attributes = g_array_new(FALSE, FALSE, sizeof(char *));
  g_array_set_clear_func(m->attributes, clear_text);
  m->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  m->extensions = g_array_new(FALSE, FALSE, sizeof(Piece));
  m->proc = regex(RANGE PERMISSIONS "(?:\\s+([[:xdigit:]]{1,16}))?\\s+[[:xdigit:]]+:[[:xdigit:]]+"
                                    "\\s+[[:digit:]]+" WORD);
  m->brief =
      regex(RANGE PERMISSIONS WORD "(?:\\s+\\(@([[:xdigit:]]+)\\))?(?:\\s+([[:xdigit:]]+))?");
  m->log = regex("^[^\\[\\]]+:[0-9]+\\]\\s");
  return m;
}

void unpark_maps_free(UnparkMaps *m) {
  g_array_unref(m->mappings);
  g_array_unref(m->attributes);
  g_array_unref(m->pieces);
  g_array_unref(m->extensions);
  g_regex_unref(m->proc);
  g_regex_unref(m->brief);
  g_regex_unref(m->log);
  g_free(m);
}

gboolean unpark_maps_begin(UnparkText line) {
  return unpark_text_find(line, UNPARK_TEXT("--- Memory map: ---")) >= 0 ||
         unpark_text_find(line, UNPARK_TEXT("MAPPED_LIBRARIES:")) >= 0;
}

/* ---- Lines ------------------------------------------------------------------------------ */

/* Hexadecimal digits of a group; FALSE if there are more than 64 bits of them. */
static gboolean group_hex(GMatchInfo *match, int group, guint64 *value) {
  g_autofree char *digits = g_match_info_fetch(match, group);
  UnparkText text = {digits, digits ? strlen(digits) : 0};

  *value = 0;
  return text.len == 0 || (unpark_text_take_hex(&text, value) && text.len == 0);
}

/* FALSE: it is no line of a map. */
static gboolean take_mapping(UnparkMaps *m, const char *line) {
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *permissions = NULL;
  UnparkMapping mapping = {0};
  gboolean brief = FALSE;

  if (!g_regex_match(m->proc, line, 0, &match)) {
    g_clear_pointer(&match, g_match_info_unref);
    brief = TRUE;
    if (!g_regex_match(m->brief, line, 0, &match))
      return FALSE;
  }
  permissions = g_match_info_fetch(match, 3);
  if (permissions && *permissions && !strchr(permissions, 'x'))
    return TRUE; /* data */
  if (!group_hex(match, 1, &mapping.start) || !group_hex(match, 2, &mapping.limit) ||
      !group_hex(match, brief ? 5 : 4, &mapping.offset))
    return FALSE;
  if (m->mappings->len >= UNPARK_MAPS_MAX) {
    m->n_dropped++;
    return TRUE;
  }
  mapping.file = g_match_info_fetch(match, brief ? 4 : 5);
  mapping.build_id = brief ? g_match_info_fetch(match, 6) : NULL;
  if (!mapping.file)
    mapping.file = g_strdup("");
  if (!mapping.build_id)
    mapping.build_id = g_strdup("");
  g_array_append_val(m->mappings, mapping);
  return TRUE;
}

/* "build=/path": later lines may say $build. */
static void take_attribute(UnparkMaps *m, const char *line) {
  const char *equals = strchr(line, '=');
  char *name, *value;

  if (!equals || m->attributes->len >= 2 * ATTRIBUTES_MAX)
    return;
  name = g_strndup(line, (gsize)(equals - line));
  g_strstrip(name);
  value = g_strdup(equals + 1);
  g_strstrip(value);
  if (!*name) {
    g_free(name);
    g_free(value);
    return;
  }
  char *key = g_strconcat("$", name, NULL);
  g_free(name);
  g_array_append_val(m->attributes, key);
  g_array_append_val(m->attributes, value);
}

void unpark_maps_line(UnparkMaps *m, UnparkText text) {
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GString) line = NULL;
  int end;

  if (text.len > LINE_MAX_BYTES || memchr(text.text, '\0', text.len))
    return;
  line = g_string_new_len(text.text, (gssize)text.len);
  if (g_regex_match(m->log, line->str, 0, &match) && g_match_info_fetch_pos(match, 0, NULL, &end))
    g_string_erase(line, 0, end);
  for (guint i = 0; i + 1 < m->attributes->len; i += 2)
    if (line->len <= LINE_MAX_BYTES)
      g_string_replace(line, g_array_index(m->attributes, char *, i),
                       g_array_index(m->attributes, char *, i + 1), 16);
  if (line->len > LINE_MAX_BYTES)
    return;
  if (!take_mapping(m, line->str))
    take_attribute(m, line->str);
}

/* ---- Putting in order ------------------------------------------------------------------- */

static UnparkMapping *at(const UnparkMaps *m, guint i) {
  return &g_array_index(m->mappings, UnparkMapping, i);
}

static gboolean differ(const char *a, const char *b) {
  return *a && *b && strcmp(a, b) != 0;
}

/* One mapping that the kernel tells in two. */
static gboolean adjacent(const UnparkMapping *a, const UnparkMapping *b) {
  if (differ(a->file, b->file) || differ(a->build_id, b->build_id) || a->limit != b->start)
    return FALSE;
  return a->offset == 0 || b->offset == 0 || a->offset + (a->limit - a->start) == b->offset;
}

static void take_text(char **to, char **from) {
  if (**from) {
    g_free(*to);
    *to = g_steal_pointer(from);
  }
}

static void join(UnparkMaps *m) {
  guint n = 0;

  for (guint i = 0; i < m->mappings->len; i++) {
    UnparkMapping *last = n > 0 ? at(m, n - 1) : NULL, *next = at(m, i);
    if (last && adjacent(last, next)) {
      last->limit = next->limit;
      take_text(&last->file, &next->file);
      take_text(&last->build_id, &next->build_id);
      clear_mapping(next);
      *next = (UnparkMapping){0};
    } else if (n++ != i) {
      *at(m, n - 1) = *next;
      *next = (UnparkMapping){0};
    }
  }
  g_array_set_size(m->mappings, n);
}

/* Not a library ("libm-2.15.so", "libc.so.6"), nothing like "[vdso]". */
static gboolean is_program(const char *name) {
  g_auto(GStrv) parts = g_strsplit(name, "(deleted)", -1);
  g_autofree char *file = g_strjoinv("", parts);

  g_strstrip(file);
  if (*file == '\0' || *file == '[' || g_str_has_suffix(file, ".so"))
    return FALSE;
  for (const char *so = strstr(file, ".so"); so; so = strstr(so + 1, ".so"))
    if ((so[3] == '.' || so[3] == '_') && g_ascii_isdigit(so[4]))
      return FALSE;
  return TRUE;
}

static void program_first(UnparkMaps *m) {
  for (guint i = 0; i < m->mappings->len; i++)
    if (is_program(at(m, i)->file)) {
      UnparkMapping first = *at(m, 0);
      *at(m, 0) = *at(m, i);
      *at(m, i) = first;
      return;
    }
}

static int compare_edges(gconstpointer a, gconstpointer b) {
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;

  return x < y ? -1 : x > y;
}

static guint find_piece(const GArray *pieces, guint64 address) {
  guint low = 0, high = pieces->len;

  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(pieces, Piece, middle).start <= address)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static void range_of(const UnparkMapping *m, gboolean extension, guint64 *start, guint64 *limit) {
  *start = extension ? m->start - m->offset : m->start;
  *limit = extension ? m->start : m->limit;
  if (extension && (m->offset == 0 || m->offset > m->start))
    *start = *limit = 0;
}

/* The first piece from p on that has no mapping yet; `next` leads there. */
static guint next_free(guint *next, guint p) {
  while (next[p] != p) {
    next[p] = next[next[p]];
    p = next[p];
  }
  return p;
}

static void fill(UnparkMaps *m, GArray *pieces, gboolean extension) {
  g_autofree guint *next = g_new(guint, (gsize)pieces->len + 1);
  guint64 start, limit;

  for (guint p = 0; p <= pieces->len; p++)
    next[p] = p;
  for (guint i = 0; i < m->mappings->len; i++) {
    range_of(at(m, i), extension, &start, &limit);
    for (guint p = next_free(next, find_piece(pieces, start));
         p < pieces->len && g_array_index(pieces, Piece, p).start < limit; p = next_free(next, p)) {
      g_array_index(pieces, Piece, p).mapping = (int)i;
      next[p] = p + 1;
    }
  }
}

/* Cuts the addresses into pieces, each with the first mapping that has it. */
static void paint(UnparkMaps *m, GArray *pieces, gboolean extension) {
  g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(guint64));
  guint64 start, limit, zero = 0;

  g_array_append_val(edges, zero);
  for (guint i = 0; i < m->mappings->len; i++) {
    range_of(at(m, i), extension, &start, &limit);
    g_array_append_val(edges, start);
    g_array_append_val(edges, limit);
  }
  g_array_sort(edges, compare_edges);
  g_array_set_size(pieces, 0);
  for (guint i = 0; i < edges->len; i++) {
    const Piece piece = {g_array_index(edges, guint64, i), -1};
    if (i == 0 || piece.start != g_array_index(edges, guint64, i - 1))
      g_array_append_val(pieces, piece);
  }
  fill(m, pieces, extension);
}

void unpark_maps_end(UnparkMaps *m) {
  join(m);
  program_first(m);
  if (m->mappings->len > 1 && g_str_has_prefix(at(m, 0)->file, "/anon_hugepage") &&
      at(m, 0)->limit == at(m, 1)->start)
    g_array_remove_index(m->mappings, 0);
  if (m->mappings->len > 0 && at(m, 0)->start - at(m, 0)->offset == USUAL_START) {
    at(m, 0)->start = USUAL_START;
    at(m, 0)->offset = 0;
  }
  paint(m, m->pieces, FALSE);
  paint(m, m->extensions, TRUE);
}

const char *unpark_maps_file(UnparkMaps *m, guint64 address) {
  int i;

  if (m->pieces->len == 0)
    return "";
  i = g_array_index(m->pieces, Piece, find_piece(m->pieces, address)).mapping;
  if (i >= 0)
    return at(m, (guint)i)->file;
  i = g_array_index(m->extensions, Piece, find_piece(m->extensions, address)).mapping;
  if (i < 0)
    return "";
  at(m, (guint)i)->start -= at(m, (guint)i)->offset;
  at(m, (guint)i)->offset = 0;
  paint(m, m->pieces, FALSE);
  paint(m, m->extensions, TRUE);
  return at(m, (guint)i)->file;
}

guint64 unpark_maps_dropped(const UnparkMaps *m) {
  return m->n_dropped;
}

void unpark_maps_write(const UnparkMaps *m, UnparkWriter *writer) {
  for (guint i = 0; i < m->mappings->len; i++) {
    const UnparkMapping *one = at(m, i);
    const gint64 row[] = {UNPARK_TEXT_PROFILE,
                          i + 1,
                          (gint64)one->start,
                          (gint64)one->limit,
                          (gint64)one->offset,
                          unpark_writer_string(writer, one->file, strlen(one->file)),
                          unpark_writer_string(writer, one->build_id, strlen(one->build_id))};
    unpark_writer_append(writer, UNPARK_TABLE_MAPPING, row);
  }
}
