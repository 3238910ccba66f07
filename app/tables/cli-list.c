/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As `go tool pprof -list`, also of traces. */
#include "app/tables/cli-list.h"

#include <string.h>
#include <unistd.h>

#include "app/cli-json.h"
#include "app/cli-output.h"
#include "app/cli-store.h"
#include "app/cli-table.h"
#include "app/cli-units.h"
#include "model/base/format.h"
#include "model/source/source.h"
#include "model/tables/line-table.h"

/* Lines before the first and after the last that has a value, as pprof prints. */
#define CONTEXT_LINES 5

typedef struct {
  GRegex *function;
  const char *type;
  UnparkSourceMapping mappings[2];
  const char *folders[3];
  UnparkSourcePlaces places;
  gboolean json;
  char *unit; /* of what is listed */
} Options;

/* ---- Options ------------------------------------------------------------------------------ */

static gboolean parse_map(const char *text, Options *options, char **message) {
  const char *equals = text ? strchr(text, '=') : NULL;

  if (!text)
    return TRUE;
  if (!equals || equals == text || !equals[1]) {
    *message = g_strdup_printf(_("--map: expected FROM=TO, found “%s”"), text);
    return FALSE;
  }
  options->mappings[0] =
      (UnparkSourceMapping){g_strndup(text, (gsize)(equals - text)), g_strdup(equals + 1)};
  return TRUE;
}

static gboolean parse_options(const CliArgs *args, Options *options, char **message) {
  static const CliWord formats[] = {{"table", FALSE}, {"json", TRUE}, {NULL, 0}};
  g_autoptr(GError) error = NULL;
  const char *folder = cli_args_value(args, "source");
  int json = FALSE;

  *options = (Options){.type = cli_args_value(args, "type")};
  options->function = g_regex_new(args->operands[1], 0, 0, &error);
  if (!options->function) {
    *message = g_strdup_printf(_("“%s” is not a regular expression: %s"), args->operands[1],
                               error->message);
    return FALSE;
  }
  options->folders[0] = folder ? folder : ".";
  options->folders[1] = folder ? "." : NULL;
  options->places = (UnparkSourcePlaces){options->mappings, options->folders, NULL};
  if (!cli_args_word(args, "format", formats, &json, message) ||
      !parse_map(cli_args_value(args, "map"), options, message))
    return FALSE;
  options->json = json;
  return TRUE;
}

static void options_clear(Options *options) {
  g_clear_pointer(&options->function, g_regex_unref);
  unpark_source_mapping_clear(&options->mappings[0]);
  g_free(options->unit);
}

/* ---- What is listed ----------------------------------------------------------------------- */

static gboolean is_wanted(const char *function, const char *file, gpointer data) {
  return g_regex_match(((Options *)data)->function, function, 0, NULL);
}

static UnparkProfileTable *of_trace(UnparkStore *store, Options *options, CliContext *context,
                                    GError **error) {
  static const CliWord words[] = {{"waiting", UNPARK_TRACE_WAITING},
                                  {"runnable", UNPARK_TRACE_RUNNABLE},
                                  {"syscall", UNPARK_TRACE_SYSCALL},
                                  {"cpu", UNPARK_TRACE_CPU}};

  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    if (strcmp(options->type ? options->type : "waiting", words[i].word) != 0)
      continue;
    options->type = words[i].word;
    options->unit = g_strdup(words[i].value == UNPARK_TRACE_CPU ? "count" : "nanoseconds");
    return unpark_profile_table_of_trace(store, (UnparkTraceMeasure)words[i].value,
                                         context->cancellable, error);
  }
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
              _("--%s: unknown value “%s”; expected one of %s"), "type", options->type,
              "waiting, runnable, syscall, cpu");
  return NULL;
}

static UnparkProfileTable *of_profile(UnparkStore *store, Options *options, CliContext *context,
                                      GError **error) {
  g_autoptr(UnparkProfileSummary) summary =
      unpark_profile_summary_new(store, context->cancellable, error);
  g_autoptr(GString) list = g_string_new(NULL);

  for (guint i = 0; summary && i < summary->n_types; i++) {
    const UnparkProfileType *type = &summary->types[i];

    g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", type->type);
    if (options->type ? strcmp(type->type, options->type) != 0 : !type->is_default)
      continue;
    options->type = type->type;
    options->unit = g_strdup(type->unit);
    return unpark_profile_table_new(store, type->profile, type->index, context->cancellable, error);
  }
  if (summary)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("--%s: unknown value “%s”; expected one of %s"), "type",
                options->type ? options->type : "", list->str);
  return NULL;
}

