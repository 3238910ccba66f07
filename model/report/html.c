/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/printable.h"
#include "model/report/private.h"

/* In text and in attributes with double quotes; line feeds stay. */
static void append_escaped(GString *to, const char *text) {
  g_autofree char *clean = unpark_printable_dup_lines(text);

  for (const char *p = clean; *p; p++) {
    switch (*p) {
    case '<':
      g_string_append(to, "&lt;");
      break;
    case '>':
      g_string_append(to, "&gt;");
      break;
    case '&':
      g_string_append(to, "&amp;");
      break;
    case '"':
      g_string_append(to, "&quot;");
      break;
    case '\'':
      g_string_append(to, "&#39;");
      break;
    default:
      g_string_append_c(to, *p);
    }
  }
}

/* A number keeps what it is exactly: for scripts, and to compare. */
static void append_value(GString *to, const UnparkReportValue *value) {
  g_autofree char *text = unpark_report_value_text(value);
  gboolean number = unpark_report_type_is_number(value->type) && !value->null;
  gboolean code = value->type == UNPARK_REPORT_CODE && !value->null && *text;

  if (number) {
    g_autofree char *exact = unpark_report_value_json(value);
    g_string_append_printf(to, "<data value=\"%s\">", exact);
  }
  g_string_append(to, code ? "<code>" : "");
  append_escaped(to, text);
  g_string_append(to, number ? "</data>" : code ? "</code>" : "");
}

/* A caption that says the same as the heading above it is for screen readers only. */
static void append_table(GString *to, const UnparkReportBlock *block, const char *heading) {
  guint n = block->n_columns;

  g_string_append(to, "<div class=\"r-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
  append_escaped(to, block->title);
  g_string_append_printf(to, "\"><table>\n<caption%s>",
                         strcmp(block->title, heading) == 0 ? " class=\"r-hidden\"" : "");
  append_escaped(to, block->title);
  g_string_append(to, "</caption>\n<thead><tr>");
  for (guint i = 0; i < n; i++) {
    gboolean number = unpark_report_type_is_number(block->columns[i].type);
    g_string_append_printf(to, "<th scope=\"col\"%s>", number ? " class=\"r-n\"" : "");
    append_escaped(to, block->columns[i].title);
    g_string_append(to, "</th>");
  }
  g_string_append(to, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < block->values->len; i++) {
    const UnparkReportValue *value = &g_array_index(block->values, UnparkReportValue, i);
    const char *cell = i % n == 0 ? "th" : "td";

    g_string_append(to, i % n == 0 ? "<tr>" : "");
    g_string_append_printf(to, "<%s%s%s>", cell, i % n == 0 ? " scope=\"row\"" : "",
                           unpark_report_type_is_number(value->type) ? " class=\"r-n\"" : "");
    append_value(to, value);
    g_string_append_printf(to, "</%s>%s", cell, i % n == n - 1 ? "</tr>\n" : "");
  }
  g_string_append(to, "</tbody>\n</table></div>\n");
}

static void append_facts(GString *to, const UnparkReportBlock *block) {
  g_string_append(to, "<dl>\n");
  for (guint i = 0; i < block->n_columns; i++) {
    const UnparkReportValue *value = &g_array_index(block->values, UnparkReportValue, i);

    if (value->null)
      continue;
    g_string_append(to, "<div><dt>");
    append_escaped(to, block->columns[i].title);
    g_string_append(to, "</dt><dd>");
    append_value(to, value);
    g_string_append(to, "</dd></div>\n");
  }
  g_string_append(to, "</dl>\n");
}

static void append_code(GString *to, const UnparkReportBlock *block) {
  g_string_append(to, block->folded ? "<details><summary>" : "<h4 class=\"r-label\">");
  append_escaped(to, block->title);
  g_string_append(to, block->folded ? "</summary>\n" : "</h4>\n");
  g_string_append(to, "<pre tabindex=\"0\"><code>");
  append_escaped(to, block->text);
  g_string_append_printf(to, "</code></pre>%s\n", block->folded ? "</details>" : "");
}

static void append_block(GString *to, const UnparkReportBlock *block, const char *heading) {
  static const char *const classes[] = {"r-plain", "r-dim",     "r-good",
                                        "r-minor", "r-notable", "r-severe"};

  switch (block->kind) {
  case REPORT_BLOCK_TEXT:
    g_string_append_printf(to, "<p class=\"%s\">", classes[block->style]);
    append_escaped(to, block->text);
    g_string_append(to, "</p>\n");
    break;
  case REPORT_BLOCK_FACTS:
    append_facts(to, block);
    break;
  case REPORT_BLOCK_TABLE:
    append_table(to, block, heading);
    break;
  case REPORT_BLOCK_CODE:
    append_code(to, block);
    break;
  case REPORT_BLOCK_FIGURE:
    g_string_append_printf(to, "<figure>%s\n<figcaption>", block->text);
    append_escaped(to, block->title);
    g_string_append(to, "</figcaption></figure>\n");
    break;
  }
}

static void append_section(GString *to, const UnparkReportSection *section, guint level) {
  guint heading = MIN(level, 6);

  g_string_append_printf(to, "<section id=\"%s\">\n<h%u>", section->id, heading);
  append_escaped(to, section->title);
  g_string_append_printf(to, "</h%u>\n", heading);
  for (guint i = 0; i < section->blocks->len; i++)
    append_block(to, section->blocks->pdata[i], section->title);
  for (guint i = 0; i < section->sections->len; i++)
    append_section(to, section->sections->pdata[i], level + 1);
  g_string_append(to, "</section>\n");
}

static void append_contents(GString *to, const UnparkReportSection *section, guint depth) {
  if (section->sections->len == 0 || depth == 0)
    return;
  g_string_append(to, "<ol>\n");
  for (guint i = 0; i < section->sections->len; i++) {
    const UnparkReportSection *inner = section->sections->pdata[i];

    g_string_append_printf(to, "<li><a href=\"#%s\">", inner->id);
    append_escaped(to, inner->title);
    g_string_append(to, "</a>");
    append_contents(to, inner, depth - 1);
    g_string_append(to, "</li>\n");
  }
  g_string_append(to, "</ol>\n");
}

char *unpark_report_html(const UnparkReport *report) {
  GString *to = g_string_new("<!DOCTYPE html>\n");
  const UnparkReportSection *root = report->root;

  g_string_append_printf(to, "<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
                         report->language);
  append_escaped(to, report->title);
  g_string_append(to, "</title>\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"Unpark\">\n"
                      /* Whatever a file holds, nothing is loaded and no script runs. */
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'unsafe-inline'\">\n<style>\n");
  g_string_append(to, unpark_report_style);
  g_string_append(to, "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>");
  append_escaped(to, report->title);
  g_string_append(to, "</h1>\n");
  for (guint i = 0; i < root->blocks->len; i++)
    append_block(to, root->blocks->pdata[i], root->title);
  g_string_append(to, "</header>\n<nav aria-label=\"");
  append_escaped(to, _("Contents"));
  g_string_append(to, "\">\n");
  append_contents(to, root, 2);
  g_string_append(to, "</nav>\n");
  for (guint i = 0; i < root->sections->len; i++)
    append_section(to, root->sections->pdata[i], 2);
  g_string_append(to, "</main>\n</body>\n</html>\n");
  return g_string_free(to, FALSE);
}
