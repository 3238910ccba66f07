/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the command "latency" share. */
#pragma once

#include "app/tables/cli-latency.h"

/* A length, and a bar of `part` of `whole`, in eighths of a cell where the terminal can show them.
 * The line is not ended. */
void cli_latency_bar(CliOutput *output, gint64 ns, double part, double whole);

/* --include and --window. */
typedef struct {
  guint flags;      /* UnparkMmuFlags */
  gint64 window_ns; /* 0: the usual ones */
} CliLatencyMmu;

/* FALSE with *message. */
gboolean cli_latency_mmu_parse(CliLatencyMmu *options, const CliArgs *args, char **message);
int cli_latency_mmu(CliScope *scope, const CliLatencyMmu *options, gboolean per_proc,
                    CliContext *context);
int cli_latency_procs(CliScope *scope, CliContext *context);
