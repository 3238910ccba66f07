/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli export: the tables of files for a warehouse. */
#pragma once

#include "app/redact/cli-redact.h"

/* The command, for the table in app/main/main-cli.c. */
#define CLI_EXPORT_COMMAND                                                                         \
  {                                                                                                \
    {"export",                                                                                     \
     N_("FILE... -o FOLDER"),                                                                      \
     N_("Write the tables of files, also of those in folders, to FOLDER for DuckDB, ClickHouse, "  \
        "Spark and others."),                                                                      \
     1,                                                                                            \
     {{"output", 'o', N_("FOLDER"), N_("The folder to write to; created if it does not exist")},   \
      {"format", 'f', N_("FORMAT"), N_("parquet or csv (default: parquet)")},                      \
      CLI_REDACT_OPTIONS,                                                                          \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}},                \
     .more = TRUE},                                                                                \
        cli_export                                                                                 \
  }

int cli_export(const CliArgs *args, CliContext *context);
