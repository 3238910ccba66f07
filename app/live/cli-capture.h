/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli capture: from a running service to a file. */
#pragma once

#include "app/cli.h"
#include "app/live/cli-options.h"

/* The command, for the table in app/main/main-cli.c. */
#define CLI_CAPTURE_COMMAND                                                                        \
  {                                                                                                \
    {"capture",                                                                                    \
     N_("URL --kind KIND -o FILE-OR-FOLDER"),                                                      \
     N_("Record from a running service with net/http/pprof: HOST:PORT, a prefix, a full URL or "   \
        "unix:PATH; without --kind, list what it offers."),                                        \
     1,                                                                                            \
     {{"kind", 'k', N_("KIND"),                                                                    \
       N_("trace, profile (of the processor), heap, allocs, goroutine, mutex, block, "             \
          "threadcreate, goroutineleak or one of the program's own; several with commas")},        \
      {"seconds", 's', N_("N"),                                                                    \
       N_("How long to record (default: 5 for a trace, 30 for profile and --difference)")},        \
      {"output", 'o', N_("FILE-OR-FOLDER"),                                                        \
       N_("The file to write; with several kinds a folder, created if it does not exist")},        \
      {"difference", 'd', NULL,                                                                    \
       N_("Of heap, allocs, goroutine, mutex, block and others, what changes meanwhile")},         \
      CLI_REACH_OPTIONS,                                                                           \
      {"halt", 0, NULL, N_("Of dlv://HOST:PORT and dlv+unix:PATH: the target may be stopped")},    \
      {"unix", 0, N_("PATH"), N_("Connect to this Unix socket instead of the URL's host")},        \
      {"max-size", 0, N_("MB"), N_("Stop when a file is larger (default: 8192)")}}},               \
        cli_capture                                                                                \
  }

int cli_capture(const CliArgs *args, CliContext *context);
