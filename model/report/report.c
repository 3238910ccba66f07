/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/report/report.h"

#include <math.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/json.h"
#include "model/base/types.h"
#include "model/report/private.h"

/* ---- Values -------------------------------------------------------------------------------- */

UnparkReportValue unpark_report_number(UnparkReportType type, gint64 number) {
  return (UnparkReportValue){.type = type, .null = number == UNPARK_NONE, .number = number};
}

UnparkReportValue unpark_report_real(UnparkReportType type, double real) {
  return (UnparkReportValue){.type = type, .null = !isfinite(real), .real = real};
}

UnparkReportValue unpark_report_string(UnparkReportType type, const char *text) {
  return (UnparkReportValue){.type = type, .null = text == NULL, .text = text};
}

gboolean unpark_report_type_is_number(UnparkReportType type) {
  return type != UNPARK_REPORT_TEXT && type != UNPARK_REPORT_CODE;
}

static gboolean is_real(UnparkReportType type) {
  return type == UNPARK_REPORT_SHARE || type == UNPARK_REPORT_REAL;
}

char *unpark_report_value_text(const UnparkReportValue *value) {
  char buf[UNPARK_FORMAT_SIZE];

  if (value->null)
    return g_strdup("–");
  if (value->text)
    return g_strdup(value->text);
  switch (value->type) {
  case UNPARK_REPORT_COUNT:
    return g_strdup(unpark_format_count(value->number, buf));
  case UNPARK_REPORT_ID:
    return g_strdup_printf("%" G_GINT64_FORMAT, value->number);
  case UNPARK_REPORT_DURATION:
    return g_strdup(unpark_format_duration(value->number, buf));
  case UNPARK_REPORT_MOMENT:
    return g_strdup(unpark_format_time(value->number, 1000, buf));
  case UNPARK_REPORT_BYTES:
    return g_strdup(unpark_format_bytes(value->number, buf));
  case UNPARK_REPORT_SHARE:
    return g_strdup(unpark_format_share(value->real, 1, buf));
  case UNPARK_REPORT_REAL:
    return g_strdup_printf("%.4g", value->real);
  default:
    return g_strdup("");
  }
}

char *unpark_report_value_json(const UnparkReportValue *value) {
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (value->null)
    return g_strdup("null");
  if (is_real(value->type))
    return g_strdup(g_ascii_formatd(buf, sizeof buf, "%.17g", value->real));
  if (unpark_report_type_is_number(value->type))
    return g_strdup_printf("%" G_GINT64_FORMAT, value->number);
  GString *text = g_string_new(NULL);
  unpark_json_append(text, value->text, -1);
  return g_string_free(text, FALSE);
}

/* ---- Sections ------------------------------------------------------------------------------ */

static void block_free(gpointer data) {
  UnparkReportBlock *block = data;

  for (guint i = 0; i < block->n_columns; i++) {
    g_free((char *)block->columns[i].name);
    g_free((char *)block->columns[i].title);
  }
  for (guint i = 0; block->values && i < block->values->len; i++)
    g_free((char *)g_array_index(block->values, UnparkReportValue, i).text);
  g_clear_pointer(&block->values, g_array_unref);
  g_free(block->columns);
  g_free(block->name);
  g_free(block->title);
  g_free(block->text);
  g_free(block);
}

static void section_free(gpointer data) {
  UnparkReportSection *section = data;

  g_ptr_array_unref(section->blocks);
  g_ptr_array_unref(section->sections);
  g_free(section->name);
  g_free(section->title);
  g_free(section->id);
  g_free(section);
}

static UnparkReportSection *section_new(UnparkReportSection *parent, const char *name,
                                        const char *title) {
  UnparkReportSection *section = g_new0(UnparkReportSection, 1);

  section->parent = parent;
  section->name = g_strdup(name);
  section->title = g_utf8_make_valid(title, -1);
  section->blocks = g_ptr_array_new_with_free_func(block_free);
  section->sections = g_ptr_array_new_with_free_func(section_free);
  return section;
}

UnparkReport *unpark_report_new(const char *title, const char *language) {
  UnparkReport *report = g_new0(UnparkReport, 1);

  report->title = g_utf8_make_valid(title, -1);
  report->language = g_strdup(language);
  report->root = report->open = section_new(NULL, "report", title);
  report->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return report;
}

