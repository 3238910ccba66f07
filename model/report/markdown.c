/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/base/printable.h"
#include "model/report/private.h"

/* Nothing of it is markup, and it is one line. */
static void append_escaped(GString *to, const char *text) {
  g_autofree char *line = unpark_printable_dup(text);

  for (const char *p = line; *p; p++) {
    if (strchr("\\`*_[]<>#|~&!", *p))
      g_string_append_c(to, '\\');
    g_string_append_c(to, *p);
  }
}

/* A run of backquotes that is longer than any in the text, at least `least`. */
static char *quotes_for(const char *text, guint least) {
  guint longest = least - 1, run = 0;

  for (const char *p = text; *p; p++) {
    run = *p == '`' ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  return g_strnfill(longest + 1, '`');
}

static void append_code(GString *to, const char *text) {
  g_autofree char *clean = unpark_printable_dup_lines(text);
  g_autofree char *fence = quotes_for(clean, 3);

  g_string_append_printf(to, "%stext\n%s%s%s\n\n", fence, clean,
                         g_str_has_suffix(clean, "\n") ? "" : "\n", fence);
}

static void append_value(GString *to, const UnparkReportValue *value) {
  g_autofree char *text = unpark_report_value_text(value);

  if (value->type != UNPARK_REPORT_CODE || value->null || *text == '\0') {
    append_escaped(to, text);
    return;
  }
  /* In a table a bar ends the cell even inside of code. */
  g_autofree char *line = unpark_printable_dup(text);
  if (strchr(line, '|') || strchr(line, '`'))
    append_escaped(to, line);
  else
    g_string_append_printf(to, "`%s`", line);
}

static void append_table(GString *to, const UnparkReportBlock *block, const char *heading) {
  guint n = block->n_columns;

  if (strcmp(block->title, heading) != 0) {
    g_string_append(to, "**");
    append_escaped(to, block->title);
    g_string_append(to, "**\n\n");
  }
  for (guint i = 0; i < n; i++) {
    g_string_append(to, i > 0 ? " | " : "| ");
    append_escaped(to, block->columns[i].title);
  }
  g_string_append(to, " |\n|");
  for (guint i = 0; i < n; i++)
    g_string_append(to, unpark_report_type_is_number(block->columns[i].type) ? "---:|" : "---|");
  g_string_append(to, "\n");
  for (guint i = 0; i < block->values->len; i++) {
    g_string_append(to, i % n > 0 ? " | " : "| ");
    append_value(to, &g_array_index(block->values, UnparkReportValue, i));
    g_string_append(to, i % n == n - 1 ? " |\n" : "");
  }
  g_string_append(to, "\n");
}

static void append_facts(GString *to, const UnparkReportBlock *block) {
  for (guint i = 0; i < block->n_columns; i++) {
    const UnparkReportValue *value = &g_array_index(block->values, UnparkReportValue, i);

    if (value->null)
      continue;
    g_string_append(to, "- ");
    append_escaped(to, block->columns[i].title);
    g_string_append(to, ": ");
    append_value(to, value);
    g_string_append_c(to, '\n');
  }
  g_string_append_c(to, '\n');
}

static void append_block(GString *to, const UnparkReportBlock *block, const char *heading) {
  switch (block->kind) {
  case REPORT_BLOCK_TEXT:
    g_string_append(to, block->style >= UNPARK_REPORT_NOTABLE ? "**" : "");
    append_escaped(to, block->text);
    g_string_append(to, block->style >= UNPARK_REPORT_NOTABLE ? "**\n\n" : "\n\n");
    break;
  case REPORT_BLOCK_FACTS:
    append_facts(to, block);
    break;
  case REPORT_BLOCK_TABLE:
    append_table(to, block, heading);
    break;
  case REPORT_BLOCK_CODE:
    append_escaped(to, block->title);
    g_string_append(to, ":\n\n");
    append_code(to, block->text);
    break;
  default:
    break;
  }
}

static void append_section(GString *to, const UnparkReportSection *section, guint level) {
  g_autofree char *marks = g_strnfill(MIN(level, 6), '#');

  g_string_append_printf(to, "%s ", marks);
  append_escaped(to, section->title);
  g_string_append(to, "\n\n");
  for (guint i = 0; i < section->blocks->len; i++)
    append_block(to, section->blocks->pdata[i], section->title);
  for (guint i = 0; i < section->sections->len; i++)
    append_section(to, section->sections->pdata[i], level + 1);
}

char *unpark_report_markdown(const UnparkReport *report) {
  GString *to = g_string_new(NULL);

  append_section(to, report->root, 1);
  if (g_str_has_suffix(to->str, "\n\n"))
    g_string_truncate(to, to->len - 1);
  return g_string_free(to, FALSE);
}
