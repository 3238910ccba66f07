/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-args.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli-table.h"
#include "model/base/duration.h"

static guint n_options(const CliCommand *command) {
  guint n = 0;

  while (n < CLI_MAX_OPTIONS && command->options[n].name)
    n++;
  return n;
}

/* -1: there is none. */
static int find_long(const CliCommand *command, const char *name, gsize size) {
  for (guint i = 0; i < n_options(command); i++)
    if (strlen(command->options[i].name) == size &&
        strncmp(command->options[i].name, name, size) == 0)
      return (int)i;
  return -1;
}

static int find_letter(const CliCommand *command, char letter) {
  for (guint i = 0; i < n_options(command); i++)
    if (command->options[i].letter == letter)
      return (int)i;
  return -1;
}

/* A query may begin with a comment, as one kept in a file does: "-- the longest\nSELECT ...". */
static gboolean is_option(const char *text) {
  return text[0] == '-' && text[1] != '\0' && !(text[1] == '-' && g_ascii_isspace(text[2]));
}

/* Takes argv[*i], an option, and its value. */
static gboolean parse_option(CliArgs *args, int argc, char **argv, int *i, char **message) {
  const char *text = argv[*i];
  gboolean is_long = text[1] == '-';
  const char *equals = is_long ? strchr(text, '=') : NULL;
  const char *attached = is_long ? (equals ? equals + 1 : NULL) : (text[2] ? text + 2 : NULL);
  gsize size = equals ? (gsize)(equals - text) : (is_long ? strlen(text) : 2);
  int index =
      is_long ? find_long(args->command, text + 2, size - 2) : find_letter(args->command, text[1]);

  if (index < 0) {
    *message = g_strdup_printf(_("Unknown option %.*s"), (int)size, text);
    return FALSE;
  }
  if (!args->command->options[index].value) {
    if (attached)
      *message = g_strdup_printf(_("Option %.*s takes no value"), (int)size, text);
    args->values[index] = "";
    return attached == NULL;
  }
  if (!attached && *i + 1 < argc)
    attached = argv[++*i];
  if (!attached)
    *message = g_strdup_printf(_("Option %s needs a value: %s"), text,
                               _(args->command->options[index].value));
  args->values[index] = attached;
  if (attached) {
    if (!args->given[index])
      args->given[index] = g_ptr_array_new();
    g_ptr_array_add(args->given[index], (gpointer)attached);
  }
  return attached != NULL;
}

gboolean cli_args_parse(CliArgs *args, const CliCommand *command, int argc, char **argv,
                        char **message) {
  g_autoptr(GPtrArray) operands = g_ptr_array_new_with_free_func(g_free);
  gboolean only_operands = FALSE;

  memset(args, 0, sizeof *args);
  args->command = command;
  args->n_before = G_MAXUINT;
  for (int i = 1; i < argc; i++) {
    if (only_operands || !is_option(argv[i]))
      g_ptr_array_add(operands, g_strdup(argv[i]));
    else if (strcmp(argv[i], "--") == 0 && command->sides)
      args->n_before = operands->len;
    else if (strcmp(argv[i], "--") == 0)
      only_operands = TRUE;
    else if (!parse_option(args, argc, argv, &i, message))
      return FALSE;
  }
  if (operands->len < command->n_operands) {
    *message = g_strdup_printf(_("Missing argument: unpark-cli %s %s"), command->name,
                               _(command->synopsis));
    return FALSE;
  }
  if (operands->len > command->n_operands && !command->more) {
    *message = g_strdup_printf(_("Unexpected argument “%s”: unpark-cli %s %s"),
                               (const char *)operands->pdata[command->n_operands], command->name,
                               _(command->synopsis));
    return FALSE;
  }
  args->n_operands = operands->len;
  args->n_before = MIN(args->n_before, operands->len);
  g_ptr_array_add(operands, NULL);
  args->operands = (char **)g_ptr_array_steal(operands, NULL);
  return TRUE;
}

void cli_args_clear(CliArgs *args) {
  g_clear_pointer(&args->operands, g_strfreev);
  g_clear_pointer(&args->from_folder, g_byte_array_unref);
  for (guint i = 0; i < CLI_MAX_OPTIONS; i++)
    g_clear_pointer(&args->given[i], g_ptr_array_unref);
}

const char *cli_args_value(const CliArgs *args, const char *name) {
  int index = find_long(args->command, name, strlen(name));

  g_return_val_if_fail(index >= 0, NULL);
  return args->values[index];
}

