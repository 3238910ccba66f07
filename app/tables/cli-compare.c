/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-compare.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-filter.h"
#include "app/cli-json.h"
#include "app/cli-store.h"
#include "app/cli-table.h"
#include "model/base/format.h"
#include "model/compare/words.h"

enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_MARKDOWN };

#define LIMIT 40

typedef struct {
  UnparkComparePart part; /* the same of both sides, unless one has its own */
  gint64 from_a, to_a;    /* UNPARK_NONE: as of both */
  gboolean series;
  int format, by, per;
  double fail_on; /* percent; NAN: never */
  guint64 limit;
} Options;

static gboolean parse_times(const CliArgs *args, Options *options, char **message) {
  UnparkComparePart *part = &options->part;
  return cli_args_time(args, "from", &part->from_ns, message) &&
         cli_args_time(args, "to", &part->to_ns, message) &&
         cli_args_check_times("from", part->from_ns, "to", part->to_ns, message) &&
         cli_args_time(args, "from-a", &options->from_a, message) &&
         cli_args_time(args, "to-a", &options->to_a, message) &&
         (options->from_a == UNPARK_NONE || options->to_a == UNPARK_NONE ||
          cli_args_check_times("from-a", options->from_a, "to-a", options->to_a, message));
}

static gboolean parse_options(const CliArgs *args, Options *options, char **message) {
  static const CliWord formats[] = {
      {"table", FORMAT_TABLE}, {"json", FORMAT_JSON}, {"markdown", FORMAT_MARKDOWN}, {NULL, 0}};
  static const CliWord groups[] = {
      {"place", UNPARK_COMPARE_PLACE}, {"function", UNPARK_COMPARE_FUNCTION},
      {"task", UNPARK_COMPARE_TASK},   {"reason", UNPARK_COMPARE_REASON},
      {"state", UNPARK_COMPARE_STATE}, {NULL, 0}};
  static const CliWord pers[] = {{"second", UNPARK_COMPARE_PER_SECOND},
                                 {"task", UNPARK_COMPARE_PER_TASK},
                                 {"goroutine", UNPARK_COMPARE_PER_GOROUTINE},
                                 {NULL, 0}};
  *options = (Options){.part = {.from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64},
                       .from_a = UNPARK_NONE,
                       .to_a = UNPARK_NONE,
                       .fail_on = NAN,
                       .limit = LIMIT};
  if (!(cli_args_word(args, "format", formats, &options->format, message) &&
        cli_args_word(args, "by", groups, &options->by, message) &&
        cli_args_word(args, "per", pers, &options->per, message) &&
        cli_args_number(args, "fail-on", 0, &options->fail_on, message) &&
        cli_args_count(args, "limit", &options->limit, message) &&
        cli_filter_check(args, message) && parse_times(args, options, message)))
    return FALSE;
  options->series = cli_args_value(args, "series") != NULL;
  if (options->series) {
    if (args->n_before < args->n_operands || args->n_operands < 3) {
      *message = g_strdup(_("--series takes three or more dumps, without “--” between them"));
      return FALSE;
    }
    return TRUE;
  }
  if (args->n_before >= args->n_operands && args->n_operands != 2) {
    *message = g_strdup(_("Put “--” between the files of one side and those of the other"));
    return FALSE;
  }
  if (args->n_before == 0) {
    *message = g_strdup(_("There is no file before “--”"));
    return FALSE;
  }
  return TRUE;
}

/* ---- json ----------------------------------------------------------------------------------- */

static void append_side(GString *to, const char *name, const UnparkCompareSide *side,
                        char *const *files) {
  g_string_append_printf(to, "\"%s\":{\"files\":[", name);
  for (guint i = 0; i < side->n_files; i++) {
    g_autofree char *valid = g_utf8_make_valid(files[i], -1);
    g_string_append_c(to, '{');
    cli_json_text(to, "path", valid);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "],");
  cli_json_number(to, "duration_ns", side->duration_ns);
  cli_json_number(to, "procs", side->procs);
  cli_json_number(to, "goroutines", side->n_goroutines);
  cli_json_number(to, "tasks", side->n_tasks);
  cli_json_number(to, "lost", side->n_lost);
  cli_json_number(to, "cut", side->n_cut);
  cli_json_close(to, "},");
}

