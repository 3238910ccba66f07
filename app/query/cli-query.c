/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/query/cli-query.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-filter.h"
#include "app/cli-format.h"
#include "app/cli-sources.h"
#include "app/query/cli-template.h"
#include "model/export/export.h"
#include "model/sql/schema.h"

typedef struct {
  CliFormat format;
  gboolean parquet; /* instead of `format` */
  gboolean header;
  double timeout_s;
  guint64 limit;
  CliTemplate template; /* none: SQL is given */
} QueryOptions;

static void options_clear(QueryOptions *options) {
  cli_template_clear(&options->template);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QueryOptions, options_clear)

typedef struct {
  CliOutput output;
  CliFormatter *formatter;
  CliTemplate *template; /* NULL: none */
} QueryRun;

static gboolean on_columns(const char *const *names, guint n, gpointer data) {
  QueryRun *run = data;

  cli_formatter_columns(run->formatter, names, n);
  if (run->template)
    cli_template_columns(run->template, names, n);
  return TRUE;
}

static gboolean on_row(const UnparkValue *values, guint n, gpointer data) {
  QueryRun *run = data;

  cli_formatter_row(run->formatter, values, n);
  if (run->template)
    cli_template_row(run->template, values, n);
  return run->output.failure == 0;
}

static gboolean parse_options(const CliArgs *args, QueryOptions *options, char **message) {
  const char *format = cli_args_value(args, "format");

  options->format = isatty(STDOUT_FILENO) ? CLI_FORMAT_TABLE : CLI_FORMAT_TSV;
  options->header = cli_args_value(args, "header") != NULL;
  options->parquet = format && strcmp(format, "parquet") == 0;
  if (format && !options->parquet && !cli_format_parse(format, &options->format)) {
    *message = g_strdup_printf(
        _("--format: unknown format “%s”; expected table, tsv, csv, json or parquet"), format);
    return FALSE;
  }
  if (options->parquet && isatty(STDOUT_FILENO)) {
    *message = g_strdup(_("Parquet is not for a terminal; redirect the output to a file"));
    return FALSE;
  }
  return cli_args_number(args, "timeout", 0.001, &options->timeout_s, message) &&
         cli_args_count(args, "limit", &options->limit, message) && cli_filter_check(args, message);
}

static gboolean is_filled(const UnparkSqlTableInfo *table, const UnparkSourceEntry *entries,
                          guint n) {
  for (guint i = 0; i < n; i++)
    if (unpark_sql_table_is_of(table, unpark_store_source(entries[i].store)->kind))
      return TRUE;
  return FALSE;
}

/* Which tables the stores fill, and their columns: ".schema" is what one types at SQLite's own
 * prompt. */
static int print_schema(const UnparkSources *sources, const QueryOptions *options) {
  static const char *const names[] = {"table", "columns"};
  QueryRun run = {0};
  guint n, n_sources;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n_sources);
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);

  cli_output_init(&run.output, STDOUT_FILENO);
  run.formatter = cli_formatter_new(options->format, options->header, &run.output);
  on_columns(names, G_N_ELEMENTS(names), &run);
  for (guint i = 0; i < n; i++) {
    g_autofree char *own = g_strjoinv(", ", (char **)tables[i].columns);
    g_autofree char *columns =
        g_strconcat(n_sources > 1 && !tables[i].session ? "source, " : "", own, NULL);
    UnparkValue row[] = {{.type = UNPARK_VALUE_TEXT, .text = tables[i].name},
                         {.type = UNPARK_VALUE_TEXT, .text = columns}};

    if (!is_filled(&tables[i], entries, n_sources))
      continue;
    for (guint k = 0; k < G_N_ELEMENTS(row); k++)
      row[k].size = strlen(row[k].text);
    on_row(row, G_N_ELEMENTS(row), &run);
  }
  cli_formatter_free(run.formatter);
  return cli_output_finish(&run.output) ? CLI_OK : cli_output_failed(run.output.failure);
}

/* ---- Time's up -------------------------------------------------------------------------- */

/* SQLite asks between its steps whether to go on, and the longest steps are short; but a disk may
 * hang, or a sort be large. What is not over some time after it should be is not waited for. */
#define GRACE_US ((gint64)1000000)

typedef struct {
  GMutex lock;
  GCond changed;
  gboolean over;
  gint64 deadline_us;
} Watch;

