/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/java.h"

#include <string.h>

#include "importers/text/debug1-head.h"

/* One in so many bytes is sampled. */
#define HEAP_PERIOD 524288

/* "key = value" */
static gboolean take_pair(UnparkText line, UnparkText *key, UnparkText *value) {
  gssize equals = unpark_text_find(line, UNPARK_TEXT("="));

  if (equals <= 0)
    return FALSE;
  *key = unpark_text_strip((UnparkText){line.text, (gsize)equals});
  *value = unpark_text_strip(unpark_text_from(line, (gsize)equals + 1));
  return TRUE;
}

gboolean unpark_java_format(UnparkText line) {
  UnparkText key, value;

  return take_pair(line, &key, &value) && unpark_text_equal(key, UNPARK_TEXT("format")) &&
         unpark_text_equal(value, UNPARK_TEXT("java"));
}

static void take_attribute(UnparkLegacy *l, UnparkText key, UnparkText value) {
  gint64 number;

  if (unpark_text_equal(key, UNPARK_TEXT("resolution"))) {
    g_free(l->unit);
    l->unit = g_utf8_make_valid(value.text, (gssize)value.len);
  } else if (!unpark_text_take_number(&value, FALSE, &number)) {
    l->n_unknown++;
  } else if (unpark_text_equal(key, UNPARK_TEXT("sampling period"))) {
    l->profile.period = number;
  } else if (unpark_text_equal(key, UNPARK_TEXT("ms since reset"))) {
    l->profile.duration_ns = number > G_MAXINT64 / 1000000 ? UNPARK_NONE : number * 1000000;
  }
}

static gint64 times(gint64 a, gint64 b) {
  gint64 product;

  return __builtin_mul_overflow(a, b, &product) ? G_MAXINT64 : product;
}

/* "4752 9 @ 0x2b 0x2c": bytes (or time), then how many. FALSE if the line is no sample. */
static gboolean take_sample(UnparkLegacy *l, UnparkText line, gboolean heap) {
  gint64 values[2], block_size = UNPARK_NONE;
  guint64 address;

  if (!unpark_text_take_number(&line, FALSE, &values[1]) || !unpark_text_take_blanks(&line) ||
      !unpark_text_take_number(&line, FALSE, &values[0]))
    return FALSE;
  unpark_text_take_blanks(&line);
  if (!unpark_text_take(&line, UNPARK_TEXT("@")))
    return FALSE;
  if (heap && values[0] == 0) {
    l->n_unknown++;
    return TRUE;
  }
  if (heap) {
    block_size = values[1] / values[0];
    unpark_debug1_scale_heap(HEAP_PERIOD, &values[0], &values[1]);
  } else if (l->profile.period != 0) {
    values[0] = times(values[0], l->profile.period);
    values[1] = times(values[1], l->profile.period);
  }
  unpark_legacy_stacks_sample(&l->stacks, values, block_size);
  while (unpark_text_take_blanks(&line) && unpark_text_take_hex(&line, &address))
    unpark_legacy_stacks_address(&l->stacks, address);
  return TRUE;
}

/* Attributes, then samples; what follows is for the names. */
static gboolean read_samples(UnparkLegacy *l, UnparkLines *lines, gboolean heap, GError **failure) {
  gboolean attributes = TRUE;
  UnparkText line, key, value;

  while (unpark_lines_next(lines, &line, failure)) {
    line = unpark_text_strip(line);
    if (line.len == 0)
      continue;
    if (attributes && take_pair(line, &key, &value)) {
      take_attribute(l, key, value);
      continue;
    }
    attributes = FALSE;
    if (!take_sample(l, line, heap)) {
      unpark_lines_again(lines);
      return TRUE;
    }
  }
  return *failure == NULL;
}

