/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What profiles, dumps and race reports hold. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/report/cli-report-private.h"
#include "model/base/format.h"
#include "model/base/go-name.h"
#include "model/tables/dump-groups.h"
#include "model/tables/profile-table.h"
#include "model/tables/race-list.h"

#define MOST_FUNCTIONS 30
#define MOST_GROUPS 40
#define MOST_STACKS 12 /* of a dump, told at length */
#define MOST_RACES 40

static gboolean is_own(const char *function) {
  return strchr(function, '.') && !unpark_go_is_standard(function);
}

static UnparkReportValue code(const char *text) {
  return unpark_report_string(UNPARK_REPORT_CODE, text && *text ? text : NULL);
}

static UnparkReportValue count(gint64 n) {
  return unpark_report_number(UNPARK_REPORT_COUNT, n);
}

/* "main.go:12", with its folders; NULL: not known. Free with g_free(). */
static char *place(const char *file, guint32 line) {
  return *file ? g_strdup_printf("%s:%u", file, line) : NULL;
}

/* ---- Profiles ------------------------------------------------------------------------------- */

static UnparkReportType type_of_unit(const char *unit) {
  return strcmp(unit, "nanoseconds") == 0 ? UNPARK_REPORT_DURATION
         : strcmp(unit, "bytes") == 0     ? UNPARK_REPORT_BYTES
                                          : UNPARK_REPORT_COUNT;
}

static void add_functions(const CliReportJob *job, const UnparkProfileTable *table,
                          const UnparkProfileType *type) {
  UnparkReportType value_type = type_of_unit(type->unit);
  const UnparkReportColumn columns[] = {{"function", _("Function"), UNPARK_REPORT_CODE},
                                        {"flat", _("Flat"), value_type},
                                        {"flat_share", _("Share"), UNPARK_REPORT_SHARE},
                                        {"cumulative", _("Cumulative"), value_type},
                                        {"cumulative_share", _("Share"), UNPARK_REPORT_SHARE}};
  double whole = (double)MAX(table->magnitude, 1);

  unpark_report_fact(job->report, "total", _("Total"),
                     unpark_report_number(value_type, table->total));
  unpark_report_fact(job->report, "samples", _("Samples"), count((gint64)table->n_samples));
  unpark_report_table(job->report, "functions", _("Functions, heaviest first"), columns,
                      G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(table->n_rows, MOST_FUNCTIONS); i++) {
    const UnparkProfileRow *row = &table->rows[i];
    const UnparkReportValue values[] = {
        code(row->function), unpark_report_number(value_type, row->flat),
        unpark_report_real(UNPARK_REPORT_SHARE, (double)row->flat / whole),
        unpark_report_number(value_type, row->cumulative),
        unpark_report_real(UNPARK_REPORT_SHARE, (double)row->cumulative / whole)};

    unpark_report_row(job->report, values);
  }
}

gboolean cli_report_profile(const CliReportJob *job, GError **error) {
  g_autoptr(UnparkProfileSummary) summary = NULL;

  if (unpark_store_source(job->store)->kind != UNPARK_SOURCE_PROFILE)
    return TRUE;
  summary = unpark_profile_summary_new(job->store, job->cancellable, error);
  if (!summary)
    return FALSE;
  unpark_report_begin(job->report, "measures", _("What Was Measured"));
  for (guint i = 0; i < summary->n_types; i++) {
    const UnparkProfileType *type = &summary->types[i];
    g_autoptr(UnparkProfileTable) table =
        unpark_profile_table_new(job->store, type->profile, type->index, job->cancellable, error);

    if (!table)
      return FALSE;
    if (table->magnitude == 0)
      continue;
    unpark_report_begin(job->report, "measure", type->type);
    add_functions(job, table, type);
    unpark_report_end(job->report);
  }
  unpark_report_end(job->report);
  return TRUE;
}

/* ---- Dumps ---------------------------------------------------------------------------------- */

static void add_groups(const CliReportJob *job, const UnparkDumpGroups *groups) {
  const UnparkReportColumn columns[] = {{"function", _("Function"), UNPARK_REPORT_CODE},
                                        {"state", _("State"), UNPARK_REPORT_TEXT},
                                        {"goroutines", _("Goroutines"), UNPARK_REPORT_COUNT},
                                        {"minutes", _("Minutes"), UNPARK_REPORT_COUNT},
                                        {"line", _("Line"), UNPARK_REPORT_CODE},
                                        {"creator", _("Created in"), UNPARK_REPORT_CODE}};

  unpark_report_table(job->report, "groups", _("Goroutines of equal state and stack, most first"),
                      columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(groups->n_groups, MOST_GROUPS); i++) {
    const UnparkDumpGroup *g = &groups->groups[i];
    g_autofree char *line = place(g->file, g->line);
    const UnparkReportValue values[] = {
        code(g->function), unpark_report_string(UNPARK_REPORT_TEXT, g->state),
        count(g->count),   count(g->wait_minutes),
        code(line),        code(g->creator_function)};

    unpark_report_row(job->report, values);
  }
}