static gpointer watch(gpointer data) {
  Watch *w = data;

  g_mutex_lock(&w->lock);
  while (!w->over && g_cond_wait_until(&w->changed, &w->lock, w->deadline_us))
    ;
  if (!w->over) {
    cli_complain("%s", _("The query took longer than allowed. Narrow it down or allow more time."));
    _exit(CLI_FAILED);
  }
  g_mutex_unlock(&w->lock);
  return NULL;
}

static GThread *watch_start(Watch *w, double timeout_s) {
  g_mutex_init(&w->lock);
  g_cond_init(&w->changed);
  if (timeout_s <= 0)
    return NULL;
  w->deadline_us =
      g_get_monotonic_time() + (gint64)(MIN(timeout_s, 1e9) * G_USEC_PER_SEC) + GRACE_US;
  return g_thread_new("timeout", watch, w);
}

static void watch_stop(Watch *w, GThread *thread) {
  g_mutex_lock(&w->lock);
  w->over = TRUE;
  g_cond_signal(&w->changed);
  g_mutex_unlock(&w->lock);
  if (thread)
    g_thread_join(thread);
  g_mutex_clear(&w->lock);
  g_cond_clear(&w->changed);
}

/* Rows as text. */
static gboolean print_rows(const UnparkSources *sources, const char *sql,
                           const QueryOptions *options, const UnparkQuery *query, QueryRun *run,
                           CliContext *context, GError **error) {
  gboolean truncated = FALSE, ok;

  if (run->template && options->format == CLI_FORMAT_TABLE)
    cli_template_begin(run->template, &run->output);
  run->formatter = cli_formatter_new(options->format, options->header, &run->output);
  ok = unpark_query_sources(sources, sql, query, run, &truncated, context->cancellable, error);
  cli_formatter_free(run->formatter);
  if (ok && run->template && options->format == CLI_FORMAT_TABLE)
    cli_template_end(run->template, &run->output);
  if (ok && truncated)
    cli_complain(_("Only the first %.0f rows are shown; see --limit"), (double)options->limit);
  return ok;
}

static int run_query(const UnparkSources *sources, const char *sql, QueryOptions *options,
                     const UnparkQueryScope *const *scopes, CliContext *context) {
  UnparkQuery query = {
      .columns = on_columns,
      .row = on_row,
      .timeout_s = options->timeout_s,
      .limit = options->limit,
      .scopes = scopes,
  };
  QueryRun run = {.template = options->template.template ? &options->template : NULL};
  Watch w = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok;

  if (run.template)
    query.parameters = unpark_template_values_get(run.template->values, &query.n_parameters);
  cli_output_init(&run.output, STDOUT_FILENO);
  GThread *watcher = watch_start(&w, options->timeout_s);
  if (options->parquet)
    ok = unpark_export_query(sources, sql, &query, STDOUT_FILENO, context->cancellable, &error);
  else
    ok = print_rows(sources, sql, options, &query, &run, context, &error);
  watch_stop(&w, watcher);
  if (!cli_output_finish(&run.output))
    return cli_output_failed(run.output.failure);
  return ok ? CLI_OK : cli_fail(error);
}

/* A statement that reads the table of tasks has its name in it. */
static gboolean names_tasks(const char *sql) {
  g_autofree char *small = g_ascii_strdown(sql, -1);

  return strstr(small, "task") != NULL;
}

/* What --filter leaves of each source. */
typedef struct {
  guint n;
  UnparkFilterResult **filtered;
  UnparkQueryScope *scopes;
  const UnparkQueryScope **pointers; /* NULL: no filter; [i] NULL: the source is not a trace */
} Scopes;

