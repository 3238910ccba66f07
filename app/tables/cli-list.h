/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "list": the source lines of functions, with what each cost. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli.h"

int cli_list(const CliArgs *args, CliContext *context);

#define CLI_LIST_COMMAND                                                                           \
  {                                                                                                \
    {"list",                                                                                       \
     N_("FILE FUNCTION"),                                                                          \
     N_("Print the source of the functions that match the regular expression FUNCTION, with the "  \
        "flat and cumulative value of each line; FILE is a profile or an execution trace."),       \
     2,                                                                                            \
     {{"type", 't', N_("TYPE"),                                                                    \
       N_("The sample type, such as inuse_space; for a trace waiting, runnable, syscall or "       \
          "cpu (default: waiting)")},                                                              \
      {"source", 's', N_("FOLDER"),                                                                \
       N_("Look for source files in this folder, too (default: the current folder)")},             \
      {"map", 'm', N_("FROM=TO"), N_("Look for files whose paths begin with FROM below TO")},      \
      {"format", 'f', N_("FORMAT"), N_("table or json (default: table)")},                         \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}}},               \
        cli_list                                                                                   \
  }
