/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latency --what mmu and --what procs. */
#include <math.h>
#include <string.h>

#include "app/cli-json.h"
#include "app/tables/cli-latency-private.h"
#include "model/tables/mmu.h"
#include "model/tables/proc-use.h"

#define N_WORST 10

/* ---- mutator utilization -------------------------------------------------------------------- */

static gboolean parse_include(const CliArgs *args, guint *flags, char **message) {
  static const struct {
    const char *word;
    guint flag;
  } words[] = {{"gc", UNPARK_MMU_GC},
               {"assist", UNPARK_MMU_ASSIST},
               {"sweep", UNPARK_MMU_SWEEP},
               {"stw", UNPARK_MMU_STW}};
  const char *text = cli_args_value(args, "include");
  g_auto(GStrv) parts = text ? g_strsplit(text, ",", -1) : NULL;
  *flags = text ? 0 : UNPARK_MMU_ALL;
  for (guint i = 0; parts && parts[i]; i++) {
    guint flag = 0;
    for (guint k = 0; k < G_N_ELEMENTS(words); k++)
      flag |= strcmp(g_strstrip(parts[i]), words[k].word) == 0 ? words[k].flag : 0;
    if (flag == 0 && strcmp(text, "none") != 0) {
      *message = g_strdup_printf(_("--%s: unknown value “%s”; expected one of %s"), "include",
                                 parts[i], "gc, assist, sweep, stw, none");
      return FALSE;
    }
    *flags |= flag;
  }
  return TRUE;
}

gboolean cli_latency_mmu_parse(CliLatencyMmu *options, const CliArgs *args, char **message) {
  options->window_ns = 0;
  if (!parse_include(args, &options->flags, message) ||
      !cli_args_time(args, "window", &options->window_ns, message))
    return FALSE;
  if (options->window_ns > 0 || !cli_args_value(args, "window"))
    return TRUE;
  *message = g_strdup(_("--window must be longer than 0"));
  return FALSE;
}

static const CliColumn mmu_columns[] = {
    {"window_ns", N_("Window"), CLI_CELL_TIME},
    {"mmu", N_("MMU"), CLI_CELL_SHARE},
    {"mmu_exact", N_("Exact"), CLI_CELL_SHARE},
    {"worst_start_ns", N_("Worst At"), CLI_CELL_TIME},
};

static void put_window(CliRows *rows, const CliScope *scope, const UnparkMmu *mmu,
                       const UnparkMmu *exact, gint64 window) {
  UnparkMmuWindow worst[N_WORST];
  guint n = unpark_mmu_worst(mmu, window, worst, N_WORST);
  g_autoptr(GString) json = g_string_new("\"worst\":[");
  for (guint i = 0; i < n; i++) {
    g_string_append_c(json, '{');
    cli_json_number(json, "start_ns", cli_scope_time(scope, worst[i].start_ns));
    cli_json_real(json, "utilization", worst[i].share);
    cli_json_close(json, "},");
  }
  cli_json_close(json, "]");
  cli_rows_more(rows, json->str);
  cli_rows_int(rows, window);
  cli_rows_real(rows, unpark_mmu_least(mmu, window));
  cli_rows_real(rows, unpark_mmu_least(exact, window));
  cli_rows_int(rows, n ? cli_scope_time(scope, worst[0].start_ns) : UNPARK_NONE);
}

static void print_mmu_bars(CliOutput *output, const UnparkMmu *mmu, const GArray *windows) {
  cli_output_char(output, '\n');
  for (guint i = 0; i < windows->len; i++) {
    gint64 window = g_array_index(windows, gint64, i);
    cli_latency_bar(output, window, unpark_mmu_least(mmu, window), 1);
    cli_output_char(output, '\n');
  }
}

static void put_flags(GString *members, guint flags) {
  cli_json_flag(members, "gc", (flags & UNPARK_MMU_GC) != 0);
  cli_json_flag(members, "assist", (flags & UNPARK_MMU_ASSIST) != 0);
  cli_json_flag(members, "sweep", (flags & UNPARK_MMU_SWEEP) != 0);
  cli_json_flag(members, "stw", (flags & UNPARK_MMU_STW) != 0);
  cli_json_flag(members, "by_proc", (flags & UNPARK_MMU_PER_PROC) != 0);
}

static int print_mmu(const CliScope *scope, const UnparkMmu *mmu, const UnparkMmu *exact,
                     guint flags, const GArray *windows) {
  g_autoptr(GString) members = g_string_new(NULL);
  CliOutput output;
  cli_json_text(members, "what", "mmu");
  put_flags(members, flags);
  CliRows *rows =
      cli_scope_begin_rows(scope, members->str, mmu_columns, G_N_ELEMENTS(mmu_columns), &output);
  for (guint i = 0; i < windows->len; i++)
    put_window(rows, scope, mmu, exact, g_array_index(windows, gint64, i));
  cli_scope_end_rows(scope, rows, &output);
  if (scope->format == CLI_ROWS_TABLE)
    print_mmu_bars(&output, mmu, windows);
  return cli_scope_finish(&output);
}

