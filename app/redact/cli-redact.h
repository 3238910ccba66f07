/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "redact", and the option --redact of those that give files away. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli.h"
#include "model/redact/redact.h"

#define CLI_REDACT_KEY_OPTION                                                                      \
  {                                                                                                \
    "key-file", 0, N_("FILE"),                                                                     \
        N_("The key of pseudonyms: the same key gives the same names (default: "                   \
           "$UNPARK_REDACT_KEY, or a new one that is not kept)")                                   \
  }

#define CLI_REDACT_OPTIONS                                                                         \
  {"redact", 0, NULL,                                                                              \
   N_("Replace the program's names by pseudonyms, and leave out texts and the wall clock")},       \
      CLI_REDACT_KEY_OPTION

typedef struct {
  gboolean wanted;
  guint8 key[UNPARK_REDACT_KEY_SIZE];
  char *dir; /* of redacted stores; NULL: there are none yet */
  guint n;
} CliRedact;

/* Reads --redact and --key-file. FALSE with a sentence in *message. */
gboolean cli_redact_parse(CliRedact *redaction, const CliArgs *args, char **message);
/* The store itself, or a redacted one in a temporary folder; a reference. NULL: *error. */
UnparkStore *cli_redact_apply(CliRedact *redaction, UnparkStore *store, GCancellable *cancellable,
                              GError **error);
/* Removes the folder; its stores are not in use any more. */
void cli_redact_clear(CliRedact *redaction);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliRedact, cli_redact_clear)

int cli_redact(const CliArgs *args, CliContext *context);

#define CLI_REDACT_COMMAND                                                                         \
  {                                                                                                \
    {"redact",                                                                                     \
     N_("FILE -o STORE"),                                                                          \
     N_("Write a store that can be given away: the same times and states, without the program's "  \
        "own names and texts."),                                                                   \
     1,                                                                                            \
     {{"output", 'o', N_("STORE"), N_("The store to write, usually NAME.unpark")},                 \
      CLI_REDACT_KEY_OPTION,                                                                       \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}}},               \
        cli_redact                                                                                 \
  }
