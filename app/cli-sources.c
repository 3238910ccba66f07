/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-sources.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-json.h"
#include "app/cli-table.h"
#include "model/base/duration.h"
#include "model/spans/traces.h"

/* ---- Folders ---------------------------------------------------------------------------- */

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds the files in the folder; itself, if there are none or it cannot be read: whoever opens it
 * complains. */
static void add_folder(GPtrArray *operands, const char *folder) {
  g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add(paths, g_steal_pointer(&path));
  }
  g_ptr_array_sort(paths, compare_names);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add(operands, paths->pdata[i]);
  if (paths->len == 0)
    g_ptr_array_add(operands, g_strdup(folder));
}

static gboolean takes_folders(const CliCommand *command) {
  for (guint i = 0; i < CLI_MAX_OPTIONS && command->options[i].name; i++)
    if (strcmp(command->options[i].name, "offset") == 0)
      return TRUE;
  return FALSE;
}

void cli_sources_expand(CliArgs *args) {
  g_autoptr(GPtrArray) operands = g_ptr_array_new_with_free_func(g_free);

  if (!takes_folders(args->command))
    return;
  args->from_folder = g_byte_array_new();
  for (guint i = 0; i < args->n_operands; i++) {
    gboolean folder = g_file_test(args->operands[i], G_FILE_TEST_IS_DIR);

    if (folder)
      add_folder(operands, args->operands[i]);
    else
      g_ptr_array_add(operands, g_strdup(args->operands[i]));
    for (guint8 of = folder; args->from_folder->len < operands->len;)
      g_byte_array_append(args->from_folder, &of, 1);
  }
  args->n_operands = args->n_before = operands->len;
  g_ptr_array_add(operands, NULL);
  g_strfreev(args->operands);
  args->operands = (char **)g_ptr_array_steal(operands, NULL);
}

/* ---- Opening ---------------------------------------------------------------------------- */

/* Which operand FILE is: as it was given, or by its last part. -1: none, or more than one. */
static int find_file(const GPtrArray *paths, const char *name) {
  int found = -1;
  guint times = 0;

  for (guint i = 0; i < paths->len; i++)
    if (strcmp(paths->pdata[i], name) == 0)
      return (int)i;
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *base = g_path_get_basename(paths->pdata[i]);

    if (strcmp(base, name) == 0) {
      found = (int)i;
      times++;
    }
  }
  return times == 1 ? found : -1;
}

static gboolean parse_time(const char *text, gint64 *ns) {
  gboolean negative = *text == '-';

  if (!unpark_duration_parse(text + (negative || *text == '+'), UNPARK_BARE_NS, ns))
    return FALSE;
  *ns = negative ? -*ns : *ns;
  return TRUE;
}

/* "gateway.trace=-300us" */
static gboolean parse_offset(const GPtrArray *paths, const char *text, int *file, gint64 *ns) {
  const char *equals = strrchr(text, '=');
  g_autofree char *name = equals ? g_strndup(text, (gsize)(equals - text)) : NULL;

  if (!equals || !parse_time(equals + 1, ns)) {
    cli_complain(_("--offset: invalid value “%s”: expected FILE=TIME, such as gateway.trace=300us "
                   "or gateway.trace=-5ms"),
                 text);
    return FALSE;
  }
  *file = find_file(paths, name);
  if (*file < 0)
    cli_complain(_("--offset: “%s” does not name one of the files"), name);
  return *file >= 0;
}

static gboolean move_sources(CliSources *sources, const CliArgs *args) {
  guint n_offsets;
  const char *const *offsets = cli_args_values(args, "offset", &n_offsets);

  for (guint i = 0; i < n_offsets; i++) {
    gint64 ns = 0;
    int file;

    if (!parse_offset(sources->paths, offsets[i], &file, &ns))
      return FALSE;
    unpark_sources_move(sources->sources, (guint)file, ns);
  }
  return TRUE;
}

static gboolean reads_input_twice(const CliArgs *args, guint n) {
  guint times = 0;

  for (guint i = 0; i < n; i++)
    times += strcmp(args->operands[i], "-") == 0;
  return times > 1;
}

/* What a folder has beside recordings is passed over, after it was complained of. */
static gboolean open_files(CliSources *sources, const CliArgs *args, guint n, gboolean quiet,
                           CliContext *context, int *status) {
  gboolean no_cache = cli_args_value(args, "no-cache") != NULL;

  for (guint i = 0; i < n; i++) {
    const char *path = args->operands[i];
    g_autofree char *shown = g_filename_display_name(path);
    UnparkOpened *opened = cli_open_one(path, no_cache, quiet, n > 1, context, status);

    if (!opened && *status == CLI_UNKNOWN && args->from_folder && args->from_folder->data[i])
      continue;
    if (!opened)
      return FALSE;
    g_ptr_array_add(sources->opened, opened);
    g_ptr_array_add(sources->paths, (gpointer)path);
    unpark_sources_add(sources->sources, unpark_opened_store(opened), shown);
  }
  return sources->opened->len > 0;
}

gboolean cli_sources_open(CliSources *sources, const CliArgs *args, guint n, gboolean quiet,
                          CliContext *context, int *status) {
  g_autoptr(GError) error = NULL;

  *sources = (CliSources){g_ptr_array_new_with_free_func((GDestroyNotify)unpark_opened_free),
                          g_ptr_array_new(), unpark_sources_new()};
  if (n == 1 && cli_args_value(args, "offset")) {
    cli_complain(_("--offset needs several files"));
    *status = CLI_USAGE;
    return FALSE;
  }
  if (reads_input_twice(args, n)) {
    cli_complain(_("Standard input can be read only once"));
    *status = CLI_USAGE;
    return FALSE;
  }
  if (!open_files(sources, args, n, quiet, context, status))
    return FALSE;
  if (!move_sources(sources, args)) {
    *status = CLI_USAGE;
    return FALSE;
  }
  if (!unpark_sources_align(sources->sources, &error) ||
      !unpark_traces_align(sources->sources, &error)) {
    *status = cli_fail(error);
    return FALSE;
  }
  return TRUE;
}

void cli_sources_print_between(gboolean json, gboolean text, guint i, guint n) {
  CliOutput output;

  cli_output_init(&output, STDOUT_FILENO);
  if (json)
    cli_output_text(&output, i == 0 ? "{\"sources\":[\n" : i == n ? "\n]}\n" : ",\n");
  else if (text && i > 0 && i < n)
    cli_output_char(&output, '\n');
  cli_output_finish(&output); /* a failure shows again with what comes after it */
}

void cli_sources_print_title(CliOutput *output, const UnparkSourceEntry *source) {
  g_autoptr(GString) title = g_string_new(NULL);

  cli_append_printable(title, source->path, strlen(source->path));
  g_string_append_c(title, '\n');
  cli_output_text(output, title->str);
}

void cli_sources_append_json(GString *to, const UnparkSourceEntry *source) {
  cli_json_number(to, "source", source->id);
  cli_json_text(to, "path", source->path);
  cli_json_number(to, "offset_ns", source->offset_ns);
  cli_json_text(to, "certainty", unpark_sources_clock_name(source->clock));
}

void cli_sources_clear(CliSources *sources) {
  /* A store is let go of before its file. */
  g_clear_pointer(&sources->sources, unpark_sources_unref);
  g_clear_pointer(&sources->opened, g_ptr_array_unref);
  g_clear_pointer(&sources->paths, g_ptr_array_unref);
}