int cli_latency_mmu(CliScope *scope, const CliLatencyMmu *options, gboolean per_proc,
                    CliContext *context) {
  guint flags = options->flags | (per_proc ? UNPARK_MMU_PER_PROC : 0);
  g_autoptr(UnparkMmu) mmu = NULL, exact = NULL;
  g_autoptr(GArray) windows = NULL;
  g_autoptr(GError) error = NULL;

  mmu = unpark_mmu_new(scope->store, flags, context->cancellable, &error);
  if (mmu)
    exact = unpark_mmu_new(scope->store, flags | UNPARK_MMU_EXACT, context->cancellable, &error);
  if (!exact)
    return cli_fail(error);
  if (mmu->n_series == 0) {
    cli_complain(_("The trace does not record GOMAXPROCS, which mutator utilization needs"));
    return CLI_FAILED;
  }
  windows = unpark_mmu_windows(mmu);
  if (options->window_ns > 0) {
    g_array_set_size(windows, 0);
    g_array_append_val(windows, options->window_ns);
  }
  return print_mmu(scope, mmu, exact, flags, windows);
}

/* ---- processors ----------------------------------------------------------------------------- */

static const CliColumn proc_columns[] = {
    {"proc", N_("P"), CLI_CELL_TEXT},
    {"there_ns", N_("There"), CLI_CELL_TIME},
    {"busy_ns", N_("Busy"), CLI_CELL_TIME},
    {"utilization", N_("Utilization"), CLI_CELL_SHARE},
    {"other_ns", N_("Others"), CLI_CELL_TIME},
    {"idle_ns", N_("Idle"), CLI_CELL_TIME},
    {"idle_runnable_ns", N_("Idle, Work Ready"), CLI_CELL_TIME},
    {"idle_runnable_share", N_("Share"), CLI_CELL_SHARE},
    {"runs", N_("Runs"), CLI_CELL_COUNT},
};

static double share(gint64 part, gint64 whole) {
  return whole > 0 ? (double)part / (double)whole : NAN;
}

static void put_proc(CliRows *rows, const char *name, const UnparkProcRow *row) {
  cli_rows_text(rows, name);
  cli_rows_int(rows, row->there_ns);
  cli_rows_int(rows, row->busy_ns);
  cli_rows_real(rows, share(row->busy_ns, row->there_ns));
  cli_rows_int(rows, row->other_ns);
  cli_rows_int(rows, row->idle_ns);
  cli_rows_int(rows, row->idle_runnable_ns);
  cli_rows_real(rows, share(row->idle_runnable_ns, row->there_ns));
  cli_rows_int(rows, (gint64)row->n_runs);
}

static UnparkProcRow all_procs(const UnparkProcUse *use) {
  UnparkProcRow all = {.there_ns = use->capacity_ns,
                       .busy_ns = use->busy_ns,
                       .other_ns = use->other_ns,
                       .idle_ns = use->idle_ns,
                       .idle_runnable_ns = use->wasted_ns};
  for (guint i = 0; i < use->n_procs; i++)
    all.n_runs += use->procs[i].n_runs;
  return all;
}

int cli_latency_procs(CliScope *scope, CliContext *context) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkProcUse) use =
      unpark_proc_use_new(scope->store, scope->from_ns, scope->to_ns, scope->goroutines,
                          scope->n_goroutines, context->cancellable, &error);
  g_autoptr(GString) members = g_string_new(NULL);
  CliOutput output;
  if (!use)
    return cli_fail(error);
  const UnparkProcRow all = all_procs(use);
  cli_json_text(members, "what", "procs");
  cli_json_number(members, "gomaxprocs_least", use->least_procs);
  cli_json_number(members, "gomaxprocs_most", use->most_procs);
  cli_json_number(members, "capacity_ns", use->capacity_ns);
  cli_json_number(members, "busy_ns", use->busy_ns);
  cli_json_number(members, "idle_ns", use->idle_ns);
  cli_json_number(members, "idle_runnable_ns", use->wasted_ns);
  cli_json_number(members, "runnable_ns", use->runnable_ns);
  CliRows *rows =
      cli_scope_begin_rows(scope, members->str, proc_columns, G_N_ELEMENTS(proc_columns), &output);
  put_proc(rows, scope->format == CLI_ROWS_TABLE ? _("All") : "", &all);
  for (guint i = 0; i < use->n_procs; i++) {
    char name[UNPARK_FORMAT_SIZE];
    put_proc(rows, unpark_format_number((guint64)use->procs[i].proc, name), &use->procs[i]);
  }
  cli_scope_end_rows(scope, rows, &output);
  return cli_scope_finish(&output);
}
