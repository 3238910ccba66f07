/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-rows.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli-table.h"
#include "model/base/json.h"
#include "model/base/types.h"

struct _CliRows {
  CliRowsFormat format;
  const CliColumn *columns;
  guint n_columns, column;
  guint64 n_rows;
  gint64 source; /* 0: none */
  CliOutput *output;
  CliTable *table;
  GString *row;  /* CSV and JSON: the present one */
  GString *more; /* JSON */
};

/* Names of columns, and the line under them that says to which side they are aligned. */
static void begin_markdown(CliRows *rows) {
  for (guint i = 0; i < rows->n_columns; i++)
    if (rows->columns[i].title) {
      cli_output_text(rows->output, "| ");
      cli_output_text(rows->output, _(rows->columns[i].title));
      cli_output_char(rows->output, ' ');
    }
  cli_output_text(rows->output, "|\n");
  for (guint i = 0; i < rows->n_columns; i++)
    if (rows->columns[i].title)
      cli_output_text(rows->output, rows->columns[i].type == CLI_CELL_TEXT ? "|---" : "|---:");
  cli_output_text(rows->output, "|\n");
}

/* A bar would end the cell. */
static void append_markdown(CliRows *rows, const char *text) {
  g_autoptr(GString) clean = g_string_new(NULL);

  if (!rows->columns[rows->column].title)
    return;
  cli_append_printable(clean, text, strlen(text));
  g_string_append(rows->row, "| ");
  for (const char *p = clean->str; *p; p++) {
    if (*p == '|' || *p == '<')
      g_string_append_c(rows->row, '\\');
    g_string_append_c(rows->row, *p);
  }
  g_string_append_c(rows->row, ' ');
}

static gboolean is_for_people(const CliRows *rows) {
  return rows->format == CLI_ROWS_TABLE || rows->format == CLI_ROWS_MARKDOWN;
}

CliRows *cli_rows_new(CliRowsFormat format, const CliColumn *columns, guint n, gint64 source,
                      CliOutput *output) {
  CliRows *rows = g_new0(CliRows, 1);
  rows->format = format;
  rows->columns = columns;
  rows->n_columns = n;
  rows->source = source;
  rows->output = output;
  rows->row = g_string_new(NULL);
  rows->more = g_string_new(NULL);
  if (format == CLI_ROWS_TABLE) {
    g_autoptr(GPtrArray) titles = g_ptr_array_new();
    for (guint i = 0; i < n; i++)
      if (columns[i].title)
        g_ptr_array_add(titles, (gpointer)_(columns[i].title));
    rows->table = cli_table_new(output, titles->len, (const char *const *)titles->pdata, 0);
  } else if (format == CLI_ROWS_MARKDOWN) {
    begin_markdown(rows);
  } else if (format == CLI_ROWS_CSV) {
    cli_output_text(output, source == 1 ? "source," : "");
    for (guint i = 0; i < n && source <= 1; i++) {
      cli_output_text(output, i > 0 ? "," : "");
      cli_output_text(output, columns[i].name);
    }
    cli_output_text(output, source <= 1 ? "\n" : "");
  } else {
    cli_output_char(output, '[');
  }
  return rows;
}

static void end_row(CliRows *rows) {
  if (++rows->column < rows->n_columns)
    return;
  rows->column = 0;
  rows->n_rows++;
  if (rows->format == CLI_ROWS_TABLE)
    return;
  if (rows->format == CLI_ROWS_JSON) {
    cli_output_text(rows->output, rows->n_rows > 1 ? ",\n " : "\n ");
    if (rows->more->len > 0)
      g_string_append_printf(rows->row, ",%s", rows->more->str);
    g_string_append_c(rows->row, '}');
  } else {
    g_string_append(rows->row, rows->format == CLI_ROWS_MARKDOWN ? "|\n" : "\n");
  }
  cli_output_bytes(rows->output, rows->row->str, rows->row->len);
  g_string_truncate(rows->row, 0);
  g_string_truncate(rows->more, 0);
}