/* ---- One function in one file ------------------------------------------------------------- */

typedef struct {
  const UnparkLineRow *rows; /* of one function in one file, ascending lines */
  guint n;
  gint64 flat, cumulative;
  char *path;        /* NULL: the source was not found */
  char **lines;      /* NULL: nor read */
  guint first, last; /* lines that are printed */
} Listing;

static const UnparkProfileRow *row_of_function(const UnparkProfileTable *table,
                                               const char *function) {
  for (guint i = 0; i < table->n_rows; i++)
    if (strcmp(table->rows[i].function, function) == 0)
      return &table->rows[i];
  return NULL;
}

static void listing_init(Listing *listing, const UnparkLineTable *all, guint from, guint to,
                         const Options *options) {
  const UnparkProfileRow *function = row_of_function(all->table, all->rows[from].function);
  g_autoptr(GError) error = NULL;
  guint n_lines;

  *listing = (Listing){.rows = all->rows + from, .n = to - from};
  for (guint i = from; i < to; i++)
    listing->flat += all->rows[i].flat;
  /* Of the whole function: a stack that has two of its lines counts once. */
  listing->cumulative = function ? function->cumulative : 0;
  listing->path = unpark_source_find(all->rows[from].file, &options->places);
  if (listing->path)
    listing->lines = unpark_source_read(listing->path, &error);
  if (error)
    cli_complain("%s", error->message);
  n_lines = listing->lines ? g_strv_length(listing->lines) : 0;
  listing->first = all->rows[from].line;
  listing->last = all->rows[to - 1].line;
  if (!listing->lines)
    return;
  listing->first = listing->first > CONTEXT_LINES ? listing->first - CONTEXT_LINES : 1;
  listing->last = MIN(listing->last + CONTEXT_LINES, n_lines);
}

static void listing_clear(Listing *listing) {
  g_free(listing->path);
  g_strfreev(listing->lines);
}

static const UnparkLineRow *row_at(const Listing *listing, guint line) {
  for (guint i = 0; i < listing->n; i++)
    if (listing->rows[i].line == line)
      return &listing->rows[i];
  return NULL;
}

static const char *text_at(const Listing *listing, guint line) {
  return listing->lines && line > 0 && line <= g_strv_length(listing->lines)
             ? listing->lines[line - 1]
             : NULL;
}

/* ---- Text --------------------------------------------------------------------------------- */

#define VALUE_CELLS 12

static void append_value(GString *to, gint64 value, const char *unit) {
  g_autofree char *text = value == 0 ? g_strdup(".") : cli_format_value(value, unit);
  gsize width = cli_display_width(text, strlen(text));

  g_string_append_printf(to, "%*s%s", width < VALUE_CELLS ? (int)(VALUE_CELLS - width) : 0, "",
                         text);
}

static void append_line(GString *to, const Listing *listing, guint line, const Options *options) {
  const UnparkLineRow *row = row_at(listing, line);
  const char *text = text_at(listing, line);

  append_value(to, row ? row->flat : 0, options->unit);
  append_value(to, row ? row->cumulative : 0, options->unit);
  g_string_append_printf(to, " %6u", line);
  if (text && *text) {
    g_auto(GStrv) parts = g_strsplit(text, "\t", -1);
    g_autofree char *plain = g_strjoinv("    ", parts);

    g_string_append(to, "  ");
    cli_append_printable(to, plain, strlen(plain));
  }
  g_string_append_c(to, '\n');
}

