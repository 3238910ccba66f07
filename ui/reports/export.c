/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/export.h"

#include <string.h>

#include "model/base/json.h"
#include "ui/kit/save-text.h"
#include "ui/reports/dump-stack.h"
#include "ui/reports/dump-words.h"
#include "ui/reports/race-words.h"
#include "ui/text/csv.h"

typedef enum { PLAIN, CSV, JSON, MARKDOWN } Form;

static Form form_of(const char *name) {
  return unpark_save_is(name, ".csv")    ? CSV
         : unpark_save_is(name, ".json") ? JSON
         : unpark_save_is(name, ".md")   ? MARKDOWN
                                         : PLAIN;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* Values come in the order of the titles. */
typedef struct {
  GString *out;
  Form form;
  const char *const *titles;
  guint n, column;
  gboolean any; /* a row was written */
} Rows;

static void begin(Rows *rows, Form form, const char *const *titles) {
  *rows = (Rows){g_string_new(NULL), form, titles, g_strv_length((char **)titles), 0, FALSE};
  if (form == JSON)
    g_string_append_c(rows->out, '[');
  for (guint i = 0; form == CSV && i < rows->n; i++)
    g_string_append_printf(rows->out, "%s%s", titles[i], i + 1 < rows->n ? "," : "\r\n");
}

/* `plain`: a number, or null. */
static void value(Rows *rows, const char *text, gboolean plain) {
  gboolean first = rows->column == 0, last = rows->column + 1 == rows->n;
  if (rows->form == JSON) {
    g_string_append_printf(rows->out, "%s\"%s\":", first ? rows->any ? ",\n{" : "\n{" : ",",
                           rows->titles[rows->column]);
    if (plain)
      g_string_append(rows->out, *text ? text : "null");
    else
      unpark_json_append(rows->out, text, -1);
    g_string_append(rows->out, last ? "}" : "");
  } else {
    if (plain)
      g_string_append(rows->out, text);
    else
      unpark_csv_append(rows->out, text);
    g_string_append(rows->out, last ? "\r\n" : ",");
  }
  rows->column = last ? 0 : rows->column + 1;
  rows->any |= last;
}

static void number(Rows *rows, gint64 n) {
  char text[32] = "";
  if (n != UNPARK_NONE)
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, n);
  value(rows, text, TRUE);
}

static char *end(Rows *rows) {
  if (rows->form == JSON)
    g_string_append(rows->out, "\n]\n");
  return g_string_free(rows->out, FALSE);
}

/* "main.worker main.go:21; ..." from the inside outwards. */
static void stack_value(Rows *rows, UnparkStore *store, guint32 id) {
  UnparkDumpStack stack = {0};
  g_autoptr(GString) text = g_string_new(NULL);
  unpark_dump_stack_read(&stack, store, id);
  for (guint i = 0; i < stack.n; i++) {
    g_autofree char *place = unpark_dump_place(stack.frames[i].file, stack.frames[i].line);
    g_string_append_printf(text, "%s%s%s%s", i > 0 ? "; " : "", stack.frames[i].function,
                           *place ? " " : "", place);
  }
  unpark_dump_stack_clear(&stack);
  value(rows, text->str, FALSE);
}

/* ---- Text ------------------------------------------------------------------------------------ */

static void text_stack(GString *out, UnparkStore *store, guint32 id) {
  UnparkDumpStack stack = {0};
  unpark_dump_stack_read(&stack, store, id);
  unpark_dump_stack_append(&stack, out);
  unpark_dump_stack_clear(&stack);
}

static void text_heading(GString *out, Form form, const char *title) {
  g_string_append_printf(out, form == MARKDOWN ? "## %s\n\n```\n" : "%s\n\n", title);
}

static void text_end(GString *out, Form form) {
  g_string_append(out, form == MARKDOWN ? "```\n\n" : "\n");
}

/* ---- Dumps ----------------------------------------------------------------------------------- */

