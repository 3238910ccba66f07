/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/query/cli-template.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-table.h"

void cli_template_clear(CliTemplate *template) {
  g_clear_pointer(&template->template, unpark_template_unref);
  g_clear_pointer(&template->values, unpark_template_values_free);
}

gboolean cli_template_wants_list(const CliArgs *args) {
  return g_strcmp0(cli_args_value(args, "template"), "list") == 0;
}

static void put_texts(CliFormatter *formatter, const char *const *texts, guint n) {
  UnparkValue values[4];

  for (guint i = 0; i < n; i++)
    values[i] =
        (UnparkValue){.type = UNPARK_VALUE_TEXT, .text = texts[i], .size = strlen(texts[i])};
  cli_formatter_row(formatter, values, n);
}

int cli_template_list(CliFormat format, gboolean header) {
  static const char *const names[] = {"name", "for", "title", "question"};
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) list = unpark_template_list(complaints);
  CliOutput output;
  CliFormatter *formatter;

  cli_output_init(&output, STDOUT_FILENO);
  formatter = cli_formatter_new(format, header, &output);
  cli_formatter_columns(formatter, names, G_N_ELEMENTS(names));
  for (guint i = 0; i < list->len; i++) {
    const UnparkTemplate *template = list->pdata[i];
    const char *const texts[] = {template->name, unpark_template_kind_name(template->kind),
                                 template->title, template->question};

    put_texts(formatter, texts, G_N_ELEMENTS(texts));
  }
  cli_formatter_free(formatter);
  for (guint i = 0; i < complaints->len; i++)
    cli_complain(_("warning: %s"), (const char *)complaints->pdata[i]);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

static gboolean set_parameters(CliTemplate *template, const CliArgs *args) {
  guint n;
  const char *const *given = cli_args_values(args, "param", &n);

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_locale_to_utf8(given[i], -1, NULL, NULL, NULL);
    char *equals = text ? strchr(text, '=') : NULL;
    g_autoptr(GError) error = NULL;

    if (!equals) {
      cli_complain(_("--%s: invalid value “%s”: expected NAME=VALUE"), "param", given[i]);
      return FALSE;
    }
    *equals = '\0';
    if (!unpark_template_values_set(template->values, text, equals + 1, &error)) {
      cli_complain("%s", error->message);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean cli_template_parse(CliTemplate *template, const CliArgs *args, int *status) {
  const char *name = cli_args_value(args, "template");
  g_autoptr(GError) error = NULL;

  template->column = -1;
  *status = CLI_USAGE;
  if (!name) {
    if (!cli_args_value(args, "param"))
      return TRUE;
    cli_complain(_("--param needs --template"));
    return FALSE;
  }
  template->template = unpark_template_find(name, &error);
  if (!template->template) {
    cli_complain("%s", error->message);
    return FALSE;
  }
  template->values = unpark_template_values_new(template->template);
  return set_parameters(template, args);
}

gboolean cli_template_fits(const CliTemplate *template, UnparkStore *store, int *status) {
  UnparkSourceKind kind = unpark_store_source(store)->kind;

  if (!template->template || template->template->kind == kind)
    return TRUE;
  cli_complain(_("The template “%s” is for files of the kind “%s”; this one is of the kind “%s”"),
               template->template->name, unpark_template_kind_name(template->template->kind),
               unpark_template_kind_name(kind));
  *status = CLI_FAILED;
  return FALSE;
}

static void put_line(CliOutput *output, const char *text) {
  g_autoptr(GString) line = g_string_new(NULL);

  if (*text == '\0')
    return;
  cli_append_printable(line, text, strlen(text));
  cli_output_bytes(output, line->str, line->len);
  cli_output_char(output, '\n');
}

void cli_template_begin(const CliTemplate *template, CliOutput *output) {
  put_line(output, template->template->title);
  put_line(output, template->template->question);
  cli_output_char(output, '\n');
}

void cli_template_columns(CliTemplate *template, const char *const *names, guint n) {
  for (guint i = 0; i < n && template->template->column; i++)
    if (strcmp(names[i], template->template->column) == 0)
      template->column = (int)i;
}

void cli_template_row(CliTemplate *template, const UnparkValue *values, guint n) {
  if (template->column >= 0 &&
      unpark_template_reached(template->template, &values[template->column]))
    template->reached++;
}

void cli_template_end(const CliTemplate *template, CliOutput *output) {
  cli_output_char(output, '\n');
  if (template->reached > 0)
    put_line(output, template->template->verdict);
  put_line(output, template->template->reading);
}