void unpark_report_free(UnparkReport *report) {
  section_free(report->root);
  g_hash_table_unref(report->ids);
  g_free(report->title);
  g_free(report->language);
  g_free(report);
}

void unpark_report_begin(UnparkReport *report, const char *name, const char *title) {
  UnparkReportSection *section = section_new(report->open, name, title);
  char *id = g_strdup(name);

  for (guint i = 2; g_hash_table_contains(report->ids, id); i++) {
    g_free(id);
    id = g_strdup_printf("%s-%u", name, i);
  }
  section->id = g_strdup(id);
  g_hash_table_add(report->ids, id);
  g_ptr_array_add(report->open->sections, section);
  report->open = section;
}

void unpark_report_end(UnparkReport *report) {
  g_return_if_fail(report->open->parent != NULL);
  report->open = report->open->parent;
}

/* ---- Blocks -------------------------------------------------------------------------------- */

static UnparkReportBlock *add_block(UnparkReport *report, UnparkReportBlockKind kind,
                                    const char *name, const char *title, const char *text) {
  UnparkReportBlock *block = g_new0(UnparkReportBlock, 1);

  block->kind = kind;
  block->name = g_strdup(name);
  block->title = title ? g_utf8_make_valid(title, -1) : NULL;
  block->text = text ? g_utf8_make_valid(text, -1) : NULL;
  g_ptr_array_add(report->open->blocks, block);
  return block;
}

static UnparkReportBlock *last_block(UnparkReport *report) {
  GPtrArray *blocks = report->open->blocks;

  return blocks->len > 0 ? blocks->pdata[blocks->len - 1] : NULL;
}

static void add_value(UnparkReportBlock *block, UnparkReportValue value) {
  value.text = value.text ? g_utf8_make_valid(value.text, -1) : NULL;
  g_array_append_val(block->values, value);
}

static UnparkReportColumn column_copy(const UnparkReportColumn *column) {
  return (UnparkReportColumn){g_utf8_make_valid(column->name, -1),
                              g_utf8_make_valid(column->title, -1), column->type};
}

void unpark_report_text(UnparkReport *report, UnparkReportStyle style, const char *text) {
  if (*text == '\0')
    return;
  add_block(report, REPORT_BLOCK_TEXT, "text", NULL, text)->style = style;
}

void unpark_report_fact(UnparkReport *report, const char *name, const char *title,
                        UnparkReportValue value) {
  UnparkReportBlock *block = last_block(report);
  const UnparkReportColumn column = {name, title, value.type};

  if (!block || block->kind != REPORT_BLOCK_FACTS) {
    block = add_block(report, REPORT_BLOCK_FACTS, "facts", NULL, NULL);
    block->values = g_array_new(FALSE, FALSE, sizeof(UnparkReportValue));
  }
  block->columns = g_renew(UnparkReportColumn, block->columns, block->n_columns + 1);
  block->columns[block->n_columns++] = column_copy(&column);
  add_value(block, value);
}

void unpark_report_table(UnparkReport *report, const char *name, const char *caption,
                         const UnparkReportColumn *columns, guint n) {
  UnparkReportBlock *block = add_block(report, REPORT_BLOCK_TABLE, name, caption, NULL);

  block->columns = g_new(UnparkReportColumn, n);
  block->n_columns = n;
  for (guint i = 0; i < n; i++)
    block->columns[i] = column_copy(&columns[i]);
  block->values = g_array_new(FALSE, FALSE, sizeof(UnparkReportValue));
}

void unpark_report_row(UnparkReport *report, const UnparkReportValue *values) {
  UnparkReportBlock *block = last_block(report);

  g_return_if_fail(block && block->kind == REPORT_BLOCK_TABLE);
  for (guint i = 0; i < block->n_columns; i++)
    add_value(block, values[i]);
}

guint unpark_report_n_rows(const UnparkReportBlock *block) {
  return block->n_columns > 0 ? block->values->len / block->n_columns : 0;
}

void unpark_report_code(UnparkReport *report, const char *name, const char *title, gboolean folded,
                        const char *text) {
  add_block(report, REPORT_BLOCK_CODE, name, title, text)->folded = folded;
}

void unpark_report_figure(UnparkReport *report, const char *name, const char *caption,
                          const char *svg) {
  add_block(report, REPORT_BLOCK_FIGURE, name, caption, svg);
}
