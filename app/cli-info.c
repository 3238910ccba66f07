/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-sources.h"
#include "app/cli-table.h"
#include "app/cli-units.h"
#include "app/cli.h"
#include "model/sql/query.h"

/* One table of the report: a query, and how each of its columns is shown.
 *   s  text      n  count      d  nanoseconds
 *   m  no column: the last d divided by the last n
 *   u  not shown: the unit of the v that follows      v  a value in that unit */
typedef struct {
  const char *title, *kinds, *sql;
  const char *names[8];
} Section;

/* Cells of a line of a note. */
#define NOTE_WIDTH 100

/* SQL: file and line of a row of stack_frame, without the folders before the last. */
#define PLACE(f)                                                                                   \
  "replace(replace(" #f ".file, rtrim(" #f ".file, replace(" #f ".file, '/', '')), '')"            \
  " || ':' || nullif(" #f ".line, 0), '::', ':')"

static const Section trace_sections[] = {
    {N_("States"),
     "sndmd", /* in just this form the totals of the store's blocks answer it */
     "SELECT state, count(*), time_sum(duration_ns), max(duration_ns) FROM span GROUP BY state",
     {N_("state"), N_("spans"), N_("total"), N_("mean"), N_("longest")}},
    {N_("Waiting, by reason"),
     "sndmd",
     "SELECT CASE reason WHEN '' THEN '(none)' ELSE reason END, count(*), time_sum(duration_ns), "
     "max(duration_ns) "
     "FROM span WHERE state = 'waiting' GROUP BY reason ORDER BY 3 DESC LIMIT 8",
     {N_("reason"), N_("spans"), N_("total"), N_("mean"), N_("longest")}},
    {N_("Goroutines, by start function"),
     "snddd",
     "SELECT CASE name WHEN '' THEN '(unknown)' ELSE name END, count(*), time_sum(running_ns), "
     "time_sum(runnable_ns), time_sum(waiting_ns + syscall_ns) "
     "FROM goroutine GROUP BY name ORDER BY 3 DESC LIMIT 8",
     {N_("function"), N_("goroutines"), N_("running"), N_("runnable"), N_("blocked")}},
    {N_("Scheduling latency, by cause"),
     "sndmd",
     "SELECT CASE cause WHEN '' THEN '(unknown)' ELSE cause END, count(*), time_sum(duration_ns), "
     "max(duration_ns) "
     "FROM sched_latency GROUP BY cause ORDER BY 3 DESC",
     {N_("cause"), N_("times"), N_("total"), N_("mean"), N_("longest")}},
    {N_("Garbage collection and stop-the-world"),
     "sndd",
     "SELECT name, count(*), time_sum(duration_ns), max(duration_ns) "
     "FROM range GROUP BY name ORDER BY 3 DESC LIMIT 8",
     {N_("range"), N_("times"), N_("total"), N_("longest")}},
    {N_("Tasks"),
     "sndd",
     "SELECT name, count(*), time_sum(end_ns - start_ns) / count(end_ns), max(end_ns - start_ns) "
     "FROM task GROUP BY name ORDER BY 2 DESC LIMIT 8",
     {N_("task"), N_("times"), N_("mean"), N_("longest")}},
    {N_("Regions"),
     "sndd",
     "SELECT name, count(*), time_sum(end_ns - start_ns) / count(end_ns), max(end_ns - start_ns) "
     "FROM region GROUP BY name ORDER BY 2 DESC LIMIT 8",
     {N_("region"), N_("times"), N_("mean"), N_("longest")}},
};

/* SQL: values at the ends of 64 bits must not fail the whole: beyond 2^53 it is rounded. */
#define TOTAL "CAST(total(v.value) AS INTEGER) "

static const Section profile_sections[] = {
    {N_("Profiles"),
     "ssnuv",
     "SELECT p.kind, t.type, count(DISTINCT v.sample), t.unit, " TOTAL " "
     "FROM profile p JOIN sample_type t ON t.profile = p.id "
     "LEFT JOIN sample s ON s.profile = p.id "
     "LEFT JOIN sample_value v ON v.sample = s.id AND v.idx = t.idx "
     "GROUP BY p.id, t.idx ORDER BY p.id, t.idx",
     {N_("profile"), N_("measures"), N_("samples"), "", N_("total")}},
    {N_("Innermost functions, by the profile's default measure"),
     "suv",
     /* Without a default it is the last measure, as in pprof. */
     "SELECT f.function, t.unit, " TOTAL " FROM sample s JOIN profile p ON p.id = s.profile "
     "JOIN sample_type t ON t.profile = p.id AND t.idx = coalesce("
     "(SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id AND d.type = p.default_type), "
     "(SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id)) "
     "JOIN sample_value v ON v.sample = s.id AND v.idx = t.idx "
     "JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0 "
     "GROUP BY f.function ORDER BY 3 DESC LIMIT 8",
     {N_("function"), "", N_("total")}},
};

