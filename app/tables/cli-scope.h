/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands that count in a trace share: --format, --from, --to, --filter, --no-cache, and the
 * trace itself. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-filter.h"
#include "app/cli-sources.h"
#include "app/tables/cli-rows.h"

#define CLI_SCOPE_OPTIONS                                                                          \
  {"format", 'f', N_("FORMAT"), N_("table, json or csv (default: table)")},                        \
      {"from", 0, N_("TIME"), N_("Start at this time of the trace: 1.2s, 300ms, or nanoseconds")}, \
      {"to", 0, N_("TIME"), N_("End at this time")}, CLI_FILTER_OPTION, CLI_OFFSET_OPTION, {       \
    "no-cache", 0, NULL, N_("Import the file again and do not use the cache")                      \
  }

typedef struct {
  int format;                        /* CliRowsFormat */
  gint64 given_from_ns, given_to_ns; /* the ends of time if not given */
  CliSources sources;
  guint n_sources;
  const UnparkSourceEntry *source; /* the one that is counted in; its times are those of the file */
  gint64 from_ns, to_ns;           /* as given */
  UnparkStore *store;
  UnparkFilterResult *filtered; /* NULL: no filter */
  const gint64 *goroutines;     /* that pass, ascending; NULL: all */
  guint n_goroutines;
  gint64 start_ns, end_ns; /* from_ns and to_ns within the trace */
} CliScope;

/* FALSE with a sentence in *message. */
gboolean cli_scope_parse(CliScope *scope, const CliArgs *args, char **message);
/* Counts in one source and prints what it found; the exit status. */
typedef int (*CliScopeRun)(CliScope *scope, gpointer data, CliContext *context);
/* Opens the operands and runs `run` on each. `tasks`: the filter is asked for tasks, too. The exit
 * status, after the reason was printed. */
int cli_scope_each(CliScope *scope, const CliArgs *args, gboolean tasks, CliScopeRun run,
                   gpointer data, CliContext *context);
/* A time of the source on the common axis, as it is printed; UNPARK_NONE stays. */
gint64 cli_scope_time(const CliScope *scope, gint64 time_ns);
void cli_scope_clear(CliScope *scope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliScope, cli_scope_clear)

/* Begins what is printed to standard output. JSON is an object of the scope, `members` (each with
 * its comma, as app/cli-json.h has them; NULL: none) and the rows. */
CliRows *cli_scope_begin_rows(const CliScope *scope, const char *members, const CliColumn *columns,
                              guint n, CliOutput *output);
/* Ends and frees the rows, and the object; a table may be followed by more. */
void cli_scope_end_rows(const CliScope *scope, CliRows *rows, CliOutput *output);
/* Ends what was printed; the exit status. */
int cli_scope_finish(CliOutput *output);
