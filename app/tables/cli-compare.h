/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "compare": what became more or less from one side to the other, and how certain. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-filter.h"
#include "app/cli.h"
#include "model/compare/compare.h"

int cli_compare(const CliArgs *args, CliContext *context);

/* Name, measure, A, B, change, interval, verdict: the texts of a row; titles are translatable. Free
 * each with g_free(). */
#define CLI_COMPARE_CELLS 7
extern const char *const cli_compare_titles[CLI_COMPARE_CELLS];
void cli_compare_cells(const UnparkCompareRow *row, char *cells[CLI_COMPARE_CELLS]);
#define CLI_COMPARE_COMMAND                                                                        \
  {                                                                                                \
    {"compare",                                                                                    \
     N_("A B | A... -- B..."),                                                                     \
     N_("Compare two traces, profiles or dumps, or several on each side: what takes more time, "   \
        "what less, and what cannot be told from noise."),                                         \
     2,                                                                                            \
     {{"per", 0, N_("UNIT"),                                                                       \
       N_("For traces: divide amounts by second, task or goroutine (default: second)")},           \
      {"by", 0, N_("GROUP"),                                                                       \
       N_("Group by place, function, task, reason or state (default: place)")},                    \
      {"series", 0, NULL,                                                                          \
       N_("Three or more goroutine dumps in the order of time: what grows all the way")},          \
      {"format", 'f', N_("FORMAT"), N_("table, json or markdown (default: table)")},               \
      {"limit", 0, N_("N"), N_("Print at most N rows (table and markdown; default: 40)")},         \
      {"fail-on", 0, N_("PERCENT"),                                                                \
       N_("Exit with status 4 if something is certainly more by this or above")},                  \
      {"from", 0, N_("TIME"),                                                                      \
       N_("Start at this time of the traces: 1.2s, 300ms, or nanoseconds")},                       \
      {"to", 0, N_("TIME"), N_("End at this time of the traces")},                                 \
      {"from-a", 0, N_("TIME"), N_("Start at this time of those of A")},                           \
      {"to-a", 0, N_("TIME"),                                                                      \
       N_("End at this time of those of A: two times of one trace can be compared")},              \
      CLI_FILTER_OPTION,                                                                           \
      {"no-cache", 0, NULL, N_("Import the files again and do not use the cache")}},               \
     TRUE,                                                                                         \
     TRUE},                                                                                        \
        cli_compare                                                                                \
  }
