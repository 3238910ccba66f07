/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live/cli-capture.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-progress.h"
#include "app/cli-table.h"
#include "app/live/cli-delve.h"
#include "app/live/cli-reach.h"
#include "live/http/error.h"
#include "live/service/batch.h"
#include "live/service/capture.h"
#include "live/service/kinds.h"
#include "live/service/service.h"

#define SECONDS_MAX ((guint64)86400)
#define KINDS_MAX 32

typedef struct {
  CliReach at;
  GStrv kinds; /* NULL: none */
  guint64 seconds, max_bytes;
  gboolean difference, may_halt;
  const char *output;
} Options;

/* ---- Options -------------------------------------------------------------------------------- */

/* The words between commas, each once; the option may be repeated. NULL: one is not a name. */
static GStrv parse_kinds(const CliArgs *args, char **message) {
  guint n_given = 0;
  const char *const *given = cli_args_values(args, "kind", &n_given);
  g_autoptr(GString) text = g_string_new(given[0]);
  g_auto(GStrv) words = NULL;
  g_autoptr(GStrvBuilder) kinds = g_strv_builder_new();
  guint n = 0;

  for (guint i = 1; i < n_given; i++)
    g_string_append_printf(text, ",%s", given[i]);
  words = g_strsplit(text->str, ",", -1);
  for (guint i = 0; words[i]; i++) {
    const char *word = g_strstrip(words[i]);
    gboolean is_new = TRUE;

    for (guint k = 0; k < i; k++)
      is_new &= strcmp(words[k], word) != 0;
    if (!unpark_service_kind_is_name(word) || n == KINDS_MAX) {
      *message = g_strdup_printf(_("--kind: “%s” is not the name of a profile"), word);
      return NULL;
    }
    if (is_new && ++n)
      g_strv_builder_add(kinds, word);
  }
  return g_strv_builder_end(kinds);
}

static gboolean parse_options(Options *options, const CliArgs *args, char **message) {
  const char *kinds = cli_args_value(args, "kind");
  guint64 megabytes = 0;

  options->output = cli_args_value(args, "output");
  options->may_halt = cli_args_value(args, "halt") != NULL;
  options->difference = cli_args_value(args, "difference") != NULL;
  if (!cli_args_count(args, "seconds", &options->seconds, message) ||
      !cli_args_count(args, "max-size", &megabytes, message))
    return FALSE;
  options->max_bytes = megabytes * 1000 * 1000;
  if (options->seconds > SECONDS_MAX)
    *message = g_strdup_printf(_("--seconds: at most %u, a day"), (guint)SECONDS_MAX);
  else if (kinds && (!options->output || !*options->output))
    *message = g_strdup(_("No output file: unpark-cli capture URL --kind KIND -o FILE"));
  else if (kinds)
    options->kinds = parse_kinds(args, message);
  return *message == NULL;
}

/* ---- Recording ------------------------------------------------------------------------------ */

/* "Recording: 3 of 5 s, 1.2 MB". */
static char *progress_line(gpointer data) {
  UnparkBatchProgress sum = unpark_batch_progress(data);
  g_autofree char *size = g_format_size(sum.bytes);

  if (sum.length_s > 0)
    return g_strdup_printf(_("Recording: %u of %u s, %s; Ctrl+C ends it and keeps what arrived"),
                           sum.elapsed_s, sum.length_s, size);
  return g_strdup_printf(_("Receiving: %s"), size);
}

