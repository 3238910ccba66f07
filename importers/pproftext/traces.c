/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pproftext/traces.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/pprof/kind.h"
#include "importers/text/decimal.h"
#include "importers/text/profile-rows.h"
#include "model/base/error.h"

/* Cells before a function's name: a value on the innermost line, else blanks. */
#define NAME_AT 13
/* Lines before the first stack. */
#define HEAD_MAX 64

typedef enum { UNIT_COUNT, UNIT_TIME, UNIT_BYTES } Unit;

static const struct {
  const char *text;
  Unit unit;
  gint64 factor;
} units[] = {
    {"", UNIT_COUNT, 1},
    {"ns", UNIT_TIME, 1},
    {"us", UNIT_TIME, 1000},
    {"µs", UNIT_TIME, 1000},
    {"ms", UNIT_TIME, 1000000},
    {"s", UNIT_TIME, 1000000000},
    {"mins", UNIT_TIME, G_GINT64_CONSTANT(60000000000)},
    {"hrs", UNIT_TIME, G_GINT64_CONSTANT(3600000000000)},
    {"days", UNIT_TIME, G_GINT64_CONSTANT(86400000000000)},
    {"wks", UNIT_TIME, G_GINT64_CONSTANT(604800000000000)},
    {"yrs", UNIT_TIME, G_GINT64_CONSTANT(31556952000000000)},
    {"B", UNIT_BYTES, 1},
    {"kB", UNIT_BYTES, (gint64)1 << 10},
    {"MB", UNIT_BYTES, (gint64)1 << 20},
    {"GB", UNIT_BYTES, (gint64)1 << 30},
    {"TB", UNIT_BYTES, (gint64)1 << 40},
    {"PB", UNIT_BYTES, (gint64)1 << 50},
};

typedef struct {
  UnparkWriter *writer;
  GArray *frames; /* guint32: of the stack at hand */
  GArray *labels; /* guint32: of it, key and text in turn */
  gint64 value, sample;
  gboolean in_head, has_value;
  Unit unit;
  char type[64];
  GString *comments;
  guint64 n_rounded, n_mixed;
  UnparkTextUnread unread;
} Traces;

/* ---- Lines -------------------------------------------------------------------------- */

/* "-----------+-----..." */
static gboolean is_separator(UnparkText line) {
  const UnparkText start = UNPARK_TEXT("-----------+----------");

  if (!unpark_text_starts(line, start))
    return FALSE;
  for (gsize i = start.len; i < line.len; i++)
    if (line.text[i] != '-')
      return FALSE;
  return TRUE;
}

/* "512.19kB": FALSE if it is no value. */
static gboolean parse_value(UnparkText word, gint64 *value, Unit *unit, gboolean *rounded) {
  UnparkDecimal decimal;
  gsize digits = 0;

  while (digits < word.len && (g_ascii_isdigit(word.text[digits]) || word.text[digits] == '.' ||
                               (digits == 0 && word.text[0] == '-')))
    digits++;
  if (!unpark_decimal_parse((UnparkText){word.text, digits}, &decimal))
    return FALSE;
  word = unpark_text_from(word, digits);
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
    gint64 product;
    gboolean inexact = FALSE;
    if (!unpark_text_equal(word, (UnparkText){units[i].text, strlen(units[i].text)}))
      continue;
    *rounded = decimal.exponent < 0 || units[i].factor > 1;
    if (__builtin_mul_overflow(decimal.mantissa, units[i].factor, &product))
      return FALSE;
    decimal.mantissa = product;
    *value = unpark_decimal_scaled(&decimal, 0, &inexact);
    *unit = units[i].unit;
    return TRUE;
  }
  return FALSE;
}

/* "  10ms   main.work", the innermost line: takes the value off. */
static gboolean take_value(UnparkText *line, gint64 *value, Unit *unit, gboolean *rounded) {
  UnparkText text = unpark_text_strip(*line);
  gssize end = unpark_text_find(text, UNPARK_TEXT("   "));

  if (end <= 0 || !parse_value((UnparkText){text.text, (gsize)end}, value, unit, rounded))
    return FALSE;
  *line = unpark_text_from(text, (gsize)end);
  return TRUE;
}

/* "     bytes:  64kB" */
static gboolean take_label(Traces *t, UnparkText line) {
  UnparkText text = unpark_text_strip(line);
  gssize colon = unpark_text_find(text, UNPARK_TEXT(":  "));
  guint32 ids[2];

  if (t->has_value || colon <= 0)
    return FALSE;
  ids[0] = unpark_text_string(t->writer, (UnparkText){text.text, (gsize)colon});
  ids[1] =
      unpark_text_string(t->writer, unpark_text_strip(unpark_text_from(text, (gsize)colon + 3)));
  g_array_append_vals(t->labels, ids, 2);
  return TRUE;
}