static char *ids_of(const UnparkDumpGroups *groups, const UnparkDumpGroup *group) {
  GString *ids = g_string_new(NULL);
  for (guint i = 0; i < group->n; i++)
    if (groups->members[group->first + i].id > 0)
      g_string_append_printf(ids, "%s%" G_GINT64_FORMAT, ids->len > 0 ? " " : "",
                             groups->members[group->first + i].id);
  return g_string_free(ids, FALSE);
}

static char *dump_rows(const UnparkDumpGroups *groups, Form form) {
  static const char *const titles[] = {
      "goroutines", "state",      "longest_wait_minutes", "function", "file",
      "line",       "created_by", "goroutine_ids",        "stack",    NULL};
  Rows rows;
  begin(&rows, form, titles);
  for (guint i = 0; i < groups->n_groups; i++) {
    const UnparkDumpGroup *group = &groups->groups[i];
    g_autofree char *ids = ids_of(groups, group);
    number(&rows, group->count);
    value(&rows, group->state, FALSE);
    number(&rows, group->wait_minutes);
    value(&rows, group->function, FALSE);
    value(&rows, group->file, FALSE);
    number(&rows, group->line > 0 ? (gint64)group->line : UNPARK_NONE);
    value(&rows, group->creator_function, FALSE);
    value(&rows, ids, FALSE);
    stack_value(&rows, groups->store, group->stack);
  }
  return end(&rows);
}

char *unpark_export_dump(const UnparkDumpGroups *groups, const char *name) {
  Form form = form_of(name);
  if (form == CSV || form == JSON)
    return dump_rows(groups, form);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < groups->n_groups; i++) {
    const UnparkDumpGroup *group = &groups->groups[i];
    g_autofree char *title = unpark_dump_title(group);
    text_heading(out, form, title);
    text_stack(out, groups->store, group->stack);
    text_end(out, form);
  }
  return g_string_free(out, FALSE);
}

/* ---- Races ----------------------------------------------------------------------------------- */

static void access_values(Rows *rows, UnparkStore *store, const UnparkRaceAccess *access) {
  value(rows, access->kind, FALSE);
  number(rows, access->goroutine);
  value(rows, access->function, FALSE);
  value(rows, access->file, FALSE);
  number(rows, access->line > 0 ? (gint64)access->line : UNPARK_NONE);
  stack_value(rows, store, access->stack);
}

static char *race_rows(const UnparkRaceList *races, Form form) {
  static const char *const titles[] = {"race",
                                       "address",
                                       "kind",
                                       "goroutine",
                                       "function",
                                       "file",
                                       "line",
                                       "stack",
                                       "previous_kind",
                                       "previous_goroutine",
                                       "previous_function",
                                       "previous_file",
                                       "previous_line",
                                       "previous_stack",
                                       NULL};
  Rows rows;
  begin(&rows, form, titles);
  for (guint i = 0; i < races->n_races; i++) {
    const UnparkRace *race = &races->races[i];
    g_autofree char *address = unpark_race_address(race);
    number(&rows, race->id);
    value(&rows, address, FALSE);
    access_values(&rows, races->store, &race->now);
    access_values(&rows, races->store, &race->previous);
  }
  return end(&rows);
}

static void text_access(GString *out, const UnparkRaceList *races, const UnparkRaceAccess *access,
                        gboolean previous) {
  g_autofree char *by = unpark_race_by(access);
  g_string_append_printf(out, "%s%s%s:\n", unpark_race_kind(access, previous), *by ? " " : "", by);
  text_stack(out, races->store, access->stack);
}

char *unpark_export_races(const UnparkRaceList *races, const char *name) {
  Form form = form_of(name);
  if (form == CSV || form == JSON)
    return race_rows(races, form);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < races->n_races; i++) {
    const UnparkRace *race = &races->races[i];
    g_autofree char *title = unpark_race_title(race);
    text_heading(out, form, title);
    text_access(out, races, &race->now, FALSE);
    g_string_append_c(out, '\n');
    text_access(out, races, &race->previous, TRUE);
    text_end(out, form);
  }
  return g_string_free(out, FALSE);
}
