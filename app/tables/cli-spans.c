/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-spans.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-json.h"
#include "app/cli-table.h"
#include "app/tables/cli-rows.h"
#include "model/spans/attributes.h"
#include "model/spans/findings.h"
#include "model/spans/groups.h"

enum { BY_REQUEST, BY_SERVICE, BY_HOP, BY_OPERATION };

typedef struct {
  int by, format; /* CliRowsFormat */
  const char *word;
} Options;

static gboolean parse_options(const CliArgs *args, Options *options, char **message) {
  static const CliWord by[] = {{"request", BY_REQUEST},
                               {"service", BY_SERVICE},
                               {"hop", BY_HOP},
                               {"operation", BY_OPERATION},
                               {NULL, 0}};
  static const CliWord formats[] = {{"table", CLI_ROWS_TABLE},
                                    {"json", CLI_ROWS_JSON},
                                    {"markdown", CLI_ROWS_MARKDOWN},
                                    {NULL, 0}};

  *options = (Options){BY_REQUEST, CLI_ROWS_TABLE, cli_args_value(args, "by")};
  if (!options->word)
    options->word = "request";
  return cli_args_word(args, "by", by, &options->by, message) &&
         cli_args_word(args, "format", formats, &options->format, message);
}

/* ---- Groups of spans ---------------------------------------------------------------------- */

static const CliColumn group_columns[] = {
    {"service", N_("Service"), CLI_CELL_TEXT},
    {"name", N_("Operation"), CLI_CELL_TEXT},
    {"count", N_("Count"), CLI_CELL_COUNT},
    {"errors", N_("Errors"), CLI_CELL_COUNT},
    {"p50_ns", N_("p50"), CLI_CELL_TIME},
    {"p90_ns", N_("p90"), CLI_CELL_TIME},
    {"p99_ns", N_("p99"), CLI_CELL_TIME},
    {"longest_ns", N_("Longest"), CLI_CELL_TIME},
    {"total_ns", N_("Total"), CLI_CELL_TIME},
    {"self_ns", N_("Own Time"), CLI_CELL_TIME},
    {"critical_ns", N_("Critical"), CLI_CELL_TIME},
    {"spans", N_("Spans"), CLI_CELL_COUNT},
    {"slowest", NULL, CLI_CELL_COUNT},
    {"slowest_trace", N_("Slowest Trace"), CLI_CELL_TEXT},
};

static void put_group(CliRows *rows, const UnparkTraces *traces, const UnparkTraceGroup *group) {
  const UnparkTraceSpan *slowest = &traces->spans[group->slowest];
  char id[UNPARK_TRACE_ID_SIZE];

  cli_rows_text(rows, unpark_traces_text(traces, group->service));
  cli_rows_text(rows, unpark_traces_text(traces, group->name));
  cli_rows_int(rows, group->count);
  cli_rows_int(rows, group->errors);
  cli_rows_int(rows, group->p50_ns);
  cli_rows_int(rows, group->p90_ns);
  cli_rows_int(rows, group->p99_ns);
  cli_rows_int(rows, group->longest_ns);
  cli_rows_int(rows, group->total_ns);
  cli_rows_int(rows, group->self_ns);
  cli_rows_int(rows, group->critical_ns);
  cli_rows_int(rows, group->spans);
  cli_rows_int(rows, (gint64)group->slowest + 1);
  cli_rows_text(
      rows, unpark_trace_id_text(&slowest->ids, (slowest->flags & UNPARK_TRACE_SHORT_ID) != 0, id));
}

static void print_groups(const UnparkTraces *traces, const Options *options, CliOutput *output) {
  UnparkTracesBy by = options->by == BY_SERVICE     ? UNPARK_TRACES_BY_SERVICE
                      : options->by == BY_OPERATION ? UNPARK_TRACES_BY_OPERATION
                                                    : UNPARK_TRACES_BY_REQUEST;
  CliColumn columns[G_N_ELEMENTS(group_columns)];
  guint n;
  g_autofree UnparkTraceGroup *groups = unpark_traces_group(traces, by, &n);
  CliRows *rows;

  memcpy(columns, group_columns, sizeof columns);
  if (options->by == BY_SERVICE)
    columns[1].title = NULL;
  /* The whole of a root is on its own path or on that of what is below it. */
  if (options->by == BY_REQUEST)
    columns[9].title = columns[10].title = NULL;
  else
    columns[11].title = NULL;
  rows = cli_rows_new((CliRowsFormat)options->format, columns, G_N_ELEMENTS(columns), 0, output);
  for (guint i = 0; i < n; i++)
    put_group(rows, traces, &groups[i]);
  cli_rows_free(rows);
}

/* ---- Hops --------------------------------------------------------------------------------- */

static const CliColumn hop_columns[] = {
    {"caller", N_("Caller"), CLI_CELL_TEXT},    {"callee", N_("Called"), CLI_CELL_TEXT},
    {"name", N_("Operation"), CLI_CELL_TEXT},   {"calls", N_("Calls"), CLI_CELL_COUNT},
    {"joined", N_("Joined"), CLI_CELL_COUNT},   {"lost", N_("Lost"), CLI_CELL_COUNT},
    {"orphans", N_("Orphans"), CLI_CELL_COUNT}, {"share", N_("Share Joined"), CLI_CELL_SHARE},
    {"low", N_("From"), CLI_CELL_SHARE},        {"high", N_("To"), CLI_CELL_SHARE},
};