static void append_table(GString *to, const Listing *listing, const UnparkProfileTable *table,
                         const Options *options) {
  const UnparkLineRow *row = &listing->rows[0];
  char share[UNPARK_FORMAT_SIZE];

  cli_append_printable(to, row->function, strlen(row->function));
  g_string_append_c(to, '\n');
  if (*row->file) {
    g_string_append(to, "  ");
    cli_append_printable(to, listing->path ? listing->path : row->file,
                         strlen(listing->path ? listing->path : row->file));
    if (!listing->path)
      g_string_append_printf(to, "  (%s)", _("not found: name its folder with --source"));
    g_string_append_c(to, '\n');
  }
  append_value(to, listing->flat, options->unit);
  append_value(to, listing->cumulative, options->unit);
  unpark_format_share((double)listing->cumulative, (double)table->magnitude, share);
  g_string_append_printf(to, "  (%s)\n", share);
  for (guint line = listing->first; listing->lines && line <= listing->last; line++)
    append_line(to, listing, line, options);
  for (guint i = 0; !listing->lines && i < listing->n; i++)
    append_line(to, listing, listing->rows[i].line, options);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void append_json_line(GString *to, const Listing *listing, guint line) {
  const UnparkLineRow *row = row_at(listing, line);
  const char *text = text_at(listing, line);

  g_string_append(to, "\n    {");
  cli_json_number(to, "line", line);
  cli_json_number(to, "flat", row ? row->flat : 0);
  cli_json_number(to, "cumulative", row ? row->cumulative : 0);
  if (text)
    cli_json_text(to, "text", text);
  cli_json_close(to, "},");
}

static void append_json(GString *to, const Listing *listing) {
  const UnparkLineRow *row = &listing->rows[0];
  g_autofree char *path = listing->path ? g_filename_display_name(listing->path) : NULL;

  g_string_append(to, "\n  {");
  cli_json_text(to, "function", row->function);
  cli_json_text(to, "file", row->file);
  if (path)
    cli_json_text(to, "source", path);
  cli_json_number(to, "flat", listing->flat);
  cli_json_number(to, "cumulative", listing->cumulative);
  g_string_append(to, "\"lines\":[");
  for (guint line = listing->first; listing->lines && line <= listing->last; line++)
    append_json_line(to, listing, line);
  for (guint i = 0; !listing->lines && i < listing->n; i++)
    append_json_line(to, listing, listing->rows[i].line);
  cli_json_close(to, "]},");
}

/* ---- The command -------------------------------------------------------------------------- */

static void append_listings(GString *to, const UnparkLineTable *lines, const Options *options) {
  for (guint from = 0, next; from < lines->n_rows; from = next) {
    const UnparkLineRow *first = &lines->rows[from];
    Listing listing;

    for (next = from + 1; next < lines->n_rows; next++)
      if (strcmp(lines->rows[next].function, first->function) != 0 ||
          strcmp(lines->rows[next].file, first->file) != 0)
        break;
    listing_init(&listing, lines, from, next, options);
    if (options->json) {
      append_json(to, &listing);
    } else {
      g_string_append_c(to, '\n');
      append_table(to, &listing, lines->table, options);
    }
    listing_clear(&listing);
  }
}

static int print(const UnparkLineTable *lines, const Options *options) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *total = cli_format_value(lines->table->total, options->unit);
  CliOutput output;

  if (options->json) {
    g_string_append_c(text, '{');
    cli_json_text(text, "type", options->type);
    cli_json_text(text, "unit", options->unit);
    cli_json_number(text, "total", lines->table->total);
    g_string_append(text, "\"functions\":[");
  } else {
    g_string_append_printf(text, _("Total: %s (%s)"), total, options->type);
    g_string_append_printf(text, "\n%*s%*s\n", VALUE_CELLS, _("flat"), VALUE_CELLS, _("cum"));
  }
  append_listings(text, lines, options);
  if (options->json)
    cli_json_close(text, "]}\n");
  cli_output_init(&output, STDOUT_FILENO);
  cli_output_bytes(&output, text->str, text->len);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

static int answer(UnparkStore *store, Options *options, const char *function, CliContext *context) {
  UnparkSourceKind kind = unpark_store_source(store)->kind;
  g_autoptr(UnparkProfileTable) table = NULL;
  g_autoptr(UnparkLineTable) lines = NULL;
  g_autoptr(GError) error = NULL;

  options->places.go_version = unpark_store_source(store)->go_version;
  if (kind == UNPARK_SOURCE_TRACE) {
    table = of_trace(store, options, context, &error);
  } else if (kind == UNPARK_SOURCE_PROFILE) {
    table = of_profile(store, options, context, &error);
  } else {
    cli_complain(_("Not a profile or an execution trace: only those have values for lines"));
    return CLI_FAILED;
  }
  if (table)
    lines = unpark_line_table_new(table, UNPARK_LINES_BY_FUNCTION, is_wanted, options,
                                  context->cancellable, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) {
    cli_complain("%s", error->message);
    return CLI_USAGE;
  }
  if (!lines)
    return cli_fail(error);
  if (lines->n_rows == 0) {
    cli_complain(_("No function with values matches “%s”"), function);
    return CLI_FAILED;
  }
  return print(lines, options);
}

int cli_list(const CliArgs *args, CliContext *context) {
  g_autoptr(UnparkOpened) opened = NULL;
  g_autofree char *message = NULL;
  Options options;
  int status = CLI_USAGE;

  if (!parse_options(args, &options, &message))
    cli_complain("%s", message);
  else if ((opened = cli_open(args->operands[0], cli_args_value(args, "no-cache") != NULL, FALSE,
                              context, &status)))
    status = answer(unpark_opened_store(opened), &options, args->operands[1], context);
  options_clear(&options);
  return status;
}