static void append_stack(GString *to, const char *stack) {
  g_auto(GStrv) lines = g_strsplit(stack, "\n", -1);
  g_string_append(to, "\"stack\":[");
  for (guint i = 0; lines[i]; i++) {
    g_string_append_c(to, '{');
    cli_json_text(to, "function", lines[i]);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "],");
}

static const char *presence(const UnparkCompareRow *row) {
  return !(fabs(row->a) > 0) ? "new" : !(fabs(row->b) > 0) ? "gone" : "both";
}

static void append_row(GString *to, const UnparkCompareRow *row, guint n_series) {
  g_string_append(to, "\n {");
  cli_json_text(to, "name", row->name);
  cli_json_text(to, "measure", row->measure);
  cli_json_real(to, "a", row->a);
  cli_json_real(to, "b", row->b);
  cli_json_real(to, "change", row->change);
  cli_json_real(to, "low", row->low);
  cli_json_real(to, "high", row->high);
  cli_json_text(to, "verdict", unpark_verdict_name(row->verdict));
  cli_json_text(to, "kind", row->kind);
  cli_json_text(to, "unit", row->unit);
  cli_json_text(to, "presence", presence(row));
  cli_json_number(to, "count_a", (gint64)row->n_a);
  cli_json_number(to, "count_b", (gint64)row->n_b);
  if (row->series) {
    g_string_append(to, "\"series\":[");
    for (guint i = 0; i < n_series; i++)
      g_string_append_printf(to, "%s%.0f", i > 0 ? "," : "", row->series[i]);
    g_string_append(to, "],");
  }
  append_stack(to, row->stack);
  cli_json_close(to, "},");
}

static void append_json(GString *to, const UnparkComparison *c, const CliArgs *args,
                        const Options *options) {
  static const char *const pers[] = {"second", "task", "goroutine"};
  g_string_append_c(to, '{');
  append_side(to, "a", &c->a, args->operands);
  append_side(to, "b", &c->b, args->operands + c->a.n_files);
  cli_json_text(to, "per", pers[options->per]);
  cli_json_number(to, "certain", c->n_certain);
  g_string_append(to, "\"rows\":[");
  for (guint i = 0; i < c->n_rows; i++)
    append_row(to, &c->rows[i], c->a.n_files + c->b.n_files);
  cli_json_close(to, "\n]}\n");
}

/* ---- text ----------------------------------------------------------------------------------- */

/* Name, measure, A, B, change, interval, verdict: what both texts show. */
#define N_CELLS CLI_COMPARE_CELLS
const char *const cli_compare_titles[N_CELLS] = {
    N_("Name"), N_("Measure"), N_("A"), N_("B"), N_("Change"), N_("95 % Interval"), N_("Verdict")};

void cli_compare_cells(const UnparkCompareRow *row, char *cells[N_CELLS]) {
  cells[0] = unpark_compare_row_name(row);
  cells[1] = g_strdup(row->measure);
  cells[2] = unpark_compare_value_text(row->a, row->unit);
  cells[3] = unpark_compare_value_text(row->b, row->unit);
  cells[4] = unpark_compare_change_text(row->change);
  cells[5] = unpark_compare_interval_text(row);
  cells[6] = g_strdup(unpark_compare_verdict_title(row));
}

