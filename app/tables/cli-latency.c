/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app/cli-json.h"
#include "app/cli-table.h"
#include "app/tables/cli-latency-private.h"
#include "model/tables/latency.h"

/* Of a histogram on a terminal: cells before its bars, and of the longest bar. */
#define LABEL_WIDTH 9
#define BAR_WIDTH 50

enum { WHAT_MMU = UNPARK_N_LATENCIES, WHAT_PROCS, WHAT_STW, WHAT_GC };
enum { BY_DEFAULT, BY_FUNCTION, BY_PROC, BY_CAUSE, BY_REASON };

typedef struct {
  int what, by;
  const char *word; /* of `what`; NULL: not given */
  CliScope scope;
  CliLatencyMmu mmu;
} Options;

static void options_clear(Options *options) {
  cli_scope_clear(&options->scope);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* ---- options -------------------------------------------------------------------------------- */

static gboolean has_group(int what, int by) {
  switch (by) {
  case BY_FUNCTION:
    return what != WHAT_MMU && what != WHAT_PROCS;
  case BY_PROC:
    return what != UNPARK_LATENCY_REGION && what != UNPARK_LATENCY_TASK && what != WHAT_STW;
  case BY_CAUSE:
    return what == UNPARK_LATENCY_SCHED;
  case BY_REASON:
    return what == UNPARK_LATENCY_WAIT;
  default:
    return TRUE;
  }
}

static gboolean parse_options(Options *options, const CliArgs *args, char **message) {
  static const CliWord whats[] = {{"sched", UNPARK_LATENCY_SCHED},
                                  {"wait", UNPARK_LATENCY_WAIT},
                                  {"syscall", UNPARK_LATENCY_SYSCALL},
                                  {"run", UNPARK_LATENCY_RUN},
                                  {"stw", WHAT_STW},
                                  {"gc", WHAT_GC},
                                  {"region", UNPARK_LATENCY_REGION},
                                  {"task", UNPARK_LATENCY_TASK},
                                  {"mmu", WHAT_MMU},
                                  {"procs", WHAT_PROCS},
                                  {NULL, 0}};
  static const CliWord groups[] = {{"function", BY_FUNCTION},
                                   {"proc", BY_PROC},
                                   {"cause", BY_CAUSE},
                                   {"reason", BY_REASON},
                                   {NULL, 0}};
  options->what = UNPARK_LATENCY_SCHED;
  if (!cli_scope_parse(&options->scope, args, message) ||
      !cli_args_word(args, "what", whats, &options->what, message) ||
      !cli_args_word(args, "by", groups, &options->by, message) ||
      !cli_latency_mmu_parse(&options->mmu, args, message))
    return FALSE;
  if (!has_group(options->what, options->by)) {
    *message = g_strdup_printf(_("--by %s does not go with --what %s"), cli_args_value(args, "by"),
                               cli_args_value(args, "what"));
    return FALSE;
  }
  if (options->what != WHAT_MMU &&
      (cli_args_value(args, "include") || cli_args_value(args, "window"))) {
    *message = g_strdup(_("--include and --window need --what mmu"));
    return FALSE;
  }
  if (options->what == WHAT_MMU &&
      (cli_filter_given(args) || cli_args_value(args, "from") || cli_args_value(args, "to"))) {
    *message = g_strdup(_("--what mmu is about the whole trace: no --filter, --from or --to"));
    return FALSE;
  }
  return TRUE;
}

/* ---- histogram ------------------------------------------------------------------------------ */

void cli_latency_bar(CliOutput *output, gint64 ns, double part, double whole) {
  static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  double cells = whole > 0 ? CLAMP(part / whole, 0, 1) * BAR_WIDTH : 0;
  guint full = (guint)cells, eighth = (guint)((cells - full) * 8);
  char text[UNPARK_FORMAT_SIZE];
  unpark_format_duration(ns, text);
  gsize width = cli_display_width(text, strlen(text));
  cli_output_repeat(output, " ", width < LABEL_WIDTH ? LABEL_WIDTH - width : 0);
  cli_output_text(output, text);
  cli_output_text(output, "  ");
  if (!g_get_charset(NULL)) {
    cli_output_repeat(output, "#", (guint)ceil(cells));
    return;
  }
  cli_output_repeat(output, "█", full);
  cli_output_text(output, full == 0 && eighth == 0 && part > 0 ? "▏" : eighths[eighth]);
}

/* Counts by length, UNPARK_LATENCY_ROWS of them, in three rows to a power of two. */
static void count_rows(const UnparkLatencySeries *series, guint64 counts[UNPARK_LATENCY_ROWS],
                       guint *first, guint *end) {
  memset(counts, 0, sizeof *counts * UNPARK_LATENCY_ROWS);
  for (guint c = 0; series->heat && c < UNPARK_LATENCY_COLUMNS; c++)
    for (guint r = 0; r < UNPARK_LATENCY_ROWS; r++)
      counts[r] += series->heat[c * UNPARK_LATENCY_ROWS + r];
  *first = UNPARK_LATENCY_ROWS;
  *end = 0;
  for (guint r = 0; r < UNPARK_LATENCY_ROWS; r++) {
    if (counts[r] == 0)
      continue;
    *first = MIN(*first, r);
    *end = r + 1;
  }
}

static void append_histogram_json(GString *to, const UnparkLatencySeries *series) {
  guint64 counts[UNPARK_LATENCY_ROWS];
  guint first, end;
  count_rows(series, counts, &first, &end);
  g_string_append(to, "\"histogram\":[");
  for (guint r = first; r < end; r++) {
    g_string_append_c(to, '{');
    cli_json_real(to, "from_ns", unpark_latency_row_from(r));
    cli_json_number(to, "count", (gint64)counts[r]);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "],");
}

/* Three rows to a power of two, or one where they would be too many for a screen. */
static void print_histogram(CliOutput *output, const UnparkLatencySeries *series) {
  guint64 counts[UNPARK_LATENCY_ROWS], most = 0;
  guint first, end;
  count_rows(series, counts, &first, &end);
  if (first >= end)
    return;
  guint step = end - first > 24 ? 3 : 1;
  first -= first % step;
  for (guint r = first; r < end; r++) {
    if (r % step != 0)
      counts[r - r % step] += counts[r];
    most = MAX(most, counts[r - r % step]);
  }
  cli_output_char(output, '\n');
  for (guint r = first; r < end; r += step) {
    char count[UNPARK_FORMAT_SIZE];
    cli_latency_bar(output, (gint64)unpark_latency_row_from(r), (double)counts[r], (double)most);
    cli_output_text(output, counts[r] > 0 ? " " : "");
    cli_output_text(output, counts[r] > 0 ? unpark_format_count((gint64)counts[r], count) : "");
    cli_output_char(output, '\n');
  }
}

/* ---- distributions -------------------------------------------------------------------------- */

static const CliColumn columns[] = {
    {"name", N_("Group"), CLI_CELL_TEXT},     {"count", N_("Count"), CLI_CELL_COUNT},
    {"total_ns", N_("Total"), CLI_CELL_TIME}, {"mean_ns", N_("Mean"), CLI_CELL_TIME},
    {"least_ns", NULL, CLI_CELL_TIME},        {"p50_ns", N_("Median"), CLI_CELL_TIME},
    {"p90_ns", N_("p90"), CLI_CELL_TIME},     {"p99_ns", N_("p99"), CLI_CELL_TIME},
    {"p999_ns", N_("p99.9"), CLI_CELL_TIME},  {"longest_ns", N_("Longest"), CLI_CELL_TIME},
};

static void put_series(CliRows *rows, const UnparkLatencySeries *series, const char *name) {
  const UnparkHistogram *h = &series->histogram;
  cli_rows_text(rows, name);
  cli_rows_int(rows, (gint64)h->count);
  cli_rows_int(rows, h->total_ns);
  cli_rows_int(rows, h->count ? h->total_ns / (gint64)h->count : UNPARK_NONE);
  cli_rows_int(rows, h->count ? h->least_ns : UNPARK_NONE);
  cli_rows_int(rows, unpark_histogram_percentile(h, 0.5));
  cli_rows_int(rows, unpark_histogram_percentile(h, 0.9));
  cli_rows_int(rows, unpark_histogram_percentile(h, 0.99));
  cli_rows_int(rows, unpark_histogram_percentile(h, 0.999));
  cli_rows_int(rows, h->most_ns);
}

static const char *title_of(const Options *options, const UnparkLatency *latency,
                            const UnparkLatencySeries *series) {
  if (*series->name || options->scope.format != CLI_ROWS_TABLE)
    return series->name;
  if (latency->grouping == UNPARK_LATENCY_BY_ENTRY)
    return _("(unknown function)");
  return latency->grouping == UNPARK_LATENCY_BY_PROC ? _("(no processor)") : _("(no name)");
}

static int print_latency(const Options *options, const UnparkLatency *latency, const char *what) {
  g_autoptr(GString) members = g_string_new(NULL);
  CliOutput output;
  cli_json_text(members, "what", what);
  append_histogram_json(members, &latency->all);
  CliRows *rows =
      cli_scope_begin_rows(&options->scope, members->str, columns, G_N_ELEMENTS(columns), &output);
  /* The first row is all of it; of one group alone it would say the same again. */
  put_series(rows, &latency->all, options->scope.format == CLI_ROWS_TABLE ? _("All") : "");
  for (guint i = 0; i < latency->n_series; i++)
    if (latency->n_series > 1 || *latency->series[i].name)
      put_series(rows, &latency->series[i], title_of(options, latency, &latency->series[i]));
  cli_scope_end_rows(&options->scope, rows, &output);
  if (options->scope.format == CLI_ROWS_TABLE)
    print_histogram(&output, &latency->all);
  return cli_scope_finish(&output);
}

static int distribution(Options *options, const char *what, CliContext *context) {
  gboolean range = options->what == WHAT_STW || options->what == WHAT_GC;
  UnparkLatencySpec spec = {.measure =
                                range ? UNPARK_LATENCY_RANGE : (UnparkLatencyMeasure)options->what,
                            .grouping = options->by == BY_FUNCTION ? UNPARK_LATENCY_BY_ENTRY
                                        : options->by == BY_PROC   ? UNPARK_LATENCY_BY_PROC
                                                                   : UNPARK_LATENCY_BY_NAME,
                            .from_ns = options->scope.from_ns,
                            .to_ns = options->scope.to_ns,
                            .goroutines = options->scope.goroutines,
                            .n_goroutines = options->scope.n_goroutines,
                            .prefix = options->what == WHAT_STW  ? "stop-the-world"
                                      : options->what == WHAT_GC ? "GC "
                                                                 : NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkLatency) latency =
      unpark_latency_new(options->scope.store, &spec, context->cancellable, &error);
  return latency ? print_latency(options, latency, what) : cli_fail(error);
}

static int answer(CliScope *scope, gpointer data, CliContext *context) {
  Options *options = data;
  if (options->what == WHAT_MMU)
    return cli_latency_mmu(scope, &options->mmu, options->by == BY_PROC, context);
  if (options->what == WHAT_PROCS)
    return cli_latency_procs(scope, context);
  return distribution(options, options->word ? options->word : "sched", context);
}

int cli_latency(const CliArgs *args, CliContext *context) {
  g_auto(Options) options = {0};
  g_autofree char *message = NULL;

  if (!parse_options(&options, args, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  options.word = cli_args_value(args, "what");
  return cli_scope_each(&options.scope, args, FALSE, answer, &options, context);
}
