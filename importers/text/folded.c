/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/folded.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/decimal.h"
#include "importers/text/profile-rows.h"
#include "model/base/error.h"

typedef struct {
  UnparkText stack;
  guint n_values; /* 1 or 2 */
  UnparkDecimal values[2];
} FoldedLine;

typedef struct {
  UnparkWriter *writer;
  GArray *frames; /* guint32 */
  gint64 sample;
  guint n_values;
  UnparkTextValues values;
  UnparkTextUnread unread;
} Folded;

/* The last word of the text, if it is a number; takes it and the blanks before it off. */
static gboolean take_last_number(UnparkText *text, UnparkDecimal *value) {
  gsize at = text->len;

  while (at > 0 && text->text[at - 1] != ' ' && text->text[at - 1] != '\t')
    at--;
  if (at == 0 || !unpark_decimal_parse(unpark_text_from(*text, at), value))
    return FALSE;
  *text = unpark_text_strip((UnparkText){text->text, at});
  return TRUE;
}

/* FALSE if the line is no stack with a number. */
static gboolean parse(UnparkText line, FoldedLine *folded) {
  UnparkText shorter;
  UnparkDecimal first;

  *folded = (FoldedLine){.stack = unpark_text_strip(line), .n_values = 1};
  if (!take_last_number(&folded->stack, &folded->values[0]) || folded->stack.len == 0)
    return FALSE;
  shorter = folded->stack;
  if (take_last_number(&shorter, &first) && shorter.len > 0) {
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

static void take_line(Folded *f, const UnparkLines *lines, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);
  FoldedLine folded;

  if (stripped.len == 0 || stripped.text[0] == '#')
    return;
  if (!parse(stripped, &folded) || folded.n_values < f->n_values) {
    unpark_text_unread_add(&f->unread, lines, line);
    return;
  }
  if (f->n_values < folded.n_values) { /* the first number is part of the name */
    folded.stack = stripped;
    take_last_number(&folded.stack, &folded.values[0]);
  }
  f->sample++;
  unpark_text_sample(f->writer, f->sample, stack_of(f, folded.stack));
  for (guint i = 0; i < f->n_values; i++)
    unpark_text_values_add(&f->values, f->sample, i, &folded.values[i]);
}

static void end_profile(Folded *f) {
  UnparkTextProfile profile = {.kind = "custom",
                               .period = 1,
                               .period_type = "",
                               .period_unit = "",
                               .duration_ns = UNPARK_NONE};

  unpark_text_values_end(&f->values);
  unpark_text_profile(f->writer, &profile);
  for (guint i = 0; i < f->n_values; i++) {
    static const char *const types[] = {"before", "after"};
    g_autofree char *unit = unpark_text_values_unit(&f->values, i, "count");
    unpark_text_sample_type(f->writer, i, f->n_values == 2 ? types[i] : "samples", unit);
  }
}

/* What the lines at the beginning are: stacks, those of more than one frame, and others. */
typedef struct {
  guint n_stacks, n_deep, n_pairs, n_others;
  guint64 first_other; /* number of the line; 0: none */
  gboolean is_binary;
} FoldedHead;

static void look(const guint8 *head, gsize size, FoldedHead *found) {
  FoldedLine folded;
  UnparkText line;
  gsize at = 0;

  *found = (FoldedHead){0};
  for (guint64 number = 1; unpark_lines_of_head(head, size, &at, &line); number++) {
    line = unpark_text_strip(line);
    if (line.len == 0 || line.text[0] == '#')
      continue;
    found->is_binary = found->is_binary || memchr(line.text, '\0', line.len);
    if (parse(line, &folded)) {
      found->n_stacks++;
      found->n_pairs += folded.n_values == 2;
      found->n_deep += memchr(folded.stack.text, ';', folded.stack.len) != NULL;
    } else {
      found->n_others++;
      if (found->first_other == 0)
        found->first_other = number;
    }
  }
}

/* Two numbers a line only if all lines of the beginning have them: names may end with one, too. */
static guint count_values(UnparkInput *input) {
  FoldedHead head;
  gsize have;
  const guint8 *bytes = unpark_input_window(input, UNPARK_SNIFF_SIZE, &have, NULL);

  if (!bytes)
    bytes = unpark_input_window(input, 0, &have, NULL);
  if (!bytes)
    return 1;
  look(bytes, MIN(have, UNPARK_SNIFF_SIZE), &head);
  return head.n_pairs > 0 && head.n_pairs == head.n_stacks ? 2 : 1;
}

static gboolean read_profile(Folded *f, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(f, lines, line);
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
  Folded f = {.writer = writer,
              .frames = g_array_new(FALSE, FALSE, sizeof(guint32)),
              .n_values = count_values(input)};
  UnparkLines lines;
  gboolean ok;

  unpark_text_values_init(&f.values, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "folded", "folded stacks", NULL,
                           UNPARK_NONE);
  ok = read_profile(&f, &lines, error);
  if (ok) {
    gboolean whole = unpark_text_unread_note(
        &f.unread, writer, _("A line is not a stack with a number and was left out"));
    unpark_writer_count_events(writer, (guint64)f.sample);
    *duration_ns = 0;
    whole = unpark_text_values_note(&f.values) && whole;
    *complete = unpark_lines_note(&lines) && whole;
  }
  unpark_text_values_clear(&f.values);
  g_array_unref(f.frames);
  return ok;
}

/* The beginning of a line with many frames; not JSON, whose texts may have semicolons. */
static gboolean is_deep_stack(UnparkText text) {
  gsize n = 0;

  if (unpark_text_starts(text, UNPARK_TEXT("{\"")))
    return FALSE;
  for (gsize i = 0; i < text.len; i++) {
    if (g_ascii_iscntrl(text.text[i]))
      return FALSE;
    n += text.text[i] == ';';
  }
  return n >= text.len / 512;
}

/* Loose as the format is: there is no zero, a line is a stack of more than one frame, and most
 * lines are stacks. */
static gboolean sniff(const guint8 *head, gsize size) {
  FoldedHead found;

  look(head, size, &found);
  /* A first line that is longer than the head: a very deep stack. */
  if (found.n_stacks + found.n_others == 0 && size >= UNPARK_SNIFF_SIZE)
    return is_deep_stack((UnparkText){(const char *)head, size});
  return !found.is_binary && found.n_deep > 0 && found.n_others <= found.n_stacks;
}

static guint64 first_unread(const guint8 *head, gsize size) {
  FoldedHead found;

  look(head, size, &found);
  return found.first_other;
}

const UnparkImporter unpark_importer_folded = {
    .name = "folded",
    .title = N_("folded stacks"),
    .expects = N_("“main;main.handle 42”, names with semicolons between and a number behind"),
    .sniff = sniff,
    .first_unread = first_unread,
    .import = import,
};