static const Section dump_sections[] = {
    {N_("Goroutines, by state"),
     "snn",
     "SELECT state, sum(coalesce(count, 1)), max(wait_minutes) FROM dump_goroutine GROUP BY state "
     "ORDER BY 2 DESC",
     {N_("state"), N_("goroutines"), N_("longest wait, minutes")}},
    {N_("Goroutines, by where they wait"),
     "nsss",
     /* The innermost line that is not the runtime's own: that of the program, as a rule. */
     "SELECT sum(coalesce(g.count, 1)), g.state, f.function, " PLACE(
         f) " FROM dump_goroutine g LEFT JOIN stack_frame f ON f.stack = g.stack AND f.depth = "
            "coalesce("
            "(SELECT min(o.depth) FROM stack_frame o WHERE o.stack = g.stack"
            " AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'sync.*'"
            " AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'syscall.*'"
            " AND o.function <> 'time.Sleep'), 0) "
            "GROUP BY 2, 3, 4 ORDER BY 1 DESC, 2, 3 LIMIT 12",
     {N_("goroutines"), N_("state"), N_("function"), N_("line")}},
};

static const Section race_sections[] = {
    {N_("Data races"),
     "nssssss",
     "SELECT count(*), r.kind, a.function, " PLACE(a) ", r.previous_kind, b.function, " PLACE(
         b) " FROM race r LEFT JOIN stack_frame a ON a.stack = r.stack AND a.depth = 0 "
            "LEFT JOIN stack_frame b ON b.stack = r.previous_stack AND b.depth = 0 "
            "GROUP BY 2, 3, 4, 5, 6, 7 ORDER BY 1 DESC, min(r.id) LIMIT 20",
     {N_("times"), N_("access"), N_("in"), N_("line"), N_("against"), N_("in"), N_("line")}},
};

static const Section spans_sections[] = {
    {N_("Services"),
     "snnndd",
     "SELECT coalesce(service, ''), count(*), count(DISTINCT trace_id), sum(status = 'error'), "
     "sum(self_ns), max(duration_ns) FROM trace_span GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
     {N_("service"), N_("spans"), N_("traces"), N_("errors"), N_("own time"), N_("longest")}},
    {N_("Hops between services"),
     "sssnnnn",
     "SELECT coalesce(caller, ''), coalesce(callee, ''), name, calls, joined, lost, orphans "
     "FROM service_hop ORDER BY lost + orphans DESC, calls DESC LIMIT 20",
     {N_("caller"), N_("callee"), N_("operation"), N_("calls"), N_("joined"), N_("lost"),
      N_("orphans")}},
};

static const struct {
  const Section *sections;
  gsize n;
} reports[] = {
    [UNPARK_SOURCE_TRACE] = {trace_sections, G_N_ELEMENTS(trace_sections)},
    [UNPARK_SOURCE_PROFILE] = {profile_sections, G_N_ELEMENTS(profile_sections)},
    [UNPARK_SOURCE_DUMP] = {dump_sections, G_N_ELEMENTS(dump_sections)},
    [UNPARK_SOURCE_RACE] = {race_sections, G_N_ELEMENTS(race_sections)},
    [UNPARK_SOURCE_SPANS] = {spans_sections, G_N_ELEMENTS(spans_sections)},
};

typedef struct {
  CliOutput *output;
  const Section *section;
  CliTable *table; /* NULL until there is a row */
} SectionRun;

static void begin_section(SectionRun *run) {
  const char *names[G_N_ELEMENTS(run->section->names)];
  guint n = 0;

  for (gsize i = 0; run->section->kinds[i]; i++)
    if (run->section->kinds[i] != 'u')
      names[n++] = _(run->section->names[i]);
  cli_output_text(run->output, "\n");
  cli_output_text(run->output, _(run->section->title));
  cli_output_text(run->output, "\n");
  run->table = cli_table_new(run->output, n, names, 2);
}

/* What one number is as text. */
static char *format_number(char kind, gint64 n, const char *unit) {
  if (kind == 'd')
    return cli_format_duration(n);
  return kind == 'v' ? cli_format_value(n, unit) : cli_format_count(n);
}

