/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the command "latency" share. */
#pragma once

#include "app/tables/cli-latency.h"

/* Bars of a histogram on a terminal are at most so many cells long. */
#define CLI_BAR_WIDTH 50

/* A bar of `part` of `whole`, in eighths of a cell where the terminal can show them. */
void cli_latency_bar(CliOutput *output, double part, double whole);

int cli_latency_mmu(CliScope *scope, const CliArgs *args, gboolean per_proc, CliContext *context);
/* Before the file is opened: FALSE with *message. */
gboolean cli_latency_mmu_check(const CliArgs *args, char **message);
int cli_latency_procs(CliScope *scope, CliContext *context);