static void print_side(CliOutput *output, const char *name, const UnparkCompareSide *side,
                       char *const *files) {
  char duration[UNPARK_FORMAT_SIZE];
  g_autoptr(GString) line = g_string_new(name);
  g_string_append(line, ": ");
  for (guint i = 0; i < side->n_files; i++) {
    g_string_append(line, i > 0 ? ", " : "");
    cli_append_printable(line, files[i], strlen(files[i]));
  }
  if (side->duration_ns > 0)
    g_string_append_printf(line, "; %s", unpark_format_duration(side->duration_ns, duration));
  if (side->procs > 0)
    g_string_append_printf(line, _("; %u processors"), (guint)side->procs);
  if (side->n_cut > 0)
    g_string_append_printf(line, _("; %u waits cut by the ends"), (guint)side->n_cut);
  if (side->n_lost > 0)
    g_string_append_printf(line, _("; %u faults of the file"), (guint)side->n_lost);
  g_string_append_c(line, '\n');
  cli_output_bytes(output, line->str, line->len);
}

static void print_table(CliOutput *output, const UnparkComparison *c, guint n) {
  const char *names[N_CELLS];
  for (guint i = 0; i < N_CELLS; i++)
    names[i] = _(cli_compare_titles[i]);
  CliTable *table = cli_table_new(output, N_CELLS, names, 0);
  for (guint i = 0; i < n; i++) {
    char *cells[N_CELLS];
    cli_compare_cells(&c->rows[i], cells);
    for (guint k = 0; k < N_CELLS; k++) {
      cli_table_cell(table, cells[k], -1, k >= 2 && k <= 5);
      g_free(cells[k]);
    }
  }
  cli_table_free(table);
}

static void print_markdown(CliOutput *output, const UnparkComparison *c, guint n) {
  for (guint i = 0; i < N_CELLS; i++) {
    cli_output_text(output, i > 0 ? " | " : "| ");
    cli_output_text(output, _(cli_compare_titles[i]));
  }
  cli_output_text(output, " |\n|---|---|---:|---:|---:|---:|---|\n");
  for (guint i = 0; i < n; i++) {
    char *cells[N_CELLS];
    cli_compare_cells(&c->rows[i], cells);
    for (guint k = 0; k < N_CELLS; k++) {
      g_autoptr(GString) cell = g_string_new(NULL);
      cli_append_printable(cell, cells[k], strlen(cells[k]));
      g_string_replace(cell, "|", "\\|", 0);
      cli_output_text(output, k > 0 ? " | " : "| ");
      cli_output_text(output, k == 0 ? "`" : "");
      cli_output_text(output, cell->str);
      cli_output_text(output, k == 0 ? "`" : "");
      g_free(cells[k]);
    }
    cli_output_text(output, " |\n");
  }
}

static void print_text(CliOutput *output, const UnparkComparison *c, const CliArgs *args,
                       const Options *options) {
  guint n = (guint)MIN(options->limit, c->n_rows);
  g_autofree char *sum = unpark_compare_sum(c);
  print_side(output, "A", &c->a, args->operands);
  if (options->format == FORMAT_MARKDOWN)
    cli_output_char(output, '\n');
  print_side(output, "B", &c->b, args->operands + c->a.n_files);
  cli_output_text(output, options->format == FORMAT_MARKDOWN ? "\n" : "");
  cli_output_text(output, sum);
  cli_output_text(output, "\n\n");
  if (n == 0)
    return;
  if (options->format == FORMAT_MARKDOWN)
    print_markdown(output, c, n);
  else
    print_table(output, c, n);
}

/* ---- the command ---------------------------------------------------------------------------- */

static int print(const UnparkComparison *c, const CliArgs *args, const Options *options) {
  CliOutput output;
  cli_output_init(&output, STDOUT_FILENO);
  if (options->format == FORMAT_JSON) {
    g_autoptr(GString) text = g_string_new(NULL);
    append_json(text, c, args, options);
    cli_output_bytes(&output, text->str, text->len);
  } else {
    print_text(&output, c, args, options);
  }
  if (!cli_output_finish(&output))
    return cli_output_failed(output.failure);
  for (guint i = 0; i < c->n_rows; i++)
    if (c->rows[i].verdict == UNPARK_VERDICT_MORE &&
        (isnan(c->rows[i].change) || c->rows[i].change * 100 >= options->fail_on))
      return isnan(options->fail_on) ? CLI_OK : CLI_FOUND;
  return CLI_OK;
}