gboolean cli_report_dump(const CliReportJob *job, GError **error) {
  g_autoptr(UnparkDumpGroups) groups = NULL;

  if (unpark_store_source(job->store)->kind != UNPARK_SOURCE_DUMP)
    return TRUE;
  groups = unpark_dump_groups_new(job->store, is_own, job->cancellable, error);
  if (!groups)
    return FALSE;
  unpark_report_begin(job->report, "goroutines", _("Goroutines"));
  add_groups(job, groups);
  for (guint i = 0; i < MIN(groups->n_groups, MOST_STACKS); i++) {
    const UnparkDumpGroup *g = &groups->groups[i];
    char number[UNPARK_FORMAT_SIZE];
    g_autofree char *title =
        g_strdup_printf(ngettext("%s goroutine: %s", "%s goroutines: %s", (gulong)MAX(g->count, 0)),
                        unpark_format_count(g->count, number), g->state);

    unpark_report_begin(job->report, "group", title);
    cli_report_add_stack(job, g->stack, _("Your code, innermost first"));
    unpark_report_end(job->report);
  }
  unpark_report_end(job->report);
  return TRUE;
}

/* ---- Races ---------------------------------------------------------------------------------- */

static void add_access(const CliReportJob *job, const UnparkRaceAccess *access, const char *title) {
  char id[32];

  g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, access->goroutine);
  g_autofree char *text =
      access->goroutine == UNPARK_NONE
          ? g_strdup_printf("%s: %s", title, access->kind)
          : g_strdup_printf(_("%s: %s by goroutine %s"), title, access->kind, id);
  unpark_report_text(job->report, UNPARK_REPORT_PLAIN, text);
  if (access->stack == 0)
    unpark_report_text(job->report, UNPARK_REPORT_DIM, _("The stack could not be restored."));
  cli_report_add_stack(job, access->stack, _("Your code, innermost first"));
}

static void add_race_table(const CliReportJob *job, const UnparkRaceList *list) {
  const UnparkReportColumn columns[] = {{"id", _("Number"), UNPARK_REPORT_ID},
                                        {"kind", _("Access"), UNPARK_REPORT_TEXT},
                                        {"function", _("Function"), UNPARK_REPORT_CODE},
                                        {"line", _("Line"), UNPARK_REPORT_CODE},
                                        {"previous_kind", _("Previous"), UNPARK_REPORT_TEXT},
                                        {"previous_function", _("Function"), UNPARK_REPORT_CODE},
                                        {"previous_line", _("Line"), UNPARK_REPORT_CODE}};

  unpark_report_table(job->report, "races", _("Data races"), columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < list->n_races; i++) {
    const UnparkRace *race = &list->races[i];
    g_autofree char *now = place(race->now.file, race->now.line);
    g_autofree char *previous = place(race->previous.file, race->previous.line);
    const UnparkReportValue values[] = {
        unpark_report_number(UNPARK_REPORT_ID, race->id),
        unpark_report_string(UNPARK_REPORT_TEXT, race->now.kind),
        code(race->now.function),
        code(now),
        unpark_report_string(UNPARK_REPORT_TEXT, race->previous.kind),
        code(race->previous.function),
        code(previous)};

    unpark_report_row(job->report, values);
  }
}

gboolean cli_report_races(const CliReportJob *job, GError **error) {
  g_autoptr(UnparkRaceList) list = NULL;

  if (unpark_store_source(job->store)->kind != UNPARK_SOURCE_RACE)
    return TRUE;
  list = unpark_race_list_new(job->store, is_own, job->cancellable, error);
  if (!list)
    return FALSE;
  unpark_report_begin(job->report, "races", _("Data Races"));
  unpark_report_text(
      job->report, list->n_races > 0 ? UNPARK_REPORT_SEVERE : UNPARK_REPORT_GOOD,
      list->n_races > 0 ? _("Goroutines access the same memory without an order between them. Each "
                            "is a bug, however seldom it shows.")
                        : _("There is no data race in the file."));
  if (list->n_races > 0)
    add_race_table(job, list);
  for (guint i = 0; i < MIN(list->n_races, MOST_RACES); i++) {
    const UnparkRace *race = &list->races[i];
    g_autofree char *title = g_strdup_printf(_("Data race %d"), (int)race->id);

    unpark_report_begin(job->report, "race", title);
    add_access(job, &race->now, _("Access"));
    add_access(job, &race->previous, _("Previous access"));
    unpark_report_end(job->report);
  }
  unpark_report_end(job->report);
  return TRUE;
}