/* With -addresses a name begins with one, in 16 digits. */
static UnparkText without_address(UnparkText name) {
  UnparkText rest = name;
  guint64 address;

  if (unpark_text_take_hex(&rest, &address) && name.len - rest.len == 16 && rest.len > 1 &&
      rest.text[0] == ' ')
    return unpark_text_from(rest, 1);
  return name;
}

/* "main.work /src/work.go:12 (inline)" */
static void add_frame(Traces *t, UnparkText name) {
  UnparkText file = {"", 0};
  gboolean inlined = unpark_text_ends(name, UNPARK_TEXT(" (inline)"));
  gint64 line = 0;
  gsize at, blank;
  guint32 frame;

  if (inlined)
    name.len -= strlen(" (inline)");
  name = without_address(unpark_text_strip(name));
  for (at = name.len; at > 0 && g_ascii_isdigit(name.text[at - 1]);)
    at--;
  for (blank = at; blank > 0 && name.text[blank - 1] != ' ';)
    blank--;
  if (at < name.len && at > 1 && blank > 1 && name.text[at - 1] == ':') {
    UnparkText number = unpark_text_from(name, at);
    unpark_text_take_number(&number, FALSE, &line);
    file = (UnparkText){name.text + blank, at - 1 - blank};
    name.len = blank - 1;
  }
  frame = unpark_writer_frame(t->writer, unpark_text_string(t->writer, unpark_text_strip(name)),
                              unpark_text_string(t->writer, file),
                              (guint32)CLAMP(line, 0, G_MAXINT32), inlined);
  g_array_append_val(t->frames, frame);
}

static void end_sample(Traces *t) {
  if (t->has_value) {
    t->sample++;
    unpark_text_sample(t->writer, t->sample,
                       unpark_writer_stack(t->writer,
                                           (const guint32 *)(const void *)t->frames->data,
                                           t->frames->len));
    unpark_text_value(t->writer, t->sample, 0, t->value);
    for (guint i = 0; i + 1 < t->labels->len; i += 2) {
      const gint64 row[] = {t->sample, g_array_index(t->labels, guint32, i),
                            g_array_index(t->labels, guint32, i + 1), UNPARK_NONE, UNPARK_NONE};
      unpark_writer_append(t->writer, UNPARK_TABLE_SAMPLE_LABEL, row);
    }
  }
  t->has_value = FALSE;
  g_array_set_size(t->frames, 0);
  g_array_set_size(t->labels, 0);
}

/* What is neither of these is a comment of the profile. */
static void take_head(Traces *t, UnparkText line) {
  static const char *const keys[] = {"File: ", "Build ID: ", "Time: ", "Duration: ", "Doc: "};

  line = unpark_text_strip(line);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    if (unpark_text_starts(line, (UnparkText){keys[i], strlen(keys[i])}))
      return;
  if (unpark_text_take(&line, UNPARK_TEXT("Type: "))) {
    g_snprintf(t->type, sizeof t->type, "%.*s", (int)MIN(line.len, sizeof t->type - 1), line.text);
  } else if (t->comments->len < 4096 && line.len < 1024) {
    g_string_append_len(t->comments, "; ", t->comments->len ? 2 : 0);
    g_string_append_len(t->comments, line.text, (gssize)line.len);
  }
}

static gboolean begin_stack(Traces *t, UnparkText *line) {
  Unit unit;
  gboolean rounded = FALSE;

  if (!take_value(line, &t->value, &unit, &rounded))
    return FALSE;
  /* 0 has no unit. */
  if (t->value != 0 && t->unit != UNIT_COUNT && unit != t->unit)
    t->n_mixed++;
  if (t->value != 0 && t->unit == UNIT_COUNT)
    t->unit = unit;
  t->n_rounded += rounded;
  t->has_value = TRUE;
  return TRUE;
}

