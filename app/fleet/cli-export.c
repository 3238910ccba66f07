/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fleet/cli-export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli-store.h"
#include "model/summary/paths.h"
#include "model/export/export.h"

typedef struct {
  UnparkExport *export;
  UnparkExportOptions options;
  gboolean no_cache;
  CliRedact redaction;
  CliContext *context;
} Job;

static void job_clear(Job *job) {
  cli_redact_clear(&job->redaction);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static const struct {
  const char *name;
  UnparkExportTable write;
} formats[] = {{"parquet", unpark_export_parquet}, {"csv", unpark_export_csv}};

static gboolean parse_format(const CliArgs *args, UnparkExportOptions *options) {
  const char *name = cli_args_value(args, "format");

  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    if (strcmp(name ? name : "parquet", formats[i].name) == 0) {
      options->extension = formats[i].name;
      options->write = formats[i].write;
      return TRUE;
    }
  cli_complain(_("--format: unknown format “%s”; expected parquet or csv"), name);
  return FALSE;
}

/* What comes by a pipe is known by its store. */
static char *hash_of(const char *path, UnparkStore *store, GCancellable *cancellable,
                     GError **error) {
  gboolean regular = strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_REGULAR);

  return unpark_export_hash(regular ? path : unpark_store_path(store), cancellable, error);
}

/* The exit status. */
static int export_file(Job *job, const char *path) {
  g_autoptr(UnparkOpened) opened = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *date = NULL;
  g_autoptr(UnparkStore) store = NULL;
  gboolean known = !job->redaction.wanted && strcmp(path, "-") != 0;
  int status;

  opened = cli_open(path, job->no_cache, TRUE, job->context, &status);
  if (!opened)
    return status;
  store = cli_redact_apply(&job->redaction, unpark_opened_store(opened), job->context->cancellable,
                           &error);
  if (!store)
    return cli_fail(error);
  /* Neither the file's hash nor its date say whose it is. */
  hash = hash_of(known ? path : "-", store, job->context->cancellable, &error);
  date = unpark_export_date(store, known ? path : NULL);
  job->options.hash = hash;
  job->options.date = date;
  if (!hash ||
      !unpark_export_source(job->export, store, &job->options, job->context->cancellable, &error))
    return cli_fail(error);
  return CLI_OK;
}

static GPtrArray *find_files(const CliArgs *args, CliContext *context, GError **error) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

  for (char **path = args->operands; *path; path++)
    if (!unpark_paths_add(paths, *path, context->cancellable, error))
      return NULL;
  return g_steal_pointer(&paths);
}

int cli_export(const CliArgs *args, CliContext *context) {
  const char *folder = cli_args_value(args, "output");
  g_auto(Job) job = {.context = context, .no_cache = cli_args_value(args, "no-cache") != NULL};
  g_autoptr(UnparkExport) export = NULL;
  g_autoptr(GPtrArray) paths = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;
  int status = CLI_OK;

  if (!folder || !*folder) {
    cli_complain(_("No output folder: unpark-cli export FILE... -o FOLDER"));
    return CLI_USAGE;
  }
  if (!parse_format(args, &job.options))
    return CLI_USAGE;
  if (!cli_redact_parse(&job.redaction, args, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  /* Before the folder is made: it may be among those that are searched. */
  paths = find_files(args, context, &error);
  if (!paths)
    return cli_fail(error);
  export = job.export = unpark_export_begin(folder, &error);
  if (!export)
    return cli_fail(error);
  for (guint i = 0; i < paths->len && !g_cancellable_is_cancelled(context->cancellable); i++) {
    int of_file = export_file(&job, paths->pdata[i]);

    status = of_file != CLI_OK ? of_file : status;
  }
  return status;
}
