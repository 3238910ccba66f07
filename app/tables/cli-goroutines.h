/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands "goroutines" and "tasks": the tables of the views of these names. */
#pragma once

#include "app/tables/cli-scope.h"

int cli_goroutines(const CliArgs *args, CliContext *context);
int cli_tasks(const CliArgs *args, CliContext *context);

#define CLI_GOROUTINES_COMMAND                                                                     \
  {                                                                                                \
    {"goroutines",                                                                                 \
     N_("FILE..."),                                                                                \
     N_("Show what goroutines did, by the function they started in: how many there were, and "     \
        "their time by state."),                                                                   \
     1,                                                                                            \
     {{"by", 0, N_("GROUP"), N_("function or goroutine (default: function)")}, CLI_SCOPE_OPTIONS}, \
     .more = TRUE},                                                                                \
        cli_goroutines                                                                             \
  }

#define CLI_TASKS_COMMAND                                                                          \
  {                                                                                                \
    {"tasks",                                                                                      \
     N_("FILE..."),                                                                                \
     N_("Show how long tasks took, by name, and where their time went."),                          \
     1,                                                                                            \
     {{"by", 0, N_("GROUP"), N_("name, task or region (default: name)")}, CLI_SCOPE_OPTIONS},      \
     .more = TRUE},                                                                                \
        cli_tasks                                                                                  \
  }
