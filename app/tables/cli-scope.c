/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-scope.h"

#include <unistd.h>

#include "model/base/times.h"

gboolean cli_scope_parse(CliScope *scope, const CliArgs *args, char **message) {
  static const CliWord formats[] = {
      {"table", CLI_ROWS_TABLE}, {"json", CLI_ROWS_JSON}, {"csv", CLI_ROWS_CSV}, {NULL, 0}};
  *scope = (CliScope){.given_from_ns = G_MININT64 + 1, .given_to_ns = G_MAXINT64};
  return cli_args_word(args, "format", formats, &scope->format, message) &&
         cli_args_time(args, "from", &scope->given_from_ns, message) &&
         cli_args_time(args, "to", &scope->given_to_ns, message) &&
         cli_args_check_times("from", scope->given_from_ns, "to", scope->given_to_ns, message) &&
         cli_filter_check(args, message);
}

/* A time of the axis as one of the source; the ends of time stay. */
static gint64 time_in(const CliScope *scope, gint64 t) {
  return t == G_MININT64 + 1 || t == G_MAXINT64 ? t
                                                : unpark_time_subtract(t, scope->source->offset_ns);
}

gint64 cli_scope_time(const CliScope *scope, gint64 time_ns) {
  return time_ns == UNPARK_NONE ? UNPARK_NONE : unpark_time_add(time_ns, scope->source->offset_ns);
}

static void let_go(CliScope *scope) {
  g_clear_pointer(&scope->filtered, unpark_filter_result_unref);
  scope->goroutines = NULL;
  scope->n_goroutines = 0;
}

/* Before anything is printed. */
static gboolean are_traces(const UnparkSourceEntry *entries, guint n, const char *command) {
  for (guint i = 0; i < n; i++) {
    if (unpark_store_source(entries[i].store)->kind == UNPARK_SOURCE_TRACE)
      continue;
    if (n > 1)
      cli_complain(_("“%s” is not an execution trace: %s needs execution traces"), entries[i].path,
                   command);
    else
      cli_complain(_("Not an execution trace: %s needs one"), command);
    return FALSE;
  }
  return TRUE;
}

/* FALSE with *status after the reason was printed. */
static gboolean take_source(CliScope *scope, const CliArgs *args, gboolean tasks,
                            CliContext *context, int *status) {
  let_go(scope);
  scope->store = scope->source->store;
  scope->from_ns = time_in(scope, scope->given_from_ns);
  scope->to_ns = time_in(scope, scope->given_to_ns);
  const UnparkSource *source = unpark_store_source(scope->store);
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

static void print_between(const CliScope *scope, guint i) {
  if (scope->n_sources > 1)
    cli_sources_print_between(scope->format == CLI_ROWS_JSON, scope->format == CLI_ROWS_TABLE, i,
                              scope->n_sources);
}

int cli_scope_each(CliScope *scope, const CliArgs *args, gboolean tasks, CliScopeRun run,
                   gpointer data, CliContext *context) {
  int status = CLI_OK;
  if (!cli_sources_open(&scope->sources, args, args->n_operands, FALSE, context, &status))
    return status;
  const UnparkSourceEntry *entries =
      unpark_sources_entries(scope->sources.sources, &scope->n_sources);
  if (!are_traces(entries, scope->n_sources, args->command->name))
    return CLI_FAILED;
  for (guint i = 0; i < scope->n_sources && status == CLI_OK; i++) {
    scope->source = &entries[i];
    if (!take_source(scope, args, tasks, context, &status))
      break;
    print_between(scope, i);
    status = run(scope, data, context);
  }
  if (status == CLI_OK)
    print_between(scope, scope->n_sources);
  return status;
}

void cli_scope_clear(CliScope *scope) {
  let_go(scope);
  cli_sources_clear(&scope->sources);
}

CliRows *cli_scope_begin_rows(const CliScope *scope, const char *members, const CliColumn *columns,
                              guint n, CliOutput *output) {
  gboolean several = scope->n_sources > 1;
  cli_output_init(output, STDOUT_FILENO);
  if (several && scope->format == CLI_ROWS_TABLE)
    cli_sources_print_title(output, scope->source);
  if (scope->format == CLI_ROWS_JSON) {
    cli_output_char(output, '{');
    if (several) {
      g_autoptr(GString) its = g_string_new(NULL);
      cli_sources_append_json(its, scope->source);
      cli_output_bytes(output, its->str, its->len);
    }
    cli_output_text(output, "\"from_ns\":");
    cli_output_int(output, cli_scope_time(scope, scope->start_ns));
    cli_output_text(output, ",\"to_ns\":");
    cli_output_int(output, cli_scope_time(scope, scope->end_ns));
    cli_output_char(output, ',');
    cli_output_text(output, members ? members : "");
    cli_output_text(output, "\"rows\":");
  }
  return cli_rows_new((CliRowsFormat)scope->format, columns, n, several ? scope->source->id : 0,
                      output);
}

void cli_scope_end_rows(const CliScope *scope, CliRows *rows, CliOutput *output) {
  cli_rows_free(rows);
  if (scope->format == CLI_ROWS_JSON)
    cli_output_text(output, scope->n_sources > 1 ? "}" : "}\n");
}

int cli_scope_finish(CliOutput *output) {
  return cli_output_finish(output) ? CLI_OK : cli_output_failed(output->failure);
}