gboolean unpark_java_text_read(UnparkLegacy *l, UnparkLines *lines, gboolean heap, GError **error) {
  g_autoptr(GError) failure = NULL;

  unpark_legacy_stacks_init(&l->stacks, l->writer, l->maps, 2);
  l->profile = (UnparkTextProfile){.kind = heap ? "heap" : "block",
                                   .period = 0,
                                   .period_type = heap ? "" : "contentions",
                                   .period_unit = heap ? "" : "count",
                                   .duration_ns = UNPARK_NONE};
  if (!read_samples(l, lines, heap, &failure)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  l->types[0] = heap ? "inuse_objects" : "contentions";
  l->types[1] = heap ? "inuse_space" : "delay";
  l->units[0] = "count";
  l->units[1] = l->unit ? l->unit : "";
  return unpark_java_names_read(l, lines, error);
}

/* ---- Names ------------------------------------------------------------------------------ */

typedef struct {
  UnparkLegacy *legacy;
  GHashTable *files; /* function (string id) -> file (string id) of its first line */
} Names;

/* The last "(...)" of a line and what stands before it. FALSE without one. */
static gboolean take_place(UnparkText text, UnparkText *function, UnparkText *place) {
  gsize open = text.len;

  if (text.len == 0 || text.text[text.len - 1] != ')')
    return FALSE;
  while (open > 0 && text.text[open - 1] != '(')
    open--;
  if (open < 2 || !g_ascii_isspace(text.text[open - 2]))
    return FALSE;
  *function = unpark_text_strip((UnparkText){text.text, open - 1});
  *place = (UnparkText){text.text + open, text.len - open - 1};
  return TRUE;
}

/* "Shop.java:103"; the line is 0 where it is not told. FALSE: no line is named. */
static gboolean take_line_number(UnparkText *place, gint64 *line) {
  gsize colon = place->len;
  UnparkText digits;

  while (colon > 0 && place->text[colon - 1] != ':')
    colon--;
  if (colon < 2)
    return FALSE;
  digits = unpark_text_from(*place, colon);
  if (!unpark_text_take_number(&digits, TRUE, line) || digits.len > 0)
    return FALSE;
  *line = CLAMP(*line, 0, G_MAXINT32);
  place->len = colon - 1;
  return TRUE;
}

static void take_name(Names *n, guint64 address, UnparkText text) {
  UnparkWriter *writer = n->legacy->writer;
  UnparkText function = text, place = UNPARK_TEXT("");
  gint64 line = 0;
  guint32 name, file;
  gpointer known;
  guint64 *key;

  if (take_place(text, &function, &place)) {
    /* Of a library only its own name is of interest. */
    if (!take_line_number(&place, &line))
      for (gsize i = place.len; i > 0; i--)
        if (place.text[i - 1] == '/') {
          place = unpark_text_from(place, i);
          break;
        }
  } else if (unpark_text_find(text, UNPARK_TEXT("generated stub/JIT")) >= 0) {
    function = UNPARK_TEXT("STUB");
  }
  name = unpark_text_string(writer, function);
  file = unpark_text_string(writer, place);
  if (g_hash_table_lookup_extended(n->files, GUINT_TO_POINTER(name), NULL, &known))
    file = GPOINTER_TO_UINT(known);
  else
    g_hash_table_insert(n->files, GUINT_TO_POINTER(name), GUINT_TO_POINTER(file));
  key = g_new(guint64, 1);
  *key = address;
  g_hash_table_replace(
      n->legacy->stacks.names, key,
      GUINT_TO_POINTER(unpark_writer_frame(writer, name, file, (guint32)line, FALSE)));
}

gboolean unpark_java_names_read(UnparkLegacy *l, UnparkLines *lines, GError **error) {
  g_autoptr(GHashTable) files = g_hash_table_new(NULL, NULL);
  Names names = {l, files};
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  l->stacks.names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  while (unpark_lines_next(lines, &line, &failure)) {
    guint64 address;
    line = unpark_text_strip(line);
    if (unpark_text_starts(line, UNPARK_TEXT("0x")) && unpark_text_take_hex(&line, &address) &&
        unpark_text_take_blanks(&line) && line.len > 0)
      take_name(&names, address, line);
  }
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}
