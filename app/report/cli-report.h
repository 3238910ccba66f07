/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "report": what a team reads, prints, mails and keeps of an incident. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-filter.h"
#include "app/redact/cli-redact.h"

int cli_report(const CliArgs *args, CliContext *context);

#define CLI_REPORT_COMMAND                                                                         \
  {                                                                                                \
    {"report",                                                                                     \
     N_("FILE... -o OUT"),                                                                         \
     N_("Write a report of the files: what they are, what stands out and what to do about it. "    \
        "The extension of OUT selects the format: .html, .md or .json."),                          \
     1,                                                                                            \
     {{"output", 'o', N_("OUT"), N_("The file to write; “-” is standard output")},                 \
      {"format", 'f', N_("FORMAT"),                                                                \
       N_("html, markdown or json (default: from the extension of OUT)")},                         \
      {"title", 0, N_("TEXT"), N_("The title")},                                                   \
      {"sections", 0, N_("LIST"),                                                                  \
       N_("Only these, separated by commas: file, findings, bookmarks, latency, flame, "           \
          "templates, "                                                                            \
          "tables, compare")},                                                                     \
      {"template", 't', N_("NAME"),                                                                \
       N_("Run this template, and no others; may be repeated; see TEMPLATES in unpark-cli(1)")},   \
      {"param", 'p', N_("NAME=VALUE"), N_("Set a parameter of the templates that have it")},       \
      {"compare", 0, N_("OTHER"), N_("Compare with this file, the state before")},                 \
      {"from", 0, N_("TIME"), N_("Start at this time of the trace: 1.2s, 300ms, or nanoseconds")}, \
      {"to", 0, N_("TIME"), N_("End at this time")},                                               \
      CLI_REDACT_OPTIONS,                                                                          \
      CLI_FILTER_OPTION,                                                                           \
      {"lang", 0, N_("LANGUAGE"), N_("Write in this language, such as en or zh_CN")},              \
      {"no-cache", 0, NULL, N_("Import the files again and do not use the cache")}},               \
     TRUE},                                                                                        \
        cli_report                                                                                 \
  }
