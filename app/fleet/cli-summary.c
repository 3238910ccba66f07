/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fleet/cli-summary.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-format.h"
#include "app/cli-table.h"
#include "app/cli-units.h"
#include "app/open.h"
#include "model/summary/paths.h"
#include "model/summary/summary.h"

/* Paths on standard input end at a newline, or at a NUL where there is one. */
#define MOST_INPUT_BYTES ((gsize)64 << 20)
/* How long rows wait for others that decide the widths of the columns. */
#define TABLE_US ((gint64)1000000)

typedef struct {
  CliContext *context;
  CliFormat format;
  gboolean parquet;
  CliOutput output;
  CliFormatter *formatter; /* tsv, json */
  CliTable *table;
  gint64 begun_us;
  GPtrArray *summaries; /* parquet: UnparkSummary */
  guint n_failed;
} Run;

/* ---- Files -------------------------------------------------------------------------------------
 */

static UnparkStore *open_file(const char *path, gpointer *handle, GCancellable *cancellable,
                              GError **error) {
  UnparkOpened *opened = unpark_open(path, NULL, NULL, cancellable, error);

  *handle = opened;
  return opened ? unpark_store_ref(unpark_opened_store(opened)) : NULL;
}

static void close_file(gpointer handle) {
  unpark_opened_free(handle);
}

/* Everything on standard input; NULL: it cannot be read, or is far too much. */
static char *read_input(gsize *size) {
  g_autoptr(GString) text = g_string_new(NULL);
  char buffer[65536];
  gssize n;

  while ((n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0 && text->len < MOST_INPUT_BYTES)
    g_string_append_len(text, buffer, n);
  *size = text->len;
  return n == 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean add_input(GPtrArray *paths, CliContext *context, GError **error) {
  gsize size = 0;
  g_autofree char *text = read_input(&size);
  char end;

  if (!text) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO,
                _("The list of files on standard input cannot be read"));
    return FALSE;
  }
  end = memchr(text, '\0', size) ? '\0' : '\n';
  for (gsize at = 0; at < size;) {
    const char *stop = memchr(text + at, end, size - at);
    gsize length = stop ? (gsize)(stop - text) - at : size - at;
    g_autofree char *path = g_strndup(text + at, length);

    if (*path && !unpark_paths_add(paths, path, context->cancellable, error))
      return FALSE;
    at += length + 1;
  }
  return TRUE;
}

static gboolean find_files(const CliArgs *args, GPtrArray *paths, CliContext *context,
                           GError **error) {
  for (char **path = args->operands; *path; path++)
    if (!(strcmp(*path, "-") == 0 ? add_input(paths, context, error)
                                  : unpark_paths_add(paths, *path, context->cancellable, error)))
      return FALSE;
  return TRUE;
}

/* ---- Rows
 * ------------------------------------------------------------------------------------------ */

static void print_values(CliFormatter *formatter, const UnparkSummary *summary) {
  UnparkSummaryValue values[UNPARK_SUMMARY_COLUMNS];
  UnparkValue row[UNPARK_SUMMARY_COLUMNS] = {0};
  g_autofree char *start = NULL;

  unpark_summary_values(summary, values);
  for (guint i = 0; i < UNPARK_SUMMARY_COLUMNS; i++) {
    const char *text = values[i].text;

    if (values[i].null)
      continue;
    if (values[i].type == UNPARK_SUMMARY_TIME)
      text = start = unpark_summary_time(values[i].number);
    if (text)
      row[i] = (UnparkValue){.type = UNPARK_VALUE_TEXT, .text = text, .size = strlen(text)};
    else if (values[i].type == UNPARK_SUMMARY_REAL)
      row[i] = (UnparkValue){.type = UNPARK_VALUE_REAL, .real = values[i].real};
    else
      row[i] = (UnparkValue){.type = UNPARK_VALUE_INT, .integer = values[i].number};
  }
  cli_formatter_row(formatter, row, UNPARK_SUMMARY_COLUMNS);
}

static void print_duration(CliTable *table, gint64 ns) {
  g_autofree char *text = ns == UNPARK_NONE ? g_strdup("") : cli_format_duration(ns);

  cli_table_cell(table, text, -1, TRUE);
}

static void print_count(CliTable *table, gint64 n) {
  g_autofree char *text = n == UNPARK_NONE ? g_strdup("") : cli_format_count(n);

  cli_table_cell(table, text, -1, TRUE);
}

/* For people: what one compares. The other formats have every column. */
static void print_table_row(CliTable *table, const UnparkSummary *s) {
  g_autofree char *start =
      s->start_wall_ns == UNPARK_NONE ? g_strdup("") : cli_format_wall(s->start_wall_ns);
  g_autofree char *share =
      s->gc_share < 0 ? g_strdup("") : g_strdup_printf("%.1f %%", 100 * s->gc_share);
  g_autofree char *name = g_filename_display_name(s->path);

  cli_table_cell(table, name, -1, FALSE);
  cli_table_cell(table, unpark_summary_kind_name(s->kind), -1, FALSE);
  cli_table_cell(table, s->program ? s->program : "", -1, FALSE);
  cli_table_cell(table, start, -1, FALSE);
  print_duration(table, s->duration_ns);
  print_count(table, s->goroutines);
  cli_table_cell(table, share, -1, TRUE);
  print_duration(table, s->longest_pause_ns);
  print_duration(table, s->sched_p50_ns);
  print_duration(table, s->sched_p99_ns);
  print_duration(table, s->waiting_ns[UNPARK_WAIT_SYNC]);
  print_duration(table, s->waiting_ns[UNPARK_WAIT_CHANNEL]);
  print_duration(table, s->waiting_ns[UNPARK_WAIT_NETWORK]);
  print_count(table, s->findings[2]);
  print_count(table, s->findings[1]);
  cli_table_cell(table, s->complete ? _("yes") : _("no"), -1, FALSE);
}