/* What counts of the files. */
typedef struct {
  UnparkComparePart *parts;
  GPtrArray *filtered; /* UnparkFilterResult */
} Parts;

static void parts_clear(Parts *parts) {
  g_free(parts->parts);
  g_ptr_array_unref(parts->filtered);
}

static gboolean has_part(const CliArgs *args) {
  static const char *const options[] = {"from", "to", "from-a", "to-a"};
  for (guint i = 0; i < G_N_ELEMENTS(options); i++)
    if (cli_args_value(args, options[i]))
      return TRUE;
  return cli_filter_given(args);
}

static gboolean make_parts(Parts *parts, UnparkStore *const *stores, guint n, guint n_a,
                           const CliArgs *args, const Options *options, CliContext *context,
                           int *status) {
  parts->parts = g_new(UnparkComparePart, n);
  parts->filtered = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_filter_result_unref);
  for (guint i = 0; i < n; i++) {
    UnparkComparePart *part = &parts->parts[i];
    UnparkFilterResult *filtered;
    *part = options->part;
    if (i < n_a && options->from_a != UNPARK_NONE)
      part->from_ns = options->from_a;
    if (i < n_a && options->to_a != UNPARK_NONE)
      part->to_ns = options->to_a;
    if (has_part(args) && unpark_store_source(stores[i])->kind != UNPARK_SOURCE_TRACE) {
      cli_complain(_("Not an execution trace: times and --filter work only on execution traces"));
      *status = CLI_FAILED;
      return FALSE;
    }
    if (!cli_filter_apply(args, stores[i], TRUE, context, &filtered, status))
      return FALSE;
    if (!filtered)
      continue;
    g_ptr_array_add(parts->filtered, filtered);
    part->goroutines = &filtered->goroutines;
    part->tasks = &filtered->tasks;
  }
  return TRUE;
}

static int compare(GPtrArray *opened, const CliArgs *args, const Options *options,
                   CliContext *context) {
  guint n_a = args->n_before < args->n_operands ? args->n_before : 1;
  g_autofree UnparkStore **stores = g_new(UnparkStore *, opened->len);
  g_autoptr(UnparkComparison) comparison = NULL;
  g_autoptr(GError) error = NULL;
  Parts parts;
  int status = CLI_OK;
  for (guint i = 0; i < opened->len; i++)
    stores[i] = unpark_opened_store(opened->pdata[i]);
  for (guint i = opened->len - 1; options->series && i > 1; i--) { /* the last becomes B's first */
    UnparkStore *later = stores[i];
    stores[i] = stores[i - 1];
    stores[i - 1] = later;
  }
  if (make_parts(&parts, stores, opened->len, n_a, args, options, context, &status)) {
    const UnparkCompareSpec spec = {.a = stores,
                                    .b = stores + n_a,
                                    .n_a = n_a,
                                    .n_b = opened->len - n_a,
                                    .by = (UnparkCompareBy)options->by,
                                    .per = (UnparkComparePer)options->per,
                                    .series = options->series,
                                    .parts_a = parts.parts,
                                    .parts_b = parts.parts + n_a};
    comparison = unpark_compare_new(&spec, context->cancellable, &error);
    status = comparison ? print(comparison, args, options) : cli_fail(error);
  }
  parts_clear(&parts);
  return status;
}

int cli_compare(const CliArgs *args, CliContext *context) {
  g_autoptr(GPtrArray) opened = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_opened_free);
  g_autofree char *message = NULL;
  Options options;

  if (!parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  for (guint i = 0; i < args->n_operands; i++) {
    int status;
    UnparkOpened *one = cli_open(args->operands[i], cli_args_value(args, "no-cache") != NULL, FALSE,
                                 context, &status);
    if (!one)
      return status;
    g_ptr_array_add(opened, one);
  }
  return compare(opened, args, &options, context);
}
