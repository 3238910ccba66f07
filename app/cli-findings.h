/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "findings": what stands out in a trace, and what to do about it. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-filter.h"
#include "app/cli-sources.h"

int cli_findings(const CliArgs *args, CliContext *context);

#define CLI_FINDINGS_COMMAND                                                                       \
  {                                                                                                \
    {"findings",                                                                                   \
     N_("FILE..."),                                                                                \
     N_("Report what stands out in an execution trace, and what to do about it."),                 \
     1,                                                                                            \
     {{"format", 'f', N_("FORMAT"), N_("text, json or markdown (default: text)")},                 \
      {"kind", 'k', N_("KIND"),                                                                    \
       N_("Show only these kinds: leak, lock, sched, pause, gc, syscall, outlier, deadlock, "      \
          "growth, cpu; separate several with commas")},                                           \
      {"level", 0, N_("LEVEL"),                                                                    \
       N_("Show only findings of this level or above: minor, notable, severe")},                   \
      {"from", 0, N_("TIME"), N_("Start at this time of the trace: 1.2s, 300ms, or nanoseconds")}, \
      {"to", 0, N_("TIME"), N_("End at this time")},                                               \
      {"fail-on", 0, N_("LEVEL"),                                                                  \
       N_("Exit with status 4 if a finding of this level or above is shown")},                     \
      CLI_FILTER_OPTION,                                                                           \
      CLI_OFFSET_OPTION,                                                                           \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}},                \
     .more = TRUE},                                                                                \
        cli_findings                                                                               \
  }
