/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out in a trace, as the window's view of that name tells it. */
#include "app/cli-findings.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-json.h"
#include "app/cli-output.h"
#include "app/cli-sources.h"
#include "app/cli-table.h"
#include "model/findings/words.h"
#include "model/base/format.h"
#include "model/base/times.h"

#define LINE_WIDTH 96
#define INDENT 2

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };

typedef struct {
  int format;
  int level, fail_level; /* UNPARK_FINDING_SEVERE + 1: never */
  guint32 kinds;         /* a bit for each */
  gint64 from_ns, to_ns;
} Options;

/* ---- options -------------------------------------------------------------------------------- */

static gboolean parse_kind(const char *text, guint32 *kinds, char **message) {
  g_autoptr(GString) list = g_string_new(NULL);

  for (guint i = 0; i < UNPARK_N_FINDINGS; i++) {
    const char *name = unpark_finding_type_name((UnparkFindingType)i);

    if (strcmp(name, text) == 0) {
      *kinds |= 1u << i;
      return TRUE;
    }
    g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", name);
  }
  *message =
      g_strdup_printf(_("--%s: unknown value “%s”; expected one of %s"), "kind", text, list->str);
  return FALSE;
}

static gboolean parse_kinds(const CliArgs *args, guint32 *kinds, char **message) {
  const char *text = cli_args_value(args, "kind");
  g_auto(GStrv) parts = text ? g_strsplit(text, ",", -1) : NULL;

  if (!parts || !*parts) {
    *kinds = G_MAXUINT32;
    return !text || parse_kind(text, kinds, message);
  }
  for (guint i = 0; parts[i]; i++)
    if (!parse_kind(g_strstrip(parts[i]), kinds, message))
      return FALSE;
  return TRUE;
}