/* What comes before a value in CSV and JSON. */
static void begin_cell(CliRows *rows) {
  if (rows->column == 0 && rows->source > 0 && !is_for_people(rows))
    g_string_append_printf(rows->row,
                           rows->format == CLI_ROWS_CSV ? "%" G_GINT64_FORMAT ","
                                                        : "{\"source\":%" G_GINT64_FORMAT ",",
                           rows->source);
  if (rows->format == CLI_ROWS_CSV && rows->column > 0)
    g_string_append_c(rows->row, ',');
  else if (rows->format == CLI_ROWS_JSON)
    g_string_append_printf(rows->row, "%s\"%s\":",
                           rows->column > 0   ? ","
                           : rows->source > 0 ? ""
                                              : "{",
                           rows->columns[rows->column].name);
}

static void append_csv(GString *row, const char *text) {
  if (!strpbrk(text, ",\"\r\n")) {
    g_string_append(row, text);
    return;
  }
  g_string_append_c(row, '"');
  for (; *text; text++) {
    if (*text == '"')
      g_string_append_c(row, '"');
    g_string_append_c(row, *text);
  }
  g_string_append_c(row, '"');
}

void cli_rows_text(CliRows *rows, const char *text) {
  begin_cell(rows);
  if (rows->format == CLI_ROWS_CSV)
    append_csv(rows->row, text);
  else if (rows->format == CLI_ROWS_JSON)
    unpark_json_append(rows->row, text, -1);
  else if (rows->format == CLI_ROWS_MARKDOWN)
    append_markdown(rows, text);
  else if (rows->columns[rows->column].title)
    cli_table_cell(rows->table, text, -1, FALSE);
  end_row(rows);
}

static void table_number(CliRows *rows, const CliColumn *column, double n) {
  char text[UNPARK_FORMAT_SIZE];
  if (!column->title)
    return;
  if (isnan(n))
    g_strlcpy(text, "–", sizeof text);
  else if (column->type == CLI_CELL_TIME)
    unpark_format_duration((gint64)n, text);
  else if (column->type == CLI_CELL_SHARE)
    unpark_format_share(n, 1, text);
  else
    unpark_format_count((gint64)n, text);
  if (rows->format == CLI_ROWS_MARKDOWN)
    append_markdown(rows, text);
  else
    cli_table_cell(rows->table, text, -1, TRUE);
}

void cli_rows_int(CliRows *rows, gint64 n) {
  char text[CLI_NUMBER_SIZE];
  begin_cell(rows);
  if (is_for_people(rows)) {
    table_number(rows, &rows->columns[rows->column], n == UNPARK_NONE ? NAN : (double)n);
  } else if (n != UNPARK_NONE) {
    cli_print_int(text, n);
    g_string_append(rows->row, text);
  } else if (rows->format == CLI_ROWS_JSON) {
    g_string_append(rows->row, "null");
  }
  end_row(rows);
}

void cli_rows_real(CliRows *rows, double n) {
  char text[CLI_NUMBER_SIZE];
  begin_cell(rows);
  if (is_for_people(rows)) {
    table_number(rows, &rows->columns[rows->column], n);
  } else if (isfinite(n)) {
    cli_print_real(text, n);
    g_string_append(rows->row, text);
  } else if (rows->format == CLI_ROWS_JSON) {
    g_string_append(rows->row, "null");
  }
  end_row(rows);
}

void cli_rows_more(CliRows *rows, const char *json) {
  if (rows->more->len > 0)
    g_string_append_c(rows->more, ',');
  g_string_append(rows->more, json);
}

void cli_rows_free(CliRows *rows) {
  if (!rows)
    return;
  if (rows->format == CLI_ROWS_JSON)
    cli_output_text(rows->output, rows->n_rows > 0 ? "\n]" : "]");
  cli_table_free(rows->table);
  g_string_free(rows->row, TRUE);
  g_string_free(rows->more, TRUE);
  g_free(rows);
}
