/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli watch: goroutines, heap and collections of a running service over time. */
#pragma once

#include "app/cli.h"
#include "app/live/cli-options.h"

/* The command, for the table in app/main/main-cli.c. */
#define CLI_WATCH_COMMAND                                                                          \
  {                                                                                                \
    {"watch",                                                                                      \
     N_("URL"),                                                                                    \
     N_("Watch a running service with net/http/pprof: a line every few seconds with goroutines "   \
        "by state, heap and collections, and at the end the stacks at which goroutines became "    \
        "more."),                                                                                  \
     1,                                                                                            \
     {{"every", 'e', N_("N"), N_("Seconds between two samples (default: 5)")},                     \
      {"for", 'f', N_("N"), N_("Seconds after which to end (default: at Ctrl+C)")},                \
      {"output", 'o', N_("FOLDER"), N_("Keep the dump of each sample in this folder")},            \
      CLI_REACH_OPTIONS,                                                                           \
      {"unix", 0, N_("PATH"), N_("Connect to this Unix socket instead of the URL's host")}}},      \
        cli_watch                                                                                  \
  }

int cli_watch(const CliArgs *args, CliContext *context);