static gboolean parse_options(const CliArgs *args, Options *options, char **message) {
  static const CliWord formats[] = {
      {"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"markdown", FORMAT_MARKDOWN}, {NULL, 0}};
  static const CliWord levels[] = {{"minor", UNPARK_FINDING_MINOR},
                                   {"notable", UNPARK_FINDING_NOTABLE},
                                   {"severe", UNPARK_FINDING_SEVERE},
                                   {NULL, 0}};

  *options = (Options){
      .fail_level = UNPARK_FINDING_SEVERE + 1, .from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64};
  return cli_args_word(args, "format", formats, &options->format, message) &&
         cli_args_word(args, "level", levels, &options->level, message) &&
         cli_args_word(args, "fail-on", levels, &options->fail_level, message) &&
         cli_args_time(args, "from", &options->from_ns, message) &&
         cli_args_time(args, "to", &options->to_ns, message) &&
         cli_args_check_times("from", options->from_ns, "to", options->to_ns, message) &&
         parse_kinds(args, &options->kinds, message) && cli_filter_check(args, message);
}

/* What is answered about one of the files. */
typedef struct {
  const Options *options;
  const UnparkSourceEntry *source;
  guint n_sources;
  const char *path; /* as it was given */
} Answer;

/* ---- text ------------------------------------------------------------------------------------ */

/* Broken at blanks. Names come from the file: a terminal must not obey them. */
static void append_paragraph(GString *to, const char *text) {
  g_autoptr(GString) clean = g_string_new(NULL);
  g_auto(GStrv) words = NULL;
  gsize column = 0;

  cli_append_printable(clean, text, strlen(text));
  words = g_strsplit(clean->str, " ", -1);
  for (guint i = 0; words[i]; i++) {
    gsize width = cli_display_width(words[i], strlen(words[i]));

    if (i == 0 || column + 1 + width > LINE_WIDTH) {
      g_string_append_printf(to, "%s%*s", i > 0 ? "\n" : "", INDENT, "");
      column = INDENT;
    } else {
      g_string_append_c(to, ' ');
      column++;
    }
    g_string_append(to, words[i]);
    column += width;
  }
  g_string_append_c(to, '\n');
}

static void append_stack(GString *to, const char *stack) {
  g_auto(GStrv) lines = g_strsplit(stack, "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    gboolean place = lines[i][0] == '\t';

    if (!*lines[i])
      continue;
    g_string_append_printf(to, "%*s", place ? 3 * INDENT : 2 * INDENT, "");
    cli_append_printable(to, lines[i] + place, strlen(lines[i] + place));
    g_string_append_c(to, '\n');
  }
}

/* What to ask next. Of a wait or a delay of a file, not of a pipe that has run dry. */
static void append_why(GString *to, const UnparkFinding *f, const char *path) {
  g_autofree char *quoted = g_shell_quote(path);

  if (f->kind == 0 || f->goroutine == UNPARK_NONE || f->start_ns == UNPARK_NONE ||
      f->type == UNPARK_FINDING_GC || strcmp(path, "-") == 0)
    return;
  g_string_append_printf(to, "%*s", INDENT, "");
  g_string_append(to, _("Why?"));
  g_string_append(to, " unpark-cli why ");
  cli_append_printable(to, quoted, strlen(quoted));
  g_string_append_printf(to, " -g %" G_GINT64_FORMAT " --at %" G_GINT64_FORMAT "ns\n", f->goroutine,
                         f->start_ns);
}

static void append_finding(GString *to, UnparkStore *store, const UnparkFinding *f,
                           const char *path) {
  UnparkFindingWords words;

  unpark_finding_words(store, f, &words);
  cli_append_printable(to, words.title, strlen(words.title));
  g_string_append_printf(to, " [%s, %s]\n", unpark_finding_level_title(f->level),
                         unpark_finding_type_name(f->type));
  append_paragraph(to, words.sentence);
  if (words.where) {
    g_autofree char *longest = g_strdup_printf(_("Longest: %s"), words.where);

    append_paragraph(to, longest);
  }
  append_why(to, f, path);
  append_paragraph(to, words.advice);
  append_stack(to, words.stack);
  unpark_finding_words_clear(&words);
}

static void append_text(GString *to, const UnparkFindings *findings, const char *path) {
  if (findings->n == 0)
    g_string_append_printf(to, "%s\n", _("Nothing stands out."));
  for (guint i = 0; i < findings->n; i++) {
    if (i > 0)
      g_string_append_c(to, '\n');
    append_finding(to, findings->store, &findings->findings[i], path);
  }
}

/* ---- json, markdown --------------------------------------------------------------------- */

/* A time as it is printed: on the common axis, where there are several files. */
static gint64 time_of(const UnparkSourceEntry *source, gint64 t) {
  return t == UNPARK_NONE ? UNPARK_NONE : unpark_time_add(t, source->offset_ns);
}

static void append_object(GString *to, const Answer *answer, const UnparkFinding *f) {
  UnparkStore *store = answer->source->store;
  const UnparkKind *kind = unpark_store_kind(store, f->kind);
  UnparkFindingWords words;

  unpark_finding_words(store, f, &words);
  g_string_append(to, "\n  {");
  if (answer->n_sources > 1)
    cli_json_number(to, "source", answer->source->id);
  cli_json_text(to, "kind", unpark_finding_type_name(f->type));
  cli_json_text(to, "level", unpark_finding_level_name(f->level));
  cli_json_text(to, "title", words.title);
  cli_json_text(to, "sentence", words.sentence);
  cli_json_text(to, "advice", words.advice);
  cli_json_number(to, "count", (gint64)MIN(f->count, (guint64)G_MAXINT64));
  cli_json_number(to, "total_ns", f->total_ns);
  /* The longest of GC is an assist, the others are cycles. */
  cli_json_number(to, "p50_ns", f->type == UNPARK_FINDING_GC ? UNPARK_NONE : f->p50_ns);
  cli_json_number(to, "p99_ns", f->type == UNPARK_FINDING_GC ? UNPARK_NONE : f->p99_ns);
  cli_json_number(to, "longest_ns", f->longest_ns);
  cli_json_number(to, "assist_ns", f->assist_ns);
  cli_json_number(to, "assist_cpu_ns", f->assist_cpu_ns);
  if (f->type == UNPARK_FINDING_LOCK && f->holder != UNPARK_NONE) {
    cli_json_number(to, "holder", f->holder);
    cli_json_number(to, "holder_ns", f->holder_ns);
    cli_json_text(to, "holder_did", unpark_link_kind_name(f->holder_did));
    cli_json_stack(to, store, "holder_stack", f->holder_stack);
  }
  if (f->type == UNPARK_FINDING_LEAK || f->type == UNPARK_FINDING_DEADLOCK)
    cli_json_text(to, "certainty", f->certain ? "certain" : "probable");
  cli_json_real(to, "share", f->share);
  cli_json_text(to, "name", unpark_store_string(store, f->name_id));
  cli_json_text(to, "reason", f->kind && kind ? kind->reason : "");
  cli_json_number(to, "goroutine", f->goroutine);
  cli_json_number(to, "start_ns", time_of(answer->source, f->start_ns));
  cli_json_number(to, "end_ns",
                  f->start_ns == UNPARK_NONE ? UNPARK_NONE : time_of(answer->source, f->end_ns));
  cli_json_stack(to, store, "stack", f->stack);
  cli_json_close(to, "},");
  unpark_finding_words_clear(&words);
}

static void append_json(GString *to, const Answer *answer, const UnparkFindings *findings) {
  g_string_append_c(to, '{');
  if (answer->n_sources > 1)
    cli_sources_append_json(to, answer->source);
  cli_json_number(to, "from_ns", time_of(answer->source, findings->from_ns));
  cli_json_number(to, "to_ns", time_of(answer->source, findings->to_ns));
  g_string_append(to, "\"findings\":[");
  for (guint i = 0; i < findings->n; i++)
    append_object(to, answer, &findings->findings[i]);
  cli_json_close(to, answer->n_sources > 1 ? "]}" : "]}\n");
}

static void append_markdown(GString *to, UnparkFindings *findings) {
  g_autofree char *report = unpark_findings_report(findings);
  g_auto(GStrv) lines = g_strsplit(report, "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    gboolean indented = lines[i][0] == '\t';

    g_string_append(to, i > 0 ? "\n" : "");
    g_string_append(to, indented ? "\t" : "");
    cli_append_printable(to, lines[i] + indented, strlen(lines[i] + indented));
  }
}

/* ---- the command ------------------------------------------------------------------------ */

static void append_title(GString *to, const Answer *answer) {
  if (answer->n_sources == 1)
    return;
  g_string_append(to, answer->options->format == FORMAT_MARKDOWN ? "# " : "");
  cli_append_printable(to, answer->source->path, strlen(answer->source->path));
  g_string_append(to, "\n\n");
}

static int print(UnparkFindings *findings, const Answer *answer, const char *path) {
  g_autoptr(GString) text = g_string_new(NULL);
  int format = answer->options->format;
  CliOutput output;

  if (answer->n_sources > 1)
    cli_sources_print_between(format == FORMAT_JSON, TRUE, (guint)answer->source->id - 1,
                              answer->n_sources);
  if (format == FORMAT_JSON) {
    append_json(text, answer, findings);
  } else {
    append_title(text, answer);
    if (format == FORMAT_MARKDOWN)
      append_markdown(text, findings);
    else
      append_text(text, findings, path);
  }
  cli_output_init(&output, STDOUT_FILENO);
  cli_output_bytes(&output, text->str, text->len);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

/* A time of the axis as one of the source; the ends of time stay. */
static gint64 time_in(const UnparkSourceEntry *source, gint64 t) {
  return t == G_MININT64 + 1 || t == G_MAXINT64 ? t : unpark_time_subtract(t, source->offset_ns);
}

/* CLI_FOUND: there is one that fails. */
static int answer_one(const Answer *answer, const CliArgs *args, CliContext *context) {
  g_autoptr(UnparkFindings) all = NULL, findings = NULL;
  g_autoptr(UnparkFilterResult) filtered = NULL;
  g_autoptr(GError) error = NULL;
  const Options *options = answer->options;
  UnparkStore *store = answer->source->store;
  int status;

  if (!cli_filter_apply(args, store, FALSE, context, &filtered, &status))
    return status;
  all = unpark_findings_new(store, time_in(answer->source, options->from_ns),
                            time_in(answer->source, options->to_ns),
                            filtered ? filtered->goroutines.ids : NULL,
                            filtered ? filtered->goroutines.n : 0, context->cancellable, &error);
  if (!all)
    return cli_fail(error);
  findings = unpark_findings_only(all, options->kinds, (UnparkFindingLevel)options->level);
  status = print(findings, answer, answer->path);
  /* The most severe come first. */
  if (status == CLI_OK && findings->n > 0 &&
      (int)findings->findings[0].level >= options->fail_level)
    status = CLI_FOUND;
  return status;
}

/* Before anything is printed. */
static gboolean are_traces(const UnparkSourceEntry *entries, guint n) {
  for (guint i = 0; i < n; i++) {
    if (unpark_store_source(entries[i].store)->kind == UNPARK_SOURCE_TRACE)
      continue;
    if (n > 1)
      cli_complain(_("“%s” is not an execution trace: only execution traces have findings"),
                   entries[i].path);
    else
      cli_complain(_("Not an execution trace: only execution traces have findings"));
    return FALSE;
  }
  return TRUE;
}

int cli_findings(const CliArgs *args, CliContext *context) {
  g_auto(CliSources) sources = {0};
  g_autofree char *message = NULL;
  Options options;
  gboolean found = FALSE;
  guint n;
  int status;

  if (!parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (!cli_sources_open(&sources, args, args->n_operands, FALSE, context, &status))
    return status;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources.sources, &n);
  if (!are_traces(entries, n))
    return CLI_FAILED;
  for (guint i = 0; i < n; i++) {
    const Answer answer = {&options, &entries[i], n, sources.paths->pdata[i]};

    status = answer_one(&answer, args, context);
    if (status != CLI_OK && status != CLI_FOUND)
      return status;
    found = found || status == CLI_FOUND;
  }
  if (n > 1)
    cli_sources_print_between(options.format == FORMAT_JSON, TRUE, n, n);
  return found ? CLI_FOUND : CLI_OK;
}
