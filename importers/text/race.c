/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/race.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/dump-header.h"
#include "importers/text/log-line.h"
#include "importers/text/stack.h"
#include "model/base/error.h"

#define MAIN_GOROUTINE 1

typedef enum { STACK_ACCESS, STACK_PREVIOUS, STACK_CREATED, STACK_NONE } StackOf;

typedef struct {
  UnparkWriter *writer;
  gboolean open, any_access;
  gboolean prefixed; /* a logger's words stood before the report's first line */
  gint64 row[10];    /* of UNPARK_TABLE_RACE */
  StackOf stack_of;
  gint64 created; /* goroutine whose creation is at hand */
  UnparkGoStack stack;
  guint64 n_races, n_unrestored, n_empty, n_dumped;
} Race;

enum {
  ROW_ID,
  ROW_KIND,
  ROW_ADDRESS,
  ROW_GOROUTINE,
  ROW_STACK,
  ROW_PREVIOUS_KIND,
  ROW_PREVIOUS_GOROUTINE,
  ROW_PREVIOUS_STACK,
  ROW_CREATE,
  ROW_PREVIOUS_CREATE
};

static const char *const kinds[] = {"read", "write", "atomic read", "atomic write"};

static void end_stack(Race *race) {
  guint32 stack = unpark_go_stack_end(&race->stack);

  if (race->stack_of == STACK_ACCESS)
    race->row[ROW_STACK] = stack;
  else if (race->stack_of == STACK_PREVIOUS)
    race->row[ROW_PREVIOUS_STACK] = stack;
  if (race->stack_of == STACK_CREATED && race->row[ROW_GOROUTINE] == race->created)
    race->row[ROW_CREATE] = stack;
  if (race->stack_of == STACK_CREATED && race->row[ROW_PREVIOUS_GOROUTINE] == race->created)
    race->row[ROW_PREVIOUS_CREATE] = stack;
  race->stack_of = STACK_NONE;
}

static void end_race(Race *race) {
  if (race->open)
    end_stack(race);
  if (race->open && race->any_access) {
    race->row[ROW_ID] = (gint64)++race->n_races;
    unpark_writer_append(race->writer, UNPARK_TABLE_RACE, race->row);
  } else if (race->open) {
    race->n_empty++;
  }
  race->open = race->any_access = FALSE;
}

static void begin_race(Race *race) {
  end_race(race);
  memset(race->row, 0, sizeof race->row);
  race->row[ROW_ADDRESS] = UNPARK_NONE;
  race->row[ROW_GOROUTINE] = race->row[ROW_PREVIOUS_GOROUTINE] = UNPARK_NONE;
  race->open = TRUE;
}

/* "read", "Atomic write": the kind, as we spell it. NULL for other words. */
static const char *take_kind(UnparkText *text) {
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    gsize n = strlen(kinds[i]);
    if (text->len >= n && g_ascii_strncasecmp(text->text, kinds[i], n) == 0) {
      *text = unpark_text_from(*text, n);
      return kinds[i];
    }
  }
  return NULL;
}

/* " by goroutine 7:", " by main goroutine:". */
static gboolean take_goroutine(UnparkText text, gint64 *goroutine) {
  *goroutine = MAIN_GOROUTINE;
  return unpark_text_equal(text, UNPARK_TEXT(" by main goroutine:")) ||
         (unpark_text_take(&text, UNPARK_TEXT(" by goroutine ")) &&
          unpark_text_take_number(&text, FALSE, goroutine) &&
          unpark_text_equal(text, UNPARK_TEXT(":")));
}

/* "Previous write at 0x00c00001c078 by goroutine 7:" */
static gboolean take_access(Race *race, UnparkText line) {
  gboolean previous = unpark_text_take(&line, UNPARK_TEXT("Previous "));
  const char *kind = take_kind(&line);
  gint64 goroutine;
  guint64 address = 0;
  gboolean has_address;

  if (!kind)
    return FALSE;
  /* Go 1.4 and older, and reports that passed through filters, tell no address. */
  has_address = unpark_text_take(&line, UNPARK_TEXT(" at "));
  if ((has_address && !unpark_text_take_hex(&line, &address)) || !take_goroutine(line, &goroutine))
    return FALSE;
  end_stack(race);
  race->row[previous ? ROW_PREVIOUS_KIND : ROW_KIND] =
      unpark_writer_string(race->writer, kind, strlen(kind));
  race->row[previous ? ROW_PREVIOUS_GOROUTINE : ROW_GOROUTINE] = goroutine;
  if (has_address)
    race->row[ROW_ADDRESS] = (gint64)address;
  race->stack_of = previous ? STACK_PREVIOUS : STACK_ACCESS;
  race->any_access = TRUE;
  return TRUE;
}

