/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-goroutines.h"

#include "app/tables/cli-states.h"
#include "model/tables/goroutine-table.h"

enum { BY_FUNCTION, BY_GOROUTINE };

static const CliColumn function_columns[] = {
    {"name", N_("Started In"), CLI_CELL_TEXT},  {"count", N_("Goroutines"), CLI_CELL_COUNT},
    {"created", N_("Created"), CLI_CELL_COUNT}, {"ended", N_("Ended"), CLI_CELL_COUNT},
    {"alive", N_("Alive"), CLI_CELL_COUNT},
};
static const CliColumn function_more[] = {
    {"assist_ns", N_("Assist"), CLI_CELL_TIME},
    {"mean_ns", N_("Mean"), CLI_CELL_TIME},
    {"p50_ns", N_("Median"), CLI_CELL_TIME},
    {"p90_ns", N_("p90"), CLI_CELL_TIME},
    {"p99_ns", N_("p99"), CLI_CELL_TIME},
    {"longest_wait_ns", N_("Longest Wait"), CLI_CELL_TIME},
    {"system", NULL, CLI_CELL_COUNT},
};
static const CliColumn goroutine_columns[] = {
    {"goroutine", N_("Goroutine"), CLI_CELL_TEXT},
    {"name", N_("Started In"), CLI_CELL_TEXT},
    {"create_ns", NULL, CLI_CELL_TIME},
    {"end_ns", NULL, CLI_CELL_TIME},
    {"spans", N_("Spans"), CLI_CELL_COUNT},
};
static const CliColumn goroutine_more[] = {
    {"assist_ns", N_("Assist"), CLI_CELL_TIME},
    {"longest_wait_ns", N_("Longest Wait"), CLI_CELL_TIME},
};

static const char *name_of(const UnparkFunctionRow *function, const CliScope *scope) {
  return *function->name || scope->format != CLI_ROWS_TABLE ? function->name
                                                            : _("(unknown function)");
}

static void put_functions(CliRows *rows, const UnparkGoroutineTable *table, const CliScope *scope) {
  for (guint i = 0; i < table->n_functions; i++) {
    const UnparkFunctionRow *f = &table->functions[i];
    cli_rows_text(rows, name_of(f, scope));
    cli_rows_int(rows, f->count);
    cli_rows_int(rows, f->created);
    cli_rows_int(rows, f->ended);
    cli_rows_int(rows, f->alive);
    cli_states_cells(rows, &f->tally);
    cli_rows_int(rows, f->assist_ns);
    cli_rows_int(rows, f->mean_ns);
    cli_rows_int(rows, f->p50_ns);
    cli_rows_int(rows, f->p90_ns);
    cli_rows_int(rows, f->p99_ns);
    cli_rows_int(rows, f->tally.longest_wait_ns);
    cli_rows_int(rows, f->system);
  }
}

static void put_goroutines(CliRows *rows, const UnparkGoroutineTable *table,
                           const CliScope *scope) {
  for (guint i = 0; i < table->n_rows; i++) {
    const UnparkGoroutineRow *row = &table->rows[i];
    const UnparkGoroutine *g = unpark_store_goroutine(table->store, row->id);
    char id[UNPARK_FORMAT_SIZE];
    cli_rows_text(rows, unpark_format_number((guint64)row->id, id));
    cli_rows_text(rows, name_of(&table->functions[row->function], scope));
    cli_rows_int(rows, g ? cli_scope_time(scope, g->create_ns) : UNPARK_NONE);
    cli_rows_int(rows, g ? cli_scope_time(scope, g->end_ns) : UNPARK_NONE);
    cli_rows_int(rows, (gint64)row->tally.n_spans);
    cli_states_cells(rows, &row->tally);
    cli_rows_int(rows, row->assist_ns);
    cli_rows_int(rows, row->tally.longest_wait_ns);
  }
}

static GArray *columns_of(const UnparkGoroutineTable *table, int by) {
  GArray *columns = g_array_new(FALSE, FALSE, sizeof(CliColumn));
  UnparkTally all = {0};
  for (guint i = 0; i < table->n_functions; i++)
    unpark_tally_add(&all, &table->functions[i].tally);
  if (by == BY_FUNCTION) {
    g_array_append_vals(columns, function_columns, G_N_ELEMENTS(function_columns));
    cli_states_columns(columns, &all);
    g_array_append_vals(columns, function_more, G_N_ELEMENTS(function_more));
  } else {
    g_array_append_vals(columns, goroutine_columns, G_N_ELEMENTS(goroutine_columns));
    cli_states_columns(columns, &all);
    g_array_append_vals(columns, goroutine_more, G_N_ELEMENTS(goroutine_more));
  }
  return columns;
}

static int print(const CliScope *scope, const UnparkGoroutineTable *table, int by) {
  g_autoptr(GArray) columns = columns_of(table, by);
  CliOutput output;
  CliRows *rows = cli_scope_begin_rows(scope, NULL, (const CliColumn *)(void *)columns->data,
                                       columns->len, &output);
  if (by == BY_FUNCTION)
    put_functions(rows, table, scope);
  else
    put_goroutines(rows, table, scope);
  cli_scope_end_rows(scope, rows, &output);
  return cli_scope_finish(&output);
}

static int answer(CliScope *scope, gpointer by, CliContext *context) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkGoroutineTable) table =
      unpark_goroutine_table_new(scope->store, scope->from_ns, scope->to_ns, scope->goroutines,
                                 scope->n_goroutines, context->cancellable, &error);
  return table ? print(scope, table, *(int *)by) : cli_fail(error);
}

int cli_goroutines(const CliArgs *args, CliContext *context) {
  static const CliWord groups[] = {
      {"function", BY_FUNCTION}, {"goroutine", BY_GOROUTINE}, {NULL, 0}};
  g_auto(CliScope) scope = {0};
  g_autofree char *message = NULL;
  int by = BY_FUNCTION;

  if (!cli_scope_parse(&scope, args, &message) ||
      !cli_args_word(args, "by", groups, &by, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  return cli_scope_each(&scope, args, FALSE, answer, &by, context);
}
