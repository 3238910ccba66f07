/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-format.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-table.h"
#include "model/base/json.h"

typedef void (*WriteRow)(CliFormatter *f, const UnparkValue *values, guint n);

struct _CliFormatter {
  CliFormat format;
  gboolean header, terminal;
  CliOutput *output;
  WriteRow write_row;
  CliTable *table;
  char **keys;      /* json: "{\"name\":", ",\"name\":" */
  GString *scratch; /* one JSON text */
  gboolean any_row;
};

static const char *const format_names[] = {"table", "tsv", "csv", "json"};

gboolean cli_format_parse(const char *name, CliFormat *format) {
  for (guint i = 0; i < G_N_ELEMENTS(format_names); i++)
    if (strcmp(name, format_names[i]) == 0) {
      *format = (CliFormat)i;
      return TRUE;
    }
  return FALSE;
}

static char *hex_of(const UnparkValue *value) {
  char *hex = g_malloc(2 * value->size + 1);

  for (gsize i = 0; i < value->size; i++) {
    hex[2 * i] = "0123456789abcdef"[(guint8)value->text[i] >> 4];
    hex[2 * i + 1] = "0123456789abcdef"[value->text[i] & 15];
  }
  hex[2 * value->size] = '\0';
  return hex;
}

static void write_hex(CliOutput *output, const UnparkValue *value) {
  g_autofree char *hex = hex_of(value);

  cli_output_bytes(output, hex, 2 * value->size);
}

/* ---- table ----------------------------------------------------------------------- */

static void table_row(CliFormatter *f, const UnparkValue *values, guint n) {
  char number[CLI_NUMBER_SIZE];

  for (guint i = 0; i < n; i++)
    switch (values[i].type) {
    case UNPARK_VALUE_NULL:
      cli_table_cell(f->table, "", 0, FALSE);
      break;
    case UNPARK_VALUE_INT:
      cli_table_int(f->table, values[i].integer);
      break;
    case UNPARK_VALUE_REAL:
      cli_table_cell(f->table, number, (gssize)cli_print_real(number, values[i].real), TRUE);
      break;
    case UNPARK_VALUE_TEXT:
      cli_table_cell(f->table, values[i].text, (gssize)values[i].size, FALSE);
      break;
    case UNPARK_VALUE_BLOB: {
      g_autofree char *hex = hex_of(&values[i]);

      cli_table_cell(f->table, hex, -1, FALSE);
      break;
    }
    }
}

/* ---- tsv -------------------------------------------------------------------------- */

static void tsv_text(CliOutput *output, const char *text, gsize size) {
  const char *end = text + size, *plain = text;

  for (const char *p = text; p < end; p++) {
    const char *escape;

    if ((guint8)*p > '\\' || (*p != '\t' && *p != '\n' && *p != '\r' && *p != '\\'))
      continue;
    escape = *p == '\t' ? "\\t" : *p == '\n' ? "\\n" : *p == '\r' ? "\\r" : "\\\\";
    cli_output_bytes(output, plain, (gsize)(p - plain));
    cli_output_bytes(output, escape, 2);
    plain = p + 1;
  }
  cli_output_bytes(output, plain, (gsize)(end - plain));
}

/* On a terminal nothing is obeyed; a program that reads gets the bytes. */
static void tsv_terminal_text(CliOutput *output, const char *text, gsize size) {
  g_autoptr(GString) printable = g_string_new(NULL);

  cli_append_printable(printable, text, size);
  cli_output_bytes(output, printable->str, printable->len);
}

/* What a spreadsheet would take for a formula gets an apostrophe before it, which it hides. */
static gboolean is_formula(const char *text, gsize size) {
  return size > 0 && strchr("=+-@\t\r", text[0]) != NULL && text[0] != '\0';
}

static void csv_text(CliOutput *output, const char *text, gsize size) {
  gboolean quote = FALSE;

  for (gsize i = 0; i < size && !quote; i++)
    quote = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (!quote) {
    if (is_formula(text, size))
      cli_output_char(output, '\'');
    cli_output_bytes(output, text, size);
    return;
  }
  cli_output_char(output, '"');
  if (is_formula(text, size))
    cli_output_char(output, '\'');
  for (gsize i = 0; i < size; i++) {
    if (text[i] == '"')
      cli_output_char(output, '"');
    cli_output_char(output, text[i]);
  }
  cli_output_char(output, '"');
}