static void print_hops(const UnparkTraces *traces, const Options *options, CliOutput *output) {
  CliRows *rows = cli_rows_new((CliRowsFormat)options->format, hop_columns,
                               G_N_ELEMENTS(hop_columns), 0, output);

  for (guint i = 0; i < traces->n_hops; i++) {
    const UnparkServiceHop *hop = &traces->hops[i];
    cli_rows_text(rows, unpark_traces_text(traces, hop->caller));
    cli_rows_text(rows, unpark_traces_text(traces, hop->callee));
    cli_rows_text(rows, unpark_traces_text(traces, hop->name));
    cli_rows_int(rows, hop->calls);
    cli_rows_int(rows, hop->joined);
    cli_rows_int(rows, hop->lost);
    cli_rows_int(rows, hop->orphans);
    cli_rows_real(rows, hop->calls > 0 ? (double)hop->joined / (double)hop->calls : NAN);
    cli_rows_real(rows, hop->low);
    cli_rows_real(rows, hop->high);
  }
  cli_rows_free(rows);
}

/* ---- Findings ----------------------------------------------------------------------------- */

static void append_examples(GString *to, const UnparkTraces *traces,
                            const UnparkTraceFinding *finding) {
  char id[UNPARK_TRACE_ID_SIZE];

  for (guint i = 0; i < finding->n_examples; i++) {
    const UnparkTraceSpan *span = &traces->spans[finding->examples[i]];
    g_string_append_printf(
        to, "%s%s/%016" G_GINT64_MODIFIER "x", i > 0 ? ", " : "",
        unpark_trace_id_text(&span->ids, (span->flags & UNPARK_TRACE_SHORT_ID) != 0, id),
        span->ids.span);
  }
}

/* A paragraph each, in Markdown an item. */
static void print_findings(const UnparkTraces *traces, const Options *options, CliOutput *output) {
  g_autoptr(GPtrArray) findings = unpark_trace_findings(traces);
  gboolean markdown = options->format == CLI_ROWS_MARKDOWN;
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < findings->len; i++) {
    const UnparkTraceFinding *finding = findings->pdata[i];
    g_string_append(text, markdown && i > 0 ? "" : "\n");
    g_string_append(text, markdown ? "- **" : "");
    cli_append_printable(text, finding->sentence, strlen(finding->sentence));
    g_string_append(text, markdown ? ".** " : ".\n  ");
    g_string_append(text, finding->advice);
    g_string_append(text, markdown ? " " : "\n  ");
    if (finding->n_examples > 0) {
      g_string_append_printf(text, "%s ", _("For example, trace/span:"));
      append_examples(text, traces, finding);
    }
    g_string_append_c(text, '\n');
  }
  cli_output_bytes(output, text->str, text->len);
}

static void append_finding_json(GString *to, const UnparkTraces *traces,
                                const UnparkTraceFinding *finding) {
  g_string_append(to, "\n  {");
  cli_json_text(to, "kind", unpark_trace_finding_name(finding->kind));
  cli_json_number(to, "count", finding->count);
  cli_json_number(to, "of", finding->of);
  cli_json_text(to, "sentence", finding->sentence);
  cli_json_text(to, "advice", finding->advice);
  g_string_append(to, "\"examples\":[");
  for (guint i = 0; i < finding->n_examples; i++) {
    const UnparkTraceSpan *span = &traces->spans[finding->examples[i]];
    char id[UNPARK_TRACE_ID_SIZE], span_id[17];
    g_snprintf(span_id, sizeof span_id, "%016" G_GINT64_MODIFIER "x", span->ids.span);
    g_string_append_c(to, '{');
    cli_json_number(to, "span", (gint64)finding->examples[i] + 1);
    cli_json_text(to, "trace_id",
                  unpark_trace_id_text(&span->ids, (span->flags & UNPARK_TRACE_SHORT_ID) != 0, id));
    cli_json_text(to, "span_id", span_id);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "]},");
}

static void print_findings_json(const UnparkTraces *traces, CliOutput *output) {
  g_autoptr(GPtrArray) findings = unpark_trace_findings(traces);
  g_autoptr(GString) text = g_string_new(",\n\"findings\":[");

  for (guint i = 0; i < findings->len; i++)
    append_finding_json(text, traces, findings->pdata[i]);
  cli_json_close(text, "]}\n");
  cli_output_bytes(output, text->str, text->len);
}

/* ---- The command -------------------------------------------------------------------------- */

static int print(const UnparkTraces *traces, const Options *options) {
  gboolean json = options->format == CLI_ROWS_JSON;
  CliOutput output;

  cli_output_init(&output, STDOUT_FILENO);
  if (json) {
    g_autofree char *head =
        g_strdup_printf("{\"by\":\"%s\",\"spans\":%u,\"rows\":", options->word, traces->n_spans);
    cli_output_text(&output, head);
  }
  if (options->by == BY_HOP)
    print_hops(traces, options, &output);
  else
    print_groups(traces, options, &output);
  if (json)
    print_findings_json(traces, &output);
  else
    print_findings(traces, options, &output);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

int cli_spans(const CliArgs *args, CliContext *context) {
  g_auto(CliSources) sources = {0};
  g_autoptr(UnparkTraces) traces = NULL;
  g_autofree char *message = NULL;
  g_autoptr(GError) error = NULL;
  Options options;
  guint n;
  int status;

  if (!parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (!cli_sources_open(&sources, args, args->n_operands, FALSE, context, &status))
    return status;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources.sources, &n);
  traces = unpark_traces_load(entries, n, &error);
  if (!traces)
    return cli_fail(error);
  if (traces->n_spans == 0) {
    cli_complain(
        _("“%s” has no spans of distributed traces, such as those of OpenTelemetry, Jaeger "
          "or Zipkin"),
        entries[0].path);
    return CLI_FAILED;
  }
  return print(traces, &options);
}
