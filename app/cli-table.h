/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligned columns on a terminal, of any number of rows in bounded memory.
 *
 * The first rows decide the widths of the columns; rows that come later and are wider stick
 * out. Widths are those of a terminal: East Asian wide characters take two cells, combining
 * ones none. Control characters are shown as escapes: what a file holds never reaches the
 * terminal as a command. */
#pragma once

#include "app/cli-output.h"

typedef struct _CliTable CliTable;

/* `names` NULL: no header. `indent`: blanks before each row. */
CliTable *cli_table_new(CliOutput *output, guint n_columns, const char *const *names, guint indent);
/* The rows so far decide the widths: none is held back any more. */
void cli_table_flow(CliTable *table);
/* Writes what is still held back, and frees. */
void cli_table_free(CliTable *table);

/* The cells of a row, from left to right; `size` -1: NUL-terminated. */
void cli_table_cell(CliTable *table, const char *text, gssize size, gboolean right);
void cli_table_int(CliTable *table, gint64 n);

/* Cells of a terminal that valid UTF-8 takes. */
gsize cli_display_width(const char *text, gsize size);
/* Appends `text` fit for a terminal: valid UTF-8, control characters as \n, \t, \x1b. */
void cli_append_printable(GString *to, const char *text, gsize size);
