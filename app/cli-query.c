/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-filter.h"
#include "app/cli-format.h"
#include "app/cli-store.h"
#include "app/cli-template.h"
#include "app/cli.h"
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

/* Which tables the store fills, and their columns: ".schema" is what one types at SQLite's own
 * prompt. */
static int print_schema(UnparkStore *store, const QueryOptions *options) {
  static const char *const names[] = {"table", "columns"};
  QueryRun run = {0};
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);

  cli_output_init(&run.output, STDOUT_FILENO);
  run.formatter = cli_formatter_new(options->format, options->header, &run.output);
  on_columns(names, G_N_ELEMENTS(names), &run);
  for (guint i = 0; i < n; i++) {
    g_autofree char *columns = g_strjoinv(", ", (char **)tables[i].columns);
    UnparkValue row[] = {{.type = UNPARK_VALUE_TEXT, .text = tables[i].name},
                         {.type = UNPARK_VALUE_TEXT, .text = columns}};

    if (!unpark_sql_table_is_of(&tables[i], unpark_store_source(store)->kind))
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
static gboolean print_rows(UnparkStore *store, const char *sql, const QueryOptions *options,
                           const UnparkQuery *query, QueryRun *run, CliContext *context,
                           GError **error) {
  gboolean truncated = FALSE, ok;

  if (run->template && options->format == CLI_FORMAT_TABLE)
    cli_template_begin(run->template, &run->output);
  run->formatter = cli_formatter_new(options->format, options->header, &run->output);
  ok = unpark_store_query(store, sql, query, run, &truncated, context->cancellable, error);
  cli_formatter_free(run->formatter);
  if (ok && run->template && options->format == CLI_FORMAT_TABLE)
    cli_template_end(run->template, &run->output);
  if (ok && truncated)
    cli_complain(_("Only the first %.0f rows are shown; see --limit"), (double)options->limit);
  return ok;
}

/* `filtered`: NULL: no filter. */
static int run_query(UnparkStore *store, const char *sql, QueryOptions *options,
                     const UnparkFilterResult *filtered, CliContext *context) {
  UnparkQueryScope scope = {0};
  UnparkQuery query = {
      .columns = on_columns,
      .row = on_row,
      .timeout_s = options->timeout_s,
      .limit = options->limit,
  };
  QueryRun run = {.template = options->template.template ? &options->template : NULL};
  Watch w = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok;

  if (filtered) {
    scope = (UnparkQueryScope){filtered->goroutines, filtered->has_tasks ? &filtered->tasks : NULL,
                               filtered->tests, filtered->n_tests};
    query.scope = &scope;
  }
  if (run.template)
    query.parameters = unpark_template_values_get(run.template->values, &query.n_parameters);
  cli_output_init(&run.output, STDOUT_FILENO);
  GThread *watcher = watch_start(&w, options->timeout_s);
  if (options->parquet)
    ok = unpark_export_query(store, sql, &query, STDOUT_FILENO, context->cancellable, &error);
  else
    ok = print_rows(store, sql, options, &query, &run, context, &error);
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

/* The text of the statement; free with g_free(). NULL after the reason was printed. */
static char *take_sql(const CliArgs *args, const QueryOptions *options) {
  guint expected = options->template.template ? 1 : 2;
  char *sql;

  if (args->n_operands < expected) {
    cli_complain(_("Missing argument: unpark-cli %s %s"), "query",
                 expected == 1 ? _("FILE --template NAME") : _("FILE SQL"));
    return NULL;
  }
  if (args->n_operands > expected) {
    cli_complain(_("Unexpected argument “%s”: unpark-cli %s %s"), args->operands[expected], "query",
                 expected == 1 ? _("FILE --template NAME") : _("FILE SQL"));
    return NULL;
  }
  if (expected == 1)
    return g_strdup(options->template.template->sql);
  sql = g_locale_to_utf8(args->operands[1], -1, NULL, NULL, NULL);
  if (!sql)
    cli_complain(_("The SQL is not valid text in the character encoding of this locale"));
  return sql;
}

/* Of a statement the user wrote, or of a template that fits the file. */
static int answer(const CliArgs *args, QueryOptions *options, char *sql, UnparkStore *store,
                  CliContext *context) {
  g_autoptr(UnparkFilterResult) filtered = NULL;
  int status;

  if (strcmp(g_strstrip(sql), ".schema") == 0)
    return print_schema(store, options);
  if (!cli_template_fits(&options->template, store, &status) ||
      !cli_filter_apply(args, store, names_tasks(sql), context, &filtered, &status))
    return status;
  return run_query(store, sql, options, filtered, context);
}

int cli_query(const CliArgs *args, CliContext *context) {
  g_auto(QueryOptions) options = {0};
  g_autoptr(UnparkOpened) opened = NULL;
  g_autofree char *message = NULL;
  g_autofree char *sql = NULL;
  int status;

  if (!parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (cli_template_wants_list(args))
    return cli_template_list(options.format, options.header);
  if (!cli_template_parse(&options.template, args, &status))
    return status;
  sql = take_sql(args, &options);
  if (!sql)
    return CLI_USAGE;
  opened = cli_open(args->operands[0], cli_args_value(args, "no-cache") != NULL, FALSE, context,
                    &status);
  return opened ? answer(args, &options, sql, unpark_opened_store(opened), context) : status;
}
