/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "spans": requests across services, and what is wrong with their spans. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-sources.h"

int cli_spans(const CliArgs *args, CliContext *context);

#define CLI_SPANS_COMMAND                                                                          \
  {                                                                                                \
    {"spans",                                                                                      \
     N_("FILE..."),                                                                                \
     N_("Report requests across services, hops that lose the context, and missing spans."),        \
     1,                                                                                            \
     {{"by", 0, N_("WHAT"),                                                                        \
       N_("What is listed: request, service, hop or operation (default: request)")},               \
      {"format", 'f', N_("FORMAT"), N_("table, json or markdown (default: table)")},               \
      CLI_OFFSET_OPTION,                                                                           \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}},                \
     .more = TRUE},                                                                                \
        cli_spans                                                                                  \
  }