static gboolean on_row(const UnparkValue *values, guint n, gpointer data) {
  SectionRun *run = data;
  const char *unit = "";
  gint64 count = 0, total = 0;
  guint i = 0;

  if (!run->table)
    begin_section(run);
  for (const char *kind = run->section->kinds; *kind; kind++) {
    const UnparkValue *value = *kind == 'm' ? NULL : &values[i++];
    gboolean text = value && value->type == UNPARK_VALUE_TEXT;
    g_autofree char *number = NULL;

    if (*kind == 'u') {
      unit = text ? value->text : "";
    } else if (*kind == 's') {
      cli_table_cell(run->table, text ? value->text : "", -1, FALSE);
    } else if (!value) {
      number = count > 0 ? cli_format_duration(total / count) : g_strdup("");
      cli_table_cell(run->table, number, -1, TRUE);
    } else {
      gboolean known = value->type == UNPARK_VALUE_INT;

      number = known ? format_number(*kind, value->integer, unit) : g_strdup("");
      cli_table_cell(run->table, number, -1, TRUE);
      *(*kind == 'n' ? &count : &total) = known ? value->integer : 0;
    }
  }
  return run->output->failure == 0;
}

static gboolean print_section(UnparkStore *store, const Section *section, CliOutput *output,
                              GCancellable *cancellable, GError **error) {
  static const UnparkQuery query = {.row = on_row};
  SectionRun run = {.output = output, .section = section};
  gboolean ok = unpark_store_query(store, section->sql, &query, &run, NULL, cancellable, error);

  cli_table_free(run.table);
  return ok;
}

/* Takes `value`. Nothing is printed for an empty one. */
static void print_fact(CliTable *table, const char *name, char *value) {
  if (value && *value) {
    cli_table_cell(table, name, -1, FALSE);
    cli_table_cell(table, value, -1, FALSE);
  }
  g_free(value);
}

static gboolean on_count(const UnparkValue *values, guint n, gpointer data) {
  *(gint64 *)data = values[0].type == UNPARK_VALUE_INT ? values[0].integer : 0;
  return TRUE;
}

static char *count_rows(UnparkStore *store, const char *sql) {
  static const UnparkQuery query = {.row = on_count};
  gint64 count = 0;

  return unpark_store_query(store, sql, &query, &count, NULL, NULL, NULL) ? cli_format_count(count)
                                                                          : NULL;
}

/* How many there are of what this kind of source holds. */
static void print_contents(UnparkStore *store, UnparkSourceKind kind, CliTable *table) {
  guint n_goroutines = 0;

  switch (kind) {
  case UNPARK_SOURCE_TRACE:
    unpark_store_goroutines(store, &n_goroutines, NULL);
    print_fact(table, _("Goroutines"), cli_format_count(n_goroutines));
    print_fact(table, _("Spans"), cli_format_count((gint64)unpark_store_span_count(store)));
    break;
  case UNPARK_SOURCE_PROFILE:
    print_fact(table, _("Samples"), count_rows(store, "SELECT count(*) FROM sample"));
    break;
  case UNPARK_SOURCE_DUMP:
    print_fact(table, _("Goroutines"),
               count_rows(store, "SELECT sum(coalesce(count, 1)) FROM dump_goroutine"));
    break;
  case UNPARK_SOURCE_RACE:
    print_fact(table, _("Data races"), count_rows(store, "SELECT count(*) FROM race"));
    break;
  case UNPARK_SOURCE_SPANS:
    print_fact(table, _("Spans"), count_rows(store, "SELECT count(*) FROM trace_span"));
    print_fact(table, _("Traces"),
               count_rows(store, "SELECT count(DISTINCT trace_id) FROM trace_span"));
    print_fact(table, _("Services"),
               count_rows(store, "SELECT count(DISTINCT service) FROM trace_span"));
    break;
  default:
    break;
  }
}

/* "406 ms after the first, by the monotonic clock of the host" */
static char *place_on_axis(const UnparkSourceEntry *entry) {
  static const char *const clocks[] = {
      [UNPARK_SOURCES_CLOCK_NONE] = N_("it does not say when it was recorded"),
      [UNPARK_SOURCES_CLOCK_START] = N_("by the time at which it says it began"),
      [UNPARK_SOURCES_CLOCK_WALL] = N_("by the time of day, read while it was recorded"),
      [UNPARK_SOURCES_CLOCK_MONOTONIC] = N_("by the monotonic clock of the host"),
      [UNPARK_SOURCES_CLOCK_SPANS] = N_("by the spans whose ids it logs"),
      [UNPARK_SOURCES_CLOCK_HAND] = N_("moved by hand"),
  };
  g_autofree char *length = cli_format_duration(entry->offset_ns);

  return g_strdup_printf("%s, %s", length, _(clocks[entry->clock]));
}