const char *const *cli_args_values(const CliArgs *args, const char *name, guint *n) {
  int index = find_long(args->command, name, strlen(name));

  *n = 0;
  g_return_val_if_fail(index >= 0, NULL);
  if (!args->given[index])
    return NULL;
  *n = args->given[index]->len;
  return (const char *const *)args->given[index]->pdata;
}

void cli_args_append_options(const CliArgs *args, GString *to) {
  for (guint i = 0; i < n_options(args->command); i++) {
    const CliOption *option = &args->command->options[i];

    if (args->values[i] && !option->value)
      g_string_append_printf(to, " --%s", option->name);
    for (guint k = 0; args->given[i] && k < args->given[i]->len; k++) {
      g_autofree char *quoted = g_shell_quote(args->given[i]->pdata[k]);

      g_string_append_printf(to, " --%s %s", option->name, quoted);
    }
  }
}

gboolean cli_args_number(const CliArgs *args, const char *name, double least, double *number,
                         char **message) {
  const char *text = cli_args_value(args, name);
  char *end;
  double value;

  if (!text)
    return TRUE;
  value = g_ascii_strtod(text, &end);
  if (end == text || *end || !isfinite(value) || value < least || value > 1e15) {
    *message = g_strdup_printf(_("--%s: “%s” is not a number of %g or more"), name, text, least);
    return FALSE;
  }
  *number = value;
  return TRUE;
}

gboolean cli_args_count(const CliArgs *args, const char *name, guint64 *number, char **message) {
  double value = 0;

  if (!cli_args_number(args, name, 1, &value, message))
    return FALSE;
  if (value > floor(value)) {
    *message =
        g_strdup_printf(_("--%s: “%s” is not a whole number"), name, cli_args_value(args, name));
    return FALSE;
  }
  if (value > 0)
    *number = (guint64)value;
  return TRUE;
}

gboolean cli_args_goroutine(const char *text, gint64 *id) {
  while (g_ascii_isspace(*text))
    text++;
  if (*text == 'G' || *text == 'g')
    text++;
  while (g_ascii_isspace(*text))
    text++;
  return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, id, NULL);
}

gboolean cli_args_word(const CliArgs *args, const char *option, const CliWord *words, int *value,
                       char **message) {
  const char *text = cli_args_value(args, option);
  g_autoptr(GString) list = g_string_new(NULL);
  if (!text)
    return TRUE;
  for (; words->word; words++) {
    if (strcmp(words->word, text) == 0) {
      *value = words->value;
      return TRUE;
    }
    g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", words->word);
  }
  *message =
      g_strdup_printf(_("--%s: unknown value “%s”; expected one of %s"), option, text, list->str);
  return FALSE;
}

gboolean cli_args_time(const CliArgs *args, const char *option, gint64 *ns, char **message) {
  const char *text = cli_args_value(args, option);
  if (!text || unpark_duration_parse(text, UNPARK_BARE_NS, ns))
    return TRUE;
  *message = g_strdup_printf(
      _("--%s: invalid time “%s”: expected something like 1.2s, 300ms, 15us or 900"), option, text);
  return FALSE;
}

gboolean cli_args_check_times(const char *from, gint64 from_ns, const char *to, gint64 to_ns,
                              char **message) {
  if (from_ns < to_ns)
    return TRUE;
  *message = g_strdup_printf(_("--%s must be later than --%s"), to, from);
  return FALSE;
}

void cli_args_help_line(GString *help, const char *name, const char *text) {
  gsize width = cli_display_width(name, strlen(name));

  g_string_append_printf(help, "  %s%*s %s\n", name, (int)(width < 26 ? 26 - width : 0), "", text);
}

char *cli_args_help(const CliCommand *command) {
  GString *help = g_string_new(NULL);
  guint n = n_options(command);

  g_string_append_printf(help, _("Usage: unpark-cli %s %s%s"), command->name,
                         n ? _("[OPTION...] ") : "", _(command->synopsis));
  g_string_append_printf(help, "\n\n%s\n\n%s\n", _(command->help), _("Options:"));
  for (guint i = 0; i < n; i++) {
    const CliOption *option = &command->options[i];
    g_autofree char *letter =
        option->letter ? g_strdup_printf("-%c, ", option->letter) : g_strdup("    ");
    g_autofree char *name =
        option->value ? g_strdup_printf("%s--%s %s", letter, option->name, _(option->value))
                      : g_strdup_printf("%s--%s", letter, option->name);

    cli_args_help_line(help, name, _(option->help));
  }
  cli_args_help_line(help, "-h, --help", _("Show this help"));
  return g_string_free(help, FALSE);
}
