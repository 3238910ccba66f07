/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/delve.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/lines.h"
#include "importers/text/stack.h"
#include "model/base/error.h"
#include "model/base/format.h"

typedef struct {
  gint64 id;
  UnparkText place; /* "/src/main.go:30 main.main (0x4b7d1c)" */
  UnparkText state; /* empty: not waiting */
  gboolean is_start, on_thread;
} DelveHead;

typedef struct {
  UnparkWriter *writer;
  UnparkGoStack stack, start;
  GString *function; /* of a frame whose position has not come yet */
  gint64 row[8];     /* of UNPARK_TABLE_DUMP_GOROUTINE */
  GString *place_text;
  gboolean open, is_start;
  guint64 n_goroutines, n_truncated;
  gint64 n_said; /* by delve; UNPARK_NONE */
  UnparkTextUnread unread;
} Delve;

enum {
  ROW_ID,
  ROW_STATE,
  ROW_MINUTES,
  ROW_LOCKED,
  ROW_STACK,
  ROW_CREATE_STACK,
  ROW_CREATOR,
  ROW_COUNT
};

/* "[chan receive 181]" at the end: the state without the time, of which only the clock of the
 * program knows what it means. */
static void take_state(UnparkText *rest, DelveHead *head) {
  gssize open = unpark_text_find(*rest, UNPARK_TEXT(" ["));
  UnparkText state;
  gsize end;

  if (open < 0 || !unpark_text_ends(*rest, UNPARK_TEXT("]")))
    return;
  state = (UnparkText){rest->text + open + 2, rest->len - (gsize)open - 3};
  end = state.len;
  while (end > 0 && g_ascii_isdigit(state.text[end - 1]))
    end--;
  if (end > 1 && end < state.len && state.text[end - 1] == ' ')
    state.len = end - 1;
  head->state = state;
  rest->len = (gsize)open;
}

static gboolean parse_head(UnparkText line, DelveHead *head) {
  static const char *const kinds[] = {" - User: ", " - Runtime: ", " - Go: ", " - Start: "};
  gssize thread;
  guint kind;

  *head = (DelveHead){0};
  line = unpark_text_strip(line);
  unpark_text_take(&line, UNPARK_TEXT("* "));
  if (!unpark_text_take(&line, UNPARK_TEXT("Goroutine ")) ||
      !unpark_text_take_number(&line, FALSE, &head->id))
    return FALSE;
  for (kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
    if (unpark_text_take(&line, (UnparkText){kinds[kind], strlen(kinds[kind])}))
      break;
  if (kind == G_N_ELEMENTS(kinds))
    return FALSE;
  head->is_start = kind == G_N_ELEMENTS(kinds) - 1;
  take_state(&line, head);
  thread = unpark_text_find(line, UNPARK_TEXT(" (thread "));
  head->on_thread = thread >= 0;
  if (thread >= 0)
    line.len = (gsize)thread;
  head->place = line;
  return TRUE;
}

/* "/src/main.go:30 main.main (0x4b7d1c)" */
static gboolean push_place(UnparkGoStack *stack, UnparkText place) {
  gssize pc = unpark_text_find(place, UNPARK_TEXT(" (0x"));

  if (pc >= 0)
    place.len = (gsize)pc;
  for (gsize i = place.len; i > 1; i--) {
    UnparkText rest = unpark_text_from(place, i);
    gint64 line;
    if (place.text[i - 1] != ':' || !unpark_text_take_number(&rest, FALSE, &line) ||
        !unpark_text_take(&rest, UNPARK_TEXT(" ")) || rest.len == 0)
      continue;
    unpark_go_stack_frame(stack, rest, (UnparkText){place.text, i - 1},
                          (guint32)MIN(line, G_MAXINT32));
    return TRUE;
  }
  return FALSE;
}

static void push_function(Delve *d, UnparkText file, guint32 line) {
  if (d->function->len > 0)
    unpark_go_stack_frame(&d->stack, (UnparkText){d->function->str, d->function->len}, file, line);
  g_string_truncate(d->function, 0);
}

static void end_goroutine(Delve *d) {
  const UnparkText place = {d->place_text->str, d->place_text->len};

  if (!d->open)
    return;
  push_function(d, UNPARK_TEXT(""), 0);
  if (d->is_start)
    push_place(&d->start, place);
  else if (d->stack.frames->len == 0)
    push_place(&d->stack, place);
  d->row[ROW_STACK] = unpark_go_stack_end(&d->stack);
  d->row[ROW_CREATE_STACK] = unpark_go_stack_end(&d->start);
  unpark_writer_append(d->writer, UNPARK_TABLE_DUMP_GOROUTINE, d->row);
  d->n_goroutines++;
  d->open = FALSE;
}

static void begin_goroutine(Delve *d, const DelveHead *head) {
  UnparkText state = head->state;

  end_goroutine(d);
  if (state.len == 0)
    state = head->on_thread ? UNPARK_TEXT("running") : UNPARK_TEXT("not running");
  d->row[ROW_ID] = head->id;
  d->row[ROW_STATE] = unpark_text_string(d->writer, state);
  d->row[ROW_MINUTES] = d->row[ROW_CREATOR] = UNPARK_NONE;
  d->row[ROW_LOCKED] = 0;
  d->row[ROW_COUNT] = 1;
  g_string_truncate(d->place_text, 0);
  g_string_append_len(d->place_text, head->place.text, (gssize)head->place.len);
  d->is_start = head->is_start;
  d->open = TRUE;
}

/* "0  0x00000000004b7d1c in main.main" */
static gboolean take_function(Delve *d, UnparkText line) {
  gint64 number;
  guint64 pc;

  if (!unpark_text_take_number(&line, FALSE, &number) || !unpark_text_take_blanks(&line) ||
      !unpark_text_take_hex(&line, &pc) || !unpark_text_take(&line, UNPARK_TEXT(" in ")))
    return FALSE;
  push_function(d, UNPARK_TEXT(""), 0);
  g_string_append_len(d->function, line.text, (gssize)line.len);
  return TRUE;
}

/* "at /src/main.go:30" */
static gboolean take_position(Delve *d, UnparkText line) {
  gint64 number;

  if (!unpark_text_take(&line, UNPARK_TEXT("at ")))
    return FALSE;
  for (gsize i = line.len; i > 1; i--) {
    UnparkText rest = unpark_text_from(line, i);
    if (line.text[i - 1] != ':')
      continue;
    if (!unpark_text_take_number(&rest, FALSE, &number) || rest.len > 0)
      return FALSE;
    push_function(d, (UnparkText){line.text, i - 1}, (guint32)MIN(number, G_MAXINT32));
    return TRUE;
  }
  return FALSE;
}

/* "[2 goroutines]" */
static gboolean take_total(Delve *d, UnparkText line) {
  gint64 number;

  if (!unpark_text_take(&line, UNPARK_TEXT("[")) ||
      !unpark_text_take_number(&line, FALSE, &number) ||
      !unpark_text_starts(line, UNPARK_TEXT(" goroutine")))
    return FALSE;
  d->n_said = number;
  return TRUE;
}

static gboolean take_labels(Delve *d, UnparkText line) {
  if (!d->open || !unpark_text_take(&line, UNPARK_TEXT("Labels: ")))
    return FALSE;
  const gint64 row[] = {d->row[ROW_ID], 0, unpark_text_string(d->writer, line)};
  unpark_writer_append(d->writer, UNPARK_TABLE_LABEL, row);
  return TRUE;
}

static void take_line(Delve *d, const UnparkLines *lines, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);
  DelveHead head;

  if (stripped.len == 0 || unpark_text_starts(stripped, UNPARK_TEXT("(dlv)")))
    return;
  if (parse_head(line, &head))
    begin_goroutine(d, &head);
  else if (take_total(d, stripped))
    end_goroutine(d);
  else if (unpark_text_equal(stripped, UNPARK_TEXT("(truncated)")))
    d->n_truncated++;
  else if (!(d->open && (take_function(d, stripped) || take_position(d, stripped) ||
                         take_labels(d, stripped))))
    unpark_text_unread_add(&d->unread, lines, line);
}