static void scopes_clear(Scopes *scopes) {
  for (guint i = 0; i < scopes->n; i++)
    g_clear_pointer(&scopes->filtered[i], unpark_filter_result_unref);
  g_free(scopes->filtered);
  g_free(scopes->scopes);
  g_free(scopes->pointers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scopes, scopes_clear)

static gboolean has_trace(const UnparkSourceEntry *entries, guint n) {
  for (guint i = 0; i < n; i++)
    if (unpark_store_source(entries[i].store)->kind == UNPARK_SOURCE_TRACE)
      return TRUE;
  return FALSE;
}

/* FALSE with *status after the reason was printed. */
static gboolean apply_filter(Scopes *scopes, const CliArgs *args, const UnparkSources *sources,
                             gboolean tasks, CliContext *context, int *status) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  gboolean every = !has_trace(entries, n); /* then the first one says that it cannot be */

  if (!cli_filter_given(args))
    return TRUE;
  *scopes = (Scopes){n, g_new0(UnparkFilterResult *, n), g_new0(UnparkQueryScope, n),
                     g_new0(const UnparkQueryScope *, n)};
  for (guint i = 0; i < n; i++) {
    UnparkStore *store = entries[i].store;

    if (!every && unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
      continue;
    if (!cli_filter_apply(args, store, tasks, context, &scopes->filtered[i], status))
      return FALSE;
    const UnparkFilterResult *result = scopes->filtered[i];

    scopes->scopes[i] =
        (UnparkQueryScope){result->goroutines, result->has_tasks ? &result->tasks : NULL,
                           result->tests, result->n_tests};
    scopes->pointers[i] = &scopes->scopes[i];
  }
  return TRUE;
}

/* That of the template, which is for one file: ids of several are not told apart in it. NULL after
 * the reason was printed. */
static char *take_template(const CliArgs *args, const CliTemplate *template) {
  if (args->n_operands == 1)
    return g_strdup(template->template->sql);
  if (args->n_operands == 0)
    cli_complain(_("Missing argument: unpark-cli %s %s"), "query", _("FILE --template NAME"));
  else
    cli_complain(_("Unexpected argument “%s”: unpark-cli %s %s"), args->operands[1], "query",
                 _("FILE --template NAME"));
  return NULL;
}

/* The last argument is the SQL: not the name of a file. NULL after the reason was printed. */
static char *take_sql(const CliArgs *args) {
  const char *last = args->n_operands > 0 ? args->operands[args->n_operands - 1] : "";
  char *sql;

  if (args->n_operands < 2) {
    cli_complain(_("Missing argument: unpark-cli %s %s"), "query", _("FILE... SQL"));
    return NULL;
  }

  if (g_file_test(last, G_FILE_TEST_EXISTS)) {
    cli_complain(_("Missing SQL: the last argument, “%s”, is a file"), last);
    return NULL;
  }
  for (guint i = 0; args->n_operands > 2 && i + 1 < args->n_operands; i++)
    if (!g_file_test(args->operands[i], G_FILE_TEST_EXISTS) && strcmp(args->operands[i], "-")) {
      cli_complain(_("Only the last argument, “%s”, is SQL, and there is no file “%s”"), last,
                   args->operands[i]);
      return NULL;
    }
  sql = g_locale_to_utf8(last, -1, NULL, NULL, NULL);
  if (!sql)
    cli_complain(_("The SQL is not valid text in the character encoding of this locale"));
  return sql ? g_strstrip(sql) : NULL;
}

/* Goroutine 1 of one file is not that of another: a join that does not look at the source mixes
 * them, and nobody would see it in the rows. */
static void warn_of_mixing(const char *sql, guint n_sources) {
  /* Spans of distributed traces are numbered over all files. */
  static const char table[] = "\\b(from|join)\\s+(?!trace_span|service_hop|\\()";
  g_autofree char *small = g_ascii_strdown(sql, -1);
  g_autoptr(GRegex) regex = g_regex_new(table, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n_tables = 0;

  for (g_regex_match(regex, small, 0, &match); g_match_info_matches(match);
       g_match_info_next(match, NULL))
    n_tables++;
  if (n_sources > 1 && n_tables > 1 && strstr(small, "join") && !strstr(small, "source"))
    cli_complain(_("warning: the statement joins tables of several files without “source”: ids are "
                   "unique only together with it"));
}

static int answer(const CliArgs *args, QueryOptions *options, const char *sql,
                  const UnparkSources *sources, CliContext *context) {
  g_auto(Scopes) scopes = {0};
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  int status;

  if (strcmp(sql, ".schema") == 0)
    return print_schema(sources, options);
  warn_of_mixing(sql, n);
  if (!cli_template_fits(&options->template, entries[0].store, &status) ||
      !apply_filter(&scopes, args, sources, names_tasks(sql), context, &status))
    return status;
  return run_query(sources, sql, options, scopes.pointers, context);
}

int cli_query(const CliArgs *args, CliContext *context) {
  g_auto(QueryOptions) options = {0};
  g_auto(CliSources) sources = {0};
  g_autofree char *message = NULL;
  g_autofree char *sql = NULL;
  guint n_files;
  int status;

  if (!parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (cli_template_wants_list(args))
    return cli_template_list(options.format, options.header);
  if (!cli_template_parse(&options.template, args, &status))
    return status;
  sql = options.template.template ? take_template(args, &options.template) : take_sql(args);
  if (!sql)
    return CLI_USAGE;
  n_files = options.template.template ? 1 : args->n_operands - 1;
  if (!cli_sources_open(&sources, args, n_files, FALSE, context, &status))
    return status;
  return answer(args, &options, sql, sources.sources, context);
}