static CliTable *new_table(CliOutput *output) {
  const char *const names[] = {
      _("file"),          _("kind"),       _("program"),    _("recorded"),
      _("duration"),      _("goroutines"), _("GC"),         _("longest pause"),
      _("sched p50"),     _("sched p99"),  _("lock waits"), _("channel waits"),
      _("network waits"), _("severe"),     _("notable"),    _("complete")};

  return cli_table_new(output, G_N_ELEMENTS(names), names, 0);
}

static void on_done(const char *path, UnparkSummary *summary, const GError *error, gpointer data) {
  Run *run = data;

  if (!summary) {
    run->n_failed++;
    /* Most messages name the file; the rest have to. */
    g_autofree char *base = g_filename_display_basename(path);
    if (strstr(error->message, base))
      cli_complain("%s", error->message);
    else
      cli_complain("%s: %s", path, error->message);
    return;
  }
  if (run->parquet) {
    g_ptr_array_add(run->summaries, summary);
    return;
  }
  if (run->table)
    print_table_row(run->table, summary);
  else
    print_values(run->formatter, summary);
  /* The first rows, together, decide the widths of a table. */
  if (run->table && g_get_monotonic_time() - run->begun_us > TABLE_US)
    cli_table_flow(run->table);
  cli_output_flush(&run->output);
  unpark_summary_free(summary);
  if (run->output.failure)
    g_cancellable_cancel(run->context->cancellable);
}

/* ---- The command
 * ------------------------------------------------------------------------------------ */

static gboolean parse_options(const CliArgs *args, Run *run) {
  const char *format = cli_args_value(args, "format"), *to = cli_args_value(args, "output");

  run->format = isatty(STDOUT_FILENO) ? CLI_FORMAT_TABLE : CLI_FORMAT_TSV;
  run->parquet = format ? strcmp(format, "parquet") == 0 : to != NULL;
  if (format && !run->parquet &&
      (!cli_format_parse(format, &run->format) || run->format == CLI_FORMAT_CSV)) {
    cli_complain(_("--format: unknown format “%s”; expected table, tsv, json or parquet"), format);
    return FALSE;
  }
  if (to && !run->parquet) {
    cli_complain(_("--output is for Parquet; redirect the output of other formats"));
    return FALSE;
  }
  if (run->parquet && !to && isatty(STDOUT_FILENO)) {
    cli_complain(_("Parquet is not for a terminal; name a file with -o, usually NAME.parquet"));
    return FALSE;
  }
  for (char **path = args->operands; *path; path++)
    if (strcmp(*path, "-") == 0 && isatty(STDIN_FILENO)) {
      cli_complain(_("Standard input is a terminal; pipe a list of files in"));
      return FALSE;
    }
  return TRUE;
}

static gboolean write_parquet(const Run *run, const char *to, GError **error) {
  UnparkSummary *const *summaries = (UnparkSummary *const *)run->summaries->pdata;

  return to ? unpark_summary_write(summaries, run->summaries->len, to, error)
            : unpark_summary_write_fd(summaries, run->summaries->len, STDOUT_FILENO, error);
}

static void begin(Run *run) {
  cli_output_init(&run->output, STDOUT_FILENO);
  run->begun_us = g_get_monotonic_time();
  run->summaries = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_summary_free);
  if (run->parquet)
    return;
  if (run->format == CLI_FORMAT_TABLE) {
    run->table = new_table(&run->output);
    return;
  }
  run->formatter = cli_formatter_new(run->format, TRUE, &run->output);
  cli_formatter_columns(run->formatter, unpark_summary_columns, UNPARK_SUMMARY_COLUMNS);
}

int cli_summary(const CliArgs *args, CliContext *context) {
  static const UnparkSummaryOpener opener = {open_file, close_file};
  Run run = {.context = context};
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;

  if (!parse_options(args, &run))
    return CLI_USAGE;
  if (!find_files(args, paths, context, &error))
    return cli_fail(error);
  begin(&run);
  unpark_summary_run(paths, &opener, on_done, &run, context->cancellable);
  if (run.parquet && !g_cancellable_is_cancelled(context->cancellable))
    ok = write_parquet(&run, cli_args_value(args, "output"), &error);
  cli_formatter_free(run.formatter);
  cli_table_free(run.table);
  g_ptr_array_unref(run.summaries);
  if (!cli_output_finish(&run.output))
    return cli_output_failed(run.output.failure);
  if (!ok)
    return cli_fail(error);
  return run.n_failed > 0 && run.n_failed == paths->len ? CLI_UNKNOWN : CLI_OK;
}
