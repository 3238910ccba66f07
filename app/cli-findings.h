/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "findings": what stands out in a trace, and what to do about it. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli.h"

int cli_findings(const CliArgs *args, CliContext *context);

#define CLI_FINDINGS_COMMAND                                                                       \
  {                                                                                                \
    {"findings",                                                                                   \
     N_("FILE"),                                                                                   \
     N_("Tell what stands out in an execution trace, and what to do about it."),                   \
     1,                                                                                            \
     {{"format", 'f', N_("FORMAT"), N_("text, json or markdown (default: text)")},                 \
      {"kind", 'k', N_("KIND"),                                                                    \
       N_("Only leak, lock, sched, pause, gc, syscall or outlier; several: lock,leak")},           \
      {"level", 0, N_("LEVEL"), N_("Only those of this level or worse: minor, notable, severe")},  \
      {"from", 0, N_("TIME"), N_("Only from this time of the trace on: 1.2s, 300ms, or ns")},      \
      {"to", 0, N_("TIME"), N_("Only up to this time")},                                           \
      {"fail-on", 0, N_("LEVEL"),                                                                  \
       N_("Exit with status 4 if one of this level or worse is shown")},                           \
      {"no-cache", 0, NULL, N_("Import the file again, and keep nothing in the cache")}}},         \
        cli_findings                                                                               \
  }
