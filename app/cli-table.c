/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-table.h"

#include <string.h>

#include "model/base/printable.h"

/* So many rows, or so many bytes of them, decide the widths. */
#define HELD_ROWS 4096
#define HELD_BYTES ((gsize)4 * 1024 * 1024)
/* A column grows to this for all rows; longer cells stick out. */
#define WIDTH_MAX 200

typedef struct {
  guint32 offset, size; /* in `text` */
  guint32 width;
  gboolean right;
} Cell;

struct _CliTable {
  CliOutput *output;
  guint n_columns, indent, column;
  gsize *widths;
  gboolean *right; /* alignment of the header: that of the first row */
  char **names;
  GString *text; /* of the rows held */
  GArray *cells;
  guint n_rows;
  gboolean flowing; /* widths are decided, the header is out */
};

gsize cli_display_width(const char *text, gsize size) {
  gsize width = 0;

  for (const char *p = text, *end = text + size; p < end;) {
    gunichar c = (guint8)*p < 0x80 ? (gunichar)*p : g_utf8_get_char(p);

    width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    p = g_utf8_next_char(p);
  }
  return width;
}

static void append_control(GString *to, gunichar c) {
  if (c == '\n')
    g_string_append(to, "\\n");
  else if (c == '\t')
    g_string_append(to, "\\t");
  else
    g_string_append_printf(to, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
}

void cli_append_printable(GString *to, const char *text, gsize size) {
  g_autofree char *valid = NULL;
  const char *plain = text;

  for (gsize i = 0;; i++) {
    if (i == size) { /* printable ASCII only, nearly always */
      g_string_append_len(to, text, (gssize)size);
      return;
    }
    if (!g_ascii_isprint(text[i]))
      break;
  }
  if (!g_utf8_validate(text, (gssize)size, NULL)) {
    valid = g_utf8_make_valid(text, (gssize)size);
    plain = valid;
    size = strlen(valid);
  }
  for (const char *p = plain, *end = plain + size; p < end; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (unpark_printable_is_unsafe(c))
      append_control(to, c);
    else
      g_string_append_len(to, p, g_utf8_next_char(p) - p);
  }
}

CliTable *cli_table_new(CliOutput *output, guint n_columns, const char *const *names,
                        guint indent) {
  CliTable *table = g_new0(CliTable, 1);

  table->output = output;
  table->n_columns = n_columns;
  table->indent = indent;
  table->widths = g_new0(gsize, n_columns);
  table->right = g_new0(gboolean, n_columns);
  table->text = g_string_new(NULL);
  table->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
  if (!names)
    return table;
  table->names = g_new0(char *, n_columns + 1);
  for (guint i = 0; i < n_columns; i++) {
    GString *name = g_string_new(NULL);

    cli_append_printable(name, names[i], strlen(names[i]));
    table->widths[i] = cli_display_width(name->str, name->len);
    table->names[i] = g_string_free(name, FALSE);
  }
  return table;
}

static void write_cell(CliTable *table, guint column, const char *text, gsize size, gsize width,
                       gboolean right) {
  gsize pad = table->widths[column] > width ? table->widths[column] - width : 0;

  if (column == 0)
    cli_output_repeat(table->output, " ", table->indent);
  else
    cli_output_bytes(table->output, "  ", 2);
  if (right)
    cli_output_repeat(table->output, " ", pad);
  cli_output_bytes(table->output, text, size);
  if (column + 1 == table->n_columns)
    cli_output_char(table->output, '\n');
  else if (!right)
    cli_output_repeat(table->output, " ", pad);
}

static void write_header(CliTable *table) {
  if (!table->names)
    return;
  for (guint i = 0; i < table->n_columns; i++) {
    const char *name = table->names[i];

    write_cell(table, i, name, strlen(name), cli_display_width(name, strlen(name)),
               table->right[i]);
  }
  for (guint i = 0; i < table->n_columns; i++) {
    g_autofree char *line = g_strnfill(table->widths[i], '-');

    write_cell(table, i, line, table->widths[i], table->widths[i], FALSE);
  }
}

static void write_held(CliTable *table) {
  const Cell *cells = (const Cell *)(void *)table->cells->data;

  if (!table->flowing)
    write_header(table);
  table->flowing = TRUE;
  for (guint i = 0; i < table->cells->len; i++)
    write_cell(table, i % table->n_columns, table->text->str + cells[i].offset, cells[i].size,
               cells[i].width, cells[i].right);
  g_string_truncate(table->text, 0);
  g_array_set_size(table->cells, 0);
  table->n_rows = 0;
}

void cli_table_cell(CliTable *table, const char *text, gssize size, gboolean right) {
  guint column = table->column;
  Cell cell = {.offset = (guint32)table->text->len, .right = right};

  cli_append_printable(table->text, text, size < 0 ? strlen(text) : (gsize)size);
  cell.size = (guint32)table->text->len - cell.offset;
  cell.width = (guint32)cli_display_width(table->text->str + cell.offset, cell.size);
  g_array_append_val(table->cells, cell);
  if (!table->flowing) {
    table->widths[column] = MAX(table->widths[column], MIN(cell.width, WIDTH_MAX));
    if (table->n_rows == 0)
      table->right[column] = right;
  }
  table->column = (column + 1) % table->n_columns;
  if (table->column != 0)
    return;
  table->n_rows++;
  if (table->flowing || table->n_rows == HELD_ROWS || table->text->len > HELD_BYTES)
    write_held(table);
}

void cli_table_int(CliTable *table, gint64 n) {
  char text[CLI_NUMBER_SIZE];

  cli_table_cell(table, text, (gssize)cli_print_int(text, n), TRUE);
}

void cli_table_flow(CliTable *table) {
  if (table->n_rows > 0)
    write_held(table);
}

void cli_table_free(CliTable *table) {
  if (!table)
    return;
  write_held(table);
  g_free(table->widths);
  g_free(table->right);
  g_strfreev(table->names);
  g_string_free(table->text, TRUE);
  g_array_unref(table->cells);
  g_free(table);
}
