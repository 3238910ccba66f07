/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-goroutines.h"
#include "app/tables/cli-states.h"
#include "model/tables/task-table.h"

enum { BY_NAME, BY_TASK, BY_REGION };

static const CliColumn kind_columns[] = {
    {"name", N_("Task"), CLI_CELL_TEXT},
    {"count", N_("Count"), CLI_CELL_COUNT},
    {"unfinished", N_("Unfinished"), CLI_CELL_COUNT},
    {"total_ns", N_("Total"), CLI_CELL_TIME},
    {"mean_ns", N_("Mean"), CLI_CELL_TIME},
    {"p50_ns", N_("Median"), CLI_CELL_TIME},
    {"p95_ns", N_("p95"), CLI_CELL_TIME},
    {"p99_ns", N_("p99"), CLI_CELL_TIME},
    {"longest_ns", N_("Longest"), CLI_CELL_TIME},
};
static const CliColumn task_columns[] = {
    {"id", N_("Task"), CLI_CELL_TEXT},
    {"name", N_("Name"), CLI_CELL_TEXT},
    {"parent", N_("Parent"), CLI_CELL_COUNT},
    {"goroutine", N_("Goroutine"), CLI_CELL_COUNT},
    {"start_ns", N_("Start"), CLI_CELL_TIME},
    {"end_ns", NULL, CLI_CELL_TIME},
    {"duration_ns", N_("Duration"), CLI_CELL_TIME},
    {"goroutines", N_("Goroutines"), CLI_CELL_COUNT},
    {"regions", N_("Regions"), CLI_CELL_COUNT},
    {"logs", N_("Logs"), CLI_CELL_COUNT},
};
static const CliColumn region_columns[] = {
    {"task", N_("Task"), CLI_CELL_TEXT},          {"name", N_("Region"), CLI_CELL_TEXT},
    {"count", N_("Count"), CLI_CELL_COUNT},       {"unfinished", N_("Unfinished"), CLI_CELL_COUNT},
    {"total_ns", N_("Total"), CLI_CELL_TIME},     {"mean_ns", N_("Mean"), CLI_CELL_TIME},
    {"longest_ns", N_("Longest"), CLI_CELL_TIME},
};

static const char *title(const char *name, const CliScope *scope) {
  return *name || scope->format != CLI_ROWS_TABLE ? name : _("(no name)");
}

static void put_kinds(CliRows *rows, const UnparkTaskTable *table, const CliScope *scope) {
  const UnparkTaskStates *states = unpark_task_table_states(table);
  for (guint i = 0; i < table->n_kinds; i++) {
    const UnparkTaskKind *k = &table->kinds[i];
    guint finished = k->count - k->n_unfinished;
    const gint64 lengths[] = {k->total_ns, finished ? k->total_ns / finished : 0,
                              k->p50_ns,   k->p95_ns,
                              k->p99_ns,   k->longest_ns};
    cli_rows_text(rows, title(k->name, scope));
    cli_rows_int(rows, k->count);
    cli_rows_int(rows, k->n_unfinished);
    for (guint l = 0; l < G_N_ELEMENTS(lengths); l++)
      cli_rows_int(rows, finished ? lengths[l] : UNPARK_NONE);
    cli_states_cells(rows, states ? &states->kinds[i] : NULL);
  }
}

static void put_tasks(CliRows *rows, const UnparkTaskTable *table, const CliScope *scope) {
  for (guint32 i = 0; i < table->n_rows; i++) {
    const UnparkTaskRow *row = &table->rows[i];
    char id[UNPARK_FORMAT_SIZE];
    UnparkTally tally;
    unpark_task_row_tally(table, i, &tally);
    cli_rows_text(rows, unpark_format_number((guint64)row->id, id));
    cli_rows_text(rows, title(table->kinds[row->kind].name, scope));
    cli_rows_int(rows, row->parent);
    cli_rows_int(rows, row->goroutine);
    cli_rows_int(rows, cli_scope_time(scope, row->start_ns));
    cli_rows_int(rows, cli_scope_time(scope, row->end_ns));
    cli_rows_int(rows, unpark_task_row_finished(row) ? row->length_ns : UNPARK_NONE);
    cli_rows_int(rows, row->n_goroutines);
    cli_rows_int(rows, row->n_regions);
    cli_rows_int(rows, row->n_logs);
    cli_states_cells(rows, &tally);
  }
}

