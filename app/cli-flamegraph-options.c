/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli-flamegraph.h"
#include "model/base/duration.h"

static int by_number(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

static gboolean parse_goroutines(CliFlameOptions *o, const CliArgs *args, char **message) {
  const char *text = cli_args_value(args, "goroutine");
  g_auto(GStrv) parts = text ? g_strsplit(text, ",", -1) : NULL;
  guint n = parts ? g_strv_length(parts) : 0;
  if (!parts)
    return TRUE;
  o->goroutines = g_new0(gint64, n + 1);
  for (guint i = 0; i < n; i++)
    if (!cli_args_goroutine(parts[i], &o->goroutines[i])) {
      *message = g_strdup_printf(_("--goroutine: invalid goroutine number “%s”"), parts[i]);
      return FALSE;
    }
  qsort(o->goroutines, n, sizeof *o->goroutines, by_number);
  o->spec.scope.goroutines = o->goroutines;
  o->spec.scope.n_goroutines = n;
  return TRUE;
}

static gboolean parse_scope(CliFlameOptions *o, const CliArgs *args, char **message) {
  UnparkFlameScope *scope = &o->spec.scope;
  const char *task = cli_args_value(args, "task");
  scope->entry = cli_args_value(args, "entry");
  scope->no_system = cli_args_value(args, "no-system") != NULL;
  if (task && !g_ascii_string_to_signed(task, 10, 0, G_MAXINT64, &scope->task, NULL)) {
    *message = g_strdup_printf(_("--task: invalid task number “%s”"), task);
    return FALSE;
  }
  if (!cli_args_time(args, "from", &scope->from_ns, message) ||
      !cli_args_time(args, "to", &scope->to_ns, message) ||
      !cli_args_check_times("from", scope->from_ns, "to", scope->to_ns, message) ||
      !parse_goroutines(o, args, message) || !cli_filter_check(args, message))
    return FALSE;
  o->base = o->spec;
  o->base_path = cli_args_value(args, "base");
  o->has_base =
      o->base_path || cli_args_value(args, "base-from") || cli_args_value(args, "base-to");
  if (o->base_path || cli_args_value(args, "base-from"))
    o->base.scope.from_ns = G_MININT64 + 1;
  if (o->base_path || cli_args_value(args, "base-to"))
    o->base.scope.to_ns = G_MAXINT64;
  return cli_args_time(args, "base-from", &o->base.scope.from_ns, message) &&
         cli_args_time(args, "base-to", &o->base.scope.to_ns, message) &&
         cli_args_check_times("base-from", o->base.scope.from_ns, "base-to", o->base.scope.to_ns,
                              message);
}

static gboolean parse_group(CliFlameOptions *o, const CliArgs *args, char **message) {
  static const CliWord groups[] = {
      {"none", UNPARK_FLAME_BY_NOTHING},    {"state", UNPARK_FLAME_BY_STATE},
      {"entry", UNPARK_FLAME_BY_ENTRY},     {"goroutine", UNPARK_FLAME_BY_GOROUTINE},
      {"label:KEY", UNPARK_FLAME_BY_LABEL}, {NULL, 0}};
  const char *text = cli_args_value(args, "group"), *label = cli_args_value(args, "label");
  int value = UNPARK_FLAME_BY_NOTHING;
  if (label) {
    const char *equals = strchr(label, '=');
    if (!equals || equals == label) {
      *message = g_strdup_printf(_("--label: expected KEY=REGEX, found “%s”"), label);
      return FALSE;
    }
    o->label_key = g_strndup(label, (gsize)(equals - label));
    o->spec.label_match = equals + 1;
  }
  if (text && g_str_has_prefix(text, "label:")) {
    value = UNPARK_FLAME_BY_LABEL;
    if (o->label_key && strcmp(o->label_key, text + 6) != 0) {
      *message = g_strdup(_("--label and --group label: must use the same label"));
      return FALSE;
    }
    g_free(o->label_key);
    o->label_key = g_strdup(text + 6);
  } else if (!cli_args_word(args, "group", groups, &value, message)) {
    return FALSE;
  }
  o->spec.label_key = o->label_key;
  o->spec.grouping = (UnparkFlameGrouping)value;
  return TRUE;
}

static gboolean parse_shape(CliFlameOptions *o, const CliArgs *args, char **message) {
  static const CliWord merges[] = {{"function", UNPARK_FLAME_MERGE_FUNCTION},
                                   {"file", UNPARK_FLAME_MERGE_FILE},
                                   {"package", UNPARK_FLAME_MERGE_PACKAGE},
                                   {"line", UNPARK_FLAME_MERGE_LINE},
                                   {NULL, 0}};
  static const CliWord orders[] = {{"heavy", UNPARK_FLAME_HEAVY},
                                   {"name", UNPARK_FLAME_BY_NAME},
                                   {"time", UNPARK_FLAME_BY_TIME},
                                   {NULL, 0}};
  /* Another program may look at lines: it gets them. */
  int merge = o->format == CLI_FLAME_PPROF ? UNPARK_FLAME_MERGE_LINE : UNPARK_FLAME_MERGE_FUNCTION;
  int order = UNPARK_FLAME_HEAVY;
  const char *callers = cli_args_value(args, "callers"), *callees = cli_args_value(args, "callees");
  if (callers && callees) {
    *message = g_strdup(_("--callers and --callees cannot be combined: draw two graphs"));
    return FALSE;
  }
  o->spec.focus = cli_args_value(args, "focus");
  o->spec.ignore = cli_args_value(args, "ignore");
  o->spec.hide = cli_args_value(args, "hide");
  o->spec.show = cli_args_value(args, "show");
  o->spec.show_from = cli_args_value(args, "show-from");
  o->spec.invert = cli_args_value(args, "invert") != NULL;
  o->spec.collapse = cli_args_value(args, "collapse") != NULL;
  o->spec.normalise = cli_args_value(args, "normalise") != NULL;
  o->spec.part = callers   ? UNPARK_FLAME_CALLERS
                 : callees ? UNPARK_FLAME_CALLEES
                           : UNPARK_FLAME_WHOLE;
  o->spec.function = callers ? callers : callees;
  if (!cli_args_word(args, "merge", merges, &merge, message) ||
      !cli_args_word(args, "order", orders, &order, message) || !parse_group(o, args, message))
    return FALSE;
  o->spec.merge = (UnparkFlameMerge)merge;
  o->spec.order = (UnparkFlameOrder)order;
  return TRUE;
}

static gboolean parse_picture(CliFlameOptions *o, const CliArgs *args, char **message) {
  static const CliWord themes[] = {{"auto", UNPARK_FLAME_THEME_AUTO},
                                   {"light", UNPARK_FLAME_THEME_LIGHT},
                                   {"dark", UNPARK_FLAME_THEME_DARK},
                                   {NULL, 0}};
  static const CliWord colours[] = {
      {"kind", UNPARK_FLAME_COLOUR_KIND}, {"package", UNPARK_FLAME_COLOUR_PACKAGE}, {NULL, 0}};
  int theme, colour = UNPARK_FLAME_COLOUR_KIND;
  o->picture.interactive = o->format == CLI_FLAME_SVG && cli_args_value(args, "static") == NULL;
  /* A document is on paper; it looks the same everywhere. */
  theme = o->picture.interactive ? UNPARK_FLAME_THEME_AUTO : UNPARK_FLAME_THEME_LIGHT;
  o->picture.upwards = cli_args_value(args, "upwards") != NULL;
  o->picture.title = cli_args_value(args, "title");
  o->picture.subtitle = cli_args_value(args, "subtitle");
  o->scale = 1;
  if (!cli_args_word(args, "theme", themes, &theme, message) ||
      !cli_args_word(args, "colour", colours, &colour, message))
    return FALSE;
  o->picture.theme = (UnparkFlameTheme)theme;
  o->picture.colouring = (UnparkFlameColouring)colour;
  return cli_args_number(args, "width", 200, &o->picture.width, message) &&
         cli_args_number(args, "min-width", 0.001, &o->picture.min_px, message) &&
         cli_args_number(args, "scale", 0.1, &o->scale, message);
}

static gboolean parse_format(CliFlameOptions *o, const CliArgs *args, char **message) {
  static const CliWord formats[] = {{"svg", CLI_FLAME_SVG},
                                    {"pdf", CLI_FLAME_PDF},
                                    {"png", CLI_FLAME_PNG},
                                    {"folded", CLI_FLAME_FOLDED},
                                    {"pprof", CLI_FLAME_PPROF},
                                    {"speedscope", CLI_FLAME_SPEEDSCOPE},
                                    {NULL, 0}};
  static const CliWord endings[] = {
      {".svg", CLI_FLAME_SVG},       {".pdf", CLI_FLAME_PDF},    {".png", CLI_FLAME_PNG},
      {".folded", CLI_FLAME_FOLDED}, {".txt", CLI_FLAME_FOLDED}, {".pb.gz", CLI_FLAME_PPROF},
      {".pprof", CLI_FLAME_PPROF},   {".prof", CLI_FLAME_PPROF}, {".json", CLI_FLAME_SPEEDSCOPE},
  };
  int format = -1;
  o->output = cli_args_value(args, "output");
  if (!o->output) {
    *message = g_strdup(_("No output file: name one with -o, usually NAME.svg"));
    return FALSE;
  }
  if (!cli_args_word(args, "format", formats, &format, message))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings) && format < 0; i++)
    if (g_str_has_suffix(o->output, endings[i].word))
      format = endings[i].value;
  if (format < 0)
    *message = g_strdup_printf(_("Cannot tell the format from “%s”: use the extension .svg, .pdf, "
                                 ".png, .folded, .pb.gz or .speedscope.json, or --format"),
                               o->output);
  o->format = (CliFlameFormat)format;
  return format >= 0;
}

gboolean cli_flame_options_parse(CliFlameOptions *options, const CliArgs *args, char **message) {
  const UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  *options = (CliFlameOptions){.spec = spec};
  options->source = cli_args_value(args, "source");
  options->type = cli_args_value(args, "type");
  options->count = cli_args_value(args, "count") != NULL;
  options->no_idle = cli_args_value(args, "no-idle") != NULL;
  return parse_format(options, args, message) && parse_scope(options, args, message) &&
         parse_shape(options, args, message) && parse_picture(options, args, message);
}

void cli_flame_options_clear(CliFlameOptions *options) {
  g_clear_pointer(&options->goroutines, g_free);
  for (guint i = 0; i < G_N_ELEMENTS(options->passing); i++)
    g_clear_pointer(&options->passing[i], g_free);
  g_clear_pointer(&options->label_key, g_free);
}
