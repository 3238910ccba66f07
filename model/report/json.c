/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/json.h"

#include "model/report/private.h"

static void put_text(GString *to, const char *name, const char *text) {
  g_string_append_printf(to, "\"%s\":", name);
  unpark_json_append(to, text ? text : "", -1);
}

static void put_table(GString *to, const UnparkReportBlock *block) {
  guint n = block->n_columns;

  g_string_append(to, ",\"columns\":[");
  for (guint i = 0; i < n; i++) {
    g_string_append(to, i > 0 ? "," : "");
    unpark_json_append(to, block->columns[i].name, -1);
  }
  g_string_append(to, "],\"rows\":[");
  for (guint i = 0; i < block->values->len; i++) {
    g_autofree char *value =
        unpark_report_value_json(&g_array_index(block->values, UnparkReportValue, i));

    g_string_append_printf(to, "%s%s%s%s", i > 0 ? "," : "", i % n == 0 ? "\n[" : "", value,
                           i % n == n - 1 ? "]" : "");
  }
  g_string_append(to, "]");
}

static void put_facts(GString *to, const UnparkReportBlock *block) {
  g_string_append(to, ",\"facts\":{");
  for (guint i = 0; i < block->n_columns; i++) {
    g_autofree char *value =
        unpark_report_value_json(&g_array_index(block->values, UnparkReportValue, i));

    g_string_append(to, i > 0 ? "," : "");
    unpark_json_append(to, block->columns[i].name, -1);
    g_string_append_printf(to, ":%s", value);
  }
  g_string_append(to, "}");
}

static void put_block(GString *to, const UnparkReportBlock *block) {
  static const char *const kinds[] = {"text", "facts", "table", "code", "figure"};
  static const char *const styles[] = {"plain", "dim", "good", "minor", "notable", "severe"};

  g_string_append_printf(to, "\n{\"type\":\"%s\",", kinds[block->kind]);
  put_text(to, "name", block->name);
  if (block->title) {
    g_string_append_c(to, ',');
    put_text(to, "title", block->title);
  }
  if (block->kind == REPORT_BLOCK_TEXT)
    g_string_append_printf(to, ",\"style\":\"%s\"", styles[block->style]);
  if (block->kind == REPORT_BLOCK_TEXT || block->kind == REPORT_BLOCK_CODE) {
    g_string_append_c(to, ',');
    put_text(to, "text", block->text);
  }
  if (block->kind == REPORT_BLOCK_TABLE)
    put_table(to, block);
  if (block->kind == REPORT_BLOCK_FACTS)
    put_facts(to, block);
  g_string_append_c(to, '}');
}

static void put_section(GString *to, const UnparkReportSection *section) {
  gboolean any = FALSE;

  g_string_append(to, "\"blocks\":[");
  for (guint i = 0; i < section->blocks->len; i++) {
    const UnparkReportBlock *block = section->blocks->pdata[i];

    if (block->kind == REPORT_BLOCK_FIGURE)
      continue;
    g_string_append(to, any ? "," : "");
    put_block(to, block);
    any = TRUE;
  }
  g_string_append(to, "],\"sections\":[");
  for (guint i = 0; i < section->sections->len; i++) {
    const UnparkReportSection *inner = section->sections->pdata[i];

    g_string_append_printf(to, "%s\n{", i > 0 ? "," : "");
    put_text(to, "name", inner->name);
    g_string_append_c(to, ',');
    put_text(to, "title", inner->title);
    g_string_append_c(to, ',');
    put_section(to, inner);
    g_string_append_c(to, '}');
  }
  g_string_append_c(to, ']');
}

char *unpark_report_json(const UnparkReport *report) {
  GString *to = g_string_new("{");

  put_text(to, "title", report->title);
  g_string_append_c(to, ',');
  put_text(to, "language", report->language);
  g_string_append_c(to, ',');
  put_section(to, report->root);
  g_string_append(to, "}\n");
  return g_string_free(to, FALSE);
}