static void put_regions(CliRows *rows, const UnparkTaskTable *table, const CliScope *scope) {
  for (guint i = 0; i < table->n_regions; i++) {
    const UnparkTaskRegion *r = &table->regions[i];
    cli_rows_text(rows, title(table->kinds[r->kind].name, scope));
    cli_rows_text(rows, title(r->name, scope));
    cli_rows_int(rows, (gint64)r->count + r->n_unfinished);
    cli_rows_int(rows, r->n_unfinished);
    cli_rows_int(rows, r->count ? r->total_ns : UNPARK_NONE);
    cli_rows_int(rows, r->count ? r->total_ns / (gint64)r->count : UNPARK_NONE);
    cli_rows_int(rows, r->count ? r->longest_ns : UNPARK_NONE);
  }
}

static GArray *columns_of(const UnparkTaskTable *table, int by) {
  const UnparkTaskStates *states = unpark_task_table_states(table);
  GArray *columns = g_array_new(FALSE, FALSE, sizeof(CliColumn));
  UnparkTally all = {0};
  for (guint i = 0; states && i < table->n_kinds; i++)
    unpark_tally_add(&all, &states->kinds[i]);
  if (by == BY_REGION)
    g_array_append_vals(columns, region_columns, G_N_ELEMENTS(region_columns));
  else if (by == BY_TASK)
    g_array_append_vals(columns, task_columns, G_N_ELEMENTS(task_columns));
  else
    g_array_append_vals(columns, kind_columns, G_N_ELEMENTS(kind_columns));
  if (by != BY_REGION)
    cli_states_columns(columns, &all);
  return columns;
}

static int print(const CliScope *scope, const UnparkTaskTable *table, int by) {
  static void (*const put[])(CliRows *, const UnparkTaskTable *,
                             const CliScope *) = {put_kinds, put_tasks, put_regions};
  g_autoptr(GArray) columns = columns_of(table, by);
  CliOutput output;
  CliRows *rows = cli_scope_begin_rows(scope, NULL, (const CliColumn *)(void *)columns->data,
                                       columns->len, &output);
  put[by](rows, table, scope);
  cli_scope_end_rows(scope, rows, &output);
  return cli_scope_finish(&output);
}

/* As the view: a filter that asks for tasks decides by itself which count. */
static UnparkTaskTable *read_table(const CliScope *scope, gboolean count, CliContext *context,
                                   GError **error) {
  UnparkTaskSpec spec = {.from_ns = scope->from_ns, .to_ns = scope->to_ns};
  if (scope->filtered && scope->filtered->has_tasks) {
    spec.tasks = scope->filtered->tasks.ids;
    spec.n_tasks = scope->filtered->tasks.n;
  } else {
    spec.goroutines = scope->goroutines;
    spec.n_goroutines = scope->n_goroutines;
  }
  g_autoptr(UnparkTaskTable) table =
      unpark_task_table_new(scope->store, &spec, context->cancellable, error);
  if (table && count && !unpark_task_table_count(table, context->cancellable, error))
    return NULL;
  return g_steal_pointer(&table);
}

static int answer(CliScope *scope, gpointer data, CliContext *context) {
  int by = *(int *)data;
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTaskTable) table = read_table(scope, by != BY_REGION, context, &error);
  return table ? print(scope, table, by) : cli_fail(error);
}

int cli_tasks(const CliArgs *args, CliContext *context) {
  static const CliWord groups[] = {
      {"name", BY_NAME}, {"task", BY_TASK}, {"region", BY_REGION}, {NULL, 0}};
  g_auto(CliScope) scope = {0};
  g_autofree char *message = NULL;
  int by = BY_NAME;

  if (!cli_scope_parse(&scope, args, &message) ||
      !cli_args_word(args, "by", groups, &by, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  return cli_scope_each(&scope, args, TRUE, answer, &by, context);
}
