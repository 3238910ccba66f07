/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report/cli-report.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-output.h"
#include "app/report/cli-report-private.h"
#include "model/template/template.h"

enum { FORMAT_HTML, FORMAT_MARKDOWN, FORMAT_JSON };

typedef struct {
  const char *output;
  int format;
  guint sections;        /* CliReportSections */
  gint64 from_ns, to_ns; /* the ends of time if not given */
  const char **templates, **parameters;
  CliRedact redaction;
} Options;

static void options_clear(Options *options) {
  cli_redact_clear(&options->redaction);
  g_free(options->templates);
  g_free(options->parameters);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* ---- Options -------------------------------------------------------------------------------- */

static gboolean parse_format(Options *o, const CliArgs *args, char **message) {
  static const CliWord formats[] = {
      {"html", FORMAT_HTML}, {"markdown", FORMAT_MARKDOWN}, {"json", FORMAT_JSON}, {NULL, 0}};
  static const CliWord endings[] = {{".html", FORMAT_HTML},
                                    {".htm", FORMAT_HTML},
                                    {".md", FORMAT_MARKDOWN},
                                    {".json", FORMAT_JSON}};

  o->output = cli_args_value(args, "output");
  o->format = -1;
  if (!o->output) {
    *message = g_strdup(_("No output file: name one with -o, usually NAME.html"));
    return FALSE;
  }
  if (!cli_args_word(args, "format", formats, &o->format, message))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings) && o->format < 0; i++)
    if (g_str_has_suffix(o->output, endings[i].word))
      o->format = endings[i].value;
  if (o->format < 0)
    *message = g_strdup_printf(_("Cannot tell the format from “%s”: use the extension .html, .md "
                                 "or .json, or --format"),
                               o->output);
  return o->format >= 0;
}

static gboolean parse_sections(Options *o, const CliArgs *args, char **message) {
  static const CliWord names[] = {
      {"file", CLI_REPORT_FILE},           {"findings", CLI_REPORT_FINDINGS},
      {"bookmarks", CLI_REPORT_BOOKMARKS}, {"latency", CLI_REPORT_LATENCY},
      {"flame", CLI_REPORT_FLAME},         {"templates", CLI_REPORT_TEMPLATES},
      {"tables", CLI_REPORT_TABLES},       {"compare", CLI_REPORT_COMPARE}};
  const char *text = cli_args_value(args, "sections");
  g_auto(GStrv) parts = text ? g_strsplit(text, ",", -1) : NULL;
  g_autoptr(GString) list = g_string_new(NULL);

  o->sections = text ? 0 : G_MAXUINT;
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", names[i].word);
  for (guint p = 0; parts && parts[p]; p++) {
    guint found = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
      if (strcmp(g_strstrip(parts[p]), names[i].word) == 0)
        found = (guint)names[i].value;
    if (!found) {
      *message = g_strdup_printf(_("--%s: unknown value “%s”; expected one of %s"), "sections",
                                 parts[p], list->str);
      return FALSE;
    }
    o->sections |= found;
  }
  return TRUE;
}

static gboolean check_parameters(const Options *o, char **message) {
  for (guint i = 0; o->parameters[i]; i++)
    if (!strchr(o->parameters[i], '=')) {
      *message = g_strdup_printf(_("--%s: invalid value “%s”: expected NAME=VALUE"), "param",
                                 o->parameters[i]);
      return FALSE;
    }
  return TRUE;
}

/* Before anything is read: an unknown name is a mistake of the command line. */
static gboolean check_templates(const Options *o, char **message) {
  for (guint i = 0; o->templates[i]; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(UnparkTemplate) template = unpark_template_find(o->templates[i], &error);

    if (!template) {
      *message = g_strdup(error->message);
      return FALSE;
    }
  }
  return TRUE;
}

/* All values of an option, NULL-terminated; free the array alone. */
static const char **values_of(const CliArgs *args, const char *option) {
  guint n;
  const char *const *given = cli_args_values(args, option, &n);
  const char **values = g_new0(const char *, n + 1);

  for (guint i = 0; i < n; i++)
    values[i] = given[i];
  return values;
}

static gboolean parse_options(Options *o, const CliArgs *args, char **message) {
  o->from_ns = G_MININT64 + 1;
  o->to_ns = G_MAXINT64;
  o->templates = values_of(args, "template");
  o->parameters = values_of(args, "param");
  return parse_format(o, args, message) && parse_sections(o, args, message) &&
         cli_args_time(args, "from", &o->from_ns, message) &&
         cli_args_time(args, "to", &o->to_ns, message) &&
         cli_args_check_times("from", o->from_ns, "to", o->to_ns, message) &&
         cli_redact_parse(&o->redaction, args, message) && check_parameters(o, message) &&
         check_templates(o, message) && cli_filter_check(args, message);
}

