/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/redact/cli-redact.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/cli-store.h"

#define LEAST_KEY 16 /* bytes */

/* Whoever guesses the key can test guessed names. */
static gboolean take_key(CliRedact *redaction, const char *bytes, gsize size, const char *from,
                         char **message) {
  if (size < LEAST_KEY) {
    *message = g_strdup_printf(_("%s: a key needs %d bytes or more"), from, LEAST_KEY);
    return FALSE;
  }
  unpark_redact_key_from(bytes, size, redaction->key);
  return TRUE;
}

static gboolean parse_key(CliRedact *redaction, const CliArgs *args, char **message) {
  const char *file = cli_args_value(args, "key-file");
  const char *given = g_getenv("UNPARK_REDACT_KEY");
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  if (file) {
    if (g_file_get_contents(file, &bytes, &size, &error))
      return take_key(redaction, bytes, size, file, message);
    *message = g_strdup(error->message);
    return FALSE;
  }
  if (given && *given)
    return take_key(redaction, given, strlen(given), "UNPARK_REDACT_KEY", message);
  unpark_redact_key_random(redaction->key);
  return TRUE;
}

gboolean cli_redact_parse(CliRedact *redaction, const CliArgs *args, char **message) {
  redaction->wanted = cli_args_value(args, "redact") != NULL;
  if (redaction->wanted)
    return parse_key(redaction, args, message);
  if (!cli_args_value(args, "key-file"))
    return TRUE;
  *message = g_strdup(_("--key-file needs --redact"));
  return FALSE;
}

UnparkStore *cli_redact_apply(CliRedact *redaction, UnparkStore *store, GCancellable *cancellable,
                              GError **error) {
  g_autofree char *name = g_strdup_printf("%u.unpark", redaction->n++);
  g_autofree char *path = NULL;

  if (!redaction->wanted)
    return unpark_store_ref(store);
  if (!redaction->dir)
    redaction->dir = g_dir_make_tmp("unpark-redact-XXXXXX", error);
  if (!redaction->dir)
    return NULL;
  path = g_build_filename(redaction->dir, name, NULL);
  if (!unpark_redact_store(store, path, redaction->key, cancellable, error))
    return NULL;
  return unpark_store_open(path, error);
}

void cli_redact_clear(CliRedact *redaction) {
  if (!redaction->dir)
    return;
  for (guint i = 0; i < redaction->n; i++) {
    g_autofree char *name = g_strdup_printf("%u.unpark", i);
    g_autofree char *path = g_build_filename(redaction->dir, name, NULL);

    g_unlink(path);
  }
  g_rmdir(redaction->dir);
  g_clear_pointer(&redaction->dir, g_free);
}

int cli_redact(const CliArgs *args, CliContext *context) {
  const char *output = cli_args_value(args, "output");
  g_auto(CliRedact) redaction = {0};
  g_autoptr(UnparkOpened) opened = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;
  int status;

  if (!output) {
    cli_complain(_("No output file: name one with -o, usually NAME.unpark"));
    return CLI_USAGE;
  }
  if (!parse_key(&redaction, args, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  opened = cli_open(args->operands[0], cli_args_value(args, "no-cache") != NULL, FALSE, context,
                    &status);
  if (!opened)
    return status;
  if (!unpark_redact_store(unpark_opened_store(opened), output, redaction.key, context->cancellable,
                           &error))
    return cli_fail(error);
  return CLI_OK;
}