/* FALSE: it is none of a stack. */
static gboolean take_line(Traces *t, UnparkText line) {
  if (is_separator(line)) {
    end_sample(t);
    t->in_head = FALSE;
  } else if (t->in_head) {
    take_head(t, line);
  } else if (take_label(t, line)) {
    return TRUE;
  } else if (t->has_value) {
    if (line.len <= NAME_AT || unpark_text_strip((UnparkText){line.text, NAME_AT}).len > 0)
      return FALSE;
    add_frame(t, unpark_text_from(line, NAME_AT));
  } else if (begin_stack(t, &line)) {
    add_frame(t, line);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* ---- The file ----------------------------------------------------------------------- */

static gboolean read_file(Traces *t, UnparkLines *lines, GError **error) {
  GError *failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    if (unpark_text_strip(line).len > 0 && !take_line(t, line))
      unpark_text_unread_add(&t->unread, lines, line);
  end_sample(t);
  if (!failure && t->sample > 0)
    return TRUE;
  if (failure)
    g_propagate_error(error, failure);
  else
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                _("%s looks like the output of “go tool pprof -traces”, but has no stack"),
                unpark_input_name(lines->input));
  return FALSE;
}

static const char *kind_of(const Traces *t) {
  static const char *const kinds[][2] = {{"cpu", "cpu"},
                                         {"inuse_space", "heap"},
                                         {"inuse_objects", "heap"},
                                         {"alloc_space", "allocs"},
                                         {"alloc_objects", "allocs"},
                                         {"goroutine", "goroutine"}};

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(t->type, kinds[i][0]) == 0)
      return kinds[i][1];
  return "custom";
}

static void emit_head(const Traces *t) {
  static const char *const names[] = {
      [UNIT_COUNT] = "count", [UNIT_TIME] = "nanoseconds", [UNIT_BYTES] = "bytes"};
  const UnparkTextProfile profile = {.kind = kind_of(t),
                                     .period = 1,
                                     .period_type = "",
                                     .period_unit = "",
                                     .duration_ns = UNPARK_NONE};

  unpark_text_profile(t->writer, &profile);
  unpark_text_sample_type(t->writer, 0, *t->type ? t->type : "samples", names[t->unit]);
}

static gboolean note_all(const Traces *t, const UnparkLines *lines) {
  gboolean whole = unpark_text_unread_note(
      &t->unread, t->writer,
      _("A line is not what “go tool pprof -traces” prints and was left out"));

  if (t->n_rounded > 0)
    unpark_writer_note(t->writer, UNPARK_NOTE_INFO, "rounded-values", t->n_rounded,
                       _("The text gives values rounded, as in 1.50s; sums differ from those of "
                         "the profile accordingly"));
  if (t->comments->len > 0)
    unpark_writer_note(t->writer, UNPARK_NOTE_INFO, "comment", 1, "%s", t->comments->str);
  if (t->n_mixed > 0)
    unpark_writer_note(t->writer, UNPARK_NOTE_WARNING, "mixed-units", t->n_mixed,
                       _("Stacks have values of different kinds of units, as if the text came from "
                         "several profiles; they are shown in the first"));
  return unpark_lines_note(lines) && whole && t->n_mixed == 0;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Traces t = {.writer = writer,
              .frames = g_array_new(FALSE, FALSE, sizeof(guint32)),
              .labels = g_array_new(FALSE, FALSE, sizeof(guint32)),
              .comments = g_string_new(NULL),
              .in_head = TRUE};
  UnparkLines lines;
  gboolean ok;

  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "pprof-traces", "pprof -traces text",
                           NULL, UNPARK_NONE);
  ok = read_file(&t, &lines, error);
  if (ok) {
    emit_head(&t);
    unpark_writer_count_events(writer, (guint64)t.sample);
    *duration_ns = 0;
    *complete = note_all(&t, &lines);
  }
  g_array_unref(t.frames);
  g_array_unref(t.labels);
  g_string_free(t.comments, TRUE);
  return ok;
}

/* Lines of a head ("Type: cpu", comments), one of dashes, and behind it labels or a stack. */
static gboolean sniff(const guint8 *head, gsize size) {
  gboolean separated = FALSE, rounded;
  guint n_before = 0;
  UnparkText line;
  gint64 value;
  gsize at = 0;
  Unit unit;

  while (unpark_lines_of_head(head, size, &at, &line)) {
    UnparkText text = unpark_text_strip(line);
    if (text.len == 0)
      continue;
    if (is_separator(line))
      separated = TRUE;
    else if (!separated)
      n_before++;
    else if (take_value(&line, &value, &unit, &rounded))
      return n_before <= HEAD_MAX;
    else if (unpark_text_find(text, UNPARK_TEXT(":  ")) <= 0)
      return FALSE;
  }
  return FALSE;
}

const UnparkImporter unpark_importer_pprof_traces = {
    .name = "pprof-traces",
    .title = N_("output of “go tool pprof -traces”"),
    .expects = N_("“-----------+----…”, then “      10ms   main.work” and its callers below"),
    .sniff = sniff,
    .import = import,
};
