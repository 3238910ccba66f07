/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of unpark-cli share. */
#pragma once

#include <gio/gio.h>

#include "app/cli-args.h"

/* Exit statuses. */
enum {
  CLI_OK = 0,
  CLI_FAILED = 1,  /* a file, the disk, the SQL, the time allowed */
  CLI_USAGE = 2,   /* the command line is wrong */
  CLI_UNKNOWN = 3, /* the file cannot be read as anything known */
  CLI_FOUND = 4,   /* what the caller asked to be told of, by --fail-on */
  CLI_PARTIAL = 5, /* a recording ended early; what arrived is in the file */
};

/* Cancelled by SIGINT, SIGTERM and SIGHUP. */
typedef struct {
  GCancellable *cancellable;
} CliContext;

int cli_info(const CliArgs *args, CliContext *context);
int cli_import(const CliArgs *args, CliContext *context);
int cli_why(const CliArgs *args, CliContext *context);

/* "unpark-cli: TEXT" on standard error, control characters replaced. */
void cli_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Prints `error` and gives the exit status that fits. Silent when cancelled. */
int cli_fail(const GError *error);

/* For a failed write to standard output (an errno): silent for a closed pipe. */
int cli_output_failed(int code);