static void separated_row(CliFormatter *f, const UnparkValue *values, guint n) {
  gboolean csv = f->format == CLI_FORMAT_CSV;
  void (*write_text)(CliOutput *, const char *, gsize) = csv           ? csv_text
                                                         : f->terminal ? tsv_terminal_text
                                                                       : tsv_text;

  for (guint i = 0; i < n; i++) {
    if (i > 0)
      cli_output_char(f->output, csv ? ',' : '\t');
    switch (values[i].type) {
    case UNPARK_VALUE_NULL:
      break;
    case UNPARK_VALUE_INT:
      cli_output_int(f->output, values[i].integer);
      break;
    case UNPARK_VALUE_REAL:
      cli_output_real(f->output, values[i].real);
      break;
    case UNPARK_VALUE_TEXT:
      write_text(f->output, values[i].text, values[i].size);
      break;
    case UNPARK_VALUE_BLOB:
      write_hex(f->output, &values[i]);
      break;
    }
  }
  cli_output_char(f->output, '\n');
}

/* ---- json --------------------------------------------------------------------------- */

static void json_string(CliFormatter *f, const char *text, gsize size) {
  g_string_truncate(f->scratch, 0);
  unpark_json_append(f->scratch, text, (gssize)size);
  cli_output_bytes(f->output, f->scratch->str, f->scratch->len);
}

static void json_value(CliFormatter *f, const UnparkValue *value) {
  CliOutput *output = f->output;
  switch (value->type) {
  case UNPARK_VALUE_NULL:
    cli_output_text(output, "null");
    break;
  case UNPARK_VALUE_INT:
    cli_output_int(output, value->integer);
    break;
  case UNPARK_VALUE_REAL:
    if (isfinite(value->real))
      cli_output_real(output, value->real);
    else
      cli_output_text(output, "null");
    break;
  case UNPARK_VALUE_TEXT:
    json_string(f, value->text, value->size);
    break;
  case UNPARK_VALUE_BLOB:
    cli_output_char(output, '"');
    write_hex(output, value);
    cli_output_char(output, '"');
    break;
  }
}

static void json_row(CliFormatter *f, const UnparkValue *values, guint n) {
  cli_output_text(f->output, f->any_row ? ",\n{" : "\n{");
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      cli_output_char(f->output, ',');
    cli_output_text(f->output, f->keys[i]);
    json_value(f, &values[i]);
  }
  cli_output_char(f->output, '}');
}

/* "name": as it stands before each value. */
static char *json_key(const char *name) {
  GString *key = g_string_new(NULL);

  unpark_json_append(key, name, -1);
  g_string_append_c(key, ':');
  return g_string_free(key, FALSE);
}

/* ---- all -------------------------------------------------------------------------------- */

CliFormatter *cli_formatter_new(CliFormat format, gboolean header, CliOutput *output) {
  static const WriteRow writers[] = {table_row, separated_row, separated_row, json_row};
  CliFormatter *f = g_new0(CliFormatter, 1);

  f->format = format;
  f->header = header;
  f->output = output;
  f->terminal = isatty(STDOUT_FILENO) == 1;
  f->write_row = writers[format];
  f->scratch = g_string_new(NULL);
  return f;
}

void cli_formatter_columns(CliFormatter *f, const char *const *names, guint n) {
  if (f->format == CLI_FORMAT_TABLE) {
    f->table = cli_table_new(f->output, n, names, 0);
  } else if (f->format == CLI_FORMAT_JSON) {
    f->keys = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
      f->keys[i] = json_key(names[i]);
    cli_output_char(f->output, '[');
  } else if (f->header) {
    g_autofree UnparkValue *values = g_new0(UnparkValue, n);

    for (guint i = 0; i < n; i++)
      values[i] =
          (UnparkValue){.type = UNPARK_VALUE_TEXT, .text = names[i], .size = strlen(names[i])};
    f->write_row(f, values, n);
  }
}

void cli_formatter_row(CliFormatter *f, const UnparkValue *values, guint n) {
  f->write_row(f, values, n);
  f->any_row = TRUE;
}

void cli_formatter_free(CliFormatter *f) {
  if (!f)
    return;
  if (f->format == CLI_FORMAT_JSON && f->keys)
    cli_output_text(f->output, f->any_row ? "\n]\n" : "]\n");
  cli_table_free(f->table);
  g_strfreev(f->keys);
  g_string_free(f->scratch, TRUE);
  g_free(f);
}