/* ---- Language ------------------------------------------------------------------------------- */

/* Texts of the rest of this process are in that language. Without a locale of the system's that is
 * not "C", gettext would not even look. */
static void speak(const char *language) {
  g_setenv("LANGUAGE", language, TRUE);
  if (strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
    setlocale(LC_MESSAGES, "C.UTF-8");
}

/* As HTML has it: "zh-CN". The texts say which they are in. Free with g_free(). */
static char *language_tag(void) {
  /* Translators: the language of this translation as in HTML, such as "de" or "pt-BR". */
  const char *tag = C_("language of the translation", "en");
  const char *const *names = g_get_language_names();

  if (strcmp(tag, "en") != 0)
    return g_strdup(tag);
  /* A translation without this text. */
  if (strcmp(_("Findings"), "Findings") == 0)
    return g_strdup("en");
  return g_strdelimit(g_strndup(names[0], strcspn(names[0], ".@")), "_", '-');
}

/* ---- One file ------------------------------------------------------------------------------- */

typedef gboolean (*Section)(const CliReportJob *job, GError **error);

static gboolean add_flame(const CliReportJob *job, GError **error) {
  return cli_report_flame(job, NULL, error);
}

static gboolean add_sections(const CliReportJob *job, guint wanted, GError **error) {
  static const struct {
    guint section;
    Section add;
  } sections[] = {
      {CLI_REPORT_FILE, cli_report_file},           {CLI_REPORT_FINDINGS, cli_report_findings},
      {CLI_REPORT_BOOKMARKS, cli_report_bookmarks}, {CLI_REPORT_TABLES, cli_report_profile},
      {CLI_REPORT_TABLES, cli_report_dump},         {CLI_REPORT_TABLES, cli_report_races},
      {CLI_REPORT_LATENCY, cli_report_latency},     {CLI_REPORT_FLAME, add_flame},
      {CLI_REPORT_TEMPLATES, cli_report_templates}};

  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (wanted & sections[i].section && !sections[i].add(job, error))
      return FALSE;
  return TRUE;
}

/* The arguments as a shell takes them; free with g_free(). */
static char *command_of(const CliArgs *args, gboolean redacted) {
  GString *text = g_string_new("unpark-cli report");

  if (redacted)
    return g_string_free(g_string_append(text, " FILE --redact -o OUT"), FALSE);

  for (guint i = 0; i < args->n_operands; i++) {
    g_autofree char *quoted = g_shell_quote(args->operands[i]);
    gboolean plain =
        strspn(args->operands[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._-/") == strlen(args->operands[i]);

    g_string_append_printf(text, " %s", plain ? args->operands[i] : quoted);
  }
  cli_args_append_options(args, text);
  return g_string_free(text, FALSE);
}

static char *name_of(const char *path) {
  g_autofree char *base = g_path_get_basename(path);

  return strcmp(path, "-") == 0 ? g_strdup(_("standard input")) : g_filename_display_name(base);
}

/* What the file is called where its name is not to be told: "an execution trace". */
static const char *kind_name(UnparkStore *store) {
  static const char *const names[] = {N_("an execution trace"), N_("a profile"),
                                      N_("a goroutine dump"), N_("a race report"), N_("spans")};
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == UNPARK_N_SOURCES);

  return _(names[unpark_store_source(store)->kind]);
}

/* Reads one file, or those that are compared. */
typedef struct {
  const CliArgs *args;
  Options *options;
  UnparkReport *report;
  UnparkStore *other; /* NULL: not compared */
  const char *command;
  CliContext *context;
} Report;

static gboolean add_comparison(const Report *r, const CliReportJob *job, GError **error) {
  g_autofree char *name = NULL;

  if (!r->other || !(r->options->sections & CLI_REPORT_COMPARE))
    return TRUE;
  name =
      job->redacted ? g_strdup(kind_name(r->other)) : name_of(cli_args_value(r->args, "compare"));
  return cli_report_compare(job, r->other, name, error);
}

static gboolean add_file(const Report *r, UnparkStore *store, const char *path, int *status) {
  gboolean redacted = r->options->redaction.wanted;
  g_autofree char *name = redacted ? g_strdup(kind_name(store)) : name_of(path);
  g_autoptr(UnparkFilterResult) filtered = NULL;
  g_autoptr(UnparkStore) shown = NULL;
  g_autoptr(GError) error = NULL;
  UnparkQueryScope scope = {0};
  CliReportJob job = {.report = r->report,
                      .path = path,
                      .name = name,
                      .command = r->command,
                      .redacted = redacted,
                      .from_ns = r->options->from_ns,
                      .to_ns = r->options->to_ns,
                      .templates = r->options->templates,
                      .parameters = r->options->parameters,
                      .cancellable = r->context->cancellable};

  job.has_time = job.from_ns > G_MININT64 + 1 || job.to_ns < G_MAXINT64;
  /* The filter is of the names that the user knows; goroutines have the same numbers in both. */
  if (!cli_filter_apply(r->args, store, TRUE, r->context, &filtered, status))
    return FALSE;
  if (filtered) {
    scope = (UnparkQueryScope){filtered->goroutines, filtered->has_tasks ? &filtered->tasks : NULL,
                               filtered->tests, filtered->n_tests};
    job.scope = &scope;
    job.ids = filtered->goroutines.ids;
    job.n_ids = filtered->goroutines.n;
    job.filter = redacted ? NULL : cli_args_value(r->args, "filter");
  }
  job.store = shown = cli_redact_apply(&r->options->redaction, store, job.cancellable, &error);
  gboolean ok = shown != NULL;
  if (ok && r->args->n_operands > 1)
    unpark_report_begin(r->report, "source", name);
  ok = ok && add_sections(&job, r->options->sections, &error) && add_comparison(r, &job, &error);
  if (shown && r->args->n_operands > 1)
    unpark_report_end(r->report);
  if (!ok)
    *status = cli_fail(error);
  return ok;
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* A file is there when it is whole. */
static int write_out(const UnparkReport *report, const Options *o, CliContext *context) {
  g_autofree char *text = o->format == FORMAT_HTML       ? unpark_report_html(report)
                          : o->format == FORMAT_MARKDOWN ? unpark_report_markdown(report)
                                                         : unpark_report_json(report);
  g_autoptr(GError) error = NULL;
  CliOutput output;

  if (strcmp(o->output, "-") == 0) {
    cli_output_init(&output, STDOUT_FILENO);
    cli_output_text(&output, text);
    return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
  }
  if (g_cancellable_set_error_if_cancelled(context->cancellable, &error) ||
      !g_file_set_contents(o->output, text, -1, &error))
    return cli_fail(error);
  return CLI_OK;
}

static UnparkOpened *open_file(const CliArgs *args, const char *path, CliContext *context,
                               int *status) {
  return cli_open(path, cli_args_value(args, "no-cache") != NULL, TRUE, context, status);
}

static char *title_of(const CliArgs *args, gboolean redacted) {
  const char *given = cli_args_value(args, "title");
  g_autofree char *name = name_of(args->operands[0]);

  if (given)
    return g_locale_to_utf8(given, -1, NULL, NULL, NULL);
  if (redacted)
    return g_strdup(_("Redacted Report"));
  return args->n_operands == 1 ? g_strdup_printf(_("Report on %s"), name)
                               : g_strdup_printf(ngettext("Report on %u file", "Report on %u files",
                                                          args->n_operands),
                                                 args->n_operands);
}

static int make(const CliArgs *args, Options *options, CliContext *context) {
  const char *other = cli_args_value(args, "compare");
  g_autofree char *title = title_of(args, options->redaction.wanted),
                  *command = command_of(args, options->redaction.wanted), *tag = language_tag();
  g_autoptr(UnparkReport) report = NULL;
  g_autoptr(UnparkOpened) compared = NULL;
  g_autoptr(UnparkStore) other_store = NULL;
  g_autoptr(GError) error = NULL;
  Report r = {.args = args, .options = options, .command = command, .context = context};
  int status = CLI_OK;

  if (!title) {
    cli_complain(_("The title is not valid text in the character encoding of this locale"));
    return CLI_USAGE;
  }
  if (other && !(compared = open_file(args, other, context, &status)))
    return status;
  if (compared) {
    other_store = cli_redact_apply(&options->redaction, unpark_opened_store(compared),
                                   context->cancellable, &error);
    if (!other_store)
      return cli_fail(error);
  }
  r.other = other_store;
  r.report = report = unpark_report_new(title, tag);
  g_autofree char *maker = g_strdup_printf(_("Made by Unpark %s."), UNPARK_VERSION);
  unpark_report_text(report, UNPARK_REPORT_DIM, maker);
  for (guint i = 0; i < args->n_operands; i++) {
    g_autoptr(UnparkOpened) opened = open_file(args, args->operands[i], context, &status);

    if (!opened || !add_file(&r, unpark_opened_store(opened), args->operands[i], &status))
      return status;
  }
  return write_out(report, options, context);
}

int cli_report(const CliArgs *args, CliContext *context) {
  g_auto(Options) options = {0};
  g_autofree char *message = NULL;

  if (cli_args_value(args, "lang"))
    speak(cli_args_value(args, "lang"));
  if (!parse_options(&options, args, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  return make(args, &options, context);
}