/* `several`: its place among other files is told, too. */
static void print_source(const UnparkSourceEntry *entry, const char *path, gboolean several,
                         CliOutput *output) {
  UnparkStore *store = entry->store;
  const UnparkSource *source = unpark_store_source(store);
  g_autofree char *size = source->byte_count > 0 ? g_format_size((guint64)source->byte_count)
                                                 : g_strdup(_("unknown size"));
  g_autofree char *events = cli_format_count(source->event_count);
  g_autofree char *name =
      strcmp(path, "-") == 0 ? g_strdup(_("standard input")) : g_filename_display_name(path);
  GString *title = g_string_new(NULL);
  CliTable *table;

  cli_append_printable(title, name, strlen(name));
  cli_output_text(output, title->str);
  cli_output_char(output, '\n');
  g_string_free(title, TRUE);
  table = cli_table_new(output, 2, NULL, 2);
  print_fact(table, _("Format"), g_strdup(source->format));
  print_fact(table, _("Go version"), g_strdup(source->go_version));
  if (source->start_wall_ns != UNPARK_NONE)
    print_fact(table, _("Recorded"), cli_format_wall(source->start_wall_ns));
  if (source->duration_ns > 0)
    print_fact(table, _("Duration"), cli_format_duration(source->duration_ns));
  if (several)
    print_fact(table, _("Offset"), place_on_axis(entry));
  print_fact(table, _("Size"),
             source->kind == UNPARK_SOURCE_TRACE && source->event_count > 0
                 ? g_strdup_printf(_("%s, %s events"), size, events)
                 : g_strdup(size));
  print_contents(store, source->kind, table);
  print_fact(table, _("Complete"),
             g_strdup(source->complete ? _("yes") : _("no: parts of the file could not be read")));
  cli_table_free(table);
}

/* Words of `text` in lines of at most WIDTH cells, each after an indent. */
static void print_wrapped(CliOutput *output, const char *text, guint indent) {
  g_autoptr(GString) printable = g_string_new(NULL);
  g_auto(GStrv) words = NULL;
  gsize used = 0;

  cli_append_printable(printable, text, strlen(text));
  words = g_strsplit(printable->str, " ", -1);
  for (char **word = words; *word; word++) {
    gsize width = cli_display_width(*word, strlen(*word));

    if (used > 0 && used + 1 + width > NOTE_WIDTH - indent) {
      cli_output_char(output, '\n');
      used = 0;
    }
    if (used == 0)
      cli_output_repeat(output, " ", indent);
    else
      cli_output_char(output, ' ');
    cli_output_text(output, *word);
    used += width + (used > 0);
  }
  cli_output_char(output, '\n');
}

/* "  warning  unknown-stack, 976 times", and what that means below it. */
static void print_note(CliOutput *output, const UnparkNote *note) {
  const char *severity = unpark_severity_name(note->severity);
  g_autofree char *count = cli_format_count(note->count);
  g_autofree char *name = note->count > 1
                              ? g_strdup_printf(ngettext("%s, %s time", "%s, %s times",
                                                         (gulong)CLAMP(note->count, 0, 1000000)),
                                                note->name, count)
                              : g_strdup(note->name);

  cli_output_text(output, "  ");
  cli_output_text(output, severity);
  cli_output_repeat(output, " ", 9 - MIN(cli_display_width(severity, strlen(severity)), 8));
  print_wrapped(output, name, 0);
  print_wrapped(output, note->detail, 11);
}

static void print_notes(UnparkStore *store, CliOutput *output) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(store, &n);

  if (n == 0)
    return;
  cli_output_text(output, "\n");
  cli_output_text(output, _("Notes"));
  cli_output_text(output, "\n");
  for (guint i = 0; i < n; i++)
    print_note(output, &notes[i]);
}

static gboolean print_report(const UnparkSourceEntry *entry, const char *path, guint n_sources,
                             CliOutput *output, CliContext *context, GError **error) {
  guint kind = unpark_store_source(entry->store)->kind;
  gboolean ok = TRUE;

  if (entry->id > 1)
    cli_output_char(output, '\n');
  print_source(entry, path, n_sources > 1, output);
  for (gsize i = 0; kind < G_N_ELEMENTS(reports) && i < reports[kind].n && ok; i++)
    ok = print_section(entry->store, &reports[kind].sections[i], output, context->cancellable,
                       error);
  print_notes(entry->store, output);
  return ok;
}

int cli_info(const CliArgs *args, CliContext *context) {
  /* The report lists the notes: on one terminal they need not come twice. */
  gboolean quiet = isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
  g_auto(CliSources) sources = {0};
  g_autoptr(GError) error = NULL;
  CliOutput output;
  guint n;
  int status;

  if (!cli_sources_open(&sources, args, args->n_operands, quiet, context, &status))
    return status;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources.sources, &n);
  cli_output_init(&output, STDOUT_FILENO);
  for (guint i = 0; i < n && !error; i++)
    print_report(&entries[i], sources.paths->pdata[i], n, &output, context, &error);
  if (!cli_output_finish(&output))
    return cli_output_failed(output.failure);
  return error ? cli_fail(error) : CLI_OK;
}
