/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli summary: one row for each of many files. */
#pragma once

#include "app/cli.h"

/* The command, for the table in app/main/main-cli.c. */
#define CLI_SUMMARY_COMMAND                                                                        \
  {                                                                                                \
    {"summary",                                                                                    \
     N_("PATH..."),                                                                                \
     N_("Print one row for each file, also for those in folders; “-” reads a list of paths."),     \
     1,                                                                                            \
     {{"format", 'f', N_("FORMAT"),                                                                \
       N_("table, tsv, json or parquet (default: table on a terminal, otherwise tsv)")},           \
      {"output", 'o', N_("FILE"), N_("Write Parquet to FILE")}},                                   \
     .more = TRUE},                                                                                \
        cli_summary                                                                                \
  }

int cli_summary(const CliArgs *args, CliContext *context);