static int report(const UnparkBatchJob *job) {
  g_autofree char *size = g_format_size(job->kept);

  if (job->ok)
    return CLI_OK;
  if (job->kept == 0)
    return cli_fail(job->error);
  if (g_error_matches(job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cli_complain(_("Stopped: %s has the %s that arrived"), job->path, size);
  else
    cli_complain(_("%s. %s has the %s that arrived"), job->error->message, job->path, size);
  return CLI_PARTIAL;
}

static int run_jobs(GPtrArray *jobs, CliContext *context) {
  CliProgress *display = cli_progress_start_line(progress_line, jobs);
  int status = CLI_OK;

  unpark_batch_run(jobs, context->cancellable);
  cli_progress_stop(display);
  for (guint i = 0; i < jobs->len; i++) {
    int of_job = report(jobs->pdata[i]);
    if (of_job == CLI_FAILED || (of_job != CLI_OK && status == CLI_OK))
      status = of_job;
  }
  return status;
}

/* Takes `path`. */
static UnparkBatchJob *job_new(const Options *options, const UnparkService *service,
                               const char *kind, const char *url, char *path) {
  const UnparkCapture capture = {.service = service,
                                 .kind = kind,
                                 .url = url,
                                 .reach = options->at.reach,
                                 .seconds = (guint)options->seconds,
                                 .difference = options->difference,
                                 .max_bytes = options->max_bytes};

  return unpark_batch_job_new(&capture, path);
}

static int capture_url(const Options *options, CliContext *context) {
  g_autofree char *url = unpark_address_url(options->at.address);
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_batch_job_free);

  if (strlen(options->at.address->path) <= 1) {
    cli_complain(_("Record what? --kind trace, for example; without -o, what there is is listed"));
    return CLI_USAGE;
  }
  g_ptr_array_add(jobs, job_new(options, NULL, NULL, url, g_strdup(options->output)));
  return run_jobs(jobs, context);
}

/* Whether what is written goes to a folder, which is there then. *status: it cannot be made. */
static gboolean is_folder(const Options *options, int *status) {
  gboolean several = g_strv_length(options->kinds) > 1;

  *status = CLI_OK;
  if (!several && !g_str_has_suffix(options->output, "/"))
    return g_file_test(options->output, G_FILE_TEST_IS_DIR);
  if (g_mkdir_with_parents(options->output, 0777) < 0) {
    cli_complain(_("Cannot create the folder %s: %s"), options->output, g_strerror(errno));
    *status = CLI_FAILED;
  }
  return TRUE;
}

static int capture_kinds(const Options *options, const UnparkService *service,
                         CliContext *context) {
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_batch_job_free);
  int status;
  gboolean folder = is_folder(options, &status);

  for (guint i = 0; status == CLI_OK && options->kinds[i]; i++) {
    g_autofree char *name = unpark_capture_file_name(options->kinds[i], options->difference);
    char *path = folder ? g_build_filename(options->output, name, NULL) : g_strdup(options->output);

    g_ptr_array_add(jobs, job_new(options, service, options->kinds[i], NULL, path));
  }
  return status == CLI_OK ? run_jobs(jobs, context) : status;
}

/* ---- The list ------------------------------------------------------------------------------- */

static int print_list(const UnparkService *service) {
  const char *names[] = {_("Kind"), _("Count"), _("What")};
  CliOutput output;
  CliTable *table;

  cli_output_init(&output, STDOUT_FILENO);
  table = cli_table_new(&output, G_N_ELEMENTS(names), names, 0);
  for (guint i = 0; i < service->kinds->len; i++) {
    const UnparkServiceKind *kind = service->kinds->pdata[i];
    const UnparkServiceKindFacts *facts = unpark_service_kind_facts(kind->name);

    cli_table_cell(table, kind->name, -1, FALSE);
    if (kind->count < 0 || (facts && facts->seconds > 0))
      cli_table_cell(table, "", 0, TRUE);
    else
      cli_table_int(table, kind->count);
    cli_table_cell(table, facts ? _(facts->help) : _("A profile of the program's own."), -1, FALSE);
  }
  cli_table_free(table);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

/* ---- The command ---------------------------------------------------------------------------- */

static int capture_delve(const Options *options, CliContext *context) {
  if (options->kinds && !(g_str_equal(options->kinds[0], "goroutine") && !options->kinds[1])) {
    cli_complain(_("Delve offers goroutines only: --kind goroutine"));
    return CLI_USAGE;
  }
  if (!options->output) {
    cli_complain(_("No output file: unpark-cli capture dlv://HOST:PORT --kind goroutine -o FILE"));
    return CLI_USAGE;
  }
  return cli_delve_capture(options->at.address, options->output, options->may_halt, context);
}

static int capture(const Options *options, CliContext *context) {
  g_autoptr(UnparkService) service = NULL;
  g_autoptr(GError) error = NULL;

  if (options->at.address->kind == UNPARK_ADDRESS_DELVE)
    return capture_delve(options, context);
  if (!options->kinds && options->output)
    return capture_url(options, context);
  service = unpark_service_find(options->at.address, &options->at.reach, options->kinds != NULL,
                                context->cancellable, &error);
  if (!service)
    return cli_fail(error);
  return options->kinds ? capture_kinds(options, service, context) : print_list(service);
}

int cli_capture(const CliArgs *args, CliContext *context) {
  Options options = {0};
  g_autofree char *message = NULL;
  int status = CLI_USAGE;

  if (!parse_options(&options, args, &message))
    cli_complain("%s", message);
  else if (cli_reach_parse(&options.at, args, &status))
    status = capture(&options, context);
  g_strfreev(options.kinds);
  cli_reach_clear(&options.at);
  return status;
}
