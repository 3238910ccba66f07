/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-scope.h"

#include <unistd.h>

gboolean cli_scope_parse(CliScope *scope, const CliArgs *args, char **message) {
  static const CliWord formats[] = {
      {"table", CLI_ROWS_TABLE}, {"json", CLI_ROWS_JSON}, {"csv", CLI_ROWS_CSV}, {NULL, 0}};
  *scope = (CliScope){.from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64};
  return cli_args_word(args, "format", formats, &scope->format, message) &&
         cli_args_time(args, "from", &scope->from_ns, message) &&
         cli_args_time(args, "to", &scope->to_ns, message) &&
         cli_args_check_times("from", scope->from_ns, "to", scope->to_ns, message) &&
         cli_filter_check(args, message);
}

gboolean cli_scope_open(CliScope *scope, const CliArgs *args, gboolean tasks, CliContext *context,
                        int *status) {
  scope->opened =
      cli_open(args->operands[0], cli_args_value(args, "no-cache") != NULL, FALSE, context, status);
  if (!scope->opened)
    return FALSE;
  scope->store = unpark_opened_store(scope->opened);
  const UnparkSource *source = unpark_store_source(scope->store);
  if (source->kind != UNPARK_SOURCE_TRACE) {
    cli_complain(_("Not an execution trace: %s needs one"), args->command->name);
    *status = CLI_FAILED;
    return FALSE;
  }
  scope->start_ns = CLAMP(scope->from_ns, source->start_ns, source->end_ns);
  scope->end_ns = CLAMP(scope->to_ns, source->start_ns, source->end_ns);
  if (!cli_filter_apply(args, scope->store, tasks, context, &scope->filtered, status))
    return FALSE;
  if (scope->filtered) {
    scope->goroutines = scope->filtered->goroutines.ids;
    scope->n_goroutines = scope->filtered->goroutines.n;
  }
  return TRUE;
}

void cli_scope_clear(CliScope *scope) {
  g_clear_pointer(&scope->filtered, unpark_filter_result_unref);
  g_clear_pointer(&scope->opened, unpark_opened_free);
}

CliRows *cli_scope_begin_rows(const CliScope *scope, const char *members, const CliColumn *columns,
                              guint n, CliOutput *output) {
  cli_output_init(output, STDOUT_FILENO);
  if (scope->format == CLI_ROWS_JSON) {
    cli_output_text(output, "{\"from_ns\":");
    cli_output_int(output, scope->start_ns);
    cli_output_text(output, ",\"to_ns\":");
    cli_output_int(output, scope->end_ns);
    cli_output_char(output, ',');
    cli_output_text(output, members ? members : "");
    cli_output_text(output, "\"rows\":");
  }
  return cli_rows_new((CliRowsFormat)scope->format, columns, n, output);
}

void cli_scope_end_rows(const CliScope *scope, CliRows *rows, CliOutput *output) {
  cli_rows_free(rows);
  if (scope->format == CLI_ROWS_JSON)
    cli_output_text(output, "}\n");
}

int cli_scope_finish(CliOutput *output) {
  return cli_output_finish(output) ? CLI_OK : cli_output_failed(output->failure);
}