/* "Goroutine 8 (running) created at:" */
static gboolean take_created(Race *race, UnparkText line) {
  gint64 goroutine;

  if (!unpark_text_take(&line, UNPARK_TEXT("Goroutine ")) ||
      !unpark_text_take_number(&line, FALSE, &goroutine) ||
      !unpark_text_ends(line, UNPARK_TEXT(" created at:")))
    return FALSE;
  end_stack(race);
  race->created = goroutine;
  race->stack_of = STACK_CREATED;
  return TRUE;
}

static gboolean is_warning(UnparkText line) {
  return unpark_text_ends(unpark_text_strip(line), UNPARK_TEXT("WARNING: DATA RACE"));
}

static void take_line(Race *race, UnparkText line, gboolean prefixed) {
  UnparkText stripped = unpark_text_strip(line);
  UnparkDumpHeader header;

  /* A panic, or a dump on request, of the same output: it needs a file of its own. */
  race->n_dumped +=
      stripped.len > 0 && stripped.text[0] == 'g' && unpark_dump_header(stripped, &header);
  if (is_warning(line)) {
    begin_race(race);
    race->prefixed = prefixed;
  } else if (!race->open || (prefixed && !race->prefixed)) /* a log's own line */
    return;
  else if (unpark_text_equal(stripped, UNPARK_TEXT("==================")))
    end_race(race);
  else if (stripped.len == 0)
    end_stack(race);
  else if (unpark_text_equal(stripped, UNPARK_TEXT("[failed to restore the stack]")))
    race->n_unrestored++;
  else if (!take_access(race, stripped) && !take_created(race, stripped) &&
           race->stack_of != STACK_NONE)
    unpark_go_stack_line(&race->stack, line);
}

static gboolean read_races(Race *race, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkLogLines log;
  UnparkText line;

  unpark_log_lines_init(&log, lines);
  while (unpark_log_lines_next(&log, &line, &failure))
    take_line(race, line, log.prefixed);
  unpark_log_lines_clear(&log);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  end_race(race);
  if (race->n_races > 0)
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s contains “WARNING: DATA RACE”, but no report in it names an access"),
              unpark_input_name(lines->input));
  return FALSE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Race race = {.writer = writer, .stack_of = STACK_NONE};
  UnparkLines lines;
  gboolean ok;

  unpark_go_stack_init(&race.stack, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_RACE, "race-report", "go race detector report",
                           NULL, UNPARK_NONE);
  ok = read_races(&race, &lines, error);
  if (ok) {
    if (race.n_unrestored > 0)
      unpark_writer_note(writer, UNPARK_NOTE_INFO, "stack-unavailable", race.n_unrestored,
                         _("The race detector could not restore a stack; a larger history "
                           "helps: GORACE=history_size=7"));
    if (race.n_empty > 0)
      unpark_writer_note(writer, UNPARK_NOTE_WARNING, "no-access", race.n_empty,
                         _("A report names no access, or none that could be read, and was left "
                           "out"));
    if (race.n_dumped > 0)
      unpark_writer_note(writer, UNPARK_NOTE_WARNING, "goroutine-dump", race.n_dumped,
                         _("The file also holds goroutines of a dump or a panic, which are not "
                           "shown beside data races; copy them to a file of their own to open "
                           "them"));
    unpark_writer_count_events(writer, race.n_races);
    *duration_ns = 0;
    *complete = unpark_lines_note(&lines) && race.n_empty == 0 && race.n_dumped == 0;
  }
  unpark_go_stack_clear(&race.stack);
  return ok;
}

static gboolean wanted(UnparkText line, gpointer unused) {
  (void)unused;
  return is_warning(line);
}

static gboolean sniff(const guint8 *head, gsize size) {
  return unpark_log_lines_any(head, size, wanted, NULL);
}

const UnparkImporter unpark_importer_race = {
    .name = "race-report",
    .title = N_("race detector report"),
    .expects = N_("“WARNING: DATA RACE”, anywhere"),
    .sniff = sniff,
    .import = import,
};
