/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-progress.h"
#include "app/cli-store.h"
#include "app/cli.h"
#include "model/store/stale-temps.h"

static gboolean same_file(const char *a, const char *b) {
  g_autoptr(GFile) x = g_file_new_for_path(a);
  g_autoptr(GFile) y = g_file_new_for_path(b);

  return strcmp(a, "-") != 0 && g_file_equal(x, y);
}

int cli_import(const CliArgs *args, CliContext *context) {
  const char *path = args->operands[0];
  const char *to = cli_args_value(args, "output");
  UnparkProgress progress = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = NULL;
  g_autofree char *full = NULL;
  CliProgress *display;
  gboolean ok;

  if (!to || !*to) {
    cli_complain(_("No output file: unpark-cli import FILE -o STORE"));
    return CLI_USAGE;
  }
  if (same_file(path, to)) {
    cli_complain(_("The store would overwrite its own source: choose another name"));
    return CLI_USAGE;
  }
  if (strcmp(to, "-") == 0) {
    cli_complain(_("A store cannot be written to standard output: name a file"));
    return CLI_USAGE;
  }
  if (strcmp(path, "-") != 0 && unpark_store_is_store_file(path)) {
    cli_complain(_("%s is already a store: copy it instead"), path);
    return CLI_USAGE;
  }
  full = strcmp(path, "-") == 0 ? g_strdup(path) : g_canonicalize_filename(path, NULL);
  unpark_remove_stale_temps(to);
  display = cli_progress_start(path, &progress);
  ok = unpark_import(full, to, FALSE, &progress, context->cancellable, &error);
  cli_progress_stop(display);
  if (!ok)
    return cli_fail(error);
  store = unpark_store_open(to, &error);
  if (!store)
    return cli_fail(error);
  cli_print_warnings(store, NULL);
  return CLI_OK;
}
