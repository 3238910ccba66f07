/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/folded.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/profile-rows.h"
#include "model/base/error.h"

typedef struct {
  UnparkText stack;
  guint n_values; /* 1 or 2 */
  gint64 values[2];
  gboolean rounded;
} FoldedLine;

typedef struct {
  UnparkWriter *writer;
  GArray *frames; /* guint32 */
  gint64 sample;
  guint n_values; /* of the first line; 0: none yet */
  guint64 n_unknown, n_rounded;
} Folded;

/* The last word of the text, if it is a number; takes it and the blanks before it off. */
static gboolean take_last_number(UnparkText *text, gint64 *value, gboolean *rounded) {
  UnparkText word;
  gsize at = text->len;

  while (at > 0 && text->text[at - 1] != ' ' && text->text[at - 1] != '\t')
    at--;
  if (at == 0)
    return FALSE;
  word = unpark_text_from(*text, at);
  if (!unpark_text_take_number(&word, TRUE, value))
    return FALSE;
  if (unpark_text_take(&word, UNPARK_TEXT("."))) {
    gboolean up = word.len > 0 && word.text[0] >= '5';
    gint64 fraction;
    if (!unpark_text_take_number(&word, FALSE, &fraction))
      return FALSE;
    *rounded = *rounded || fraction != 0;
    if (up && *value < G_MAXINT64)
      *value += text->text[at] == '-' ? -1 : 1;
  }
  if (word.len > 0)
    return FALSE;
  *text = unpark_text_strip((UnparkText){text->text, at});
  return TRUE;
}

/* FALSE if the line is no stack with a number. */
static gboolean parse(UnparkText line, FoldedLine *folded) {
  UnparkText shorter;
  gint64 first;

  *folded = (FoldedLine){.stack = unpark_text_strip(line), .n_values = 1};
  if (!take_last_number(&folded->stack, &folded->values[0], &folded->rounded) ||
      folded->stack.len == 0)
    return FALSE;
  shorter = folded->stack;
  if (take_last_number(&shorter, &first, &folded->rounded) && shorter.len > 0) {
    folded->stack = shorter;
    folded->values[1] = folded->values[0];
    folded->values[0] = first;
    folded->n_values = 2;
  }
  return TRUE;
}

static guint32 frame_of(Folded *f, UnparkText name) {
  gboolean inlined = unpark_text_ends(name, UNPARK_TEXT("_[i]"));

  if (inlined)
    name.len -= strlen("_[i]");
  return unpark_writer_frame(f->writer, unpark_text_string(f->writer, name), 0, 0, inlined);
}

/* From the last frame, the innermost, to the first. */
static guint32 stack_of(Folded *f, UnparkText stack) {
  gsize end = stack.len;

  g_array_set_size(f->frames, 0);
  for (;;) {
    const char *semicolon = memrchr(stack.text, ';', end);
    gsize start = semicolon ? (gsize)(semicolon + 1 - stack.text) : 0;
    guint32 frame = frame_of(f, (UnparkText){stack.text + start, end - start});
    g_array_append_val(f->frames, frame);
    if (!semicolon)
      break;
    end = start - 1;
  }
  return unpark_writer_stack(f->writer, (const guint32 *)(const void *)f->frames->data,
                             f->frames->len);
}

static void take_line(Folded *f, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);
  FoldedLine folded;

  if (stripped.len == 0 || stripped.text[0] == '#')
    return;
  if (!parse(stripped, &folded)) {
    f->n_unknown++;
    return;
  }
  if (f->n_values == 0)
    f->n_values = folded.n_values;
  if (f->n_values == 1 && folded.n_values == 2) { /* the first number was part of the name */
    folded.stack.len = stripped.len;
    take_last_number(&folded.stack, &folded.values[0], &folded.rounded);
  }
  f->n_rounded += folded.rounded;
  f->sample++;
  unpark_text_sample(f->writer, f->sample, stack_of(f, folded.stack));
  for (guint i = 0; i < f->n_values; i++)
    unpark_text_value(f->writer, f->sample, i, folded.values[i]);
}

static void end_profile(Folded *f) {
  UnparkTextProfile profile = {.kind = "custom",
                               .period = 1,
                               .period_type = "",
                               .period_unit = "",
                               .duration_ns = UNPARK_NONE};

  unpark_text_profile(f->writer, &profile);
  if (f->n_values == 2) {
    unpark_text_sample_type(f->writer, 0, "before", "count");
    unpark_text_sample_type(f->writer, 1, "after", "count");
  } else {
    unpark_text_sample_type(f->writer, 0, "samples", "count");
  }
}

static gboolean read_profile(Folded *f, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(f, line);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (f->sample > 0) {
    end_profile(f);
    return TRUE;
  }
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s: no line is a stack with a number, such as “main;main.handle 42”"),
              unpark_input_name(lines->input));
  return FALSE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Folded f = {.writer = writer, .frames = g_array_new(FALSE, FALSE, sizeof(guint32))};
  UnparkLines lines;
  gboolean ok;

  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "folded", "folded stacks", NULL,
                           UNPARK_NONE);
  ok = read_profile(&f, &lines, error);
  if (ok) {
    if (f.n_unknown > 0)
      unpark_writer_note(writer, UNPARK_NOTE_WARNING, "unknown-line", f.n_unknown,
                         _("A line is no stack with a number and was left out"));
    if (f.n_rounded > 0)
      unpark_writer_note(writer, UNPARK_NOTE_INFO, "rounded-value", f.n_rounded,
                         _("A value has decimals and was rounded"));
    unpark_writer_count_events(writer, (guint64)f.sample);
    *duration_ns = 0;
    *complete = unpark_lines_note(&lines) && f.n_unknown == 0;
  }
  g_array_unref(f.frames);
  return ok;
}

/* The beginning of a line with many frames. */
static gboolean is_deep_stack(UnparkText text) {
  gsize n = 0;

  for (gsize i = 0; i < text.len; i++) {
    if (g_ascii_iscntrl(text.text[i]))
      return FALSE;
    n += text.text[i] == ';';
  }
  return n >= text.len / 512;
}

/* Loose as the format is: every line of the head must be a stack, one of more than one frame, and
 * there is no control character. */
static gboolean sniff(const guint8 *head, gsize size) {
  gboolean has_depth = FALSE;
  FoldedLine folded;
  UnparkText line;
  gsize at = 0;

  while (unpark_lines_of_head(head, size, &at, &line)) {
    line = unpark_text_strip(line);
    if (line.len == 0 || line.text[0] == '#')
      continue;
    if (memchr(line.text, '\0', line.len) || !parse(line, &folded))
      return FALSE;
    has_depth = has_depth || memchr(folded.stack.text, ';', folded.stack.len) != NULL;
  }
  /* A first line that is longer than the head: a very deep stack. */
  if (at == 0 && size > 0)
    return is_deep_stack((UnparkText){(const char *)head, size});
  return has_depth;
}

const UnparkImporter unpark_importer_folded = {
    .name = "folded",
    .title = N_("folded stacks"),
    .expects = N_("“main;main.handle 42”, names with semicolons between and a number behind"),
    .sniff = sniff,
    .import = import,
};
