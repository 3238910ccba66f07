/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options --template and --param: a diagnosis that comes with the program, or is a file. */
#pragma once

#include "app/cli-format.h"
#include "app/cli.h"
#include "model/template/template.h"

typedef struct {
  UnparkTemplate *template; /* NULL: none was asked for */
  UnparkTemplateValues *values;
  int column;      /* that the threshold is about; -1: there is none */
  guint64 reached; /* rows that reach it */
} CliTemplate;

void cli_template_clear(CliTemplate *template);

/* --template list: the answer needs no file. */
gboolean cli_template_wants_list(const CliArgs *args);
int cli_template_list(CliFormat format, gboolean header);

/* FALSE with *status after the reason was printed. */
gboolean cli_template_parse(CliTemplate *template, const CliArgs *args, int *status);
/* FALSE likewise: the template is about another kind of file. */
gboolean cli_template_fits(const CliTemplate *template, UnparkStore *store, int *status);

/* What goes before the rows on a terminal, each row, and what goes after them. */
void cli_template_begin(const CliTemplate *template, CliOutput *output);
void cli_template_columns(CliTemplate *template, const char *const *names, guint n);
void cli_template_row(CliTemplate *template, const UnparkValue *values, guint n);
void cli_template_end(const CliTemplate *template, CliOutput *output);
