/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "latency": how long things took, as the Latency view shows it; mutator utilization;
 * what the processors did. */
#pragma once

#include "app/tables/cli-scope.h"

int cli_latency(const CliArgs *args, CliContext *context);

#define CLI_LATENCY_COMMAND                                                                        \
  {                                                                                                \
    {"latency",                                                                                    \
     N_("FILE..."),                                                                                \
     N_("Show how long goroutines waited or ran, with percentiles and a histogram; what the "      \
        "garbage collector left to the program; or how busy the processors were."),                \
     1,                                                                                            \
     {{"what", 'w', N_("WHAT"),                                                                    \
       N_("sched, wait, syscall, run, stw, gc, region, task, mmu or procs (default: sched)")},     \
      {"by", 0, N_("GROUP"), N_("Group by function, proc, cause (of sched) or reason (of wait)")}, \
      {"include", 0, N_("LIST"),                                                                   \
       N_("For mmu: what takes time from the program, of gc, assist, sweep, stw (default: all)")}, \
      {"window", 0, N_("TIME"), N_("For mmu: only windows of this length")},                       \
      CLI_SCOPE_OPTIONS},                                                                          \
     .more = TRUE},                                                                                \
        cli_latency                                                                                \
  }
