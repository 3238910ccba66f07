/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live/cli-reach.h"

#include <glib/gi18n.h>
#include <string.h>

/* Of a file with a password or a token. */
#define SECRET_MAX ((gsize)65536)

static void wipe(char *text, gsize size) {
  if (text)
    explicit_bzero(text, size);
}

void cli_reach_clear(CliReach *reach) {
  if (reach->secret)
    wipe(reach->secret, strlen(reach->secret));
  g_clear_pointer(&reach->secret, g_free);
  g_clear_pointer(&reach->address, unpark_address_free);
}

/* What cannot be in a header, or would begin another one. */
static gboolean is_secret(const char *text) {
  for (const char *p = text; *p; p++)
    if ((guchar)*p < ' ' || *p == 127)
      return FALSE;
  return *text != '\0';
}

/* The first line of a file. NULL: it was said why. */
static char *read_secret(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  char *secret = NULL;
  gsize size = 0;

  if (!g_file_get_contents(path, &text, &size, &error)) {
    cli_complain("%s", error->message);
    return NULL;
  }
  text[strcspn(text, "\r\n")] = '\0';
  if (size <= SECRET_MAX && is_secret(text))
    secret = g_strdup(text);
  else
    cli_complain(_("%s: the first line is not a password or token"), path);
  wipe(text, size);
  return secret;
}

/* From a file if one is named, else from the environment; never from the command line, which every
 * user of the machine can read. FALSE: it was said why. */
static gboolean take_secret(CliReach *reach, const char *path, const char *variable) {
  const char *value = g_getenv(variable);

  if (path) {
    reach->secret = read_secret(path);
    return reach->secret != NULL;
  }
  if (value && *value) {
    reach->secret = g_strdup(value);
    if (!is_secret(value))
      cli_complain(_("$%s is not a password or token"), variable);
    return is_secret(value);
  }
  return TRUE;
}

static gboolean take_credentials(CliReach *reach, const CliArgs *args) {
  const char *user = cli_args_value(args, "user");
  const char *password_file = cli_args_value(args, "password-file");
  const char *token_file = cli_args_value(args, "token-file");

  reach->reach.user = user ? user : reach->address->user;
  if (reach->reach.user && token_file) {
    cli_complain(_("A user name goes with --password-file, not with --token-file"));
    return FALSE;
  }
  if (!reach->reach.user && password_file) {
    cli_complain(_("A password needs a user name: --user NAME"));
    return FALSE;
  }
  if (!(reach->reach.user ? take_secret(reach, password_file, "UNPARK_PASSWORD")
                          : take_secret(reach, token_file, "UNPARK_TOKEN")))
    return FALSE;
  if (reach->reach.user && !reach->secret) {
    cli_complain(_("No password for “%s”: put it in a file and name it with --password-file, or "
                   "in the variable $UNPARK_PASSWORD"),
                 reach->reach.user);
    return FALSE;
  }
  reach->reach.secret = reach->secret;
  return TRUE;
}

gboolean cli_reach_parse(CliReach *reach, const CliArgs *args, int *status) {
  const char *path = cli_args_value(args, "unix");
  g_autoptr(GError) error = NULL;

  *reach = (CliReach){0};
  *status = CLI_USAGE;
  reach->address = unpark_address_parse(args->operands[0], &error);
  if (!reach->address) {
    cli_complain("%s", error->message);
    return FALSE;
  }
  reach->reach.unix_path = path ? path : reach->address->unix_path;
  reach->reach.ca_file = cli_args_value(args, "cacert");
  return take_credentials(reach, args);
}
