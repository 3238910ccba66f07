/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of numbers as a table for people, also in Markdown, as CSV or as JSON for machines: the same
 * names and values in all of them, durations in nanoseconds but for the tables. */
#pragma once

#include "app/cli-output.h"
#include "model/base/format.h"

typedef enum { CLI_ROWS_TABLE, CLI_ROWS_CSV, CLI_ROWS_JSON, CLI_ROWS_MARKDOWN } CliRowsFormat;

typedef enum {
  CLI_CELL_TEXT,
  CLI_CELL_COUNT,
  CLI_CELL_TIME,  /* ns; in a table "1.2 ms" */
  CLI_CELL_SHARE, /* 0 to 1; in a table "12 %" */
} CliCellType;

typedef struct {
  const char *name;  /* in CSV and JSON */
  const char *title; /* translatable; NULL: not in the table */
  CliCellType type;
} CliColumn;

typedef struct _CliRows CliRows;

/* JSON is an array of objects; what is around it is the caller's. `columns` must outlive it.
 * `source`: the number of the file, where there are several: CSV and JSON have it first in each
 * row, and of CSV only the first file has the header; else 0. */
CliRows *cli_rows_new(CliRowsFormat format, const CliColumn *columns, guint n, gint64 source,
                      CliOutput *output);
/* The cells of a row, from left to right. An UNPARK_NONE or NaN is empty, or null. */
void cli_rows_text(CliRows *rows, const char *text);
void cli_rows_int(CliRows *rows, gint64 n);
void cli_rows_real(CliRows *rows, double n);
/* What JSON has more of the row that ends with the next cell; `json` is "name":value. Ignored by
 * the other formats. */
void cli_rows_more(CliRows *rows, const char *json);
/* Writes the rest; frees. */
void cli_rows_free(CliRows *rows);
