/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands that count in a trace share: --format, --from, --to, --filter, --no-cache, and the
 * trace itself. */
#pragma once

#include <glib/gi18n.h>

#include "app/cli-filter.h"
#include "app/cli-store.h"
#include "app/tables/cli-rows.h"

#define CLI_SCOPE_OPTIONS                                                                          \
  {"format", 'f', N_("FORMAT"), N_("table, json or csv (default: table)")},                        \
      {"from", 0, N_("TIME"), N_("Start at this time of the trace: 1.2s, 300ms, or nanoseconds")}, \
      {"to", 0, N_("TIME"), N_("End at this time")}, CLI_FILTER_OPTION, {                          \
    "no-cache", 0, NULL, N_("Import the file again and do not use the cache")                      \
  }

typedef struct {
  int format;            /* CliRowsFormat */
  gint64 from_ns, to_ns; /* as given; the ends of time if not */
  UnparkOpened *opened;
  UnparkStore *store;           /* of `opened` */
  UnparkFilterResult *filtered; /* NULL: no filter */
  const gint64 *goroutines;     /* that pass, ascending; NULL: all */
  guint n_goroutines;
  gint64 start_ns, end_ns; /* from_ns and to_ns within the trace */
} CliScope;

/* FALSE with a sentence in *message. */
gboolean cli_scope_parse(CliScope *scope, const CliArgs *args, char **message);
/* Opens the first operand. FALSE with *status after the reason was printed; `tasks`: the filter is
 * asked for tasks, too. */
gboolean cli_scope_open(CliScope *scope, const CliArgs *args, gboolean tasks, CliContext *context,
                        int *status);
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
