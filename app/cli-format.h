/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a query as text: table, tsv, csv or json. */
#pragma once

#include "app/cli-output.h"
#include "model/sql/query.h"

typedef enum { CLI_FORMAT_TABLE, CLI_FORMAT_TSV, CLI_FORMAT_CSV, CLI_FORMAT_JSON } CliFormat;

/* FALSE: no such format. */
gboolean cli_format_parse(const char *name, CliFormat *format);

/* tsv   columns end at a tab, rows at a newline; tab, newline, carriage return and backslash
 *       inside a value are written \t \n \r \\; NULL is empty
 * csv   RFC 4180, rows end at a newline; NULL is empty
 * json  an array of objects, one a line; NULL is null, and so are numbers that JSON has not
 * table aligned columns with a header, for people
 * Blobs are hexadecimal digits in all of them. */
typedef struct _CliFormatter CliFormatter;

/* `header`: names of columns first (tsv and csv; a table always has them). */
CliFormatter *cli_formatter_new(CliFormat format, gboolean header, CliOutput *output);
void cli_formatter_columns(CliFormatter *formatter, const char *const *names, guint n);
void cli_formatter_row(CliFormatter *formatter, const UnparkValue *values, guint n);
/* Ends the text; frees. Everything but `complete` json also makes sense when cut short. */
void cli_formatter_free(CliFormatter *formatter);