/* TRUE if nothing was lost. */
static gboolean note_all(const Delve *d) {
  gboolean whole = unpark_text_unread_note(&d->unread, d->writer,
                                           _("A line is not a Delve goroutine and was left out"));

  if (d->n_truncated > 0)
    unpark_writer_note(d->writer, UNPARK_NOTE_INFO, "elided-frames", d->n_truncated,
                       _("A stack is deeper than Delve was asked to print"));
  if (d->n_said != UNPARK_NONE && d->n_said != (gint64)d->n_goroutines) {
    char said[UNPARK_FORMAT_SIZE], found[UNPARK_FORMAT_SIZE];
    unpark_writer_note(d->writer, UNPARK_NOTE_WARNING, "missing-goroutines", 1,
                       _("Delve reports %s goroutines, but the file holds %s"),
                       unpark_format_number((guint64)d->n_said, said),
                       unpark_format_number(d->n_goroutines, found));
    whole = FALSE;
  }
  return whole;
}

static gboolean read_goroutines(Delve *d, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(d, lines, line);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  end_goroutine(d);
  if (d->n_goroutines > 0)
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT, _("%s: no line is a Delve goroutine"),
              unpark_input_name(lines->input));
  return FALSE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Delve d = {.writer = writer,
             .function = g_string_new(NULL),
             .place_text = g_string_new(NULL),
             .n_said = UNPARK_NONE};
  UnparkLines lines;
  gboolean ok;

  unpark_go_stack_init(&d.stack, writer);
  unpark_go_stack_init(&d.start, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_DUMP, "delve", "Delve goroutines", NULL,
                           UNPARK_NONE);
  ok = read_goroutines(&d, &lines, error);
  if (ok) {
    unpark_writer_count_events(writer, d.n_goroutines);
    *duration_ns = 0;
    *complete = note_all(&d);
    *complete = unpark_lines_note(&lines) && *complete;
  }
  unpark_go_stack_clear(&d.stack);
  unpark_go_stack_clear(&d.start);
  g_string_free(d.function, TRUE);
  g_string_free(d.place_text, TRUE);
  return ok;
}

static gboolean sniff(const guint8 *bytes, gsize size) {
  DelveHead head;
  UnparkText line;
  gsize at = 0;

  while (unpark_lines_of_head(bytes, size, &at, &line))
    if (parse_head(line, &head))
      return TRUE;
  return FALSE;
}

const UnparkImporter unpark_importer_delve = {
    .name = "delve",
    .title = N_("Delve goroutines"),
    .expects = N_("“Goroutine 1 - User: main.go:30 main.main (0x4b7d1c)”, anywhere"),
    .sniff = sniff,
    .import = import,
};
